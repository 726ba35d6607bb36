"""What the desks of an office ask of the database, once for everybody: see teikyaku.prepared.

Whose people: those of a member of staff (`user`), or everybody's without one.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, QuerySet

from clients.access import enrolments_for
from clients.models import Enrolment
from clients.queries.client_list import Show, show_q
from plans.models import Application
from plans.queries.caseload import (
    Ask,
    ask_q,
    asks_counted,
    by_urgency,
    in_charge_q,
    todays_first,
)
from plans.queries.expiry import unfinished_handovers
from plans.queries.expiry_list import first_unsettled
from plans.queries.expiry_sources import revoked as revoked_decisions
from plans.queries.plan_list import PlanAsk, plans_counted
from plans.queries.queue import waiting_paths
from teikyaku.accounts.models import Membership
from teikyaku.prepared import in_one_row, prepared


def _people(office: int, user: int | None, on: date) -> QuerySet[Enrolment]:
    own = enrolments_for(Membership(office_id=office), on)
    return own if user is None else own.filter(in_charge_q(on, user=user))


@prepared("office", "user")
def anybody(office: int, user: int, on: date) -> QuerySet[Any, Any]:
    """Whether a member of staff is in charge of anybody: one row, or none."""
    return _people(office, user, on).order_by().values_list("pk", flat=True)[:1]


@prepared("office", "user")
def to_meet(office: int, user: int | None, on: date, shown: int) -> QuerySet[Any, Any]:
    """Whom to meet: keys of enrolments, who has an appointment today first."""
    found = _people(office, user, on).filter(ask_q(Ask.TO_MEET, on))
    return todays_first(found, on)[:shown].values_list("pk", flat=True)


@prepared("office", "user")
def answering(office: int, user: int | None, ask: Ask, on: date, shown: int) -> QuerySet[Any, Any]:
    """Who answers a question: keys of enrolments, the most urgent first."""
    found = _people(office, user, on).filter(ask_q(ask, on))
    return by_urgency(found)[:shown].values_list("pk", flat=True)


@prepared("office")
def worrying_or_suggested(office: int, on: date) -> QuerySet[Any, Any]:
    """(key, worrying, with a suggestion) of who is either, the most urgent first."""
    is_worrying, is_suggested = ask_q(Ask.WORRYING, on), ask_q(Ask.SUGGESTION, on)
    return by_urgency(_people(office, None, on).filter(is_worrying | is_suggested)).values_list(
        "pk",
        ExpressionWrapper(is_worrying, BooleanField()),
        ExpressionWrapper(is_suggested, BooleanField()),
    )


@prepared("office", "user")
def counted(office: int, user: int | None, asks: tuple[Ask, ...], on: date) -> QuerySet[Any, Any]:
    """One row: how many answer each question."""
    return asks_counted(_people(office, user, on), asks, on)


@prepared("office", "user")
def plans(office: int, user: int | None, asks: tuple[PlanAsk, ...], on: date) -> QuerySet[Any, Any]:
    """One row: how many answer each question about plans."""
    return plans_counted(_people(office, user, on), asks, on)


@prepared("office", "user")
def unfinished(office: int, user: int | None, on: date) -> QuerySet[Any, Any]:
    """One row: how many have left before the hand-over reached the new place."""
    return in_one_row(unfinished_handovers(_people(office, user, on), on), n=Count("pk"))


@prepared("office", "user")
def revoked(office: int, user: int | None, on: date) -> QuerySet[Any, Any]:
    """(client, its public id, last day) of whose decision a ward took away and nothing has followed."""
    running = _people(office, user, on).filter(ask_q(Ask.IN_USE, on))
    rows = revoked_decisions(running, first_unsettled(on))
    return rows.values_list("client", "client__public_id", "ends_on")


@prepared("office")
def waiting(office: int, on: date) -> QuerySet[Any, Any]:
    """One row: how many wait for the begin of their use."""
    return in_one_row(_people(office, None, on).filter(show_q(Show.WAITING, on)), n=Count("pk"))


@prepared("office")
def paths(office: int, on: date, at_most: int) -> QuerySet[Application]:
    """Applications of people before their use, the oldest first."""
    people = _people(office, None, on).filter(show_q(Show.WAITING, on)).values("client")
    return waiting_paths(Application.objects.filter(client__in=people), on)[:at_most]
