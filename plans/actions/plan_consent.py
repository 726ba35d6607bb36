"""説明と同意, and handing the plan to the 相談支援 office: who signed, and what the person allows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.facts import add_fact, refuse_after_death, refuse_future
from clients.models import Consent, Enrolment, RelatedPerson
from plans.actions.support_plan import (
    latest_review_of,
    locked,
    refuse_early_start,
    refuse_late_review,
    refuse_unconsented_handing,
)
from plans.models import SupportPlan
from plans.queries.signers import who_may_sign
from plans.queries.support_plan import consultation_consents
from plans.rules.support_plan import needs_guardian, says_who_does_what
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership

Signer = SupportPlan.Signer


@transaction.atomic
def record_consent(
    *,
    plan: SupportPlan,
    explained_on: date,
    consented_on: date,
    signer: str,
    starts_on: date,
    review_by: date | None,
    by: Membership,
    at: datetime,
    representative: RelatedPerson | None = None,
    guardian_note: str = "",
    may_go_to_consultation: bool = False,
    seen: int | None = None,
) -> SupportPlan:
    """Explained, and consented to in writing; the period begins on that day at the earliest.

    Who signs for the person is somebody on file who may. A 成年後見人 whose signature is missing is
    asked for, or the reason for its absence [M]. `may_go_to_consultation` also stores the consent to
    hand the plan to the consultation office. Raises ValidationError by field.
    """
    refuse_future(at=at, explained_on=explained_on, consented_on=consented_on)
    row = locked(plan, seen)
    if not row.is_open:
        raise ValidationError(_("この計画は、もう交付したか、取りやめています。"))
    client = row.enrolment.client
    refuse_after_death(client, explained_on=explained_on, consented_on=consented_on)
    _refuse_without_support(row)
    refuse_early_start(starts_on, consented_on)
    last = review_by or latest_review_of(starts_on)
    refuse_late_review(starts_on, last)
    if signer == Signer.PERSON:
        representative = None
    _refuse_signer(row.enrolment, signer, representative, guardian_note, consented_on)
    row.explained_on, row.consented_on = explained_on, consented_on
    row.signer, row.representative, row.guardian_note = signer, representative, guardian_note
    row.starts_on, row.review_by = starts_on, last
    row.version += 1
    person = client.public_id
    fields = ("explained_on", "consented_on", "signer", "starts_on", "review_by")
    save_record(row, verb="support_plan_consented", by=by, at=at, person_id=person, fields=fields)
    if may_go_to_consultation and not consultation_consents(row.enrolment, consented_on):
        consent = Consent(
            enrolment=row.enrolment, recipient=Consent.Recipient.CONSULTATION,
            scope=Consent.ConsentScope.SUPPORT_PLAN, starts_on=consented_on,
        )  # fmt: skip
        add_fact(consent, verb="consent_given", by=by, at=at)
    return row


@transaction.atomic
def tell_consultation(
    *,
    plan: SupportPlan,
    consultation: str,
    consultation_on: date,
    by: Membership,
    at: datetime,
    consultation_name: str = "",
    seen: int | None = None,
) -> SupportPlan:
    """相談支援に交付, on its own day; or why not: no such office, or the person does not wish it.

    Handing over needs the person's consent for this recipient and this paper on that day. Raises
    ValidationError without it, and after a death.
    """
    refuse_future(at=at, consultation_on=consultation_on)
    row = locked(plan, seen)
    if row.stopped_on is not None:
        raise ValidationError(_("取りやめた計画です。"))
    if consultation == SupportPlan.Consultation.HANDED:
        refuse_unconsented_handing(row.enrolment, consultation_name, consultation_on)
    row.consultation, row.consultation_on = consultation, consultation_on
    row.consultation_name = consultation_name
    row.version += 1
    person: Any = row.enrolment.client.public_id
    fields = ("consultation", "consultation_on", "consultation_name")
    return save_record(
        row, verb="support_plan_to_consultation", by=by, at=at, person_id=person, fields=fields
    )


def _refuse_without_support(plan: SupportPlan) -> None:
    if not says_who_does_what(plan.goal_rows.values_list("staff_does", flat=True)):
        message = _(
            "どの目標にも「支援者がすること」がまだありません。原案に書いてから、同意を記録してください。"
        )
        raise ValidationError(message)


def _refuse_signer(
    enrolment: Enrolment,
    signer: str,
    representative: RelatedPerson | None,
    guardian_note: str,
    on: date,
) -> None:
    able = who_may_sign(enrolment, on)
    if signer != Signer.PERSON and representative not in able:
        message = _("この日に署名できる関係者を選んでください。関係者のページで登録できます。")
        raise ValidationError({"representative": message})
    is_awaited = signer == Signer.PERSON and needs_guardian(tuple(row.kind for row in able))
    if is_awaited and not guardian_note.strip():
        message = _("成年後見人がいます。署名がないときは、その理由を書いてください。")
        raise ValidationError({"guardian_note": message})
