"""Employments and leave: facts only; due dates and windows follow in plans.actions.life_change."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.facts import add_fact, refuse_far_ahead, refuse_future
from clients.models import Client, Employer, Employment, Leave
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership


def employer_named(*, name: str, address: str = "", phone: str = "") -> Employer:
    """The employer with this name and address; a row holds nothing about who works there."""
    employer, _created = Employer.objects.get_or_create(
        name=name.strip(), address=address.strip(), defaults={"phone": phone.strip()}
    )
    if phone.strip() and not employer.phone:
        employer.phone = phone.strip()
        employer.save(update_fields=["phone"])
    return employer


def let_go_of_employers(keys: Collection[int]) -> None:
    """Erase those of these employers that nobody works or has worked for, by the records and their history."""
    used = Employment.objects.filter(employer__in=keys).values_list("employer", flat=True)
    told = Employment.history.filter(employer__in=keys).values_list("employer", flat=True)
    Employer.objects.filter(pk__in={*keys} - {*used} - {*told}).delete()


@transaction.atomic
def add_employment(
    *,
    client: Client,
    employer: Employer,
    starts_on: date,
    by: Membership,
    at: datetime,
    **details: Any,
) -> Employment:
    """A job began, or will within a year. Each job is its own row.

    Raises ValidationError when the same job is on file, or for a day further ahead.
    """
    refuse_far_ahead(at=at, starts_on=starts_on)
    row = Employment(client=client, employer=employer, starts_on=starts_on, **details)
    add_fact(row, verb="employment_recorded", by=by, at=at)
    return row


@transaction.atomic
def end_employment(
    *,
    employment: Employment,
    ends_on: date,
    reason: str,
    changes_to_improve: bool | None,
    by: Membership,
    at: datetime,
) -> Employment:
    """The job ended on its last day; whether it was left for better conditions decides §2.

    Raises ValidationError when it has ended before, or when the day lies ahead.
    """
    if employment.ends_on is not None:
        raise ValidationError({"ends_on": _("この就労は、すでに終わっています。")})
    refuse_future(at=at, ends_on=ends_on)
    for leave in employment.leaves.filter(ends_on=None):
        if leave.starts_on > ends_on:
            message = _("この日より後に休職の記録があります。先に休職の記録を直してください。")
            raise ValidationError({"ends_on": message})
        leave.ends_on = ends_on  # a leave ends with the job it was from
        save_record(
            leave, verb="leave_ended", by=by, at=at,
            person_id=employment.client.public_id, fields=("ends_on",),
        )  # fmt: skip
    employment.ends_on = ends_on
    employment.end_reason = reason
    employment.changes_to_improve = changes_to_improve
    return save_record(
        employment,
        verb="employment_ended",
        by=by,
        at=at,
        person_id=employment.client.public_id,
        fields=("ends_on", "end_reason", "changes_to_improve"),
    )


@transaction.atomic
def start_leave(
    *, employment: Employment, starts_on: date, reason: str, by: Membership, at: datetime
) -> Leave:
    """A leave of absence began; the employment goes on."""
    refuse_future(at=at, starts_on=starts_on)
    if starts_on < employment.starts_on:
        raise ValidationError({"starts_on": _("休職は就職日より後の日付にしてください。")})
    row = Leave(employment=employment, starts_on=starts_on, reason=reason)
    add_fact(row, verb="leave_started", by=by, at=at)
    return row


@transaction.atomic
def end_leave(*, leave: Leave, ends_on: date, by: Membership, at: datetime) -> Leave:
    """The person came back the day after `ends_on`."""
    refuse_future(at=at, ends_on=ends_on)
    leave.ends_on = ends_on
    return save_record(
        leave,
        verb="leave_ended",
        by=by,
        at=at,
        person_id=leave.employment.client.public_id,
        fields=("ends_on",),
    )
