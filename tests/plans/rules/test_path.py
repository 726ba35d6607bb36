"""The path in its order, on the dates of the facts: docs/rules.md §3."""

from dataclasses import replace
from datetime import date as d

import pytest

from plans.rules.path import (
    PathFacts,
    PathStep,
    Turn,
    drawn_steps,
    ended_words,
    missing_before,
    whose_turn,
)
from teikyaku.periods import Period

WHOLE = PathFacts(
    applied_on=d(2026, 4, 1),
    surveyed_on=d(2026, 4, 10),
    proposal_on=d(2026, 4, 20),
    decided_on=d(2026, 5, 1),
    final_plan_on=d(2026, 5, 8),
    explained_on=d(2026, 5, 9),
    signed_on=d(2026, 5, 10),
    use_starts_on=d(2026, 5, 15),
    granted=Period(d(2026, 5, 15), d(2027, 5, 31)),
    window=Period(d(2026, 5, 1), d(2029, 4, 30)),
)


def codes(step, facts):
    return [reason.code for reason in missing_before(step, facts)]


def test_the_whole_path_stands():
    for step in PathStep:
        assert codes(step, WHOLE) == []


def test_one_day_may_hold_several_steps():
    day = d(2026, 5, 1)
    names = ("applied_on", "surveyed_on", "proposal_on", "decided_on", "final_plan_on")
    assert codes(PathStep.FINAL_PLAN, replace(WHOLE, **dict.fromkeys(names, day))) == []


@pytest.mark.parametrize(
    ("step", "change", "expected"),
    [
        (PathStep.SURVEY, {"applied_on": None}, ["missing_application"]),
        (PathStep.SURVEY, {"surveyed_on": d(2026, 3, 31)}, ["later_application"]),
        (PathStep.DECISION, {"surveyed_on": None}, ["missing_survey"]),
        (PathStep.DECISION, {"proposal_on": None}, ["missing_proposal"]),
        (PathStep.DECISION, {"decided_on": d(2026, 4, 9)}, ["later_survey", "later_proposal"]),
        (PathStep.CONTRACT, {"final_plan_on": None}, ["missing_final_plan"]),
        (PathStep.USE, {"signed_on": None}, ["missing_contract"]),
        (PathStep.USE, {"explained_on": None}, ["missing_explanation"]),
        (PathStep.USE, {"explained_on": d(2026, 5, 11)}, ["later_explanation"]),
        (PathStep.USE, {"use_starts_on": d(2026, 5, 9)}, ["later_contract", "outside_decision"]),
        (PathStep.USE, {"window": Period(d(2026, 5, 16), d(2029, 5, 15))}, ["outside_window"]),
    ],
)
def test_what_is_missing_is_named(step, change, expected):
    assert codes(step, replace(WHOLE, **change)) == expected


def test_a_transcribed_certificate_answers_for_the_chain():
    facts = PathFacts(
        is_transcribed=True, decided_on=d(2026, 5, 1), explained_on=d(2026, 5, 9),
        signed_on=d(2026, 5, 10), use_starts_on=d(2026, 5, 15), granted=WHOLE.granted,
    )  # fmt: skip
    assert codes(PathStep.USE, facts) == []
    assert [step.state for step in drawn_steps(facts)] == ["done"] * 7


@pytest.mark.parametrize(
    ("facts", "turn"),
    [
        (PathFacts(), Turn.PERSON),
        (PathFacts(applied_on=d(2026, 4, 1)), Turn.WARD),
        (replace(WHOLE, proposal_on=None, decided_on=None), Turn.CONSULTATION),
        (replace(WHOLE, decided_on=None, final_plan_on=None), Turn.WARD),
        (replace(WHOLE, final_plan_on=None), Turn.CONSULTATION),
        (replace(WHOLE, signed_on=None), Turn.PROVIDER),
        (WHOLE, Turn.NONE),
        (replace(WHOLE, decided_on=None, refused_on=d(2026, 5, 1)), Turn.NONE),
        (PathFacts(applied_on=d(2026, 4, 1), withdrawn_on=d(2026, 4, 2)), Turn.NONE),
    ],
)
def test_whose_turn(facts, turn):
    assert whose_turn(facts) == turn


def test_a_refusal_ends_the_drawn_path_and_what_never_came_is_no_fault():
    facts = replace(PathFacts(applied_on=d(2026, 4, 1)), refused_on=d(2026, 5, 1))
    states = {step.label: step.state for step in drawn_steps(facts)}
    assert states.pop("申請") == "done"
    assert states.pop("却下") == "ended"
    assert set(states.values()) == {"never"}


def test_after_a_revocation_nothing_that_is_missing_is_to_come():
    facts = PathFacts(
        applied_on=d(2026, 4, 1), surveyed_on=d(2026, 4, 9), proposal_on=d(2026, 4, 20),
        decided_on=d(2026, 5, 1), revoked_on=d(2026, 5, 8),
    )  # fmt: skip
    states = [step.state for step in drawn_steps(facts)]
    assert states == ["done"] * 4 + ["ended"] + ["never"] * 3
    assert drawn_steps(facts)[4].label == "取消"
    # Where the use had begun, nothing was missing: it ran its way.
    assert [step.state for step in drawn_steps(replace(WHOLE, revoked_on=d(2026, 6, 30)))] == [
        "done"
    ] * 7


@pytest.mark.parametrize(
    ("end", "words"),
    [("refused_on", "却下"), ("withdrawn_on", "取り下げ"), ("revoked_on", "取り消され")],
)
def test_a_path_that_came_to_nothing_says_how_and_when(end, words):
    facts = PathFacts(applied_on=d(2026, 4, 1))
    assert ended_words(facts) == ""
    told = ended_words(replace(facts, **{end: d(2026, 5, 8)}))
    assert words in told
    assert "2026年5月8日" in told
    assert ended_words(replace(WHOLE, **{end: d(2026, 5, 8)})) == ""


def test_a_withdrawal_stands_where_the_path_ended():
    facts = PathFacts(
        applied_on=d(2026, 4, 1), surveyed_on=d(2026, 4, 9), withdrawn_on=d(2026, 4, 12)
    )
    drawn = [(step.label, step.state) for step in drawn_steps(facts)]
    assert drawn[:4] == [
        ("申請", "done"), ("聞き取り調査", "done"), ("取下げ", "ended"), ("計画案", "never"),
    ]  # fmt: skip
    assert {state for _label, state in drawn[3:]} == {"never"}
