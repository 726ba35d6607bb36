"""What a ward sees: its own applications and decisions, and the people of these."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from clients.access import get_enrolment_or_404
from clients.models import ClientName, Enrolment
from plans.models import (
    Application,
    CapPeriod,
    Certificate,
    CoreUpload,
    Decision,
    FileTransfer,
    NumberRange,
    Proposal,
    ReportShare,
    WardPaper,
)
from plans.models.certificate import DecisionQuerySet
from plans.queries.proposal import proposals_for
from plans.queries.ward_sight import holds_file
from teikyaku.accounts.access import active_membership, note_read
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.accounts.roles import Permission
from teikyaku.prepared import prepared

KNOWN_SHOWN = 5


def active_ward(request: HttpRequest) -> Municipality:
    """The municipality in which this request acts.

    Raises Http404 for members of an office or the installation.
    """
    ward = active_membership(request).municipality
    if ward is None:
        raise Http404("no municipality")
    return ward


def applications_for(membership: Membership) -> QuerySet[Application]:
    """The applications to the membership's ward; nobody else's."""
    if membership.municipality_id is None or not membership.may(Permission.APPLICATION_READ):
        return Application.objects.none()
    return Application.objects.filter(municipality_id=membership.municipality_id)


def decisions_for(membership: Membership) -> DecisionQuerySet:
    """What the membership's ward decided, and what passed to it; not what offices transcribed.

    Its own stay readable after a move (docs/rules.md §10); who acts on one asks `kept_decisions`.
    """
    ward = membership.municipality_id
    if ward is None or not membership.may(Permission.APPLICATION_READ):
        return Decision.objects.all().none()
    return Decision.objects.all().filter(
        Q(municipality=ward) | Q(passed_to=ward), is_transcribed=False
    )


def kept_decisions(membership: Membership, **also: Any) -> DecisionQuerySet:
    """The decisions whose file lies with the membership's ward: its work. `also`: see `kept_by`."""
    ward = membership.municipality_id
    if ward is None or not membership.may(Permission.APPLICATION_READ):
        return Decision.objects.all().none()
    return Decision.objects.all().kept_by(ward, **also).filter(is_transcribed=False)


def get_readable_application_or_404(request: HttpRequest, public_id: UUID) -> Application:
    """The ward's application with this id, or one behind a decision that it made or took over.

    The read is audited. Raises Http404 for every other ward, office and person.
    """
    membership = active_membership(request)
    rows = _readable.rows(
        ward=membership.municipality_id, public_id=public_id, roles=tuple(membership.roles)
    )
    if not rows:
        raise Http404
    found: Application = rows[0]
    note_read(request, found, person_id=found.client.public_id)
    return found


@prepared("ward", "public_id")
def _readable(ward: int | None, public_id: UUID, roles: tuple[str, ...]) -> QuerySet[Application]:
    reader = Membership(municipality_id=ward, roles=list(roles))
    own = Q(pk__in=applications_for(reader)) | Q(decision__in=decisions_for(reader))
    return Application.objects.filter(own, public_id=public_id).select_related(
        "client", "municipality__city", "outcome_by__user", "decision__passed_to"
    )


def is_at_work_on(ward: Municipality, application: Application) -> bool:
    """Whether the ward works on this application: it is its own, and no decision of it has passed on."""
    decision = getattr(application, "decision", None)
    passed_to = decision.passed_to_id if decision is not None else None
    return application.municipality_id == ward.pk and passed_to in (None, ward.pk)


def get_application_or_404(request: HttpRequest, public_id: UUID) -> Application:
    """As `get_readable_application_or_404`, to act on it.

    Raises Http404 also for one whose decision has passed to another ward.
    """
    found = get_readable_application_or_404(request, public_id)
    if not is_at_work_on(active_ward(request), found):
        raise Http404
    return found


def get_filed_application_or_404(request: HttpRequest, public_id: UUID) -> Application:
    """As `get_application_or_404`, to read and write what is on file of its person today.

    Raises Http404 also where the application has ended and the person's file does not lie here.
    """
    found = get_application_or_404(request, public_id)
    if not holds_file(found.client_id, found.municipality_id):
        raise Http404
    return found


def copied_decisions(application: Application) -> QuerySet[Decision]:
    """What offices copied from this municipality's own papers: they may stand in a grant's way."""
    return (
        Decision.objects.filter(
            client=application.client_id,
            municipality=application.municipality_id,
            is_transcribed=True,
        )
        .select_related("recorded_by__office")
        .order_by("starts_on")
    )


def get_decision_or_404(request: HttpRequest, public_id: UUID) -> Decision:
    """The ward's decision with this id; the read is audited.

    Raises Http404 for every other ward, office and person.
    """
    found = (
        decisions_for(active_membership(request))
        .select_related("client", "municipality__city", "passed_to__city", "application")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404
    note_read(request, found, person_id=found.client.public_id)
    return found


def get_kept_decision_or_404(request: HttpRequest, public_id: UUID) -> Decision:
    """As `get_decision_or_404`, to act on it.

    Raises Http404 also for one whose file has passed to another ward.
    """
    found = get_decision_or_404(request, public_id)
    if found.keeper.pk != active_membership(request).municipality_id:
        raise Http404
    return found


def get_transfer_or_404(
    request: HttpRequest, public_id: UUID, answers: bool | None = None
) -> FileTransfer:
    """A 区の引継ぎ that one's own ward has asked or is asked; with `answers` only that way.

    Raises Http404 for every other ward, office and person.
    """
    membership = active_membership(request)
    ward = membership.municipality_id
    if ward is None or not membership.may(Permission.APPLICATION_READ):
        raise Http404
    got, gave = Q(to_municipality=ward), Q(from_municipality=ward)
    offered, requested = Q(is_requested=False), Q(is_requested=True)
    ways = {
        None: got | gave,
        True: (got & offered) | (gave & requested),
        False: (gave & offered) | (got & requested),
    }
    found = (
        FileTransfer.objects.filter(ways[answers], public_id=public_id)
        .select_related(
            "client", "from_municipality__city", "to_municipality__city", "outcome_by__user",
            "recorded_by__user",
        )
        .first()
    )  # fmt: skip
    if found is None:
        raise Http404
    note_read(request, found, person_id=found.client.public_id)
    return found


def wards_of(membership: Membership) -> QuerySet[Municipality]:
    """The wards of the member's city; none for a member of anything but a city (本庁)."""
    return Municipality.objects.filter(
        city=membership.municipality_id, city__isnull=False
    ).order_by("code")


def city_decisions(membership: Membership) -> QuerySet[Decision]:
    """Decisions of the city's wards for who corrects them; what offices transcribed is theirs."""
    if membership.municipality_id is None or not membership.may(Permission.DECISION_CORRECT):
        return Decision.objects.none()
    return Decision.objects.filter(
        municipality__in=wards_of(membership), is_transcribed=False
    ).select_related("client", "municipality__city", "application")


def get_city_decision_or_404(request: HttpRequest, public_id: UUID) -> Decision:
    """The decision, if it is of a ward of one's own city.

    Raises Http404 for any other, whether it exists or not.
    """
    found = city_decisions(active_membership(request)).filter(public_id=public_id).first()
    if found is None:
        raise Http404("no such decision in this city")
    note_read(request, found, person_id=found.client.public_id)
    return found


def get_city_cap_or_404(decision: Decision, public_id: UUID) -> CapPeriod:
    """The cap, if the decision's ward set it for the decision's person.

    Raises Http404 for any other.
    """
    caps = CapPeriod.objects.filter(client=decision.client_id, municipality=decision.municipality)
    found = caps.filter(public_id=public_id).first()
    if found is None:
        raise Http404("no such cap")
    return found


def get_city_paper_or_404(decision: Decision, public_id: UUID) -> Certificate:
    """The version of the certificate, if it is one of the decision's.

    Raises Http404 for any other.
    """
    found = decision.certificates.filter(public_id=public_id).first()
    if found is None:
        raise Http404("no such certificate")
    return found


def get_transcribed_decision_or_404(enrolment: Enrolment, public_id: UUID) -> Decision:
    """A decision that this office itself copied from paper, of this enrolment's person.

    Raises Http404 for a ward's own: the ward's record is not the office's to change.
    """
    found = Decision.objects.filter(
        client=enrolment.client_id, is_transcribed=True, public_id=public_id,
        recorded_by__office=enrolment.office_id,
    ).first()  # fmt: skip
    if found is None:
        raise Http404("no such transcribed decision")
    return found


def get_transcribed_cap_or_404(enrolment: Enrolment, public_id: UUID) -> CapPeriod:
    """A cap that this office copied, of a municipality that keeps no decision of the person here.

    Raises Http404 for any other.
    """
    found = CapPeriod.objects.filter(
        client=enrolment.client_id, recorded_by__office=enrolment.office_id, public_id=public_id
    ).first()
    own = Decision.objects.filter(client=enrolment.client_id, is_transcribed=False)
    if found is None or own.filter(municipality=found.municipality_id).exists():
        raise Http404("no such transcribed cap")
    return found


def known_people(kana_key: str, birth_date: date) -> list[ClientName]:
    """Names on file with exactly this kana and birth date, for the duplicate warning of a ward.

    `kana_key` is a search key. Only the names that match: a former name of theirs is not told.
    """
    found = ClientName.objects.filter(
        client__birth_date=birth_date, search_text__startswith=f"{kana_key} "
    )
    return list(found.select_related("client").order_by("client_id", "starts_on")[:KNOWN_SHOWN])


def get_certificate_or_404(request: HttpRequest, public_id: UUID) -> Certificate:
    """A version of the certificate under one of the decisions that the ward keeps.

    Raises Http404 for every other ward, office and person.
    """
    found = (
        Certificate.objects.filter(
            public_id=public_id, decision__in=kept_decisions(active_membership(request))
        )
        .select_related(
            "decision__client", "decision__municipality__city", "recipient_number",
            "consultation_office",
        )
        .first()
    )  # fmt: skip
    if found is None:
        raise Http404
    return found


def get_paper_or_404(request: HttpRequest, public_id: UUID) -> WardPaper:
    """A paper that the ward made itself, also of a person who has moved since; the read is audited.

    Raises Http404 for every other ward, office and person.
    """
    membership = active_membership(request)
    if membership.municipality_id is None or not membership.may(Permission.APPLICATION_READ):
        raise Http404
    found = (
        WardPaper.objects.filter(public_id=public_id, municipality_id=membership.municipality_id)
        .select_related("document__replaced_by", "certificate__decision")
        .first()
    )
    if found is None:
        raise Http404
    note_read(request, found, person_id=found.document.person_id)
    return found


def get_proposal_or_404(request: HttpRequest, public_id: UUID) -> Proposal:
    """A 区への提案 of one's own office, or to one's own ward; the read is audited.

    Raises Http404 for everybody else.
    """
    found = (
        proposals_for(active_membership(request))
        .select_related(
            "decision__client", "decision__municipality__city", "decision__passed_to__city",
            "enrolment__office", "enrolment__client", "municipality__city", "application",
        )
        .filter(public_id=public_id)
        .first()
    )  # fmt: skip
    if found is None:
        raise Http404("no such proposal")
    note_read(request, found, person_id=found.decision.client.public_id)
    return found


def number_ranges_for(membership: Membership) -> QuerySet[NumberRange]:
    """The ranges of certificate numbers of the membership's ward."""
    if membership.municipality_id is None or not membership.may(Permission.APPLICATION_READ):
        return NumberRange.objects.none()
    return NumberRange.objects.filter(municipality_id=membership.municipality_id)


def core_uploads_for(membership: Membership) -> QuerySet[CoreUpload]:
    """The files of the core system that members of the own ward have handed in."""
    if membership.municipality_id is None or not membership.may(Permission.APPLICATION_READ):
        return CoreUpload.objects.none()
    return CoreUpload.objects.filter(municipality_id=membership.municipality_id)


def get_core_upload_or_404(request: HttpRequest, public_id: UUID) -> CoreUpload:
    """A file of the own ward; the read is audited.

    Raises Http404 for every other ward, office and person.
    """
    found = (
        core_uploads_for(active_membership(request))
        .select_related("municipality", "recorded_by__user", "outcome_by__user")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404
    note_read(request, found)
    return found


def get_share_or_404(request: HttpRequest, public_id: UUID) -> ReportShare:
    """A share of a report of one's own office, taken back ones too; the read is audited.

    Raises Http404 for every other office, ward and person.
    """
    found = (
        ReportShare.objects.filter(public_id=public_id)
        .select_related(
            "version", "report__enrolment__client", "report__enrolment__office",
            "recorded_by__user",
        )
        .first()
    )  # fmt: skip
    if found is None:
        raise Http404
    get_enrolment_or_404(request, found.report.enrolment.public_id)
    return found
