"""収入状況の見直し: caps of a ward that run to June, and whose next one is not there yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from clients.models import ClientName
from clients.queries.category import HouseholdOnFile, categories_of
from clients.queries.subject import names_of
from clients.rules.cap import CapMonths, first_month_of, months_of, reviewed_months
from clients.rules.category import HouseholdFacts
from plans.models import CapPeriod, Decision
from plans.queries.ward_lists import found_by, with_numbers
from teikyaku.money import yen
from teikyaku.periods import Period


class ReviewState(models.TextChoices):
    """見直しの状態 of one cap, for the list."""

    OPEN = "open", "まだ"
    DONE = "done", "済んだ"
    NO_END = "no_end", "終わりの月がない"
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
    """What the next cap covers; None where no decision reaches into the tax year."""
    household: HouseholdOnFile
    next_cap: CapPeriod | None

    @property
    def is_open(self) -> bool:
        """Whether a next cap can be entered here."""
        return self.next_cap is None and self.months is not None

    @property
    def household_words(self) -> tuple[str, ...]:
        """The household on file in a few words; empty where nothing is."""
        return household_words(self.household.facts)

    @property
    def is_suggested(self) -> bool:
        """Whether the household on file is of this tax year and leads to one category."""
        return self.household.is_of_tax_year and self.household.result.is_clear


def reviewed_caps(decisions: QuerySet[Decision], year: int) -> QuerySet[CapPeriod]:
    """Caps of people with one of these decisions that end with June of `year`, or have no end.

    Only what the decision's own municipality has set; by the person's key.
    """
    june = first_month_of(year) - 1
    own = decisions.filter(client=OuterRef("client"), municipality=OuterRef("municipality"))
    found = CapPeriod.objects.filter(
        Q(last_month=june.first_day) | Q(last_month=None, first_month__lte=june.first_day),
        client__in=decisions.values("client"),
    )
    return found.filter(Exists(own)).select_related("client", "municipality").order_by("pk")


def review_q(state: ReviewState, decisions: QuerySet[Decision], year: int) -> Q:
    """The caps of `reviewed_caps` in a state."""
    months = months_of(year)
    reaching = Exists(
        decisions.filter(
            client=OuterRef("client"), municipality=OuterRef("municipality"),
            starts_on__lte=months.last_month.last_day, ends_on__gte=months.first_month.first_day,
        )
    )  # fmt: skip
    later = Exists(
        CapPeriod.objects.filter(
            client=OuterRef("client"), first_month__gte=months.first_month.first_day
        )
    )
    ends = Q(last_month__isnull=False)
    answers = {
        ReviewState.OPEN: ends & ~Q(later) & Q(reaching),
        ReviewState.DONE: ends & Q(later),
        ReviewState.NO_END: ~ends & Q(reaching),
        ReviewState.OUTSIDE: ends & ~Q(later) & ~Q(reaching),
    }
    return answers[state]


def filtered_caps(
    decisions: QuerySet[Decision], year: int, state: ReviewState, text: str
) -> QuerySet[CapPeriod]:
    """The caps of a review in a state, by name or certificate number."""
    found = reviewed_caps(decisions, year).filter(review_q(state, decisions, year))
    return found.filter(found_by(text))


def review_counts(decisions: QuerySet[Decision], year: int) -> dict[ReviewState, int]:
    """How many caps are in which state (one query)."""
    found = reviewed_caps(decisions, year).aggregate(
        **{
            state.value: Count("pk", filter=review_q(state, decisions, year))
            for state in ReviewState
        }
    )
    return {state: found[state.value] for state in ReviewState}


def review_rows(
    caps: Iterable[CapPeriod], decisions: QuerySet[Decision], year: int, on: date
) -> list[ReviewRow]:
    """The rows of a page of `filtered_caps` (a constant number of queries); names as of `on`."""
    rows = list(caps)
    clients = [row.client_id for row in rows]
    first = first_month_of(year)
    facts = _Facts(
        year=year,
        names=names_of(clients, on),
        households=categories_of(clients, first),
        decisions=_by_client(
            with_numbers(decisions.filter(client__in=clients))
            .select_related("application")
            .order_by("starts_on", "pk")
        ),
        next_caps=_by_client(
            CapPeriod.objects.filter(
                client__in=clients, first_month__gte=first.first_day
            ).order_by("first_month")
        ),
    )  # fmt: skip
    return [_row(row, facts) for row in rows]


@dataclass(frozen=True, slots=True)
class _Facts:
    year: int
    names: dict[int, ClientName]
    households: dict[int, HouseholdOnFile]
    decisions: dict[int, list[Decision]]
    next_caps: dict[int, list[CapPeriod]]


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
    later = facts.next_caps.get(cap.client_id, [])
    application = latest.application if latest else None
    is_own = application is not None and application.municipality_id == cap.municipality_id
    return ReviewRow(
        cap=cap,
        name=name.name if name else "",
        kana=name.kana if name else "",
        number=papers[-1].recipient_number.number if papers else "",
        decision_id=latest.public_id if latest else None,
        application_id=application.public_id if application and is_own else None,
        granted=granted,
        months=reviewed_months(facts.year, granted) if granted else None,
        household=facts.households[cap.client_id],
        next_cap=later[0] if later else None,
    )


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
