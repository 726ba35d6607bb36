"""市町村の回答 as the verdict on a month takes it, and in words."""

from __future__ import annotations

from dataclasses import replace

from billing.models import CityAnswer
from plans.rules.city_answer import SETTLED_BY_YES
from plans.rules.month import MonthFacts

NONE: frozenset[str] = frozenset()


def settled_by(answer: CityAnswer | None) -> frozenset[str]:
    """The codes of the reasons that hold the month no more."""
    if answer is None or not answer.is_billable:
        return NONE
    return SETTLED_BY_YES.intersection(answer.codes)


def refusal_of(answer: CityAnswer | None) -> str:
    """Why the month cannot be billed, as the municipality said; "" where it did not say so."""
    if answer is None or answer.is_billable:
        return ""
    on = answer.answered_on
    return (
        f"市町村の回答（{on.year}年{on.month}月{on.day}日）により、請求できません。{answer.reason}"
    )


def with_answer(facts: MonthFacts, answer: CityAnswer | None) -> MonthFacts:
    """The facts of a month with what the municipality said of it."""
    if answer is None:
        return facts
    return replace(facts, settled=settled_by(answer), city_refusal=refusal_of(answer))


def words_of(answer: CityAnswer) -> str:
    """In one line: what was said, when, how and by whom."""
    said = "請求できる" if answer.is_billable else "請求できない"
    on = answer.answered_on
    day = f"{on.year}年{on.month}月{on.day}日"
    return f"市町村の回答：{said}（{day}・{answer.get_way_display()}・{answer.respondent}）"
