"""What every run of the reminders holds while it writes: the offices, and the people it speaks of."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from clients.models import Enrolment
from plans.queries.caseload import Ask, alive_q, ask_q
from teikyaku.accounts.models import Office


def lock_offices(offices: Collection[int]) -> None:
    """Two runs take turns; in the order of keys, so that they never wait for each other."""
    rows = Office.objects.select_for_update(no_key=True).filter(pk__in=offices).order_by("pk")
    list(rows.values_list("pk", flat=True))


def still_in_use(enrolments: Collection[int], on: date) -> set[int]:
    """Who of them is in use, held so until the mails are there: an end waits, and then finds them."""
    rows = Enrolment.objects.select_related("client").select_for_update(of=("self", "client"))
    found = rows.filter(ask_q(Ask.IN_USE, on), pk__in=enrolments).order_by("pk")
    return {row.pk for row in found}


def still_alive(enrolments: Collection[int], on: date) -> set[int]:
    """The same of those whose use may be over: what waits for them ends with a death alone."""
    rows = Enrolment.objects.select_related("client").select_for_update(of=("self", "client"))
    return {row.pk for row in rows.filter(alive_q(on), pk__in=enrolments).order_by("pk")}
