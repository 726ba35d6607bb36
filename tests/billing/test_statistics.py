"""お金の統計: each number is what its list counts, on the page and in the workbook; nothing of others."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from billing.calculation import month_lines, total_units
from billing.models import ClaimFile, ClaimFileEntry, OfficeTier, PersonMonth, PersonMonthLine
from billing.queries.claim_payment_sums import by_municipality, claim_payment_sums
from billing.queries.claim_payments import claims_of
from billing.queries.corrections import corrections
from billing.queries.mending import short_label
from billing.queries.money_after import (
    CorrectionSums,
    claims_by_month,
    corrections_by_month,
    open_by_age,
)
from billing.queries.money_caps import CapKey, CapSums, copayments_by_cap
from billing.queries.money_fees import (
    FeeSums,
    ItemSums,
    base_units,
    fees_by_month,
    fees_by_tier,
    items_of,
    tier_label,
)
from billing.queries.month import month_board, month_boards
from billing.queries.month_lost import lost_yen
from billing.queries.payments import open_sums
from billing.rules.money_span import last_twelve, year_span
from billing.statistics.every import money_tables
from billing.statistics.numbers import money_statistics
from billing.tariffs import packaged
from clients.rules.barred import LIVING, SUBSIDY, TRAINING
from plans.models import CapPeriod, Interview
from teikyaku.accounts.models import AuditEvent
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from teikyaku.periods import Month, months_later
from teikyaku.reasons import Reason
from tests.accounts.test_coming_and_going import enter
from tests.billing.corrections import corrected, other_tier, withdrawn
from tests.cast import make_member, make_office, ready_person


@pytest.fixture
def month(cast):
    """Closed for one person: 2,768 units of 10 yen, a tenth of them below the cap of 9,300."""
    return Month.of(cast.person_month.month)


@pytest.fixture
def span(cast):
    return last_twelve(cast.today)


def tables_of(cast, span, on=None):
    found = money_statistics(cast.office, span, on or cast.today)
    return {table.key: table for table in money_tables(found)}


def row_of(table, first):
    return next(
        [cell.value for cell in row] for row in table.rows if row[0].value == first
    )  # fmt: skip


def claim(cast, row, month):
    file = ClaimFile.objects.create(
        office=cast.office, month=row.month, processing_month=(month + 1).first_day,
        family="J111", number=1, name="S0000001.CSV", digest="", lines=9, people=1,
        total_cost_yen=0, benefit_yen=0, recorded_by=cast.members["billing"],
        recorded_at=at_noon(cast.today),
    )  # fmt: skip
    return ClaimFileEntry.objects.create(file=file, person_month=row)


def without_meeting(cast, month):
    """A second person who was not met in the month: it cannot be billed."""
    worker, manager = cast.members["worker"], cast.members["manager"]
    person = ready_person(cast, cast.office, worker, manager, "4000000001", name="人 二")
    days = (month.first_day, month.last_day)
    Interview.objects.filter(enrolment=person, held_on__range=days).delete()
    return person


def test_fees_by_month_are_the_rows_that_count(cast, month, span):
    assert fees_by_month(cast.office, span) == {month: FeeSums(1, 27_680, 2_768, 24_912)}
    other_tier(cast)
    new = corrected(cast)
    assert fees_by_month(cast.office, span) == {month: FeeSums(1, 35_120, 3_512, 31_608)}
    withdrawn(cast, new)
    assert fees_by_month(cast.office, span) == {}
    assert fees_by_month(cast.other_office, span) == {}


def test_the_tier_is_that_of_the_close_whatever_is_on_file_now(cast, month, span):
    tables = {month: month_board(cast.office, month, cast.today).office_month.tariff}
    other_tier(cast)
    fees = FeeSums(1, 27_680, 2_768, 24_912)
    assert fees_by_tier(cast.office, span, tables) == {(month, "80％以上90％未満"): fees}
    assert fees_by_tier(cast.office, span, {}) == {(month, "2,768単位"): fees}
    corrected(cast)
    assert [tier for _month, tier in fees_by_tier(cast.office, span, tables)] == ["95％以上"]


@pytest.mark.parametrize("table", packaged(), ids=lambda table: table.name)
def test_every_tier_is_known_again_by_its_frozen_line(table):
    month, factor = Month(2026, 5), "no_support_plan"
    for tier in table.tiers:
        for keys in ((), (factor,)):
            base = month_lines(month, table, tier.key, keys)[0]
            assert base_units(base.expression) == tier.units
        assert tier_label(tier.units, table) == tier_label(base_units(base.expression), table)
    assert len({tier_label(tier.units, table) for tier in table.tiers}) == len(table.tiers)


def test_items_and_base_fees_make_the_units(cast, span):
    (table, *_rest) = packaged()
    keys = ("no_support_plan", "initial", "no_abuse_prevention", "treatment_3")
    lines = month_lines(Month(2026, 5), table, "80", keys)
    row = cast.person_month
    PersonMonthLine.objects.bulk_create(
        PersonMonthLine(
            person_month=row, position=10 + place, kind=line.kind, label=line.label,
            units=line.units, total_units=line.total_units, expression=line.expression,
            rule=line.rule, source=line.source, certainty=line.certainty,
        )
        for place, line in enumerate(lines)
    )  # fmt: skip
    items = items_of(cast.office, span)
    assert len(items) == 4
    reduced = next(item for label, item in items.items() if label.startswith("個別支援計画"))
    units = lines[0].total_units - table.tier("80").units
    assert reduced == ItemSums(1, units, units * 10)
    assert units < 0
    assert sum(item.units for item in items.values()) == total_units(lines) - 2_768
    assert list(items) == sorted(items, key=lambda label: -items[label].about_yen)


def test_copayments_by_the_category_of_the_closed_cap(cast, span):
    own = CapPeriod.objects.get(client=cast.enrolment.client)
    found = copayments_by_cap(cast.office, span)
    assert found == {CapKey(own.category, 9_300): CapSums(1, 2_768, 0)}
    # Put right later, to another category too: the month stays as it was closed.
    CapPeriod.objects.filter(pk=own.pk).update(cap_yen=0, category="low_income")
    assert copayments_by_cap(cast.office, span) == found
    CapPeriod.history.all().delete()
    assert list(copayments_by_cap(cast.office, span)) == [CapKey("", 9_300)]


@pytest.mark.parametrize("text", [SUBSIDY, LIVING, TRAINING])
def test_a_barred_month_says_in_few_words_by_what(text):
    words = short_label(Reason("barred", text))
    assert words not in ("請求できない月", text)
    assert words[:4] in text


def test_corrections_agree_with_their_list(cast, month, span):
    assert corrections_by_month(cast.office, span) == {}
    other_tier(cast)
    new = corrected(cast)
    (row,) = corrections(cast.office, cast.today)
    assert corrections_by_month(cast.office, span) == {
        month: CorrectionSums(
            1, 0, row.benefit_yen, row.payable_yen, {"届出・区分・単価が違っていた": 1}
        )
    }
    assert row.benefit_yen == 31_608 - 24_912
    withdrawn(cast, new)
    (row,) = corrections(cast.office, cast.today)
    found = corrections_by_month(cast.office, span)[month]
    assert (found.people, found.withdrawn, found.benefit_yen) == (1, 1, row.benefit_yen)


def test_claims_agree_with_their_list(cast, month, span):
    claim(cast, cast.person_month, month)
    (place,) = by_municipality(claims_of(cast.office))
    found = claims_by_month(cast.office, span.later(1))[month + 1]
    assert (found.people, found.claimed_yen, found.paid_yen, found.waiting, found.rest_yen) == (
        place.people, place.expected_yen, place.paid_yen, place.waiting, place.open_yen,
    )  # fmt: skip
    assert found.claimed_yen == 24_912


def test_what_is_processed_next_month_has_its_row(client, cast, month, span):
    """Made after the last day for claims: as many wait as on home and in the list."""
    coming = Month.of(cast.today) + 1
    claim(cast, cast.person_month, coming - 1)
    tables = tables_of(cast, span)
    owed = claim_payment_sums(cast.office)
    assert (owed.waiting, owed.waiting_yen) == (1, 24_912)
    assert row_of(tables["claims"], coming)[1:6] == [1, 24_912, 0, 24_912, 1]
    ((label, url),) = tables["claims"].links
    assert "1人" in label
    assert "24,912円" in label
    enter(client, cast.members["billing"])
    assert client.get(url).context["page"].paginator.count == 1
    # In the fiscal year that runs, too; in one that is over only what is processed after its months.
    year = year_span(span.last.fiscal_year, cast.today)
    assert row_of(tables_of(cast, year)["claims"], coming)[1] == 1
    past = year_span(span.last.fiscal_year - 1, cast.today)
    assert tables_of(cast, past)["claims"].rows == []


@pytest.mark.parametrize(
    ("days", "place"), [(-1, 0), (0, 0), (1, 1), (30, 1), (31, 2), (90, 2), (91, 3)]
)
def test_open_items_by_age(cast, days, place):
    on = cast.invoice.due_on + timedelta(days=days)
    ages, sums = open_by_age(cast.office, on), open_sums(cast.office, on)
    assert [age.count for age in ages] == [int(each == place) for each in range(4)]
    assert ages[place].open_yen == sums.open_yen == 2_768
    late = sum(age.count for age in ages if age.first_day is not None)
    assert late == sums.late_count


def test_lost_months_are_the_estimate_of_their_page(cast, month, span):
    without_meeting(cast, month)
    tables = tables_of(cast, span)
    board = month_board(cast.office, month, cast.today)
    assert row_of(tables["lost"], month)[1:3] == [len(board.not_billable), lost_yen(board)]
    assert lost_yen(board)
    lost, reasons = tables["lost"].totals, tables["reasons"].rows
    assert lost[1].text == str(sum(row[1].value for row in reasons))
    assert lost[2].text == f"{sum(row[2].value for row in reasons):,}円"


def test_what_is_lost_is_not_told_as_nothing_while_the_tier_is_missing(cast, month, span):
    without_meeting(cast, month)
    OfficeTier.objects.filter(office=cast.office).delete()
    tables = tables_of(cast, span)
    people, estimate = row_of(tables["lost"], month)[1:3]
    assert people
    assert estimate is None
    assert {row[2].value for row in tables["reasons"].rows} == {None}
    assert tables["lost"].bars


def test_a_year_later_all_of_it_stands_in_the_year_before(cast, month):
    on = months_later(cast.today, 12)
    claim(cast, cast.person_month, month)
    other_tier(cast)
    corrected(cast)
    tables = tables_of(cast, last_twelve(on), on)
    assert row_of(tables["fees"], month + 12)[1:3] == [0, 0]
    assert row_of(tables["fees"], month + 12)[-2:] == [1, 35_120]
    assert row_of(tables["tiers"], "95％以上")[1:] == [0, 0, 1, 35_120]
    assert [row[-1].value for row in tables["caps"].rows] == [3_512]
    assert row_of(tables["corrections"], month + 12)[-2:] == [1, 6_696]
    assert row_of(tables["claims"], month + 13)[-2:] == [24_912, 0]
    assert len(tables["lost"].rows) in (0, 12)


def test_every_number_that_is_linked_is_what_its_list_counts(client, cast, month, span):
    without_meeting(cast, month)
    claim(cast, cast.person_month, month)
    other_tier(cast)
    corrected(cast)
    enter(client, cast.members["billing"])
    tables = tables_of(cast, span)
    seen = {}
    for table in tables.values():
        for row in table.rows:
            for cell in row:
                if cell.url:
                    seen.setdefault((table.key, cell.url), []).append(cell.value)
    assert {key for key, _url in seen} == {"fees", "open", "lost", "corrections", "claims"}
    for (key, url), values in seen.items():
        assert client.get(url).context["page"].paginator.count == sum(values), (key, url)
    assert tables["ages"].links
    for label, url in tables["ages"].links:
        assert f" {client.get(url).context['page'].paginator.count}件" in label


@pytest.mark.parametrize("year", ["", "1", "2019", "9999", "x"])
def test_the_page_shows_the_last_twelve_months_for_any_other_year(client, cast, span, year):
    enter(client, cast.members["head"])
    answer = client.get(reverse("money_page"), {"year": year})
    assert answer.context["span"] == span
    page = answer.content.decode()
    assert "27,680円" in page
    assert reverse("money_xlsx") + '"' in page


def test_a_fiscal_year_is_chosen_by_its_tab(client, cast, month):
    enter(client, cast.members["head"])
    answer = client.get(reverse("money_page"), {"year": month.fiscal_year})
    assert answer.context["span"].first == Month(month.fiscal_year, 4)
    assert "27,680円" in answer.content.decode()


def test_the_workbook_has_a_sheet_for_each_table_and_is_on_the_record(client, cast, span):
    enter(client, cast.members["billing"])
    book = load_workbook(BytesIO(client.get(reverse("money_xlsx")).content))
    tables = tables_of(cast, span)
    assert book.sheetnames == [f"見本・{table.title}" for table in tables.values()]
    for sheet, table in zip(book, tables.values(), strict=True):
        rows = list(sheet.values)
        assert list(rows[0]) == [column.label for column in table.columns]
        assert len(rows) == len(table.rows) + 1
        # What the page draws, the sheet draws.
        assert len(sheet._charts) == bool(table.bars)
    assert any(sheet._charts for sheet in book)
    assert sum(row[2] for row in list(book["見本・" + tables["fees"].title].values)[1:]) == 27_680
    assert AuditEvent.objects.filter(verb="money_exported").count() == 1


def test_a_new_office_is_told_what_will_stand_here(client, cast):
    office = make_office("1590000099", "あたらしい事業所")
    make_member("fresh", Role.OFFICE_MANAGER, office=office)
    enter(client, SimpleNamespace(user=office.memberships.get().user))
    answer = client.get(reverse("money_page"))
    assert answer.context["tables"] == []
    assert "まだ数えるものがありません" in answer.content.decode()
    assert client.get(reverse("money_xlsx")).status_code == 200


def test_who_bills_finds_it_and_the_city_sees_no_money(client, cast):
    url, link = reverse("money_page"), f'href="{reverse("money_page")}"'
    for key, status, is_in_menu in (
        ("head", 200, True), ("billing", 200, True), ("manager", 200, False),
        ("worker", 403, False), ("officer", 403, False), ("city", 403, False),
        ("admin", 403, False),
    ):  # fmt: skip
        enter(client, cast.members[key])
        answer = client.get(url)
        assert answer.status_code == status, key
        if status == 200:
            assert (link in answer.content.decode().split("<main")[0]) is is_in_menu, key
    enter(client, cast.members["billing"])
    month = Month.of(cast.today) - 1
    page = client.get(reverse("month_page", args=[month])).content.decode()
    assert f"{url}?year={month.fiscal_year}" in page.split("<main")[1]


def test_another_office_sees_nothing_of_it(client, cast):
    enter(client, cast.members["outsider"])
    tables = {table.key: table for table in client.get(reverse("money_page")).context["tables"]}
    assert {cell.value for row in tables["fees"].rows for cell in row[1:5]} == {0}
    empty = ("tiers", "caps", "items", "corrections", "claims", "ages")
    assert [key for key in empty if tables[key].rows] == []


def queries(cast, span):
    with CaptureQueriesContext(connection) as asked:
        money_tables(money_statistics(cast.office, span, cast.today))
    return len(asked)


def test_more_people_and_months_cost_the_same(cast, month, span):
    queries(cast, span)
    few = queries(cast, span)
    without_meeting(cast, month)
    assert queries(cast, span) == few
    assert queries(cast, last_twelve(months_later(cast.today, -6))) <= few
    assert month_boards(cast.office, month, month, cast.today)[month].not_billable
    assert PersonMonth.objects.standing().filter(closing__office=cast.office).count() == 1
