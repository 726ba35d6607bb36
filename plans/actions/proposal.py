"""区への提案: proposed by an office, accepted, refused or asked back by the ward, one answer at a time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import Enrolment
from plans.actions.certificate import check_period, refuse_revoked
from plans.actions.proposal_effect import carry_out, refuse_outside
from plans.models import Application, Decision, Proposal, ProposalStep
from plans.queries.decision_change import ends_anyway, why_nothing_changes
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of
from teikyaku.era import both
from teikyaku.periods import in_force

State, Act, Kind = Proposal.State, ProposalStep.Act, Proposal.Kind


@transaction.atomic
def propose(
    *, enrolment: Enrolment, decision: Decision, kind: str, text: str, by: Membership, at: datetime,
    **facts: Any,
) -> Proposal:  # fmt: skip
    """An office proposes; it is the ward's turn. `facts` are fields of Proposal, by kind.

    Raises ValidationError by field, also while the same kind of proposal is open.
    """
    if decision.client_id != enrolment.client_id or decision.is_transcribed:
        raise ValidationError(_("この支給決定の区には、ここから提案できません。"))
    _refuse_impossible(decision, kind, facts, at)
    row = Proposal(enrolment=enrolment, decision=decision, kind=kind, since=at, **facts)
    save_record(row, verb="proposal_requested", by=by, at=at, person_id=enrolment.client.public_id)
    _step(row, Act.PROPOSED, text, by, at)
    return row


def _refuse_impossible(decision: Decision, kind: str, facts: dict[str, Any], at: datetime) -> None:
    """Refuse what the ward could not do: told before it is sent, not ten days later."""
    client = decision.client
    first = facts.get("starts_on")
    if kind == Kind.RENEWAL and first is not None and first <= decision.ends_on:
        message = _("いまの支給決定は%(ends)sまでです。その翌日からにしてください。")
        raise ValidationError({"starts_on": message % {"ends": both(decision.ends_on)}})
    if kind == Kind.CHANGE and first is not None:
        _refuse_no_change(decision, first)
        _refuse_same(decision, facts)
    if kind in (Kind.RENEWAL, Kind.CHANGE) and first is not None:
        # Without a last day only the first one can be held against the rule.
        check_period(client, first, facts.get("ends_on") or first, date_of(at))
    if kind == Kind.END:
        refuse_outside(decision, facts["ends_on"])
        if ends_anyway(decision, facts["ends_on"]):
            message = _("この支給決定は、提案がなくても%(ends)sで終わります。")
            raise ValidationError({"ends_on": message % {"ends": both(decision.ends_on)}})
    if kind == Kind.ADDRESS:
        homes = client.residences.filter(in_force(date_of(at)))
        if homes.filter(is_protected=True).exists():
            message = _("支援措置の方の住所は、ここでは送れません。区に直接伝えてください。")
            raise ValidationError({"value": message})
    if kind == Kind.JOB and facts.get("ends_on") is None:
        running = client.employments.filter(ends_on=None, starts_on__lt=facts["starts_on"])
        if running.exists():
            raise ValidationError({"ends_on": _("前の就職先の最後の日を入れてください。")})


def _refuse_no_change(decision: Decision, first: date) -> None:
    """A change begins inside the decision that it changes, after its first day."""
    if decision.revoked_on is not None:
        refuse_revoked(decision)
    if not decision.starts_on < first <= decision.ends_on:
        message = _(
            "変更する支給決定の期間（%(starts)sの次の日〜%(ends)s）の中の日付にしてください。"
        )
        days = {"starts": both(decision.starts_on), "ends": both(decision.ends_on)}
        raise ValidationError({"starts_on": message % days})


def _refuse_same(decision: Decision, facts: dict[str, Any]) -> None:
    """A change changes the period or the amount; told where it was typed."""
    value = facts.get("value", "")
    if problem := why_nothing_changes(decision, facts.get("ends_on"), value, decision.municipality):
        how = _("期間か支給量の、変わるほうを入れてください。")
        raise ValidationError({"value" if value else "ends_on": f"{problem}{how}"})


@transaction.atomic
def ask_back(*, proposal: Proposal, text: str, by: Membership, at: datetime) -> Proposal:
    """The ward wants to know more; it is the office's turn.

    Raises ValidationError when it is not the ward's turn.
    """
    return _move(_waiting(proposal, State.WARD), State.OFFICE, Act.ASKED, text, by, at)


@transaction.atomic
def answer(*, proposal: Proposal, text: str, by: Membership, at: datetime) -> Proposal:
    """The office answers; it is the ward's turn again.

    Raises ValidationError when it is not the office's turn.
    """
    return _move(_waiting(proposal, State.OFFICE), State.WARD, Act.ANSWERED, text, by, at)


@transaction.atomic
def withdraw(*, proposal: Proposal, text: str, by: Membership, at: datetime) -> Proposal:
    """The office takes it back, whosever turn it is.

    Raises ValidationError for one that has been settled.
    """
    row = _waiting(proposal, State.WARD, State.OFFICE)
    return _move(row, State.WITHDRAWN, Act.WITHDRAWN, text, by, at)


@transaction.atomic
def refuse(
    *, proposal: Proposal, reason: str, text: str, next_step: str, by: Membership, at: datetime
) -> Proposal:
    """The ward does not take it, with a reason of a kind and what comes next.

    Raises ValidationError when it is not the ward's turn.
    """
    row = _waiting(proposal, State.WARD)
    return _move(row, State.REFUSED, Act.REFUSED, text, by, at, reason=reason, next_step=next_step)


@transaction.atomic
def accept(*, proposal: Proposal, text: str, by: Membership, at: datetime) -> Application | None:
    """The ward takes it, and what it proposes is done by the same action as always.

    Returns the application that a renewal or a change opens. Raises ValidationError when it is not
    the ward's turn, and whatever that action refuses: then nothing was accepted.
    """
    row = _waiting(proposal, State.WARD)
    if row.kind in (Kind.RENEWAL, Kind.CHANGE):
        # Ended meanwhile: nothing goes on from it.
        refuse_revoked(row.decision)
    row.application = carry_out(row, by=by, at=at)
    _move(row, State.ACCEPTED, Act.ACCEPTED, text, by, at)
    return row.application


def mark_read(proposal: Proposal) -> None:
    """The other side has looked; a word that came in between stays unread."""
    if not proposal.is_read:
        Proposal.objects.filter(pk=proposal.pk, since=proposal.since).update(is_read=True)


def _waiting(proposal: Proposal, *states: Proposal.State) -> Proposal:
    row = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("decision__client", "decision__municipality", "enrolment__office")
        .get(pk=proposal.pk)
    )
    if row.state not in states:
        raise ValidationError(
            _("この提案は、もう「%(state)s」になっています。") % {"state": row.get_state_display()}
        )
    return row


def _move(
    row: Proposal, state: Proposal.State, act: ProposalStep.Act, text: str, by: Membership,
    at: datetime, **more: str,
) -> Proposal:  # fmt: skip
    row.state, row.since, row.is_read = state, at, False
    save_record(
        row, verb=f"proposal_{act}", by=by, at=at, person_id=row.decision.client.public_id,
        fields=("state",),
    )  # fmt: skip
    _step(row, act, text, by, at, **more)
    return row


def _step(
    row: Proposal, act: ProposalStep.Act, text: str, by: Membership, at: datetime, **more: str
) -> None:
    step = ProposalStep(proposal=row, act=act, text=text, **more)
    person = row.decision.client.public_id
    save_record(step, verb="proposal_step_written", by=by, at=at, person_id=person)
