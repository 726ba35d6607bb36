"""3つの支援をくらべる: what the three services of the guidance (Q1) are for one person, by their facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from clients.access import not_of_another_office
from clients.enums import SupportKind
from clients.models import Client, OtherSupport, Referral
from clients.rules.job_coach import span_on
from clients.rules.kinds import ScreeningAnswer
from clients.rules.screening import ScreeningResult
from teikyaku.accounts.models import Membership
from teikyaku.era import both


@dataclass(frozen=True, slots=True)
class ServicesOf:
    """この方は: a few sentences for each of the three, and whom to ask."""

    support: tuple[str, ...]
    centre: tuple[str, ...]
    coach: tuple[str, ...]
    asked_office: str
    """The office that was used before the employment; "" where none is on file."""


def services_of(
    client: Client, result: ScreeningResult, membership: Membership, on: date, cost: str = ""
) -> ServicesOf:
    """By the screening's answer and what this place has on file on `on` (three queries).

    `cost`: what is known of the person's own cost, in words.
    """
    rows = list(
        client.other_supports.standing()
        .filter(not_of_another_office(membership.office_id), starts_on__lte=on)
        .select_related("organisation")
    )
    own = Q(office=membership.office_id, municipality=membership.municipality_id)
    led = client.referrals.filter(own, withdrawn_at=None, referred_on__lte=on)
    return ServicesOf(
        support=_support(result, cost),
        centre=_centre(rows, list(led.order_by("-referred_on", "-pk")[:1]), result, on),
        coach=_coach(rows, on),
        asked_office=_asked_office(client),
    )


def _support(result: ScreeningResult, cost: str) -> tuple[str, ...]:
    lines = [result.answer.label]
    if result.is_yes and result.first_usable_on and result.last_usable_on:
        lines.append(f"{both(result.first_usable_on)}〜{both(result.last_usable_on)}")
    elif result.right_ended_on:
        lines.append(_("利用できたのは%(last)sまでです。") % {"last": both(result.right_ended_on)})
    elif result.answer is ScreeningAnswer.NOT_ELIGIBLE and result.reasons:
        lines.append(result.reasons[0].text)
    return (*lines, cost) if cost else tuple(lines)


def _centre(
    rows: Sequence[OtherSupport], led: Sequence[Referral], result: ScreeningResult, on: date
) -> tuple[str, ...]:
    registered = [
        _("%(where)sに登録しています（%(since)sから）。")
        % {"where": row.organisation.name, "since": both(row.starts_on)}
        for row in _running(rows, SupportKind.CENTRE, on)
    ]
    if registered:
        return tuple(registered)
    fitting = "、".join(each.name for each in result.referrals if not each.is_addition)
    text = _("%(on)sにつなぎました（%(outcome)s）。")
    told = [
        text % {"on": both(row.referred_on), "outcome": row.get_outcome_display()} for row in led
    ]
    return (fitting, *told)


def _coach(rows: Sequence[OtherSupport], on: date) -> tuple[str, ...]:
    running = [_coach_now(row, on) for row in _running(rows, SupportKind.JOB_COACH, on)]
    past = [
        _("%(first)s〜%(last)sに使いました。また頼めます。")
        % {"first": both(row.starts_on), "last": both(row.ends_on)}
        for row in rows
        if row.kind == SupportKind.JOB_COACH and row.ends_on is not None and row.ends_on < on
    ]
    return tuple(running or past[-1:] or [_("使えます")])


def _coach_now(row: OtherSupport, on: date) -> str:
    """Since when, and the phase of today; with its own first day where that is another one."""
    span = span_on(row.phases, on)
    facts = {"where": row.organisation.name, "since": both(row.starts_on)}
    if span is None:
        return _("%(where)sの支援を受けています（%(since)sから）。") % facts
    facts |= {"phase": span.phase.label, "phase_since": both(span.period.starts_on)}
    if span.period.starts_on == row.starts_on:
        return _("%(where)sの支援を受けています（%(phase)s、%(since)sから）。") % facts
    text = _(
        "%(where)sの支援を受けています（%(since)sから、いまは%(phase)s：%(phase_since)sから）。"
    )
    return text % facts


def _running(rows: Sequence[OtherSupport], kind: SupportKind, on: date) -> list[OtherSupport]:
    return [row for row in rows if row.kind == kind and (row.ends_on is None or on <= row.ends_on)]


def _asked_office(client: Client) -> str:
    """The last office whose service was used before a job, not beside it."""
    used = client.prior_services.filter(is_during_employment=False).exclude(office_name="")
    last = used.order_by("starts_on").last()
    return last.office_name if last else ""
