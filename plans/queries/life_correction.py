"""訂正: what another date of a job, leave or service touches, and the mark of what was shown of it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.db.models import Model

from clients.models import Employment, Enrolment, Leave, PriorService
from clients.queries.dossier import ClientDossier, client_dossier
from clients.queries.facts import WorkingLife, life_of
from clients.queries.window import standing_in
from plans.queries.caps import ClosedMonths
from plans.queries.dossier import support_dossier
from plans.queries.life_touches import state_words, what_hangs_on, window_words

LifeFact = Employment | Leave | PriorService


@dataclass(frozen=True, slots=True)
class Told:
    """What a correction changes beside the fact itself: each in words; and the mark of all of it.

    The mark goes along with the tick of whoever read the words; another row or other words give
    another one.
    """

    words: tuple[str, ...]
    mark: str


def told_before(
    enrolment: Enrolment, row: LifeFact, changes: Mapping[str, Any], on: date, closed: ClosedMonths
) -> Told:
    """What writing `changes` into `row` would touch, as known on `on`.

    `row` as it is stored. The queries are those of the two dossiers, whatever the history.
    """
    person = client_dossier(enrolment, on)
    after = life_if_corrected(person, row, changes)
    if after == person.life:
        return Told((), mark_of(row, ()))
    was, will = standing_in(person.life, person.on), standing_in(after, person.on)
    words = (
        *window_words(was, will),
        *state_words(was, will),
        *what_hangs_on(support_dossier(person), after, person.on, closed),
    )
    return Told(words, mark_of(row, words))


def life_if_corrected(
    person: ClientDossier, row: LifeFact, changes: Mapping[str, Any]
) -> WorkingLife:
    """The working life with `changes` in `row`; what is stored stays as it is."""
    corrected = copy(row)
    for name, value in changes.items():
        setattr(corrected, name, value)
    jobs = [_in_place(job, corrected) for job in person.jobs]
    leaves = [_in_place(leave, corrected) for job in person.jobs for leave in job.leaves.all()]
    services = [_in_place(use, corrected) for use in person.services]
    return life_of(
        sorted(jobs, key=lambda job: (job.starts_on, job.pk)),
        sorted(services, key=lambda use: use.starts_on),
        sorted(leaves, key=lambda leave: leave.starts_on),
    )


def _in_place(known: Any, corrected: LifeFact) -> Any:
    is_it = type(known) is type(corrected) and known.pk == corrected.pk
    return corrected if is_it else known


def mark_of(row: Model, words: tuple[str, ...]) -> str:
    """A mark of the row as it is stored and of what was said."""
    stored = [getattr(row, field.attname) for field in row._meta.concrete_fields]
    return sha256(repr((row._meta.label, stored, words)).encode()).hexdigest()
