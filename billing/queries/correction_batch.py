"""まとめて直す: the closed months of a span that one changed fact makes different, each as old and new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from billing.models import PersonMonth
from billing.models.month import PersonMonthQuerySet
from billing.queries.correction import Redo, redos_of
from billing.queries.differences import FROZEN
from clients.queries.subject import names_seen
from teikyaku.accounts.models import Office
from teikyaku.frozen import digest
from teikyaku.periods import Month

# What one action writes: one short transaction. What is left stands on the same page afterwards.
MOST = 50


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One person's month that differs. Money in yen."""

    redo: Redo
    name: str
    kana: str

    @property
    def key(self) -> str:
        """The row in a form."""
        return str(self.redo.row.public_id)

    @property
    def month(self) -> Month:
        """The month of the service."""
        return Month.of(self.redo.row.month)

    @property
    def is_redo(self) -> bool:
        """A new row by today's facts; else the month is withdrawn, as it could not be billed."""
        return self.redo.can_redo

    @property
    def benefit_yen(self) -> int:
        """給付費, new less old."""
        return self.redo.found.benefit_yen if self.redo.found else 0

    @property
    def payable_yen(self) -> int:
        """What the person pays, new less old."""
        return self.redo.found.payable_yen if self.redo.found else 0

    @property
    def sums(self) -> list[tuple[int, int, int]]:
        """総費用額, 給付費 and what the person pays: old, new, new less old; 0 yen once withdrawn."""
        old, now = self.redo.before, self.redo.after
        pairs = (
            (getattr(old, name), getattr(now, name) if now and self.is_redo else 0)
            for name in ("total_cost_yen", "benefit_yen", "payable_yen")
        )
        return [(was, new, new - was) for was, new in pairs]


@dataclass(frozen=True, slots=True)
class BatchSums:
    """What these rows come to, new less old. Money in yen."""

    redone: int
    withdrawn: int
    benefit_yen: int
    payable_yen: int

    @classmethod
    def of(cls, rows: Iterable[BatchRow]) -> BatchSums:
        """Of these rows."""
        found = list(rows)
        redone = sum(row.is_redo for row in found)
        return cls(
            redone, len(found) - redone, sum(row.benefit_yen for row in found),
            sum(row.payable_yen for row in found),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Batch:
    """What can be put right now, oldest month first: `rows` in one action, `more` in the next ones."""

    rows: tuple[BatchRow, ...]
    more: int
    held: int
    """Months that differ and still lack something: they are put right later."""


def batch_of(
    office: Office, first: Month, last: Month, on: date, client: UUID | None = None
) -> Batch:
    """The differing months of the office in a span, or of one person there (constant queries)."""
    rows = PersonMonth.objects.standing().filter(
        closing__office=office, month__range=(first.first_day, last.first_day)
    )
    if client is not None:
        rows = rows.filter(client__public_id=client)
    differing = [redo for redo in redos_of(office, _with_facts(rows), on) if redo.found]
    held = [redo for redo in differing if redo.is_held]
    able = [redo for redo in differing if not redo.is_held]
    names = names_seen([redo.row.enrolment for redo in able], on)
    found = [_row(redo, names.get(redo.row.enrolment_id)) for redo in able]
    found.sort(key=lambda each: (each.month, each.kana, each.redo.row.pk))
    return Batch(tuple(found[:MOST]), max(0, len(found) - MOST), len(held))


def chosen_redos(office: Office, keys: Iterable[UUID], on: date) -> list[Redo]:
    """These months of the office that still count, as known on `on`, oldest first."""
    rows = PersonMonth.objects.standing().filter(closing__office=office, public_id__in=list(keys))
    return redos_of(office, _with_facts(rows), on)


def mark_of(redos: Iterable[Redo]) -> str:
    """What was shown of these months together: another mark is another agreement."""
    return digest(sorted(redo.mark for redo in redos))[:16]


def _with_facts(rows: PersonMonthQuerySet) -> list[PersonMonth]:
    related = ("closing__office", "enrolment", *FROZEN)
    return list(rows.select_related(*related).prefetch_related("lines").order_by("month", "pk"))


def _row(redo: Redo, name: object) -> BatchRow:
    return BatchRow(redo, getattr(name, "name", ""), getattr(name, "kana", ""))
