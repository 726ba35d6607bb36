"""From application to the service-use plan: what the ward receives and finds out.

The order is checked on the dates of the facts (docs/rules.md §3 G), never on the order of typing.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.facts import refuse_future
from clients.models import Client, Organisation
from plans.actions.hold import hold_application
from plans.models import Application, ServiceUsePlan, Survey
from plans.queries.path import facts_of_application
from plans.rules.path import PathStep, missing_before
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.clock import date_of
from teikyaku.era import both
from teikyaku.periods import months_later

# An application that came in longer ago is a slip of the year: the whole support lasts three.
OLDEST_YEARS = 5
# What the day of a step is called in its form.
DAY_FIELDS = {
    PathStep.SURVEY: "held_on",
    PathStep.PROPOSAL: "received_on",
    PathStep.DECISION: "decided_on",
    PathStep.FINAL_PLAN: "received_on",
}


def refuse_missing(step: PathStep, application: Application, **dates: date | None) -> None:
    """Refuse a step whose earlier steps are missing or dated later.

    `dates` are the facts about to be recorded. Raises ValidationError naming each missing step; a
    day that is too early is told at the step's own field.
    """
    reasons = missing_before(step, facts_of_application(application, **dates))
    if not reasons:
        return
    texts = [reason.text for reason in reasons]
    is_too_early = all(reason.code.startswith("later_") for reason in reasons)
    field = DAY_FIELDS.get(step)
    raise ValidationError({field: texts} if is_too_early and field else texts)


def refuse_step(step: PathStep, application: Application) -> None:
    """Refuse a step that cannot be taken on any day: the application has ended, or one is missing.

    Raises ValidationError; asked before a form is shown, and again by the action itself.
    """
    is_granted = application.outcome == Application.Outcome.GRANTED
    if not (step == PathStep.FINAL_PLAN and is_granted):
        refuse_closed(application)
    taken = {PathStep.SURVEY: "survey", PathStep.DECISION: "decision"}.get(step)
    if taken is not None and getattr(application, taken, None) is not None:
        raise ValidationError(_("「%(step)s」は、すでに記録されています。") % {"step": step.label})
    stage = {
        PathStep.PROPOSAL: ServiceUsePlan.Stage.PROPOSED,
        PathStep.FINAL_PLAN: ServiceUsePlan.Stage.FINAL,
    }.get(step)
    if stage is not None and application.service_use_plans.filter(stage=stage).exists():
        raise ValidationError(_("「%(step)s」は、すでに記録されています。") % {"step": step.label})
    refuse_missing(step, application)


def refuse_closed(application: Application) -> None:
    """Refuse to go on with an application that has ended."""
    if application.outcome:
        raise ValidationError(
            _("この申請は「%(outcome)s」で終わっています。")
            % {"outcome": application.get_outcome_display()}
        )


def why_over(application: Application, on: date) -> str:
    """Why papers and receipt of an application stay as they are from `on` on, in words; "" where they do not.

    Refused or withdrawn, or its decision was revoked or has run out. While the decision stands, a
    paper that was still missing may come in.
    """
    if application.has_come_to_nothing:
        text = _("この申請は「%(outcome)s」で終わっています。書類の記録は変えられません。")
        return text % {"outcome": application.get_outcome_display()}
    decision = getattr(application, "decision", None)
    if decision is None:
        return ""
    if decision.revoked_on is not None:
        return _("この申請の支給決定は取り消されています。書類の記録は変えられません。")
    if decision.ends_on < on:
        text = _("この申請の支給決定は%(on)sに終わっています。書類の記録は変えられません。")
        return text % {"on": both(decision.ends_on)}
    return ""


def refuse_over(application: Application, on: date) -> None:
    """Refuse to change papers of an application that is over."""
    if problem := why_over(application, on):
        raise ValidationError(problem)


def refuse_unlikely_day(received_on: date, at: datetime) -> None:
    """Refuse a day of receipt that lies ahead, or so long ago that the year is a slip."""
    refuse_future(at=at, received_on=received_on)
    if months_later(received_on, 12 * OLDEST_YEARS) < date_of(at):
        message = _("%(n)s年より前の日付です。年を確かめてください。") % {"n": OLDEST_YEARS}
        raise ValidationError({"received_on": message})


@transaction.atomic
def receive_application(
    *,
    client: Client,
    municipality: Municipality,
    kind: str,
    received_on: date,
    received_place: str,
    by: Membership,
    at: datetime,
    handed_in_by: str = "",
    contact_phone: str = "",
    contact_name: str = "",
) -> Application:
    """申請 arrives at the ward; it may arrive before the first usable day.

    Raises ValidationError when another application of the person is open there.
    """
    refuse_unlikely_day(received_on, at)
    row = Application(
        client=client,
        municipality=municipality,
        kind=kind,
        received_on=received_on,
        received_place=received_place,
        handed_in_by=handed_in_by,
        contact_phone=contact_phone,
        contact_name=contact_name,
    )
    return _save(row, client, "application_received", by, at)


@transaction.atomic
def record_survey(
    *,
    application: Application,
    held_on: date,
    held_by: str,
    difficulties: str,
    by: Membership,
    at: datetime,
    **answers: Any,
) -> Survey:
    """聞き取り調査 was held; on or after the application."""
    hold_application(application, by)
    refuse_step(PathStep.SURVEY, application)
    refuse_survey_on(application, held_on, at)
    row = Survey(
        application=application,
        held_on=held_on,
        held_by=held_by,
        difficulties=difficulties,
        **answers,
    )
    return _save(row, application.client, "survey_recorded", by, at)


def refuse_survey_on(application: Application, held_on: date, at: datetime) -> None:
    """Raises ValidationError at `held_on` for a day ahead, or before the application came in."""
    refuse_future(at=at, held_on=held_on)
    refuse_missing(PathStep.SURVEY, application, surveyed_on=held_on)


@transaction.atomic
def receive_plan(
    *,
    application: Application,
    stage: str,
    author: str,
    organisation: Organisation | None,
    received_on: date,
    monitoring_months: int | None,
    by: Membership,
    at: datetime,
) -> ServiceUsePlan:
    """サービス等利用計画 (案 before the decision, final after it) was handed in.

    The final one follows a grant: a refused or withdrawn application takes none.
    """
    hold_application(application, by)
    is_proposal = stage == ServiceUsePlan.Stage.PROPOSED
    refuse_step(PathStep.PROPOSAL if is_proposal else PathStep.FINAL_PLAN, application)
    refuse_plan_on(application, stage, received_on, at)
    row = ServiceUsePlan(
        application=application,
        stage=stage,
        author=author,
        organisation=organisation,
        received_on=received_on,
        monitoring_months=monitoring_months,
    )
    return _save(row, application.client, "service_use_plan_received", by, at)


def refuse_plan_on(application: Application, stage: str, received_on: date, at: datetime) -> None:
    """Raises ValidationError at `received_on` for a day ahead, or before the step before it."""
    refuse_future(at=at, received_on=received_on)
    if stage == ServiceUsePlan.Stage.PROPOSED:
        refuse_missing(PathStep.PROPOSAL, application, proposal_on=received_on)
    else:
        refuse_missing(PathStep.FINAL_PLAN, application, final_plan_on=received_on)


@transaction.atomic
def end_application(
    *, application: Application, outcome: str, on: date, reason: str, by: Membership, at: datetime
) -> Application:
    """却下 or 取下げ with its reason; a grant ends it through the decision's action.

    A refusal needs no survey and no proposal: who cannot be eligible is told so at once.
    """
    hold_application(application, by)
    refuse_end_on(application, on, at)
    refuse_closed(application)
    return close_application(
        application=application, outcome=outcome, on=on, reason=reason, by=by, at=at
    )


def refuse_end_on(application: Application, on: date, at: datetime) -> None:
    """Raises ValidationError for a day on which the application cannot end: ahead, or before it came in."""
    refuse_future(at=at, outcome_on=on)
    if on < application.received_on:
        raise ValidationError({"outcome_on": _("受付日以後の日付にしてください。")})


def close_application(
    *, application: Application, outcome: str, on: date, reason: str, by: Membership, at: datetime
) -> Application:
    """Write the outcome with its day, reason and author, on an application that the caller holds."""
    application.outcome = outcome
    application.outcome_on = on
    application.outcome_reason = reason
    application.outcome_by = by
    application.outcome_at = at
    fields = ("outcome", "outcome_on", "outcome_reason")
    return _save(application, application.client, f"application_{outcome}", by, at, fields)


def _save(
    row: Any,
    client: Client,
    verb: str,
    by: Membership,
    at: datetime,
    fields: tuple[str, ...] = (),
) -> Any:
    return save_record(row, verb=verb, by=by, at=at, person_id=client.public_id, fields=fields)
