"""What of a person an office's file and the shared facts hold in this app; a ward's: `ward_keeping`.

Proposals are on both sides' file: they stay as long as either keeps its own.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from clients.models import Client, Enrolment
from clients.queries.keeping import all_documents
from clients.queries.keeping import core_parts as client_core_parts
from plans.models import (
    Application,
    AppointmentChange,
    CapPeriod,
    Certificate,
    Contract,
    Decision,
    EndNotice,
    Escalation,
    ExpirySettlement,
    FileTransfer,
    GoalRating,
    Handover,
    HandoverPaper,
    HandoverRefusal,
    Interview,
    InterviewDraft,
    InterviewDue,
    MoveInRow,
    NoteText,
    OpeningFacts,
    PaceDecision,
    Proposal,
    ProposalStep,
    ReminderMention,
    ReportShare,
    ReportVersion,
    SupportPlan,
    SupportPlanGoal,
    SupportPlanPaper,
    SupportReport,
)
from teikyaku.accounts.models import Office
from teikyaku.erasing import Part, ids_ever, part


def has_ward_file(client: Client) -> bool:
    """Whether any ward keeps a file of the person; decisions that offices copied make none."""
    return (
        Application.objects.filter(client=client).exists()
        or Decision.objects.filter(client=client, is_transcribed=False).exists()
    )


def has_office_file(client: Client) -> bool:
    """Whether any office keeps a file of the person."""
    return Enrolment.objects.filter(client=client).exists()


# --- An office's file -----------------------------------------------------------------------------


def shared_proposals(clients: Collection[Client], office: Office) -> QuerySet[Proposal]:
    """The office's proposals that a ward keeps as its record: they stay as they are."""
    return Proposal.objects.filter(
        enrolment__client__in=clients, enrolment__office=office, decision__is_transcribed=False
    )


def shells_of(client: Client, office: Office) -> set[int]:
    """The office's enrolments to which a ward's record points."""
    return set(shared_proposals([client], office).values_list("enrolment", flat=True))


def signers_elsewhere(client: Client, office: Office) -> set[int]:
    """Related people who signed a plan of another office."""
    rows = SupportPlan.objects.filter(representative__client=client)
    return set(rows.exclude(enrolment__office=office).values_list("representative", flat=True))


def office_parts(client: Client, office: Office) -> list[Part]:
    """The office's records about the person, those first that hang on others."""
    return parts_of_all([client], office)


def parts_of_all(clients: Collection[Client], office: Office) -> list[Part]:
    """As `office_parts`, of all these people (as many queries as of one)."""
    here = {"client__in": clients, "office": office}
    own = list(Enrolment.objects.filter(**here).values_list("pk", flat=True))
    plans, meetings = (ids_ever(model, "enrolment", own) for model in (SupportPlan, Interview))
    reports = ids_ever(SupportReport, "enrolment", own)
    papers = SupportPlanPaper.objects.filter(plan__in=plans)
    handovers = ids_ever(Handover, "enrolment", own)
    return [
        part(
            ExpirySettlement,
            "pk",
            ExpirySettlement.objects.filter(**here).values_list("pk", flat=True),
        ),
        part(EndNotice, "enrolment", own),
        part(ReminderMention, "enrolment", own),
        part(Escalation, "enrolment", own),
        part(InterviewDraft, "enrolment", own),
        part(GoalRating, "interview", meetings),
        part(NoteText, "interview", meetings),
        part(ReportShare, "report", reports),
        part(ReportVersion, "report", reports),
        part(SupportReport, "enrolment", own),
        part(SupportPlanPaper, "pk", papers.values_list("pk", flat=True)),
        part(SupportPlanGoal, "plan", plans),
        part(SupportPlan, "enrolment", own),
        part(Interview, "enrolment", own, chain="replaces"),
        part(AppointmentChange, "enrolment", own),
        part(PaceDecision, "enrolment", own),
        part(InterviewDue, "enrolment", own),
        part(OpeningFacts, "enrolment", own),
        part(MoveInRow, "enrolment", own),
        part(HandoverPaper, "handover", handovers),
        part(HandoverRefusal, "handover", handovers),
        part(Handover, "enrolment", own),
        part(Contract, "enrolment", own),
        *proposal_parts(
            Proposal.objects.filter(enrolment__in=own).exclude(
                pk__in=shared_proposals(clients, office)
            )
        ),
    ]


# --- What nobody's file needs any more ------------------------------------------------------------


def core_parts(clients: Collection[Client]) -> list[Part]:
    """What offices copied from paper, and what was between wards: for when nobody keeps a file."""
    keys = [client.pk for client in clients]
    decisions = list(Decision.objects.filter(client__in=keys).values_list("pk", flat=True))
    return [
        *proposal_parts(
            Proposal.objects.filter(Q(decision__in=decisions) | Q(enrolment__client__in=keys))
        ),
        part(FileTransfer, "client", keys),
        part(Certificate, "decision", ids_ever(Decision, "client", keys)),
        part(CapPeriod, "client", keys),
        part(Decision, "client", keys),
    ]


def last_parts(client: Client) -> list[Part]:
    """What goes with the last file: transcriptions, frozen papers, the person and the shared facts."""
    return last_parts_of_all([client])


def last_parts_of_all(clients: Collection[Client]) -> list[Part]:
    """As `last_parts`, of all these people (as many queries as of one)."""
    return [*core_parts(clients), all_documents(clients), *client_core_parts(clients)]


def is_kept(client: Client) -> bool:
    """Whether anybody, office or ward, still keeps a file of the person."""
    return has_office_file(client) or has_ward_file(client)


def proposal_parts(proposals: QuerySet[Proposal]) -> list[Part]:
    """Proposals with their talk."""
    keys = list(proposals.values_list("pk", flat=True))
    return [part(ProposalStep, "proposal", keys), part(Proposal, "pk", keys)]
