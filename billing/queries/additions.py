"""加算・減算・助成 of single people: what a month earns or loses beside what the office notified.

From the facts (地域連携会議, 利用契約, closed months) and the office's dated answers; a constant number
of queries, however many people and months.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from billing.enums import AnswerKind, NotifiedItem
from billing.models import (
    CityAnswer,
    MonthAnswer,
    PersonMonth,
    PersonMonthLine,
    Subsidy,
)
from billing.queries.city_answers import city_answers
from billing.queries.initial_additions import INITIAL, initials
from billing.queries.office_month import OfficeMonth
from billing.queries.used_before import UNUSED, UsedBefore, used_before
from billing.rules.network import (
    ITEMS,
    Meeting,
    NetworkAnswer,
    NetworkYear,
    network_answer,
    years_of,
)
from clients.models import Enrolment
from plans.models import Interview
from plans.queries.month import MonthOfSupport, months_in_span
from plans.queries.report_day import report_dues
from plans.rules.kinds import ContactOutcome
from plans.rules.month import MonthState, verdict
from teikyaku import figures
from teikyaku.accounts.models import Office
from teikyaku.accounts.queries.figures import overrides
from teikyaku.periods import Month
from teikyaku.prepared import prepared
from teikyaku.reasons import Certainty, Reason

RULE = "docs/rules.md §7"
TIMES, YEAR = "network.times_a_year", "network.year"
# What the office notified and may touch single people alone: by which figure, marked by which answer.
SCOPES = {
    NotifiedItem.NO_HANDOVER_SYSTEM.value: (
        "handover.reduction_scope", AnswerKind.HANDOVER_CONCERNED,
    ),
    NotifiedItem.SPECIAL_AREA.value: ("special_area.scope", AnswerKind.SPECIAL_AREA),
}  # fmt: skip
ALL, CONCERNED = "全員", "対象の方"
MONTHS_OF_A_YEAR = 11
HELD = (ContactOutcome.MET.value, ContactOutcome.OTHERS.value)
Key = tuple[int, Month]
_Value = TypeVar("_Value")
# By the keys of an office and of a client.
ByOffice = dict[int, dict[int, _Value]]


class Additions(NamedTuple):
    """What is one person's own in a month."""

    keys: tuple[str, ...] = ()
    """Items beside those of the office."""
    without: frozenset[str] = frozenset()
    """Items that do not touch this person."""
    warnings: tuple[Reason, ...] = ()
    subsidy: Subsidy | None = None
    network: NetworkAnswer | None = None
    report_due_on: date | None = None
    """By when the report of the month was to be shared; None where nobody has set a day."""
    is_report_day_past: bool = False
    city: CityAnswer | None = None
    """What the municipality said of the month."""


NOTHING = Additions()
# What nearly everybody has: one object for all of them.
_NONE: frozenset[str] = frozenset()
_NO_NETWORK = NetworkAnswer(None, ())


@dataclass(frozen=True, slots=True)
class AdditionFacts:
    """The rows behind the additions of an office's people over some months."""

    meetings: Mapping[Key, list[Meeting]]
    billed: Mapping[int, set[Month]]
    """By client: the closed months with 地域連携会議実施加算."""
    passed: Mapping[int, set[Month]]
    """By client: the closed months without it: they use nothing up, whatever was held in them."""
    lost: frozenset[Key]
    """Months with a meeting that cannot be billed and use nothing up; known where the year is full."""
    initial: Mapping[int, set[Month]]
    """By client: the months that were billed with 初期加算."""
    answers: Mapping[int, list[MonthAnswer]]
    subsidies: Mapping[int, list[Subsidy]]
    corrected: tuple[figures.Figure, ...]
    """The operator's corrections of figures."""
    open_meetings: Mapping[int, list[Month]] = field(default_factory=dict)
    """By client: the months with a meeting."""
    before: Mapping[int, UsedBefore] = field(default_factory=dict)
    """By client: what was used before the office moved in."""
    cities: Mapping[Key, CityAnswer] = field(default_factory=dict)
    """By enrolment and month: what the municipality said."""
    report_dues: Mapping[Month, date | None] = field(default_factory=dict)
    """By when the reports of each month were to be shared."""
    on: date = date.min
    """As of which day."""

    def of(self, support: MonthOfSupport, own: OfficeMonth) -> Additions:
        """The person's own additions and reductions of a month, and what is worth a look."""
        month, client = support.month, support.client_id
        network, told = self._network(support, own)
        is_initial_used = self._is_initial_used(support)
        without = [INITIAL] if is_initial_used else []
        for item in own.items:
            if item in SCOPES and not self._is_concerned(item, support):
                without.append(item)
        due = self.report_dues.get(month)
        return Additions(
            keys=(network.item,) if network.counted else (),
            without=frozenset(without) if without else _NONE,
            warnings=(*self._initial(support, is_initial_used), *told),
            subsidy=next((row for row in self.subsidies.get(client, ()) if _in(row, month)), None),
            network=network,
            report_due_on=due,
            is_report_day_past=due is not None and due < self.on,
            city=self.cities.get((support.enrolment_id, month)) if self.cities else None,
        )

    def figure(self, key: str, month: Month) -> figures.Figure:
        """A dated figure as it holds here. Raises figures.NoFigure or TwoFigures."""
        return figures.pick(key, month, (each for each in self.corrected if each.key == key))

    # --- 地域連携会議実施加算 --------------------------------------------------------------------

    def _network(
        self, support: MonthOfSupport, own: OfficeMonth
    ) -> tuple[NetworkAnswer, tuple[Reason, ...]]:
        held = self.meetings and self.meetings.get((support.client_id, support.month))
        if not held:
            return _NO_NETWORK, ()
        found = network_answer(held, self.network_year(support.client_id, support.month))
        told = [each.text for each in found.not_counted]
        item = found.item
        if item and own.tariff is not None and own.tariff.item(item, support.month) is None:
            text = (
                f"{support.month.label}の報酬表に地域連携会議実施加算がないため、加算に数えません。"
            )
            told, found = [text, *told], NetworkAnswer(None, found.not_counted)
        return found, tuple(
            Reason("network_not_counted", text, RULE, Certainty.SOURCE) for text in told
        )

    def network_year(self, client: int, month: Month) -> NetworkYear:
        """The year of `month` for a person, and what of it is used by other months.

        What was billed counts wherever it lies in the year; what is still open counts where it is
        earlier, unless that month cannot be billed.
        """
        elsewhere = self._months_answered(client, AnswerKind.NETWORK_ELSEWHERE)
        billed, passed = self.billed.get(client, set()), self.passed.get(client, set())
        held = {
            each
            for each in self.open_meetings.get(client, [])
            if each < month and each not in passed and (client, each) not in self.lost
        }
        before = self.before.get(client, UNUSED)
        taken = sorted((billed | held | elsewhere | before.months) - {month})
        limit = int(self.figure(TIMES, month).value)
        years = [
            NetworkYear(
                first=first,
                last=last,
                limit=limit,
                used=tuple(each for each in taken if first <= each <= last),
                unknown=before.unknown_in(first, last),
                is_elsewhere=month in elsewhere | before.months,
            )
            for first, last in years_of(month, str(self.figure(YEAR, month).value))
        ]
        return max(years, key=lambda year: year.count)  # the first of several

    def _months_answered(self, client: int, kind: str) -> set[Month]:
        return {
            Month.of(row.first_month) for row in self.answers.get(client, []) if row.kind == kind
        }

    # --- 初期加算 --------------------------------------------------------------------------------

    def _initial(self, support: MonthOfSupport, is_used: bool) -> tuple[Reason, ...]:
        if not support.has_initial_addition and not support.is_first_month:
            return ()
        found = []
        if support.has_initial_addition and is_used:
            months = self.initial[support.client_id] - {support.month}
            text = f"初期加算は{min(months).label}にもう請求しています。1回だけなので、この月にはつきません。"
            found.append(("initial_twice", text))
        elif (
            support.has_initial_addition and verdict(support.facts).state is MonthState.NOT_BILLABLE
        ):
            text = (
                "初期加算を算定する月ですが、この月は請求できません。次の月に算定できるかは"
                "決まっていません。市町村に確かめて、契約の月を直すか、算定しないと答えてください。"
            )
            found.append(("initial_lost", text))
        elif self._asks_for_initial(support):
            text = "初期加算を算定するかどうか、答えがありません。契約に月を入れるか、算定しないと答えてください。"
            found.append(("initial_unanswered", text))
        return tuple(Reason(code, words, RULE, Certainty.UNKNOWN) for code, words in found)

    def _is_initial_used(self, support: MonthOfSupport) -> bool:
        billed = self.initial.get(support.client_id)
        return billed is not None and bool(billed - {support.month})

    def _asks_for_initial(self, support: MonthOfSupport) -> bool:
        if not support.is_first_month or support.has_initial_answer:
            return False
        return not self._months_answered(support.client_id, AnswerKind.NO_INITIAL)

    # --- Items of the office that may touch single people alone ---------------------------------

    def _is_concerned(self, item: str, support: MonthOfSupport) -> bool:
        key, kind = SCOPES[item]
        if self.figure(key, support.month).value == ALL:
            return True
        rows = self.answers.get(support.client_id, [])
        return any(row.kind == kind and _in(row, support.month) for row in rows)


def addition_facts(office: Office, first: Month, last: Month, on: date) -> AdditionFacts:
    """The facts behind the additions of the office's people from `first` to `last`, as of `on`.

    Eight queries at most, and a walk over the months of those few whose year is full.
    """
    return additions_of([office], first, last, on)[office.pk]


def additions_of(
    offices: Sequence[Office], first: Month, last: Month, on: date
) -> dict[int, AdditionFacts]:
    """As `addition_facts` for each office, by its key, at the queries of one."""
    meetings = _meetings(offices, first, last)
    held: dict[int, dict[int, list[Month]]] = defaultdict(lambda: defaultdict(list))
    for office, rows in meetings.items():
        for client, month in rows:
            held[office][client].append(month)
    billed, passed = _closed(offices, held, first, last) if held else ({}, {})
    before = used_before(_keys(offices)) if held else {}
    initial, corrected = initials(_keys(offices), first, last), overrides()
    span: dict[str, Any] = {"offices": _keys(offices), "first": first, "last": last}
    answers, subsidies = _by_client(_answers.rows(**span)), _by_client(_subsidies.rows(**span))
    cities, dues = city_answers(_keys(offices), first, last), report_dues(first, last, corrected)
    facts = {
        key: AdditionFacts(
            meetings=meetings.get(key, {}), billed=billed.get(key, {}), passed=passed.get(key, {}),
            lost=frozenset(), initial=initial.get(key, {}), answers=answers.get(key, {}),
            subsidies=subsidies.get(key, {}), corrected=corrected, open_meetings=held.get(key, {}),
            before=before.get(key, {}), cities=cities, report_dues=dues, on=on,
        )
        for key in (office.pk for office in offices)
    }  # fmt: skip
    return _with_lost(facts, offices, first, last, on)


def _with_lost(
    facts: dict[int, AdditionFacts], offices: Sequence[Office], first: Month, last: Month, on: date
) -> dict[int, AdditionFacts]:
    """Where somebody's year is full, the months of their meetings that cannot be billed at all."""
    crowded = {
        (office, client)
        for office, own in facts.items()
        for client, months in own.open_meetings.items()
        if any(own.network_year(client, month).is_full for month in months)
    }
    if not crowded:
        return facts
    served = Enrolment.objects.filter(
        office__in={office for office, _client in crowded},
        client__in={client for _office, client in crowded},
    ).values_list("office", "client", "pk")
    enrolments = {key for office, client, key in served if (office, client) in crowded}
    lost: dict[int, set[Key]] = defaultdict(set)
    span = first - MONTHS_OF_A_YEAR, last
    for support in months_in_span(offices, *span, on, only=enrolments):
        if verdict(support.facts).state is MonthState.NOT_BILLABLE:
            lost[support.office_id].add((support.client_id, support.month))
    return {key: replace(own, lost=frozenset(lost[key])) for key, own in facts.items()}


def _in(row: MonthAnswer | Subsidy, month: Month) -> bool:
    day = month.first_day
    return row.first_month <= day and (row.last_month is None or day <= row.last_month)


def _overlaps(first: Month, last: Month) -> Q:
    return Q(first_month__lte=last.first_day) & (
        Q(last_month__isnull=True) | Q(last_month__gte=first.first_day)
    )


def _by_client(rows: Iterable[Any]) -> ByOffice[list[Any]]:
    found: ByOffice[list[Any]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[row.enrolment.office_id][row.enrolment.client_id].append(row)
    return found


def _keys(offices: Sequence[Office]) -> list[int]:
    return [office.pk for office in offices]


@prepared("offices")
def _answers(offices: list[int], first: Month, last: Month) -> QuerySet[MonthAnswer]:
    return MonthAnswer.objects.filter(
        _overlaps(first - MONTHS_OF_A_YEAR, last + MONTHS_OF_A_YEAR)
        | Q(kind=AnswerKind.NO_INITIAL),
        withdrawn_at=None,
        enrolment__office__in=offices,
    ).select_related("enrolment")


@prepared("offices")
def _subsidies(offices: list[int], first: Month, last: Month) -> QuerySet[Subsidy]:
    return Subsidy.objects.filter(
        _overlaps(first, last), withdrawn_at=None, enrolment__office__in=offices
    ).select_related("enrolment", "municipality__city")


@prepared("offices")
def _held(offices: list[int], first: Month, last: Month) -> QuerySet[Any, Any]:
    """(office, client, day, kind) of 地域連携会議 in these months, or in the year before, by day."""
    rows = Interview.objects.standing().filter(
        enrolment__office__in=offices, meeting_kind__in=list(ITEMS), outcome__in=HELD,
        held_on__range=((first - MONTHS_OF_A_YEAR).first_day, last.last_day),
    )  # fmt: skip
    columns = ("enrolment__office", "enrolment__client", "held_on", "meeting_kind")
    return rows.order_by("held_on", "pk").values_list(*columns)


def _meetings(
    offices: Sequence[Office], first: Month, last: Month
) -> dict[int, dict[Key, list[Meeting]]]:
    found: dict[int, dict[Key, list[Meeting]]] = defaultdict(lambda: defaultdict(list))
    rows = _held.rows(offices=_keys(offices), first=first, last=last)
    for office, client, held_on, kind in rows:
        found[office][client, Month.of(held_on)].append(Meeting(held_on, kind))
    return found


def _closed(
    offices: Sequence[Office],
    held: Mapping[int, Mapping[int, list[Month]]],
    first: Month,
    last: Month,
) -> tuple[ByOffice[set[Month]], ByOffice[set[Month]]]:
    """By office and client, the closed months with the addition and those without, in the years around."""
    clients = {client for people in held.values() for client in people}
    billed: ByOffice[set[Month]] = defaultdict(lambda: defaultdict(set))
    passed: ByOffice[set[Month]] = defaultdict(lambda: defaultdict(set))
    rows = _closed_around.rows(offices=_keys(offices), clients=clients, first=first, last=last)
    for office, client, month, has_network in rows:
        (billed if has_network else passed)[office][client].add(Month.of(month))
    return billed, passed


@prepared("offices", "clients")
def _closed_around(
    offices: list[int], clients: list[int], first: Month, last: Month
) -> QuerySet[Any, Any]:
    """(office, client, month, whether with the addition) of the closed months in the years around."""
    lines = PersonMonthLine.objects.filter(
        person_month=OuterRef("pk"), kind__in=list(ITEMS.values())
    )
    span = (first - MONTHS_OF_A_YEAR).first_day, (last + MONTHS_OF_A_YEAR).first_day
    rows = PersonMonth.objects.standing().filter(
        closing__office__in=offices, client__in=clients, month__range=span
    )
    return rows.values_list("closing__office", "client", "month", Exists(lines))
