"""A record that never changes: a mistake is taken back by a row of its own, or told anew by one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from teikyaku.accounts.models.base import RecordedModel
from teikyaku.frozen import FrozenModel, FrozenQuerySet


class TakenBackQuerySet(FrozenQuerySet):
    """Questions about rows of which some take others back."""

    def standing(self) -> TakenBackQuerySet:
        """Those that count: neither taken back nor the row that takes one back."""
        return self.filter(cancels=None, cancelled_by=None)


class TakenBackRow(FrozenModel, RecordedModel):
    """A row that a further one (`cancels`) takes back, with its reason in `note`; both stay readable.

    A model of it has a `note`, and `cancellation_has_reason` among its constraints.
    """

    cancels = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,  # what was taken back stays readable
        null=True,
        blank=True,
        related_name="cancelled_by",
        verbose_name="取り消した記録",
        error_messages={"unique": "この記録は、たったいま別の人が取り消しました。"},
    )

    objects = TakenBackQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        abstract = True


def cancellation_has_reason(noun: str) -> models.CheckConstraint:
    """Whoever takes a row back says why; `noun` begins the constraint's name."""
    return models.CheckConstraint(
        condition=Q(cancels__isnull=True) | ~Q(note=""),
        name=f"{noun}_cancellation_has_reason",
        violation_error_message="取り消す理由を入れてください。",
    )


class ReplacedQuerySet(FrozenQuerySet):
    """Questions about rows of which some take the place of others."""

    def standing(self) -> ReplacedQuerySet:
        """What holds: the last row of each fact, unless it says that the fact never was."""
        return self.filter(replaced_by=None, is_withdrawn=False)


class ReplacedRow(FrozenModel, RecordedModel):
    """A fact that is told anew by a further row (`replaces`), which says why; the last one counts.

    One that `is_withdrawn` says that it never was. A model of it has `retold_constraints`, and a field
    for the why.
    """

    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,  # what was told before stays readable
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name="訂正前の記録",
        error_messages={"unique": "この記録は、たったいま別の人が書き直しました。"},
    )
    is_withdrawn = models.BooleanField("取り下げ", default=False)

    objects = ReplacedQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        abstract = True


class RetoldRow(ReplacedRow):
    """The same with its why in `reason`."""

    reason = models.CharField("訂正・取り下げの理由", max_length=200, blank=True)

    class Meta:
        abstract = True


def retold_constraints(
    noun: str, *, why: str = "reason", asks: str = "訂正の理由を入れてください。"
) -> list[models.BaseConstraint]:
    """Whoever tells anew says `why` (`asks`: the words where they do not), and only what was told is withdrawn."""
    return [
        models.CheckConstraint(
            condition=Q(replaces__isnull=True) | ~Q(**{why: ""}),
            name=f"{noun}_correction_has_reason",
            violation_error_message=asks,
        ),
        models.CheckConstraint(
            condition=Q(is_withdrawn=False) | Q(replaces__isnull=False),
            name=f"{noun}_withdrawal_replaces",
            violation_error_message="取り下げは、取り下げる記録と一緒に残します。",
        ),
    ]
