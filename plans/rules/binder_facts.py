"""What the mismatches of a person's support are found from: frozen values, read once. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from plans.rules.report import Given, ToldMeeting
from plans.rules.support_plan import PlanDates
from teikyaku.periods import Month, Period


@dataclass(frozen=True, slots=True)
class UseFacts:
    """利用 the span of one enrolment: the office's work, and from when the service is used."""

    starts_on: date
    use_starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """利用契約 with what it says of the amount."""

    key: str
    period: Period
    amount: str


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """支給決定 of whichever municipality."""

    period: Period
    amount: str


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """個別支援計画 that was not given up. `review_months`: the longest span of its time [S]."""

    key: str
    dates: PlanDates
    starts_on: date | None
    review_by: date | None
    review_months: int

    @property
    def is_complete(self) -> bool:
        """Handed over: it counts for its months."""
        return self.dates.handed_over_on is not None


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """面談 face to face or by video that holds."""

    key: str
    on: date
    way: str


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """支援レポート as issued: the days of the meetings that it tells of."""

    month: Month
    number: int
    issued_on: date
    tells_of: tuple[ToldMeeting, ...]
    is_newest: bool = True


@dataclass(frozen=True, slots=True)
class ShareFacts:
    """共有 that stands: to whom, when, which items of which version, and whether it was received."""

    key: str
    month: Month
    recipient: str
    name_key: str
    whom: str
    shared_on: date
    received_on: date | None
    items: tuple[str, ...]
    tells_of: tuple[ToldMeeting, ...] = ()
    is_closed_job: bool = False
    """On that day the workplace must not be contacted."""
    shared_at: datetime | None = None
    """When it was recorded, where that was on the day itself."""


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """同意 for reports: the days on which it allows something, and what it covers."""

    given: Given
    starts_on: date
    ends_on: date | None
    withdrawn_on: date | None
    withdrawn_at: datetime | None = None
    """When the withdrawal was recorded, where that was on the day itself."""

    def holds(self, on: date, at: datetime | None = None) -> bool:
        """Whether it allowed what went on `on`, recorded that day at `at`.

        From the withdrawal on nothing goes. What went on the very day may have gone before it: only
        where both were recorded that day and the withdrawal first, it did not hold.
        """
        is_over = self.ends_on is not None and self.ends_on < on
        return self.starts_on <= on and not is_over and not self.is_withdrawn(on, at)

    def is_withdrawn(self, on: date, at: datetime | None) -> bool:
        """Whether the withdrawal came before what went on `on`, as far as is known."""
        if self.withdrawn_on is None or on < self.withdrawn_on:
            return False
        if on > self.withdrawn_on:
            return True
        return at is not None and self.withdrawn_at is not None and self.withdrawn_at < at


@dataclass(frozen=True, slots=True)
class SupportFacts:
    """One enrolment in a span of months, as known on `on`, bound on `bound_on`.

    They differ after the end of the use: a receipt can still come when nothing else is told.
    """

    on: date
    bound_on: date
    span: Period
    use: UseFacts
    contracts: tuple[ContractFacts, ...] = ()
    decisions: tuple[DecisionFacts, ...] = ()
    plans: tuple[PlanFacts, ...] = ()
    months_without_plan: tuple[Month, ...] = ()
    """Months of use in the span, over by now, in which no plan was valid (plans.queries.month)."""
    meetings: tuple[MeetingFacts, ...] = ()
    met: frozenset[ToldMeeting] = frozenset()
    """Standing contacts in which the person was reached, by whichever way."""
    versions: tuple[VersionFacts, ...] = ()
    shares: tuple[ShareFacts, ...] = ()
    consents: tuple[ConsentFacts, ...] = ()
    died_on: date | None = None
