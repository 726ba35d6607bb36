"""How far a ward sees into a person's life: to today while the file lies here, else to when it left.

What a ward decided or refused stays readable to it (docs/rules.md §10); the life that goes on with
another ward does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from clients.models import (
    Client,
    ClientName,
    Disability,
    Employment,
    HouseholdFact,
    Leave,
    PriorService,
    RecipientNumber,
    Residence,
)
from clients.queries.facts import WorkingLife, life_of
from clients.queries.known_before import known_before
from clients.queries.subject import Subject, named_q, names_of
from clients.queries.window import standing_in
from clients.rules.names import search_key
from clients.rules.standing import Standing
from plans.models import Application, Decision, FileTransfer
from plans.models.certificate import kept_q
from plans.queries.file_transfer import keeping_wards
from teikyaku.accounts.models import Municipality
from teikyaku.clock import date_of
from teikyaku.prepared import prepared


def holds_file(client_id: int, ward_id: int) -> bool:
    """Whether a person's file lies with this ward (at most three queries).

    It does while an application of theirs is open here, and where the ward keeps the decision that
    was made last, also one cancelled before it began, while no other one was made. Then the ward
    reads what is on file today, and writes down what it learns.
    """
    if _applied.rows(client=client_id, ward=ward_id):
        return True
    keeper = keeping_wards([client_id]).get(client_id)
    return keeper is not None and keeper.pk == ward_id


@prepared("client", "ward")
def _applied(client: int, ward: int) -> QuerySet[Any, Any]:
    open_ones = Application.objects.filter(client=client, municipality=ward, outcome="")
    return open_ones.order_by().values_list("pk", flat=True)[:1]


@dataclass(frozen=True, slots=True)
class WardSight:
    """What one ward may read of what is on file of a person. Each question is a query or two."""

    client: Client
    is_here: bool
    """The file lies with the ward: it reads today's facts and writes."""
    left_at: datetime | None
    """When it left; None while it is here, and where it never was."""
    on: date
    """The day of which it tells: today, or the day on which the file left."""

    def names(self) -> list[ClientName]:
        """The name on the day, then those that are to come."""
        return [row for row in self._rows(self.client.names.all()) if self._is_near(row)]

    def name(self, names: list[ClientName] | None = None) -> ClientName | None:
        """The name on the day; `names`, where they are at hand."""
        rows = self.names() if names is None else names
        return next((row for row in rows if row.starts_on <= self.on), None)

    def homes(self) -> list[Residence]:
        """The home on the day, then those that are to come."""
        rows = self._rows(self.client.residences.select_related("municipality__city"))
        return [row for row in rows if self._is_near(row)]

    def home(self, homes: list[Residence] | None = None) -> Residence | None:
        """The home on the day; `homes`, where they are at hand."""
        rows = self.homes() if homes is None else homes
        return next((row for row in rows if row.starts_on <= self.on), None)

    def households(self) -> list[HouseholdFact]:
        """世帯の収入状況, all months."""
        return self._rows(self.client.household_facts.order_by("first_month"))

    def jobs(self) -> list[Employment]:
        """All jobs."""
        return self._rows(self.client.employments.select_related("employer", "recorded_by"))

    def services(self) -> list[PriorService]:
        """All services used before a job."""
        return self._rows(self.client.prior_services.select_related("recorded_by"))

    def disabilities(self) -> list[Disability]:
        """The kinds of disability on the day."""
        rows = self._rows(self.client.disabilities.order_by("kind"))
        return [row for row in rows if self._is_near(row) and row.starts_on <= self.on]

    def standing(self) -> Standing:
        """Where the person stood on the day, by the jobs and services that were known."""
        return standing_in(self.life(), self.on)

    def life(self) -> WorkingLife:
        """The jobs and services that were known, as the rules take them."""
        return self.life_of(self.jobs(), self.services())

    def life_of(self, jobs: list[Employment], services: list[PriorService]) -> WorkingLife:
        """The same from `jobs` and `services` at hand."""
        leaves: QuerySet[Leave] = Leave.objects.filter(employment__client=self.client)
        kept = self._rows(leaves.order_by("starts_on"), employment__in=[job.pk for job in jobs])
        return life_of(jobs, services, kept)

    def subject(self) -> Subject:
        """Whom a form is about, as the ward knows them."""
        name = self.name()
        known = (name.name, name.kana) if name else ("", "")
        return Subject(*known, self.client.birth_date)

    def _rows(self, rows: QuerySet[Any], **about: Any) -> list[Any]:
        if self.is_here:
            return list(rows)
        if self.left_at is None:
            return []
        return known_before(rows.model, self.left_at, **(about or {"client": self.client.pk}))

    def _is_near(self, row: Any) -> bool:
        """In force on the day or still to come; what is over is not asked for."""
        return row.ends_on is None or row.ends_on >= self.on


def sight_of(client: Client, ward_id: int, on: date) -> WardSight:
    """How far the ward sees on `on` (at most seven queries)."""
    if holds_file(client.pk, ward_id):
        return WardSight(client, True, None, on)
    left_at = _left_at(client.pk, ward_id)
    return WardSight(client, False, left_at, date_of(left_at) if left_at else on)


def names_in_sight(client_ids: Iterable[int], ward_id: int, on: date) -> dict[int, ClientName]:
    """As `names_of`, for a ward: whose file has left bears the name that they had then.

    Four queries, and as many more for each person without a file here whose name was changed.
    """
    ids = list(client_ids)
    if not ids:
        return {}
    names = names_of(ids, on)
    here = set(_applied_of.rows(clients=ids, ward=ward_id))
    here |= {key for key, ward in keeping_wards(ids).items() if ward.pk == ward_id}
    history: Any = ClientName.history
    written = history.filter(client__in=set(ids) - here).values("client").order_by("client")
    changed = written.annotate(times=Count("pk")).filter(times__gt=1)
    for client in Client.objects.filter(pk__in=[row["client"] for row in changed]):
        name = sight_of(client, ward_id, on).name()
        if name is not None:
            names[client.pk] = name
        else:
            names.pop(client.pk, None)
    return names


@prepared("clients", "ward")
def _applied_of(clients: list[int], ward: int) -> QuerySet[Any, Any]:
    open_ones = Application.objects.filter(client__in=clients, municipality=ward, outcome="")
    return open_ones.order_by().values_list("client", flat=True)


def named_in_sight_q(text: str, ward_id: int) -> Q:
    """As `named_q`, on rows with a `client`, for a ward: whose file has left answers to what was written before.

    Otherwise a guessed name would be confirmed to a ward that is not shown it. Text without letters
    asks for nothing.
    """
    key = search_key(text)
    if not key:
        return Q()
    history: Any = ClientName.history
    written = history.filter(client=OuterRef("client"), search_text__contains=key)
    written = written.exclude(history_type="-")
    here = _is_here_q(ward_id)
    return (named_q(text) & here) | (
        Q(Exists(_before_left(written, "history_date", ward_id))) & ~here
    )


def numbered_in_sight_q(number: str, ward_id: int) -> Q:
    """Whose certificate number is `number`, as `named_in_sight_q`."""
    rows = RecipientNumber.objects.filter(client=OuterRef("client"), number=number)
    here = _is_here_q(ward_id)
    return (Q(Exists(rows)) & here) | (
        Q(Exists(_before_left(rows, "recorded_at", ward_id))) & ~here
    )


def written_by_wards(rows: QuerySet[Any], ward: Municipality) -> QuerySet[Any]:
    """Facts that this ward, or another one of its city that had the file before, wrote down.

    What an office wrote down of jobs and services is the office's to correct.
    """
    wards = Q(recorded_by__municipality=ward)
    if ward.city_id is not None:
        wards |= Q(recorded_by__municipality__city=ward.city_id)
    return rows.filter(wards)


def _left_at(client_id: int, ward_id: int) -> datetime | None:
    """The last moment of the file here: it passed, or the application ended and nothing was kept.

    Or a decision was cancelled before it began, while another municipality's holds.
    """
    passed = FileTransfer.objects.filter(
        client=client_id, from_municipality=ward_id, outcome=FileTransfer.Outcome.ACCEPTED
    )
    ended = Application.objects.filter(
        client=client_id, municipality=ward_id,
        outcome__in=(Application.Outcome.REFUSED, Application.Outcome.WITHDRAWN),
    )  # fmt: skip
    moments = [
        *passed.values_list("outcome_at", flat=True),
        *ended.values_list("outcome_at", flat=True),
        *_cancelled(ward_id, client=client_id).values_list("history_date", flat=True),
        *_followed_at(client_id, ward_id),
    ]
    return max((moment for moment in moments if moment is not None), default=None)


def _followed_at(client_id: int, ward_id: int) -> list[datetime]:
    """When another municipality decided after the last decision that is still kept here."""
    decided = Decision.objects.standing().filter(client=client_id, is_transcribed=False)
    last = decided.kept_by(ward_id).order_by("starts_on").last()
    if last is None:
        return []
    later = decided.filter(starts_on__gt=last.starts_on).order_by("recorded_at")
    return list(later.values_list("recorded_at", flat=True)[:1])


def _cancelled(ward_id: int, **about: Any) -> QuerySet[Any, Any]:
    """The moments in which the ward wrote down that a decision will not begin, from the field history."""
    history: Any = Decision.history
    return history.filter(kept_q(ward_id), is_cancelled=True, is_transcribed=False, **about)


def _is_here_q(ward_id: int) -> Q:
    """`holds_file` as a condition on rows with a `client`."""
    applied = Application.objects.filter(
        client=OuterRef("client"), municipality=ward_id, outcome=""
    )
    decided = Decision.objects.filter(client=OuterRef("client"), is_transcribed=False)
    alike = Q(is_cancelled=OuterRef("is_cancelled"), starts_on__gt=OuterRef("starts_on"))
    # Any decision that was not cancelled comes after all that were.
    later = decided.filter(Q(is_cancelled__lt=OuterRef("is_cancelled")) | alike)
    kept = decided.kept_by(ward_id).filter(~Exists(later))
    return Q(Exists(applied)) | Q(Exists(kept))


def _before_left(rows: QuerySet[Any], moment: str, ward_id: int) -> QuerySet[Any]:
    """The rows (with a `client`) that were written at `moment`, before `_left_at` of their person."""
    of_them = {"client": OuterRef("client"), "outcome_at__gt": OuterRef(moment)}
    passed = FileTransfer.objects.filter(
        from_municipality=ward_id, outcome=FileTransfer.Outcome.ACCEPTED, **of_them
    )
    ended = Application.objects.filter(
        municipality=ward_id,
        outcome__in=(Application.Outcome.REFUSED, Application.Outcome.WITHDRAWN),
        **of_them,
    )
    cancelled = _cancelled(ward_id, client=OuterRef("client"), history_date__gt=OuterRef(moment))
    decided = Decision.objects.standing().filter(client=OuterRef("client"), is_transcribed=False)
    last = decided.kept_by(ward_id).order_by("-starts_on").values("starts_on")[:1]
    later = decided.filter(starts_on__gt=OuterRef("last_kept_on")).order_by("recorded_at")
    found = rows.annotate(last_kept_on=Subquery(last))
    found = found.annotate(followed_at=Subquery(later.values("recorded_at")[:1]))
    is_followed = Q(**{f"{moment}__lt": F("followed_at")})
    left = Q(Exists(passed)) | Q(Exists(ended)) | Q(Exists(cancelled))
    return found.filter(left | is_followed)
