"""What of a person an office's file and the shared facts hold in this app; a ward's: `ward_keeping`.

Proposals are on both sides' file: they stay as long as either keeps its own.
"""

from __future__ import annotations

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


def shared_proposals(client: Client, office: Office) -> QuerySet[Proposal]:
    """The office's proposals that a ward keeps as its record: they stay as they are."""
    return Proposal.objects.filter(
        enrolment__client=client, enrolment__office=office, decision__is_transcribed=False
    )


def shells_of(client: Client, office: Office) -> set[int]:
    """The office's enrolments to which a ward's record points."""
    return set(shared_proposals(client, office).values_list("enrolment", flat=True))


def signers_elsewhere(client: Client, office: Office) -> set[int]:
    """Related people who signed a plan of another office."""
    rows = SupportPlan.objects.filter(representative__client=client)
    return set(rows.exclude(enrolment__office=office).values_list("representative", flat=True))


def office_parts(client: Client, office: Office) -> list[Part]:
    """The office's records about the person, those first that hang on others."""
    own = list(Enrolment.objects.filter(client=client, office=office).values_list("pk", flat=True))
    plans, meetings = (ids_ever(model, "enrolment", own) for model in (SupportPlan, Interview))
    reports = ids_ever(SupportReport, "enrolment", own)
    papers = SupportPlanPaper.objects.filter(plan__in=plans)
    handovers = ids_ever(Handover, "enrolment", own)
    return [
        part(
            ExpirySettlement,
            "pk",
            ExpirySettlement.objects.filter(client=client, office=office).values_list(
                "pk", flat=True
            ),
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
                pk__in=shared_proposals(client, office)
            )
        ),
    ]


# --- What nobody's file needs any more ------------------------------------------------------------


def core_parts(client: Client) -> list[Part]:
    """What offices copied from paper, and what was between wards: for when nobody keeps a file."""
    decisions = list(Decision.objects.filter(client=client).values_list("pk", flat=True))
    return [
        *proposal_parts(
            Proposal.objects.filter(Q(decision__in=decisions) | Q(enrolment__client=client))
        ),
        part(FileTransfer, "client", [client.pk]),
        part(Certificate, "decision", ids_ever(Decision, "client", [client.pk])),
        part(CapPeriod, "client", [client.pk]),
        part(Decision, "client", [client.pk]),
    ]


def last_parts(client: Client) -> list[Part]:
    """What goes with the last file: transcriptions, frozen papers, the person and the shared facts."""
    return [*core_parts(client), all_documents(client), *client_core_parts(client)]


def is_kept(client: Client) -> bool:
    """Whether anybody, office or ward, still keeps a file of the person."""
    return has_office_file(client) or has_ward_file(client)


def proposal_parts(proposals: QuerySet[Proposal]) -> list[Part]:
    """Proposals with their talk."""
    keys = list(proposals.values_list("pk", flat=True))
    return [part(ProposalStep, "proposal", keys), part(Proposal, "pk", keys)]
