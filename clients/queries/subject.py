"""Whom a page or a form is about, in three facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from clients.access import last_seen
from clients.models import Client, ClientName, Enrolment
from clients.rules.names import search_key
from teikyaku.periods import Period, in_force
from teikyaku.prepared import prepared


def names_of(client_ids: list[int], on: date) -> dict[int, ClientName]:
    """The names in force on a day (one query)."""
    return {row.client_id: row for row in _in_force.rows(clients=client_ids, on=on)}


@prepared("clients")
def _in_force(clients: list[int], on: date) -> QuerySet[ClientName]:
    return ClientName.objects.filter(in_force(on), client__in=clients)


@prepared("clients")
def _every_name(clients: list[int]) -> QuerySet[ClientName]:
    return ClientName.objects.filter(client__in=clients)


def names_seen(enrolments: Iterable[Enrolment], on: date) -> dict[int, ClientName]:
    """By enrolment, the name as its office knows it: of who has left, that of the last day (one query)."""
    rows = list(enrolments)
    names: dict[int, list[ClientName]] = {}
    for name in _every_name.rows(clients={row.client_id for row in rows}):
        names.setdefault(name.client_id, []).append(name)
    found = {}
    for row in rows:
        day = last_seen(row, on)
        for name in names.get(row.client_id, []):
            if Period(name.starts_on, name.ends_on).contains(day):
                found[row.pk] = name
    return found


def named_q(text: str, client: str = "client") -> Q:
    """The condition on rows that lead to a person by `client`: a present or former name or its kana holds `text`.

    However it was typed; text without letters asks for nothing. The names are looked up person by
    person, so that a place's list never reads the names of everybody.
    """
    key = search_key(text)
    if not key:
        return Q()
    return Q(Exists(ClientName.objects.filter(client=OuterRef(client), search_text__contains=key)))


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a form is about: so that two open tabs are not mixed up."""

    name: str
    kana: str
    birth_date: date


def subject_seen(client: Client, office_id: int, on: date) -> Subject:
    """As `subject_of`, as the office knows the person (two queries)."""
    rows = Enrolment.objects.filter(client=client, office=office_id, starts_on__lte=on)
    last = rows.order_by("-starts_on", "-pk")[:1]
    name = next(iter(names_seen(last, on).values()), None)
    return Subject(name.name if name else "", name.kana if name else "", client.birth_date)


def subject_of(client: Client, on: date) -> Subject:
    """The person's name in force, kana and birth date (one query)."""
    name = names_of([client.pk], on).get(client.pk)
    return Subject(name.name if name else "", name.kana if name else "", client.birth_date)
