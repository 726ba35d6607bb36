"""支援の記録: all that one office may know of a person's support, read once.

Beside clients.queries.dossier: what is next, the drawn pace and the timeline ask the same values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

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
from plans.queries.opening import opening_of
from plans.queries.pace import SettingsOf, history_of, settings_of
from plans.queries.path import with_path
from plans.rules.pace import History, PaceOpening
from teikyaku.accounts.models import Membership, User
from teikyaku.children import folded, with_children
from teikyaku.prepared import prepared


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
    """The dossier around a person's (eleven queries, whatever the history)."""
    client, enrolment = person.client.pk, person.enrolment
    own = [row.pk for row in person.enrolments]
    contacts = _with_staff(_contacts.rows(own=own))
    decisions = _decisions.rows(client=client, enrolment=enrolment.pk)
    return SupportDossier(
        person=person,
        applications=tuple(_applications.rows(client=client)),
        decisions=tuple(row for row in decisions if not row.is_cancelled),
        cancelled=tuple(row for row in decisions if row.is_cancelled),
        caps=tuple(_caps.rows(client=client)),
        contracts=tuple(_contracts.rows(own=own)),
        support_plans=tuple(folded(_plans.rows(own=own), "goal_rows")),
        contacts=tuple(row for row in contacts if row.withdrawn_at is None),
        withdrawn=tuple(row for row in contacts if row.withdrawn_at is not None),
        pace_decisions=tuple(_pace_decisions.rows(own=own)),
        interview_dues=tuple(_dues.rows(enrolment=enrolment.pk)),
        shares=tuple(_shares.rows(own=own)),
        settings=settings_of({enrolment.office_id}),
        opening=opening_of(enrolment),
    )


@prepared("own")
def _contacts(own: list[int]) -> QuerySet[Interview]:
    rows = Interview.objects.filter(enrolment__in=own, replaced_by=None)
    staff = {
        "staff_user": F("met_by__user"),
        "staff_name": F("met_by__user__name"),
    }
    # When they were written, and on which page, is told of one at a time.
    rows = rows.with_day_roles().annotate(**staff)
    return rows.defer("starts_at", "agreed_at", "page", "recorded_at").order_by("held_on", "pk")


def _with_staff(contacts: list[Any]) -> list[Interview]:
    """Who met them at hand, by name: a few people, each made once for many contacts."""
    known: dict[int, Membership] = {}
    for row in contacts:
        if row.met_by_id not in known:
            member = Membership.from_db(
                row._state.db, ["id", "user_id"], [row.met_by_id, row.staff_user],
            )  # fmt: skip
            member.user = User.from_db(
                row._state.db, ["id", "name"], [row.staff_user, row.staff_name]
            )
            known[row.met_by_id] = member
        row.met_by = known[row.met_by_id]
    return contacts


@prepared("client", "enrolment")
def _decisions(client: int, enrolment: int) -> QuerySet[Decision]:
    rows = Decision.objects.filter(client=client).select_related("municipality__city")
    rows = rows.annotate(number=_number(), open_renewal=_open_renewal(enrolment))
    return rows.order_by("starts_on")


@prepared("client")
def _applications(client: int) -> QuerySet[Application]:
    rows = with_path(Application.objects.filter(client=client))
    return rows.order_by("received_on", "pk")


@prepared("client")
def _caps(client: int) -> QuerySet[CapPeriod]:
    return CapPeriod.objects.filter(client=client).order_by("first_month")


@prepared("own")
def _contracts(own: list[int]) -> QuerySet[Contract]:
    return Contract.objects.filter(enrolment__in=own).order_by("starts_on")


@prepared("own")
def _plans(own: list[int]) -> QuerySet[SupportPlan]:
    plans = SupportPlan.objects.filter(enrolment__in=own).order_by("starts_on", "pk")
    return with_children(plans, "goal_rows", "position", "pk")


@prepared("own")
def _pace_decisions(own: list[int]) -> QuerySet[PaceDecision]:
    return PaceDecision.objects.filter(enrolment__in=own).order_by("decided_on", "pk")


@prepared("enrolment")
def _dues(enrolment: int) -> QuerySet[InterviewDue]:
    return InterviewDue.objects.filter(enrolment=enrolment).order_by("since")


@prepared("own")
def _shares(own: list[int]) -> QuerySet[ReportShare]:
    rows = ReportShare.objects.filter(ReportShare.standing(), report__enrolment__in=own)
    rows = rows.select_related("report").annotate(
        told_next=F("version__content__next_on"), told_meetings=F("version__content__meetings")
    )
    # There are dozens, and what each of them says is told on pages of its own.
    rows = rows.only(
        "shared_on", "recipient", "with_plain", "report", "report__month", "report__enrolment"
    )
    return rows.order_by("shared_on", "pk")


def _open_renewal(enrolment: int) -> Subquery:
    """The office's open proposal to renew a decision: its id."""
    asked = Proposal.objects.filter(
        enrolment=enrolment,
        decision=OuterRef("pk"),
        kind=Proposal.Kind.RENEWAL,
        state__in=(Proposal.State.WARD, Proposal.State.OFFICE),
    )
    return Subquery(asked.values("public_id")[:1])


def _number() -> Subquery:
    """受給者証番号 on the last paper of a decision."""
    papers = Certificate.objects.filter(decision=OuterRef("pk")).order_by("-issued_on", "-pk")
    return Subquery(papers.values("recipient_number__number")[:1])
