"""事業所の一年: what else a year asks of an office: 実績体制加算, staffing, meetings, ends, how jobs last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from billing.queries.record_basis import RecordBasis, record_basis
from clients.enums import EndReason, ReferralOutcome
from clients.models import Enrolment, Referral
from clients.queries.job_stay import JobStay, job_stays
from clients.queries.staffing import Staffing, in_use_in_q, staffing_of
from clients.rules.retention import years_to_show
from clients.rules.survival import CurveStep, Stretch, share_after, survival
from clients.rules.work_record import PersonStayed, Stay, WorkRecord, year_to_ask
from plans.models import Handover
from plans.queries.caseload import met_in_q
from teikyaku.accounts.models import Office
from teikyaku.accounts.queries.figures import figure
from teikyaku.accounts.queries.office_start import first_month_here
from teikyaku.desk.queries.retention import erased_words
from teikyaku.periods import Month, fiscal_year, fiscal_year_period
from teikyaku.reasons import Reason

SURVIVAL_PEOPLE = "survival.people"
YEARS_OF_ENDS = 5
# Months of which the table of the curve tells the share.
TOLD_MONTHS = (6, 12, 18, 24, 36, 42)


@dataclass(frozen=True, slots=True)
class StayLine:
    """One person of the 実績体制加算."""

    stay: JobStay
    person: PersonStayed
    shown_years: tuple[int, ...] = ()
    """Whose March 31 can be asked about."""

    @property
    def ask_year(self) -> int | None:
        """The year whose March 31 tells; None where nothing is open, or the person wants no call."""
        if self.person.how is not Stay.UNKNOWN or self.stay.has_declined:
            return None
        year = year_to_ask(self.stay.hired_on) if self.stay.hired_on else None
        return year if year in self.shown_years else None

    @property
    def asked_on(self) -> date | None:
        """The March 31 that is to be asked about."""
        return date(self.ask_year, 3, 31) if self.ask_year else None

    @property
    def client_id(self) -> UUID:
        """For links."""
        return self.stay.client.public_id

    @property
    def months(self) -> int | None:
        """Whole months of work, as far as known."""
        return self.stay.months


@dataclass(frozen=True, slots=True)
class ErasedStay:
    """People of the 実績体制加算 whose file is erased and who count alike."""

    people: int
    reason: Reason

    @property
    def words(self) -> str:
        """In the place of the name."""
        return erased_words(self.people)


@dataclass(frozen=True, slots=True)
class Coverage:
    """面談のあった人 of one month."""

    month: Month
    in_use: int
    met: int

    @property
    def percent(self) -> int | None:
        """Rounded down: 100 only where everybody was met."""
        return self.met * 100 // self.in_use if self.in_use else None


@dataclass(frozen=True, slots=True)
class EndsOfYear:
    """終了の理由 of one fiscal year, in the order of the reasons."""

    year: int
    counts: tuple[int, ...]

    @property
    def cells(self) -> list[tuple[str, int]]:
        """Each reason with its count."""
        return [(str(label), n) for label, n in zip(EndReason.labels, self.counts, strict=True)]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Referrals:
    """引き継ぎ of one fiscal year."""

    shared: int
    accepted: int
    declined: int

    @property
    def any(self) -> bool:
        """Whether there is one at all."""
        return bool(self.shared or self.accepted or self.declined)


@dataclass(frozen=True, slots=True)
class Curve:
    """就労の続き方; without steps where there are not enough people."""

    people: int
    enough: int
    steps: tuple[CurveStep, ...]
    told: tuple[tuple[int, int, int], ...]
    """(months, percent that stays, people watched then); rounded down: 100 means everybody."""
    first: int
    """Months of work after which the first of them came into sight: the curve begins there, at 100 %."""
    longest: int

    @property
    def is_shown(self) -> bool:
        """Whether there are enough people for a curve."""
        return self.people >= self.enough


@dataclass(frozen=True, slots=True)
class OfficeYear:
    """Everything of the page."""

    year: int
    basis: RecordBasis
    stays: tuple[StayLine, ...]
    erased: tuple[ErasedStay, ...]
    staffing: Staffing
    coverage: tuple[Coverage, ...]
    ends: tuple[EndsOfYear, ...]
    referrals: Referrals
    led: tuple[tuple[str, int], ...]
    """つなぎ of people who could not use the service: each outcome with its number."""
    curve: Curve

    @property
    def record(self) -> WorkRecord:
        """The count of the 実績体制加算."""
        return self.basis.found

    @property
    def long(self) -> int:
        """Who worked for the months that the 実績体制加算 asks for."""
        return self.basis.long

    @property
    def unknown(self) -> list[StayLine]:
        """Of whom it is to be found out."""
        return [line for line in self.stays if line.person.how is Stay.UNKNOWN]

    @property
    def led_total(self) -> int:
        """All of them."""
        return sum(people for _label, people in self.led)

    @property
    def led_words(self) -> str:
        """The outcomes in one line."""
        return "・".join(f"{label} {people}" for label, people in self.led)

    @property
    def end_reasons(self) -> tuple[str, ...]:
        """The heads of `ends`."""
        return tuple(str(label) for label in EndReason.labels)


def office_year(office: Office, year: int, on: date) -> OfficeYear:
    """The page of one office and fiscal year as of `on` (a constant number of queries)."""
    basis = record_basis(office, year, on)
    shown = years_to_show(office.opened_on, on)
    erased = Counter(person.reason for person in basis.erased)
    return OfficeYear(
        year=year,
        basis=basis,
        stays=tuple(
            StayLine(stay, person, shown)
            for stay, person in zip(basis.stays, basis.people, strict=True)
        ),
        erased=tuple(ErasedStay(people, reason) for reason, people in erased.items()),
        staffing=staffing_of(office, year, on),
        coverage=coverage_of(office, year, on),
        ends=ends_by_year(office, on),
        referrals=referrals_of(office, year, on),
        led=led_of(office, year, on),
        curve=curve_of(job_stays(office, on, on), on),
    )


def coverage_of(office: Office, year: int, on: date) -> tuple[Coverage, ...]:
    """Month by month up to `on`: who was in use, and who of them was met (two queries).

    From the first month on that the office bills here: of the ones before nothing is on file.
    """
    first = Month.of(fiscal_year_period(year).starts_on)
    begins = max(first, first_month_here(office) or first)
    months = list(Month.span(begins, min(first + 11, Month.of(on))))
    if not months:
        return ()
    counts: dict[str, Count] = {}
    for n, month in enumerate(months):
        used = in_use_in_q(month)
        counts[f"used{n}"] = Count("client", filter=used, distinct=True)
        counts[f"met{n}"] = Count("client", filter=used & met_in_q(month), distinct=True)
    found = Enrolment.objects.filter(office=office).aggregate(**counts)
    return tuple(
        Coverage(month, found[f"used{n}"], found[f"met{n}"]) for n, month in enumerate(months)
    )


def ends_by_year(office: Office, on: date) -> tuple[EndsOfYear, ...]:
    """Why uses ended, in the last fiscal years, the newest first (one query)."""
    newest = fiscal_year(on)
    first = fiscal_year_period(newest - YEARS_OF_ENDS + 1).starts_on
    rows = Enrolment.objects.filter(
        office=office, use_starts_on__isnull=False, ends_on__range=(first, on)
    )
    found: Counter[tuple[int, str]] = Counter(
        (fiscal_year(ends_on), reason)
        for ends_on, reason in rows.values_list("ends_on", "end_reason")
        if ends_on is not None
    )
    years = range(newest, newest - YEARS_OF_ENDS, -1)
    every = (
        EndsOfYear(year, tuple(found[year, reason] for reason in EndReason.values))
        for year in years
    )
    return tuple(each for each in every if each.total)


def referrals_of(office: Office, year: int, on: date) -> Referrals:
    """引き継ぎ to centres in a fiscal year, up to `on` (one query)."""
    days = fiscal_year_period(year)
    span = (days.starts_on, min(days.ends_on or on, on))
    return Referrals(
        **Handover.objects.filter(enrolment__office=office).aggregate(
            shared=Count("pk", filter=Q(shared_on__range=span)),
            accepted=Count("pk", filter=Q(accepted_on__range=span)),
            declined=Count("pk", filter=Q(declined_on__range=span)),
        )
    )


def led_of(office: Office, year: int, on: date) -> tuple[tuple[str, int], ...]:
    """つなぎ of a fiscal year by outcome, as known on `on`; outcomes without any left out (one query)."""
    days = fiscal_year_period(year)
    rows = Referral.objects.filter(
        office=office,
        withdrawn_at=None,
        referred_on__range=(days.starts_on, min(days.ends_on or on, on)),
    )
    # What came later had not been told by then.
    found = Counter(
        outcome if told is None or told <= on else ReferralOutcome.WAITING.value
        for outcome, told in rows.values_list("outcome", "outcome_on")
    )
    counted = ((str(each.label), found[each.value]) for each in ReferralOutcome)
    return tuple((label, people) for label, people in counted if people)


def curve_of(stays: Iterable[JobStay], on: date) -> Curve:
    """How long the jobs of the office's people last (one query for the figure)."""
    every = (
        Stretch(stay.months, stay.has_ended, stay.months_before)
        for stay in stays
        if stay.months is not None
    )
    stretches = [each for each in every if each.is_seen]
    enough = int(figure(SURVIVAL_PEOPLE, Month.of(on)).value)
    is_shown = len(stretches) >= enough
    steps = survival(stretches) if is_shown else ()
    told = [
        (
            months,
            int(share_after(steps, months) * 100),
            sum(each.is_watched_at(months) for each in stretches),
        )
        for months in TOLD_MONTHS
    ]
    return Curve(
        people=len(stretches),
        enough=enough,
        steps=steps,
        told=tuple(row for row in told if is_shown and row[2]),
        first=min((each.entered for each in stretches), default=0),
        longest=max((each.months for each in stretches), default=0),
    )
