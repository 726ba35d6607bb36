"""Goal rating: how a goal goes, told in a conversation."""

from __future__ import annotations

from django.db import models

from plans.models.interview import Interview
from plans.models.support_plan import SupportPlanGoal
from teikyaku.accounts.models.base import PublicModel
from teikyaku.frozen import FrozenModel


class GoalRating(FrozenModel, PublicModel):
    """目標のようす how one goal of the support plan goes, as talked over in an interview.

    It goes with the interview: a corrected interview brings its own ratings.
    """

    class Rating(models.TextChoices):
        """ようす in words that judge nobody."""

        REACHED = "reached", "できた"
        PROGRESS = "progress", "進んでいる"
        STEADY = "steady", "いまのまま"
        HARD = "hard", "むずかしい"

    interview = models.ForeignKey(
        Interview,
        on_delete=models.PROTECT,  # the conversation in which it was told
        related_name="goal_ratings",
        verbose_name="面談・連絡",
    )
    goal = models.ForeignKey(
        SupportPlanGoal,
        on_delete=models.PROTECT,  # what was talked about stays readable
        related_name="ratings",
        verbose_name="目標",
    )
    rating = models.CharField("ようす", max_length=10, choices=Rating)

    class Meta:
        verbose_name = "目標のようす"
        verbose_name_plural = "目標のようす"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["interview", "goal"],
                name="goal_rating_once",
                violation_error_message="この面談での目標のようすは記録済みです。",
            )
        ]
