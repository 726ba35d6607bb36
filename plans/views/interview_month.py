"""A contact that is recorded for a month that is over: its own days, its own staff, and what is too late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from clients.models import Enrolment
from plans.models import Interview
from plans.rules.late_meeting import why_too_late
from teikyaku.accounts.access import active_membership
from teikyaku.accounts.models import Membership
from teikyaku.accounts.queries.membership import staff_within
from teikyaku.accounts.roles import Role
from teikyaku.accounts.way_back import keeping_way_back, mended_month
from teikyaku.periods import Month, Period


@dataclass(frozen=True, slots=True)
class LateMonth:
    """The month that the page was opened for: who worked in it, and why it may be too late."""

    month: Month
    staff: tuple[Membership, ...]
    too_late: str
    """Empty where a meeting of the month can still be recorded."""


def late_month(request: HttpRequest, enrolment: Enrolment, on: date) -> LateMonth | None:
    """None for the running month, and where the page was opened for itself (one query else)."""
    month = mended_month(request)
    if month is None or month >= Month.of(on):
        return None
    held = staff_within(enrolment.office, Period(month.first_day, month.last_day))
    # One line for each person: as 就労定着支援員, where they were both.
    held.sort(key=lambda each: each.has_role(Role.SUPPORT_WORKER))
    people = {each.user_id: each for each in held}
    ends = [day for day in (enrolment.ends_on, enrolment.client.died_on) if day is not None]
    too_late = why_too_late(
        month,
        starts_on=enrolment.starts_on,
        last_day=min(ends, default=None),
        has_worker=any(each.has_role(Role.SUPPORT_WORKER) for each in held),
    )
    return LateMonth(month, tuple(people.values()), too_late)


def proposed_staff(
    request: HttpRequest, enrolment: Enrolment, staff: Sequence[Membership], on: date
) -> str:
    """Who is proposed as 会った職員: who writes, else who is in charge on `on`; "" for nobody.

    Only a 就労定着支援員 among `staff`: another's meeting counts for no month.
    """
    workers = {
        each.user_id: str(each.public_id) for each in staff if each.has_role(Role.SUPPORT_WORKER)
    }
    own = workers.get(active_membership(request).user_id)
    if own is not None:
        return own
    carrying = enrolment.assignments.in_charge(on).select_related("staff").first()
    return workers.get(carrying.staff.user_id, "") if carrying else ""


def late_context(request: HttpRequest, late: LateMonth | None) -> dict[str, Any]:
    """What the page says of the month, and the address that keeps it within the page."""
    return {"late": late, "copy_url": keeping_way_back(request, "?copy=1")}


def tell_another_month(request: HttpRequest, late: LateMonth | None, row: Interview) -> None:
    """A contact of another month mends nothing of the one that the page was opened for."""
    if late is not None and Month.of(row.held_on) != late.month:
        text = _("記録したのは%(day)sの面談です。%(month)sは、面談がないままです。")
        told = {"day": Month.of(row.held_on).label, "month": late.month.label}
        messages.warning(request, text % told)
