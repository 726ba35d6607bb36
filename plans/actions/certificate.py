"""Decision and certificate: granted by a ward, or transcribed from paper by a provider."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.facts import refuse_future
from clients.models import Client, Organisation
from clients.queries.window import leaving_of, standing_of
from plans.actions.application import close_application, refuse_closed, refuse_missing
from plans.actions.caps import Cap, add_cap_period, refuse_cap_of_grant
from plans.actions.decision import hold_decision
from plans.actions.decision_change import close_changed, refuse_nothing_changed
from plans.actions.hold import hold_application
from plans.actions.number_range import number_for
from plans.models import Application, Certificate, Decision
from plans.queries.caps import same_on_file
from plans.queries.decision_change import is_changed, why_outside
from plans.rules.decision import check_decision, is_longer_than_support
from plans.rules.path import PathStep
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.accounts.queries.figures import figure
from teikyaku.clock import date_of
from teikyaku.era import both
from teikyaku.periods import Month, Period


@dataclass(frozen=True, slots=True)
class Grant:
    """支給決定 as the officer or the paper states it. Days are inclusive."""

    decided_on: date
    starts_on: date
    ends_on: date
    amount: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """受給者証: number and days of the paper, and what else its faces carry.

    Without a number it is the person's own here, or the next free one of the ward's range.
    """

    number: str
    issued_on: date
    applies_on: date
    kind: str = Certificate.Kind.NEW
    consultation_office: Organisation | None = None
    monitoring_months: int | None = None
    remarks: str = ""
    number_reason: str = ""
    """Why the person has another number than before; "" where it is the same one."""


@transaction.atomic
def grant_decision(
    *, application: Application, grant: Grant, paper: Paper, cap: Cap, by: Membership, at: datetime,
    seen: str | None = None,
) -> Decision:  # fmt: skip
    """支給決定 on an application: decision, certificate and cap in one step.

    A change ends the decision that runs the day before. A cap that stands for the months already
    goes on as it is; `seen` as in plans.actions.caps.add_cap_period. Raises ValidationError naming a
    missing step, why the period does not fit rule and window, or that the caps on file are others now.
    """
    hold_application(application, by)
    refuse_future(at=at, decided_on=grant.decided_on, issued_on=paper.issued_on)
    refuse_closed(application)
    refuse_missing(PathStep.DECISION, application, decided_on=grant.decided_on)
    check_period(application.client, grant.starts_on, grant.ends_on, date_of(at))
    goes_on = goes_on_as_it_is(application, grant.starts_on, cap)
    if not goes_on:
        refuse_cap_of_grant(application.client, grant.starts_on, grant.ends_on, cap)
    else:
        refuse_nothing_changed(application, grant.starts_on, grant.ends_on, grant.amount)
    close_changed(application, grant.starts_on, by=by, at=at)
    decision = _store(
        client=application.client,
        municipality=application.municipality,
        application=application,
        grant=grant,
        paper=paper,
        cap=None if goes_on else cap,
        seen=seen,
        by=by,
        at=at,
    )
    close_application(
        application=application,
        outcome=Application.Outcome.GRANTED,
        on=grant.decided_on,
        reason=grant.reason,
        by=by,
        at=at,
    )
    return decision


def goes_on_as_it_is(application: Application, starts_on: date, cap: Cap) -> bool:
    """Whether the cap with which a change is granted is the one on file: nothing of it is decided anew."""
    return (
        application.kind == Application.Kind.CHANGE
        and cap.first_month <= starts_on
        and same_on_file(
            application.client, application.municipality, cap.first_month, cap.last_month,
            category=cap.category, cap_yen=cap.cap_yen, is_managed=cap.is_managed,
            managing_office_number=cap.managing_office_number,
            managing_office_name=cap.managing_office_name, category_reason=cap.category_reason,
        )
    )  # fmt: skip


@transaction.atomic
def transcribe_certificate(
    *,
    client: Client,
    municipality: Municipality,
    grant: Grant,
    paper: Paper,
    cap: Cap | None,
    by: Membership,
    at: datetime,
) -> Decision:
    """A paper certificate of any municipality, without the chain; marked as transcribed.

    The paper says what it says: its period is not held against the rule, only against other
    decisions and the three years that any support lasts. Without a cap on the paper the month is
    held until it is entered. Raises ValidationError by field.
    """
    refuse_future(at=at, issued_on=paper.issued_on)
    refuse_too_long(grant.starts_on, grant.ends_on)
    refuse_issued_before(grant.decided_on, paper.issued_on)
    return _store(
        client=client,
        municipality=municipality,
        application=None,
        grant=grant,
        paper=paper,
        cap=cap,
        by=by,
        at=at,
    )


@transaction.atomic
def issue_certificate(
    *, decision: Decision, paper: Paper, reason: str, by: Membership, at: datetime
) -> Certificate:
    """A further version of the paper (変更・再交付); the old ones stay readable.

    Raises ValidationError from the last day of a revoked or changed decision on, for one that was
    cancelled before it began, for a paper that would be issued on a day
    to come, and when the days lie outside the ward's decision.
    What was transcribed says what it says: its days are not held against the decision.
    """
    hold_decision(decision, by)
    refuse_ended(decision, date_of(at))
    refuse_future(at=at, issued_on=paper.issued_on)
    if not decision.is_transcribed:
        refuse_paper(decision, paper.issued_on, paper.applies_on)
    number = number_for(
        client=decision.client,
        municipality=decision.municipality,
        number=paper.number,
        is_changed=bool(paper.number_reason),
        by=by,
        at=at,
    )
    row = Certificate(
        decision=decision,
        recipient_number=number,
        kind=paper.kind,
        issued_on=paper.issued_on,
        applies_on=paper.applies_on,
        reason=reason,
        consultation_office=paper.consultation_office,
        monitoring_months=paper.monitoring_months,
        remarks=paper.remarks,
    )
    return _save(row, decision.client, "certificate_issued", by, at)


@transaction.atomic
def revoke_decision(
    *, decision: Decision, on: date, reason: str, by: Membership, at: datetime
) -> Decision:
    """取消 ends the decision on a day inside its period; `granted_until` keeps the old end."""
    hold_decision(decision, by)
    refuse_revoked(decision)
    refuse_day_outside(decision, on)
    decision.revoked_on = on
    decision.revocation_reason = reason
    decision.ends_on = on
    fields = ("revoked_on", "revocation_reason", "ends_on")
    return _save(decision, decision.client, "decision_revoked", by, at, fields)


def refuse_day_outside(decision: Decision, on: date) -> None:
    """Refuse a last day outside the period, at `revoked_on`: asked before the page asks more, too."""
    if problem := why_outside(decision, on):
        raise ValidationError({"revoked_on": problem})


def refuse_revoked(decision: Decision) -> None:
    """Refuse to go on with a decision that was revoked: a mistake there needs a new decision."""
    if decision.is_cancelled:
        raise ValidationError(_("この支給決定は、始まる前に取り消されています。"))
    if decision.revoked_on is not None:
        raise ValidationError(
            _("この支給決定は%(on)sで取り消されています。") % {"on": both(decision.revoked_on)}
        )


def refuse_ended(decision: Decision, on: date) -> None:
    """Refuse a further paper on `on` of what was revoked or changed, from its last day on.

    Before that day a lost paper is made again, with the new end; what never began has none.
    """
    if decision.ends_on > on and not decision.is_cancelled:
        return
    refuse_revoked(decision)
    if is_changed(decision):
        message = _(
            "この支給決定は変更されました（%(on)sまで）。新しい支給決定の受給者証を使います。"
        )
        raise ValidationError(message % {"on": both(decision.ends_on)})


def check_period(client: Client, starts_on: date, ends_on: date, on: date) -> None:
    """Hold a ward's period against window, longest period and right, as known on `on` (§2, §3).

    A leaving on file that ends the right ends the decision too; one that a next job could still
    follow within the month does not yet.

    Raises ValidationError at `starts_on`, `ends_on` or both: what is wrong with one day does not hide
    what is wrong with the other.
    """
    if ends_on < starts_on:
        raise ValidationError({"ends_on": _("終了日は開始日以後にしてください。")})
    standing = standing_of(client, starts_on)
    window = standing.window.period if standing.window else None
    # A start before the window is refused for that, also where no figure reaches back so far.
    counted_from = max(starts_on, window.starts_on) if window else ends_on
    months = int(figure("decision.months", Month.of(counted_from)).value)
    period = Period(starts_on, ends_on)
    leaving = leaving_of(client, period, on)
    right_ends_on = leaving.left_on if leaving and leaving.is_settled else None
    if reasons := check_decision(period, window, months, right_ends_on):
        places = {"too_long": "ends_on"}
        raise ValidationError({places.get(each.code, "starts_on"): each.text for each in reasons})
    if not standing.is_usable:
        why = "".join(reason.text for reason in standing.reasons[:1])
        message = _("この日に、利用する権利がありません。%(why)s") % {"why": why}
        raise ValidationError({"starts_on": message})


def refuse_end_outside(client: Client, ends_on: date) -> None:
    """Refuse a last day of which it is known without the first one that no decision can reach it.

    Asked while the first day cannot be read. Raises ValidationError at `ends_on`.
    """
    window = standing_of(client, ends_on).window
    last = window.period.ends_on if window else None
    if last is not None and ends_on > last:
        text = _("利用可能期間は%(on)sまでです。終了日をその日までにしてください。")
        raise ValidationError({"ends_on": text % {"on": both(last)}})


def refuse_overlap(client: Client, starts_on: date, ends_on: date) -> None:
    """Refuse a period over another decision of the person, at its first day.

    The database refuses it too: asked here so that it is told with everything else that is wrong.
    """
    if client.decisions.standing().filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        text = _("この方の別の支給決定と期間が重なっています。")
        raise ValidationError({"starts_on": text})


def refuse_too_long(starts_on: date, ends_on: date) -> None:
    """Refuse a period longer than the support itself (docs/rules.md §2): a slip of the year."""
    if is_longer_than_support(Period(starts_on, ends_on)):
        raise ValidationError({"ends_on": _("3年を超えています。年を確かめてください。")})


def refuse_issued_before(decided_on: date, issued_on: date) -> None:
    """Refuse a paper that would be older than its decision, at its day."""
    if issued_on < decided_on:
        raise ValidationError({"issued_on": _("交付日は支給決定日以後にしてください。")})


def refuse_paper(decision: Decision, issued_on: date, applies_on: date) -> None:
    """Refuse days of a paper that lie outside its decision, at their fields."""
    found: dict[str, Any] = {}
    try:
        refuse_issued_before(decision.decided_on, issued_on)
    except ValidationError as error:
        found = error.error_dict
    if problem := why_outside(decision, applies_on):
        found["applies_on"] = problem
    if found:
        raise ValidationError(found)


def _store(
    *,
    client: Client,
    municipality: Municipality,
    application: Application | None,
    grant: Grant,
    paper: Paper,
    cap: Cap | None,
    by: Membership,
    at: datetime,
    seen: str | None = None,
) -> Decision:
    decision = Decision(
        client=client,
        municipality=municipality,
        application=application,
        decided_on=grant.decided_on,
        starts_on=grant.starts_on,
        ends_on=grant.ends_on,
        granted_until=grant.ends_on,
        amount=grant.amount,
        reason=grant.reason,
        is_transcribed=application is None,
    )
    verb = "decision_transcribed" if application is None else "decision_granted"
    _save(decision, client, verb, by, at)
    # The decision carries its reason; a paper's own reason tells why it was changed or reissued.
    issue_certificate(decision=decision, paper=paper, reason=paper.number_reason, by=by, at=at)
    if cap is not None:
        # Who grants has been told what the cap replaces; who copies a paper has not.
        add_cap_period(
            client=client, municipality=municipality, cap=cap, by=by, at=at, seen=seen
        )  # fmt: skip
    return decision


def _save(
    row: Any,
    client: Client,
    verb: str,
    by: Membership,
    at: datetime,
    fields: tuple[str, ...] = (),
) -> Any:
    return save_record(row, verb=verb, by=by, at=at, person_id=client.public_id, fields=fields)
