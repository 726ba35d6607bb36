"""How near an end is (by month arithmetic), what comes next and whose step it is, what may be laid aside."""

from datetime import date, timedelta

import pytest

from plans.rules.expiry import (
    EndFacts,
    EndKind,
    ExpiryStage,
    Owner,
    Renewal,
    WardEndKind,
    last_end_within,
    may_be_settled,
    next_step,
    stage_of,
    stage_span,
)
from plans.rules.handover import HandoverDates
from plans.rules.path import PathStep, Turn
from plans.rules.support_plan import PlanStep
from plans.rules.ward_expiry import WardFacts, ward_step
from teikyaku.periods import latest_day_before_end

S = ExpiryStage
END = date(2027, 2, 28)


@pytest.mark.parametrize(
    ("on", "stage"),
    [
        (date(2026, 8, 30), S.FAR),
        (date(2026, 8, 31), S.MONTHS_6),
        (date(2026, 11, 29), S.MONTHS_6),
        (date(2026, 11, 30), S.MONTHS_3),
        (date(2026, 12, 30), S.MONTHS_3),
        (date(2026, 12, 31), S.MONTHS_2),
        (date(2027, 1, 30), S.MONTHS_2),
        (date(2027, 1, 31), S.MONTH_1),
        (date(2027, 2, 13), S.MONTH_1),
        (date(2027, 2, 14), S.WEEKS_2),
        (date(2027, 2, 27), S.WEEKS_2),
        (END, S.TODAY),
        (date(2027, 3, 1), S.LAPSED),
    ],
)
def test_each_stage_begins_on_its_day(on, stage):
    assert stage_of(END, on) == stage


@pytest.mark.parametrize(
    ("ends_on", "months", "first"),
    [
        (date(2027, 3, 15), 1, date(2027, 2, 15)),
        (date(2027, 5, 30), 3, date(2027, 2, 27)),
        (date(2028, 2, 29), 1, date(2028, 1, 31)),
        (date(2027, 2, 27), 1, date(2027, 1, 27)),
        (date(2027, 12, 31), 6, date(2027, 6, 30)),
    ],
)
def test_a_stage_begins_as_many_whole_months_before_as_it_says(ends_on, months, first):
    assert latest_day_before_end(ends_on, months) == first
    assert last_end_within(first, months) >= ends_on > last_end_within(first - timedelta(1), months)


DAYS = [date(2027, 1, 1) + timedelta(days=n) for n in range(0, 900, 1)]


@pytest.mark.parametrize("on", [*DAYS[:70:3], date(2028, 2, 28), date(2028, 2, 29)])
def test_the_span_of_a_stage_holds_the_ends_that_are_at_it(on):
    for stage in S:
        first, last = stage_span(stage, on)
        assert [day for day in DAYS if first <= day <= last] == [
            day for day in DAYS if stage_of(day, on) == stage
        ]


@pytest.mark.parametrize("on", DAYS[:60])
def test_within_so_many_months_is_what_the_latest_day_says(on):
    for months in (1, 2, 3, 6, 12):
        last = last_end_within(on, months)
        assert latest_day_before_end(last, months) <= on
        assert latest_day_before_end(last + timedelta(days=1), months) > on


def test_every_stage_has_a_word_and_a_tone():
    assert [stage.tone for stage in S] == [
        "neutral", "neutral", "info", "info", "warning", "warning", "danger", "danger",
    ]  # fmt: skip
    assert all(stage.label for stage in S)


@pytest.mark.parametrize(
    ("renewal", "owner"),
    [
        (Renewal.NONE, Owner.STAFF), (Renewal.PROPOSED, Owner.WARD),
        (Renewal.ASKED_BACK, Owner.STAFF), (Renewal.APPLIED, Owner.WARD),
        (Renewal.OVER, Owner.STAFF),
    ],
)  # fmt: skip
def test_a_decision_waits_for_whose_turn_its_renewal_is(renewal, owner):
    assert next_step(EndKind.DECISION, EndFacts(renewal=renewal), is_late=False).owner == owner


@pytest.mark.parametrize("renewal", list(Renewal))
def test_a_decision_that_outlasts_the_right_is_told_to_the_ward(renewal):
    facts = EndFacts(renewal=renewal, right_ends_on=date(2026, 11, 20))
    step = next_step(EndKind.DECISION, facts, is_late=False)
    assert step.words == "権利は2026年11月20日（令和8年）までです。支給決定をした区に伝える"
    assert step.owner == Owner.STAFF


def test_a_plan_waits_for_the_service_manager_and_says_how_far_it_is():
    started = next_step(EndKind.SUPPORT_PLAN, EndFacts(plan_step=PlanStep.MEETING), is_late=True)
    assert (started.owner, "会議" in started.words) == (Owner.MANAGER, True)
    assert "つくりはじめる" in next_step(EndKind.SUPPORT_PLAN, EndFacts(), is_late=False).words


def test_a_hand_over_goes_on_where_it_stands():
    day = date(2026, 9, 1)
    told = [
        next_step(EndKind.HANDOVER, EndFacts(handover=dates), is_late=False).words
        for dates in (
            None,
            HandoverDates(day, True),
            HandoverDates(day, True, has_centre=True),
            HandoverDates(day, True, has_centre=True, consented_on=day),
            HandoverDates(day, False),
        )
    ]
    assert told == [
        "引き継ぎが要るかを判断する", "引き継ぎ先を選ぶ", "引き継ぎへの本人の同意を確かめる",
        "引き継ぎ先に情報を共有する", "終わりの日を本人と確かめる",
    ]  # fmt: skip
    assert next_step(EndKind.WINDOW, EndFacts(), is_late=True).words == "利用の終了を記録する"
    assert next_step(EndKind.WINDOW, EndFacts(), is_late=False).words == told[0]


def test_every_kind_has_a_next_step():
    assert all(
        next_step(kind, EndFacts(), is_late=late).words for kind in EndKind for late in (0, 1)
    )
    assert all(ward_step(kind, WardFacts()).words for kind in WardEndKind)


BY_HAND = {
    EndKind.CONSENT, EndKind.HANDOVER, EndKind.HANDOVER_OPEN, EndKind.HANDOVER_LOOK,
    EndKind.HANDOVER_UNJUDGED, EndKind.QUALIFICATION, WardEndKind.CERTIFICATE,
}  # fmt: skip


@pytest.mark.parametrize("kind", [*EndKind, *WardEndKind])
def test_only_what_has_passed_is_laid_aside_and_never_a_right_at_an_office(kind):
    # A word of both: the ward lays a decision aside, the office does not.
    by_hand = kind in BY_HAND and isinstance(kind, EndKind)
    by_hand |= isinstance(kind, WardEndKind) and kind in ("decision", "certificate")
    assert may_be_settled(kind, END, END + timedelta(days=1)) is by_hand
    assert not may_be_settled(kind, END, END, is_over=True)
    # Once no decision is in force, a ward lays anything aside; for an office that changes nothing.
    once_over = may_be_settled(kind, END, END + timedelta(days=1), is_over=True)
    assert once_over is (by_hand or isinstance(kind, WardEndKind))


@pytest.mark.parametrize(
    ("facts", "turn", "is_unasked"),
    [
        (WardFacts(), Turn.PERSON, True),
        (WardFacts(is_proposed=True), Turn.WARD, True),
        (WardFacts(is_asked_back=True), Turn.PROVIDER, True),
        (WardFacts(is_last=True, is_proposed=True), Turn.NONE, False),
        (WardFacts(turn=Turn.CONSULTATION, path_step=PathStep.PROPOSAL, is_last=True),
         Turn.CONSULTATION, False),
    ],
)  # fmt: skip
def test_whose_turn_a_wards_decision_is(facts, turn, is_unasked):
    step = ward_step(WardEndKind.DECISION, facts)
    assert (step.turn, step.is_unasked) == (turn, is_unasked)
