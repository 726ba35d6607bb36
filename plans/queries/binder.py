"""運営指導の綴り: the support of some enrolments over a span of months, read once.

A constant number of queries, however many people or months: the page, the mismatches and the PDF
are made from the same values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.db.models import Min, OuterRef, Q

from clients.access import last_seen
from clients.models import ClientName, Consent, Enrolment
from clients.queries.no_contact import no_contact_q
from clients.rules.names import search_key
from plans.models import (
    CapPeriod,
    Contract,
    Decision,
    Interview,
    ReportShare,
    ReportVersion,
    SupportPlan,
)
from plans.queries.month import MonthOfSupport, months_in_span
from plans.queries.report_meetings import told_meetings
from plans.rules.binder_facts import (
    ConsentFacts,
    ContractFacts,
    DecisionFacts,
    MeetingFacts,
    PlanFacts,
    ShareFacts,
    SupportFacts,
    UseFacts,
    VersionFacts,
)
from plans.rules.interview import is_meeting
from plans.rules.kinds import ContactOutcome as Outcome
from plans.rules.kinds import ContactWay
from plans.rules.report import Given, ToldMeeting
from teikyaku import figures
from teikyaku.accounts.models import Office
from teikyaku.accounts.queries.figures import overrides
from teikyaku.clock import date_of
from teikyaku.periods import Month, Period

REVIEW = "support_plan.review_months"


@dataclass(frozen=True, slots=True)
class SupportFile:
    """綴りの中身 of one enrolment; every list in the order of its dates."""

    enrolment: Enrolment
    named: ClientName | None
    """The name of the span's end."""
    seen_on: date
    """The last day that the office knows of the person."""
    contracts: tuple[Contract, ...]
    decisions: tuple[Decision, ...]
    caps: tuple[CapPeriod, ...]
    plans: tuple[SupportPlan, ...]
    """Those that were made or hold in the span, given up ones too."""
    consents: tuple[Consent, ...]
    """Those that held on some day of the span."""
    contacts: tuple[Interview, ...]
    """Of the span, corrected and withdrawn ones too."""
    versions: tuple[ReportVersion, ...]
    shares: tuple[ReportShare, ...]
    """Of the span's reports, taken back ones too."""
    months: tuple[MonthOfSupport, ...]
    facts: SupportFacts

    @property
    def name(self) -> str:
        """The person's name."""
        return self.named.name if self.named else ""

    @property
    def kana(self) -> str:
        """Its reading."""
        return self.named.kana if self.named else ""

    @property
    def is_empty(self) -> bool:
        """Whether the span holds nothing to be bound."""
        return not (self.plans or self.consents or self.contacts or self.versions or self.months)


def support_files(
    enrolments: Sequence[Enrolment], office: Office, first: Month, last: Month, on: date
) -> list[SupportFile]:
    """The files of these enrolments of one office, in the order given, as known on `on`."""
    ids, clients = [row.pk for row in enrolments], {row.client_id for row in enrolments}
    span = Period(first.first_day, last.last_day)
    rows = _Rows(
        names=_by(ClientName.objects.filter(client__in=clients), "client_id"),
        contracts=_by(Contract.objects.filter(enrolment__in=ids).order_by("starts_on"), ENROLMENT),
        decisions=_by(
            Decision.objects.standing()
            .filter(client__in=clients)
            .select_related("municipality__city")
            .order_by("starts_on"),
            "client_id",
        ),
        caps=_by(CapPeriod.objects.filter(client__in=clients).order_by("first_month"), "client_id"),
        plans=_by(_plans(ids), ENROLMENT),
        consents=_by(
            Consent.objects.filter(enrolment__in=ids).order_by("starts_on", "pk"), ENROLMENT
        ),
        contacts=_by(_contacts(ids, span), ENROLMENT),
        versions=_by(_versions(ids, first, last), "owner"),
        shares=_by(_shares(ids, first, last), "owner"),
        withdrawn=_withdrawals(ids),
        months=_months(office, set(ids), first, min(last, Month.of(on)), on),
        review=overrides(REVIEW),
    )
    return [_file(row, rows, span, on) for row in enrolments]


ENROLMENT = "enrolment_id"


@dataclass(frozen=True, slots=True)
class _Rows:
    names: Mapping[int, list[ClientName]]
    contracts: Mapping[int, list[Contract]]
    decisions: Mapping[int, list[Decision]]
    caps: Mapping[int, list[CapPeriod]]
    plans: Mapping[int, list[SupportPlan]]
    consents: Mapping[int, list[Consent]]
    contacts: Mapping[int, list[Interview]]
    versions: Mapping[int, list[Any]]
    shares: Mapping[int, list[Any]]
    withdrawn: Mapping[int, datetime]
    months: Mapping[int, list[MonthOfSupport]]
    review: tuple[figures.Figure, ...]


def _by(rows: Iterable[Any], key: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def _plans(ids: list[int]) -> Iterable[SupportPlan]:
    rows = SupportPlan.objects.filter(enrolment__in=ids).select_related(
        "enrolment__office", "enrolment__client", "manager__user", "representative"
    )
    return rows.prefetch_related("goal_rows").order_by("assessed_on", "pk")


def _contacts(ids: list[int], span: Period) -> Iterable[Interview]:
    rows = Interview.objects.filter(
        enrolment__in=ids, held_on__range=(span.starts_on, span.ends_on)
    )
    related = ("met_by__user", "recorded_by__user", "withdrawn_by__user", "replaced_by", "replaces")
    return rows.select_related(*related).order_by("held_on", "pk")


def _versions(ids: list[int], first: Month, last: Month) -> Iterable[Any]:
    rows = ReportVersion.objects.filter(
        report__enrolment__in=ids, report__month__range=(first.first_day, last.first_day)
    ).select_related("report")
    for row in rows.order_by("report__month", "number"):
        cast(Any, row).owner = row.report.enrolment_id
        yield row


def _shares(ids: list[int], first: Month, last: Month) -> Iterable[Any]:
    client = OuterRef("report__enrolment__client")
    rows = ReportShare.objects.filter(
        report__enrolment__in=ids, report__month__range=(first.first_day, last.first_day)
    ).select_related("report", "version", "consent")
    closed = Q(recipient="employer") & no_contact_q(OuterRef("shared_on"), client)
    closed_ids = set(rows.filter(closed).values_list("pk", flat=True))
    for row in rows.order_by("report__month", "shared_on", "pk"):
        found = cast(Any, row)
        found.owner, found.is_closed_job = row.report.enrolment_id, row.pk in closed_ids
        yield row


def _withdrawals(ids: list[int]) -> dict[int, datetime]:
    """By consent: when its withdrawal was first recorded."""
    # A withdrawal is never written over: the first line of the history with it is its record.
    rows = Consent.history.filter(enrolment__in=ids, withdrawn_on__isnull=False)
    return dict(rows.order_by().values_list("id").annotate(at=Min("history_date")))


def _months(
    office: Office, only: set[int], first: Month, last: Month, on: date
) -> dict[int, list[MonthOfSupport]]:
    if last < first:
        return defaultdict(list)
    return _by(months_in_span([office], first, last, on, only=only), ENROLMENT)


def _file(row: Enrolment, rows: _Rows, span: Period, on: date) -> SupportFile:
    seen = last_seen(row, on)
    name = _name(rows.names.get(row.client_id, []), min(seen, span.ends_on or seen))
    decisions = [each for each in rows.decisions.get(row.client_id, []) if each.starts_on <= seen]
    caps = [each for each in rows.caps.get(row.client_id, []) if each.first_month <= seen]
    plans = rows.plans.get(row.pk, [])
    months = rows.months.get(row.pk, [])
    found = SupportFile(
        enrolment=row,
        named=name,
        seen_on=seen,
        contracts=tuple(rows.contracts.get(row.pk, [])),
        decisions=tuple(each for each in decisions if _period(each).overlaps(span)),
        caps=tuple(each for each in caps if _cap_period(each).overlaps(span)),
        plans=tuple(each for each in plans if _is_of(each, span)),
        consents=tuple(each for each in rows.consents.get(row.pk, []) if _holds_in(each, span)),
        contacts=tuple(rows.contacts.get(row.pk, [])),
        versions=tuple(rows.versions.get(row.pk, [])),
        shares=tuple(rows.shares.get(row.pk, [])),
        months=tuple(months),
        facts=_facts(row, rows, decisions, span, seen, on),
    )
    return found


def _facts(
    row: Enrolment, rows: _Rows, decisions: Sequence[Decision], span: Period, seen: date, on: date
) -> SupportFacts:
    standing = [
        each
        for each in rows.contacts.get(row.pk, [])
        if each.withdrawn_at is None and not hasattr(each, "replaced_by")
    ]
    reached = [each for each in standing if each.outcome == Outcome.MET]
    versions = rows.versions.get(row.pk, [])
    newest = {each.report_id: each.number for each in versions}
    return SupportFacts(
        on=seen,
        bound_on=on,
        span=span,
        use=UseFacts(row.starts_on, row.use_starts_on, row.ends_on),
        contracts=tuple(
            ContractFacts(str(each.public_id), _period(each), each.contracted_amount)
            for each in rows.contracts.get(row.pk, [])
        ),
        decisions=tuple(DecisionFacts(_period(each), each.amount) for each in decisions),
        plans=tuple(
            _plan_facts(each, rows.review)
            for each in rows.plans.get(row.pk, [])
            if each.stopped_on is None
        ),
        months_without_plan=tuple(
            each.month
            for each in rows.months.get(row.pk, [])
            # In a running month a plan can still become valid (docs/rules.md §7 asks of the month).
            if each.months_without_plan and each.facts.is_over
        ),
        meetings=tuple(
            MeetingFacts(str(each.public_id), each.held_on, str(each.get_way_display()))
            for each in standing
            if is_meeting(ContactWay(each.way), Outcome(each.outcome))
        ),
        met=frozenset(ToldMeeting(each.held_on, str(each.get_way_display())) for each in reached),
        versions=tuple(
            _version_facts(each, is_newest=newest[each.report_id] == each.number)
            for each in versions
        ),
        shares=tuple(
            _share_facts(each) for each in rows.shares.get(row.pk, []) if each.taken_back_at is None
        ),
        consents=tuple(
            _consent_facts(each, rows.withdrawn.get(each.pk))
            for each in rows.consents.get(row.pk, [])
            if each.scope == Consent.ConsentScope.REPORT
        ),
        died_on=row.client.died_on,
    )


def _plan_facts(row: SupportPlan, known: tuple[figures.Figure, ...]) -> PlanFacts:
    month = Month.of(row.starts_on or row.assessed_on)
    return PlanFacts(
        key=str(row.public_id),
        dates=row.dates,
        starts_on=row.starts_on,
        review_by=row.review_by,
        review_months=int(figures.pick(REVIEW, month, known).value),
    )


def _version_facts(row: ReportVersion, *, is_newest: bool) -> VersionFacts:
    return VersionFacts(
        month=Month.of(row.report.month),
        number=row.number,
        issued_on=date_of(row.recorded_at),
        tells_of=told_meetings(row),
        is_newest=is_newest,
    )


def _share_facts(row: Any) -> ShareFacts:
    return ShareFacts(
        key=str(row.public_id),
        month=Month.of(row.report.month),
        recipient=row.recipient,
        name_key=search_key(row.recipient_name),
        whom=row.whom,
        shared_on=row.shared_on,
        received_on=row.received_on,
        items=tuple(row.items),
        tells_of=told_meetings(row.version) if "done" in row.items else (),
        is_closed_job=row.is_closed_job,
        shared_at=_if_on(row.shared_on, row.recorded_at),
    )


def _consent_facts(row: Consent, withdrawn_at: datetime | None) -> ConsentFacts:
    given = Given(
        row.pk, row.recipient, search_key(row.recipient_name), cast(Any, row.allowed_items)
    )
    at = _if_on(row.withdrawn_on, withdrawn_at)
    return ConsentFacts(given, row.starts_on, row.ends_on, row.withdrawn_on, at)


def _if_on(day: date | None, at: datetime | None) -> datetime | None:
    """The instant, if it lies on that day: recorded later, it does not tell when it happened."""
    return at if at is not None and date_of(at) == day else None


def _name(names: Sequence[ClientName], on: date) -> ClientName | None:
    held = [row for row in names if Period(row.starts_on, row.ends_on).contains(on)]
    return next(iter(held or names), None)


def _period(row: Any) -> Period:
    return Period(row.starts_on, row.ends_on)


def _cap_period(row: CapPeriod) -> Period:
    last = Month.of(row.last_month).last_day if row.last_month else None
    return Period(row.first_month, last)


def _holds_in(row: Consent, span: Period) -> bool:
    ends = [day for day in (row.ends_on, row.withdrawn_on) if day is not None]
    return Period(row.starts_on, min(ends, default=None)).overlaps(span)


def _is_of(row: SupportPlan, span: Period) -> bool:
    """Whether the plan holds in the span, or was made or given up in it."""
    if row.starts_on and row.review_by and row.starts_on <= row.review_by:
        is_held = row.stopped_on is None and Period(row.starts_on, row.review_by).overlaps(span)
        if is_held:
            return True
    days = (
        row.assessed_on, row.drafted_on, row.meeting_on, row.explained_on, row.consented_on,
        row.handed_over_on, row.consultation_on, row.stopped_on,
    )  # fmt: skip
    return any(day is not None and span.contains(day) for day in days)
