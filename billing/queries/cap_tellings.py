"""結果票の連絡: which offices of a cancelled or revised sheet are still to be told of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from billing.models import CapResultLine, CapTelling, ClaimFileEntry, MonthLine
from billing.queries.cap_sheets import sent_entries, sent_of, standing_changes
from billing.queries.last_sent import key_sent
from teikyaku.accounts.models import Office
from teikyaku.periods import Month
from teikyaku.prepared import prepared

Lines = Mapping[int, Sequence[CapResultLine]]
Known = Mapping[tuple[int, int], CapTelling]


@dataclass(frozen=True, slots=True)
class Told:
    """Another office of a changed sheet; `telling` is None until it was told."""

    line: CapResultLine
    telling: CapTelling | None
    is_gone: bool = False
    """It stood on a sheet before, and stands on the one that was put right no more."""


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

    After them who stood on a sheet of before and fell off by a 修正: the last one, or an earlier one of
    which nobody told it since. Of a 修正 from before tellings were recorded, only who was told. Three
    queries at most; the lines bring with them what they bear (`cap_sheets.sent_entries`).
    """
    found = {each.pk: each for each in changes}
    if not found:
        return {}
    chains = _chains(found.values())
    links = {each.pk: each for chain in chains.values() for each in chain}
    lines = _lines_of({*map(key_sent, found.values()), *map(key_sent, links.values())})
    told = CapTelling.objects.filter(
        entry__in={*found, *links}, cancels=None, cancelled_by=None
    ).select_related("recorded_by__user")
    known = {(row.entry_id, row.line_id): row for row in told}
    return {key: _told(each, chains[key], lines, known) for key, each in found.items()}


def _chains(changes: Iterable[ClaimFileEntry]) -> dict[int, list[ClaimFileEntry]]:
    """By line the lines of the same month before it, the first sent first, since its sheet was cancelled last (one query)."""
    changed = list(changes)
    sent: dict[int, list[ClaimFileEntry]] = defaultdict(list)
    rows = sent_entries(person_month__in={each.person_month_id for each in changed})
    for row in sorted(rows, key=_turn):
        sent[row.person_month_id].append(row)
    return {each.pk: _since_cancelled(sent[each.person_month_id], each) for each in changed}


def _since_cancelled(
    sent: Iterable[ClaimFileEntry], change: ClaimFileEntry
) -> list[ClaimFileEntry]:
    found: list[ClaimFileEntry] = []
    for each in sent:
        if _turn(each) < _turn(change):
            found = [] if hasattr(each, "cap_cancellation") else [*found, each]
    return found


def _turn(entry: ClaimFileEntry) -> tuple[int, int]:
    return entry.file_id, entry.pk


def _lines_of(results: Iterable[int]) -> dict[int, list[CapResultLine]]:
    """The other offices' lines of each sheet, in their order (one query)."""
    found: dict[int, list[CapResultLine]] = {key: [] for key in results}
    for line in CapResultLine.objects.filter(result__in=found, is_own=False).order_by("position"):
        found[line.result_id].append(line)
    return found


def _told(
    change: ClaimFileEntry, chain: Sequence[ClaimFileEntry], lines: Lines, known: Known
) -> list[Told]:
    """Who stands on the sheet, then who stood on one before it and stands on it no more."""
    here = lines[key_sent(change)]
    on_it = [Told(line, known.get((change.pk, line.pk))) for line in here]
    found = [*on_it, *_gone(change, chain, lines, known)]
    return found if _is_asked(change) else [each for each in found if each.telling]


def _gone(
    change: ClaimFileEntry, chain: Sequence[ClaimFileEntry], lines: Lines, known: Known
) -> list[Told]:
    """Who fell off by `change`, or by an earlier 修正 and was told nothing since; the latest first."""
    seen = {line.office_number for line in lines[key_sent(change)]}
    since, found = [change], []
    for link in reversed(chain):
        for line in lines[key_sent(link)]:
            if line.office_number in seen:
                continue
            seen.add(line.office_number)
            was_told = any((each.pk, line.pk) in known for each in since[1:])
            if not was_told and _is_asked(since[-1]):
                found.append(Told(line, known.get((change.pk, line.pk)), is_gone=True))
        since.append(link)
    return found


def _is_asked(change: ClaimFileEntry) -> bool:
    """Whether it is from a time in which tellings of it were recorded."""
    return not is_revision(change) or change.cap_revision.is_telling_asked


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
