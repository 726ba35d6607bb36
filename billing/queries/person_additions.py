"""加算・減算・助成 of one person in a fiscal year, as their page shows it: what counts, and why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from billing.enums import AnswerKind, NotifiedItem
from billing.models import MonthAnswer, PersonMonth, Subsidy
from billing.queries.additions import (
    CONCERNED,
    HELD,
    INITIAL,
    SCOPES,
    TIMES,
    YEAR,
    AdditionFacts,
    addition_facts,
)
from billing.queries.office_month import OfficeMonth, office_month, office_months
from billing.queries.used_before import used_before
from billing.rules.network import ITEMS, LABELS, NetworkAnswer, NetworkYear
from billing.tariffs import Item
from clients.models import Enrolment
from plans.models import Contract, Interview
from plans.queries.month import MonthOfSupport, months_in_span
from plans.rules.month import MonthState, verdict
from teikyaku.accounts.models import Office
from teikyaku.figures import Figure
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """地域連携会議 that was recorded, and what becomes of it."""

    public_id: UUID
    held_on: date
    kind: str
    """（Ⅰ）."""
    led_by: str
    came: str
    month: Month
    state: str
    tone: str
    why: str
    """Why it earns nothing; "" where it counts."""


@dataclass(frozen=True, slots=True)
class PersonAdditions:
    """Everything about one person's own additions in a fiscal year, as of a day."""

    year: int
    meetings: tuple[MeetingLine, ...]
    network_year: NetworkYear
    """Of the month of the day asked for."""
    items: tuple[Item, ...]
    """地域連携会議実施加算 as the fee table of the day's month has it."""
    times: Figure
    year_kind: Figure
    marked: tuple[tuple[str, str], ...]
    """What is marked person by person: the kind of the answer, and the item in words."""
    contracts: tuple[Contract, ...]
    initial_billed: tuple[Month, ...]
    answers: tuple[MonthAnswer, ...]
    """Taken back ones too, the newest first."""
    subsidies: tuple[Subsidy, ...]

    @property
    def left(self) -> int:
        """How many times are left in the year."""
        return max(0, self.network_year.limit - self.network_year.count)

    @property
    def asks_initial(self) -> bool:
        """Whether no contract says in which month 初期加算 is billed."""
        return not any(contract.initial_addition_month for contract in self.contracts)

    @property
    def no_initial(self) -> MonthAnswer | None:
        """The answer that 初期加算 is not billed."""
        return next((row for row in self._standing if row.kind == AnswerKind.NO_INITIAL), None)

    @property
    def _standing(self) -> Sequence[MonthAnswer]:
        return [row for row in self.answers if row.withdrawn_at is None]


def person_additions(enrolment: Enrolment, year: int, on: date) -> PersonAdditions:
    """The person's fiscal year at this office (a constant number of queries)."""
    first, last = Month(year, 4), Month(year + 1, 3)
    office = enrolment.office_id
    # The facts of a month ask for what was used before the move only where a meeting was held here.
    facts = replace(
        addition_facts(enrolment.office, first, last, on),
        before=used_before([office]).get(office, {}),
    )
    client, now = enrolment.client_id, min(max(Month.of(on), first), last)
    answers = MonthAnswer.objects.filter(enrolment=enrolment).select_related("recorded_by__user")
    subsidies = Subsidy.objects.filter(enrolment=enrolment).select_related(
        "municipality__city", "recorded_by__user"
    )
    return PersonAdditions(
        year=year,
        meetings=tuple(_meetings(enrolment, facts, first, last, on)),
        # The next month's year holds what this month used too.
        network_year=facts.network_year(client, now + 1 if now < last else now),
        items=_items(enrolment.office, now),
        times=facts.figure(TIMES, now),
        year_kind=facts.figure(YEAR, now),
        marked=tuple(
            (kind.value, NotifiedItem(item).label)
            for item, (key, kind) in SCOPES.items()
            if facts.figure(key, now).value == CONCERNED
        ),
        contracts=tuple(enrolment.contracts.order_by("starts_on")),
        initial_billed=_initial_billed(enrolment),
        answers=tuple(answers.order_by("-first_month", "-pk")),
        subsidies=tuple(subsidies.order_by("-first_month", "-pk")),
    )


def _items(office: Office, month: Month) -> tuple[Item, ...]:
    table = office_month(office, month).tariff
    found = [table.item(key, month) for key in ITEMS.values()] if table else []
    return tuple(item for item in found if item is not None)


def _initial_billed(enrolment: Enrolment) -> tuple[Month, ...]:
    rows = PersonMonth.objects.filter(
        client=enrolment.client_id, closing__office=enrolment.office_id, lines__kind=INITIAL
    )
    return tuple(sorted(Month.of(day) for day in rows.values_list("month", flat=True)))


def _meetings(
    enrolment: Enrolment, facts: AdditionFacts, first: Month, last: Month, on: date
) -> list[MeetingLine]:
    rows = list(
        Interview.objects.standing()
        .filter(
            enrolment=enrolment, meeting_kind__in=list(ITEMS), outcome__in=HELD,
            held_on__range=(first.first_day, last.last_day),
        )
        .select_related("met_by__user")
        .order_by("held_on", "pk")
    )  # fmt: skip
    if not rows:
        return []
    own = office_months(enrolment.office, first, last)
    months = {
        support.month: support
        for support in months_in_span([enrolment.office], first, last, on, only={enrolment.pk})
    }
    closed = set(PersonMonth.objects.filter(enrolment=enrolment).values_list("month", flat=True))
    billed = facts.billed.get(enrolment.client_id, set())
    return [_line(row, months, own, facts, closed, billed) for row in rows]


def _line(
    row: Interview,
    months: Mapping[Month, MonthOfSupport],
    own: Mapping[Month, OfficeMonth],
    facts: AdditionFacts,
    closed: set[date],
    billed: set[Month],
) -> MeetingLine:
    month = Month.of(row.held_on)
    support = months.get(month)
    answer = facts.of(support, own[month]).network if support else None
    counted = answer.counted if answer else None
    is_counted = counted is not None and (counted.held_on, counted.kind) == (
        row.held_on, row.meeting_kind,
    )  # fmt: skip
    why = "" if is_counted else _why(row, answer, support is None)
    if month in billed and is_counted:
        state, tone = "請求した", "success"
    elif month.first_day in closed and is_counted:
        why = "締めたあとの記録なので、締めた月にはついていません。くいちがいの一覧を見てください。"
        state, tone = "締めた月", "warning"
    elif is_counted and support and verdict(support.facts).state is MonthState.NOT_BILLABLE:
        state, tone, why = "数えない", "neutral", "この月は請求できません。"
    elif is_counted:
        state, tone = "数える", "info"
    else:
        state, tone = "数えない", "neutral"
    return MeetingLine(
        public_id=row.public_id, held_on=row.held_on, kind=LABELS[row.meeting_kind],
        led_by=row.met_by.user.name, came=row.participants, month=month, state=state, tone=tone,
        why=why,
    )  # fmt: skip


def _why(row: Interview, answer: NetworkAnswer | None, is_outside: bool) -> str:
    if is_outside or answer is None:
        return "この月は利用の期間の外です。"
    found = (
        each.why for each in answer.not_counted
        if (each.meeting.held_on, each.meeting.kind) == (row.held_on, row.meeting_kind)
    )  # fmt: skip
    return next(found, "この月の報酬表に加算がありません。")
