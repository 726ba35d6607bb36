"""Rows as the values that the rules take. One query per kind, for one person or for many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from clients.models import Employment, Leave, PriorService
from clients.rules.facts import EmploymentFact, ServiceUse
from clients.rules.kinds import EmploymentKind, ServiceKind
from teikyaku.periods import Period


@dataclass(slots=True)
class WorkingLife:
    """Jobs and services of one person, as the rules of the window take them."""

    employments: list[EmploymentFact] = field(default_factory=list)
    services: list[ServiceUse] = field(default_factory=list)


def working_lives(client_ids: Iterable[int]) -> Mapping[int, WorkingLife]:
    """The working life of each of these people (three queries, however many)."""
    wanted = list(client_ids)
    lives: dict[int, WorkingLife] = defaultdict(WorkingLife)
    leaves: dict[int, list[Period]] = defaultdict(list)
    for leave in Leave.objects.filter(employment__client__in=wanted).order_by("starts_on"):
        leaves[leave.employment_id].append(Period(leave.starts_on, leave.ends_on))
    for job in Employment.objects.filter(client__in=wanted).order_by("starts_on", "pk"):
        lives[job.client_id].employments.append(_employment_fact(job, leaves[job.pk]))
    for use in PriorService.objects.filter(client__in=wanted).order_by("starts_on"):
        lives[use.client_id].services.append(
            ServiceUse(
                kind=ServiceKind(use.kind),
                starts_on=use.starts_on,
                ends_on=use.ends_on,
                is_during_employment=use.is_during_employment,
            )
        )
    return lives


def _employment_fact(job: Employment, leaves: list[Period]) -> EmploymentFact:
    return EmploymentFact(
        starts_on=job.starts_on,
        ends_on=job.ends_on,
        kind=EmploymentKind(job.kind),
        changed_to_improve_conditions=job.changes_to_improve,
        leaves=tuple(leaves),
    )
