"""A person in a few lines: what every page that names somebody needs, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from clients.access import last_seen
from clients.models import Client, Employment, Enrolment, Residence
from clients.queries.no_contact import must_not_contact
from clients.queries.window import standing_of
from clients.rules.standing import Standing
from teikyaku.accounts.models import Membership
from teikyaku.periods import in_force


@dataclass(frozen=True, slots=True)
class JobSummary:
    """The present (or last) job. `must_not_contact` stands beside every telephone number."""

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
    disabilities: tuple[str, ...]
    address: str | None
    is_address_protected: bool
    job: JobSummary | None
    staff_name: str
    staff_id: UUID | None
    standing: Standing


def age_on(birth_date: date, on: date) -> int:
    """Age in years on a day; somebody born on February 29 is a year older on March 1."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def person_of(enrolment: Enrolment, on: date) -> PersonSummary:
    """Everything above as the office may know it on `on`: up to the end of its work.

    At most twelve queries, whatever the history.
    """
    return _person_on(enrolment, last_seen(enrolment, on))


def _person_on(enrolment: Enrolment, on: date) -> PersonSummary:
    client = enrolment.client
    names = list(client.names.all())
    name = next((n for n in reversed(names) if n.starts_on <= on), names[0] if names else None)
    residence = client.residences.filter(in_force(on)).select_related("municipality").first()
    staff = _staff(enrolment, on)
    return PersonSummary(
        public_id=client.public_id,
        name=name.name if name else "",
        kana=name.kana if name else "",
        former_names=tuple(n.name for n in names if name and n.pk != name.pk and n.starts_on <= on),
        birth_date=client.birth_date,
        age=age_on(client.birth_date, client.died_on or on),
        died_on=client.died_on,
        # Without a date of its own: told while the office works with them, and to nobody's past.
        phone="" if _has_gone_on(enrolment) else client.phone,
        disabilities=tuple(
            row.get_kind_display() for row in client.disabilities.filter(in_force(on))
        ),
        address=_address(residence),
        is_address_protected=bool(residence and residence.is_protected),
        job=_job(client, on),
        staff_name=staff.user.name if staff else "",
        staff_id=staff.public_id if staff else None,
        standing=standing_of(client, on),
    )


def _has_gone_on(enrolment: Enrolment) -> bool:
    """Whether the work has ended and another office works with the person since."""
    if enrolment.ends_on is None:
        return False
    others = Enrolment.objects.filter(client=enrolment.client_id).exclude(pk=enrolment.pk)
    return others.filter(starts_on__gt=enrolment.ends_on).exists()


def _address(residence: Residence | None) -> str | None:
    if residence is None:
        return ""
    if residence.is_protected:
        return None
    return f"{residence.municipality.full_name}{residence.address}"


def _job(client: Client, on: date) -> JobSummary | None:
    job = (
        Employment.objects.filter(client=client, starts_on__lte=on)
        .select_related("employer")
        .prefetch_related("leaves")
        .order_by("starts_on", "pk")
        .last()
    )
    if job is None:
        return None
    return JobSummary(
        public_id=job.public_id,
        employer=job.employer.name,
        title=job.job_title,
        starts_on=job.starts_on,
        ends_on=job.ends_on,
        contact_name=job.contact_name,
        contact_phone=job.contact_phone or job.employer.phone,
        must_not_contact=must_not_contact(client, on),
        is_on_leave=any(
            leave.starts_on <= on and (leave.ends_on is None or on <= leave.ends_on)
            for leave in job.leaves.all()
        ),
    )


def _staff(enrolment: Enrolment, on: date) -> Membership | None:
    row = enrolment.assignments.filter(in_force(on)).select_related("staff__user").first()
    return row.staff if row else None
