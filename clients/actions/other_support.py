"""Recording other support, its phases, its end, its months of subsidy, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from clients.actions.facts import add_fact, correct_fact, refuse_far_ahead
from clients.actions.withdrawal import hold, save, withdraw
from clients.enums import SupportKind
from clients.models import Client, Organisation, OtherSupport
from clients.rules.barred import months_of_support
from clients.rules.kinds import SupportPhase
from teikyaku.accounts.models import Membership
from teikyaku.periods import Month, Period

PHASE_FIELDS = {
    SupportPhase.TRANSITION: "transition_on",
    SupportPhase.FOLLOW_UP: "follow_up_on",
}
OUTSIDE = _l("助成の月は、支援の期間の中から選んでください。")


@transaction.atomic
def record_support(
    *,
    client: Client,
    kind: str,
    organisation: Organisation,
    starts_on: date,
    by: Membership,
    at: datetime,
    **more: Any,
) -> OtherSupport:
    """A support beside this service; of a job coach, the phases that are known (`transition_on` …).

    Raises ValidationError by field, also for a day more than a year ahead.
    """
    row = OtherSupport(
        client=client, kind=kind, organisation=organisation, starts_on=starts_on, **more
    )
    _refuse_far_days(row, at)
    add_fact(row, verb="support_recorded", by=by, at=at)
    return row


@transaction.atomic
def correct_support(
    *, support: OtherSupport, changes: Mapping[str, Any], reason: str, by: Membership, at: datetime
) -> OtherSupport:
    """Something was written wrongly; the history keeps what was.

    Months of subsidy that no longer lie inside the support fall away. Raises ValidationError by field.
    """
    row = hold(support)
    proposed = {**{name: getattr(row, name) for name in ("starts_on", "ends_on")}, **changes}
    kept = _inside(row.months, proposed["starts_on"], proposed["ends_on"])
    _refuse_far_days(OtherSupport(**{**proposed, "client": row.client}), at)
    correct_fact(row, changes={**changes, "subsidised_months": kept}, reason=reason, by=by, at=at)
    return row


@transaction.atomic
def begin_phase(
    *, support: OtherSupport, phase: SupportPhase, on: date, by: Membership, at: datetime
) -> OtherSupport:
    """次の段階 of a job coach's support begins on a day; the one before ends the day before it.

    Raises ValidationError where that phase is on file already, or a later one.
    """
    row, name = hold(support), PHASE_FIELDS[phase]
    refuse_far_ahead(at=at, on=on)
    if row.follow_up_on is not None or getattr(row, name) is not None:
        raise ValidationError({"step": _("この段階は、もう記録されています。")})
    _refuse_at(row, "on", **{name: on})
    setattr(row, name, on)
    return save(row, "support_phase_began", (name,), by, at)


@transaction.atomic
def end_support(
    *, support: OtherSupport, on: date, note: str, by: Membership, at: datetime
) -> OtherSupport:
    """The support ended on its last day; months of subsidy after it fall away.

    Raises ValidationError where it has ended before.
    """
    row = hold(support)
    refuse_far_ahead(at=at, on=on)
    if row.ends_on is not None:
        raise ValidationError({"step": _("この支援は、もう終わっています。")})
    _refuse_at(row, "on", ends_on=on)
    row.ends_on, row.end_note = on, note
    row.subsidised_months = _inside(row.months, row.starts_on, on)
    return save(row, "support_ended", ("ends_on", "end_note", "subsidised_months"), by, at)


@transaction.atomic
def set_subsidised_months(
    *, support: OtherSupport, months: Iterable[Month], by: Membership, at: datetime
) -> OtherSupport:
    """For which months the subsidy of a visiting job coach is claimed (docs/rules.md §7 M).

    Raises ValidationError for another kind of support, and for months outside of it.
    """
    row, wanted = hold(support), sorted(set(months))
    if row.kind != SupportKind.JOB_COACH:
        raise ValidationError({"months": _("段階と助成はジョブコーチのときだけ入れます。")})
    if _inside(wanted, row.starts_on, row.ends_on) != [str(month) for month in wanted]:
        raise ValidationError({"months": OUTSIDE})
    row.subsidised_months = [str(month) for month in wanted]
    return save(row, "support_months_set", ("subsidised_months",), by, at)


@transaction.atomic
def withdraw_support(
    *, support: OtherSupport, reason: str, by: Membership, at: datetime
) -> OtherSupport:
    """The record was a mistake: it stays readable as one, and bars nothing any more.

    Raises ValidationError without a reason, or where it was taken back before.
    """
    return withdraw(support, verb="support_withdrawn", reason=reason, by=by, at=at)


def _refuse_far_days(row: OtherSupport, at: datetime) -> None:
    names = ("starts_on", "transition_on", "follow_up_on", "ends_on")
    refuse_far_ahead(at=at, **{name: getattr(row, name) for name in names})


def _refuse_at(row: OtherSupport, field: str, **days: date) -> None:
    """The order of days, said at the one field that was typed."""
    last = row.follow_up_on or row.transition_on or row.starts_on
    (day,) = days.values()
    if day < last:
        raise ValidationError({field: _("前の段階の初日より後の日にしてください。")})
    if row.ends_on is not None and day > row.ends_on:
        raise ValidationError({field: _("支援の終了日までの日にしてください。")})


def _inside(months: Iterable[Month], starts_on: date, ends_on: date | None) -> list[str]:
    wanted = list(months)
    if ends_on is not None and ends_on < starts_on:
        return []  # refused at its field
    until = max(wanted, default=Month.of(starts_on))
    inside = set(months_of_support(Period(starts_on, ends_on), until))
    return [str(month) for month in wanted if month in inside]
