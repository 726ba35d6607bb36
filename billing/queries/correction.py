"""One closed month beside what today's facts come to, line by line: what a correction would write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billing.models import PersonMonth
from billing.queries.additions import addition_facts
from billing.queries.cap_figures import cap_figures
from billing.queries.differences import NOT_SERVED, billed_of, billed_today
from billing.queries.month import MonthEntry, entry_of
from billing.queries.office_month import OfficeMonth, office_month
from billing.queries.people_months import people_months
from billing.rules.correction import Compared, compared
from billing.rules.difference import Billed, Difference, difference
from plans.queries.month import months_in_span
from plans.rules.month import MonthState
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
            ],
        ]  # fmt: skip
        return digest(shown)[:16]


def redo_of(row: PersonMonth, on: date) -> Redo:
    """The row beside the same month as known on `on`, by the same functions as the close."""
    office, month = row.closing.office, Month.of(row.month)
    own = office_month(office, month)
    only = {row.enrolment_id}
    support = next(months_in_span([office], month, month, on, only=only), None)
    if support is None:
        return Redo(row, own, None, billed_of(row), None, (NOT_SERVED,), is_held=False)
    people = people_months([office], month, month).get(month)
    claimed = people.claims if people else {}
    entry = entry_of(
        support, own,
        is_claimed_elsewhere=claimed.get(row.client_id, row.enrolment_id) != row.enrolment_id,
        managed=cap_figures([office], month, month).get((row.enrolment_id, month)),
        additions=addition_facts(office, month, month, on).of(support, own),
    )  # fmt: skip
    held, after = entry.state == MonthState.HELD, billed_today(entry)
    return Redo(row, own, entry, billed_of(row), after, entry.reasons, is_held=held)
