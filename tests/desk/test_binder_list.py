"""The binder's two lists: person by person, what is not recorded after it, what a span tells."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from billing.actions.payment import record_payment
from billing.documents_binder import binder_document
from billing.queries.binder import binder_files, running_month
from billing.rules.binder import BinderPart
from clients.models import Enrolment
from plans.models import SupportPlan
from teikyaku.clock import at_noon
from teikyaku.desk.views import binder as views
from teikyaku.money import yen
from teikyaku.periods import Month, day_before
from tests.cast import Cast, ready_person
from tests.desk.test_binder import binder_of, enter, pages_of, url_of


def wrong(enrolment) -> None:
    """A plan that was not handed over."""
    SupportPlan.objects.filter(enrolment=enrolment).update(handed_over_on=None)


def other_person(cast: Cast):
    return ready_person(
        cast, cast.office, cast.members["worker"], cast.members["manager"], "1234567892",
        name="会田 一", kana="あいだ はじめ", birth_date=date(1991, 1, 1),
    )  # fmt: skip


def test_the_months_list_stands_person_by_person_with_counts(client, cast, monkeypatch):
    other = other_person(cast)
    for row in (cast.enrolment, other):
        wrong(row)
    enter(client, cast, "manager")
    url = reverse("month_binder", args=[Month.of(cast.today) - 1])
    answer = client.get(url)
    groups = answer.context["groups"]
    assert [group.name for group in groups] == ["会田 一", "試験 太郎"]
    assert all(("計画の同意・交付", 1) in group.counts for group in groups)
    assert all(group.total == len(group.lines) for group in groups)
    body = answer.content.decode()
    for row in (cast.enrolment, other):
        assert f'id="p-{row.client.public_id}"' in body
        assert f"#p-{row.client.public_id}" in body
    assert "レポートの受領　2件（2人）" in body
    # A page that ends within a person keeps the counts of all, and the link leads to the right page.
    monkeypatch.setattr(views, "ROWS", 1)
    answer = client.get(url)
    (group,) = answer.context["groups"]
    assert len(group.lines) == 1 < group.total
    second = answer.context["people"][1]
    assert f"page={groups[0].total + 1}#p-{cast.enrolment.client.public_id}" in second["url"]


def test_the_pdf_lists_person_by_person_and_what_is_not_recorded_after(client, cast):
    for row in (cast.enrolment, other_person(cast)):
        wrong(row)
    enter(client, cast)
    answer = client.get(reverse("month_binder_pdf", args=[Month.of(cast.today) - 1]))
    text = "".join(pages_of(answer.content)[2:])
    first = text.index("くいちがいの一覧")
    people = [text.index(name, first) for name in ("会田一", "試験太郎")]
    assert people == sorted(people)
    assert "計画の同意・交付1" in text
    assert text.index("まだ記録のないもの") > max(people)
    assert "レポートの受領2件" in text


def test_a_month_that_runs_and_a_use_that_ended_are_said(client, cast):
    enter(client, cast)
    running = Month.of(cast.today)
    asked = {"first": str(running - 1), "last": str(running), "part": "plans"}
    assert "まだ終わっていません" in client.get(url_of(cast), asked).content.decode()
    asked["last"] = str(running - 1)
    page = client.get(url_of(cast), asked).content.decode()
    assert "まだ終わっていません" not in page
    assert "利用が終わっています" not in page
    ends_on = day_before(cast.today)
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(ends_on=ends_on, end_reason="moved")
    assert "利用が終わっています" in client.get(url_of(cast), asked).content.decode()
    files = binder_files(
        [Enrolment.objects.get(pk=cast.enrolment.pk)], cast.office, running - 1, running, cast.today
    )
    cover = {row["label"] for row in binder_document(binder_of(cast, files=files))["cover"]}
    assert {"利用の終わり", "まだ記録のないもの"} <= cover


@pytest.mark.parametrize(("back", "is_said"), [(0, True), (1, False)])
def test_a_month_runs_where_somebody_still_used_it(cast, back, is_said):
    running = Month.of(cast.today)
    row = Enrolment.objects.get(pk=cast.enrolment.pk)
    for ends_on in (None, running.first_day):
        row.ends_on = day_before(ends_on) if back and ends_on else ends_on
        files = binder_files([row], cast.office, running - 1, running, cast.today)
        found = running_month(files, running - 1, running, cast.today)
        assert found == (running if is_said or ends_on is None else None)
    assert running_month(files, running - 1, running - 1, cast.today) is None


def test_a_part_payment_stands_with_what_is_open(cast):
    record_payment(
        invoice=cast.invoice, paid_on=cast.today, amount_yen=100, way="cash",
        by=cast.members["billing"], at=at_noon(cast.today),
    )  # fmt: skip
    papers = binder_document(binder_of(cast, parts=(BinderPart.BILLS,)))["papers"]
    row = papers[0]["data"]["tables"][1]["rows"][0]
    assert f"一部入金 100円・残り {yen(cast.invoice.amount_yen - 100)}" in row[3]
