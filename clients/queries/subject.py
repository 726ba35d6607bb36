"""Whom a page or a form is about, in three facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from clients.models import Client, ClientName
from clients.rules.names import search_key
from teikyaku.periods import in_force


def names_of(client_ids: list[int], on: date) -> dict[int, ClientName]:
    """The names in force on a day (one query)."""
    rows = ClientName.objects.filter(in_force(on), client__in=client_ids)
    return {row.client_id: row for row in rows}


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


def subject_of(client: Client, on: date) -> Subject:
    """The person's name in force, kana and birth date (one query)."""
    name = names_of([client.pk], on).get(client.pk)
    return Subject(name.name if name else "", name.kana if name else "", client.birth_date)
