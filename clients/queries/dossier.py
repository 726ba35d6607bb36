"""ケース記録: all that is on file of one person and that one office may know, read once.

The client page, the heads of forms and the timeline ask the same values, so that they agree and the
number of queries does not depend on the history.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

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
from teikyaku.periods import in_force


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


def in_charge(enrolment: Enrolment, on: date) -> InCharge:
    """Who is in charge on `on`, and who takes over after it while the office works on (one query)."""
    held = StaffAssignment.objects.standing().filter(
        Q(ends_on=None) | Q(ends_on__gte=on), enrolment=enrolment
    )
    rows = list(held.select_related("staff__user").order_by("starts_on"))
    now = next((row for row in rows if row.starts_on <= on), None)
    ahead = next((row for row in rows if row.starts_on > on), None)
    if enrolment.ends_on is not None:
        ahead = None
    return InCharge(
        name=now.staff.user.name if now else "",
        note=now.note if now else "",
        next_name=ahead.staff.user.name if ahead else "",
        next_on=ahead.starts_on if ahead else None,
    )


def dossiers_first(enrolments: QuerySet[Enrolment], on: date) -> QuerySet[Enrolment]:
    """Enrolments with everything that a dossier needs of them, newest first (one query)."""
    later = Enrolment.objects.filter(
        client=OuterRef("client"), starts_on__gt=OuterRef("ends_on")
    ).exclude(pk=OuterRef("pk"))
    own_referrals = Referral.objects.filter(client=OuterRef("client"), office=OuterRef("office"))
    return (
        enrolments.select_related("client", "office", "handover__centre")
        .annotate(
            has_gone_on=Exists(later),
            # Few people have any: only of these they are read.
            has_referrals=Exists(own_referrals),
            must_not_contact=no_contact_q(seen_until(on), OuterRef("client")),
        )
        .order_by("-starts_on", "-pk")
    )


def client_dossier(enrolment: Enrolment, on: date) -> ClientDossier:
    """The dossier of an enrolment (at most thirteen queries, whatever the history)."""
    own = Enrolment.objects.filter(client=enrolment.client_id, office=enrolment.office_id)
    rows = list(dossiers_first(own.filter(starts_on__lte=on) | own.filter(pk=enrolment.pk), on))
    current = next(row for row in rows if row.pk == enrolment.pk)
    return dossier_of(current, rows, on)


def dossier_of(current: Enrolment, enrolments: Sequence[Enrolment], on: date) -> ClientDossier:
    """The dossier around rows of `dossiers_first` (at most twelve queries, whatever the history)."""
    staff = in_charge(current, on)
    on, client = last_seen(current, on), current.client
    told = not_of_another_office(current.office_id)
    residences = client.residences.filter(in_force(on)).select_related("municipality__city")
    jobs = client.employments.select_related("employer").prefetch_related("leaves")
    consents = list(Consent.objects.filter(enrolment=current).annotate(words=_words()))
    supports = client.other_supports.filter(told, starts_on__lte=on).select_related("organisation")
    referrals = client.referrals.none()
    if cast(Any, current).has_referrals:
        referrals = client.referrals.filter(office=current.office_id, referred_on__lte=on)
    return ClientDossier(
        on=on,
        enrolment=current,
        staff=staff,
        enrolments=tuple(enrolments),
        names=tuple(client.names.all()),
        residence=residences.first(),
        disabilities=tuple(client.disabilities.filter(in_force(on))),
        jobs=tuple(jobs.order_by("starts_on", "pk")),
        services=tuple(client.prior_services.order_by("starts_on")),
        consents=tuple(row for row in consents if row.is_given(on)),
        related=tuple(client.related_people.filter(in_force(on), told)),
        supports=tuple(supports),
        withdrawn=tuple(_taken_back(row) for row in consents if row.withdrawn_on),
        referrals=tuple(referrals.order_by("referred_on", "pk")),
        former_consents=tuple(row for row in consents if row.over_on(on) is not None),
    )


def _words() -> Subquery:
    """What was written when the consent was withdrawn: later corrections have reasons of their own."""
    history = Consent.history.filter(id=OuterRef("pk"), withdrawn_on__isnull=False)
    return Subquery(history.order_by("history_id").values("history_change_reason")[:1])


def _taken_back(row: Any) -> WithdrawnConsent:
    whom = row.recipient_name or row.get_recipient_display()
    return WithdrawnConsent(row.withdrawn_on, f"{whom}・{row.get_scope_display()}", row.words or "")
