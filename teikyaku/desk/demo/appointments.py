"""Appointments of the demo: each worker meets somebody today, and others in the coming days."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import OuterRef

from clients.models import Enrolment, StaffAssignment
from clients.queries.no_contact import no_contact_q
from plans.actions import life_change
from plans.actions.appointment import change_appointment
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from teikyaku.desk.demo.places import City

# Every so many people of a worker's, and in how many days they meet; what was agreed on the telephone.
EVERY = 5
AGREED = (
    (0, "昼休みに職場の休憩室で会う。12時15分から。"),
    (1, "仕事のあと、駅前の相談室で会う。17時30分から。"),
    (5, "休みの日に事業所へ来る。10時から。"),
)
CALLED_DAYS_AGO = 2
# The last of them was moved by so many days.
MOVED_DAYS = 2
WHY = "会社の棚卸しの日と重なったので、本人から電話。"


def agree_on_days(city: City) -> None:
    """A short call with some of each worker's people, in which the next day was agreed."""
    for member in list(city.staff.values()):
        if member.office_id and member.has_role(Role.SUPPORT_WORKER):
            _of_worker(city, member)


def _of_worker(city: City, member: Membership) -> None:
    called_on = city.today - timedelta(days=CALLED_DAYS_AGO)
    held = StaffAssignment.objects.in_charge(city.today).filter(staff=member)
    people = Enrolment.objects.in_use(called_on).filter(
        pk__in=held.values("enrolment"),
        interview_due_on__gte=city.today,
        use_starts_on__lt=called_on,
    )
    # Nobody is met where their workplace must not know.
    people = people.exclude(no_contact_q(called_on, OuterRef("client")))
    met = list(zip(people.order_by("pk")[::EVERY], AGREED, strict=False))
    for enrolment, (days, agreed) in met:
        life_change.log_interview(
            enrolment=enrolment, held_on=called_on, way="phone", outcome="met", met_by=member,
            notes="電話で、次に会う日を決めた。", agreed=agreed, work_rating="settled",
            life_rating="settled", next_on=city.today + timedelta(days=days), by=member,
            at=at_noon(called_on),
        )  # fmt: skip
    for enrolment, (days, _agreed) in met[len(AGREED) - 1 :]:
        moved_to = city.today + timedelta(days=days + MOVED_DAYS)
        change_appointment(
            enrolment=enrolment, next_on=moved_to, note=WHY, by=member, at=at_noon(city.today)
        )
