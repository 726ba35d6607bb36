"""What months hang on, as named tuples: one kind of row each, and no model objects."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from plans.rules.report_handed import handed_on
from plans.rules.support_plan import PlanDates, PlanStep, next_step
from teikyaku.accounts.roles import Role


class Use(NamedTuple):
    """利用 of one person at one office."""

    pk: int
    public_id: UUID
    client_id: int
    person_id: UUID
    """The person's public id."""
    office_id: int
    use_starts_on: date | None
    ends_on: date | None
    window_starts_on: date | None
    window_ends_on: date | None
    died_on: date | None = None
    """When the person died."""


class NameRow(NamedTuple):
    """氏名 of a client."""

    client: int
    starts_on: date
    ends_on: date | None
    name: str
    kana: str

    def holds(self, day: date) -> bool:
        """Whether it is the person's name on `day`."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class DecisionRow(NamedTuple):
    """支給決定 of a client."""

    client: int
    pk: int
    public_id: UUID
    starts_on: date
    ends_on: date
    revoked_on: date | None
    granted_until: date
    municipality_id: int


class CapRow(NamedTuple):
    """負担上限月額 of a client."""

    client: int
    municipality_id: int
    """Who set it."""
    first_month: date
    last_month: date | None
    cap_yen: int
    is_managed: bool
    managing_office_number: str
    managing_office_name: str

    def holds(self, day: date) -> bool:
        """Whether it is the cap of the month whose first day is `day`."""
        return self.first_month <= day and (self.last_month is None or day <= self.last_month)


class SharedRow(NamedTuple):
    """On which days the report of a month was shared with the person; at least one."""

    days: tuple[date, ...]

    def of_meetings(self, met: tuple[date, ...]) -> date:
        """The day that counts: the first one on which it was handed over; the last one where all are early."""
        return handed_on(self.days, met) or max(self.days)

    def is_early(self, met: tuple[date, ...]) -> bool:
        """Whether it was never shared after the first meeting of the month."""
        return handed_on(self.days, met) is None


class ContractRow(NamedTuple):
    """利用契約 of a client, at whichever office."""

    client: int
    enrolment: int
    office: int
    starts_on: date
    ends_on: date | None
    initial_addition_month: date | None


class PlanRow(NamedTuple):
    """個別支援計画 of an enrolment, by its days alone; those given up are none."""

    enrolment: int
    starts_on: date | None
    review_by: date | None
    handed_over_on: date | None
    # How far it is, while it is being made; None of one that was handed over.
    public_id: UUID | None
    """Pages lead to it."""
    assessed_on: date | None
    drafted_on: date | None
    meeting_on: date | None
    explained_on: date | None
    consented_on: date | None
    consultation_on: date | None

    @property
    def is_complete(self) -> bool:
        """As `SupportPlan.is_complete`."""
        return self.handed_over_on is not None

    @property
    def is_open(self) -> bool:
        """As `SupportPlan.is_open`."""
        return self.handed_over_on is None

    @property
    def next_step(self) -> PlanStep | None:
        """As `SupportPlan.next_step`."""
        days = PlanDates(
            assessed_on=self.assessed_on, drafted_on=self.drafted_on, meeting_on=self.meeting_on,
            explained_on=self.explained_on, consented_on=self.consented_on,
            handed_over_on=self.handed_over_on, consultation_on=self.consultation_on,
        )  # fmt: skip
        return next_step(days)


class ContactRow(NamedTuple):
    """面談・連絡 of an enrolment."""

    enrolment: int
    held_on: date
    way: str
    outcome: str
    roles: list[str] | None
    """Of who met them, in post that day; None of somebody who was in no post."""

    @property
    def is_by_support_worker(self) -> bool:
        """Whether 就労定着支援員 met them."""
        return Role.SUPPORT_WORKER in (self.roles or ())
