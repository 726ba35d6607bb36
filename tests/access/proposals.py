"""区への提案 in the access matrix: the office that proposes and the ward that answers."""

from __future__ import annotations

from typing import Any

from clients.models import Enrolment
from plans.actions.proposal import propose
from plans.models import Proposal
from teikyaku.clock import at_noon
from tests.cast import Cast

WRITERS = ("worker", "manager", "head")
TABLE: dict[str, tuple[str, ...]] = {
    "proposal_list": (*WRITERS, "outsider"),
    "proposal_choose": WRITERS,
    "proposal_new": WRITERS,
    "proposal_page": WRITERS,
    "proposal_answer": WRITERS,
    "proposal_withdraw": WRITERS,
    "admin:ward_proposals": ("officer", "other_officer"),
    "admin:ward_proposals_xlsx": ("officer", "other_officer"),
    "admin:ward_proposal": ("officer",),
    "admin:ward_proposal_accept": ("officer",),
    "admin:ward_proposal_refuse": ("officer",),
    "admin:ward_proposal_ask": ("officer",),
}


def talked_about(cast: Cast) -> Enrolment:
    """The person of the cast whose decision a ward made here."""
    return Enrolment.objects.get(client=cast.decision.client, office=cast.office)


def arguments(cast: Cast) -> dict[str, Any]:
    """A proposal of the cast's office to the cast's ward."""
    known = Proposal.objects.first() or proposed(cast)
    return {"proposal": known.public_id}


def proposed(cast: Cast, **changes: Any) -> Proposal:
    """The office asks to renew the decision."""
    facts = {"kind": "renewal", "text": "12月に更新です。", **changes}
    return propose(
        enrolment=talked_about(cast), decision=cast.decision, by=cast.members["worker"],
        at=at_noon(cast.today), **facts,
    )  # fmt: skip
