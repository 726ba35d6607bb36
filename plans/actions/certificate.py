"""Decision, certificate and caps: granted by a ward, or transcribed from paper by a provider."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.facts import refuse_future
from clients.enums import Category
from clients.models import Client, Organisation
from clients.queries.category import category_of
from clients.queries.window import standing_of
from plans.actions.application import close_application, refuse_closed, refuse_missing
from plans.actions.number_range import number_for
from plans.models import Application, CapPeriod, Certificate, Decision
from plans.rules.decision import check_decision, is_longer_than_support
from plans.rules.path import PathStep
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.accounts.queries.figures import figure
from teikyaku.era import both
from teikyaku.periods import Month, Period

HIGHEST_CAP = "cap.general_2"


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


@dataclass(frozen=True, slots=True)
class Cap:
    """負担上限月額 for whole months; `last_month` None while no end is printed."""

    first_month: date
    last_month: date | None
    category: str
    cap_yen: int
    is_managed: bool = False
    managing_office_number: str = ""
    managing_office_name: str = ""
    category_reason: str = ""
    """Why a ward decides otherwise than the household on file leads to; "" where it does not."""


@transaction.atomic
def grant_decision(
    *, application: Application, grant: Grant, paper: Paper, cap: Cap, by: Membership, at: datetime
) -> Decision:
    """支給決定 on an application: decision, certificate and cap in one step.

    Raises ValidationError naming a missing step, or why the period does not fit rule and window.
    """
    refuse_future(at=at, decided_on=grant.decided_on)
    refuse_closed(application)
    refuse_missing(PathStep.DECISION, application, decided_on=grant.decided_on)
    check_period(application.client, grant.starts_on, grant.ends_on)
    decision = _store(
        client=application.client,
        municipality=application.municipality,
        application=application,
        grant=grant,
        paper=paper,
        cap=cap,
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
    if paper.issued_on < grant.decided_on:
        raise ValidationError({"issued_on": _("交付日は支給決定日以後にしてください。")})
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
def add_cap_period(
    *, client: Client, municipality: Municipality, cap: Cap, by: Membership, at: datetime
) -> CapPeriod:
    """A cap from a month on; the one that ran into it ends the month before.

    Raises ValidationError when the months overlap a later cap, for an amount above the highest cap
    there is, and when an office would end what a ward has set.
    """
    refuse_too_high(cap.cap_yen, cap.first_month)
    running = (
        client.cap_periods.filter(first_month__lt=cap.first_month)
        .exclude(last_month__lt=cap.first_month)
        .first()
    )
    if by.office_id is not None and is_kept_by_ward(client, municipality):
        raise ValidationError(
            _("区役所がこの記録に入れた上限額です。違うときは区役所へ伝えてください。")
        )
    if by.municipality_id is not None:
        refuse_unexplained(client, cap)
    if running is not None:
        running.last_month = (Month.of(cap.first_month) - 1).first_day
        _save(running, client, "cap_ended", by, at, ("last_month",))
    row = CapPeriod(
        client=client,
        municipality=municipality,
        first_month=cap.first_month,
        last_month=cap.last_month,
        category=cap.category,
        cap_yen=cap.cap_yen,
        is_managed=cap.is_managed,
        managing_office_number=cap.managing_office_number,
        managing_office_name=cap.managing_office_name,
        category_reason=cap.category_reason,
    )
    return _save(row, client, "cap_recorded", by, at)


def is_kept_by_ward(client: Client, municipality: Municipality) -> bool:
    """Whether the municipality itself keeps this person's decision here: no office copies over it."""
    own = Decision.objects.filter(client=client, municipality=municipality, is_transcribed=False)
    return own.exists()


def refuse_unexplained(client: Client, cap: Cap) -> None:
    """Refuse without a reason a category that differs from the household on file, or a cap that is
    not its category's (docs/rules.md §5).

    Where the facts leave several categories open there is nothing to differ from.
    """
    if cap.category_reason.strip():
        return
    month = Month.of(cap.first_month)
    found = category_of(client, month).category
    if found is not None and cap.category != found.value:
        message = _("世帯の記録からは「%(name)s」です。ちがう区分にする理由を書いてください。")
        raise ValidationError({"category_reason": message % {"name": found.label}})
    usual_yen = int(figure(f"cap.{cap.category}", month).value)
    if cap.cap_yen != usual_yen:
        message = _(
            "「%(name)s」の上限額は%(yen)s円です。ちがう額にするときは、理由を書いてください。"
        )
        words = {"name": Category(cap.category).label, "yen": f"{usual_yen:,}"}
        raise ValidationError({"cap_yen": message % words})


def refuse_wrong_cap(client: Client, cap: Cap) -> None:
    """Refuse what a ward's cap cannot be: too high, or unexplained. Raises ValidationError by field."""
    refuse_too_high(cap.cap_yen, cap.first_month)
    refuse_unexplained(client, cap)


def refuse_too_high(cap_yen: int, first_month: date) -> None:
    """Refuse a cap above the highest category's (docs/rules.md §5): a slip of the keyboard."""
    highest = figure(HIGHEST_CAP, Month.of(first_month))
    if cap_yen > int(highest.value):
        message = _("負担上限月額は、高くても%(yen)s円です。") % {"yen": f"{int(highest.value):,}"}
        raise ValidationError({"cap_yen": message})


@transaction.atomic
def issue_certificate(
    *, decision: Decision, paper: Paper, reason: str, by: Membership, at: datetime
) -> Certificate:
    """A further version of the paper (変更・再交付); the old ones stay readable.

    Raises ValidationError after a revocation, and when the days lie outside the ward's decision.
    What was transcribed says what it says: its days are not held against the decision.
    """
    refuse_revoked(decision)
    if not decision.is_transcribed:
        refuse_paper(decision, paper)
    number = number_for(
        client=decision.client,
        municipality=decision.municipality,
        number=paper.number,
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
    refuse_revoked(decision)
    if not decision.starts_on <= on <= decision.ends_on:
        raise ValidationError({"revoked_on": _("支給決定期間の中の日付にしてください。")})
    decision.revoked_on = on
    decision.revocation_reason = reason
    decision.ends_on = on
    fields = ("revoked_on", "revocation_reason", "ends_on")
    return _save(decision, decision.client, "decision_revoked", by, at, fields)


def refuse_revoked(decision: Decision) -> None:
    """Refuse to go on with a decision that was revoked: a mistake there needs a new decision."""
    if decision.revoked_on is not None:
        raise ValidationError(
            _("この支給決定は%(on)sで取り消されています。") % {"on": both(decision.revoked_on)}
        )


def check_period(client: Client, starts_on: date, ends_on: date) -> None:
    """Hold a ward's period against window and longest period (docs/rules.md §3).

    Raises ValidationError at `starts_on` or `ends_on`.
    """
    if ends_on < starts_on:
        raise ValidationError({"ends_on": _("終了日は開始日以後にしてください。")})
    standing = standing_of(client, starts_on)
    window = standing.window.period if standing.window else None
    # A start before the window is refused for that, also where no figure reaches back so far.
    counted_from = max(starts_on, window.starts_on) if window else ends_on
    months = int(figure("decision.months", Month.of(counted_from)).value)
    for reason in check_decision(Period(starts_on, ends_on), window, months):
        field = "ends_on" if reason.code == "too_long" else "starts_on"
        raise ValidationError({field: reason.text})
    if not standing.is_usable:
        why = "".join(reason.text for reason in standing.reasons[:1])
        message = _("この日に、利用する権利がありません。%(why)s") % {"why": why}
        raise ValidationError({"starts_on": message})


def refuse_too_long(starts_on: date, ends_on: date) -> None:
    """Refuse a period longer than the support itself (docs/rules.md §2): a slip of the year."""
    if is_longer_than_support(Period(starts_on, ends_on)):
        raise ValidationError({"ends_on": _("3年を超えています。年を確かめてください。")})


def refuse_paper(decision: Decision, paper: Paper) -> None:
    """Refuse days of a paper that lie outside its decision, at their fields."""
    if paper.issued_on < decision.decided_on:
        raise ValidationError({"issued_on": _("交付日は支給決定日以後にしてください。")})
    if not decision.starts_on <= paper.applies_on <= decision.ends_on:
        raise ValidationError({"applies_on": _("支給決定期間の中の日付にしてください。")})


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
    issue_certificate(decision=decision, paper=paper, reason="", by=by, at=at)
    if cap is not None:
        add_cap_period(client=client, municipality=municipality, cap=cap, by=by, at=at)
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
