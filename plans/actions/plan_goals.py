"""The goals of a plan: stored in the order in which they were given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from plans.models import SupportPlan, SupportPlanGoal
from plans.rules.support_plan import GoalFacts
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership

FIELDS = ("term", "goal", "person_does", "staff_does", "target_on")


def store_goals(
    plan: SupportPlan, goals: Sequence[GoalFacts], *, by: Membership, at: datetime, reason: str = ""
) -> None:
    """Write `goals` as the plan's goals: known ones change, new ones are added, others go.

    Call inside an atomic action. Raises ValidationError for a goal that was talked over in an
    interview and would go.
    """
    known = {str(row.public_id): row for row in plan.goal_rows.all()}
    for position, facts in enumerate(goals, start=1):
        row = known.pop(facts.key, None) or SupportPlanGoal(plan=plan)
        if _write(row, facts, position):
            save_record(
                row, verb="support_plan_goal_written", by=by, at=at,
                person_id=plan.enrolment.client.public_id, reason=reason,
            )  # fmt: skip
    for row in known.values():
        try:
            row.delete()
        except ProtectedError as error:
            message = _("「%(goal)s」は面談でようすを記録した目標です。消せません。")
            raise ValidationError(message % {"goal": row.goal[:20]}) from error


def _write(row: SupportPlanGoal, facts: GoalFacts, position: int) -> bool:
    """Whether anything is new."""
    before = [getattr(row, name) for name in (*FIELDS, "position")]
    for name in FIELDS:
        setattr(row, name, getattr(facts, name))
    row.position = position
    return row._state.adding or before != [getattr(row, name) for name in (*FIELDS, "position")]
