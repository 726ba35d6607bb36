"""市町村の回答 as the verdict on a month takes it, and in words."""

from __future__ import annotations

from datetime import date
from typing import Any

from billing.models import CityAnswer
from billing.rules.city_answer import NONE, asks_report_day, refusal, settled
from plans.rules.month import MonthFacts


def settled_by(answer: CityAnswer | None, municipality: int | None) -> frozenset[str]:
    """The codes of the reasons that hold the month no more; `municipality`: the key of who pays it today."""
    if answer is None:
        return NONE
    payer = answer.payer.current.pk if answer.payer else None
    is_same = payer == municipality
    return settled(answer.codes, is_billable=answer.is_billable, is_same_payer=is_same)


def refusal_of(answer: CityAnswer | None) -> str:
    """Why the month cannot be billed, as the municipality said; "" where it did not say so."""
    if answer is None or answer.is_billable:
        return ""
    return refusal(answer.answered_on, answer.reason)


def answered_report_day(answer: CityAnswer | None) -> date | None:
    """支援レポート共有日 as the municipality said it, for a month that it lets be billed without a share."""
    if answer is None or not answer.is_billable or not asks_report_day(answer.codes):
        return None
    return answer.report_on


def report_day_of(facts: MonthFacts, answer: CityAnswer | None) -> date | None:
    """支援レポート共有日 of the record (J611 01 item 153): of the share, else of the answer; never another."""
    return facts.report_shared_on or answered_report_day(answer)


def said_of(answer: CityAnswer | None, municipality: int | None) -> dict[str, Any]:
    """By the field of MonthFacts: what was said of a month that this municipality (its key) pays today."""
    return {"settled": settled_by(answer, municipality), "city_refusal": refusal_of(answer)}


def with_answer(
    facts: MonthFacts, answer: CityAnswer | None, municipality: int | None
) -> MonthFacts:
    """The facts of a month with what was said of it."""
    return facts._replace(**said_of(answer, municipality)) if answer else facts


def words_of(answer: CityAnswer) -> str:
    """In one line: what was said, when, how and by whom."""
    said = "請求できる" if answer.is_billable else "請求できない"
    on = answer.answered_on
    day = f"{on.year}年{on.month}月{on.day}日"
    words = f"市町村の回答：{said}（{day}・{answer.get_way_display()}・{answer.respondent}）"
    return "　".join(filter(None, (words, report_words(answer))))


def report_words(answer: CityAnswer) -> str:
    """支援レポート共有日 as it was said; "" where no day was asked for."""
    shared = answered_report_day(answer)
    return f"支援レポート共有日：{shared.year}年{shared.month}月{shared.day}日" if shared else ""
