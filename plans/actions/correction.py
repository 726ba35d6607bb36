"""訂正 of applications, surveys, decisions, numbers, caps and contracts; the history keeps the old values.

A ward's decision is corrected by the city's main office (本庁), a transcribed one by the office that
copied it. What changed in truth (変更・再交付・取消) is not a correction: it is a new paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.client import record_number
from clients.actions.facts import correct_fact, refuse_future
from clients.models import RecipientNumber
from plans.actions.application import refuse_missing, refuse_unlikely_day
from plans.actions.caps import (
    Cap,
    lock_caps,
    refuse_impossible,
    refuse_outside_decision,
    refuse_unexplained,
)
from plans.actions.certificate import (
    check_period,
    refuse_paper,
    refuse_revoked,
    refuse_too_long,
)
from plans.actions.decision import hold_all, hold_decision
from plans.models import Application, CapPeriod, Certificate, Contract, Decision, Survey
from plans.queries.decision_change import changed_by, end_before, next_of
from plans.queries.path import facts_of_application
from plans.queries.use_path import path_facts
from plans.rules.path import PathStep, use_refusals
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of
from teikyaku.era import both
from teikyaku.periods import day_before


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """What stands on the paper of a decision, as it should have been written."""

    number: str
    decided_on: date
    starts_on: date
    ends_on: date
    amount: str


@transaction.atomic
def correct_decision(
    *, decision: Decision, facts: DecisionFacts, reason: str, by: Membership, at: datetime
) -> Decision:
    """Write the days, the amount and the number as they should have been.

    Where it changed another decision and begins on another day, that one ends the day before: both
    days were one. What was changed in truth keeps the end that it was granted.

    Raises ValidationError by field: a revoked decision, a period against rule or window (a ward's
    decision only: paper says what it says), a use that would begin before its decision, a number
    that belongs to somebody else, days that would part the halves of a change; where nothing differs.
    """
    hold_all(decision, by)
    refuse_revoked(decision)
    refuse_wrong_days(decision, facts, at)
    changes = {
        "decided_on": facts.decided_on, "starts_on": facts.starts_on, "ends_on": facts.ends_on,
        "amount": facts.amount,
    }  # fmt: skip
    old = number_of(decision)
    if not decision.is_transcribed and (old is None or old.number == facts.number):
        _refuse_same(decision, changes)
    if facts.ends_on != decision.ends_on and not _is_cut_short(decision, facts.ends_on):
        changes["granted_until"] = facts.ends_on
    former = changed_by(decision) if facts.starts_on != decision.starts_on else None
    if former is not None:
        ends = {"ends_on": end_before(former, facts.starts_on)}
    # What gives way is written first: the two never overlap.
    if former is not None and ends["ends_on"] < former.ends_on:
        correct_fact(former, changes=ends, reason=reason, by=by, at=at)
    correct_fact(decision, changes=changes, reason=reason, by=by, at=at)
    if former is not None and ends["ends_on"] > former.ends_on:
        correct_fact(former, changes=ends, reason=reason, by=by, at=at)
    _correct_number(decision, facts.number, reason, by, at)
    return decision


def _refuse_same(row: Any, changes: Mapping[str, Any]) -> None:
    """Refuse a correction that leaves everything as it is: the history would tell of nothing."""
    if all(getattr(row, name) == value for name, value in changes.items()):
        raise ValidationError(
            _("いまの記録と同じです。訂正するところを、正しい内容に書き直してください。")
        )


def _is_cut_short(decision: Decision, ends_on: date) -> bool:
    """Whether a changed decision that ends on `ends_on` still ends before it was granted to end."""
    return next_of(decision) is not None and ends_on < decision.granted_until


def refuse_wrong_days(decision: Decision, facts: DecisionFacts, at: datetime) -> None:
    """Refuse days that the decision cannot have: asked by the action, and before the page asks more.

    Raises ValidationError by field.
    """
    refuse_future(at=at, decided_on=facts.decided_on)
    if facts.ends_on < facts.starts_on:
        raise ValidationError({"ends_on": _("終了日は開始日以後にしてください。")})
    if decision.is_transcribed:
        refuse_too_long(facts.starts_on, facts.ends_on)
    else:
        check_period(decision.client, facts.starts_on, facts.ends_on, date_of(at))
    if decision.application is not None:
        refuse_missing(PathStep.DECISION, decision.application, decided_on=facts.decided_on)
    _refuse_use_outside(decision, facts)
    _refuse_over_change(decision, facts)


@transaction.atomic
def correct_paper(
    *, paper: Certificate, issued_on: date, applies_on: date, reason: str, by: Membership,
    at: datetime,
) -> Certificate:  # fmt: skip
    """Write the days of one version of the certificate as they should have been.

    Raises ValidationError by field: a revoked decision, a day to come, days outside the decision.
    """
    hold_decision(paper.decision, by)
    paper.refresh_from_db()
    refuse_revoked(paper.decision)
    refuse_future(at=at, issued_on=issued_on)
    refuse_paper(paper.decision, issued_on, applies_on)
    changes = {"issued_on": issued_on, "applies_on": applies_on}
    _refuse_same(paper, changes)
    correct_fact(paper, changes=changes, reason=reason, by=by, at=at)
    return paper


@transaction.atomic
def correct_cap(
    *, cap: CapPeriod, changes: Mapping[str, Any], reason: str, by: Membership, at: datetime
) -> CapPeriod:
    """Write months, category and yen of a cap as they should have been.

    Raises ValidationError when its months overlap another cap, and for what cannot be entered either;
    of a ward's cap also where its months lie outside the decision or the category is unexplained: the
    reason of another category explains nothing of this one.
    """
    lock_caps(cap.client)
    cap.refresh_from_db()
    right = Cap(**changes)
    refuse_impossible(right)
    if by.municipality_id is not None:
        refuse_old_reason(cap, right.category, right.category_reason)
        refuse_outside_decision(cap.client, cap.municipality, right)
        refuse_unexplained(cap.client, right)
        _refuse_same(cap, changes)
    correct_fact(cap, changes=dict(changes), reason=reason, by=by, at=at)
    return cap


def refuse_old_reason(cap: CapPeriod, category: str, reason: str) -> None:
    """Refuse the reason on file where the category is another one: it was written about the old one."""
    reason = reason.strip()
    if reason and category != cap.category and reason == cap.category_reason.strip():
        text = _(
            "この理由は、前の区分「%(name)s」について書かれたものです。"
            "新しい区分の理由に書き直すか、要らないときは消してください。"
        )
        name = cap.get_category_display()
        raise ValidationError({"category_reason": text % {"name": name}})


@transaction.atomic
def correct_contract(
    *, contract: Contract, changes: Mapping[str, Any], reason: str, by: Membership, at: datetime
) -> Contract:
    """Write a contract's days as they should have been; use begins with the earliest of them.

    The caller refreshes the derived columns (plans.actions.life_change). Raises ValidationError
    naming the step of the path that the new days break.
    """
    refuse_future(at=at, signed_on=changes["signed_on"])
    facts = path_facts(
        contract.enrolment.client,
        changes["starts_on"],
        explained_on=changes["explained_on"],
        signed_on=changes["signed_on"],
        use_starts_on=changes["starts_on"],
    )
    if reasons := use_refusals(facts):
        raise ValidationError([reason.text for reason in reasons])
    correct_fact(contract, changes=dict(changes), reason=reason, by=by, at=at)
    enrolment = contract.enrolment
    first = enrolment.contracts.order_by("starts_on").first()
    if first is not None and enrolment.use_starts_on != first.starts_on:
        correct_fact(
            enrolment, changes={"use_starts_on": first.starts_on}, reason=reason, by=by, at=at
        )
    return contract


@transaction.atomic
def correct_application(
    *, application: Application, changes: Mapping[str, Any], reason: str, by: Membership,
    at: datetime,
) -> Application:  # fmt: skip
    """Write day, place and bearer of an application as they should have been, also once it is over.

    A letter that named the wrong day is mended by a new one. Raises ValidationError at `received_on`:
    a day ahead or years ago, or one after what followed.
    """
    received_on = changes["received_on"]
    if received_on != application.received_on:
        refuse_unlikely_day(received_on, at)
        _refuse_after_what_followed(application, received_on)
    correct_fact(application, changes=dict(changes), reason=reason, by=by, at=at)
    return application


def _refuse_after_what_followed(application: Application, received_on: date) -> None:
    facts = facts_of_application(application, applied_on=received_on)
    followed = [day for step in PathStep if (day := facts.on(step)) is not None]
    asked = application.completions.values_list("asked_on", flat=True)
    first = min([*followed, *asked, application.outcome_on or received_on], default=received_on)
    if first < received_on:
        text = _("このあとの日付（%(on)s）より後にはできません。")
        raise ValidationError({"received_on": text % {"on": both(first)}})


@transaction.atomic
def correct_survey(
    *, survey: Survey, changes: Mapping[str, Any], reason: str, by: Membership, at: datetime
) -> Survey:
    """Write a hearing survey as it should have been; its day stays in the order of the path."""
    refuse_future(at=at, held_on=changes["held_on"])
    refuse_missing(PathStep.SURVEY, survey.application, surveyed_on=changes["held_on"])
    correct_fact(survey, changes=dict(changes), reason=reason, by=by, at=at)
    return survey


def number_of(decision: Decision) -> RecipientNumber | None:
    """The certificate number on the decision's last paper; None where none was printed."""
    paper = decision.certificates.select_related("recipient_number").last()
    return paper.recipient_number if paper else None


def _refuse_use_outside(decision: Decision, facts: DecisionFacts) -> None:
    """The use that began under the decision must still lie inside it, at both ends."""
    begun = Contract.objects.filter(
        enrolment__client=decision.client_id,
        starts_on__range=(decision.starts_on, decision.ends_on),
    ).order_by("starts_on")
    for contract in begun:
        on = {"on": both(contract.starts_on)}
        if contract.starts_on < facts.starts_on:
            message = _("利用開始日（%(on)s）より後にはできません。") % on
            raise ValidationError({"starts_on": message})
        if contract.starts_on > facts.ends_on:
            message = _("利用開始日（%(on)s）より前にはできません。") % on
            raise ValidationError({"ends_on": message})


def _refuse_over_change(decision: Decision, facts: DecisionFacts) -> None:
    """Refuse days that would part the two halves of a change: one ends the day before the other begins.

    As a change is granted, it begins within what it changes, and not on its first day. Raises
    ValidationError by field, with the days and what to do instead.
    """
    later = next_of(decision)
    if later is not None and facts.ends_on not in (
        decision.ends_on, day_before(later.starts_on)
    ):  # fmt: skip
        text = _(
            "この支給決定は変更され、%(starts)sから次の支給決定が続きます。終了日はその前の日（%(last)s）です。"
            "変更の日が違うときは、次の支給決定の開始日を訂正します（この終了日も動きます）。"
        )
        days = {"starts": both(later.starts_on), "last": both(day_before(later.starts_on))}
        raise ValidationError({"ends_on": text % days})
    former = changed_by(decision)
    if former is None or facts.starts_on == decision.starts_on:
        return
    if facts.starts_on <= former.starts_on:
        text = _("変更した支給決定の開始日（%(starts)s）より後の日付にしてください。")
        raise ValidationError({"starts_on": text % {"starts": both(former.starts_on)}})
    if facts.starts_on > former.granted_until:
        text = _(
            "変更の開始日は、変更した支給決定の期間（%(starts)s〜%(until)s）の中の日付にしてください。"
            "そのあとに始まるときは変更ではなく更新です。区でこの支給決定を取り消し、更新の申請を受け付けます。"
        )
        days = {"starts": both(former.starts_on), "until": both(former.granted_until)}
        raise ValidationError({"starts_on": text % days})


def _correct_number(
    decision: Decision, number: str, reason: str, by: Membership, at: datetime
) -> None:
    """This decision's papers carry the right number; papers of other decisions keep theirs.

    A number that no paper carries any more was never anybody's: it goes.
    """
    old = number_of(decision)
    if old is None or old.number == number:
        return
    right = record_number(
        client=decision.client, municipality=decision.municipality, number=number, by=by, at=at
    )
    for paper in decision.certificates.filter(recipient_number=old):
        correct_fact(paper, changes={"recipient_number": right}, reason=reason, by=by, at=at)
    if not old.certificates.exists():
        old.delete()
