"""面談の間隔の設定 of an office: what holds when, and whom a planned one would move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from django.db.models import Q

from clients.models import Enrolment
from clients.queries.subject import names_of
from plans.models import PaceSetting
from plans.queries.pace import SETTING_KEYS, histories, settings_of
from plans.rules.pace import PaceSettings, SettingsOn
from plans.rules.pace_ahead import Ahead, look_ahead
from teikyaku.accounts.models import Office
from teikyaku.accounts.queries.figures import overrides
from teikyaku.figures import Figure, packaged, pick
from teikyaku.periods import Month, day_before


@dataclass(frozen=True, slots=True)
class Moved:
    """One person whose due date a planned setting would move: now, or after the next meeting."""

    client_id: UUID
    name: str
    kana: str
    ahead: Ahead


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom a planned setting would move, the earliest first; and of how many."""

    now: tuple[Moved, ...]
    later: tuple[Moved, ...]
    proposed: tuple[Moved, ...]
    """For whom a longer interval would newly be proposed, by kana."""
    people: int


def settings_rows(office: Office) -> list[PaceSetting]:
    """The office's own settings, the newest first; none where the product's figures hold."""
    rows = PaceSetting.objects.filter(office=office).order_by("-starts_on")
    return list(rows.select_related("recorded_by__user"))


def setting_on(office: Office, on: date) -> PaceSettings:
    """What holds for the office on a day."""
    return settings_of({office.pk})(office.pk, on)


def product_figures(on: date) -> list[Figure]:
    """The product's figures of the day's month with their source, in the order of the settings."""
    corrected = overrides()
    return [pick(f"pace.{key}", Month.of(on), corrected) for key in SETTING_KEYS]


def setting_labels() -> dict[str, tuple[str, str]]:
    """Setting → what it is called and its unit."""
    named = {figure.key: (figure.label, figure.unit) for figure in packaged()}
    return {key: named[f"pace.{key}"] for key in SETTING_KEYS}


def preview(
    office: Office, on: date, planned: PaceSettings | None, first: date,
    without: PaceSetting | None = None,
) -> Preview:  # fmt: skip
    """Whom settings that are not stored would move, seen from `on`.

    `planned` hold from `first` on (None: nothing new does); `without` is a row that would go. Eight
    queries, however many people.
    """
    running = Q(ends_on=None) | Q(ends_on__gte=on)
    rows = list(
        Enrolment.objects.filter(running, office=office, use_starts_on__isnull=False)
        .select_related("client")
        .order_by("pk")
    )
    before = partial(settings_of({office.pk}), office.pk)
    after = _tried(before, planned, first, without)
    since = first if without is None else min(first, without.starts_on)
    found = histories(rows)
    ahead = {row.pk: look_ahead(found[row.pk], since, on, before, after) for row in rows}
    moved = [row for row in rows if _tells(ahead[row.pk])]
    names = names_of([row.client_id for row in moved], on)
    lines = [
        Moved(
            client_id=row.client.public_id,
            name=names[row.client_id].name if row.client_id in names else "",
            kana=names[row.client_id].kana if row.client_id in names else "",
            ahead=ahead[row.pk],
        )
        for row in moved
    ]
    return Preview(
        now=tuple(sorted((line for line in lines if line.ahead.is_moved), key=_first_due)),
        later=tuple(sorted((line for line in lines if line.ahead.is_moved_later), key=_next_met)),
        proposed=tuple(
            sorted((line for line in lines if line.ahead.proposed_months), key=lambda row: row.kana)
        ),
        people=len(rows),
    )


def _tells(ahead: Ahead) -> bool:
    return ahead.is_moved or ahead.is_moved_later or ahead.proposed_months is not None


def _tried(
    stored: SettingsOn, planned: PaceSettings | None, first: date, without: PaceSetting | None
) -> SettingsOn:
    """The settings by day with the planned ones, and with what holds before the row that goes."""
    kept = date.max if without is None else day_before(without.starts_on)

    def on_day(on: date) -> PaceSettings:
        return planned if planned is not None and on >= first else stored(min(on, kept))

    return on_day


def _first_due(line: Moved) -> date:
    return line.ahead.due_after or line.ahead.due_before or date.max


def _next_met(line: Moved) -> date:
    return line.ahead.met_on or date.max
