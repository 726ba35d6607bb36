"""Where a person stands: the one door from stored facts to the rule of the window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from clients.models import Client
from clients.queries.facts import WorkingLife, working_lives
from clients.rules.last_usable import LeavingAhead, leaving_ahead
from clients.rules.standing import Standing, standing
from teikyaku.periods import Period


def standing_of(client: Client, on: date) -> Standing:
    """The standing of one person on `on` (three queries)."""
    return standings_of([client.pk], on)[client.pk]


def standings_of(client_ids: Iterable[int], on: date) -> Mapping[int, Standing]:
    """The standing of each of these people on `on` (three queries, however many)."""
    wanted = list(client_ids)
    lives = working_lives(wanted)
    return {pk: standing_in(lives[pk], on) for pk in wanted}


def standing_in(life: WorkingLife, on: date) -> Standing:
    """The standing on `on` of the person who led this working life."""
    # A person without a recorded service has no right yet: the screening asks for it.
    return standing(life.employments, on, services_before=tuple(life.services))


def leaving_of(client: Client, period: Period, on: date) -> LeavingAhead | None:
    """The leaving on file inside `period` that ends the person's right, as known on `on` (three queries)."""
    life = working_lives([client.pk])[client.pk]
    return leaving_ahead(life.employments, life.services, period, on)
