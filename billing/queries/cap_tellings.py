"""取り消しの連絡: which offices of a cancelled sheet are still to be told that it counts no more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from billing.models import CapResultLine, CapSheetCancellation, CapTelling, MonthLine
from billing.queries.cap_sheets import last_entries, sent_of
from billing.queries.last_sent import key_sent
from teikyaku.accounts.models import Office
from teikyaku.periods import Month
from teikyaku.prepared import prepared


@dataclass(frozen=True, slots=True)
class Told:
    """Another office of a cancelled sheet; `telling` is None until it was told."""

    line: CapResultLine
    telling: CapTelling | None


def told_of(cancellations: Iterable[CapSheetCancellation]) -> dict[int, list[Told]]:
    """By cancellation the other offices of its sheet, each with how it was told (two queries)."""
    found = {each.pk: each for each in cancellations}
    results: dict[int, list[CapResultLine]] = {sheet_of(each): [] for each in found.values()}
    lines = CapResultLine.objects.filter(result__in=results, is_own=False).order_by("position")
    for line in lines if found else ():
        results[line.result_id].append(line)
    told = CapTelling.objects.filter(
        cancellation__in=found, cancels=None, cancelled_by=None
    ).select_related("recorded_by__user")
    known = {(row.cancellation_id, row.line_id): row for row in (told if found else ())}
    return {
        key: [Told(line, known.get((key, line.pk))) for line in results[sheet_of(each)]]
        for key, each in found.items()
    }


def sheet_of(cancellation: CapSheetCancellation) -> int:
    """The key of the sheet that was cancelled, as it was sent last."""
    return key_sent(cancellation.entry)


def untold_months(office: Office) -> list[tuple[Month, int]]:
    """By month, newest first, how many offices are to be told yet (at most four queries)."""
    counts: dict[Month, int] = {}
    for (_use, on), count in untold_lines(office):
        counts[Month.of(on)] = counts.get(Month.of(on), 0) + count
    return sorted(counts.items(), reverse=True)


def untold_lines(office: Office) -> list[tuple[MonthLine, int]]:
    """By person's month how many offices are to be told yet (at most four queries).

    Of sheets whose cancellation stands: neither withdrawn nor followed by a sheet that was sent anew.
    """
    uses = _cancelled_for.rows(office=office.pk)
    if not uses:
        return []
    last = last_entries(sent_of.rows(office=office.pk, enrolments=uses)).values()
    standing = [each.cap_cancellation for each in last if hasattr(each, "cap_cancellation")]
    counts: dict[MonthLine, int] = {}
    told, by_key = told_of(standing), {each.pk: each for each in standing}
    for key, offices in told.items():
        line = by_key[key].entry.person_month.line
        counts[line] = counts.get(line, 0) + sum(each.telling is None for each in offices)
    return [(line, n) for line, n in counts.items() if n]


@prepared("office")
def _cancelled_for(office: int) -> QuerySet[CapSheetCancellation, int]:
    """Of whom a sheet was cancelled: their enrolments."""
    gone = CapSheetCancellation.objects.filter(entry__file__office=office)
    return gone.values_list("entry__person_month__enrolment", flat=True)
