"""Closed months that today's facts would bill otherwise: the standing list of an office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from billing.enums import NotifiedItem
from billing.models import PersonMonth
from billing.queries.additions import addition_facts
from billing.queries.after_close import (
    ClosedMonth,
    Key,
    closed_before,
    told_after,
    touched_answers,
    touched_meetings,
    without_role,
)
from billing.queries.cap_figures import cap_figures
from billing.queries.cap_sheets import rows_with_sheet
from billing.queries.claim_entries import numbers_sent
from billing.queries.correction_state import claims_that_stand
from billing.queries.mending import only_reduces
from billing.queries.month import MonthEntry, entry_of
from billing.queries.office_month import office_months
from billing.queries.payments import balances_of
from billing.queries.sheet_lines import SheetLines, lines_where_written_again
from billing.queries.told_of_office import closed_under_other_terms, office_changes
from billing.queries.told_since import WORDS, told_of
from billing.rules.causes import PRICE, TIER, causes_of_office, causes_of_person
from billing.rules.difference import Billed, Difference, SheetLine, difference
from plans.queries.month import months_in_span
from plans.rules.month import MonthState
from teikyaku.accounts.models import Office
from teikyaku.periods import Month
from teikyaku.reasons import Reason

NOT_SERVED = Reason(
    "not_served", "この月は、いまの記録では利用の期間の外です。", "docs/rules.md §8"
)
# What `billed_of` reads beside the lines.
FROZEN = (
    "client", "municipality__city", "municipality__proposal__same_as__city",
    "subsidy_municipality__city", "subsidy_municipality__proposal__same_as__city", "cap_result",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DifferingMonth:
    """One person's closed month, and what it would be today."""

    person_month: UUID
    client: UUID
    month: Month
    name: str
    kana: str
    municipality: str
    found: Difference
    kept_yen: int = 0
    """What came for the month and was not given back."""
    is_claimed: bool = True
    """A claim of the month stands: in a file of this office, or with the software of before."""
    is_sheet_sent: bool = False
    """Only other offices' lines differ, and the sheet stands in a file of this office."""
    causes: tuple[str, ...] = field(default=(), compare=False)
    """What was told since the close, in words; only of `fresh_differences`."""

    @property
    def is_sheet_alone(self) -> bool:
        """A 修正 of the sheet alone is enough for 国保連."""
        return self.found.is_sheet_only and self.is_claimed and self.is_sheet_sent

    @property
    def steps(self) -> tuple[str, ...]:
        """What to do, in order."""
        return self.found.steps(
            self.kept_yen, is_claimed=self.is_claimed, is_sheet_sent=self.is_sheet_sent
        )


@dataclass(frozen=True, slots=True)
class Differences:
    """All of a span, the newest month first, with their sums in yen (today less billed)."""

    rows: tuple[DifferingMonth, ...]

    @property
    def benefit_yen(self) -> int:
        """What 国保連 would pay less (below 0) or more."""
        return sum(row.found.benefit_yen for row in self.rows)

    @property
    def payable_yen(self) -> int:
        """What people would pay less (below 0) or more."""
        return sum(row.found.payable_yen for row in self.rows)


@dataclass(frozen=True, slots=True)
class Together:
    """Differing months that one fact may have changed: of a person, or of a month."""

    label: str
    query: str
    count: int


def put_right_together(found: Differences) -> list[Together]:
    """Where several months of a person, or several people of a month, differ; most of all first."""
    able = [row for row in found.rows if not row.found.is_held]
    people, months = Counter(row.client for row in able), Counter(row.month for row in able)
    names = {row.client: row.name for row in able}
    groups = [Together(names[key], f"?client={key}", count) for key, count in people.items()]
    groups += [Together(key.label, f"?month={key}", count) for key, count in months.items()]
    return sorted((each for each in groups if each.count > 1), key=lambda each: -each.count)


def differing_months(
    office: Office, first: Month, last: Month, on: date, only: Collection[int] | None = None
) -> Differences:
    """The closed months from `first` to `last` that differ from what the facts say on `on`.

    With `only`, of the rows with these keys alone. A constant number of queries, however many people
    and months.
    """
    asked = PersonMonth.objects.standing().filter(
        closing__office=office, month__range=(first.first_day, last.first_day)
    )
    asked = asked if only is None else asked.filter(pk__in=only)
    rows = list(asked.select_related(*FROZEN).prefetch_related("lines"))
    if not rows:
        return Differences(())
    own, managed = office_months(office, first, last), cap_figures([office], first, last)
    additions = addition_facts(office, first, last, on)
    sheets, sent = lines_where_written_again(rows, managed), numbers_sent([row.pk for row in rows])
    people = {row.enrolment_id for row in rows}
    supports = {
        (support.enrolment_id, support.month): support
        for support in months_in_span([office], first, last, on, only=people)
    }
    found: dict[int, DifferingMonth] = {}
    for row in rows:
        key = (row.enrolment_id, Month.of(row.month))
        support = supports.get(key)
        now: Billed | None = None
        is_held = False
        reasons: tuple[Reason, ...] = (NOT_SERVED,)
        if support is not None:
            entry = entry_of(
                support, own[key[1]], managed=managed.get(key),
                additions=additions.of(support, own[key[1]]),
            )  # fmt: skip
            is_held = entry.state == MonthState.HELD
            # What reduces a month does not keep it from being billed.
            reasons = tuple(
                each for each in entry.reasons if not (is_held and only_reduces(each, support))
            )
            now = billed_today(entry, sheets)
        differs = difference(billed_of(row, sheets, sent), now, reasons, is_held=is_held)
        if differs is not None:
            found[row.pk] = DifferingMonth(
                person_month=row.public_id, client=row.client.public_id, month=key[1],
                name=support.name if support else "", kana=support.kana if support else "",
                municipality=row.municipality.current.full_name, found=differs,
            )  # fmt: skip
    differing = _with_money(office, found)
    return Differences(
        tuple(sorted(differing, key=lambda each: (-each.month.first_day.toordinal(), each.kana)))
    )


def fresh_differences(
    office: Office,
    on: date,
    *,
    month: Month | None = None,
    apart_from: Collection[UUID] = (),
) -> tuple[DifferingMonth, ...]:
    """Those of which something was told anew after their close (`queries.after_close`), of
    one month or of all.

    By the same arithmetic as `differing_months`, of these months alone. `apart_from`: closed months that
    are told elsewhere. Seven queries where nothing was told; a constant number more, with those of
    `differing_months`, where something was. Each with its `causes`.
    """
    answers, meetings = touched_answers(office.pk, month), touched_meetings(office.pk, month)
    touched = {**answers}
    for key, told_at in meetings.items():
        touched[key] = max(told_at, touched.get(key, told_at))
    closed = {
        **closed_before(office.pk, touched), **told_after(office.pk, month),
        **closed_under_other_terms(office.pk, month),
    }  # fmt: skip
    keys = {row.pk: of for (_use, of), row in closed.items() if row.public_id not in apart_from}
    if not keys:
        return ()
    months = keys.values()
    rows = differing_months(office, min(months), max(months), on, keys).rows
    return tuple(_with_causes(office, month, rows, closed)) if rows else ()


def _with_causes(
    office: Office, month: Month | None, rows: Iterable[DifferingMonth],
    closed: Mapping[Key, ClosedMonth],
) -> Iterator[DifferingMonth]:  # fmt: skip
    """What of it was told after the close and makes the difference (`rules.causes`); mostly one thing."""
    by_id = {row.public_id: (key, row) for key, row in closed.items()}
    found = [(row, *by_id[row.person_month]) for row in rows]
    told = told_of([own.pk for _row, _key, own in found])
    answers, meetings = touched_answers(office.pk, month), touched_meetings(office.pk, month)
    roles = without_role(office.pk, month)
    changes = office_changes(office.pk)
    for row, key, own in found:
        kinds = list(told.get(own.pk, ()))
        if key in answers and answers[key] > own.closed_at:
            kinds.append("city")
        if key in meetings and meetings[key] > own.closed_at:
            kinds.append("role" if key in roles else "meeting")
        touching = [each.kind for each in changes if each.touches(key[1], own.closed_at)]
        of_office = causes_of_office(row.found, touching)
        of_person = causes_of_person(row.found, kinds, of_office)
        words = (*map(_office_word, of_office), *(str(WORDS[kind]) for kind in of_person))
        yield replace(row, causes=words)


def _office_word(kind: str) -> str:
    if kind == TIER:
        return _("就労定着率の区分")
    if kind == PRICE:
        return _("単価")
    return _("事業所の届出「%(item)s」") % {"item": NotifiedItem(kind).label}


def causes_of(rows: Iterable[DifferingMonth]) -> str:
    """The causes of all these together, each once."""
    return "、".join(dict.fromkeys(each for row in rows for each in row.causes))


def _with_money(office: Office, found: dict[int, DifferingMonth]) -> Iterable[DifferingMonth]:
    """The same with what came for each month and whether it is claimed: what is to do hangs on it."""
    if not found:
        return
    balances, claimed = balances_of(office, found), claims_that_stand(found)
    sheets = rows_with_sheet([key for key, row in found.items() if row.found.is_sheet_only])
    for key, row in found.items():
        kept = balances[key].kept_yen if key in balances else 0
        yield replace(
            row, kept_yen=kept, is_claimed=key in claimed, is_sheet_sent=key in sheets
        )  # fmt: skip


def billed_of(
    row: PersonMonth, sheets: SheetLines | None = None, sent: Mapping[int, str] | None = None
) -> Billed:
    """A row as it was frozen; `sheets` where a sheet of ours was written again since.

    A municipality that was joined with another since is that other one. `sent`: 市町村番号 of the claims
    that stand (`numbers_sent`).
    """
    subsidising, result = row.subsidy_municipality, row.cap_result
    place = row.municipality.current
    number = (sent or {}).get(row.pk) or place.code
    return Billed(
        units_by_line=_by_line((line.label, line.total_units) for line in row.lines.all()),
        unit_price=row.unit_price,
        cap_yen=row.cap_yen,
        copayment_yen=row.copayment_yen,
        benefit_yen=row.benefit_yen,
        municipality=place.full_name,
        certificate_number=row.certificate_number,
        subsidy_yen=row.subsidy_yen,
        subsidy_municipality=subsidising.current.full_name if subsidising else "",
        cap_manager=result.managing_office_number if result else "",
        cap_outcome=result.outcome if result else "",
        cap_sheet=_sheet(result.pk if result else None, sheets),
        renumbered=(number, place.code) if number != place.code else None,
    )


def _sheet(key: int | None, sheets: SheetLines | None) -> tuple[SheetLine, ...]:
    return sheets.get(key, ()) if sheets and key is not None else ()


def billed_today(entry: MonthEntry, sheets: SheetLines | None = None) -> Billed | None:
    """A month as it comes to today; None where it could not be billed."""
    support, sums = entry.support, entry.copayment
    if not entry.is_ready or sums is None:
        return None
    given, result = entry.additions.subsidy, entry.cap_result
    return Billed(
        units_by_line=_by_line((line.label, line.total_units) for line in entry.lines),
        unit_price=sums.unit_price,
        cap_yen=sums.cap_yen,
        copayment_yen=sums.decided_yen,
        benefit_yen=sums.benefit_yen,
        municipality=support.municipality_name,
        certificate_number=support.certificate_number,
        subsidy_yen=entry.subsidy_yen,
        # As the close freezes it: nobody where nothing is paid.
        subsidy_municipality=given.municipality.full_name if given and entry.subsidy_yen else "",
        cap_manager=result.manager if result else "",
        cap_outcome=result.outcome if result else "",
        cap_sheet=_sheet(result.key if result else None, sheets),
    )


def _by_line(lines: Iterable[tuple[str, int]]) -> dict[str, int]:
    found = Counter[str]()
    for label, units in lines:
        found[label] += units
    return dict(found)
