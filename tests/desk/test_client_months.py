"""Month by month on a person's page: an open month says whether it can be billed, and what mends it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.queries.month import month_boards
from billing.queries.person_verdicts import person_verdicts
from plans.models import ReportShare
from plans.rules.month import MonthState
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import meet


def shown(client, cast, who="billing"):
    enter(client, cast.members[who])
    url = reverse("client_months", args=[cast.enrolment.client.public_id])
    return client.get(url, headers={"X-Part": "1"})


def verdicts(cast, who="billing"):
    last = Month.of(cast.today)
    return person_verdicts(cast.enrolment, last - 2, last, cast.today, cast.members[who])


def test_the_page_and_the_board_of_the_month_say_the_same(cast):
    last = Month.of(cast.today)
    boards = month_boards(cast.office, last - 2, last, cast.today)
    for month, told in verdicts(cast).items():
        (entry,) = [e for e in boards[month].entries if e.support.enrolment_id == cast.enrolment.pk]
        assert told.label == entry.state.label
        assert told.total_cost_yen == (entry.copayment.total_cost_yen if entry.copayment else None)
        assert len(told.reasons) == len(entry.reasons)
    assert verdicts(cast)[last - 1].label == MonthState.READY.label


def test_a_ready_month_says_what_it_would_come_to(client, cast):
    told = verdicts(cast)[Month.of(cast.today) - 1]
    text = shown(client, cast).content.decode()
    assert f"{told.total_cost_yen:,}円" in text
    assert f"本人の負担の見込み {told.payable_yen:,}円" in text
    assert client.get(told.url).status_code == 200


@pytest.mark.parametrize(("who", "links"), [("manager", True), ("billing", False)])
def test_a_held_month_leads_to_what_mends_it(client, cast, who, links):
    ReportShare.objects.all().delete()
    month = Month.of(cast.today) - 1
    told = verdicts(cast, who)[month]
    assert told.label == MonthState.HELD.label
    text = shown(client, cast, who).content.decode()
    url = reverse("report_page", args=[cast.enrolment.public_id, month])
    mended = f'<a href="{url}">レポートを開く</a>'
    assert (mended in text) is links
    assert told.reasons[0].label in text


def test_no_month_that_is_paid_for_is_a_dash_without_a_word(client, cast):
    enter(client, cast.members["billing"])
    page = client.get(reverse("client_page", args=[cast.enrolment.client.public_id]))
    whole = page.content.decode()
    table = whole[
        whole.index('id="months"') : whole.index("</section>", whole.index('id="months"'))
    ]
    assert (
        f'data-part="{reverse("client_months", args=[cast.enrolment.client.public_id])}"' in table
    )
    assert "請求のようす" in table
    part = shown(client, cast).content.decode()
    assert "請求のようす" not in part
    still_open = [line for line in page.context["page"].months if line.closed is None]
    assert part.count('class="c-state') == len(still_open)


def test_its_queries_do_not_grow_with_the_history(client, cast):
    shown(client, cast)
    with CaptureQueriesContext(connection) as few:
        shown(client, cast)
    for days in range(1, 8):
        meet(
            cast.enrolment,
            cast.members["worker"],
            Month.of(cast.today).first_day.replace(day=days)
            if Month.of(cast.today).first_day.replace(day=days) <= cast.today
            else cast.today,
        )
    with CaptureQueriesContext(connection) as many:
        assert shown(client, cast).status_code == 200
    assert len(many) <= len(few) + 1
