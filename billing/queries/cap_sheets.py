"""上限額管理結果票 that were sent: which of them stand, and which no longer agree with the closed month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from billing.enums import CapCancelReason, ClaimFamily
from billing.models import (
    CapResult,
    CapSheetCancellation,
    CapSheetRevision,
    ClaimFileEntry,
    MonthLine,
    PersonMonth,
)
from billing.queries.last_sent import key_sent, sent_key
from clients.queries.subject import names_of
from teikyaku.accounts.models import Office
from teikyaku.clock import date_of
from teikyaku.periods import Month
from teikyaku.prepared import prepared

SheetKey = tuple[int, date, str, str]
"""Enrolment, month, numbers of municipality and certificate: what 国保連 knows a sheet by."""


@dataclass(frozen=True, slots=True)
class SentSheet:
    """The last line about one person's sheet that went into a file which was not withdrawn."""

    entry: ClaimFileEntry
    name: str
    kana: str
    others: tuple[str, ...]
    """The other offices of the sheet, who reckoned by it: they are told of a cancellation."""
    fault: str
    """Why it agrees with the closed month no more; "" where it does, or where it is cancelled."""
    result: CapResult
    """The sheet, as it was sent last."""
    reason: str = ""
    """Which `CapCancelReason` that likely is."""
    change: ClaimFileEntry | None = None
    """The line that cancelled it or put it right alone: the other offices are told of that."""

    @property
    def row(self) -> PersonMonth:
        """The closed month by which the sheet was made."""
        return self.entry.person_month

    @property
    def cancellation(self) -> CapSheetCancellation | None:
        """By what it was cancelled; None where it stands."""
        return getattr(self.entry, "cap_cancellation", None)

    @property
    def revision(self) -> CapSheetRevision | None:
        """By what it was put right; None where it stands as it was sent first, or was cancelled."""
        return getattr(self.entry, "cap_revision", None)

    @property
    def is_due(self) -> bool:
        """It stands at 国保連 and should not."""
        return self.cancellation is None and bool(self.fault)


def key_of(row: PersonMonth) -> SheetKey:
    """By what 国保連 will know the sheet of a closed month that is sent now."""
    code = row.municipality.current.code
    return row.enrolment_id, row.month, code, row.certificate_number


def key_of_sent(entry: ClaimFileEntry) -> SheetKey:
    """By what 国保連 knows a sheet that was sent."""
    row = entry.person_month
    return row.enrolment_id, row.month, entry.municipality_code, row.certificate_number


def last_entries(entries: Iterable[ClaimFileEntry]) -> dict[SheetKey, ClaimFileEntry]:
    """Of each sheet the last line that was sent: it says how the sheet stands."""
    return {
        key_of_sent(each): each
        for each in sorted(entries, key=lambda each: (each.file_id, each.pk))
    }


def standing_changes(entries: Iterable[ClaimFileEntry]) -> dict[SheetKey, ClaimFileEntry]:
    """Of each sheet the line that cancelled it or put it right alone, as long as nothing else was sent since.

    A claim that goes again (返戻) bears what the 修正 said: that still holds.
    """
    found: dict[SheetKey, ClaimFileEntry] = {}
    for each in sorted(entries, key=lambda each: (each.file_id, each.pk)):
        key = key_of_sent(each)
        if hasattr(each, "cap_cancellation") or hasattr(each, "cap_revision"):
            found[key] = each
        elif key in found and not _bears_again(each, found[key]):
            del found[key]
    return found


def _bears_again(entry: ClaimFileEntry, change: ClaimFileEntry) -> bool:
    return hasattr(change, "cap_revision") and key_sent(entry) == key_sent(change)


def sent_entries(**of: Any) -> Any:
    """The lines of sheets in files that were not withdrawn: made, put right or cancelled.

    Each with the key of the result that it bears (`billing.queries.last_sent`).
    """
    rows = ClaimFileEntry.objects.filter(
        file__family=ClaimFamily.CAPS, file__withdrawal=None, **of
    )  # fmt: skip
    return rows.select_related("person_month", "cap_revision", "cap_cancellation").annotate(
        sent_key=sent_key()
    )


def sheets_that_stand(enrolments: Iterable[int], month: Month) -> dict[SheetKey, ClaimFileEntry]:
    """The sheets of the month that were sent and not cancelled, by the last line (one query)."""
    entries = sent_entries(
        person_month__enrolment__in=list(enrolments), person_month__month=month.first_day
    )
    return {
        key: each
        for key, each in last_entries(entries).items()
        if not hasattr(each, "cap_cancellation")
    }


def rows_with_sheet(rows: Collection[int]) -> set[int]:
    """Of these closed months, by key: whose sheet was sent from here and stands (one query; none without rows)."""
    if not rows:
        return set()
    entries = last_entries(sent_entries(person_month__in=list(rows))).values()
    return {each.person_month_id for each in entries if not hasattr(each, "cap_cancellation")}


def sent_sheets(office: Office, month: Month) -> list[SentSheet]:
    """Every sheet of the month that was sent, by kana (a constant number of queries)."""
    entries = sent_entries(file__office=office, file__month=month.first_day).select_related(
        "file", "cap_cancellation__recorded_by__user", "cap_cancellation__sheet__file",
        "person_month__client", "person_month__municipality__city", "person_month__enrolment",
        "person_month__cap_result", "person_month__closing",
        "cap_revision__recorded_by__user", "cap_revision__sheet__file",
    )  # fmt: skip
    found = list(last_entries(entries).values())
    changes = standing_changes(entries)
    standing, sent = _standing(each.person_month for each in found), _sent_under(found)
    names = names_of([each.person_month.client_id for each in found], month.last_day)
    results = CapResult.objects.prefetch_related("lines").in_bulk({key_sent(x) for x in found})
    sheets = [
        replace(
            _sheet(
                each, results[key_sent(each)], names.get(each.person_month.client_id),
                _fault(each, standing.get(each.person_month.line), sent),
            ),
            change=changes.get(key_of_sent(each)),
        )
        for each in found
    ]  # fmt: skip
    return sorted(sheets, key=lambda each: (each.kana, each.entry.pk))


def due_sheets(office: Office, month: Month) -> list[SentSheet]:
    """Those that stand at 国保連 and should be cancelled."""
    return [each for each in sent_sheets(office, month) if each.is_due]


def cancelled_on(result: CapResult) -> date | None:
    """The day on which the sheet of `result` was cancelled; None where it was not, or was sent anew."""
    entries = last_entries(
        each for each in _entries_about(result) if key_sent(each) == result.pk
    ).values()
    found = [getattr(each, "cap_cancellation", None) for each in entries]
    days = [date_of(each.recorded_at) for each in found if each is not None]
    return max(days) if days and len(days) == len(found) else None


def _entries_about(result: CapResult) -> Any:
    """The lines of files about the person's month of a sheet."""
    return sent_entries(
        person_month__enrolment=result.enrolment_id, person_month__month=result.month
    ).select_related("person_month__cap_result")


@prepared("office", "enrolments")
def sent_of(office: int, enrolments: list[int]) -> QuerySet[ClaimFileEntry]:
    """The office's lines of sheets of these people, whatever the month, with their sheet."""
    rows: QuerySet[ClaimFileEntry] = sent_entries(
        file__office=office, person_month__enrolment__in=enrolments
    )
    return rows.select_related("person_month__cap_result")


def sheets_left(office: Office, of: Iterable[MonthLine]) -> dict[Month, set[int]]:
    """By month the enrolments of these lines with a sheet that should be cancelled (two queries)."""
    found: dict[Month, set[int]] = defaultdict(set)
    lines = set(of)
    if not lines:
        return found
    entries = sent_of.rows(office=office.pk, enrolments={enrolment for enrolment, _month in lines})
    last = last_entries(entries).values()
    left = [
        each
        for each in last
        if not hasattr(each, "cap_cancellation") and each.person_month.line in lines
    ]
    standing = _standing(each.person_month for each in left) if left else {}
    sent = _sent_under(last)
    for each in left:
        row = each.person_month
        if _fault(each, standing.get(row.line), sent)[0]:
            found[Month.of(row.month)].add(row.enrolment_id)
    return found


def _standing(sent: Iterable[PersonMonth]) -> dict[MonthLine, PersonMonth]:
    """Of each line the closed month that counts (one query)."""
    lines = {row.line for row in sent}
    rows = PersonMonth.objects.standing().filter(
        enrolment__in={enrolment for enrolment, _month in lines},
        month__in={month for _enrolment, month in lines},
    )
    related = rows.select_related("cap_result", "municipality__proposal__same_as")
    return {row.line: row for row in related if row.line in lines}


def _sent_under(last: Iterable[ClaimFileEntry]) -> dict[int, SheetKey]:
    """By closed month (its key) the numbers that its sheet was sent with last, of what was not cancelled."""
    standing = (each for each in last if not hasattr(each, "cap_cancellation"))
    in_turn = sorted(standing, key=lambda each: (each.file_id, each.pk))
    return {each.person_month_id: key_of_sent(each) for each in in_turn}


def _sheet(
    entry: ClaimFileEntry, result: CapResult, name: Any, found: tuple[str, str]
) -> SentSheet:
    row = entry.person_month
    lines = sorted(result.lines.all(), key=lambda each: each.position)
    fault, reason = found
    return SentSheet(
        entry=entry,
        name=name.name if name else _("受給者証 %(number)s") % {"number": row.certificate_number},
        kana=name.kana if name else "",
        others=tuple(line.office_name for line in lines if not line.is_own),
        fault=fault,
        result=result,
        reason=reason,
    )


def _fault(
    entry: ClaimFileEntry, now: PersonMonth | None, sent: dict[int, SheetKey]
) -> tuple[str, str]:
    """Why a sheet agrees with what counts `now` no more, and the likely reason.

    `sent`: under which numbers the sheets of closed months went last. One whose municipality was put
    right since stands as it went, until the month goes again.
    """
    if now is None:
        return _("この月は取り下げてあります。"), CapCancelReason.WITHDRAWN
    if now.cap_result is None:
        words = _("締めた月には、いま上限額管理の結果がありません。")
        return words, CapCancelReason.NOT_NEEDED
    if not now.cap_result.is_made_here:
        words = _("いまは、ほかの事業所（%(who)s）が管理した月です。")
        return (
            words % {"who": now.cap_result.managing_office_name}, CapCancelReason.OTHER_MANAGER,
        )  # fmt: skip
    if (sent.get(now.pk) or key_of(now)) != key_of_sent(entry):
        words = _("いまの受給者証番号か支給市町村と違う番号で送ってあります。")
        return words, CapCancelReason.OTHER_NUMBER
    return "", ""
