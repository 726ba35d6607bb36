"""次にすること of a decision, from its papers and what was handed in since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from plans.models import Application, Decision, WardPaper
from plans.queries.ward_papers import DecisionPapers
from plans.rules.decision_next import DecisionFacts, DecisionStep, decision_step, is_renewal_near

# Which paper is made anew first.
AGAIN = {
    WardPaper.Kind.CERTIFICATE: DecisionStep.REMAKE,
    WardPaper.Kind.GRANT: DecisionStep.LETTER_AGAIN,
    WardPaper.Kind.REMINDER: DecisionStep.REMINDER_AGAIN,
}


@dataclass(frozen=True, slots=True)
class DecisionNext:
    """What comes next, and of which paper or application."""

    step: DecisionStep
    certificate_id: UUID | None = None
    """Of the version whose paper is to be made."""
    application_id: UUID | None = None
    """Of the application for what follows."""


def decision_next(decision: Decision, papers: DecisionPapers, on: date) -> DecisionNext:
    """What comes next for a decision that was neither revoked nor changed (at most two queries)."""
    newest = papers.versions[-1] if papers.versions else None
    applied = followed = None
    if is_renewal_near(decision.ends_on, on):
        applied = _applied(decision)
        followed = _followed(decision)
    facts = DecisionFacts(
        ends_on=decision.ends_on,
        is_granted_here=decision.application_id is not None and newest is not None,
        has_certificate=newest is not None and newest.paper is not None,
        has_letter=any(row.kind == WardPaper.Kind.GRANT for row in papers.letters),
        is_applied=applied is not None,
        is_followed=bool(followed),
        again=_again(papers),
    )
    return DecisionNext(
        step=decision_step(facts, on),
        certificate_id=newest.certificate.public_id if newest else None,
        application_id=applied.public_id if applied else None,
    )


def _again(papers: DecisionPapers) -> DecisionStep | None:
    wrong = {row.kind for row in papers.to_remake}
    return next((step for kind, step in AGAIN.items() if kind in wrong), None)


def _applied(decision: Decision) -> Application | None:
    own = {"client": decision.client_id, "municipality": decision.keeper}
    return Application.objects.filter(**own, outcome="").order_by("received_on").last()


def _followed(decision: Decision) -> bool:
    later = Decision.objects.standing().filter(client=decision.client_id)
    return later.filter(starts_on__gt=decision.ends_on).exists()
