"""Life changes: facts that move the window or the due date, and the derived columns with them.

Each of these is another app's or module's action plus the one refresh, in one transaction. Pages,
imports and the demo call these, never the bare facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from clients.actions import client as client_actions
from clients.actions import employment as employment_actions
from clients.actions import enrolment as enrolment_actions
from clients.actions.facts import add_fact, correct_fact
from clients.models import Client, Employer, Employment, Enrolment, Leave, PriorService
from plans.actions import contract as contract_actions
from plans.actions import correction as correction_actions
from plans.actions import interview as interview_actions
from plans.actions import pace as pace_actions
from plans.actions.interview_draft import Page, end_draft
from plans.actions.referral import refresh_referrals
from plans.actions.reminder import rewrite_waiting
from plans.models import Contract, Interview, InterviewDraft, PaceDecision
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Municipality, Office
from teikyaku.clock import date_of
from teikyaku.rehearsal import is_rehearsed


def refresh_person(client: Client, *, on: date) -> None:
    """Refresh every enrolment of a person; call after any fact that moves window or due date.

    Whoever was led to a centre may be able to use the service by the same facts.
    """
    pace_actions.refresh(Enrolment.objects.filter(client=client), on=on)
    if not is_rehearsed():
        refresh_referrals(client)


@transaction.atomic
def take_in_person(
    *,
    office: Office,
    starts_on: date,
    services: Iterable[dict[str, Any]],
    job: dict[str, Any] | None,
    by: Membership,
    at: datetime,
    **person: Any,
) -> Enrolment:
    """A new person at an office: who they are, what they used before, where they work.

    `services`: fields of PriorService; `job`: fields for `add_employment` with `employer`.
    """
    client = client_actions.register_person(by=by, at=at, **person)
    for service in services:
        row = PriorService(client=client, **service)
        add_fact(row, verb="prior_service_recorded", by=by, at=at)
    if job is not None:
        employment_actions.add_employment(client=client, by=by, at=at, **job)
    enrolment = client_actions.open_enrolment(
        client=client, office=office, starts_on=starts_on, by=by, at=at
    )
    pace_actions.refresh([enrolment], on=date_of(at))
    return enrolment


@transaction.atomic
def link_person(
    *,
    municipality: Municipality,
    number: str,
    birth_date: date,
    office: Office,
    starts_on: date,
    by: Membership,
    at: datetime,
) -> Enrolment:
    """A second office links somebody on file by certificate number and birth date."""
    enrolment = client_actions.link_by_certificate(
        municipality=municipality,
        number=number,
        birth_date=birth_date,
        office=office,
        starts_on=starts_on,
        by=by,
        at=at,
    )
    pace_actions.refresh([enrolment], on=date_of(at))
    # Who comes back is known again as they are now.
    refresh_referrals(enrolment.client)
    return enrolment


@transaction.atomic
def add_prior_service(
    *, client: Client, by: Membership, at: datetime, **facts: Any
) -> PriorService:
    """A service used before or during the employment became known."""
    row = PriorService(client=client, **facts)
    add_fact(row, verb="prior_service_recorded", by=by, at=at)
    refresh_person(client, on=date_of(at))
    return row


@transaction.atomic
def add_employment(
    *, client: Client, employer: Employer, by: Membership, at: datetime, **facts: Any
) -> Employment:
    """A job began."""
    row = employment_actions.add_employment(client=client, employer=employer, by=by, at=at, **facts)
    refresh_person(client, on=date_of(at))
    return row


@transaction.atomic
def end_employment(
    *, employment: Employment, by: Membership, at: datetime, **facts: Any
) -> Employment:
    """A job ended; the right may be pending for a month (docs/rules.md §2)."""
    row = employment_actions.end_employment(employment=employment, by=by, at=at, **facts)
    refresh_person(row.client, on=date_of(at))
    return row


@transaction.atomic
def correct_dated_fact(
    *, row: Any, client: Client, changes: dict[str, Any], reason: str, by: Membership, at: datetime
) -> Any:
    """A wrong date of a job, leave or service was put right; the history keeps the old one."""
    if isinstance(row, PriorService):
        # Whoever corrects it has looked: it is no answer for all any more.
        changes = changes | {"is_provisional": False}
    corrected = correct_fact(row, changes=changes, reason=reason, by=by, at=at)
    refresh_person(client, on=date_of(at))
    return corrected


@transaction.atomic
def start_leave(*, employment: Employment, by: Membership, at: datetime, **facts: Any) -> Leave:
    """A leave of absence began."""
    row = employment_actions.start_leave(employment=employment, by=by, at=at, **facts)
    refresh_person(employment.client, on=date_of(at))
    return row


@transaction.atomic
def end_leave(*, leave: Leave, ends_on: date, by: Membership, at: datetime) -> Leave:
    """The person came back."""
    row = employment_actions.end_leave(leave=leave, ends_on=ends_on, by=by, at=at)
    refresh_person(leave.employment.client, on=date_of(at))
    return row


@transaction.atomic
def start_use(*, enrolment: Enrolment, by: Membership, at: datetime, **facts: Any) -> Contract:
    """The contract was signed and use begins."""
    contract = contract_actions.sign_contract(enrolment=enrolment, by=by, at=at, **facts)
    pace_actions.refresh([enrolment], on=date_of(at))
    return contract


@transaction.atomic
def correct_contract(
    *, contract: Contract, changes: dict[str, Any], reason: str, by: Membership, at: datetime
) -> Contract:
    """A contract was written wrongly: use may begin on another day, and all that hangs on it."""
    row = correction_actions.correct_contract(
        contract=contract, changes=changes, reason=reason, by=by, at=at
    )
    refresh_person(row.enrolment.client, on=date_of(at))
    return row


@transaction.atomic
def end_use(
    *, enrolment: Enrolment, ends_on: date, reason: str, note: str, by: Membership, at: datetime
) -> Enrolment:
    """The office's work with the person ended, and with it the running contract."""
    for contract in enrolment.contracts.filter(ends_on=None, starts_on__lte=ends_on):
        contract_actions.end_contract(contract=contract, on=ends_on, by=by, at=at)
    row = enrolment_actions.end_enrolment(
        enrolment=enrolment, ends_on=ends_on, reason=reason, note=note, by=by, at=at
    )
    refresh_person(row.client, on=date_of(at))
    rewrite_waiting(client=row.client, at=at)
    return row


@transaction.atomic
def settle_end(
    *, enrolment: Enrolment, ends_on: date, reason: str, note: str, by: Membership, at: datetime
) -> Enrolment:
    """Of a use that was over when it was recorded: its contract ended with it, and why."""
    for contract in enrolment.contracts.filter(ends_on=None, starts_on__lte=ends_on):
        contract_actions.end_contract(contract=contract, on=ends_on, by=by, at=at)
    enrolment.ends_on, enrolment.end_reason, enrolment.end_note = ends_on, reason, note
    row = save_record(
        enrolment, verb="enrolment_ended", by=by, at=at, person_id=enrolment.client.public_id,
        fields=("ends_on", "end_reason", "end_note"),
    )  # fmt: skip
    refresh_person(row.client, on=date_of(at))
    return row


@transaction.atomic
def reopen_use(*, enrolment: Enrolment, reason: str, by: Membership, at: datetime) -> Enrolment:
    """The end was a mistake: the contract that ended with it runs on, and the due date is back."""
    for contract in enrolment.contracts.filter(ends_on=enrolment.ends_on):
        correct_fact(contract, changes={"ends_on": None}, reason=reason, by=by, at=at)
    row = enrolment_actions.reopen_enrolment(enrolment=enrolment, reason=reason, by=by, at=at)
    refresh_person(row.client, on=date_of(at))
    return row


@transaction.atomic
def log_interview(
    *, enrolment: Enrolment, draft: InterviewDraft | None = None, version: int = 0,
    page: Page | None = None, by: Membership, at: datetime, **facts: Any,
) -> Interview:  # fmt: skip
    """A contact was logged; the next due date follows, and the draft that it grew from is gone.

    `page`: where it was written; sent from there again it is no second one. Raises ValidationError
    also for a draft that another tab has changed or sent (`version` is the one that was read),
    PageRecorded where the page has become a record.
    """
    end_draft(enrolment=enrolment, draft=draft, version=version, page=page)
    row = interview_actions.log_interview(
        enrolment=enrolment, page=page.key if page else None, by=by, at=at, **facts
    )
    pace_actions.refresh([enrolment], on=date_of(at), windows=False)
    return row


@transaction.atomic
def correct_interview(
    *, interview: Interview, by: Membership, at: datetime, **facts: Any
) -> Interview:
    """A contact was corrected by a new row; the next due date follows."""
    row = interview_actions.correct_interview(interview=interview, by=by, at=at, **facts)
    pace_actions.refresh([interview.enrolment], on=date_of(at), windows=False)
    return row


@transaction.atomic
def withdraw_interview(
    *, interview: Interview, reason: str, by: Membership, at: datetime
) -> Interview:
    """A contact that never was is taken back; the next due date follows."""
    row = interview_actions.withdraw_interview(interview=interview, reason=reason, by=by, at=at)
    pace_actions.refresh([row.enrolment], on=date_of(at), windows=False)
    return row


@transaction.atomic
def decide_pace(
    *, enrolment: Enrolment, by: Membership, at: datetime, **facts: Any
) -> PaceDecision:
    """A suggestion to loosen was accepted or declined; the next due date follows."""
    row = pace_actions.decide_pace(enrolment=enrolment, by=by, at=at, **facts)
    pace_actions.refresh([enrolment], on=date_of(at), windows=False)
    return row


@transaction.atomic
def set_monthly(
    *, enrolment: Enrolment, by: Membership, at: datetime, **facts: Any
) -> PaceDecision:
    """A longer pace was taken back by hand; the next due date follows."""
    row = pace_actions.set_monthly(enrolment=enrolment, by=by, at=at, **facts)
    pace_actions.refresh([enrolment], on=date_of(at), windows=False)
    return row
