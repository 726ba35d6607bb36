"""A hand-over of the demo: a colleague works less from next month, and two of her people go."""

from __future__ import annotations

from datetime import timedelta

from clients.actions.case_move import move_cases
from clients.models import Enrolment, StaffAssignment
from clients.queries.case_move import Going
from teikyaku.clock import at_noon
from teikyaku.desk.demo.places import City
from teikyaku.periods import Month, in_force

PEOPLE = 2
RECORDED_DAYS_AGO = 3
NOTE = "来月から勤務日が週3日になるので、お願いします。職場の方には、まだ話していません。"
ABOUT = (
    "朝は電話に出られない。用件はショートメールで送ると、昼休みに返事がくる。",
    "初めての人と二人で話すのは緊張する。はじめの面談は一緒に行く。",
)


def hand_over(city: City) -> None:
    """Two people of one 就労定着支援員 go to the other on the first day of next month."""
    told_on = city.today - timedelta(days=RECORDED_DAYS_AGO)
    starts_on = (Month.of(city.today) + 1).first_day
    held = StaffAssignment.objects.in_charge(told_on).filter(staff=city.staff["worker2"])
    people = Enrolment.objects.in_use(told_on).filter(in_force(starts_on))
    going = people.filter(pk__in=held.values("enrolment")).order_by("pk")[:PEOPLE]
    move_cases(
        people=[Going(row, note) for row, note in zip(going, ABOUT, strict=False)],
        to_staff=city.staff["worker"], starts_on=starts_on, note=NOTE, by=city.staff["head"],
        at=at_noon(told_on),
    )  # fmt: skip
