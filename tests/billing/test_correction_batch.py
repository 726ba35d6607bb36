"""まとめて直す: one changed fact, many closed months, one look and one action; twice writes nothing."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.actions.claim_file import make_claim_files
from billing.actions.correction_batch import correct_months
from billing.actions.invoice import issue_invoices
from billing.actions.month import close_month
from billing.models import ErrorPetition, Invoice, MonthCorrection, PersonMonth
from billing.queries import correction_batch
from billing.queries.correction_batch import BatchSums, batch_of, mark_of
from billing.queries.differences import differing_months
from billing.queries.verify import broken_closings
from plans.models import CapPeriod, Contract, Interview
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.billing.corrections import other_tier, who
from tests.billing.fees import confirm, read_codes
from tests.cast import ready_person


@pytest.fixture
def months(cast):
    """Two closed months: one person in the first, two people in the second."""
    first = Month.of(cast.person_month.month)
    worker, manager = cast.members["worker"], cast.members["manager"]
    ready_person(cast, cast.office, worker, manager, "1234567896", name="次の 人")
    by = {"by": cast.members["billing"], "at": at_noon(cast.today)}
    issue_invoices(closing=close_month(office=cast.office, month=first + 1, **by), **by)
    return first, first + 1


def change_caps(cast, cap_yen=1_000):
    """A cap corrected back to the first month: of everybody."""
    CapPeriod.objects.update(cap_yen=cap_yen)


def found(cast, months, client=None):
    return batch_of(cast.office, months[0], months[-1], cast.today, client)


def put_right(cast, rows, **facts):
    given = {
        "person_months": [row.redo.row.public_id for row in rows],
        "seen": mark_of(row.redo for row in rows), "reason": "right", **who(cast), **facts,
    }  # fmt: skip
    return correct_months(office=cast.office, **given)


def test_three_months_of_two_people_by_hand(cast, months):
    change_caps(cast)
    batch = found(cast, months)
    assert [(row.month, row.is_redo) for row in batch.rows] == [
        (months[0], True), (months[1], True), (months[1], True),
    ]  # fmt: skip
    own = batch.rows[0].redo
    # 27,680 yen; a tenth of 2,768 stops at the new cap of 1,000 yen.
    assert (own.before.copayment_yen, own.after.copayment_yen) == (2_768, 1_000)
    assert (batch.rows[0].benefit_yen, batch.rows[0].payable_yen) == (1_768, -1_768)
    by_hand = sum(row.redo.row.payable_yen - 1_000 for row in batch.rows)
    assert BatchSums.of(batch.rows) == BatchSums(3, 0, by_hand, -by_hand)
    new = put_right(cast, batch.rows, note="上限額の遡及訂正")
    assert [row.replaces for row in new] == [row.redo.row for row in batch.rows]
    assert {row.copayment_yen for row in new} == {1_000}
    assert len({row.closing_id for row in new}) == 3  # a run each, so that each is told apart
    assert MonthCorrection.objects.filter(reason="right", note="上限額の遡及訂正").count() == 3
    # Each person's paper is replaced by the corrected one.
    assert Invoice.objects.filter(document__replaced_by=None, amount_yen=1_000).count() == 3
    assert list(broken_closings()) == []
    assert differing_months(cast.office, months[0], months[1], cast.today).rows == ()


def test_pressed_twice_nothing_more_is_written(cast, months):
    change_caps(cast)
    rows = found(cast, months).rows
    put_right(cast, rows)
    with pytest.raises(ValidationError, match="もう訂正されています"):
        put_right(cast, rows)
    assert PersonMonth.objects.count() == 6


def test_one_that_cannot_be_stops_all(cast, months, monkeypatch):
    change_caps(cast)
    rows = found(cast, months).rows
    with pytest.raises(ValidationError, match="記録が変わりました"):
        put_right(cast, rows, seen="else")
    with pytest.raises(ValidationError, match="この事業所の月では"):
        put_right(cast, rows, by=cast.members["outsider"])
    with pytest.raises(ValidationError, match="くわしい理由"):
        put_right(cast, rows, reason="other")
    claim(cast, months)
    # The petition's day must lie after each of the months: said of the last one, nothing is kept.
    with pytest.raises(ValidationError, match="サービスの月が終わる前"):
        put_right(cast, rows, filed_on=months[1].first_day)
    assert PersonMonth.objects.count() == 3
    assert not MonthCorrection.objects.exists()


def claim(cast, months):
    Contract.objects.update(contracted_amount="当該月の日数")
    confirm(cast, read_codes(cast, date(2024, 4, 1), date(2027, 3, 1)))
    make_claim_files(office=cast.office, month=months[1], **who(cast))


def test_the_petition_is_dated_where_an_old_claim_stands_alone(cast, months):
    claim(cast, months)
    change_caps(cast)
    new = put_right(cast, found(cast, months).rows, filed_on=cast.today)
    asked = set(ErrorPetition.objects.values_list("correction__person_month", flat=True))
    assert asked == {row.pk for row in new if Month.of(row.month) == months[1]}


def test_of_one_person_and_of_one_month(cast, months):
    change_caps(cast)
    own = found(cast, months, cast.enrolment.client.public_id)
    assert [row.month for row in own.rows] == list(months)
    assert len(found(cast, months[1:]).rows) == 2
    assert found(cast, months[:1]).more == 0


def test_a_month_that_could_not_be_billed_is_withdrawn_and_one_that_lacks_something_waits(
    cast, months
):
    change_caps(cast)
    Interview.objects.filter(
        enrolment=cast.enrolment, held_on__range=(months[0].first_day, months[0].last_day)
    ).delete()
    batch = found(cast, months)
    assert [row.is_redo for row in batch.rows] == [False, True, True]
    gone = put_right(cast, batch.rows[:1], reason="not_billable")[0]
    assert (gone.is_withdrawn, gone.payable_yen) == (True, 0)
    CapPeriod.objects.all().delete()
    waiting = found(cast, months)
    assert (waiting.rows, waiting.held) == ((), 2)


def test_what_is_more_than_one_action_takes_comes_next(cast, months, monkeypatch):
    change_caps(cast)
    monkeypatch.setattr(correction_batch, "MOST", 2)
    batch = found(cast, months)
    assert (len(batch.rows), batch.more) == (2, 1)
    put_right(cast, batch.rows)
    rest = found(cast, months)
    assert (len(rest.rows), rest.more) == (1, 0)


def test_the_page_shows_the_sums_of_what_is_ticked_before_it_writes(client, cast, months):
    change_caps(cast)
    enter(client, cast.members["billing"])
    year = f"{reverse('differences')}?year={months[1].fiscal_year}"
    own = reverse("months_correct") + f"?client={cast.enrolment.client.public_id}"
    if months[0].fiscal_year == months[1].fiscal_year:
        assert own in client.get(year).content.decode()
    page = client.get(own)
    text = page.content.decode()
    assert text.count('type="checkbox" name="rows"') == 2
    assert "27,680円" in text
    keys = [row.key for row in page.context["batch"].rows]
    assert client.post(own, {"rows": keys, "reason": ""}).status_code == 422
    shown = client.post(own, {"rows": keys[:1], "reason": "right"})
    assert "出し直し 1件" in shown.content.decode()
    assert "-1,768円" in shown.content.decode() or "−1,768円" in shown.content.decode()
    assert not MonthCorrection.objects.exists()
    agreed = shown.context["agreed"]
    # Another tick than what was seen is shown again, and writes nothing.
    again = client.post(own, {"rows": keys, "reason": "right", "agreed": agreed})
    assert "まだ何も直していません" in again.content.decode()
    told = {"rows": keys, "reason": "right", "agreed": again.context["agreed"]}
    assert client.post(own, told)["Location"] == reverse("correction_list")
    assert MonthCorrection.objects.count() == 2
    # Pressed once more: told so, nothing written.
    assert client.post(own, told)["Location"] == reverse("differences")
    assert MonthCorrection.objects.count() == 2


def test_a_part_leads_back_to_the_rest(client, cast, months):
    change_caps(cast)
    enter(client, cast.members["billing"])
    url = reverse("months_correct") + f"?month={months[1]}"
    keys = [row.key for row in client.get(url).context["batch"].rows]
    one = {"rows": keys[:1], "reason": "right"}
    agreed = client.post(url, one).context["agreed"]
    assert client.post(url, {**one, "agreed": agreed})["Location"] == url
    assert client.post(url, {**one, "agreed": agreed})["Location"] == url  # pressed twice
    assert MonthCorrection.objects.count() == 1


@pytest.mark.parametrize(
    "query", ["?month=1", "?client=1", f"?client={'0' * 32}", "?month=2026-13"]
)
def test_nonsense_is_not_found(client, cast, query):
    enter(client, cast.members["billing"])
    assert client.get(reverse("months_correct") + query).status_code == 404


def test_another_office_finds_nothing_of_it(client, cast, months):
    change_caps(cast)
    enter(client, cast.members["outsider"])
    url = reverse("months_correct")
    own = f"?client={cast.enrolment.client.public_id}"
    assert client.get(url + own).status_code == 404
    assert client.get(f"{url}?month={months[1]}").status_code == 302


def test_the_list_costs_the_same_for_one_and_for_three(cast, months):
    change_caps(cast)
    with CaptureQueriesContext(connection) as one:
        assert len(found(cast, months[:1]).rows) == 1
    with CaptureQueriesContext(connection) as three:
        assert len(found(cast, months).rows) == 3
    assert len(three) <= len(one) + 1


def test_the_tier_changes_everybodys_month(cast, months):
    other_tier(cast)
    batch = found(cast, months)
    assert all(row.is_redo for row in batch.rows)
    # 3,512 for 2,768 units at 10.00 yen: 744 yen more from the person, 6,696 from the municipality.
    assert (batch.rows[0].benefit_yen, batch.rows[0].payable_yen) == (6_696, 744)
