"""率の根拠: what both counts still need of erased files, taken from the pages' own facts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, F, Max, QuerySet

from clients.models import Client, Enrolment, Erasure, RetentionEvidence
from clients.queries.job_stay import job_stays
from clients.queries.retention import users_of_year
from clients.rules.keeping import Evidence, StayKnown, evidence
from clients.rules.retention import (
    COUNTED_FISCAL_YEARS,
    Counted,
    RetentionFact,
    retention,
    retention_span,
)
from clients.rules.work_record import HIRED_WITHIN_YEARS, Stay, WorkRecordFact, work_record
from teikyaku.accounts.models import Office
from teikyaku.accounts.queries.figures import figure
from teikyaku.periods import Month, Period, fiscal_year, fiscal_year_period, last_day_of_months

EVIDENCE_MONTHS = "keeping.evidence_months"


def evidence_of(client: Client, office: Office, on: date) -> Evidence | None:
    """What both counts need of a person whose file goes on `on`; None where nothing needs it."""
    uses = _uses(client, office)
    if not uses:
        return None
    return evidence(
        uses,
        [Period(row.starts_on, row.ends_on) for row in client.employments.all()],
        counted=dict(_counted(client, office, uses, on)),
        stays=_stays(client, office, uses, on),
        evidence_months=int(figure(EVIDENCE_MONTHS, Month.of(on)).value),
        on=on,
        died_on=client.died_on,
    )


def retention_evidence(office: Office, year: int, on: date) -> list[RetentionFact]:
    """Erased people as the 就労定着率 of `year` counts them (one query); nobody whom it leaves out."""
    span = retention_span(year)
    facts = (_fact(row, year, on) for row in _kept(office, on))
    return [fact for fact in facts if any(used.overlaps(span) for used in fact.used)]


def work_evidence(office: Office, year: int, on: date) -> list[WorkRecordFact]:
    """Erased people as 就労定着実績体制加算 of `year` counts them (one query)."""
    day = date(year, 3, 31)
    found = []
    for row in _kept(office, on):
        ends = [period.ends_on for period in _used(row) if period.ends_on]
        ended_on = max((end for end in ends if end <= day), default=None)
        for known, hired_on, months in row.stays:
            if known == year:
                hired = date.fromisoformat(hired_on)
                until = last_day_of_months(hired, months) if months else hired
                found.append(WorkRecordFact(_key(row), hired, until, ended_on))
    return found


def evidence_over(office: Office, on: date) -> QuerySet[RetentionEvidence]:
    """Evidence that nothing needs any more: it is erased with the next review."""
    return RetentionEvidence.objects.filter(office=office, needed_until__lt=on)


def evidence_kept(office: Office, on: date) -> tuple[int, date | None]:
    """Of how many people evidence is kept, and the last day on which any of it is needed."""
    found = _kept(office, on).aggregate(people=Count("pk"), until=Max("needed_until"))
    return found["people"], found["until"]


def may_lack_people(office: Office, year: int, on: date) -> bool:
    """Whether people who counted for `year` may be gone, with their evidence.

    Only once the fees of the year are over: until then the evidence stays (two queries, or none).
    """
    over, first = fiscal_year_period(year).ends_on, retention_span(year).starts_on
    if over is None or on <= over:
        return False
    erased = Erasure.objects.filter(office=office, ended_on__gte=first).count()
    kept = sum(
        any((used.ends_on or on) >= first for used in _used(row)) for row in _kept(office, on)
    )
    return erased > kept


def _kept(office: Office, on: date) -> QuerySet[RetentionEvidence]:
    return RetentionEvidence.objects.filter(office=office, needed_until__gte=on).order_by("pk")


def _key(row: RetentionEvidence) -> str:
    return f"erased-{row.pk}"


def _used(row: RetentionEvidence) -> tuple[Period, ...]:
    return tuple(
        Period(date.fromisoformat(first), date.fromisoformat(last)) for first, last in row.used
    )


def _fact(row: RetentionEvidence, year: int, on: date) -> RetentionFact:
    is_unknown = year in row.open_years and date(year, 3, 31) <= on
    return RetentionFact(
        person_id=_key(row),
        used=_used(row),
        is_answered=not is_unknown,
        answer=None if is_unknown else year in row.employed_years,
        died_on=row.died_on,
        is_erased=True,
    )


def _uses(client: Client, office: Office) -> list[Period]:
    """When the office was used."""
    rows = Enrolment.objects.filter(
        client=client, office=office, use_starts_on__isnull=False, ends_on__isnull=False
    ).exclude(use_starts_on__gt=F("ends_on"))
    return [
        Period(row.use_starts_on, row.ends_on)
        for row in rows.order_by("use_starts_on")
        if row.use_starts_on is not None
    ]


def _counted(
    client: Client, office: Office, uses: list[Period], on: date
) -> Iterator[tuple[int, Counted]]:
    """How the person counts for each fiscal year, by the page's own facts."""
    last = max(use.ends_on or on for use in uses)
    first = fiscal_year(min(use.starts_on for use in uses)) + 1
    for year in range(first, fiscal_year(last) + COUNTED_FISCAL_YEARS + 1):
        for user in users_of_year(office, year, on, client):
            yield year, retention([user.fact], year).people[0].how


def _stays(client: Client, office: Office, uses: list[Period], on: date) -> Iterator[StayKnown]:
    """How long the person is known to have worked, for each fiscal year that counts it."""
    ends = [use.ends_on or on for use in uses]
    for year in range(fiscal_year(min(ends)) + 1, fiscal_year(max(ends)) + HIRED_WITHIN_YEARS + 1):
        for stay in job_stays(office, on, date(year, 3, 31), client):
            is_out = work_record([stay.fact], year).people[0].how is Stay.LEFT_OUT
            if not is_out and stay.hired_on is not None and stay.months is not None:
                yield StayKnown(year, stay.hired_on, stay.months)
