"""The rows behind a claim: closed months in the order of the file, and the facts as of the month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db.models import Exists, Min, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from billing.models import CapResult, CityAnswer, ClaimFileEntry, PersonMonth
from billing.queries.cap_sheets import SheetKey, key_of, sheets_that_stand
from billing.queries.city_answers import answers_of
from billing.queries.city_words import report_day_of
from billing.queries.claim_calendar import claim_days
from billing.queries.claim_entries import standing_entries
from billing.queries.claim_start import is_claimed_here
from billing.queries.correction_state import CorrectionState, states_of
from billing.queries.last_sent import revised_results
from clients.models import Enrolment
from plans.models import Contract, Interview
from plans.queries.month import MonthOfSupport, months_in_span
from plans.rules.kinds import ContactOutcome
from teikyaku.accounts.models import Office, OfficeTerms
from teikyaku.periods import Month, Period, overlapping

CHUNK = 500


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One closed month with the facts of that month, as known on the day that asks."""

    row: PersonMonth
    support: MonthOfSupport | None
    """None where the use does not reach into the month any more."""
    contracts: tuple[Contract, ...]
    first_used_on: date | None
    """The first day of use at any office of this installation."""
    conferences: tuple[Interview, ...]
    """地域連携会議 of the month, by day."""
    correction: CorrectionState | None = None
    """Where the row replaces another: how far the old claim is settled."""
    processed: Month | None = None
    """The month in which a file made now is taken in; only beside a correction."""
    is_sheet_sent: bool = False
    """A 上限額管理結果票 with the same numbers stands in an earlier file and was not cancelled."""
    revised: CapResult | None = None
    """The sheet that was sent since by a 修正 alone; None where that of the closed month holds."""
    city: CityAnswer | None = None
    """What the municipality said of the month."""

    @property
    def report_day(self) -> date | None:
        """支援レポート共有日 of the record; None where neither a share nor an answer has one."""
        return report_day_of(self.support.facts, self.city) if self.support else None


def unclaimed(office: Office | int) -> QuerySet[PersonMonth]:
    """The office's closed months that stand in no claim yet, or in none that still counts.

    Not those of months that other software claimed.
    """
    claimed = standing_entries().filter(person_month=OuterRef("pk"))
    is_here = is_claimed_here("month", "closing__office")
    return PersonMonth.objects.standing().filter(~Exists(claimed), is_here, closing__office=office)


def claim_rows(office: Office, month: Month, on: date) -> Iterator[ClaimRow]:
    """The unclaimed closed months of `month`, by municipality, then by certificate number.

    In chunks of people, at a constant number of queries for each chunk.
    """
    found = (
        unclaimed(office)
        .filter(month=month.first_day)
        .select_related(
            "client",
            "enrolment",
            "municipality__city",
            "cap_result",
            "municipality__proposal__same_as__city",
            "subsidy_municipality__proposal__same_as",
        )
        .prefetch_related("lines", "cap_result__lines")
        .order_by(
            Coalesce("municipality__proposal__same_as__code", "municipality__code"),
            "certificate_number",
            "pk",
        )
    )
    stream = found.iterator(chunk_size=CHUNK)
    while chunk := list(islice(stream, CHUNK)):
        yield from _with_facts(office, month, on, chunk)


def _with_facts(
    office: Office, month: Month, on: date, chunk: Sequence[PersonMonth]
) -> Iterator[ClaimRow]:
    keys = {row.enrolment_id for row in chunk}
    supports = {
        each.enrolment_id: each for each in months_in_span([office], month, month, on, only=keys)
    }
    contracts = contracts_in(keys, month)
    firsts = dict(
        Enrolment.objects.filter(client__in={row.client_id for row in chunk})
        .order_by()
        .values_list("client_id")
        .annotate(Min("use_starts_on"))
    )
    conferences = conferences_in(keys, month)
    corrections = states_of(chunk)
    processed = Month.of(claim_days(on).next_claim.on) if corrections else None
    sent, cities = sheets_sent(chunk, month), answers_of(keys, month)
    revised = revised_results([row.pk for row in _managed(chunk)])
    for row in chunk:
        yield ClaimRow(
            row=row,
            support=supports.get(row.enrolment_id),
            contracts=tuple(contracts[row.enrolment_id]),
            first_used_on=firsts.get(row.client_id),
            conferences=tuple(conferences[row.enrolment_id]),
            correction=corrections.get(row.pk),
            processed=processed,
            is_sheet_sent=key_of(row) in sent,
            revised=revised.get(row.pk),
            city=cities.get(row.enrolment_id),
        )


def sheets_sent(chunk: Sequence[PersonMonth], month: Month) -> Mapping[SheetKey, ClaimFileEntry]:
    """The cap sheets of the month that were sent and stand; asks only where one is made."""
    keys = [row.enrolment_id for row in _managed(chunk)]
    return sheets_that_stand(keys, month) if keys else {}


def _managed(chunk: Sequence[PersonMonth]) -> list[PersonMonth]:
    return [row for row in chunk if row.cap_result and row.cap_result.is_made_here]


def contracts_in(keys: set[int], month: Month) -> Mapping[int, list[Contract]]:
    """By enrolment: the contracts that reach into the month (one query)."""
    found: dict[int, list[Contract]] = defaultdict(list)
    days = Period(month.first_day, month.last_day)
    for contract in Contract.objects.filter(overlapping(days), enrolment__in=keys):
        found[contract.enrolment_id].append(contract)
    return found


def conferences_in(keys: set[int], month: Month) -> Mapping[int, list[Interview]]:
    """By enrolment: 地域連携会議 of the month, by day (one query)."""
    found: dict[int, list[Interview]] = defaultdict(list)
    rows = (
        Interview.objects.standing()
        .filter(enrolment__in=keys, held_on__range=(month.first_day, month.last_day))
        .exclude(meeting_kind="")
        .filter(outcome__in=(ContactOutcome.MET, ContactOutcome.OTHERS))
        .select_related("met_by__user")
        .only(
            "enrolment_id",
            "held_on",
            "meeting_kind",
            "starts_at",
            "minutes",
            "way",
            "place",
            "met_by__user__name",
        )
        .order_by("held_on", "pk")
    )
    for row in rows:
        found[row.enrolment_id].append(row)
    return found


def terms_in(office: Office, month: Month) -> OfficeTerms | None:
    """Area class and unit price on the first day of the month, as the close reads them."""
    day = month.first_day
    return office.terms.filter(overlapping(Period(day, day))).first()
