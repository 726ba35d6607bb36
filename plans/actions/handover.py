"""引き継ぎ: the judgement of need, and the way to a centre that accepts (docs/rules.md §9)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.access import last_seen
from clients.actions.facts import refuse_after_death, refuse_future
from clients.models import Consent, Enrolment
from plans.actions.report import give_consent
from plans.models import Handover, HandoverRefusal
from plans.queries.handover import consents_to_hand_over, is_after_death, is_other_centre
from plans.rules.handover import HandoverStep, look_due_on, open_steps, out_of_order
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of

# What each step records. Of an answer, and of the consent, one of two days is given.
FACTS = {
    HandoverStep.CENTRE: ("centre", "centre_note"),
    HandoverStep.CONSENT: ("consented_on", "not_consented_on", "consent_note"),
    HandoverStep.SHARING: ("shared_on",),
    HandoverStep.MEETING: ("meeting_on",),
    HandoverStep.ANSWER: ("accepted_on", "declined_on", "decline_reason"),
    HandoverStep.CONTACT: ("first_contact_on", "first_contact_note"),
    HandoverStep.LOOK: ("looked_on", "look_note"),
}
CORRECTABLE = tuple(name for names in FACTS.values() for name in names)
# Of one way to one centre: they begin again with the next one.
_OF_A_CENTRE = (
    "consented_on", "not_consented_on", "shared_on", "meeting_on", "declined_on",
)  # fmt: skip
# What goes out of the house or is agreed: none of it on or after the day of a death.
_GOES_OUT = ("consented_on", "shared_on", "meeting_on", "accepted_on")


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
    """Whether the person still needs support after the end, and why. Judged again: the same row.

    Raises ValidationError for a day ahead, after a death, or after a step that is on file.
    """
    refuse_future(at=at, judged_on=judged_on)
    row = _locked(enrolment) or Handover(enrolment=enrolment)
    _refuse_after_death(row, at)
    row.judged_on = judged_on
    row.is_needed = is_needed
    row.judgement = judgement
    _refuse_disorder(row, blame="judged_on")
    return _save(row, "handover_judged", by, at, ("judged_on", "is_needed", "judgement"))


@transaction.atomic
def record_step(
    *, handover: Handover, step: HandoverStep, by: Membership, at: datetime, **facts: Any
) -> Handover:
    """One step on its day; each rests on those before it, and is recorded once.

    Choosing a centre after a refusal keeps the one that declined as a row of its own. Consent is
    kept among the person's consents too, so that a withdrawal is seen. Raises ValidationError for a
    step whose turn has not come, one that somebody else recorded meanwhile, a day ahead or before
    the step it follows, sharing without a consent of that day, a centre of another area without a
    reason, and after a death.
    """
    refuse_future(at=at, **{name: day for name, day in facts.items() if name.endswith("_on")})
    row = _locked(handover.enrolment)
    if row is None or step not in open_steps(row.dates):
        raise ValidationError(
            _("この手順は、いまは記録できません。ほかの職員が先に記録したかもしれません。")
        )
    _refuse_after_death(row, at)
    if step == HandoverStep.CENTRE:
        _keep_refusal(row, by, at)
    for name in FACTS[step]:
        setattr(row, name, facts.get(name, _empty(name)))
    _refuse_incomplete(row, step)
    if step == HandoverStep.CENTRE:
        _refuse_unexplained(row, at)
    _refuse_disorder(row)
    if step == HandoverStep.CONSENT and row.consented_on is not None:
        _give_consent(row, by, at)
    if step == HandoverStep.SHARING:
        _refuse_without_consent(row)
    row.look_due_on = look_due_on(row.dates)
    return _save(row, f"handover_{step.value}", by, at, FACTS[step])


@transaction.atomic
def correct_handover(
    *, handover: Handover, changes: dict[str, Any], reason: str, by: Membership, at: datetime
) -> Handover:
    """Steps that were written wrongly are put right; the history keeps what stood there.

    Raises ValidationError without a reason, for days that do not follow each other, and for what
    would have gone out after a death.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("訂正の理由を入れてください。")})
    refuse_future(at=at, **{name: day for name, day in changes.items() if name.endswith("_on")})
    row = _locked(handover.enrolment)
    if row is None:
        raise ValidationError(_("引き継ぎの記録がありません。"))
    changed = tuple(name for name, value in changes.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, changes[name])
    refuse_after_death(row.enrolment.client, **{name: getattr(row, name) for name in _GOES_OUT})
    _refuse_gaps(row)
    if {"centre", "centre_note"} & set(changed):
        _refuse_unexplained(row, at)
    _refuse_disorder(row)
    if {"consented_on", "centre"} & set(changed) and row.consented_on and row.centre:
        _give_consent(row, by, at)
    if row.shared_on is not None and {"shared_on", "consented_on", "centre"} & set(changed):
        _refuse_without_consent(row)
    row.look_due_on = look_due_on(row.dates)
    return _save(row, "corrected", by, at, changed, reason)


@transaction.atomic
def write_package_texts(
    *,
    handover: Handover,
    what_works: str,
    watch_for: str,
    measures: str,
    by: Membership,
    at: datetime,
) -> Handover:
    """What the package says in the office's own words. Raises ValidationError after a death."""
    row = _locked(handover.enrolment)
    if row is None:
        raise ValidationError(_("引き継ぎの記録がありません。"))
    _refuse_after_death(row, at)
    row.what_works, row.watch_for, row.measures = what_works, watch_for, measures
    fields = ("what_works", "watch_for", "measures")
    return _save(row, "handover_texts", by, at, fields)


def _locked(enrolment: Enrolment) -> Handover | None:
    """The row as it stands now: two at once come one after the other."""
    rows = Handover.objects.select_for_update(of=("self",))
    return rows.select_related("enrolment__client", "centre").filter(enrolment=enrolment).first()


def _empty(name: str) -> Any:
    return None if name.endswith("_on") else ""


def _refuse_after_death(row: Handover, at: datetime) -> None:
    if is_after_death(row.enrolment, at):
        raise ValidationError(_("亡くなった方です。引き継ぎは進めません。"))


def _keep_refusal(row: Handover, by: Membership, at: datetime) -> None:
    """Who declined stays on file as it was; the days begin again with the next centre."""
    if row.declined_on is None or row.centre is None:
        return
    kept = HandoverRefusal(
        handover=row, centre=row.centre, consented_on=row.consented_on, shared_on=row.shared_on,
        meeting_on=row.meeting_on, declined_on=row.declined_on, decline_reason=row.decline_reason,
    )  # fmt: skip
    person = row.enrolment.client.public_id
    save_record(kept, verb="handover_refusal_kept", by=by, at=at, person_id=person)
    for name in _OF_A_CENTRE:
        setattr(row, name, None)
    row.decline_reason = row.consent_note = ""


def _refuse_incomplete(row: Handover, step: HandoverStep) -> None:
    """What the step is about has to be said."""
    if step == HandoverStep.CENTRE and row.centre_id is None:
        raise ValidationError({"centre": _("引き継ぎ先を選んでください。")})
    pairs = {
        HandoverStep.CONSENT: ("consented_on", "not_consented_on"),
        HandoverStep.ANSWER: ("accepted_on", "declined_on"),
    }
    if step in pairs:
        first, second = (getattr(row, name) for name in pairs[step])
        if (first is None) == (second is None):
            message = _("どちらか一方の日付を入れてください。")
            raise ValidationError({pairs[step][0]: message})
    elif step != HandoverStep.CENTRE and getattr(row, FACTS[step][0]) is None:
        raise ValidationError({FACTS[step][0]: _("日付を入れてください。")})
    _refuse_gaps(row)


def _refuse_unexplained(row: Handover, at: datetime) -> None:
    """A centre of another area than the person's has the reason why it was chosen."""
    if row.centre is None or row.centre_note.strip():
        return
    client = row.enrolment.client
    if is_other_centre(client, row.centre, last_seen(row.enrolment, date_of(at))):
        text = _("住まいと職場の区域とはちがうセンターです。選んだ理由を入れてください。")
        raise ValidationError({"centre_note": text})


def _refuse_gaps(row: Handover) -> None:
    """No step without those that it rests on."""
    wrong: dict[str, Any] = {}
    if row.shared_on is not None and row.consented_on is None:
        wrong["consented_on"] = _("情報の共有には、本人の同意日が必要です。")
    for name in ("meeting_on", "accepted_on"):
        if getattr(row, name) is not None and row.shared_on is None:
            wrong[name] = _("先に、情報の共有を記録してください。")
    if row.accepted_on is not None and row.declined_on is not None:
        wrong["declined_on"] = _("受け入れか、断りかの一方だけを入れてください。")
    if row.declined_on is not None and not row.decline_reason:
        wrong["decline_reason"] = _("断られた理由を入れてください。")
    if row.consented_on is not None and row.not_consented_on is not None:
        wrong["not_consented_on"] = _("同意したか、しなかったかの一方だけを入れてください。")
    for name in ("first_contact_on", "looked_on"):
        if getattr(row, name) is not None and row.accepted_on is None:
            wrong[name] = _("先に、受け入れを記録してください。")
    has_days = any(getattr(row, name) for name in (*_OF_A_CENTRE, "accepted_on"))
    if row.centre_id is None and has_days:
        wrong["centre"] = _("引き継ぎ先を選んでください。")
    if wrong:
        raise ValidationError(wrong)


def _refuse_disorder(row: Handover, blame: str = "") -> None:
    wrong = out_of_order(row.dates)
    if wrong:
        raise ValidationError({blame: list(wrong.values())} if blame else wrong)


def _give_consent(row: Handover, by: Membership, at: datetime) -> None:
    """Among the person's consents as well, unless one of that day covers the centre already."""
    if row.centre is None or row.consented_on is None:
        return
    if consents_to_hand_over(row.enrolment, row.centre, row.consented_on):
        return
    give_consent(
        enrolment=row.enrolment, recipient=Consent.Recipient.CENTRE,
        recipient_name=row.centre.name, scope=Consent.ConsentScope.HANDOVER,
        starts_on=row.consented_on, by=by, at=at,
    )  # fmt: skip


def _refuse_without_consent(row: Handover) -> None:
    if row.centre is None or row.shared_on is None:
        return
    if not consents_to_hand_over(row.enrolment, row.centre, row.shared_on):
        text = _("この日に有効な、引き継ぎの情報についての本人の同意がありません。")
        raise ValidationError({"shared_on": text})


def _save(
    row: Handover,
    verb: str,
    by: Membership,
    at: datetime,
    fields: tuple[str, ...],
    reason: str = "",
) -> Handover:
    person = row.enrolment.client.public_id
    return save_record(row, verb=verb, by=by, at=at, person_id=person, fields=fields, reason=reason)
