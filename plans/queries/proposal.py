"""区への提案 for both sides: whose turn it is, since when, and what was not read yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clients.models import Enrolment
from clients.queries.subject import named_q, names_of
from clients.rules.standing import Standing
from plans.models import Application, Decision, Proposal
from plans.queries.decision_change import goes_on_at
from plans.queries.grant_prefill import longest_for, proposal_behind
from plans.rules.decision import LongestDecision
from teikyaku.accounts.models import Membership
from teikyaku.accounts.queries.figures import figure
from teikyaku.accounts.roles import Permission
from teikyaku.clock import date_of
from teikyaku.era import both
from teikyaku.periods import Month, day_after
from teikyaku.prepared import in_one_row, prepared

LONG = "proposal.colleague_days"
OPEN = (Proposal.State.WARD, Proposal.State.OFFICE)
HOME_ROWS = 10


class Show(StrEnum):
    """Which proposals a list shows."""

    OURS = "ours"
    THEIRS = "theirs"
    DONE = "done"

    @property
    def label(self) -> Promise:
        """In the words of whoever reads the list."""
        return {
            Show.OURS: _("こちらの番"),
            Show.THEIRS: _("相手の番"),
            Show.DONE: _("終わったもの"),
        }[self]


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One proposal in a list of either side."""

    proposal: Proposal
    name: str
    kana: str
    is_ours: bool
    is_unread: bool
    waiting_days: int
    """Days in this state; of a settled one since it was."""
    is_long: bool
    """Waiting so long that colleagues see it too."""


def proposals_for(membership: Membership) -> QuerySet[Proposal]:
    """The proposals of one's own office, or to one's own ward; nobody else's."""
    none = Proposal.objects.none()
    if membership.office_id is not None and membership.may(Permission.CONTRACT_WRITE):
        # What stays for the ward alone is no longer the office's to read.
        return Proposal.objects.filter(
            enrolment__office=membership.office_id, enrolment__is_erased=False
        )
    if membership.municipality_id is not None and membership.may(Permission.APPLICATION_READ):
        kept = Decision.objects.all().kept_by(membership.municipality_id)
        return Proposal.objects.filter(decision__in=kept)
    return none


def our_state(membership: Membership) -> Proposal.State:
    """The state in which it is the reader's turn."""
    return Proposal.State.WARD if membership.municipality_id else Proposal.State.OFFICE


def is_for(row: Proposal, membership: Membership) -> bool:
    """Whether the last word was the other side's: this reader's look counts as read."""
    states = Proposal.State
    is_for_ward = row.state in (states.WARD, states.WITHDRAWN)
    return is_for_ward == (membership.municipality_id is not None)


def shown(proposals: QuerySet[Proposal], membership: Membership, show: Show) -> QuerySet[Proposal]:
    """Those of a list: ours and theirs the longest waiting first, settled ones the newest first."""
    ours = our_state(membership)
    if show is Show.DONE:
        return proposals.exclude(state__in=OPEN).order_by("-since", "-pk")
    theirs = next(state for state in OPEN if state != ours)
    return proposals.filter(state=ours if show is Show.OURS else theirs).order_by("since", "pk")


def listed(
    proposals: QuerySet[Proposal], membership: Membership, show: Show, text: str
) -> QuerySet[Proposal]:
    """A list by a name or its kana, ready for `rows`; the page and its sheet ask the same."""
    found = shown(proposals, membership, show).filter(named_q(text, "decision__client"))
    return found.select_related("decision", "enrolment__office")


def counts(proposals: QuerySet[Proposal], membership: Membership) -> dict[Show, int]:
    """How many are open on either side (one query); settled ones are not counted."""
    ours = our_state(membership)
    found = proposals.filter(state__in=OPEN).aggregate(
        ours=Count("pk", filter=Q(state=ours)), theirs=Count("pk", filter=~Q(state=ours))
    )
    return {Show.OURS: found["ours"], Show.THEIRS: found["theirs"]}


def waiting_for(membership: Membership, on: date) -> QuerySet[Proposal]:
    """What a home counts: the reader's turn, and endings by the other side that nobody has read.

    At an office first who proposed and who leads; after `proposal.colleague_days` everybody.
    """
    return _waiting_since(membership, long_since(on))


def _waiting_since(membership: Membership, limit: date) -> QuerySet[Proposal]:
    states = Proposal.State
    is_ward = membership.municipality_id is not None
    ended = (states.WITHDRAWN,) if is_ward else (states.ACCEPTED, states.REFUSED)
    found = proposals_for(membership).filter(
        Q(state=our_state(membership)) | Q(state__in=ended, is_read=False)
    )
    if is_ward or membership.may(Permission.STAFF_ASSIGN):
        return found
    mine = Q(recorded_by__user=membership.user_id)
    return found.filter(mine | Q(since__date__lte=limit))


def long_since(on: date) -> date:
    """What lies since this day or longer is shown to colleagues."""
    days = int(figure(LONG, Month.of(on)).value)
    return date.fromordinal(on.toordinal() - days)


def rows(
    found: Iterable[Proposal], membership: Membership, on: date, limit: date | None = None
) -> list[ProposalRow]:
    """A page of proposals as rows (three queries, two where the `limit` of long_since is known)."""
    listed = list(found)
    names = names_of([row.decision.client_id for row in listed], on)
    limit = limit or long_since(on)
    return [_row(row, names.get(row.decision.client_id), membership, limit, on) for row in listed]


def _row(row: Proposal, name: object, membership: Membership, limit: date, on: date) -> ProposalRow:
    since = date_of(row.since)
    is_ours = row.state == our_state(membership)
    return ProposalRow(
        proposal=row,
        name=getattr(name, "name", ""),
        kana=getattr(name, "kana", ""),
        is_ours=is_ours,
        is_unread=not row.is_read and is_for(row, membership),
        waiting_days=(on - since).days,
        is_long=row.is_open and since <= limit,
    )


def open_proposals(enrolment: Enrolment) -> list[Proposal]:
    """What this office has open about a person (one query)."""
    return list(enrolment.proposals.filter(state__in=OPEN).order_by("since"))


def decisions_to_talk_about(enrolment: Enrolment) -> list[Decision]:
    """The person's decisions of wards that work here, the latest first; none for copied paper."""
    rows = Decision.objects.standing().filter(client=enrolment.client_id, is_transcribed=False)
    rows = rows.select_related("municipality__city", "passed_to__city", "client")
    return list(rows.order_by("-starts_on"))


def decision_meant(
    rows: Sequence[Decision], kind: str, day: date | None, on: date
) -> Decision | None:  # fmt: skip
    """Which of `decisions_to_talk_about` a proposal of a kind is about.

    A renewal follows the last one. A change and an end are about the one that holds their `day`;
    everything else, and without a day, about the one in force on `on`, or else the last one.
    """
    if kind == Proposal.Kind.RENEWAL:
        return next(iter(rows), None)
    days = (day, on) if kind in (Proposal.Kind.CHANGE, Proposal.Kind.END) and day else (on,)
    for wanted in days:
        found = next((row for row in rows if row.starts_on <= wanted <= row.ends_on), None)
        if found is not None:
            return found
    return next(iter(rows), None)


def periods_told(rows: Sequence[Decision], on: date) -> list[str]:
    """The decisions that run or come on `on`, in words, the first first; else the one that ended last."""
    words = {True: _("次の支給決定は%(starts)s〜%(ends)sです。"), False: _("いまの支給決定は%(starts)s〜%(ends)sです。")}  # fmt: skip
    found = [
        words[row.starts_on > on] % {"starts": both(row.starts_on), "ends": both(row.ends_on)}
        for row in reversed(rows)
        if row.ends_on >= on
    ]
    if found or not rows:
        return found
    text = _("支給決定は%(ends)sで終わっています。")
    return [text % {"ends": both(rows[0].ends_on)}]


def initial_of(kind: str, decision: Decision, on: date) -> dict[str, Any]:
    """What the form of a kind holds already: the longest renewal, the present workplace's flag."""
    kinds = Proposal.Kind
    if kind == kinds.RENEWAL:
        starts_on = day_after(decision.ends_on)
        _standing, _leaving, longest = longest_for(decision.client, starts_on, on)
        return {"starts_on": starts_on, "ends_on": longest.ends_on if longest else None}
    if kind == kinds.JOB:
        running = decision.client.employments.filter(ends_on=None)
        # Who works without the employer's knowledge will rather go on so: to be unticked, not found.
        return {"must_not_contact": running.filter(must_not_contact=True).exists()}
    return {}


def facts_of(row: Proposal) -> list[tuple[Promise | str, str]]:
    """What is proposed, as label and words, in the order of the form."""
    kinds = Proposal.Kind
    labels: dict[str, tuple[Promise | str, Promise | str, Promise | str]] = {
        kinds.RENEWAL: (_("最初の日"), _("最後の日"), ""),
        kinds.CHANGE: (_("変更の日"), _("期間の最後の日"), _("支給量")),
        kinds.END: ("", _("支給決定の最後の日"), ""),
        kinds.ADDRESS: (_("住み始めた日"), "", _("新しい住所")),
        kinds.JOB: (_("新しい就職先の最初の日"), _("前の就職先の最後の日"), _("新しい就職先")),
    }
    first, last, value = labels[row.kind]
    place = row.municipality.full_name if row.municipality else ""
    found: list[tuple[Promise | str, str]] = [
        (first, both(row.starts_on) if row.starts_on else ""),
        (last, both(row.ends_on) if row.ends_on else ""),
        (_("転居先の市区町村"), place),
        (value, row.value),
    ]
    if row.kind == kinds.JOB and row.ends_on is not None:
        answers = {True: _("はい"), False: _("いいえ"), None: _("まだ分からない")}
        found.append((_("労働条件をよくするための転職"), str(answers[row.changes_to_improve])))
    return [(label, words) for label, words in found if words]


def outcome_of(row: Proposal) -> list[tuple[Promise | str, str]]:
    """What became of the application that an accepted one opened, as label and words."""
    application = row.application
    if application is None or not application.outcome:
        return []
    decision = getattr(application, "decision", None)
    words = str(application.get_outcome_display())
    if decision is not None:
        period = f"{both(decision.starts_on)}〜{both(decision.ends_on)}"
        words = f"{words}　{period}　{decision.amount}"
        if decision.revoked_on is not None:
            words += str(_("（始まる前に取消）") if decision.is_cancelled else _("（取消）"))
    return [(_("申請の結果"), words)]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an office asked for in the proposal behind an application, with its own words."""

    proposal_id: UUID
    facts: list[tuple[Promise | str, str]]
    text: str


def asked_by_office(application: Application) -> Asked | None:
    """For an application that an accepted 区への提案 opened; None for every other (two queries)."""
    row = proposal_behind(application)
    if row is None:
        return None
    first = row.steps.first()
    return Asked(row.public_id, facts_of(row), first.text if first else "")


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a renewal or a change could go: the window, and the longest decision from its day."""

    standing: Standing
    longest: LongestDecision | None
    """None without a window, or for a first day outside it."""


def limits_of(row: Proposal, on: date) -> Limits | None:
    """For a proposal of a period; None for every other kind."""
    if row.kind not in (Proposal.Kind.RENEWAL, Proposal.Kind.CHANGE) or row.starts_on is None:
        return None
    standing, _leaving, longest = longest_for(row.decision.client, row.starts_on, on)
    return Limits(standing, longest)


def decision_to_end(row: Proposal) -> Decision:
    """The decision that an asked end ends: where it was changed meanwhile, the one that holds the day."""
    return goes_on_at(row.decision, row.ends_on) if row.ends_on else row.decision


def has_job(decision: Decision) -> bool:
    """Whether a job of the person runs: a new one then ends it."""
    return decision.client.employments.filter(ends_on=None).exists()


@dataclass(frozen=True, slots=True)
class ProposalDesk:
    """区への提案 on a home: what waits for the reader, and what lies with the other side."""

    rows: list[ProposalRow]
    theirs: int
    theirs_long: int
    """Of these, how many have lain so long that colleagues see them."""

    @property
    def has_unread(self) -> bool:
        """Whether something waits that the reader has not opened."""
        return any(row.is_unread for row in self.rows)


def proposal_desk(membership: Membership, on: date) -> ProposalDesk:
    """For the home of either side (four queries)."""
    limit = long_since(on)
    places = {"office": membership.office_id, "ward": membership.municipality_id}
    roles = tuple(membership.roles)
    theirs = _theirs.rows(**places, roles=roles, limit=limit)
    listed = _waiting.rows(**places, user=membership.user_id, roles=roles, limit=limit)
    return ProposalDesk(rows(listed, membership, on, limit), *(theirs[0] if theirs else (0, 0)))


@prepared("office", "ward")
def _theirs(
    office: int | None, ward: int | None, roles: tuple[str, ...], limit: date
) -> QuerySet[Any, Any]:
    """One row: what lies with the other side, and of that what has since `limit`."""
    reader = Membership(office_id=office, municipality_id=ward, roles=list(roles))
    found = shown(proposals_for(reader), reader, Show.THEIRS)
    return in_one_row(found, n=Count("pk"), long=Count("pk", filter=Q(since__date__lte=limit)))


@prepared("office", "ward", "user", spare=("user",))
def _waiting(
    office: int | None, ward: int | None, user: int, roles: tuple[str, ...], limit: date
) -> QuerySet[Proposal]:
    reader = Membership(office_id=office, municipality_id=ward, user_id=user, roles=list(roles))
    # Found first, read then: else each decision that a ward keeps is read to look for its proposals.
    found = _waiting_since(reader, limit).order_by().values("pk")
    rows = Proposal.objects.filter(pk__in=found).select_related("decision", "enrolment__office")
    return rows.order_by("since", "pk")[:HOME_ROWS]
