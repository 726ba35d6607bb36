"""Rows as the values that the rules take. One query per kind, for one person or for many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from clients.models import Employment, Leave, PriorService
from clients.rules.facts import EmploymentFact, ServiceUse
from clients.rules.kinds import EmploymentKind, ServiceKind
from teikyaku.children import parents_with, with_children
from teikyaku.periods import Period
from teikyaku.prepared import prepared


@dataclass(slots=True)
class WorkingLife:
    """Jobs and services of one person, as the rules of the window take them."""

    employments: list[EmploymentFact] = field(default_factory=list)
    services: list[ServiceUse] = field(default_factory=list)


def working_lives(client_ids: Iterable[int]) -> Mapping[int, WorkingLife]:
    """The working life of each of these people (two queries, however many)."""
    wanted = list(client_ids)
    lives: dict[int, WorkingLife] = defaultdict(WorkingLife)
    for job, leaves in parents_with(_jobs.rows(clients=wanted), "leaves"):
        lives[job.client_id].employments.append(_employment_fact(job, leaves))
    for use in _services.rows(clients=wanted):
        lives[use.client_id].services.append(_service_use(use))
    return lives


@prepared("clients")
def _jobs(clients: list[int]) -> QuerySet[Employment]:
    jobs = Employment.objects.filter(client__in=clients).order_by("starts_on", "pk")
    return with_children(jobs, "leaves", "starts_on")


@prepared("clients")
def _services(clients: list[int]) -> QuerySet[PriorService]:
    return PriorService.objects.filter(client__in=clients).order_by("starts_on")


def life_of(
    jobs: Sequence[Employment],
    services: Sequence[PriorService],
    leaves: Sequence[Leave] | None = None,
) -> WorkingLife:
    """The same from rows at hand, in the order of dates; `leaves` where the jobs do not carry theirs."""
    return WorkingLife(
        [
            _employment_fact(
                job,
                job.leaves.all()
                if leaves is None
                else [leave for leave in leaves if leave.employment_id == job.pk],
            )
            for job in jobs
        ],
        [_service_use(use) for use in services],
    )


def _service_use(use: PriorService) -> ServiceUse:
    return ServiceUse(
        kind=ServiceKind(use.kind),
        starts_on=use.starts_on,
        ends_on=use.ends_on,
        is_during_employment=use.is_during_employment,
    )


def _employment_fact(job: Employment, leaves: Iterable[Leave]) -> EmploymentFact:
    return EmploymentFact(
        starts_on=job.starts_on,
        ends_on=job.ends_on,
        kind=EmploymentKind(job.kind),
        changed_to_improve_conditions=job.changes_to_improve,
        leaves=tuple(Period(leave.starts_on, leave.ends_on) for leave in leaves),
    )
