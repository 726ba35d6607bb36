"""Where a person's support stands: path, decision, cap, contract, plan, pace, hand-over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clients.queries.window import standing_in
from plans.models import (
    CapPeriod,
    Contract,
    Decision,
    Handover,
    Interview,
    InterviewDue,
    SupportPlan,
)
from plans.queries.dossier import SupportDossier
from plans.queries.handover import days_of, has_duty
from plans.queries.pace import due_by
from plans.queries.support_plan import plan_being_made
from plans.queries.use_path import path_to_use, with_contract
from plans.rules.handover import HandoverDays
from plans.rules.pace import NextDue
from plans.rules.path import DrawnStep, PathFacts, Turn, drawn_steps, ended_words, whose_turn
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class SupportSummary:
    """支援のいま for one enrolment on a day; lists are in the order of their dates."""

    steps: tuple[DrawnStep, ...]
    turn: Turn
    ended: str
    """How the path ended before the use began, in a sentence; "" where it goes on."""
    wanted: str
    """What the ward asked for and still waits for; "" where it waits for nothing."""
    decision: Decision | None
    """In force, else the last one that began, else the one that lies ahead."""
    number: str
    """受給者証番号 of that decision; empty without a paper."""
    cap: CapPeriod | None
    caps: tuple[CapPeriod, ...]
    decisions: tuple[Decision, ...]
    contract: Contract | None
    support_plan: SupportPlan | None
    """The complete one that began last, also when its review is overdue."""
    plan_ahead: SupportPlan | None
    """A complete one whose first day lies ahead."""
    plan_being_made: SupportPlan | None
    due: NextDue
    pace_changes: tuple[tuple[date, int], ...]
    """(day, months) of each change of the agreed pace, from the first day of use on."""
    interview_dues: tuple[InterviewDue, ...]
    """Which due date stood from which day on, up to the day, oldest first."""
    contacts: tuple[Interview, ...]
    """Of this enrolment, up to the day, oldest first."""
    handover: Handover | None
    handover_days: HandoverDays | None
    """None without a window, and where the end is sudden: nothing could be shared in time."""
    is_sudden: bool
    """Whether the end, recorded or ahead, is one that the duty does not concern."""


def support_summary(dossier: SupportDossier) -> SupportSummary:
    """Everything above from a dossier at hand."""
    enrolment, on = dossier.enrolment, dossier.person.on
    decision = decision_shown(dossier.decisions, on)
    contracts = [row for row in dossier.contracts if row.enrolment_id == enrolment.pk]
    contract = contracts[-1] if contracts else None
    facts = with_contract(_path(dossier, decision), contract)
    due = due_by(enrolment, dossier.history, dossier.settings)
    first = Month.of(on).first_day
    plans = [p for p in dossier.support_plans if p.enrolment_id == enrolment.pk]
    begun = [p for p in plans if p.is_complete and p.starts_on is not None and p.starts_on <= on]
    ahead = [p for p in plans if p.is_complete and p.starts_on is not None and p.starts_on > on]
    return SupportSummary(
        steps=drawn_steps(facts),
        turn=whose_turn(facts),
        ended=ended_words(facts),
        wanted=facts.wanted,
        decision=decision,
        number=(getattr(decision, "number", "") or "") if decision else "",
        cap=next((cap for cap in dossier.caps if _covers(cap, first)), None),
        caps=dossier.caps,
        decisions=dossier.decisions,
        contract=contract,
        support_plan=begun[-1] if begun else None,
        plan_ahead=ahead[0] if ahead else None,
        plan_being_made=plan_being_made(plans),
        due=due,
        pace_changes=due.changes_on(on),
        interview_dues=tuple(row for row in dossier.interview_dues if row.since <= on),
        contacts=tuple(
            row
            for row in dossier.contacts
            if row.enrolment_id == enrolment.pk and row.held_on <= on
        ),
        handover=dossier.handover,
        handover_days=days_of(enrolment, on),
        is_sudden=has_duty(enrolment, on) is False,
    )


def decision_shown(decisions: tuple[Decision, ...], on: date) -> Decision | None:
    """The last decision that began by `on`; before the first one begins, the one that lies ahead."""
    begun = [row for row in decisions if row.starts_on <= on]
    return begun[-1] if begun else next(iter(decisions), None)


def _path(dossier: SupportDossier, decision: Decision | None) -> PathFacts:
    on = dossier.person.on
    ahead = decision.starts_on if decision is not None and decision.starts_on > on else on
    then = dossier.enrolment.use_starts_on or ahead
    standing = standing_in(dossier.person.life, then)
    # Where the certificate under which the use began is not on file (it was renewed before the office
    # wrote here), the first one that is stands for it.
    covered = (row.starts_on for row in dossier.decisions if row.starts_on <= then <= row.ends_on)
    later = (row.starts_on for row in dossier.decisions if row.starts_on > then)
    day = then if next(covered, None) else min(later, default=then)
    return path_to_use(standing, dossier.decisions, dossier.applications, day)


def _covers(cap: CapPeriod, first: date) -> bool:
    return cap.first_month <= first and (cap.last_month is None or first <= cap.last_month)
