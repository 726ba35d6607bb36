"""Closed months beside what today's facts come to, line by line: what a correction would write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing.models import PersonMonth
from billing.queries.additions import addition_facts
from billing.queries.cap_figures import cap_figures
from billing.queries.claim_entries import numbers_sent
from billing.queries.differences import NOT_SERVED, billed_of, billed_today
from billing.queries.month import MonthEntry, entry_of
from billing.queries.office_month import OfficeMonth, office_months
from billing.queries.people_months import people_months
from billing.queries.sheet_lines import lines_where_written_again
from billing.rules.correction import Compared, compared
from billing.rules.difference import Billed, Difference, difference
from plans.queries.month import months_in_span
from plans.rules.month import MonthState
from teikyaku.accounts.models import Office
from teikyaku.frozen import digest
from teikyaku.periods import Month
from teikyaku.reasons import Reason


@dataclass(frozen=True, slots=True)
class Redo:
    """What stands, what it would be today, and whether it can be put right now."""

    row: PersonMonth
    own: OfficeMonth
    entry: MonthEntry | None
    """As the close would take it; None where the use does not reach into the month any more."""
    before: Billed
    after: Billed | None
    """None where the month could not be billed today, for `reasons`."""
    reasons: tuple[Reason, ...]
    is_held: bool
    """What is missing can still come: then the month is put right later."""

    @property
    def found(self) -> Difference | None:
        """What differs, in words; None where nothing does."""
        return difference(self.before, self.after, self.reasons, is_held=self.is_held)

    @property
    def can_redo(self) -> bool:
        """Whether a new row would say something else than the old one."""
        return self.after is not None and (self.row.is_withdrawn or self.found is not None)

    @property
    def can_withdraw(self) -> bool:
        """Whether there is something to withdraw."""
        return not self.row.is_withdrawn

    @property
    def lines(self) -> tuple[Compared, ...]:
        """Old and new side by side, as a correction would write it."""
        return compared(self.before, self.after)

    @property
    def changed_lines(self) -> tuple[Compared, ...]:
        """What is different; where nothing is, the sums."""
        found = tuple(each for each in self.lines if each.change)
        return found or tuple(each for each in self.lines if each.is_sum)

    @property
    def same_lines(self) -> tuple[Compared, ...]:
        """The rest, which the page folds away."""
        shown = self.changed_lines
        return tuple(each for each in self.lines if each not in shown)

    @property
    def withdrawn_lines(self) -> tuple[Compared, ...]:
        """The same where the month is withdrawn."""
        return compared(self.before, None)

    @property
    def mark(self) -> str:
        """What the page showed: when the facts have changed since, a correction is refused."""
        now = self.after
        shown = [
            str(self.row.public_id),
            None if now is None else [
                sorted(now.units_by_line.items()), now.unit_price, now.cap_yen, now.copayment_yen,
                now.benefit_yen, now.municipality, now.certificate_number, now.subsidy_yen,
                now.subsidy_municipality, now.cap_manager, now.cap_outcome,
                [str(each) for each in now.cap_sheet],
            ],
        ]  # fmt: skip
        return digest(shown)[:16]


def redo_of(row: PersonMonth, on: date) -> Redo:
    """The row beside the same month as known on `on`, by the same functions as the close."""
    return redos_of(row.closing.office, [row], on)[0]


def redos_of(office: Office, rows: Sequence[PersonMonth], on: date) -> list[Redo]:
    """As `redo_of` for these rows of one office, in their order (a constant number of queries)."""
    if not rows:
        return []
    months = sorted(Month.of(row.month) for row in rows)
    first, last = months[0], months[-1]
    own, managed = office_months(office, first, last), cap_figures([office], first, last)
    facts, people = addition_facts(office, first, last, on), people_months([office], first, last)
    supports = {
        (support.enrolment_id, support.month): support
        for support in months_in_span(
            [office], first, last, on, only={row.enrolment_id for row in rows}
        )
    }
    sheets, sent = lines_where_written_again(rows, managed), numbers_sent([row.pk for row in rows])
    found = []
    for row in rows:
        month = Month.of(row.month)
        key, side = (row.enrolment_id, month), own[month]
        support = supports.get(key)
        if support is None:
            found.append(
                Redo(
                    row,
                    side,
                    None,
                    billed_of(row, sheets, sent),
                    None,
                    (NOT_SERVED,),
                    is_held=False,
                )
            )
            continue
        claimed = people[month].claims if month in people else {}
        entry = entry_of(
            support, side,
            is_claimed_elsewhere=claimed.get(row.client_id, row.enrolment_id) != row.enrolment_id,
            managed=managed.get(key),
            additions=facts.of(support, side),
        )  # fmt: skip
        is_held = entry.state == MonthState.HELD
        before, after = billed_of(row, sheets, sent), billed_today(entry, sheets)
        found.append(Redo(row, side, entry, before, after, entry.reasons, is_held=is_held))
    return found
