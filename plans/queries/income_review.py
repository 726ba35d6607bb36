"""収入状況の見直し: caps of a ward that run to June, and whose next one is not there yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Greatest, TruncMonth
from django.utils.translation import gettext as _

from clients.models import ClientName
from clients.queries.category import HouseholdOnFile, categories_of
from clients.queries.subject import names_of
from clients.rules.cap import CapMonths, first_month_of, months_of, reviewed_months
from clients.rules.category import HouseholdFacts
from clients.rules.category_words import CERTIFICATE_WINS
from plans.models import CapPeriod, Decision
from plans.queries.caps import months_of_cap
from plans.queries.ward_lists import found_by, with_numbers
from plans.rules.caps import bare_months, joined_months
from teikyaku.accounts.models import Municipality
from teikyaku.money import yen
from teikyaku.periods import Month, Period

# The closed months of many people by key, from a month to another: handed in from above.
ClosedByClient = Callable[[Iterable[int], Month, Month], Mapping[int, Sequence[tuple[Month, str]]]]


class ReviewState(models.TextChoices):
    """見直しの状態 of one cap, for the list."""

    OPEN = "open", "まだ"
    DONE = "done", "済んだ"
    RUNS_ON = "runs_on", "7月も続いている"
    OUTSIDE = "outside", "6月までに支給決定が終わる"


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One cap that is looked at again: what is on file, what the rule suggests, what came of it."""

    cap: CapPeriod
    name: str
    kana: str
    number: str
    decision_id: UUID | None
    """The latest decision of the ward that the person has."""
    application_id: UUID | None
    """The ward's own application behind it, on which the household is written down."""
    granted: Period | None
    """From the first to the last day of the decisions that reach into the tax year."""
    months: CapMonths | None
    """What the next cap covers: the decision's months of the tax year, up to a cap that begins inside
    them. None where no decision reaches into it."""
    household: HouseholdOnFile
    next_cap: CapPeriod | None
    """The cap of July, or of the first month of the decision."""
    later_cap: CapPeriod | None = None
    """One that begins after that, while July still has none."""
    bare: tuple[CapMonths, ...] = ()
    """Months of the tax year for which no cap is on file though the first one has its own."""
    closed: tuple[str, ...] = ()
    """Closed months for which the next cap would count, in a few words."""

    @property
    def is_open(self) -> bool:
        """Whether a next cap can be entered here."""
        return self.next_cap is None and self.months is not None

    @property
    def is_bare(self) -> bool:
        """Whether months of the tax year have no cap, though one was entered."""
        return bool(self.bare) or (self.is_open and self.later_cap is not None)

    @property
    def household_words(self) -> tuple[str, ...]:
        """The household on file in a few words; empty where nothing is."""
        return household_words(self.household.facts)

    @property
    def why(self) -> tuple[str, ...]:
        """What leads to the category, without what is true of everybody and stands above the list."""
        reasons = self.household.result.reasons
        return tuple(each.text for each in reasons if each.code != CERTIFICATE_WINS)

    @property
    def is_suggested(self) -> bool:
        """Whether the household on file leads to one category; one of an earlier tax year never does."""
        return self.household.result.is_clear


def reviewed_caps(decisions: QuerySet[Decision], year: int) -> QuerySet[CapPeriod]:
    """Caps of people with one of these decisions that end with June of `year`, or run on into July.

    Only what the decision's own municipality has set; by the person's key. `first_on` is the first day
    of the decisions that reach into the tax year, `is_reviewed` whether a cap of its own counts in July,
    or in the first month of a decision that begins later: one that begins after that leaves months bare.
    """
    months = months_of(year)
    july, june = months.first_month.first_day, (months.first_month - 1).first_day
    decisions = decisions.filter(is_cancelled=False)
    own = _of_the_same(decisions)
    reaching = own.filter(starts_on__lte=months.last_month.last_day, ends_on__gte=july)
    found = CapPeriod.objects.filter(
        Q(last_month=None) | Q(last_month__gte=june), Exists(own), first_month__lte=june,
        client__in=decisions.values("client"),
    )  # fmt: skip
    first_on = Subquery(reaching.order_by("starts_on").values("starts_on")[:1])
    from_july = Value(july, output_field=models.DateField())
    reviewed = CapPeriod.objects.filter(
        Q(last_month=None) | Q(last_month__gte=OuterRef("due_month")),
        client=OuterRef("client"), first_month__gte=july, first_month__lte=OuterRef("due_month"),
    )  # fmt: skip
    found = found.annotate(
        first_on=first_on, due_month=TruncMonth(Greatest(first_on, from_july)),
        is_reviewed=Exists(reviewed),
    )  # fmt: skip
    return found.select_related("client", "municipality").order_by("pk")


def review_q(state: ReviewState, year: int) -> Q:
    """The caps of `reviewed_caps` in a state."""
    june = (first_month_of(year) - 1).first_day
    reaches, is_reviewed = Q(first_on__isnull=False), Q(is_reviewed=True)
    ends, runs_on = Q(last_month=june), Q(last_month=None) | Q(last_month__gt=june)
    answers = {
        ReviewState.OPEN: ends & reaches & ~is_reviewed,
        ReviewState.DONE: ends & reaches & is_reviewed,
        ReviewState.RUNS_ON: runs_on & reaches,
        ReviewState.OUTSIDE: ends & ~reaches,
    }
    return answers[state]


def _of_the_same(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    return decisions.filter(client=OuterRef("client"), municipality=OuterRef("municipality"))


def filtered_caps(
    decisions: QuerySet[Decision], year: int, state: ReviewState, text: str, ward: Municipality
) -> QuerySet[CapPeriod]:
    """The caps of a review in a state, by name or certificate number."""
    found = reviewed_caps(decisions, year).filter(review_q(state, year))
    return found.filter(found_by(text, ward))


def review_counts(decisions: QuerySet[Decision], year: int) -> dict[ReviewState, int]:
    """How many caps are in which state (one query)."""
    found = reviewed_caps(decisions, year).aggregate(
        **{state.value: Count("pk", filter=review_q(state, year)) for state in ReviewState}
    )
    return {state: found[state.value] for state in ReviewState}


def review_rows(
    caps: Iterable[CapPeriod], decisions: QuerySet[Decision], year: int, on: date,
    closed: ClosedByClient | None = None,
) -> list[ReviewRow]:  # fmt: skip
    """The rows of a page of `filtered_caps` (a constant number of queries); names as of `on`.

    `closed` tells which months of the tax year are closed already; without it nobody asks.
    """
    rows = list(caps)
    clients = [row.client_id for row in rows]
    months = months_of(year)
    first = months.first_month
    is_begun = first <= Month.of(on)
    facts = _Facts(
        year=year,
        names=names_of(clients, on),
        households=categories_of(clients, first),
        decisions=_by_client(
            with_numbers(decisions.filter(client__in=clients, is_cancelled=False))
            .select_related("application")
            .order_by("starts_on", "pk")
        ),
        next_caps=_by_client(
            CapPeriod.objects.filter(
                client__in=clients, first_month__gte=first.first_day
            ).order_by("first_month")
        ),
        closed=closed(clients, first, months.last_month) if closed and is_begun else {},
    )  # fmt: skip
    return [_row(row, facts) for row in rows]


@dataclass(frozen=True, slots=True)
class _Facts:
    year: int
    names: dict[int, ClientName]
    households: dict[int, HouseholdOnFile]
    decisions: dict[int, list[Decision]]
    next_caps: dict[int, list[CapPeriod]]
    closed: Mapping[int, Sequence[tuple[Month, str]]]


def _by_client(rows: Iterable[models.Model]) -> dict[int, list]:  # type: ignore[type-arg]
    found: dict[int, list] = {}  # type: ignore[type-arg]
    for row in rows:
        found.setdefault(row.client_id, []).append(row)  # type: ignore[attr-defined]
    return found


def _row(cap: CapPeriod, facts: _Facts) -> ReviewRow:
    name = facts.names.get(cap.client_id)
    own = [
        decision
        for decision in facts.decisions.get(cap.client_id, [])
        if decision.municipality_id == cap.municipality_id
    ]
    granted = granted_in(own, facts.year)
    latest = own[-1] if own else None
    papers = list(latest.certificates.all()) if latest else []
    application = latest.application if latest else None
    is_own = application is not None and application.municipality_id == cap.municipality_id
    caps = facts.next_caps.get(cap.client_id, [])
    months = reviewed_months(facts.year, granted) if granted else None
    next_cap = _cap_in(caps, months.first_month) if months else None
    later = caps[0] if caps and months and next_cap is None else None
    if later is not None and months is not None and months.contains(Month.of(later.first_month)):
        months = CapMonths(months.first_month, Month.of(later.first_month) - 1)
    closed = facts.closed.get(cap.client_id, ()) if months else ()
    return ReviewRow(
        cap=cap,
        name=name.name if name else "",
        kana=name.kana if name else "",
        number=papers[-1].recipient_number.number if papers else "",
        decision_id=latest.public_id if latest else None,
        application_id=application.public_id if application and is_own else None,
        granted=granted,
        months=months,
        household=facts.households[cap.client_id],
        next_cap=next_cap,
        later_cap=later,
        bare=_bare(own, caps, facts.year) if next_cap else (),
        closed=tuple(text for month, text in closed if months and months.contains(month)),
    )


def _cap_in(caps: Iterable[CapPeriod], month: Month) -> CapPeriod | None:
    day = month.first_day
    holding = (
        cap
        for cap in caps
        if cap.first_month <= day and (cap.last_month is None or day <= cap.last_month)
    )
    return next(holding, None)


def _bare(
    decisions: Iterable[Decision], caps: Iterable[CapPeriod], year: int
) -> tuple[CapMonths, ...]:
    """The months of the tax year, of each decision that reaches into it, without a cap."""
    known: list[tuple[Month, Month | None]] = [months_of_cap(cap) for cap in caps]
    found: list[CapMonths] = []
    for span in joined_months((row.starts_on, row.ends_on) for row in decisions):
        asked = reviewed_months(year, Period(span.first_month.first_day, span.last_month.last_day))
        found += bare_months(asked, known, asked.last_month) if asked else ()
    return tuple(found)


def granted_in(decisions: Iterable[Decision], year: int) -> Period | None:
    """From the first to the last day of the decisions that reach into the tax year; None without."""
    months = months_of(year)
    reaching = [
        row
        for row in decisions
        if row.starts_on <= months.last_month.last_day
        and row.ends_on >= months.first_month.first_day
    ]
    if not reaching:
        return None
    return Period(min(row.starts_on for row in reaching), max(row.ends_on for row in reaching))


def household_words(facts: HouseholdFacts) -> tuple[str, ...]:
    """世帯の収入状況 in a few words, one for each thing that is known."""
    taxed = {True: _("課税"), False: _("非課税")}
    found = [
        _("生活保護") if facts.receives_public_assistance else "",
        _("本人 %(tax)s") % {"tax": taxed[facts.is_taxed]} if facts.is_taxed is not None else "",
        _("配偶者なし") if facts.has_spouse is False else "",
        _("配偶者 %(tax)s") % {"tax": taxed[facts.is_spouse_taxed]}
        if facts.is_spouse_taxed is not None
        else "",
        _("所得割 %(yen)s") % {"yen": yen(facts.adjusted_levy_yen)}
        if facts.adjusted_levy_yen is not None
        else "",
        _("給与収入 %(yen)s") % {"yen": yen(facts.gross_salary_yen)}
        if facts.gross_salary_yen is not None
        else "",
        _("グループホーム") if facts.lives_in_group_home else "",
        _("施設入所") if facts.is_adult_in_facility else "",
    ]
    return tuple(text for text in found if text)
