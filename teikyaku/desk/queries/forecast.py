"""来年度の見通し: next year's 就労定着率 from today's facts, and what it would be if some left or stayed.

Nothing here is stored: what is asked stands in the address alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from billing.queries.survivors import lacks_of_rate
from billing.queries.tier_basis import FeeSpan, TierBasis, fee_spans, tier_words
from billing.tariffs import Tier
from clients.models import Enrolment
from clients.queries.evidence import retention_evidence
from clients.queries.retention import OfficeUser, users_of_year
from clients.rules.retention import Counted
from teikyaku.accounts.models import Office
from teikyaku.accounts.queries.office_start import first_month_here
from teikyaku.desk.queries.retention import ErasedLine, erased_lines
from teikyaku.periods import fiscal_year

# More ticks than that are no question that somebody asks of one page.
MOST_TICKS = 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way that it may come: the rate, the tier, the money."""

    employed: int
    total: int
    tier: str
    units: int | None
    in_use: int
    """People for whom the sums are: in use today, without those who are supposed to leave."""
    month_yen: int | None
    """The money of one month for them; None without table or unit price."""
    year_yen: int | None
    is_sample: bool


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """One person who will count."""

    user: OfficeUser
    works: bool
    """As the facts of today have it."""
    is_flipped: bool

    @property
    def key(self) -> str:
        """What an address says of the person."""
        return str(self.user.client_id)


@dataclass(frozen=True, slots=True)
class Forecast:
    """The coming fiscal year of one office."""

    year: int
    counted_on: date
    in_use: int
    """People in use today: the sums are for them."""
    lines: tuple[ForecastLine, ...]
    erased: tuple[ErasedLine, ...]
    """Who counts although the file is erased; nothing can be supposed of them."""
    now: Outcome
    then: Outcome | None
    """With what was ticked; None where nothing was."""
    may_leave: int | None
    """How many who work may leave before the tier falls; None where it cannot fall.

    After what was ticked, as `must_stay` too.
    """
    must_stay: int | None
    """How many more must work for the next tier; None where it cannot rise."""
    problems: tuple[str, ...]
    """Months without a fee table, in words."""
    lacks: str = ""
    """Whom the rate lacks where the office moved in, in words."""

    @property
    def working(self) -> list[ForecastLine]:
        """Those who work."""
        return [line for line in self.lines if line.works]

    @property
    def not_working(self) -> list[ForecastLine]:
        """Those who do not."""
        return [line for line in self.lines if not line.works]

    @property
    def year_change_yen(self) -> int | None:
        """What the ticks change in a year."""
        if self.then is None or self.then.year_yen is None or self.now.year_yen is None:
            return None
        return self.then.year_yen - self.now.year_yen


def forecast(office: Office, on: date, flipped: Collection[UUID] = ()) -> Forecast:
    """The year after the running one, as it will be if nothing changes (eleven queries).

    `flipped` are people of whom the opposite is supposed.
    """
    year = fiscal_year(on) + 1
    users = users_of_year(office, year, on)
    spans = fee_spans(office, year)
    in_use = people_in_use(office, on)
    erased = retention_evidence(office, year, on)
    basis = TierBasis(office, year, users, spans, None, erased)
    lines = tuple(_lines(basis, flipped))
    asked = {line.user.client_id for line in lines if line.is_flipped}
    then, last = None, basis
    if asked:
        supposed = [_supposed(line) if line.is_flipped else line.user for line in lines]
        last = TierBasis(office, year, supposed, spans, None, erased)
        gone = {line.user.client.pk for line in lines if line.is_flipped and line.works}
        then = _outcome(last, len(in_use - gone))
    return Forecast(
        year=year,
        counted_on=date(year, 3, 31),
        in_use=len(in_use),
        lines=lines,
        erased=tuple(erased_lines(basis.erased)),
        now=_outcome(basis, len(in_use)),
        then=then,
        may_leave=_may_leave(last),
        must_stay=_must_stay(last),
        problems=tuple(span.problem for span in spans if span.problem),
        lacks=lacks_of_rate(first_month_here(office), year),
    )


def people_in_use(office: Office, on: date) -> set[int]:
    """The keys of the people in use on `on` (one query)."""
    rows = Enrolment.objects.filter(office=office).in_use(on)
    return set(rows.values_list("client", flat=True))


def _lines(basis: TierBasis, flipped: Collection[UUID]) -> list[ForecastLine]:
    """Whoever counts and can still change: the dead stay as they are."""
    found = []
    for user, person in zip(basis.users, basis.people, strict=True):
        if person.how is Counted.LEFT_OUT:
            continue
        is_flipped = user.client_id in flipped and user.fact.died_on is None
        found.append(ForecastLine(user, person.how is Counted.EMPLOYED, is_flipped))
    return found


def _supposed(line: ForecastLine) -> OfficeUser:
    return replace(line.user, fact=replace(line.user.fact, answer=not line.works))


def _outcome(basis: TierBasis, in_use: int) -> Outcome:
    month, year = _yen(basis, in_use)
    return Outcome(
        employed=basis.employed,
        total=basis.found.total,
        tier=tier_words(basis.first_tariff, basis.tier) if basis.tier else "",
        units=basis.tier.units if basis.tier else None,
        in_use=in_use,
        month_yen=month,
        year_yen=year,
        is_sample=any(span.tariff is not None and span.tariff.is_sample for span in basis.spans),
    )


def _yen(basis: TierBasis, in_use: int) -> tuple[int | None, int | None]:
    rate = basis.found.rate
    if rate is None:
        return None, None
    each: list[tuple[FeeSpan, int | None]] = [(span, span.yen_for(rate)) for span in basis.spans]
    month = each[0][1]
    known = [yen * span.months for span, yen in each if yen is not None]
    year = sum(known) * in_use if len(known) == len(each) else None
    return (None if month is None else month * in_use), year


def _tier_at(basis: TierBasis, employed: int) -> Tier | None:
    table = basis.first_tariff
    return table.tier_for(basis.found.share(employed)) if table else None


def _may_leave(basis: TierBasis) -> int | None:
    if basis.tier is None:
        return None
    for left in range(1, basis.employed + 1):
        if _tier_at(basis, basis.employed - left) != basis.tier:
            return left - 1
    return None


def _must_stay(basis: TierBasis) -> int | None:
    if basis.tier is None:
        return None
    for more in range(1, basis.found.total - basis.employed + 1):
        if _tier_at(basis, basis.employed + more) != basis.tier:
            return more
    return None
