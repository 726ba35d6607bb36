"""Where corrections stand: asked for at the municipality, claimed anew, settled with the person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from billing.enums import ClaimFamily, ClaimFileReason
from billing.models import ClaimFileEntry, ErrorPetition, MonthCorrection, MonthLine, PersonMonth
from billing.queries.claim_entries import standing_entries
from billing.queries.claim_start import is_claimed_here
from billing.rules.correction import LineRow, awaits_claim, needs_petition
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class CorrectionState:
    """The last row of a corrected month, with the rows before it, oldest first."""

    rows: tuple[PersonMonth, ...]
    petitions: tuple[ErrorPetition, ...]
    """Of all rows, oldest first; the last one holds."""
    claimed: Mapping[int, date]
    """The keys of the rows that stand in a claim → the 処理対象の月 of its file."""

    @property
    def row(self) -> PersonMonth:
        """What stands, or was withdrawn."""
        return self.rows[-1]

    @property
    def correction(self) -> MonthCorrection:
        """Why the last row was written."""
        return self.row.correction

    @property
    def former(self) -> PersonMonth:
        """The row before the last one."""
        return self.rows[-2]

    @property
    def petition(self) -> ErrorPetition | None:
        """The one that holds."""
        return self.petitions[-1] if self.petitions else None

    @property
    def line(self) -> list[LineRow]:
        """The rows as the claims know them, oldest first."""
        asked = {each.correction.person_month_id for each in self.petitions}
        return [LineRow(row.pk in self.claimed, row.pk in asked) for row in self.rows]

    @property
    def needs_petition(self) -> bool:
        """The old claim still stands and nobody has asked to take it back."""
        return needs_petition(self.line)

    @property
    def was_claimed(self) -> bool:
        """Whether an earlier row stands in a claim."""
        return any(row.pk in self.claimed for row in self.rows[:-1])

    @property
    def claimed_in(self) -> Month | None:
        """The last processing month of a file with an earlier row; None where none stands in a claim."""
        days = [self.claimed[row.pk] for row in self.rows[:-1] if row.pk in self.claimed]
        return Month.of(max(days)) if days else None

    @property
    def awaits_claim(self) -> bool:
        """The new row is to be claimed and stands in no claim yet."""
        return awaits_claim(self.line, is_withdrawn=self.row.is_withdrawn)

    @property
    def claim_month(self) -> Month | None:
        """From when on the municipality lets the new claim in, where it said so."""
        found = self.petition.claim_month if self.petition else None
        return Month.of(found) if found else None


def states_of(rows: Iterable[PersonMonth]) -> dict[int, CorrectionState]:
    """By the key of these last rows; only where something was corrected (three queries, or four)."""
    tails = [row for row in rows if row.replaces_id is not None]
    if not tails:
        return {}
    lines = _rows_of(tails)
    keys = [row.pk for found in lines.values() for row in found]
    entries = standing_entries().filter(person_month__in=keys).order_by("file__processing_month")
    claimed = dict(entries.values_list("person_month", "file__processing_month"))
    petitions: dict[int, list[ErrorPetition]] = defaultdict(list)
    for each in (
        ErrorPetition.objects.filter(correction__person_month__in=keys)
        .select_related("correction", "recorded_by__user")
        .order_by("pk")
    ):
        petitions[each.correction.person_month_id].append(each)
    sent = _sent_of_filed(keys) if petitions else {}
    return {
        tail.pk: _state(
            [row for row in lines[tail.line] if row.pk <= tail.pk], petitions, claimed, sent
        )
        for tail in tails
    }


def _sent_of_filed(keys: list[int]) -> dict[int, bool]:
    """Of these rows those that ever stood in a file: whether one was not taken back before it was sent (one query)."""
    entries = ClaimFileEntry.objects.filter(person_month__in=keys, file__family=ClaimFamily.CLAIM)
    found: dict[int, bool] = {}
    for key, reason in entries.values_list("person_month", "file__withdrawal__reason"):
        found[key] = found.get(key, False) or reason != ClaimFileReason.NOT_SENT
    return found


def claims_that_stand(keys: Iterable[int]) -> set[int]:
    """Of these last rows, by key: those of whose month a claim stands that was not asked back.

    In a file of this installation, of the row or one before it, or, of an earlier month, with the
    software of before (four queries at most).
    """
    rows = PersonMonth.objects.filter(pk__in=list(keys))
    standing = standing_entries().filter(person_month=OuterRef("pk"))
    elsewhere = ~is_claimed_here("month", "closing__office")
    found = set(rows.filter(Exists(standing) | elsewhere).values_list("pk", flat=True))
    return found | {key for key, state in states_of(rows).items() if state.needs_petition}


def _rows_of(tails: list[PersonMonth]) -> dict[MonthLine, list[PersonMonth]]:
    found: dict[MonthLine, list[PersonMonth]] = {tail.line: [] for tail in tails}
    rows = PersonMonth.objects.filter(
        enrolment__in={tail.enrolment_id for tail in tails},
        month__in={tail.month for tail in tails},
    ).select_related("correction__recorded_by__user", "closing__closed_by__user", "cap_result")
    for row in rows.order_by("edition"):
        if row.line in found:
            found[row.line].append(row)
    return found


def _state(
    rows: list[PersonMonth],
    petitions: Mapping[int, list[ErrorPetition]],
    claimed: Mapping[int, date],
    sent: Mapping[int, bool],
) -> CorrectionState:
    asked = tuple(
        each
        for index, row in enumerate(rows)
        if _may_have_come([former.pk for former in rows[:index]], sent)
        for each in petitions.get(row.pk, ())
    )
    own = {row.pk: claimed[row.pk] for row in rows if row.pk in claimed}
    return CorrectionState(tuple(rows), asked, own)


def _may_have_come(former: list[int], sent: Mapping[int, bool]) -> bool:
    """Whether 国保連 may hold a claim of these rows: of what was never sent, a petition takes nothing back."""
    filed = [sent[key] for key in former if key in sent]
    return any(filed) or not filed  # without a file here, with the software of before
