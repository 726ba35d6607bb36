"""The people of a ward that a core system's file names: read for many lines at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from clients.models import Client, ClientName, RecipientNumber
from clients.rules.names import search_key
from plans.models import Application, CapPeriod, Certificate, Decision, PendingGrant
from plans.queries.ward_lists import with_numbers
from teikyaku.accounts.models import Municipality

# Numbers that are looked up at once: databases take so many parameters.
CHUNK = 500


@dataclass(frozen=True, slots=True)
class WardPerson:
    """What a ward has on file of somebody with one of its numbers."""

    client: Client
    kana_keys: frozenset[str]
    """Search keys of the present and the former readings."""
    decisions: tuple[Decision, ...]
    """The ward's own, with their papers, by their start."""
    caps: tuple[CapPeriod, ...]
    application: Application | None
    """The one that runs here."""
    is_pending: bool
    """Whether a grant of it waits for a second officer."""
    cancelled_starts: frozenset[date]
    """The first days of decisions that were called off before they began: they hold nothing."""

    def papers(self, decision: Decision) -> list[Certificate]:
        """The versions of the paper, the oldest first."""
        return list(decision.certificates.all())


@dataclass(frozen=True, slots=True)
class NumberElsewhere:
    """A number whose holder's file has passed between the ward and another one."""

    ward: Municipality
    """Which keeps the file now, or whose number it is."""
    has_left: bool
    """Whether the file has left the ward; else it has come, and the number is the other ward's."""


def numbers_elsewhere(ward_id: int, numbers: Iterable[str]) -> dict[str, NumberElsewhere]:
    """Of numbers that lead to nobody here: those whose file has left, or has come with another ward's.

    Numbers of people whom the ward never had lead to nothing. One query for each 500 numbers.
    """
    wanted = sorted(set(numbers))
    found: dict[str, NumberElsewhere] = {}
    passed = Decision.objects.filter(
        Q(municipality=ward_id) | Q(passed_to=ward_id), is_transcribed=False,
        passed_to__isnull=False, certificates__recipient_number__municipality=F("municipality"),
    ).annotate(number=F("certificates__recipient_number__number"))  # fmt: skip
    for start in range(0, len(wanted), CHUNK):
        rows = passed.filter(number__in=wanted[start : start + CHUNK])
        for row in rows.select_related("municipality__city", "passed_to__city").order_by("pk"):
            if row.municipality_id == ward_id and row.passed_to is not None:
                found[row.number] = NumberElsewhere(row.passed_to, True)
            else:
                found.setdefault(row.number, NumberElsewhere(row.municipality, False))
    return found


def people_by_number(ward_id: int, numbers: Iterable[str]) -> dict[str, WardPerson]:
    """By number, those whose file lies with the ward or who have an application running there.

    A number that only an office has copied from paper leads to nobody: the person is not the ward's.
    Six queries for each 500 numbers.
    """
    wanted = sorted(set(numbers))
    found: dict[str, WardPerson] = {}
    for start in range(0, len(wanted), CHUNK):
        found |= _people(ward_id, wanted[start : start + CHUNK])
    return found


def _people(ward_id: int, numbers: list[str]) -> dict[str, WardPerson]:
    known = RecipientNumber.objects.filter(municipality=ward_id, number__in=numbers)
    rows = list(known.select_related("client"))
    clients = [row.client_id for row in rows]
    kept = Decision.objects.kept_by(ward_id).filter(client__in=clients, is_transcribed=False)
    every = with_numbers(kept).select_related("municipality").order_by("starts_on", "pk")
    decisions = _by_client(each for each in every if not each.is_cancelled)
    cancelled = _by_client(each for each in every if each.is_cancelled)
    pending = PendingGrant.objects.filter(application=OuterRef("pk"), outcome="")
    applications = _by_client(
        Application.objects.filter(client__in=clients, municipality=ward_id, outcome="")
        .select_related("client", "municipality")
        .annotate(is_pending=Exists(pending))
        .order_by("pk")
    )
    names = _by_client(ClientName.objects.filter(client__in=clients))
    caps = _by_client(CapPeriod.objects.filter(client__in=clients).order_by("first_month"))
    found = {}
    for row in rows:
        key = row.client_id
        if key not in decisions and key not in applications:
            continue
        application = next(iter(applications.get(key, [])), None)
        found[row.number] = WardPerson(
            client=row.client,
            kana_keys=frozenset(search_key(name.kana) for name in names.get(key, [])),
            decisions=tuple(decisions.get(key, [])),
            caps=tuple(caps.get(key, [])),
            application=application,
            is_pending=application is not None and application.is_pending,
            cancelled_starts=frozenset(each.starts_on for each in cancelled.get(key, [])),
        )
    return found


def _by_client(rows: Iterable[models.Model]) -> dict[int, list]:  # type: ignore[type-arg]
    found: dict[int, list] = {}  # type: ignore[type-arg]
    for row in rows:
        found.setdefault(row.client_id, []).append(row)  # type: ignore[attr-defined]
    return found
