"""引き継ぎ: the judgement of need, and what followed (docs/rules.md §9)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from clients.actions.facts import refuse_after_death, refuse_future
from clients.models import Enrolment
from plans.models import Handover
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership


@transaction.atomic
def judge_need(
    *,
    enrolment: Enrolment,
    judged_on: date,
    is_needed: bool,
    judgement: str,
    by: Membership,
    at: datetime,
) -> Handover:
    """Whether the person still needs support after the end, and why. Judged again: the same row."""
    refuse_future(at=at, judged_on=judged_on)
    row = Handover.objects.filter(enrolment=enrolment).first() or Handover(enrolment=enrolment)
    row.judged_on = judged_on
    row.is_needed = is_needed
    row.judgement = judgement
    return _save(row, "handover_judged", by, at, ("judged_on", "is_needed", "judgement"))


@transaction.atomic
def record_progress(*, handover: Handover, by: Membership, at: datetime, **facts: Any) -> Handover:
    """Centre, consent, sharing, meeting, acceptance or refusal: what is new.

    Raises ValidationError for sharing without consent, a refusal without its reason, and for a
    consent or a sharing after a death (docs/rules.md §9 G).
    """
    days = {name: day for name, day in facts.items() if name.endswith("_on")}
    refuse_future(at=at, **days)
    gone = {name: days.get(name) for name in ("consented_on", "shared_on", "accepted_on")}
    refuse_after_death(handover.enrolment.client, **gone)
    for name, value in facts.items():
        setattr(handover, name, value)
    return _save(handover, "handover_recorded", by, at, tuple(facts))


def _save(
    row: Handover, verb: str, by: Membership, at: datetime, fields: tuple[str, ...]
) -> Handover:
    person = row.enrolment.client.public_id
    return save_record(row, verb=verb, by=by, at=at, person_id=person, fields=fields)
