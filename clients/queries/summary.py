"""A person in a few lines: what every page that names somebody needs, as frozen values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from clients.models import ClientName, Employment, Enrolment, Residence
from clients.queries.dossier import ClientDossier, client_dossier
from clients.queries.window import standing_in
from clients.rules.standing import Standing
from teikyaku.periods import Period


@dataclass(frozen=True, slots=True)
class JobSummary:
    """A present (or the last) job. `must_not_contact` stands beside every telephone number."""

    public_id: UUID
    employer: str
    title: str
    starts_on: date
    ends_on: date | None
    contact_name: str
    contact_phone: str
    must_not_contact: bool
    is_on_leave: bool


@dataclass(frozen=True, slots=True)
class PersonSummary:
    """利用者 as a page's head shows them. The address is None where it must stay hidden."""

    public_id: UUID
    name: str
    kana: str
    former_names: tuple[str, ...]
    birth_date: date
    age: int
    died_on: date | None
    phone: str
    notes: str
    """配慮すること."""
    disabilities: tuple[str, ...]
    address: str | None
    is_address_protected: bool
    job: JobSummary | None
    """The job of the support; of several that run the one that it counts from."""
    other_jobs: tuple[JobSummary, ...]
    """What runs beside it (ダブルワーク)."""
    staff_name: str
    staff_note: str
    """What was said of the person when they were handed over to who is in charge."""
    next_staff_name: str
    """Who takes over on a day ahead; "" where nothing is decided, or the work has ended."""
    next_staff_on: date | None
    standing: Standing


def age_on(birth_date: date, on: date) -> int:
    """Age in years on a day; somebody born on February 29 is a year older on March 1."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def person_of(enrolment: Enrolment, on: date) -> PersonSummary:
    """Everything above as the office may know it on `on`: up to the end of its work.

    At most thirteen queries, whatever the history.
    """
    return person_summary(client_dossier(enrolment, on))


def person_summary(dossier: ClientDossier) -> PersonSummary:
    """The same from a dossier at hand."""
    client, on = dossier.client, dossier.on
    enrolment = cast(Any, dossier.enrolment)
    name = name_on(dossier.names, on)
    residence = dossier.residence
    jobs = tuple(_job(job, dossier) for job in _jobs(dossier))
    return PersonSummary(
        public_id=client.public_id,
        name=name.name if name else "",
        kana=name.kana if name else "",
        former_names=tuple(
            n.name for n in dossier.names if name and n.pk != name.pk and n.starts_on <= on
        ),
        birth_date=client.birth_date,
        age=age_on(client.birth_date, client.died_on or on),
        died_on=client.died_on,
        # Without a date of its own: told while the office works with them, and to nobody's past.
        phone="" if enrolment.has_gone_on else client.phone,
        notes="" if enrolment.has_gone_on else client.notes,
        disabilities=tuple(row.get_kind_display() for row in dossier.disabilities),
        address=_address(residence),
        is_address_protected=bool(residence and residence.is_protected),
        job=jobs[0] if jobs else None,
        other_jobs=jobs[1:],
        staff_name=dossier.staff.name,
        staff_note=dossier.staff.note,
        next_staff_name=dossier.staff.next_name,
        next_staff_on=dossier.staff.next_on,
        standing=standing_in(dossier.life, on),
    )


def name_on(names: Sequence[ClientName], on: date) -> ClientName | None:
    """The last name that had begun by `on`; the first of all where none had."""
    return next((n for n in reversed(names) if n.starts_on <= on), names[0] if names else None)


def _address(residence: Residence | None) -> str | None:
    if residence is None:
        return ""
    if residence.is_protected:
        return None
    return f"{residence.municipality.full_name}{residence.address}"


def _told(day: date | None, seen_until: date | None) -> date | None:
    return None if day is not None and seen_until is not None and day > seen_until else day


def _jobs(dossier: ClientDossier) -> tuple[Employment, ...]:
    """The jobs that run on the day, the one of the support first; else the last one that had begun.

    Jobs that overlap are one course of work, and the support counts from its first day (docs/rules.md
    §2): of the jobs that run it is the one that began first. A side job beside it changes nothing.
    """
    begun = [job for job in dossier.jobs if job.starts_on <= dossier.on]
    running = [job for job in begun if Period(job.starts_on, job.ends_on).contains(dossier.on)]
    if not running:
        return tuple(begun[-1:])
    return tuple(sorted(running, key=lambda job: (job.starts_on, job.pk)))


def _job(job: Employment, dossier: ClientDossier) -> JobSummary:
    return JobSummary(
        public_id=job.public_id,
        employer=job.employer.name,
        title=job.job_title,
        starts_on=job.starts_on,
        ends_on=_told(job.ends_on, dossier.enrolment.ends_on),
        contact_name=job.contact_name,
        contact_phone=job.contact_phone or job.employer.phone,
        must_not_contact=dossier.must_not_contact,
        is_on_leave=any(
            Period(leave.starts_on, leave.ends_on).contains(dossier.on)
            for leave in job.leaves.all()
        ),
    )
