"""What a phone shows of a home: first people, then pictures and counts; long lists stand behind links."""

import re
from datetime import timedelta

from django.urls import reverse

from clients.models import Enrolment
from plans.queries.end_axis import COLUMN, GROUND, HIGHEST, AxisCell, AxisRow, EndAxis, bars_of
from teikyaku.desk.queries.home import OVERDUE_SHOWN, lead_desk
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.lists.test_queries import add_people


def drawn(client, cast, who):
    enter(client, cast.members[who])
    return client.get(reverse("home")).content.decode()


def test_three_overdue_people_by_name_and_how_many_more(client, cast):
    add_people(cast, 4)
    Enrolment.objects.filter(office=cast.office).update(
        interview_due_on=cast.today - timedelta(days=5)
    )
    desk = lead_desk(cast.members["manager"], cast.today)
    assert len(desk.overdue) == OVERDUE_SHOWN == 3
    assert desk.more_overdue == desk.all_overdue.count - 3 > 0
    text = drawn(client, cast, "manager")
    told = f"ほか{desk.more_overdue}人（すべて {desk.all_overdue.count}人）"
    assert told in text
    assert client.get(desk.all_overdue.url).context["page"].paginator.count == (
        desk.all_overdue.count
    )


def test_nobody_more_is_not_told(client, cast):
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(
        interview_due_on=cast.today - timedelta(days=5)
    )
    assert lead_desk(cast.members["manager"], cast.today).more_overdue == 0
    assert "ほか0人" not in drawn(client, cast, "manager")


def test_lists_that_a_phone_leaves_out_have_their_count_and_link_in_the_heading(client, cast):
    """`panel--brief` shows its heading alone on a phone: what is hidden must be a link away."""
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(
        suggested_months=2, interview_due_on=cast.today + timedelta(days=40),
        last_met_on=cast.today,
    )  # fmt: skip
    text = drawn(client, cast, "manager")
    heads = re.findall(r'panel--brief".*?<div class="panel__head">(.*?)</div>', text, re.S)
    assert heads
    for head in heads:
        assert re.search(r"<a href=.*すべて見る（\d+人）</a>", head, re.S), head


def test_the_picture_of_what_ends_agrees_with_the_axis(client, cast):
    enter(client, cast.members["head"])
    page = reverse("expiry")
    axis = client.get(page, headers={"X-Part": "1"}).context["axis"]
    part = client.get(f"{page}?part=alarms", headers={"X-Part": "1"})
    bars = part.context["bars"]
    assert len(bars) == 12
    wanted = [sum(row.cells[n].count for row in axis.rows) for n in range(12)]
    assert [bar.count for bar in bars] == wanted
    assert sum(wanted)
    said = re.search(r'aria-label="([^"]*)"', part.content.decode())[1]
    for bar in bars:
        assert f"{bar.month.month}月 {bar.count}件" in said


def test_the_fullest_month_is_the_highest_and_none_is_invisible():
    months = tuple(Month.span(Month(2026, 11), Month(2027, 10)))
    cells = tuple(AxisCell(month, 90 if n == 1 else n % 2, "") for n, month in enumerate(months))
    bars = bars_of(EndAxis(months, (AxisRow("", cells),), 0, ""))
    assert [bar.x for bar in bars] == [n * COLUMN for n in range(12)]
    assert (bars[1].height, bars[1].y) == (HIGHEST, GROUND - HIGHEST)
    assert (bars[0].height, bars[3].height) == (0, 1)
    empty = tuple(AxisCell(month, 0, "") for month in months)
    assert {bar.height for bar in bars_of(EndAxis(months, (AxisRow("", empty),), 0, ""))} == {0}
