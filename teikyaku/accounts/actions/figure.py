"""Corrections of figures (制度の数値), by the system administrator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.record import correct_record, save_record
from teikyaku.accounts.models import FigureOverride, Membership
from teikyaku.periods import Month


@transaction.atomic
def override_figure(
    *,
    key: str,
    value: str,
    first_month: date,
    last_month: date | None,
    source: str,
    by: Membership,
    at: datetime,
) -> FigureOverride:
    """An operator's figure wins over the packaged one for these months.

    A correction that runs on without end stops the month before. Raises ValidationError when
    another correction covers one of the months.
    """
    running = FigureOverride.objects.filter(
        key=key, first_month__lt=first_month, last_month=None
    ).first()
    if running is not None:
        running.last_month = (Month.of(first_month) - 1).first_day
        save_record(running, verb="figure_correction_ended", by=by, at=at, fields=("last_month",))
    row = FigureOverride(
        key=key, value=value, first_month=first_month, last_month=last_month, source=source
    )
    return save_record(row, verb="figure_corrected", by=by, at=at)


@transaction.atomic
def correct_override(
    *, row: FigureOverride, changes: Mapping[str, Any], reason: str, by: Membership, at: datetime
) -> FigureOverride:
    """A correction that was itself written wrongly; the history keeps the old values.

    Raises ValidationError by field when the new values do not fit.
    """
    return correct_record(row, changes, verb="figure_corrected", reason=reason, by=by, at=at)


@transaction.atomic
def withdraw_override(*, row: FigureOverride, reason: str, by: Membership, at: datetime) -> None:
    """The packaged figure holds again; value and reason stay in the history."""
    audit(verb="figure_correction_withdrawn", subject=row, by=by, at=at)
    row._history_date = at  # type: ignore[attr-defined]
    row._history_user = by.user  # type: ignore[attr-defined]
    row._change_reason = reason  # type: ignore[attr-defined]
    row.delete()
