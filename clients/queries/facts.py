"""Rows as the values that the rules take. One query per kind, for one person or for many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet

from clients.models import Employment, Leave, PriorService
from clients.rules.facts import EmploymentFact, ServiceUse
from clients.rules.kinds import EmploymentKind, ServiceKind
from teikyaku.periods import Period
from teikyaku.prepared import Keys, prepared

_JOBS = {each.value: each for each in EmploymentKind}
_SERVICES = {each.value: each for each in ServiceKind}


@dataclass(slots=True)
class WorkingLife:
    """Jobs and services of one person, as the rules of the window take them."""

    employments: list[EmploymentFact] = field(default_factory=list)
    services: list[ServiceUse] = field(default_factory=list)


def working_lives(client_ids: Collection[int]) -> Mapping[int, WorkingLife]:
    """The working life of each of these people (two queries, however many)."""
    wanted = Keys.of(client_ids)
    lives: dict[int, WorkingLife] = defaultdict(WorkingLife)
    for client, job in _with_leaves(_jobs.tuples(clients=wanted)):
        lives[client].employments.append(job)
    for client, kind, *use in _services.tuples(clients=wanted):
        starts_on, ends_on, is_during = use
        lives[client].services.append(ServiceUse(_SERVICES[kind], starts_on, ends_on, is_during))
    return lives


@prepared("clients")
def _jobs(clients: list[int]) -> QuerySet[Any, Any]:
    """Jobs in their order, each once for every leave, in theirs, and once where there was none."""
    jobs = Employment.objects.filter(client__in=clients)
    return jobs.order_by("starts_on", "pk", "leaves__starts_on").values_list(
        "client_id", "pk", "starts_on", "ends_on", "kind", "changes_to_improve",
        "leaves__starts_on", "leaves__ends_on",
    )  # fmt: skip


def _with_leaves(
    rows: Iterable[tuple[Any, ...]],
) -> Iterator[tuple[int, EmploymentFact]]:
    for (client, *job), same in groupby(rows, key=itemgetter(0, 1, 2, 3, 4, 5)):
        leaves = tuple(Period(row[6], row[7]) for row in same if row[6])
        _key, starts_on, ends_on, kind, improves = job
        yield client, EmploymentFact(starts_on, ends_on, _JOBS[kind], improves, leaves)


@prepared("clients")
def _services(clients: list[int]) -> QuerySet[Any, Any]:
    uses = PriorService.objects.filter(client__in=clients).order_by("starts_on")
    return uses.values_list("client_id", "kind", "starts_on", "ends_on", "is_during_employment")


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
