"""What one line of somebody's sheet says of a person, and whom it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clients.models import Client, Enrolment
from plans.rules.network_before import NONE, NetworkBefore
from teikyaku.accounts.models import Membership, Municipality


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """利用者 as one line of a sheet states them. Days are inclusive, months are first days."""

    name: str
    kana: str
    birth_date: date
    phone: str = ""
    postal_code: str = ""
    lives_in: Municipality | None = None
    address: str = ""
    lives_from: date | None = None
    disabilities: tuple[str, ...] = ()
    disabled_from: date | None = None
    employer: str = ""
    employer_address: str = ""
    employed_on: date | None = None
    weekly_minutes: int | None = None
    left_on: date | None = None
    left_reason: str = ""
    improves: bool | None = None
    leave_from: date | None = None
    leave_until: date | None = None
    leave_reason: str = ""
    must_not_contact: bool = False
    service_kind: str = ""
    service_office: str = ""
    service_from: date | None = None
    service_until: date | None = None
    is_service_assumed: bool = False
    """Its kind was answered for all lines, or its days are not told: they lie before the job."""
    municipality: Municipality | None = None
    number: str = ""
    granted_from: date | None = None
    granted_until: date | None = None
    decided_on: date | None = None
    issued_on: date | None = None
    amount: str = ""
    cap_yen: int | None = None
    category: str = ""
    cap_first_month: date | None = None
    cap_last_month: date | None = None
    is_managed: bool | None = None
    managing_name: str = ""
    managing_number: str = ""
    consulted_from: date | None = None
    explained_on: date | None = None
    signed_on: date | None = None
    use_from: date | None = None
    contracted_amount: str = ""
    entry_number: int | None = None
    initial_month: date | None = None
    ended_on: date | None = None
    end_reason: str = ""
    staff: Membership | None = None
    last_met_on: date | None = None
    pace_months: int | None = None
    settled: int | None = None
    plan_made_on: date | None = None
    plan_from: date | None = None
    plan_review_by: date | None = None
    plan_goal: str = ""
    without_plan_since: date | None = None
    network_months: NetworkBefore = NONE

    @property
    def opens_on(self) -> date | None:
        """The day from which the office works with the person, as far as the line says."""
        if self.consulted_from is not None:
            return self.consulted_from
        days = (self.explained_on, self.signed_on, self.use_from, self.last_met_on)
        return min((day for day in days if day is not None), default=None)


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a line is about, as far as they are on file; nobody for somebody new."""

    client: Client | None = None
    enrolment: Enrolment | None = None
    """The running one at the office."""
