"""終わりの時間軸 of an office: how much of what ends in each of the coming twelve months."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from plans.queries.end_axis import MONTHS, AxisCell, AxisRow, EndAxis, axis_of
from plans.queries.expiry import Expiries, expiry_labels
from plans.queries.expiry_list import Tally
from teikyaku.accounts.models import Membership, Office

__all__ = ["AxisCell", "AxisRow", "EndAxis", "end_axis", "end_tally"]


def end_tally(office: Office, on: date, staff: Membership | None = None) -> Tally:
    """How much ends on each day of the axis, and what has passed (one query for each kind)."""
    return Expiries(office, on, MONTHS, user_id=staff.user_id if staff else None).read()


def end_axis(
    office: Office, on: date, staff: Membership | None = None, tally: Tally | None = None
) -> EndAxis:
    """Everything that ends at the office from this month on (one query for each kind).

    Only of the people in charge of `staff`, where given; the links keep to that. `tally`: where it was
    made before.
    """
    whose = f"&staff={staff.public_id}" if staff else ""
    found = tally or end_tally(office, on, staff)
    return axis_of(found, expiry_labels(), on, reverse("expiry"), whose)
