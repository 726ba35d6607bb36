"""Who sees which person: an office sees the people it works or worked with, and nobody else's.

A ward's sight hangs on applications and decisions: see plans.access.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest

from clients.models import Attachment, Client, ClientName, Enrolment
from clients.models.attachment import AttachmentQuerySet
from clients.models.enrolment import EnrolmentQuerySet
from clients.rules.attachment import CONFIDENTIAL_KINDS
from teikyaku.accounts.access import active_membership, note_read
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission
from teikyaku.clock import today
from teikyaku.periods import in_force
from teikyaku.prepared import prepared


def enrolments_for(membership: Membership, on: date) -> EnrolmentQuerySet:
    """The enrolments of the membership's office that began by `on`, ended ones too.

    Empty for a ward, the city and the system administrator: they see no provider's file.
    """
    if membership.office_id is None:
        return Enrolment.objects.all().none()
    return Enrolment.objects.all().filter(office_id=membership.office_id, starts_on__lte=on)


def clients_for(membership: Membership, on: date) -> QuerySet[Client]:
    """The people of the membership's office."""
    own = enrolments_for(membership, on).filter(client=OuterRef("pk"))
    return Client.objects.filter(Exists(own))


def own_people(
    membership: Membership, on: date, kana_key: str, birth_date: date
) -> list[ClientName]:
    """Names of the office's people with exactly this kana and birth date, to ask before a second file.

    `kana_key` is a search key. Of this office alone: nobody learns who is on file elsewhere.
    """
    found = ClientName.objects.filter(
        client__birth_date=birth_date, search_text__startswith=f"{kana_key} ",
        client__in=clients_for(membership, on),
    )  # fmt: skip
    return list(found.select_related("client").order_by("client_id", "starts_on"))


def note_people_read(request: HttpRequest, people: Iterable[UUID]) -> None:
    """Remember that words about these people (public ids) were shown on one page: a line for each.

    They are written together after the response, however many (one insert).
    """
    for public_id in dict.fromkeys(people):
        note_read(request, Client(public_id=public_id), person_id=public_id)


def get_client_or_404(request: HttpRequest, public_id: UUID) -> Client:
    """The person with this id if the active office works or worked with them; the read is audited.

    Raises Http404 for everybody else.
    """
    membership = active_membership(request)
    client = clients_for(membership, today(request)).filter(public_id=public_id).first()
    if client is None:
        raise Http404
    note_read(request, client, person_id=client.public_id)
    return client


def get_enrolment_or_404(request: HttpRequest, public_id: UUID) -> Enrolment:
    """The enrolment with this id of the active office; the read is audited.

    Raises Http404 for everybody else.
    """
    membership = active_membership(request)
    found = _enrolment.rows(office=membership.office_id, public_id=public_id, on=today(request))
    if not found:
        raise Http404
    (enrolment,) = found
    note_read(request, enrolment, person_id=enrolment.client.public_id)
    return enrolment


@prepared("office", "public_id")
def _enrolment(office: int | None, public_id: UUID, on: date) -> QuerySet[Enrolment]:
    own = enrolments_for(Membership(office_id=office), on)
    return own.select_related("client", "office").filter(public_id=public_id)


def get_enrolment_for_edit(request: HttpRequest, public_id: UUID) -> Enrolment:
    """As above, and still running today: the file of somebody who left is read-only.

    Raises Http404 for everybody else.
    """
    enrolment = get_enrolment_or_404(request, public_id)
    on = today(request)
    if enrolment.ends_on is not None and enrolment.ends_on < on:
        raise Http404
    return enrolment


def get_enrolment_for_papers(request: HttpRequest, public_id: UUID) -> Enrolment:
    """For what papers say of the time of the use: also after its end, while nobody else goes on with it.

    A renewal or a cap that comes late still pays for the months before the end (`refuse_after_use`).
    Decisions and caps are the person's: where another office works with them, they are that office's to
    write. Raises Http404 for everybody else.
    """
    enrolment, on = get_enrolment_or_404(request, public_id), today(request)
    if enrolment.ends_on is None or enrolment.ends_on >= on:
        return enrolment
    others = Enrolment.objects.filter(in_force(on), client=enrolment.client_id)
    if others.exclude(office=enrolment.office_id).exists():
        raise Http404
    return enrolment


def last_seen(enrolment: Enrolment, on: date) -> date:
    """The day up to which the office knows the person: what came after the end is not told."""
    return on if enrolment.ends_on is None else min(on, enrolment.ends_on)


def not_of_another_office(office_id: int | None) -> Q:
    """Facts that this office or no office recorded: whom one office named is not told to the next."""
    return Q(recorded_by__office=office_id) | Q(recorded_by__office__isnull=True)


def get_client_for_edit(request: HttpRequest, public_id: UUID) -> Client:
    """The person if the active office works with them today.

    Raises Http404 for everybody else.
    """
    client = get_client_or_404(request, public_id)
    membership = active_membership(request)
    on = today(request)
    if not enrolments_for(membership, on).filter(in_force(on), client=client).exists():
        raise Http404
    return client


def running_enrolment(membership: Membership, client: Client, on: date) -> Enrolment | None:
    """The enrolment under which the membership's office works with the person on a day."""
    return enrolments_for(membership, on).filter(in_force(on), client=client).first()


def attachments_for(membership: Membership, on: date) -> AttachmentQuerySet:
    """The papers that the membership's office holds, those that its roles may read.

    Another office of the same person, or a ward, holds papers of its own.
    """
    found = Attachment.objects.all().filter(enrolment__in=enrolments_for(membership, on))
    if not membership.may(Permission.INTERVIEW_READ):
        found = found.exclude(kind__in=CONFIDENTIAL_KINDS)
    return found


def get_attachment_or_404(request: HttpRequest, public_id: UUID) -> Attachment:
    """The paper with this id that the active office holds; the read is audited.

    Raises Http404 for everybody else, and where it was taken back.
    """
    found = (
        attachments_for(active_membership(request), today(request))
        .kept()
        .select_related("enrolment__client", "recorded_by__user")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404
    note_read(request, found, person_id=found.enrolment.client.public_id)
    return found


def get_attachment_for_edit(request: HttpRequest, public_id: UUID) -> Attachment:
    """As above, while the office works with the person. Raises Http404 for everybody else."""
    found = get_attachment_or_404(request, public_id)
    person = found.enrolment.client
    if running_enrolment(active_membership(request), person, today(request)) is None:
        raise Http404
    return found


def may_look_at_papers(membership: Membership, client: Client, on: date) -> bool:
    """Whether pictures of the person's papers are shown: papers show the address.

    Where it is protected (支援措置), only to who may see it.
    """
    if membership.may(Permission.PROTECTED_ADDRESS_READ):
        return True
    return not client.residences.filter(in_force(on), is_protected=True).exists()
