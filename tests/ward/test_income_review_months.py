"""収入状況の見直し: months that a next cap leaves, before it or after it, and caps that run on."""

from datetime import date

from plans.models import CapPeriod, Decision
from tests.ward.test_income_review import (  # noqa: F401  (counter is a fixture)
    JUNE,
    counter,
    granted,
    next_of,
    page,
    row_of,
    send,
)

# ruff: noqa: F811


def test_a_cap_that_begins_after_july_leaves_the_months_before_it_to_be_filled(counter):
    cap = granted(counter)
    answer = send(counter, [(cap, {"category": "general_1", "first_month": "2026-10"})])
    assert answer.status_code == 302
    text = page(counter).content.decode()
    assert "1人には、上限額のない月がまだあります" in text
    assert "2026年7月〜2026年9月。2026年10月からは 9,300円 が入っています" in text
    row = row_of(counter, cap, "open")
    assert (str(row.months.first_month), str(row.months.last_month)) == ("2026-07", "2026-09")
    over = send(counter, [(cap, {"category": "low_income", "last_month": "2026-10"})])
    assert "先に入れました" in over.content.decode()
    filled = send(counter, [(cap, {"category": "low_income", "last_month": "2026-09"})])
    assert filled.status_code == 302
    assert row_of(counter, cap, "open") is None
    done = row_of(counter, cap, "done")
    assert (done.next_cap.cap_yen, done.bare) == (0, ())


def test_a_renewal_with_a_later_cap_does_not_end_the_review(counter):
    cap = granted(counter)
    Decision.objects.filter(client=cap.client).update(ends_on=date(2027, 6, 30))
    CapPeriod.objects.create(
        client=cap.client, municipality=cap.municipality, first_month=date(2027, 2, 1),
        last_month=date(2027, 6, 1), category="general_1", cap_yen=9300,
        recorded_by=counter.officer, recorded_at=counter.who["at"],
    )  # fmt: skip
    row = row_of(counter, cap, "open")
    assert str(row.months.last_month) == "2027-01"


def test_a_decision_that_begins_later_is_reviewed_by_its_own_first_month(counter):
    cap = granted(counter)
    Decision.objects.filter(client=cap.client).update(starts_on=date(2026, 9, 15))
    send(counter, [(cap, {"category": "general_1", "first_month": "2026-09"})])
    assert row_of(counter, cap, "done").next_cap is not None


def test_months_that_are_bare_after_the_next_cap_are_told(counter):
    cap = granted(counter)
    send(counter, [(cap, {"category": "general_1", "last_month": "2026-10"})])
    assert "上限額のない月がまだあります" in page(counter).content.decode()
    text = page(counter, "?year=2026&state=done").content.decode()
    assert "2026年11月〜2027年1月" in text


def test_a_cap_over_june_and_july_is_cut_by_the_next_one(counter):
    cap = granted(counter, until=date(2026, 12, 1))
    assert row_of(counter, cap, "open") is row_of(counter, cap, "done") is None
    row = row_of(counter, cap, "runs_on")
    assert str(row.months.first_month) == "2026-07"
    answer = send(counter, [(cap, {"category": "low_income"})], "?year=2026&state=runs_on")
    assert answer.status_code == 302
    cap.refresh_from_db()
    assert (cap.last_month, next_of(cap).cap_yen) == (JUNE, 0)
    assert row_of(counter, cap, "done") is not None
