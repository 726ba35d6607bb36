"""上限額管理結果票の修正: sent sheets of which only other offices' lines changed, and what they say now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from billing.models import CapResult, CapResultLine
from billing.queries.cap_sheets import SentSheet, sent_sheets
from billing.queries.claim_calendar import claim_days
from billing.queries.differences import differing_months
from teikyaku.accounts.models import Office
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class OfficeChange:
    """Another office's line of the sheet, as it was sent and as it is now; None where it has none."""

    name: str
    before: CapResultLine | None
    after: CapResultLine | None


@dataclass(frozen=True, slots=True)
class RevisedSheet:
    """A sheet that stands at 国保連, and the one that was written since; our own line is the same."""

    sent: SentSheet
    result: CapResult
    """What holds now."""
    changes: tuple[OfficeChange, ...]
    is_early: bool
    """Its file is of the month in which a file made now would be taken in: that one is withdrawn instead."""


def revised_sheets(office: Office, month: Month, on: date) -> list[RevisedSheet]:
    """Of the month, by kana: whose sheet is put right without a new claim (a constant number of queries)."""
    standing = [
        each for each in sent_sheets(office, month) if not (each.cancellation or each.fault)
    ]
    if not standing:
        return []
    keys = {each.row.pk for each in standing}
    rows = differing_months(office, month, month, on, keys).rows
    alone = {row.person_month for row in rows if row.is_sheet_alone}
    found = [each for each in standing if each.row.public_id in alone]
    if not found:
        return []
    results = _results_now({each.row.enrolment_id for each in found}, month)
    processed = Month.of(claim_days(on).next_claim.on)
    return [_revised(each, results[each.row.enrolment_id], processed) for each in found]


def _results_now(enrolments: Iterable[int], month: Month) -> dict[int, CapResult]:
    """By enrolment the result that holds: the highest number (two queries)."""
    rows = CapResult.objects.filter(enrolment__in=list(enrolments), month=month.first_day)
    return {row.enrolment_id: row for row in rows.prefetch_related("lines").order_by("number")}


def _revised(sent: SentSheet, result: CapResult, processed: Month) -> RevisedSheet:
    is_early = sent.entry.file.processing_month >= processed.first_day
    return RevisedSheet(sent, result, tuple(_changes(sent.result, result)), is_early)


def _changes(before: CapResult, after: CapResult) -> Iterator[OfficeChange]:
    old, new = ({line.office_number: line for line in each.lines.all()} for each in (before, after))
    for number in {**old, **new}:
        was, now = old.get(number), new.get(number)
        if _figures(was) != _figures(now):
            line = now or was
            assert line is not None  # noqa: S101  (it stands on one of the two)
            yield OfficeChange(line.office_name, was, now)


def _figures(line: CapResultLine | None) -> tuple[int, int, int] | None:
    return (line.total_cost_yen, line.before_yen, line.after_yen) if line else None
