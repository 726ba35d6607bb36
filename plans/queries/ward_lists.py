"""The ward's lists by their filters: the page and its sheet ask the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from clients.models import ClientName
from plans.models import Application, Certificate, Decision
from plans.queries.renewal import unrenewed_q
from plans.queries.ward_sight import named_in_sight_q, names_in_sight, numbered_in_sight_q
from plans.rules.decision_next import AHEAD_DAYS
from teikyaku.accounts.models import Municipality
from teikyaku.era import parse_date
from teikyaku.fields import normal

NUMBER_DIGITS = 10
# Rows that are read at once for a sheet.
CHUNK = 1000
M = TypeVar("M", bound=models.Model)
R = TypeVar("R")


def found_by(text: str, ward: Municipality) -> Q:
    """By a birth date in either calendar, the whole number on a certificate, else a name or its kana.

    As far as the ward sees.
    """
    try:
        return Q(client__birth_date=parse_date(text))
    except ValueError:
        pass
    digits = normal(text).replace("-", "").replace(" ", "")
    if digits.isdigit() and len(digits) == NUMBER_DIGITS:
        return numbered_in_sight_q(digits, ward.pk)
    return named_in_sight_q(text, ward.pk)


def filtered_applications(
    own: QuerySet[Application], outcome: str, text: str, ward: Municipality, kind: str = ""
) -> QuerySet[Application]:
    """Applications by outcome ("open": none yet), kind and name; what is unknown asks for nothing."""
    found = own.select_related("client")
    if kind in Application.Kind.values:
        found = found.filter(kind=kind)
    if outcome in (*Application.Outcome.values, "open"):
        found = found.filter(outcome="" if outcome == "open" else outcome)
    return found.filter(found_by(text, ward))


class DecisionState(models.TextChoices):
    """支給決定の状態 on a day, for the list."""

    RUNNING = "running", "有効"
    ENDING = "ending", "更新の時期（60日以内）"
    AHEAD = "ahead", "これから"
    ENDED = "ended", "終わった"
    REVOKED = "revoked", "取消"


def decision_state_q(state: DecisionState, on: date) -> Q:
    """The decisions in a state on `on`. A revoked one may still run until its last day.

    What was cancelled before it began is revoked and nothing else. Those to be renewed are those of the home: nobody is asked for what has been renewed.
    """
    revoked, began = Q(revoked_on__isnull=False), Q(starts_on__lte=on)
    stands = Q(is_cancelled=False)
    answers = {
        DecisionState.RUNNING: stands & began & Q(ends_on__gte=on),
        DecisionState.ENDING: unrenewed_q(on, on + timedelta(days=AHEAD_DAYS)),
        DecisionState.AHEAD: stands & ~began,
        DecisionState.ENDED: stands & Q(ends_on__lt=on),
        DecisionState.REVOKED: revoked,
    }
    return answers[state]


def filtered_decisions(
    own: QuerySet[Decision], state: str, text: str, ward: Municipality, on: date
) -> QuerySet[Decision]:
    """Decisions by state and by name or number, the newest first; an unknown state asks for nothing."""
    found = own.order_by("-decided_on", "-pk")
    if state in DecisionState.values:
        found = found.filter(decision_state_q(DecisionState(state), on))
    return found.filter(found_by(text, ward))


class StatedDays(Protocol):
    """What is asked of a decision to say how it stands."""

    @property
    def starts_on(self) -> date:
        """Its first day."""

    @property
    def ends_on(self) -> date:
        """Its last day as it stands."""

    @property
    def revoked_on(self) -> date | None:
        """Its last day, where it was revoked."""

    @property
    def is_cancelled(self) -> bool:
        """Revoked before it began."""


def decision_state_word(decision: StatedDays, on: date) -> str:
    """How a decision stands on `on`, in one word: of the list and of its own page."""
    if decision.revoked_on is not None:
        return _("始まる前に取消") if decision.is_cancelled else _("取消")
    if decision.starts_on > on:
        return _("これから")
    return _("有効") if decision.ends_on >= on else _("終わった")


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision as list and sheet show it."""

    decision_id: UUID
    name: str
    kana: str
    number: str
    decided_on: date
    starts_on: date
    ends_on: date
    amount: str
    revoked_on: date | None
    is_cancelled: bool
    """Revoked before it began."""

    def state_label(self, on: date) -> str:
        """In one word, as of `on`."""
        return decision_state_word(self, on)


def with_numbers(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """With what `decision_rows` reads (one query more for a page)."""
    papers = Certificate.objects.select_related("recipient_number").order_by("issued_on", "pk")
    return decisions.prefetch_related(Prefetch("certificates", queryset=papers))


def decision_rows(decisions: Iterable[Decision], ward: Municipality, on: date) -> list[DecisionRow]:
    """The rows of a page of `with_numbers`, for a ward that decided or keeps them."""
    rows = list(decisions)
    names = names_in_sight([row.client_id for row in rows], ward.pk, on)
    return [_row(row, names.get(row.client_id)) for row in rows]


def numbers_of(clients: list[int], municipality_id: int) -> dict[int, str]:
    """The certificate number of each of these people in a municipality (one query)."""
    found: Any = Certificate.objects.filter(
        decision__client__in=clients, decision__municipality=municipality_id
    )
    rows = found.order_by("issued_on", "pk")
    return dict(rows.values_list("decision__client", "recipient_number__number"))


def in_chunks(rows: QuerySet[M]) -> Iterator[list[M]]:
    """All rows of an ordered list, so many at once."""
    everything = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(everything, CHUNK)):
        yield chunk


def _row(row: Decision, name: ClientName | None) -> DecisionRow:
    papers = list(row.certificates.all())
    return DecisionRow(
        decision_id=row.public_id,
        name=name.name if name else "",
        kana=name.kana if name else "",
        number=papers[-1].recipient_number.number if papers else "",
        decided_on=row.decided_on,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        amount=row.amount,
        revoked_on=row.revoked_on,
        is_cancelled=row.is_cancelled,
    )
