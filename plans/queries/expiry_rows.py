"""What an office's board says of each end: whose it is, how near, what comes next and whose step that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.models import ClientName, Consent, Enrolment, StaffAssignment
from clients.queries.subject import names_seen
from plans.models import Application, Decision, Handover, Proposal, SupportPlan
from plans.queries.expiry_list import Found, period_of
from plans.queries.handover import has_duty
from plans.rules.expiry import (
    REVOKED,
    EndFacts,
    EndKind,
    ExpiryStage,
    NextStep,
    Owner,
    Renewal,
    may_be_settled,
    next_step,
    stage_of,
)
from plans.rules.handover import HandoverDates
from plans.rules.support_plan import PlanStep
from plans.rules.support_plan import next_step as next_plan_step
from teikyaku.accounts.models import Office, StaffQualification, User
from teikyaku.prepared import Prepared, prepared

# Where so many people are told at once, they are asked for by the office: a list has its limits.
MANY = 1000


@dataclass(frozen=True, slots=True)
class Expiry:
    """One thing that ends for one person, on its day; `is_late` when the day has passed."""

    on: date
    kind: str
    label: str
    client_id: UUID | None
    """None for a member of staff."""
    name: str
    kana: str
    is_late: bool
    stage: ExpiryStage
    step: NextStep
    subject_id: UUID
    may_be_settled: bool
    staff: str = ""
    """Who is in charge at the office, or the member of staff themselves; "" for nobody."""
    renewal: str = ""
    """Of a decision: how far its renewal is, in words."""
    detail: str = ""
    """Which one, where there are several of a kind."""

    @property
    def period(self) -> str:
        """Under which heading it stands: its month, or that it has passed."""
        return period_of(self.on, self.stage)

    @property
    def is_unasked(self) -> bool:
        """Of a decision: nobody has asked for its renewal yet."""
        return self.renewal == Renewal.NONE.label

    @property
    def other_owner(self) -> str:
        """Whose step the next one is, where that is not who is in charge."""
        return "" if self.step.owner in (Owner.STAFF, Owner.MEMBER) else self.step.owner.label

    @property
    def owner(self) -> str:
        """Whose step the next one is: a name where it is known, else the role."""
        if self.step.owner == Owner.STAFF:
            return self.staff or _("担当なし")
        if self.step.owner == Owner.MEMBER:
            return self.staff
        return self.step.owner.label


@dataclass(frozen=True, slots=True)
class _People:
    """Whose enrolments the rows are about: by their keys, or all of the office where they are many."""

    office: Office
    keys: set[int]

    def ask(self, question: Prepared, **fixed: Any) -> Iterable[Any]:
        """The rows of a question about these people at the office (one query)."""
        keys: dict[str, Any] = {"clients": self.keys, "office": self.office.pk}
        keys = {name: keys[name] for name in question.keys}
        if len(self.keys) <= MANY:
            return question.rows(**keys, **fixed)
        every = Enrolment.objects.filter(office=self.office).values("client")
        return question.build(**keys | {"clients": every}, **fixed)


def expiries(office: Office, found: Iterable[Found], on: date) -> list[Expiry]:
    """The rows of these ends, in their order (twelve queries, however many)."""
    ends = list(found)
    staff_ends = [each for each in ends if each[1] == EndKind.QUALIFICATION]
    people = _People(
        office, {who for _day, kind, who, _row in ends if kind != EndKind.QUALIFICATION}
    )
    told = _Told(people, on, _recipients(office, ends), _revoked(ends))
    members = _Members(staff_ends)
    return [
        members.row(each, on) if each[1] == EndKind.QUALIFICATION else told.row(each)
        for each in ends
    ]


def _recipients(office: Office, ends: list[Found]) -> Mapping[UUID, str]:
    """Consent → for whom and what it is (one query)."""
    wanted = {row for _day, kind, _who, row in ends if kind == EndKind.CONSENT}
    rows = Consent.objects.filter(enrolment__office=office, ends_on__isnull=False)
    if len(wanted) <= MANY:
        rows = rows.filter(public_id__in=wanted)
    return {
        row.public_id: f"{row.get_recipient_display()}・{row.get_scope_display()}" for row in rows
    }


def _revoked(ends: list[Found]) -> frozenset[UUID]:
    """Which of the decisions a ward took away (one query; few are, of however many people)."""
    wanted = [row for _day, kind, _who, row in ends if kind == EndKind.DECISION]
    rows = Decision.objects.filter(revoked_on__isnull=False)
    if len(wanted) <= MANY:
        rows = rows.filter(public_id__in=wanted)
    return frozenset(rows.values_list("public_id", flat=True)) if wanted else frozenset()


class _Told:
    """What is known of the people of a page."""

    def __init__(
        self,
        people: _People,
        on: date,
        recipients: Mapping[UUID, str],
        revoked: frozenset[UUID],
    ) -> None:
        self.on, self.recipients, self.revoked = on, recipients, revoked
        uses = _latest(people.ask(_uses))
        self.ids = {row.client_id: row.client.public_id for row in uses}
        self.names = _names_of_uses(uses, on)
        self.last_days = {row.client_id: row.window_ends_on for row in uses if row.window_ends_on}
        self.sudden = {row.client_id for row in uses if has_duty(row, on) is False}
        self.staff = dict(people.ask(_in_charge, on=on))
        self.renewals = _renewals(people)
        self.handovers: dict[int, HandoverDates] = {
            row.enrolment.client_id: row.dates for row in people.ask(_handovers)
        }
        self.plan_steps: dict[int, PlanStep | None] = {
            row.enrolment.client_id: next_plan_step(row.dates) for row in people.ask(_plans_made)
        }

    def row(self, found: Found) -> Expiry:
        """One end of one of them."""
        day, kind, client, subject = found
        name, is_late = self.names.get(client), day < self.on
        is_revoked = subject in self.revoked
        renewal = Renewal.OVER
        if kind == EndKind.DECISION:
            renewal = self._renewal(client, day, is_revoked=is_revoked)
        facts = EndFacts(
            renewal=renewal,
            is_revoked=is_revoked,
            handover=self.handovers.get(client),
            is_sudden=client in self.sudden,
            plan_step=self.plan_steps.get(client),
            right_ends_on=self._right_before(client, day) if kind == EndKind.DECISION else None,
        )
        return Expiry(
            on=day,
            kind=kind,
            label=REVOKED if is_revoked else EndKind(kind).label,
            client_id=self.ids[client],
            name=name.name if name else "",
            kana=name.kana if name else "",
            is_late=is_late,
            stage=stage_of(day, self.on),
            step=next_step(EndKind(kind), facts, is_late=is_late),
            subject_id=subject,
            may_be_settled=may_be_settled(EndKind(kind), day, self.on),
            staff=self.staff.get(client, ""),
            renewal=renewal.label,
            detail=self.recipients.get(subject, ""),
        )

    def _renewal(self, client: int, ends_on: date, *, is_revoked: bool) -> Renewal:
        found = self.renewals.get(client, Renewal.NONE)
        # What was taken away is not renewed, but may be applied for anew.
        if is_revoked:
            return found if found == Renewal.APPLIED else Renewal.OVER
        # Nothing is renewed where the right ends with the decision.
        if ends_on >= self.last_days.get(client, date.max):
            return Renewal.OVER
        return found

    def _right_before(self, client: int, ends_on: date) -> date | None:
        """The last day of the right, where the decision runs on after it: a leaving ended it."""
        last = self.last_days.get(client)
        return last if last is not None and last < ends_on else None


class _Members:
    """What is known of the staff of a page (two queries)."""

    def __init__(self, ends: list[Found]) -> None:
        users = {who for _day, _kind, who, _row in ends}
        self.names = dict(User.objects.filter(pk__in=users).values_list("pk", "name"))
        rows = StaffQualification.objects.filter(public_id__in={each[3] for each in ends})
        self.kinds = dict(rows.values_list("public_id", "kind"))

    def row(self, found: Found, on: date) -> Expiry:
        """The end of one qualification."""
        day, _kind, user, subject = found
        is_late, name = day < on, self.names[user]
        return Expiry(
            on=day,
            kind=EndKind.QUALIFICATION,
            label=EndKind.QUALIFICATION.label,
            client_id=None,
            name=name,
            kana="",
            is_late=is_late,
            stage=stage_of(day, on),
            step=next_step(EndKind.QUALIFICATION, EndFacts(), is_late=is_late),
            subject_id=subject,
            may_be_settled=may_be_settled(EndKind.QUALIFICATION, day, on),
            staff=name,
            detail=self.kinds[subject],
        )


@prepared("clients", "office")
def _uses(clients: Any, office: int) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.filter(client__in=clients, office=office)
    return rows.select_related("client").order_by("starts_on", "pk")


@prepared("clients", "office")
def _in_charge(clients: Any, office: int, on: date) -> QuerySet[Any, Any]:
    held = StaffAssignment.objects.in_charge(on)
    held = held.filter(enrolment__client__in=clients, enrolment__office=office)
    return held.values_list("enrolment__client", "staff__user__name")


@prepared("clients", "office")
def _handovers(clients: Any, office: int) -> QuerySet[Handover]:
    rows = Handover.objects.filter(enrolment__client__in=clients, enrolment__office=office)
    return rows.select_related("enrolment").order_by("enrolment__starts_on")


@prepared("clients", "office")
def _plans_made(clients: Any, office: int) -> QuerySet[SupportPlan]:
    rows = SupportPlan.objects.being_made()
    rows = rows.filter(enrolment__client__in=clients, enrolment__office=office)
    return rows.select_related("enrolment")


@prepared("clients", "office")
def _proposed(clients: Any, office: int) -> QuerySet[Any, Any]:
    return Proposal.objects.filter(
        enrolment__client__in=clients,
        enrolment__office=office,  # what another office asked is not told here
        kind=Proposal.Kind.RENEWAL,
        state__in=(Proposal.State.WARD, Proposal.State.OFFICE),
    ).values_list("enrolment__client", "state")


@prepared("clients")
def _applied(clients: Any) -> QuerySet[Any, Any]:
    open_ones = Application.objects.filter(client__in=clients, outcome="")
    return open_ones.values_list("client", flat=True)


def _latest(uses: Iterable[Enrolment]) -> list[Enrolment]:
    """Of enrolments in their order the last of each person."""
    return list({row.client_id: row for row in uses}.values())


def names_here(office: Office, clients: Any, on: date) -> dict[int, ClientName]:
    """The names of these people as the office knows them: of who has left, that of the last day."""
    uses = _latest(_People(office, set(clients)).ask(_uses))
    return _names_of_uses(uses, on)


def _names_of_uses(uses: list[Enrolment], on: date) -> dict[int, ClientName]:
    seen = names_seen(uses, on)
    return {row.client_id: seen[row.pk] for row in uses if row.pk in seen}


def renewals_of(clients: Iterable[int], office: Office) -> dict[int, Renewal]:
    """How far each one's renewal is, as far as it is known here; who is missing has asked for none."""
    return _renewals(_People(office, set(clients)))


def _renewals(people: _People) -> dict[int, Renewal]:
    found: dict[int, Renewal] = {}
    for client, state in people.ask(_proposed):
        is_back = state == Proposal.State.OFFICE
        found[client] = Renewal.ASKED_BACK if is_back else Renewal.PROPOSED
    for client in people.ask(_applied):
        found[client] = Renewal.APPLIED
    return found
