"""Contract: explained, signed, use begins; reported to the municipality; ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.enrolment import begin_use
from clients.actions.facts import refuse_future
from clients.models import Enrolment
from plans.models import Contract
from plans.queries.use_path import path_facts
from plans.rules.path import use_refusals
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.accounts.queries.office_start import first_month_here
from teikyaku.era import both


@transaction.atomic
def sign_contract(
    *,
    enrolment: Enrolment,
    explained_on: date,
    signed_on: date,
    starts_on: date,
    by: Membership,
    at: datetime,
    contracted_amount: str = "",
    entry_number: int = 1,
    initial_addition_month: date | None = None,
) -> Contract:
    """重要事項説明 and 利用契約; from `starts_on` the service is used.

    The caller refreshes the derived columns (plans.actions.life_change.start_use). Use that began
    before the office billed here may have begun under a decision that is not on file. Raises
    ValidationError naming the step of the path that is missing on those days.
    """
    refuse_future(at=at, signed_on=signed_on)
    facts = path_facts(
        enrolment.client,
        starts_on,
        explained_on=explained_on,
        signed_on=signed_on,
        use_starts_on=starts_on,
    )
    if starts_on < enrolment.starts_on:
        message = _("相談の開始日（%(on)s）以後の日付にしてください。")
        raise ValidationError({"starts_on": message % {"on": both(enrolment.starts_on)}})
    if facts.granted is None and began_elsewhere(enrolment, starts_on):
        facts = replace(facts, is_transcribed=True, decided_on=explained_on)
    elif facts.granted is None:
        _refuse_outside_decisions(enrolment, starts_on)
    if reasons := use_refusals(facts):
        raise ValidationError([reason.text for reason in reasons])
    contract = save_record(
        Contract(
            enrolment=enrolment,
            explained_on=explained_on,
            signed_on=signed_on,
            starts_on=starts_on,
            contracted_amount=contracted_amount,
            entry_number=entry_number,
            initial_addition_month=initial_addition_month,
        ),
        verb="contract_signed",
        by=by,
        at=at,
        person_id=enrolment.client.public_id,
    )
    if enrolment.use_starts_on is None or starts_on < enrolment.use_starts_on:
        begin_use(enrolment=enrolment, starts_on=starts_on, by=by, at=at)
    return contract


def began_elsewhere(enrolment: Enrolment, starts_on: date) -> bool:
    """Whether use began in a month that was billed elsewhere: its certificate lies in another file."""
    first = first_month_here(enrolment.office)
    return first is not None and starts_on < first.first_day


def _refuse_outside_decisions(enrolment: Enrolment, starts_on: date) -> None:
    """Say where the decisions lie, when there are some and the day is in none of them."""
    periods = [
        f"{both(row.starts_on)}〜{both(row.ends_on)}"
        for row in enrolment.client.decisions.standing()
    ]
    if periods:
        message = _("支給決定期間（%(periods)s）の中の日付にしてください。")
        raise ValidationError({"starts_on": message % {"periods": "、".join(periods)}})


@transaction.atomic
def report_contract(*, contract: Contract, on: date, by: Membership, at: datetime) -> Contract:
    """契約内容報告書 went to the municipality on a day."""
    refuse_future(at=at, reported_on=on)
    if on < contract.signed_on:
        raise ValidationError({"reported_on": _("契約日より後の日付にしてください。")})
    contract.reported_on = on
    return _save(contract, "contract_reported", by, at, ("reported_on",))


@transaction.atomic
def end_contract(*, contract: Contract, on: date, by: Membership, at: datetime) -> Contract:
    """The contract's last day; the enrolment's end is an action of its own."""
    if contract.ends_on is not None:
        raise ValidationError({"ends_on": _("この契約は、すでに終わっています。")})
    contract.ends_on = on
    return _save(contract, "contract_ended", by, at, ("ends_on",))


def _save(
    contract: Contract, verb: str, by: Membership, at: datetime, fields: tuple[str, ...]
) -> Contract:
    person = contract.enrolment.client.public_id
    return save_record(contract, verb=verb, by=by, at=at, person_id=person, fields=fields)
