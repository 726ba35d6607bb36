"""Figures as they hold here: the packaged ones with the operator's corrections."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from teikyaku import figures
from teikyaku.accounts.models import FigureOverride
from teikyaku.periods import Month
from teikyaku.prepared import prepared
from teikyaku.reasons import Certainty
from teikyaku.rehearsal import once


def figure(key: str, month: Month) -> figures.Figure:
    """The figure `key` in `month` (one query).

    Raises figures.NoFigure or figures.TwoFigures.
    """
    return figures.pick(key, month, overrides(key))


def figures_of(keys: Iterable[str], month: Month) -> dict[str, figures.Figure]:
    """Several figures in `month` (one query for all)."""
    wanted = list(keys)
    known = overrides()
    return {key: picked(key, month, known) for key in wanted}


def picked(key: str, month: Month, corrected: Iterable[figures.Figure]) -> figures.Figure:
    """The figure `key` in `month`, of what `overrides` handed out (no query)."""
    return figures.pick(key, month, (each for each in corrected if each.key == key))


def overrides(key: str | None = None) -> tuple[figures.Figure, ...]:
    """The operator's corrections, of one figure or of all."""
    return once(("overrides", key), lambda: _corrected(key))


def _corrected(key: str | None) -> tuple[figures.Figure, ...]:
    return tuple(
        figures.Figure(
            key=row.key,
            value=figures.typed_value(row.key, row.value),
            first_month=Month.of(row.first_month),
            last_month=Month.of(row.last_month) if row.last_month else None,
            source=row.source,
            certainty=Certainty.PRACTICE,
            is_override=True,
        )
        for row in _overrides.rows(key=key)
    )


@prepared()
def _overrides(key: str | None) -> QuerySet[FigureOverride]:
    return FigureOverride.objects.filter(key=key) if key else FigureOverride.objects.all()


UNSURE = (Certainty.PRACTICE, Certainty.UNKNOWN)


def unconfirmed(month: Month, corrected: Iterable[figures.Figure]) -> list[figures.Figure]:
    """Figures of practice or unknown ones of a month that no operator has confirmed or corrected.

    The program's own defaults are not among them: nothing outside says what they should be.
    """
    settled = {figure.key for figure in corrected if figure.covers(month)}
    return [
        figure
        for figure in figures.packaged()
        if figure.certainty in UNSURE
        and not figure.is_own_default
        and figure.covers(month)
        and figure.key not in settled
    ]


@dataclass(frozen=True, slots=True)
class Correction:
    """An operator's correction as the list of figures shows it."""

    row: FigureOverride
    label: str
    unit: str


def corrections() -> list[Correction]:
    """All corrections, by figure and month (one query)."""
    units = {figure.key: figure.unit for figure in figures.packaged()}
    return [
        Correction(row, figures.label_of(row.key), units.get(row.key, ""))
        for row in FigureOverride.objects.order_by("key", "first_month")
    ]
