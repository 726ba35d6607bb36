"""Rows of the client list."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from clients.models import ClientName, Employment, Enrolment, StaffAssignment
from teikyaku.periods import in_force


def listed(enrolments: QuerySet[Enrolment], on: date) -> QuerySet[Enrolment]:
    """Enrolments with what a row of the list shows, in one query."""
    staff = StaffAssignment.objects.filter(in_force(on), enrolment=OuterRef("pk"))
    return (
        enrolments.select_related("client")
        .annotate(
            client_name=Subquery(_name(on, "name")),
            client_kana=Subquery(_name(on, "kana")),
            staff_name=Subquery(staff.values("staff__user__name")[:1]),
            must_not_contact=Exists(
                Employment.objects.filter(
                    in_force(on), client=OuterRef("client"), must_not_contact=True
                )
            ),
        )
        .order_by(F("interview_due_on").asc(nulls_last=True), "client_kana", "pk")
    )


def _name(on: date, column: str) -> QuerySet[Any]:
    names = ClientName.objects.filter(in_force(on), client=OuterRef("client"))
    return names.values(column)[:1]
