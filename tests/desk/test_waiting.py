"""開始待ち: from when, apply by when, and how many months a delay costs."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from clients.access import enrolments_for
from clients.rules.window import SupportWindow
from plans.rules.start_forecast import start_forecast
from teikyaku.desk.queries.waiting import waiting_people, waiting_rows
from teikyaku.periods import Month, months_later
from tests.accounts.test_coming_and_going import enter
from tests.cast import take_in, transcribe


def row_of(cast, enrolment, on):
    rows = waiting_rows(waiting_people(cast.members["worker"], on), on)
    return next(row for row in rows if row.enrolment_id == enrolment.public_id)


def test_the_day_to_apply_comes_before_the_first_usable_day(cast):
    employed_on = (Month.of(cast.today) - 5).first_day
    enrolment = take_in(cast.office, cast.members["worker"], employed_on, name="待つ 人")
    first = months_later(employed_on, 6)
    early = row_of(cast, enrolment, first - timedelta(days=65))
    assert early.waiting.first_usable_on == first
    assert early.waiting.apply_by == first - timedelta(days=60)
    assert (early.tone, early.months_lost) == ("info", 0)
    assert early.months_left == early.months_in_all == 36
    late = row_of(cast, enrolment, first - timedelta(days=20))
    assert late.tone == "danger"
    assert late.months_lost == 1
    assert late.months_left == 35
    # Nothing has gone by yet: the month is foreseen.
    assert (late.months_gone, late.months_foreseen) == (0, 1)
    assert (late.gone_percent, late.foreseen_percent) == (0, 3)


def test_whoever_has_applied_is_told_what_waiting_costs_too(client, cast):
    def row_on(on):
        rows = waiting_rows(waiting_people(cast.members["worker"], on), on)
        return next(row for row in rows if row.name == "申請 花子")

    row = row_on(cast.today)
    assert row.application is not None
    # Long after the first usable day, with the reckoned time gone: nobody can say when.
    later = max(row.waiting.first_usable_on, row.application.application.received_on)
    later = (Month.of(later + timedelta(days=61)) + 1).first_day
    late = row_on(later)
    assert late.tone == "warning"
    assert late.forecast.start_by == Month.of(later).last_day
    assert "見込めません" in late.forecast.expected_words
    assert late.months_lost == late.months_gone > 0
    assert f"合わせて{late.months_gone + 1}か月短くなります" in late.forecast.words


def test_people_in_use_and_of_other_offices_are_not_on_the_page(client, cast):
    enter(client, cast.members["worker"])
    text = client.get(reverse("waiting")).content.decode()
    assert "申請 花子" in text
    assert "試験 太郎" not in text
    assert "よその 人" not in text
    enter(client, cast.members["outsider"])
    assert "開始待ちの人はいません" in client.get(reverse("waiting")).content.decode()


def test_somebody_without_a_window_is_told_why(cast):
    enrolment = take_in(cast.office, cast.members["worker"], (Month.of(cast.today) - 5).first_day)
    enrolment.client.prior_services.all().delete()
    row = row_of(cast, enrolment, cast.today)
    assert row.waiting is None
    assert row.standing.reasons
    assert row.months_lost == row.gone_percent == row.foreseen_percent == 0
    assert enrolments_for(cast.members["worker"], cast.today).filter(pk=enrolment.pk).exists()


def test_months_that_are_gone_are_drawn_apart_from_those_foreseen(client, cast):
    employed_on = (Month.of(cast.today) - 8).first_day
    enrolment = take_in(cast.office, cast.members["worker"], employed_on, name="遅れた 人")
    row = row_of(cast, enrolment, cast.today)
    assert row.waiting.first_usable_on == (Month.of(cast.today) - 2).first_day
    assert row.months_gone == 2
    assert row.months_foreseen == row.months_lost - 2 > 0
    enter(client, cast.members["worker"])
    page = client.get(reverse("waiting")).content.decode()
    card = page.partition("遅れた 人")[2].partition("</figure>")[0]
    words = f"{row.months_lost}か月短くなります（うち見込み{row.months_foreseen}か月）"
    assert words in card
    # One full, one empty with a broken edge; what each means is said once.
    assert card.count('class="waiting__gone"') == 1
    assert card.count('class="waiting__soon"') == 1
    assert "もう過ぎた月" in page
    assert "過ぎる見込みの月" in page


def window_from(first):
    counted_from = months_later(first, -6)
    return SupportWindow(
        employed_on=counted_from, counted_from=counted_from,
        six_months_complete_on=first - timedelta(days=1), first_usable_on=first,
        last_usable_on=months_later(first, 36) - timedelta(days=1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("on", "applied_on", "near", "expected_on", "gone", "lost", "later", "pressing"),
    [
        # First usable day 2026-11-18, the steps taken to need 60 days.
        (date(2026, 9, 18), None, False, date(2026, 11, 18), 0, 0, 1, False),
        (date(2026, 9, 19), None, True, date(2026, 11, 18), 0, 0, 1, False),
        (date(2026, 11, 27), date(2026, 9, 30), True, date(2026, 11, 29), 0, 0, 1, False),
        (date(2026, 11, 27), date(2026, 10, 2), True, date(2026, 12, 1), 0, 1, 1, True),
        (date(2026, 11, 28), date(2026, 9, 28), True, None, 0, 0, 1, True),
        (date(2026, 12, 1), date(2026, 9, 28), True, None, 1, 1, 2, True),
        (date(2026, 12, 1), None, True, date(2027, 1, 30), 1, 2, 2, True),
    ],
)  # fmt: skip
def test_the_forecast_holds_for_whoever_waits(
    on, applied_on, near, expected_on, gone, lost, later, pressing
):
    found = start_forecast(window_from(date(2026, 11, 18)), on, 60, applied_on)
    assert (found.is_near, found.expected_on) == (near, expected_on)
    assert (found.months_gone, found.months_lost, found.months_lost_later) == (gone, lost, later)
    assert found.is_pressing is pressing
    assert ("見込めません" in found.expected_words) is (expected_on is None)
    assert bool(found.words) is near
    if near:
        assert f"{found.start_by.month}月{found.start_by.day}日までに" in found.words


def test_whoever_has_a_decision_on_paper_is_not_told_to_apply(client, cast):
    worker = cast.members["worker"]
    employed_on = (Month.of(cast.today) - 5).first_day
    enrolment = take_in(cast.office, worker, employed_on, name="決定 人")
    first = months_later(employed_on, 6)
    on = first - timedelta(days=20)
    assert row_of(cast, enrolment, on).is_late
    decision = transcribe(enrolment, cast.wards[2], worker, "1500000777", first)
    row = row_of(cast, enrolment, on)
    assert (row.granted, row.is_late, row.tone, row.months_lost) == (decision, False, "neutral", 0)
    enter(client, worker)
    text = client.get(reverse("waiting")).content.decode()
    card = text[text.index("決定 人") :].partition('<li class="panel')[0]
    assert "支給決定がある" in card
    assert "まだ申請していない" not in card
    # Once it is over, one has to apply anew.
    assert row_of(cast, enrolment, decision.ends_on + timedelta(days=1)).granted is None
