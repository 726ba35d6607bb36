"""Claim files against bytes that were written by hand from the layouts, comma by comma."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.kokuhoren.fields import ValueDoesNotFit
from billing.kokuhoren.statement import (
    ContractEntry,
    ManagedCap,
    ServiceDay,
    ServiceLine,
    Statement,
    Subsidy,
)
from billing.kokuhoren.writer import CAPS, CLAIM, RECORDS, claim_lines, file_name
from tests.billing.kokuhoren.cases import (
    APRIL,
    EAST,
    MAY,
    OFFICE,
    OTHER_OFFICE,
    cap_sheet,
    caps,
    cells,
    claim,
    found,
    records,
    service_record,
    statement,
)

ONE_PERSON = """\
1,1,0,7,J11,0,1599900015,0,1,202605,
2,2,J111,01,202604,151035,1599900015,31608,1,3512,35120,31608,,3512,,,,,1,3512,35120,31608,,3512,
2,3,J111,02,202604,151035,1599900015,1,47,1,3512,35120,31608,,3512,
2,4,J121,01,202604,151035,1599900015,9100000011,,"ﾐﾎﾝ ﾀﾛｳ",,23,1,9300,1,,,,,,,3512,35120,3512,,,,,3512,31608,,,,,,,
2,5,J121,02,202604,151035,1599900015,9100000011,47,20251001,,2,,
2,6,J121,03,202604,151035,1599900015,9100000011,47ZZ01,3512,1,3512,
2,7,J121,04,202604,151035,1599900015,9100000011,47,1,2,3512,10000,0,35120,3512,3512,3512,,,,,3512,31608,,,,,,,,,,,
2,8,J121,05,202604,151035,1599900015,9100000011,47ZZ00,3100,20251001,,1
3,9
"""
CAP_OF_ZERO = """\
1,1,0,7,J11,0,1599900015,0,1,202605,
2,2,J111,01,202604,151035,1599900015,27680,1,2768,27680,27680,,0,,,,,1,2768,27680,27680,,0,
2,3,J111,02,202604,151035,1599900015,1,47,1,2768,27680,27680,,0,
2,4,J121,01,202604,151035,1599900015,9100000011,,"ﾐﾎﾝ ﾀﾛｳ",,23,1,0,1,,,,,,,2768,27680,0,,,,,0,27680,,,,,,,
2,5,J121,02,202604,151035,1599900015,9100000011,47,20251001,,2,,
2,6,J121,03,202604,151035,1599900015,9100000011,47ZZ01,2768,1,2768,
2,7,J121,04,202604,151035,1599900015,9100000011,47,1,2,2768,10000,0,27680,2768,2768,0,,,,,0,27680,,,,,,,,,,,
2,8,J121,05,202604,151035,1599900015,9100000011,47ZZ00,3100,20251001,,1
3,9
"""
TWO_MUNICIPALITIES = """\
1,1,0,14,J11,0,1599900015,0,1,202605,
2,2,J111,01,202604,151027,1599900015,24877,1,2468,27641,24877,,2764,,,,,1,2468,27641,24877,,2764,
2,3,J111,02,202604,151027,1599900015,1,47,1,2468,27641,24877,,2764,
2,4,J111,01,202604,151035,1599900015,31608,1,3512,35120,31608,,3512,,,,,1,3512,35120,31608,,3512,
2,5,J111,02,202604,151035,1599900015,1,47,1,3512,35120,31608,,3512,
2,6,J121,01,202604,151035,1599900015,9100000011,,"ﾐﾎﾝ ﾀﾛｳ",,23,1,9300,1,,,,,,,3512,35120,3512,,,,,3512,31608,,,,,,,
2,7,J121,02,202604,151035,1599900015,9100000011,47,20251001,,2,,
2,8,J121,03,202604,151035,1599900015,9100000011,47ZZ01,3512,1,3512,
2,9,J121,04,202604,151035,1599900015,9100000011,47,1,2,3512,10000,0,35120,3512,3512,3512,,,,,3512,31608,,,,,,,,,,,
2,10,J121,05,202604,151035,1599900015,9100000011,47ZZ00,3100,20251001,,1
2,11,J121,01,202604,151027,1599900015,9100000029,,ﾒｱﾘｰ,,11,1,9300,1,,,,,,,2468,27641,2764,,,,,2764,24877,,,,,,,
2,12,J121,02,202604,151027,1599900015,9100000029,47,20260401,20260430,1,,
2,13,J121,03,202604,151027,1599900015,9100000029,47ZZ01,2468,1,2468,
2,14,J121,04,202604,151027,1599900015,9100000029,47,1,1,2468,11200,0,27641,2764,2764,2764,,,,,2764,24877,,,,,,,,,,,
2,15,J121,05,202604,151027,1599900015,9100000029,47ZZ00,450,20260401,20260430,12
3,16
"""
# Office 1599900023 manages: result, amount here, and what follows from it.
MANAGED_HEAD = (
    '2,4,J121,01,202604,151035,1599900015,9100000011,,"ﾐﾎﾝ ﾀﾛｳ",,23,1,9300,1,,1599900023,'
)
MANAGED = {
    "1": ("1,0,,,3512,35120,3512,,,,0,0,35120,,,,,,,", ",,,0,0,35120,,,,,,,,,,,"),
    "2": ("2,3512,,,3512,35120,3512,,,,3512,3512,31608,,,,,,,", ",,,3512,3512,31608,,,,,,,,,,,"),
    "3": ("3,2300,,,3512,35120,3512,,,,2300,2300,32820,,,,,,,", ",,,2300,2300,32820,,,,,,,,,,,"),
}
MANAGED_AMOUNTS = {"1": 0, "2": 3512, "3": 2300}
SUMS_TO_THE_CAP = (
    "2,7,J121,04,202604,151035,1599900015,9100000011,47,1,2,3512,10000,0,35120,3512,3512,3512,"
)
RECORD = (
    "1,1,0,3,J61,0,1599900015,0,1,202605,\n"
    "2,2,J611,01,202604,151035,1599900015,9100000011,2201," + "," * 29 + "2" + "," * 109 + "1"
    + "," * 7 + "20260430" + "," * 19 + "\n"
    "2,3,J611,02,202604,151035,1599900015,9100000011,2201,,03" + "," * 36 + "1" + "," * 68 + "\n"
    "2,4,J611,02,202604,151035,1599900015,9100000011,2201,,20" + "," * 26 + '"会議　職場"' + "," * 10
    + "1" + "," * 45 + "1" + "," * 23 + "\n"
    "3,5\n"
)  # fmt: skip
SHEET = """\
1,1,0,4,J41,0,1599900015,0,1,202605,
2,2,J411,01,202604,1,151035,1599900015,9100000011,"ﾐﾎﾝ ﾀﾛｳ",,9300,3,105120,10512,9300
2,3,J411,02,202604,151035,1599900015,9100000011,1,1599900015,40000,4000,4000
2,4,J411,02,202604,151035,1599900015,9100000011,2,1599900031,30000,3000,3000
2,5,J411,02,202604,151035,1599900015,9100000011,3,1599900023,35120,3512,2300
3,6
"""


def by_hand(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("cp932")


def mary() -> Statement:
    contract = ContractEntry("47ZZ00", Decimal("4.5"), date(2026, 4, 1), date(2026, 4, 30), 12)
    return statement(
        2468, "11.20", municipality=EAST, certificate="9100000029", kana="メアリー",
        area_class="11", days=1, started_on=date(2026, 4, 1), ended_on=date(2026, 4, 30),
        contracts=(contract,),
    )  # fmt: skip


def test_one_person_with_a_cap_of_9300():
    assert claim(statement()) == by_hand(ONE_PERSON)


def test_a_cap_of_0_is_written_as_0():
    assert claim(statement(2768, cap=0)) == by_hand(CAP_OF_ZERO)


def test_one_invoice_for_each_municipality():
    assert claim(statement(), mary()) == by_hand(TWO_MUNICIPALITIES)


@pytest.mark.parametrize("result", ["1", "2", "3"])
def test_a_managed_cap(result):
    managed = ManagedCap(OTHER_OFFICE, result, MANAGED_AMOUNTS[result])
    lines = claim(statement(managed=managed)).decode("cp932").split("\r\n")
    head, sums = MANAGED[result]
    assert lines[3] == MANAGED_HEAD + head
    assert lines[6] == SUMS_TO_THE_CAP + sums
    assert found(claim(statement(managed=managed))) == []


def test_a_service_record():
    assert records() == by_hand(RECORD)


def test_a_cap_sheet():
    assert caps() == by_hand(SHEET)


@pytest.mark.parametrize(
    ("units", "price", "cap", "written"),
    [
        (3512, "10.00", 9300, "3512,10000,0,35120,3512,3512,3512,,,,,3512,31608"),
        (2768, "10.00", 0, "2768,10000,0,27680,2768,2768,0,,,,,0,27680"),
        (4412, "10.00", 37200, "4412,10000,0,44120,4412,4412,4412,,,,,4412,39708"),
        (3512, "10.17", 9300, "3512,10170,0,35717,3571,3571,3571,,,,,3571,32146"),
        (2468, "11.20", 9300, "2468,11200,0,27641,2764,2764,2764,,,,,2764,24877"),
    ],
)
def test_the_worked_examples_of_the_rules(units, price, cap, written):
    source = claim(statement(units, price, cap))
    assert f",47,1,2,{written}," in source.decode("cp932")
    assert found(source) == []


def test_a_subsidy_is_claimed_beside_the_benefit():
    source = claim(statement(subsidy=Subsidy(CENTRAL_CITY, 1000)), mary_here())
    # Claimed = benefit + subsidy; what people pay is less by the subsidy.
    assert cells(source, 2)[7:] == (
        [
            "57485",
            "2",
            "5980",
            "62761",
            "56485",
            "",
            "5276",
            "1000",
            "",
            "",
            "",
            "2",
            "5980",
            "62761",
            "56485",
            "",
            "5276",
            "1000",
        ]
    )
    assert cells(source, 3)[7:] == ["1", "47", "2", "5980", "62761", "56485", "", "5276", "1000"]
    assert found(source) == []


CENTRAL_CITY = "151001"


def mary_here() -> Statement:
    return replace(mary(), municipality="151035")


def test_a_reduction_is_a_line_below_zero():
    lines = (ServiceLine("47ZZ02", 1690, 1), ServiceLine("47ZZ03", -85, 1, "情報公表未報告"))
    source = claim(statement(1605, lines=lines))
    assert ',47ZZ03,-85,1,-85,"情報公表未報告"\r\n'.encode("cp932") in source
    assert found(source) == []


def test_a_late_month_has_an_invoice_of_its_own():
    late = statement(month=APRIL - 1, days=1)
    source = claim(late, statement())
    assert [cells(source, line)[4:6] for line in (2, 4)] == [
        ["202603", "151035"],
        ["202604", "151035"],
    ]
    assert found(source) == []


def test_first_use_and_special_area_in_a_record():
    days = (ServiceDay(1, is_special_area=True), ServiceDay(9, is_counted=False))
    source = records(service_record(first_use_on=date(2026, 4, 1), days=days))
    values = cells(source, 2)
    assert (values[2 + 36], values[2 + 63], values[2 + 122], values[2 + 145]) == (
        "1",
        "20260401",
        "1",
        "",
    )
    assert found(source) == []


@pytest.mark.parametrize("result", ["1", "2", "3"])
def test_cap_sheets_of_every_result_are_sound(result):
    assert found(caps(cap_sheet(result))) == []


def test_what_does_not_fit_names_person_field_and_value():
    long = statement(kana="ア" * 26)
    with pytest.raises(ValueDoesNotFit) as caught:
        claim(long)
    fault = caught.value
    assert (fault.person, fault.record, fault.field) == (
        "見本 太郎",
        "J121:01",
        "支給決定者氏名カナ",
    )
    assert fault.value == "ｱ" * 26
    assert str(fault) == (
        f"見本 太郎：明細書（J121:01）の「支給決定者氏名カナ」が「{'ｱ' * 26}」です。"
        "25バイトまでの項目です（いま26バイト）。"
    )


@pytest.mark.parametrize(
    ("changes", "field", "why"),
    [
        ({"kana": "ヤマダ,タロウ"}, "支給決定者氏名カナ", "「,」は書けません"),
        ({"kana": "ヰトウ"}, "支給決定者氏名カナ", "「ヰ」は書けません"),
        ({"kana": "O'ハラ"}, "支給決定者氏名カナ", "「'」は書けません"),
        ({"area_class": ""}, "地域区分コード", "空欄にできない"),
        ({"area_class": "2"}, "地域区分コード", "数字2桁"),
        ({"municipality": "15103"}, "市町村番号", "数字6桁"),
        ({"days": 100}, "利用日数", "2バイトまで"),
        ({"lines": (ServiceLine("47ZZ01", 3512, 1, "半角 あり"),)}, "摘要", "半角の空白"),
        ({"lines": (ServiceLine("47zz01", 3512, 1),)}, "サービスコード", "「z」は書けません"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)  # fmt: skip
def test_nothing_is_written_in_silence(changes, field, why):
    with pytest.raises(ValueDoesNotFit) as caught:
        claim(statement(**changes))
    assert caught.value.field == field
    assert why in caught.value.reason


def test_a_file_of_nobody_is_refused():
    with pytest.raises(ValueError, match="いません"):
        claim_lines(OFFICE, MAY, ())
    with pytest.raises(TypeError):
        claim_lines(OFFICE, MAY, iter([statement()]))


def test_names_of_files():
    assert file_name(CLAIM, MAY, 1) == "S2605001.CSV"
    assert file_name(RECORDS, MAY, 12) == "J2605012.CSV"
    assert file_name(CAPS, MAY, 999) == "K2605999.CSV"
    for number in (0, 1000):
        with pytest.raises(ValueError, match="999"):
            file_name(CLAIM, MAY, number)


class Crowd:
    """Many people, made anew each time they are walked."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __iter__(self):
        plain = statement()
        return (replace(plain, certificate=f"91{number:08d}") for number in range(self.count))


def test_a_long_file_takes_no_more_memory_than_a_short_one():
    def peak(people: int) -> int:
        tracemalloc.start()
        written = sum(len(line) for line in claim_lines(OFFICE, MAY, Crowd(people)))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert written > people * 400
        return most

    peak(10)  # the layouts are read once
    assert peak(5_000) < peak(50) + 100_000
