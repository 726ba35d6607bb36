"""訂正: what was corrected of a decision before, value by value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from plans.models import Certificate, Decision
from teikyaku.era import both

# What the form of a correction asks of the decision itself.
CORRECTED = ("decided_on", "starts_on", "ends_on", "amount")


@dataclass(frozen=True, slots=True)
class Correction:
    """One 訂正 as the main office reads it."""

    at: datetime
    by: str
    reason: str
    words: tuple[str, ...]
    """Each value that differs, before and after, and whether the number did; often one."""


def corrections_of(decision: Decision) -> list[Correction]:
    """The corrections of a decision and of its number, the newest first (two queries)."""
    history: Any = decision.history
    rows = list(history.select_related("history_user").order_by("history_date", "history_id"))
    number_at, number = _number_corrected(decision), _("受給者証番号")
    found = [
        Correction(
            at=row.history_date,
            by=row.history_user.name if row.history_user else "",
            reason=row.history_change_reason,
            words=(
                *_differences(before, row),
                *([number] if row.history_date in number_at else []),
            ),
        )
        for before, row in pairwise(rows)
        if row.history_change_reason
    ]
    return found[::-1]


def _differences(before: Any, row: Any) -> Sequence[str]:
    label: Any = Decision._meta.get_field
    return [
        f"{label(name).verbose_name} {_shown(old)} → {_shown(new)}"
        for name in CORRECTED
        if (old := getattr(before, name)) != (new := getattr(row, name))
    ]


def _shown(value: Any) -> str:
    return both(value) if isinstance(value, date) else str(value)


def _number_corrected(decision: Decision) -> set[datetime]:
    """The moments at which the number was corrected; a wrong one that nobody carries is not kept."""
    history: Any = Certificate.history
    rows = history.filter(decision=decision.pk).order_by("id", "history_date", "history_id")
    return {
        row.history_date
        for before, row in pairwise(rows)
        if before.id == row.id
        and before.recipient_number_id != row.recipient_number_id
        and row.history_change_reason
    }
