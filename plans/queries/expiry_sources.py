"""Where an office's ends stand: one source for each kind, without what a fact or a person has settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from clients.models import Consent, Enrolment
from clients.models.enrolment import EnrolmentQuerySet
from plans.models import (
    CapPeriod,
    Contract,
    Decision,
    ExpirySettlement,
    Handover,
    SupportPlan,
)
from plans.queries.caseload import alive_q, in_charge_q
from plans.queries.expiry_list import READ_AT_ONCE, Found, Source, Span, itself
from plans.queries.handover import ends_with_duty, sudden_q, unfinished_q
from plans.rules.expiry import EndKind, WardEndKind
from plans.rules.handover import PREPARATION_MONTHS, SHARING_MONTHS, handover_days
from plans.rules.handover_duty import DUTY_FROM
from teikyaku.accounts.models import Office, StaffQualification
from teikyaku.accounts.queries.office_start import is_billed_here, span_here
from teikyaku.accounts.queries.qualification import renewable_qualifications
from teikyaku.periods import Month, day_after, day_before, months_later
from teikyaku.prepared import prepared

# So many rows are read of a kind: for a page, for all of a year, for ever later pages.
_LENGTHS = [READ_AT_ONCE * 4**n // 4 for n in range(12)]
Kind = EndKind | WardEndKind


def office_sources(
    office: Office, on: date, span: Span, *, user_id: int | None = None
) -> Mapping[str, OfficeSource]:
    """Every kind of an office's board inside `span`: of everybody, or of one member of staff.

    What lay before the first month billed here is nobody's; a qualification that is over still is.
    """
    here = span_here(office, span)
    spans = {EndKind.QUALIFICATION: span}
    return {
        kind: OfficeSource(office.pk, kind, on, spans.get(kind, here), user_id) for kind in _BUILT
    }


@dataclass(frozen=True, slots=True)
class _People:
    """Whose ends are asked for."""

    office: int
    on: date
    user_id: int | None

    @property
    def every(self) -> QuerySet[Enrolment]:
        """Everybody the office has or had, or who is in charge of one member of staff."""
        people = Enrolment.objects.filter(office=self.office)
        if self.user_id is None:
            return people
        return people.filter(in_charge_q(self.on, user=self.user_id))

    @property
    def running(self) -> QuerySet[Enrolment]:
        """Of these who uses the service; after a death nothing waits for anybody, from that day on."""
        return self.every.filter(EnrolmentQuerySet.in_use_q(self.on), alive_q(self.on))


_BUILT: Mapping[EndKind, Callable[[_People, Span], Source]] = {
    EndKind.WINDOW: lambda who, span: windows(who.running, span),
    EndKind.DECISION: lambda who, span: decisions(who.running, span),
    EndKind.CAP: lambda who, span: caps(who.running, span),
    EndKind.SUPPORT_PLAN: lambda who, span: support_plans(who.running, span),
    EndKind.CONTRACT: lambda who, span: contracts(who.running, span),
    EndKind.CONSENT: lambda who, span: consents(who.running, span),
    EndKind.HANDOVER_PREPARE: lambda who, span: preparations(who.running, span, who.on),
    EndKind.HANDOVER: lambda who, span: shares(who.running, span),
    EndKind.HANDOVER_OPEN: lambda who, span: unfinished(who.every, who.running, span),
    EndKind.HANDOVER_LOOK: lambda who, span: looks(who.every, span),
    EndKind.HANDOVER_UNJUDGED: lambda who, span: unjudged(who.every, who.on, span),
    EndKind.QUALIFICATION: lambda who, span: qualifications(who.office, who.on, span, who.user_id),
}


@dataclass(frozen=True, slots=True)
class OfficeSource:
    """One kind of an office's board: the rows are asked for in SQL that is kept for the day."""

    office: int
    kind: EndKind
    on: date
    span: Span
    user_id: int | None

    @property
    def source(self) -> Source:
        """Its rows as they are said."""
        return _BUILT[self.kind](_People(self.office, self.on, self.user_id), self.span)

    @property
    def rows(self) -> QuerySet[Any]:
        """The same, where nothing else is asked."""
        return self.source.rows

    def found(self, kind: str, stop: int | None) -> list[Found]:
        """The first rows by day (one query)."""
        rows = _first.rows(
            office=self.office, user=self.user_id, kind=self.kind, on=self.on, span=self.span,
            stop=_rounded(stop),
        )  # fmt: skip
        day_of = _DAY_OF.get(self.kind, itself)
        return [(day_of(day), kind, who, subject) for day, who, subject in rows[:stop]]

    def one(self, kind: str, subject: UUID) -> tuple[Found, date] | None:
        """One end with the day that stands on its row; None where there is none (one query)."""
        return self.source.one(kind, subject)

    def tally(self) -> Iterator[tuple[date, int]]:
        """(day, how many) of each day (one query)."""
        return self.source.tally()


def _rounded(stop: int | None) -> int | None:
    """A few lengths for all pages: each has SQL of its own."""
    return None if stop is None else next(n for n in _LENGTHS if n >= stop)


@prepared("office", "user")
def _first(
    office: int, user: int | None, kind: EndKind, on: date, span: Span, stop: int | None
) -> QuerySet[Any]:
    return _BUILT[kind](_People(office, on, user), span).first_rows(stop)


def settled_by_hand(kind: Kind, day: str, *, is_ward: bool = False) -> Exists:
    """Whether somebody laid the row around aside, for the day that stands on it."""
    rows = ExpirySettlement.objects.standing().filter(
        kind=kind.value,
        subject_id=OuterRef("public_id"),
        on_file=OuterRef(day),
        office__isnull=is_ward,
    )
    return Exists(rows)


def windows(running: QuerySet[Enrolment], span: Span) -> Source:
    """The last usable day; settled by the end of the use."""
    rows = running.filter(window_ends_on__range=span)
    return Source(rows, "window_ends_on", "client")


def preparations(running: QuerySet[Enrolment], span: Span, on: date) -> Source:
    """準備を始める日, six months before the end (docs/rules.md §9): settled by the judgement of need.

    Once the latest day for sharing has passed, that row stands for it.
    """
    known = Handover.objects.filter(enrolment=OuterRef("pk"))
    rows = running.filter(~sudden_q(), ~Exists(known))
    rows = rows.filter(window_ends_on__gte=_ends_with(span=(on, on), day_of=share_by)[0])
    rows = rows.filter(window_ends_on__range=_ends_with(span=span, day_of=prepare_from))
    return Source(rows, "window_ends_on", "client", day_of=prepare_from)


def shares(running: QuerySet[Enrolment], span: Span) -> Source:
    """The latest day for sharing before the hand-over; a sudden end has none (docs/rules.md §9)."""
    rows = unshared(running).filter(window_ends_on__range=ends_shared_in(span))
    return Source(rows, "window_ends_on", "client", day_of=share_by)


def unshared(running: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Whose information is still to be shared by a day."""
    known = Handover.objects.filter(enrolment=OuterRef("pk"))
    # Shared with a centre that then declined: that was in time, whoever is asked next. Who does not
    # want it to be shared is not asked again and again.
    waiting = known.filter(is_needed=True, shared_on=None, not_consented_on=None).exclude(
        refusals__shared_on__isnull=False
    )
    rows = running.filter(~sudden_q()).filter(~Exists(known) | Exists(waiting))
    rows = rows.filter(is_billed_here("window_ends_on"))
    return rows.exclude(settled_by_hand(EndKind.HANDOVER, "window_ends_on"))


def unfinished(people: QuerySet[Enrolment], running: QuerySet[Enrolment], span: Span) -> Source:
    """Hand-overs that have not reached the new place, by the last day of the use, and after it too.

    While the sharing waits for its own day, that row stands for it. Settled by the first contact
    there, or by hand.
    """
    rows = Handover.objects.filter(unfinished_q(), enrolment__in=people.values("pk"))
    rows = rows.annotate(last_on=Coalesce("enrolment__ends_on", "enrolment__window_ends_on"))
    rows = rows.filter(last_on__range=span).exclude(enrolment__in=unshared(running).values("pk"))
    rows = rows.exclude(settled_by_hand(EndKind.HANDOVER_OPEN, "last_on"))
    return Source(rows, "last_on", "enrolment__client")


def looks(people: QuerySet[Enrolment], span: Span) -> Source:
    """How it goes at the new place, after the end of the use too: until somebody has looked."""
    rows = Handover.objects.filter(
        enrolment__in=people.values("pk"),
        look_due_on__range=span,
        looked_on=None,
        enrolment__client__died_on=None,
    ).exclude(settled_by_hand(EndKind.HANDOVER_LOOK, "look_due_on"))
    return Source(rows, "look_due_on", "enrolment__client")


def unjudged(people: QuerySet[Enrolment], on: date, span: Span) -> Source:
    """Uses that ended with their three years before anybody judged whether support is still needed.

    Settled by the judgement, or by hand: nobody falls out of sight with the end itself. Before the
    duty began (R6, docs/rules.md §9), and before the first month billed here, none is asked for.
    """
    rows = people.filter(
        end_reason__in=ends_with_duty(), ends_on__range=span, handover=None, client__died_on=None
    ).filter(~sudden_q(), is_billed_here("ends_on"), ends_on__gte=DUTY_FROM, ends_on__lt=on)
    rows = rows.exclude(settled_by_hand(EndKind.HANDOVER_UNJUDGED, "ends_on"))
    return Source(rows, "ends_on", "client")


def prepare_from(window_ends_on: date) -> date:
    """The day on which preparation begins, of a last usable day."""
    return handover_days(window_ends_on).preparation_starts_on


def share_by(window_ends_on: date) -> date:
    """The latest day for sharing, of a last usable day."""
    return handover_days(window_ends_on).share_by


def ends_shared_in(span: Span) -> Span:
    """The window ends whose latest day for sharing lies in `span`."""
    return _ends_with(span=span, day_of=share_by)


def _ends_with(*, span: Span, day_of: Callable[[date], date]) -> Span:
    """The window ends whose `day_of` lies in `span`: it never falls as ends rise."""
    # So many months before an end lies at most so many days from the same day of the month.
    slack, months = timedelta(days=4), _MONTHS_BEFORE[day_of]
    first = months_later(span[0], months) - slack
    while day_of(first) < span[0]:
        first = day_after(first)
    last = months_later(span[1], months) + slack
    while day_of(last) > span[1]:
        last = day_before(last)
    return first, last


_MONTHS_BEFORE: Mapping[Callable[[date], date], int] = {
    prepare_from: PREPARATION_MONTHS,
    share_by: SHARING_MONTHS,
}


def decisions(running: QuerySet[Enrolment], span: Span) -> Source:
    """The last decision of each, run out or taken away; settled by the next one, or by the end of the use."""
    later = Decision.objects.standing().filter(
        client=OuterRef("client"), starts_on__gt=OuterRef("ends_on")
    )
    last = Decision.objects.standing().filter(
        client__in=running.values("client"), ends_on__range=span
    )
    return Source(last.exclude(Exists(later)), "ends_on", "client")


def revoked(running: QuerySet[Enrolment], since: date) -> QuerySet[Decision]:
    """Of these the decisions that a ward took away, by their last day, while nothing has followed."""
    rows: QuerySet[Decision] = decisions(running, (since, date.max)).rows
    return rows.filter(revoked_on__isnull=False).order_by("ends_on", "pk")


def caps(running: QuerySet[Enrolment], span: Span) -> Source:
    """The last cap of each, by the last day of its last month; settled by the next one."""
    return Source(
        last_caps(running.values("client"), span), "last_month", "client", day_of=month_end
    )


def last_caps(clients: QuerySet[Any, Any], span: Span) -> QuerySet[CapPeriod]:
    """Caps of these people whose last month ends inside `span`, with no later one."""
    later = CapPeriod.objects.filter(
        client=OuterRef("client"), first_month__gt=OuterRef("last_month")
    )
    # Of the month that `span` ends in, only where it ends whole; of the first one, whole as well.
    whole = Month.of(day_after(span[1])) - 1
    last = CapPeriod.objects.filter(
        client__in=clients, last_month__range=(Month.of(span[0]).first_day, whole.first_day)
    )
    return last.exclude(Exists(later))


def month_end(first_day: date) -> date:
    """The last day of a month that is stored by its first one."""
    return Month.of(first_day).last_day


def support_plans(running: QuerySet[Enrolment], span: Span) -> Source:
    """When the plan in force is reviewed at the latest; settled by the next complete one."""
    later = SupportPlan.objects.complete().filter(
        enrolment=OuterRef("enrolment"), starts_on__gt=OuterRef("starts_on")
    )
    last = SupportPlan.objects.complete().filter(
        enrolment__in=running.values("pk"), review_by__range=span
    )
    return Source(last.exclude(Exists(later)), "review_by", "enrolment__client")


def contracts(running: QuerySet[Enrolment], span: Span) -> Source:
    """A contract with an end, of a use that goes on: settled by the next one, or by the end of the use."""
    later = Contract.objects.filter(
        enrolment=OuterRef("enrolment"), starts_on__gt=OuterRef("starts_on")
    )
    last = Contract.objects.filter(enrolment__in=running.values("pk"), ends_on__range=span)
    # With the use its contract ends: there is nothing to make anew.
    goes_on = Q(enrolment__ends_on=None) | Q(enrolment__ends_on__gt=F("ends_on"))
    return Source(last.filter(goes_on).exclude(Exists(later)), "ends_on", "enrolment__client")


def consents(running: QuerySet[Enrolment], span: Span) -> Source:
    """A consent with an end; settled by a later one for the same, by its withdrawal, or by hand."""
    goes_further = Q(ends_on=None) | Q(ends_on__gt=OuterRef("ends_on"))
    same = {name: OuterRef(name) for name in ("enrolment", "recipient", "recipient_name", "scope")}
    later = Consent.objects.filter(goes_further, starts_on__gte=OuterRef("starts_on"), **same)
    last = Consent.objects.filter(
        enrolment__in=running.values("pk"), ends_on__range=span, withdrawn_on=None
    )
    rows = last.exclude(Exists(later)).exclude(settled_by_hand(EndKind.CONSENT, "ends_on"))
    return Source(rows, "ends_on", "enrolment__client")


def qualifications(office: int, on: date, span: Span, user_id: int | None) -> Source:
    """Of the office's staff; settled by a later row of the same kind, by the end of the work, or by hand."""
    rows: QuerySet[StaffQualification] = renewable_qualifications(office, on)
    rows = rows.filter(valid_until__range=span)
    if user_id is not None:
        rows = rows.filter(membership__user=user_id)
    rows = rows.exclude(settled_by_hand(EndKind.QUALIFICATION, "valid_until"))
    return Source(rows, "valid_until", "membership__user")


# Which day counts, where it is not the stored one: as each source says.
_DAY_OF: Mapping[EndKind, Callable[[date], date]] = {
    EndKind.CAP: month_end,
    EndKind.HANDOVER_PREPARE: prepare_from,
    EndKind.HANDOVER: share_by,
}
