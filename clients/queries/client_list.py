"""Rows of the client list, and the one condition behind each of its choices.

Counts elsewhere (home) link to the list and ask the same conditions, so they agree.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)  # fmt: skip
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext_lazy as _

from clients.models import ClientName, Enrolment, StaffAssignment
from clients.models.enrolment import EnrolmentQuerySet
from clients.queries.no_contact import no_contact_q
from clients.rules.names import search_key
from teikyaku.periods import Month, in_force, months_later

ENDING_SOON_MONTHS = 6


class Show(TextChoices):
    """表示 which people the list shows; each is one condition on enrolments."""

    IN_USE = "in_use", _("利用中")
    OVERDUE = "overdue", _("面談の期限が過ぎた")
    DUE_THIS_WEEK = "due_week", _("7日以内が期限")
    DUE_THIS_MONTH = "due_month", _("今月が期限")
    NEW = "new", _("利用開始から6か月以内")
    ENDING = "ending", _("6か月以内に期間が終わる")
    WAITING = "waiting", _("利用の開始前")
    NO_STAFF = "no_staff", _("担当がいない")
    ENDED = "ended", _("終了した")
    ALL = "all", _("すべて")


def show_q(show: str, on: date) -> Q:
    """The condition behind one choice, as of `on`."""
    if show == Show.WAITING:
        return in_force(on) & (Q(use_starts_on=None) | Q(use_starts_on__gt=on))
    if show == Show.ENDED:
        return Q(ends_on__lt=on)
    if show == Show.ALL:
        return Q()
    return EnrolmentQuerySet.in_use_q(on) & among_in_use_q(show, on)


def among_in_use_q(show: str, on: date) -> Q:
    """The condition of one choice about people in use, for a query that holds these alone."""
    # Made only when asked: building a sub-query costs more than running it.
    conditions: dict[str, Callable[[], Q]] = {
        Show.OVERDUE: lambda: EnrolmentQuerySet.late_q(on),
        # Who did not want to meet is not asked again this month.
        Show.DUE_THIS_WEEK: lambda: (
            Q(interview_due_on__range=(on, on + timedelta(days=7)))
            & EnrolmentQuerySet.unrefused_q(on)
        ),
        Show.DUE_THIS_MONTH: lambda: Q(interview_due_on__range=(on, Month.of(on).last_day)),
        Show.NEW: lambda: Q(use_starts_on__gt=months_later(on, -6)),
        Show.ENDING: lambda: Q(window_ends_on__lt=months_later(on, ENDING_SOON_MONTHS)),
        Show.NO_STAFF: lambda: (
            ~Q(Exists(StaffAssignment.objects.in_charge(on).filter(enrolment=OuterRef("pk"))))
        ),
    }
    return conditions.get(show, Q)()


def seen_until(on: date) -> Any:
    """For a sub-query on an enrolment: clients.access.last_seen as SQL."""
    return Least(Coalesce(OuterRef("ends_on"), Value(on)), Value(on), output_field=DateField())


def listed(
    enrolments: QuerySet[Enrolment], on: date, text: str = "", *, by_kana: bool = False
) -> QuerySet[Enrolment]:
    """Enrolments with what a row of the list shows, in one query: who is due first, or by kana.

    Of who has left: the name, and whom not to call, as on the last day (clients.access.last_seen).
    `former_name` is the earlier name in which alone the `text` that was looked for stands.
    """
    seen = seen_until(on)
    staff = StaffAssignment.objects.in_charge(on).filter(enrolment=OuterRef("pk"))
    return (
        enrolments.select_related("client")
        .annotate(
            client_name=Subquery(_name(seen, "name")),
            client_kana=Subquery(_name(seen, "kana")),
            former_name=_former_name(seen, text),
            staff_name=Subquery(staff.values("staff__user__name")[:1]),
            must_not_contact=no_contact_q(seen, OuterRef("client")),
        )
        .order_by(
            *(() if by_kana else (F("interview_due_on").asc(nulls_last=True),)), "client_kana", "pk"
        )
    )


def _name(on: Any, column: str) -> QuerySet[Any]:
    names = ClientName.objects.filter(in_force(on), client=OuterRef("client"))
    return names.values(column)[:1]


def _former_name(on: Any, text: str) -> Any:
    """The last name before `on` with this text in it; nothing where the name of `on` has it too."""
    if not (key := search_key(text)):
        return Value(None, output_field=CharField())
    hits = ClientName.objects.filter(client=OuterRef("client"), search_text__contains=key)
    former = hits.filter(ends_on__lt=on).order_by("-ends_on").values("name")[:1]
    return Case(When(~Exists(hits.filter(in_force(on))), then=Subquery(former)), default=None)
