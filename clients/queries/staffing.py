"""職員の配置: what the previous year's users ask for, beside who is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from clients.models import Enrolment, OfficeStaffing
from clients.rules.staffing import Needed, StaffingFigures, average_users, needed, up_to_tenth
from teikyaku.accounts.models import Office
from teikyaku.accounts.queries.figures import overrides, picked
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.roles import Role
from teikyaku.figures import Figure
from teikyaku.periods import Month, fiscal_year_period
from teikyaku.prepared import in_one_row, prepared

WORKER, FIRST, FURTHER = (
    "staff.clients_per_worker", "staff.clients_of_first_manager", "staff.clients_per_further_manager",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Staffing:
    """One office in one fiscal year."""

    year: int
    months: tuple[tuple[Month, int], ...]
    """The months of the year before in which the office was open, with the people in use in each."""
    needed: Needed | None
    """None for an office that was not open in the year before."""
    figures: tuple[Figure, ...]
    workers: int
    """People who hold the role 就労定着支援員 on the day asked for."""
    managers: int
    posts: OfficeStaffing | None
    """What the office said of its full posts."""

    @property
    def average(self) -> Decimal | None:
        """The average to one place, never less than it is."""
        return up_to_tenth(self.needed.average) if self.needed else None

    @property
    def posts_needed(self) -> Decimal | None:
        """就労定着支援員 needed in full posts, to one place, never less than it is."""
        return up_to_tenth(self.needed.workers) if self.needed else None

    @property
    def lacks_posts(self) -> bool:
        """Whether the full posts on file are fewer than needed, by the exact numbers."""
        if self.needed is None or self.posts is None:
            return False
        return Fraction(self.posts.worker_posts) < self.needed.workers

    @property
    def lacks_managers(self) -> bool:
        """Whether fewer people hold the role サービス管理責任者 than needed."""
        return self.needed is not None and self.managers < self.needed.managers


def staffing_of(office: Office, year: int, on: date) -> Staffing:
    """Needed and there, for the fiscal year `year` as of `on` (four queries)."""
    asked = _needs(office, [year])[year]
    staff = staff_of(office, on)
    said = OfficeStaffing.objects.filter(office=office, starts_on__lte=on)
    return Staffing(
        year=year,
        months=asked.months,
        needed=asked.needed,
        figures=asked.figures,
        workers=sum(member.has_role(Role.SUPPORT_WORKER) for member in staff),
        managers=sum(member.has_role(Role.SERVICE_MANAGER) for member in staff),
        posts=said.order_by("starts_on").last(),
    )


def needed_in(office: Office, years: Iterable[int]) -> dict[int, Needed | None]:
    """`Staffing.needed` of each fiscal year (two queries, however many)."""
    return {year: asked.needed for year, asked in _needs(office, sorted(years)).items()}


def needed_at(
    offices: Sequence[Office], years: Iterable[int]
) -> dict[int, dict[int, Needed | None]]:
    """By office what `needed_in` says of it (two queries, however many offices)."""
    asked_years = sorted(years)
    spans = [fiscal_year_period(year - 1).starts_on for year in asked_years]
    months = [month for day in spans for month in Month.span(Month.of(day), Month.of(day) + 11)]
    people: dict[int, dict[Month, int]] = {}
    rows = Enrolment.objects.filter(office__in=[office.pk for office in offices]).values("office")
    for row in rows.annotate(**_counts(months)) if months else ():
        people[row["office"]] = {month: row[f"m{n}"] for n, month in enumerate(months)}
    corrected, nobody = overrides(), dict.fromkeys(months, 0)
    found = {}
    for office in offices:
        there = people.get(office.pk, nobody)
        monthly = {
            year - 1: [(month, there[month]) for month in _open_months(office, year - 1)]
            for year in asked_years
        }
        asked = _needs_of(monthly, asked_years, corrected)
        found[office.pk] = {year: each.needed for year, each in asked.items()}
    return found


class _Needs(NamedTuple):
    """What a fiscal year asks of an office."""

    months: tuple[tuple[Month, int], ...]
    needed: Needed | None
    figures: tuple[Figure, ...]


def _needs(office: Office, years: Sequence[int]) -> dict[int, _Needs]:
    return _needs_of(_monthly(office, [year - 1 for year in years]), years, overrides())


def _needs_of(
    monthly: dict[int, list[tuple[Month, int]]], years: Sequence[int], corrected: Any
) -> dict[int, _Needs]:
    found = {}
    for year in years:
        known = [picked(key, Month(year, 4), corrected) for key in (WORKER, FIRST, FURTHER)]
        months = monthly[year - 1]
        average = average_users([people for _month, people in months])
        figures = StaffingFigures(*(int(figure.value) for figure in known))
        need = None if average is None else needed(average, figures)
        found[year] = _Needs(tuple(months), need, tuple(known))
    return found


def in_use_in_q(month: Month) -> Q:
    """Enrolments in use on some day of a month."""
    return Q(use_starts_on__lte=month.last_day) & (
        Q(ends_on__isnull=True) | Q(ends_on__gte=month.first_day)
    )


def _monthly(office: Office, years: Sequence[int]) -> dict[int, list[tuple[Month, int]]]:
    """By fiscal year: its months in which the office was open, with the people in use in each."""
    open_in = {year: _open_months(office, year) for year in years}
    asked = tuple(month for months in open_in.values() for month in months)
    counts = _in_use.row(office=office.pk, months=asked) if asked else ()
    people = dict(zip(asked, counts, strict=True))
    return {year: [(month, people[month]) for month in months] for year, months in open_in.items()}


def _open_months(office: Office, year: int) -> list[Month]:
    first = Month.of(fiscal_year_period(year).starts_on)
    return [
        month
        for month in Month.span(first, first + 11)
        if office.opened_on <= month.last_day
        and (office.closed_on is None or month.first_day <= office.closed_on)
    ]


@prepared("office")
def _in_use(office: int, months: tuple[Month, ...]) -> QuerySet[Any, Any]:
    """One row: how many people were in use in each month."""
    return in_one_row(Enrolment.objects.filter(office=office), **_counts(months))


def _counts(months: Sequence[Month]) -> dict[str, Count]:
    return {
        f"m{n}": Count("client", filter=in_use_in_q(month), distinct=True)
        for n, month in enumerate(months)
    }
