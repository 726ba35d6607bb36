"""The objects of the hand-over's addresses: one judged, with a centre that gets a package."""

from __future__ import annotations

from typing import Any

from plans.actions.handover import judge_need, record_step
from plans.actions.handover_papers import issue_plain_sheet
from plans.models import Handover
from plans.rules.handover import HandoverStep
from teikyaku.clock import at_noon
from tests.cast import Cast, make_centre

PAGES = (
    "handover_page", "handover_step", "handover_correct", "handover_texts", "handover_package",
    "handover_plain", "handover_pdf",
)  # fmt: skip


def arguments(cast: Cast, name: str) -> dict[str, Any]:
    """A hand-over with its centre chosen, the step that is open, and a paper."""
    if name not in PAGES:
        return {}
    row = begun(cast)
    found: dict[str, Any] = {"step": "consent"}
    if name == "handover_pdf":
        by, at = cast.members["manager"], at_noon(cast.today)
        found["handover_paper"] = issue_plain_sheet(handover=row, by=by, at=at).public_id
    return found


def begun(cast: Cast) -> Handover:
    """Judged today, and its centre chosen."""
    who: dict[str, Any] = {"by": cast.members["manager"], "at": at_noon(cast.today)}
    known = Handover.objects.filter(enrolment=cast.enrolment).first()
    if known is not None and known.centre_id is not None:
        return known
    row = judge_need(
        enrolment=cast.enrolment, judged_on=cast.today, is_needed=True, judgement="生活", **who
    )
    return record_step(handover=row, step=HandoverStep.CENTRE, centre=make_centre(), **who)
