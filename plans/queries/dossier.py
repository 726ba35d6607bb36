"""支援の記録: all that one office may know of a person's support, read once.

Beside clients.queries.dossier: what is next, the drawn pace and the timeline ask the same values.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, OuterRef, Subquery

from clients.models import Enrolment
from clients.queries.dossier import ClientDossier
from plans.models import (
    Application,
    CapPeriod,
    Certificate,
    Contract,
    Decision,
    Handover,
    Interview,
    InterviewDue,
    PaceDecision,
    Proposal,
    ReportShare,
    SupportPlan,
)
from plans.queries.opening import opening_of, with_opening
from plans.queries.pace import SettingsOf, history_of, settings_of
from plans.queries.path import with_path
from plans.rules.pace import History, PaceOpening


@dataclass(frozen=True, slots=True)
class SupportDossier:
    """The support of one person as one office knows it; every list in the order of its dates."""

    person: ClientDossier
    applications: tuple[Application, ...]
    decisions: tuple[Decision, ...]
    cancelled: tuple[Decision, ...]
    """Revoked before they began: history, and never in force."""
    caps: tuple[CapPeriod, ...]
    contracts: tuple[Contract, ...]
    support_plans: tuple[SupportPlan, ...]
    contacts: tuple[Interview, ...]
    """What holds; of all of this office's enrolments, as are the contracts and plans."""
    withdrawn: tuple[Interview, ...]
    """Contacts that were taken back."""
    pace_decisions: tuple[PaceDecision, ...]
    interview_dues: tuple[InterviewDue, ...]
    """The due dates of this enrolment as they were stored."""
    shares: tuple[ReportShare, ...]
    settings: SettingsOf
    opening: PaceOpening
    """What the office knew before it wrote here, and from which month on it bills."""

    @property
    def enrolment(self) -> Enrolment:
        """What the page is about."""
        return self.person.enrolment

    @property
    def handover(self) -> Handover | None:
        """The hand-over of this enrolment."""
        return getattr(self.enrolment, "handover", None)

    @property
    def own_contacts(self) -> list[Interview]:
        """The contacts of this enrolment."""
        return [row for row in self.contacts if row.enrolment_id == self.enrolment.pk]

    @property
    def history(self) -> History:
        """What the pace of this enrolment depends on, also what lies ahead of the dossier's day."""
        mine = self.enrolment.pk
        return history_of(
            self.enrolment,
            self.own_contacts,
            [row for row in self.pace_decisions if row.enrolment_id == mine],
            self.person.jobs,
            self.interview_dues,
            self.opening,
        )


def support_dossier(person: ClientDossier) -> SupportDossier:
    """The dossier around a person's (thirteen queries, whatever the history)."""
    client = person.client
    own = [row.pk for row in person.enrolments]
    contacts = list(
        Interview.objects.filter(enrolment__in=own, replaced_by=None)
        .select_related("met_by__user")
        .order_by("held_on", "pk")
    )
    rows = Decision.objects.filter(client=client).select_related("municipality__city")
    numbered = rows.annotate(number=_number(), open_renewal=_open_renewal(person.enrolment))
    decisions = list(numbered.order_by("starts_on"))
    shares = (
        ReportShare.objects.filter(ReportShare.standing(), report__enrolment__in=own)
        .select_related("report")
        .annotate(told_next=F("version__content__next_on"))
    )
    own_dues = InterviewDue.objects.filter(enrolment=person.enrolment)
    dues = tuple(with_opening(own_dues).order_by("since"))
    plans = SupportPlan.objects.filter(enrolment__in=own).prefetch_related("goal_rows")
    return SupportDossier(
        person=person,
        applications=tuple(
            with_path(Application.objects.filter(client=client)).order_by("received_on", "pk")
        ),
        decisions=tuple(row for row in decisions if not row.is_cancelled),
        cancelled=tuple(row for row in decisions if row.is_cancelled),
        caps=tuple(CapPeriod.objects.filter(client=client).order_by("first_month")),
        contracts=tuple(Contract.objects.filter(enrolment__in=own).order_by("starts_on")),
        support_plans=tuple(plans.order_by("starts_on", "pk")),
        contacts=tuple(row for row in contacts if row.withdrawn_at is None),
        withdrawn=tuple(row for row in contacts if row.withdrawn_at is not None),
        pace_decisions=tuple(
            PaceDecision.objects.filter(enrolment__in=own).order_by("decided_on", "pk")
        ),
        interview_dues=dues,
        shares=tuple(shares.order_by("shared_on", "pk")),
        settings=settings_of({person.enrolment.office_id}),
        opening=opening_of(person.enrolment, dues),
    )


def _open_renewal(enrolment: Enrolment) -> Subquery:
    """The office's open proposal to renew a decision: its id."""
    asked = enrolment.proposals.filter(
        decision=OuterRef("pk"),
        kind=Proposal.Kind.RENEWAL,
        state__in=(Proposal.State.WARD, Proposal.State.OFFICE),
    )
    return Subquery(asked.values("public_id")[:1])


def _number() -> Subquery:
    """受給者証番号 on the last paper of a decision."""
    papers = Certificate.objects.filter(decision=OuterRef("pk")).order_by("-issued_on", "-pk")
    return Subquery(papers.values("recipient_number__number")[:1])
