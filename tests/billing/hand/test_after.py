"""After April was closed: late, returned, put right, withdrawn, shared numbers and another fee table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from billing.actions.cap_management import record_made_sheet
from billing.actions.cap_revision import revise_cap_sheets
from billing.actions.claim_file import make_claim_files, record_returns
from billing.actions.claim_setting import choose_claim_way, record_other_sum
from billing.actions.correction import correct_month, withdraw_month
from billing.actions.month import close_month
from billing.actions.office import confirm_tier, notify_item
from billing.models import ClaimFileEntry, Invoice, PersonMonth
from billing.queries.cap_management import own_month
from billing.queries.cap_revisions import revised_sheets
from billing.queries.claim_files import claim_sums
from billing.queries.claim_statements import claim_month
from billing.queries.differences import differing_months
from billing.queries.fee_tables import fee_tables
from billing.queries.verify import broken_closings
from billing.rules.cap_management import Rank
from billing.rules.cap_sheet import OfficeFigures, made_sheet
from billing.rules.difference import OTHER_LINES, SHEET_ALONE, SHEET_STEP
from billing.tariffs import NoTariff
from plans.actions.correction import correct_cap
from plans.actions.report import share_report
from plans.models import CapPeriod, SupportReport
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.billing.fees import confirm, read_table
from tests.billing.hand import claims
from tests.billing.hand.compared import close, code, codes, people, same
from tests.billing.hand.sheet import DESKS, MONTHS, OUT, PLAIN, Hand
from tests.billing.hand.world import APRIL, live, number_of
from tests.cast import meet, report

JUNE_2 = date(2026, 6, 2)


def who(world, desk="95", on=JUNE_2):
    return {"by": world.staff[desk], "at": at_noon(on)}


def row_of(world, key, month=APRIL):
    rows = PersonMonth.objects.standing().filter(month=month.first_day)
    return rows.get(enrolment=world.people[key])


def make(world, desk="95", month=APRIL, on=JUNE_2):
    return make_claim_files(office=world.offices[desk], month=month, **who(world, desk, on))


def sums(row):
    return (row.units, row.total_cost_yen, row.copayment_yen, row.benefit_yen)


def test_late_returned_and_put_right_in_one_later_file(world):
    close(world, "95")
    made = make_claim_files(office=world.offices["95"], month=APRIL, **world.who("95"))
    # 月遅れ: the report was given on 2 June. 返戻: as it was. 過誤: the cap was 2,000 yen, not 9,300.
    late = world.people["report_not_given"]
    share_report(report=SupportReport.objects.get(enrolment=late), recipient="person",
                 shared_on=JUNE_2, way="handed", **who(world))  # fmt: skip
    close_month(office=world.offices["95"], month=APRIL, **who(world))
    back = ClaimFileEntry.objects.filter(
        file=made[0], person_month__enrolment=world.people["two_days"]
    )
    record_returns(entries=list(back), **who(world))
    cap = CapPeriod.objects.get(client=world.people["plain"].client)
    right = {"first_month": cap.first_month, "last_month": None, "category": "general_1",
             "cap_yen": 2_000}  # fmt: skip
    correct_cap(cap=cap, changes=right, reason="書き間違い", **who(world))
    new = correct_month(row=row_of(world, "plain"), reason="right", filed_on=JUNE_2, **who(world))
    assert sums(new) == (3_512, 35_120, 2_000, 33_120)
    again = [
        (number_of("plain"), replace(MONTHS["plain"], cap=2_000, decided=2_000, benefit=33_120)),
        (number_of("two_days"), MONTHS["two_days"]),
        (number_of("report_not_given"), replace(OUT["report_not_given"][1], report_on=JUNE_2)),
    ]
    claim, records = make(world)
    rows = claims.claim(DESKS["95"], "202604", again, codes("95"), code("decided"))
    # 33,120 + 31,608 + 31,608; 3 × 3,512; 3 × 35,120; 2,000 + 3,512 + 3,512.
    assert rows[0][5:12] == ["96336", "3", "10536", "105360", "96336", "", "9024"]
    same(claim, rows, "202606")
    same(records, claims.records(DESKS["95"], "202604", again), "202606")
    assert list(broken_closings()) == []


def test_withdrawn_as_a_whole_it_is_claimed_no_more(world):
    close(world, "80")
    make_claim_files(office=world.offices["80"], month=APRIL, **world.who("80"))
    gone = withdraw_month(
        row=row_of(world, "t80"), reason="not_billable", filed_on=JUNE_2, **who(world, "80")
    )
    assert sums(gone) == (0, 0, 0, 0)
    left = PersonMonth.objects.standing().filter(closing__office=world.offices["80"])
    # 36,467 + 17,987; 2,000 + 1,798.
    assert sum(row.total_cost_yen for row in left) == 54_454
    assert sum(row.copayment_yen for row in left) == 3_798


OTHERS = (("43", 3, 40_000, 400_000, 390_000, 10_000, ""), ("45", 1, 500, 5_000, 4_500, 200, 300))


@pytest.mark.parametrize("way", ["together", "apart"])
def test_a_number_shared_with_other_services(world, way):
    office = world.offices["50"]
    office.shares_number = True
    office.save()
    close(world, "50")
    choose_claim_way(office=office, invoice_way=way, omits_names=False, **world.who("50"))
    names = ("service_type", "count", "units", "total_cost_yen", "benefit_yen", "copayment_yen",
             "subsidy_yen")  # fmt: skip
    for other in OTHERS:
        record_other_sum(
            office=office, month=APRIL, municipality=world.cast.wards[2],
            **{name: value for name, value in zip(names, other, strict=True) if value != ""},
            **world.who("50"),
        )  # fmt: skip
    rows = claims.claim(DESKS["50"], "202604", people("50"), codes("50"), code("decided"), OTHERS)
    # 7,461 + 3,735 + 15,561 + 390,000 + 4,500 = 421,257; with 300 of the subsidy 421,557.
    assert rows[0][5:13] == [
        "421557", "7", "43473", "434730", "421257", "", "13173", "300",
    ]  # fmt: skip
    if way == "apart":
        rows = [row for row in rows if row[0] != "J111"]
    claim, _records = make_claim_files(office=office, month=APRIL, **world.who("50"))
    same(claim, rows)


def test_the_tier_changes_with_the_fiscal_year(world):
    march, day = Month(2026, 3), date(2026, 3, 12)
    meet(world.people["plain"], world.staff["95"], day)
    report(world.people["plain"], world.staff["95"], day)
    close_month(office=world.offices["95"], month=march, **world.who("95"))
    # 70 % in the year to March: 2,234 units.
    assert sums(row_of(world, "plain", march)) == (2_234, 22_340, 2_234, 20_106)


def test_the_first_months_of_the_percentage(world):
    office, by = world.offices["30"], world.staff["30"]
    day = date(2024, 4, 10)
    confirm_tier(
        office=office, fiscal_year=2024, tier="90", notified_on=day, by=by, at=at_noon(day)
    )
    notify_item(office=office, item="treatment_1", first_month=date(2024, 5, 1), by=by,
                last_month=date(2024, 6, 1), notified_on=day, at=at_noon(day))  # fmt: skip
    early = Hand(
        "30", *PLAIN, employed_on=date(2023, 10, 1), starts_on=date(2024, 5, 1), has_plan=False
    )
    person = world.people["early"] = live(world, early, 99)
    for month in (5, 6):
        meet(person, by, date(2024, month, 9))
        report(person, by, date(2024, month, 9))
        close_month(office=office, month=Month(2024, month), by=by, at=at_noon(date(2024, 7, 3)))
    # 3,348 × 0.7 = 2,343.6 → 2,344, without the percentage: × 10.23 = 23,979.12 → 23,979; 2,397.
    assert sums(row_of(world, "early", Month(2024, 5))) == (2_344, 23_979, 2_397, 21_582)
    # From June 10.3 %: 241.432 → 241; 2,585 × 10.23 = 26,444.55 → 26,444; 2,644.
    assert sums(row_of(world, "early", Month(2024, 6))) == (2_585, 26_444, 2_644, 23_800)


def test_another_fee_table_in_june_changes_nothing_of_april(world):
    close(world, "90")
    before = sums(row_of(world, "t90"))
    table = read_table(world.cast, changed={"t90": "3,400", "treatment_1": "12.0"})
    confirm(world.cast, table)
    june, july_3 = Month(2026, 6), date(2026, 7, 3)
    meet(world.people["t90"], world.staff["90"], date(2026, 6, 9))
    report(world.people["t90"], world.staff["90"], date(2026, 6, 9))
    close_month(office=world.offices["90"], month=june, **who(world, "90", july_3))
    # 3,400 + 300 = 3,700; 12 % = 444; 4,144 × 10.17 = 42,144.48 → 42,144; 4,214.
    assert sums(row_of(world, "t90", june)) == (4_144, 42_144, 4_214, 37_930)
    assert sums(row_of(world, "t90")) == before
    assert differing_months(world.offices["90"], APRIL, june, july_3).rows == ()
    assert list(broken_closings()) == []
    with pytest.raises(NoTariff, match="2027年4月"):
        fee_tables().of(Month(2027, 4))


def test_a_sheet_of_ours_sent_again_as_corrected(world):
    close(world, "95")
    make_claim_files(office=world.offices["95"], month=APRIL, **world.who("95"))
    person = world.people["three_offices"]
    own = own_month(person, APRIL, JUNE_2)
    # The day service had reported too much: 3,662 + 4,000 + 2,000 = 9,662 > 9,300; 3,662, 2,000, 3,638.
    told = [OfficeFigures("1510000010", "よそ0", Rank("4_short_stay"), 40_000, 4_000),
            OfficeFigures("1510000011", "よそ1", Rank("1_day"), 20_000, 2_000)]  # fmt: skip
    record_made_sheet(
        enrolment=person, month=APRIL, support=own.support, cap_yen=9_300, decided_on=JUNE_2,
        sheet=made_sheet(9_300, own.figures(person.office), told), reason="訂正の報告", **who(world),
    )  # fmt: skip
    (differs,) = differing_months(world.offices["95"], APRIL, APRIL, JUNE_2).rows
    assert differs.found.changes == (OTHER_LINES,)
    assert (differs.found.benefit_yen, differs.found.payable_yen) == (0, 0)
    assert differs.steps == (SHEET_STEP + SHEET_ALONE,)
    row = row_of(world, "three_offices")
    correct_month(row=row, reason="cap", filed_on=JUNE_2, **who(world))
    others = (("4_short_stay", 40_000, 4_000, 3_638), ("1_day", 20_000, 2_000, 2_000))
    again = [(number_of("three_offices"), replace(MONTHS["three_offices"], others=others))]
    files = make(world)
    rows = claims.claim(DESKS["95"], "202604", again, codes("95"), code("decided"))
    same(files[0], rows, "202606")
    sheet = claims.sheets(DESKS["95"], "202604", again, kind=2)
    # 36,620 + 40,000 + 20,000; 9,662; 9,300.
    assert sheet[0][11:] == ["96620", "9662", "9300"]
    same(files[2], sheet, "202606")


@pytest.mark.parametrize("is_made", [False, True])
def test_the_sums_for_other_software(world, is_made):
    """By municipality, before and after the files: what stands in their J111."""
    close(world, "95")
    if is_made:
        make_claim_files(office=world.offices["95"], month=APRIL, **world.who("95"))
    found = claim_sums(
        world.offices["95"], claim_month(world.offices["95"], APRIL, world.cast.today)
    )
    rows = claims.claim(DESKS["95"], "202604", people("95"), codes("95"), code("decided"))
    by_hand = [
        tuple(row[place - 1] for place in (4, 7, 8, 9, 10, 12, 13))
        for row in rows
        if row[:2] == ["J111", "01"]
    ]
    told = [
        (each.code, each.people, each.units, each.total_cost_yen, each.benefit_yen,
         each.copayment_yen, each.subsidy_yen or "")
        for each in found
    ]  # fmt: skip
    assert [tuple(map(str, each)) for each in sorted(told)] == by_hand
    # 北区: no_yen, network_2, half_subsidised. 3,512 + 3,917 + 3,512; 35,120 + 39,170 + 35,120;
    # 35,120 + 35,253 + 31,608; 0 + 3,917 + 1,756 yen to pay, 1,756 yen of the subsidy.
    assert by_hand[0] == ("151019", "3", "10941", "109410", "101981", "5673", "1756")


def test_a_sheet_of_ours_put_right_alone(world):
    """K2606001 as it goes out: 作成区分 2, and neither claim nor invoice anew."""
    close(world, "95")
    make_claim_files(office=world.offices["95"], month=APRIL, **world.who("95"))
    person = world.people["three_offices"]
    own = own_month(person, APRIL, JUNE_2)
    # 3,662 + 4,000 + 2,000 = 9,662 > 9,300; 3,662, 2,000, 3,638.
    told = [OfficeFigures("1510000010", "よそ0", Rank("4_short_stay"), 40_000, 4_000),
            OfficeFigures("1510000011", "よそ1", Rank("1_day"), 20_000, 2_000)]  # fmt: skip
    record_made_sheet(
        enrolment=person, month=APRIL, support=own.support, cap_yen=9_300, decided_on=JUNE_2,
        sheet=made_sheet(9_300, own.figures(person.office), told), reason="訂正の報告", **who(world),
    )  # fmt: skip
    (due,) = revised_sheets(world.offices["95"], APRIL, JUNE_2)
    papers = Invoice.objects.count()
    file = revise_cap_sheets(
        office=world.offices["95"], month=APRIL, sheets=[due.sent.entry.pk], **who(world)
    )
    assert (file.name, file.number) == ("K2606001.CSV", 1)
    same(file, [
        ["J411", "01", "202604", "2", "151035", "1511000095", number_of("three_offices"), "ﾃｹｲ ｻﾝ",
         "", "9300", "3", "96620", "9662", "9300"],
        *[["J411", "02", "202604", "151035", "1511000095", number_of("three_offices"), *line]
          for line in (["1", "1511000095", "36620", "3662", "3662"],
                       ["2", "1510000010", "40000", "4000", "3638"],
                       ["3", "1510000011", "20000", "2000", "2000"])],
    ], "202606")  # fmt: skip
    assert Invoice.objects.count() == papers
    assert differing_months(world.offices["95"], APRIL, APRIL, JUNE_2).rows == ()
