"""結果票の連絡: which offices of a cancelled or revised sheet are still to be told of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from billing.models import CapResultLine, CapTelling, ClaimFileEntry, MonthLine
from billing.queries.cap_sheets import sent_of, standing_changes
from billing.queries.last_sent import key_sent, sent_key
from teikyaku.accounts.models import Office
from teikyaku.periods import Month
from teikyaku.prepared import prepared


@dataclass(frozen=True, slots=True)
class Told:
    """Another office of a changed sheet; `telling` is None until it was told."""

    line: CapResultLine
    telling: CapTelling | None
    is_gone: bool = False
    """It stood on the sheet before, and stands on the one that was put right no more."""


@dataclass(frozen=True, slots=True)
class Untold:
    """A sheet of which `offices` (how many) are to be told yet."""

    line: MonthLine
    offices: int
    is_revision: bool


def is_revision(entry: ClaimFileEntry) -> bool:
    """Whether the line puts the sheet right; else it cancels it."""
    return hasattr(entry, "cap_revision")


def told_of(changes: Iterable[ClaimFileEntry]) -> dict[int, list[Told]]:
    """By line that cancels or puts right, the other offices of its sheet, each with how it was told.

    Three queries at most; the lines bring with them what they bear (`cap_sheets.sent_entries`).
    """
    found = {each.pk: each for each in changes}
    if not found:
        return {}
    before = _borne_before(found.values())
    lines = _lines_of({*map(key_sent, found.values()), *before.values()})
    told = CapTelling.objects.filter(entry__in=found, cancels=None, cancelled_by=None)
    known = {(row.entry_id, row.line_id): row for row in told.select_related("recorded_by__user")}
    return {
        key: [
            Told(line, known.get((key, line.pk)), is_gone)
            for line, is_gone in _offices(lines, key_sent(each), before.get(key))
        ]
        for key, each in found.items()
    }


def _borne_before(changes: Iterable[ClaimFileEntry]) -> dict[int, int]:
    """By line that puts right, the key of the result that was sent before it (one query; none without any)."""
    sheets = {each.pk: each.cap_revision.sheet_id for each in changes if is_revision(each)}
    if not sheets:
        return {}
    rows = ClaimFileEntry.objects.filter(pk__in=sheets.values()).annotate(sent_key=sent_key())
    borne = {row.pk: key_sent(row) for row in rows}
    return {key: borne[sheet] for key, sheet in sheets.items()}


def _lines_of(results: Iterable[int]) -> dict[int, list[CapResultLine]]:
    """The other offices' lines of each sheet, in their order (one query)."""
    found: dict[int, list[CapResultLine]] = {key: [] for key in results}
    for line in CapResultLine.objects.filter(result__in=found, is_own=False).order_by("position"):
        found[line.result_id].append(line)
    return found


def _offices(
    lines: dict[int, list[CapResultLine]], now: int, before: int | None
) -> list[tuple[CapResultLine, bool]]:
    """Who stands on the sheet, then who stood on the one before and stands on it no more."""
    there = {line.office_number for line in lines[now]}
    gone = [line for line in lines.get(before or 0, ()) if line.office_number not in there]
    return [*((line, False) for line in lines[now]), *((line, True) for line in gone)]


def untold_months(office: Office) -> list[tuple[Month, int]]:
    """By month, newest first, how many offices are to be told yet (at most five queries)."""
    counts: Counter[Month] = Counter()
    for each in untold_lines(office):
        counts[Month.of(each.line[1])] += each.offices
    return sorted(counts.items(), reverse=True)


def untold_lines(office: Office) -> list[Untold]:
    """By person's month how many offices are to be told yet (at most five queries).

    Of sheets whose 取消し or 修正 stands: neither withdrawn nor followed by another sheet.
    """
    uses = _changed_for.rows(office=office.pk)
    if not uses:
        return []
    standing = standing_changes(sent_of.rows(office=office.pk, enrolments=uses)).values()
    told = told_of(standing)
    found = (
        Untold(
            each.person_month.line,
            sum(office.telling is None for office in told[each.pk]),
            is_revision(each),
        )
        for each in standing
    )
    return [each for each in found if each.offices]


@prepared("office")
def _changed_for(office: int) -> QuerySet[ClaimFileEntry, int]:
    """Of whom a sheet was cancelled or put right alone: their enrolments."""
    changed = Q(cap_cancellation__isnull=False) | Q(cap_revision__isnull=False)
    rows = ClaimFileEntry.objects.filter(changed, file__office=office)
    return rows.values_list("person_month__enrolment", flat=True)
