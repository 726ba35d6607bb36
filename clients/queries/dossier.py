"""ケース記録: all that is on file of one person and that one office may know, read once.

The client page, the heads of forms and the timeline ask the same values, so that they agree and the
number of queries does not depend on the history.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, cast
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from clients.access import last_seen, not_of_another_office
from clients.models import (
    Client,
    ClientName,
    Consent,
    Disability,
    Employment,
    Enrolment,
    OtherSupport,
    PriorService,
    Referral,
    RelatedPerson,
    Residence,
    StaffAssignment,
)
from clients.queries.client_list import seen_until
from clients.queries.facts import WorkingLife, life_of
from clients.queries.no_contact import no_contact_q
from teikyaku.children import folded, with_children
from teikyaku.periods import in_force
from teikyaku.prepared import Prepared, prepared


@dataclass(frozen=True, slots=True)
class WithdrawnConsent:
    """A consent that the person took back, with how and why they said so."""

    on: date
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class InCharge:
    """担当 of one person on a day."""

    name: str
    """ "" where nobody is in charge."""
    note: str
    """What was said of the person when they were handed over."""
    next_name: str
    """Who takes over on a day ahead; "" where nothing is decided, or the work has ended."""
    next_on: date | None


@dataclass(frozen=True, slots=True)
class ClientDossier:
    """One person for one office, as known on `on`; every list in the order of its dates."""

    on: date
    """The day asked for, or the last day of the office's work: see clients.access.last_seen."""
    enrolment: Enrolment
    """What the page is about; with 職場連絡禁止 of `on` (see `dossiers_first`)."""
    staff: InCharge
    enrolments: tuple[Enrolment, ...]
    """All of this office's, newest first."""
    names: tuple[ClientName, ...]
    residence: Residence | None
    disabilities: tuple[Disability, ...]
    jobs: tuple[Employment, ...]
    """With employer and leaves; also those that lie ahead, which the standing looks at."""
    services: tuple[PriorService, ...]
    consents: tuple[Consent, ...]
    related: tuple[RelatedPerson, ...]
    supports: tuple[OtherSupport, ...]
    """This office's record of other support up to the day; also what was taken back."""
    withdrawn: tuple[WithdrawnConsent, ...] = ()
    referrals: tuple[Referral, ...] = ()
    """This office's, oldest first; also what was taken back."""
    former_consents: tuple[Consent, ...] = ()
    """Those that once allowed something and do not on `on`: withdrawn, or their time is over."""

    @property
    def client(self) -> Client:
        """The person."""
        return self.enrolment.client

    @property
    def standing_supports(self) -> tuple[OtherSupport, ...]:
        """Other support without what was taken back."""
        return tuple(row for row in self.supports if row.withdrawn_at is None)

    @property
    def life(self) -> WorkingLife:
        """Jobs and services as the rules take them."""
        return life_of(self.jobs, self.services)

    @property
    def must_not_contact(self) -> bool:
        """職場連絡禁止 on `on` (clients.queries.no_contact)."""
        return bool(cast(Any, self.enrolment).must_not_contact)


def dossiers_first(enrolments: QuerySet[Enrolment], on: date) -> QuerySet[Enrolment]:
    """Enrolments with everything that a dossier needs of them, newest first (one query)."""
    later = Enrolment.objects.filter(
        client=OuterRef("client"), starts_on__gt=OuterRef("ends_on")
    ).exclude(pk=OuterRef("pk"))
    own_referrals = Referral.objects.filter(client=OuterRef("client"), office=OuterRef("office"))
    held = StaffAssignment.objects.in_charge(on).filter(enrolment=OuterRef("pk"))
    ahead = StaffAssignment.objects.standing().filter(enrolment=OuterRef("pk"), starts_on__gt=on)
    ahead = ahead.order_by("starts_on")
    return (
        enrolments.select_related("client", "office__start", "handover__centre", "opening")
        .annotate(
            has_gone_on=Exists(later),
            # Few people have any: only of these they are read.
            has_referrals=Exists(own_referrals),
            must_not_contact=no_contact_q(seen_until(on), OuterRef("client")),
            staff_name=_first(held, "staff__user__name"),
            staff_note=_first(held, "note"),
            next_name=_first(ahead, "staff__user__name"),
            next_on=_first(ahead, "starts_on"),
        )
        .order_by("-starts_on", "-pk")
    )


def _first(rows: QuerySet[Any], field: str) -> Subquery:
    return Subquery(rows.values(field)[:1])


def dossiers_of(office_id: int, client: UUID, on: date) -> list[Enrolment]:
    """The rows of `dossiers_first` of a person (public id) that the office may see on `on` (one query)."""
    return _of_person.rows(office=office_id, client=client, on=on)


@prepared("office", "client")
def _of_person(office: int, client: UUID, on: date) -> QuerySet[Enrolment]:
    own = Enrolment.objects.filter(office=office, starts_on__lte=on, client__public_id=client)
    return dossiers_first(own, on)


@prepared("office", "client", "enrolment")
def _with_this_one(office: int, client: int, enrolment: int, on: date) -> QuerySet[Enrolment]:
    own = Enrolment.objects.filter(client=client, office=office)
    return dossiers_first(own.filter(starts_on__lte=on) | own.filter(pk=enrolment), on)


def client_dossier(enrolment: Enrolment, on: date) -> ClientDossier:
    """The dossier of an enrolment (at most eleven queries, whatever the history)."""
    rows = _with_this_one.rows(
        office=enrolment.office_id, client=enrolment.client_id, enrolment=enrolment.pk, on=on
    )
    current = next(row for row in rows if row.pk == enrolment.pk)
    return dossier_of(current, rows, on)


def dossier_of(current: Enrolment, enrolments: Sequence[Enrolment], on: date) -> ClientDossier:
    """The dossier around rows of `dossiers_first` (at most ten queries, whatever the history)."""
    staff = _staff(current)
    on, client = last_seen(current, on), current.client
    of = partial(_of, client)
    office = current.office_id
    consents = _consents.rows(enrolment=current.pk)
    referrals: tuple[Referral, ...] = ()
    if cast(Any, current).has_referrals:
        referrals = of(_referrals, office=office, on=on)
    return ClientDossier(
        on=on,
        enrolment=current,
        staff=staff,
        enrolments=tuple(enrolments),
        names=of(_names),
        residence=next(iter(of(_residence, on=on)), None),
        disabilities=of(_disabilities, on=on),
        jobs=tuple(folded(of(_jobs), "leaves")),
        services=of(_services),
        consents=tuple(row for row in consents if row.is_given(on)),
        related=of(_related, office=office, on=on),
        supports=of(_supports, office=office, on=on),
        withdrawn=tuple(_taken_back(row) for row in consents if row.withdrawn_on),
        referrals=referrals,
        former_consents=tuple(row for row in consents if row.over_on(on) is not None),
    )


def _staff(row: Any) -> InCharge:
    """Who is in charge of a row of `dossiers_first`, and who takes over while the office works on."""
    goes_on = row.ends_on is None
    return InCharge(
        name=row.staff_name or "",
        note=row.staff_note or "",
        next_name=(row.next_name or "") if goes_on else "",
        next_on=row.next_on if goes_on else None,
    )


def _of(client: Client, question: Prepared, **given: Any) -> tuple[Any, ...]:
    """The rows of a question about a person, who is at hand in each (one query)."""
    rows = question.rows(client=client.pk, **given)
    for row in rows:
        row.client = client
    return tuple(rows)


@prepared("client")
def _names(client: int) -> QuerySet[ClientName]:
    return ClientName.objects.filter(client=client)


@prepared("client")
def _residence(client: int, on: date) -> QuerySet[Residence]:
    held = Residence.objects.filter(in_force(on), client=client)
    return held.select_related("municipality__city")[:1]


@prepared("client")
def _disabilities(client: int, on: date) -> QuerySet[Disability]:
    return Disability.objects.filter(in_force(on), client=client)


@prepared("client")
def _jobs(client: int) -> QuerySet[Employment]:
    jobs = Employment.objects.filter(client=client).select_related("employer")
    return with_children(jobs.order_by("starts_on", "pk"), "leaves", "starts_on")


@prepared("client")
def _services(client: int) -> QuerySet[PriorService]:
    return PriorService.objects.filter(client=client).order_by("starts_on")


@prepared("enrolment")
def _consents(enrolment: int) -> QuerySet[Consent]:
    return Consent.objects.filter(enrolment=enrolment).annotate(words=_words())


@prepared("client", "office")
def _related(client: int, office: int, on: date) -> QuerySet[RelatedPerson]:
    return RelatedPerson.objects.filter(in_force(on), not_of_another_office(office), client=client)


@prepared("client", "office")
def _supports(client: int, office: int, on: date) -> QuerySet[OtherSupport]:
    told = OtherSupport.objects.filter(not_of_another_office(office), client=client)
    return told.filter(starts_on__lte=on).select_related("organisation")


@prepared("client", "office")
def _referrals(client: int, office: int, on: date) -> QuerySet[Referral]:
    later = Referral.objects.filter(
        Q(referred_on__gt=OuterRef("referred_on"))
        | Q(referred_on=OuterRef("referred_on"), pk__gt=OuterRef("pk")),
        client=OuterRef("client"), office=OuterRef("office"), withdrawn_at=None,
    )  # fmt: skip
    own = Referral.objects.filter(client=client, office=office, referred_on__lte=on)
    return own.annotate(has_later=Exists(later)).order_by("referred_on", "pk")


def _words() -> Subquery:
    """What was written when the consent was withdrawn: later corrections have reasons of their own."""
    history = Consent.history.filter(id=OuterRef("pk"), withdrawn_on__isnull=False)
    return Subquery(history.order_by("history_id").values("history_change_reason")[:1])


def _taken_back(row: Any) -> WithdrawnConsent:
    whom = row.recipient_name or row.get_recipient_display()
    return WithdrawnConsent(row.withdrawn_on, f"{whom}・{row.get_scope_display()}", row.words or "")
