"""目標のようす: the goals of a plan, each with how it went in the interviews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from plans.models import GoalRating, SupportPlan, SupportPlanGoal

TONES = {"reached": "success", "progress": "info", "steady": "neutral", "hard": "warning"}


@dataclass(frozen=True, slots=True)
class RatingMark:
    """How a goal went on one day."""

    on: date
    label: str
    tone: str
    interview_id: UUID


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal and its ratings, oldest first."""

    goal: SupportPlanGoal
    ratings: tuple[RatingMark, ...]

    @property
    def last(self) -> RatingMark | None:
        """The latest one."""
        return self.ratings[-1] if self.ratings else None


def goal_lines(plan: SupportPlan, last: int = 0) -> list[GoalLine]:
    """The goals of a plan with their ratings, of each the `last` so many (two queries)."""
    # Corrected interviews are told by what took their place.
    ratings = (
        GoalRating.objects.filter(interview__replaced_by=None, interview__withdrawn_at=None)
        .select_related("interview")
        .order_by("interview__held_on", "pk")
    )
    goals = plan.goal_rows.prefetch_related(Prefetch("ratings", queryset=ratings))
    return [GoalLine(goal, _marks(goal)[-last:]) for goal in goals]


def _marks(goal: Any) -> tuple[RatingMark, ...]:
    return tuple(
        RatingMark(
            row.interview.held_on,
            row.get_rating_display(),
            TONES[row.rating],
            row.interview.public_id,
        )
        for row in goal.ratings.all()
    )
