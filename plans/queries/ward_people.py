"""区の人: whom a ward finds by name, kana, birth date or number, with their applications and decisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from clients.models import Client
from plans.models import Application, Decision
from plans.queries.ward_lists import DecisionRow, decision_rows, found_by, with_numbers
from plans.queries.ward_sight import names_in_sight
from teikyaku.accounts.models import Municipality


@dataclass(slots=True)
class PersonFound:
    """One person with what the ward has of them, the newest first."""

    client_id: int
    birth_date: date
    name: str = ""
    kana: str = ""
    applications: list[Application] = field(default_factory=list)
    decisions: list[DecisionRow] = field(default_factory=list)

    @property
    def number(self) -> str:
        """受給者証番号 of the newest decision that has one."""
        return next((row.number for row in self.decisions if row.number), "")

    @property
    def open_application_id(self) -> UUID | None:
        """What is under way."""
        return next((row.public_id for row in self.applications if not row.outcome), None)


@dataclass(frozen=True, slots=True)
class WardRows:
    """What a ward may read: the scope of a search."""

    applications: QuerySet[Application]
    decisions: QuerySet[Decision]
    ward: Municipality


def people_found(rows: WardRows, text: str) -> QuerySet[Client]:
    """Everybody of the ward whom the words mean, those who came last first."""
    wanted = found_by(text, rows.ward)
    applied = rows.applications.filter(wanted, client=OuterRef("pk"))
    decided = rows.decisions.filter(wanted, client=OuterRef("pk"))
    return Client.objects.filter(Q(Exists(applied)) | Q(Exists(decided))).order_by("-pk")


def told(people: Iterable[Client], rows: WardRows, on: date) -> list[PersonFound]:
    """A page of `people_found` with what they have (some eight queries, however many people)."""
    found = {client.pk: PersonFound(client.pk, client.birth_date) for client in people}
    names = names_in_sight(found, rows.ward.pk, on)
    for key, person in found.items():
        if (name := names.get(key)) is not None:
            person.name, person.kana = name.name, name.kana
    for application in rows.applications.filter(client__in=found).order_by("-received_on", "-pk"):
        found[application.client_id].applications.append(application)
    decisions = with_numbers(rows.decisions.filter(client__in=found).order_by("-starts_on", "-pk"))
    keys = list(decisions)
    for row, shown in zip(keys, decision_rows(keys, rows.ward, on), strict=True):
        found[row.client_id].decisions.append(shown)
    return list(found.values())
