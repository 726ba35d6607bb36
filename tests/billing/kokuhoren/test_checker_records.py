"""Each rule of the checker for service records and cap sheets, broken once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from billing.kokuhoren.statement import CapRow, ServiceDay
from tests.billing.kokuhoren.cases import (
    OFFICE,
    OTHER_OFFICE,
    THIRD_OFFICE,
    assert_told,
    cap_sheet,
    caps,
    found,
    records,
    service_record,
    with_value,
)

# --- Service records ------------------------------------------------------------------------------

# Lines: 1 control, 2 J611 01, 3 and 4 its days (3rd and 20th), 5 end. No remark: no quotes inside.
PLAIN = records(service_record(days=(ServiceDay(3), ServiceDay(20, liaison="1"))))


@pytest.mark.parametrize(
    ("line", "position", "value", "at", "field", "words"),
    [
        (2, 37, "1", 2, "合計算定日数（日）", "「算定日数」のある日は2日"),
        (2, 123, "1", 2, "特別地域加算（回）", "「特別地域加算」のある日は0日"),
        (2, 146, "", 2, "定着支援連携促進加算（回）", "のある日は1日"),
        (2, 146, "2", 2, "定着支援連携促進加算（回）", "月1回まで"),
        (2, 64, "20260501", 2, "利用開始日（年月日）", "サービス提供年月よりあと"),
        (2, 153, "20260331", 2, "支援レポート共有日（年月日）", "より前の日"),
        (2, 153, "20260601", 2, "支援レポート共有日（年月日）", "処理対象年月（2026年5月）より後"),
        (2, 153, "", 2, "支援レポート共有日（年月日）", "空欄にできない"),
        (2, 7, "2202", 2, "様式種別番号", "いつも「2201」"),
        (3, 9, "31", 3, "日付", "2026年4月にない日"),
        (3, 9, "00", 3, "日付", "2026年4月にない日"),
        (3, 9, "3", 3, "日付", "数字2桁"),
        (3, 9, "20", 4, "日付", "同じ日が3行目"),
        (3, 9, "21", 4, "日付", "日の順"),
        (3, 45, "2", 3, "算定日数", "1を書くか、空欄"),
        (4, 90, "3", 4, "定着支援連携促進加算", "1か2を書くか、空欄"),
        (4, 6, "9100000029", 4, "行全体", "実績記録票（J611:01）の行がありません"),
    ],
)
def test_one_wrong_value_in_a_record(line, position, value, at, field, words):
    assert found(PLAIN) == []
    assert_told(with_value(PLAIN, line, position, value), at, field, words)


def test_a_record_without_a_day_that_counts():
    source = records(service_record(days=(ServiceDay(3, is_counted=False),)))
    assert_told(source, 2, "合計算定日数（日）", "算定する支援のない月", is_doubt=True)


def test_a_first_day_of_use_before_the_month_is_looked_at():
    """初期加算 may be billed in a month after the one in which use began: no fault."""
    source = records(service_record(first_use_on=date(2026, 3, 20)))
    words = "サービス提供年月より前"
    assert_told(source, 2, "利用開始日（年月日）", words, is_doubt=True)


def test_a_record_shared_in_the_next_month_is_sound():
    assert found(records(service_record(report_shared_on=date(2026, 5, 8)))) == []


# --- Cap sheets -----------------------------------------------------------------------------------


def test_results_that_cannot_be():
    wrong = caps(replace(cap_sheet("3"), result="1"))
    assert_told(wrong, 3, "管理結果後利用者負担額", "（上限月額）は9,300")
    assert_told(wrong, 4, "管理結果後利用者負担額", "ほかの事業所の額は0")
    wrong = caps(replace(cap_sheet("3"), result="2"))
    assert_told(wrong, 5, "管理結果後利用者負担額", "管理の前と同じ）は3,512")
    assert_told(wrong, 2, "管理結果", "2にはなりません")
    assert_told(caps(replace(cap_sheet("2"), result="3")), 2, "管理結果", "3にはなりません")
    assert_told(caps(replace(cap_sheet("2"), result="9")), 2, "管理結果", "1・2・3のどれか")
    less = (CapRow(OFFICE, 93000, 9300, 9300), CapRow(OTHER_OFFICE, 35120, 3512, 1))
    assert_told(
        caps(cap_sheet("3", rows=less)),
        2,
        "合計 管理結果後利用者負担額",
        "結果3の合計（上限月額）は9,300",
    )


SHEET = caps(cap_sheet("3", kana="ミホン"))


@pytest.mark.parametrize(
    ("line", "position", "value", "at", "field", "words"),
    [
        (2, 4, "4", 2, "作成区分", "1（新規）・2（修正）・3（取消し）"),
        (2, 12, "1", 2, "合計 総費用額", "行の合計は105,120"),
        (2, 13, "1", 2, "合計 利用者負担額", "行の合計は10,512"),
        (2, 14, "1", 2, "合計 管理結果後利用者負担額", "行の合計は9,300"),
        (3, 7, "2", 3, "項番", "1から順に）は1"),
        (3, 8, "1599900049", 3, "事業所番号", "1番目は上限額管理事業所"),
        (4, 8, OTHER_OFFICE, 5, "事業所番号", "同じ事業所が4行目"),
        (4, 10, "9301", 4, "利用者負担額", "上限月額の9,300円を超えて"),
        (4, 10, "3001", 4, "利用者負担額", "1割の3,000円を超えて"),
        (4, 11, "3001", 4, "管理結果後利用者負担額", "管理の前の額を超えて"),
    ],
)
def test_one_wrong_value_in_a_cap_sheet(line, position, value, at, field, words):
    assert found(SHEET) == []
    assert_told(with_value(SHEET, line, position, value), at, field, words)


@pytest.mark.parametrize(
    ("rows", "line", "field", "words"),
    [
        # The managing office, with 4,000 of its own, lets others pay before it.
        (
            (CapRow(OFFICE, 40000, 4000, 2800), CapRow(OTHER_OFFICE, 65000, 6500, 6500)),
            3, "管理結果後利用者負担額", "先に徴収する管理事業所の額は4,000",
        ),
        # Two of the others pay a part: whatever the order, only one can.
        (
            (
                CapRow(OFFICE, 40000, 4000, 4000), CapRow(THIRD_OFFICE, 30000, 3000, 2650),
                CapRow(OTHER_OFFICE, 35120, 3512, 2650),
            ),
            5, "管理結果後利用者負担額", "4行目も一部だけ",
        ),
        (
            (CapRow(OFFICE, 120000, 9300, 9300), CapRow(OTHER_OFFICE, 35120, 3512, 0)),
            2, "管理結果", "管理結果は1です",
        ),
    ],
)  # fmt: skip
def test_the_order_of_collection(rows, line, field, words):
    assert_told(caps(cap_sheet("3", rows=rows)), line, field, words)


def test_an_office_may_pay_nothing_where_the_cap_is_reached_before_it():
    rows = (
        CapRow(OFFICE, 63000, 6300, 6300), CapRow(THIRD_OFFICE, 30000, 3000, 3000),
        CapRow(OTHER_OFFICE, 35120, 3512, 0),
    )  # fmt: skip
    assert found(caps(cap_sheet("3", kana="ミホン", rows=rows))) == []


def test_a_figure_below_what_is_due_is_to_be_looked_at():
    rows = (CapRow(OFFICE, 30000, 3000, 3000), CapRow(OTHER_OFFICE, 82000, 2000, 2000))
    assert_told(caps(cap_sheet("2", rows=rows)), 4, "利用者負担額", "8,200円", is_doubt=True)
    assert not [each for each in found(caps(cap_sheet("2", rows=rows))) if not each.is_doubt]


def test_a_sheet_to_look_at():
    alone = (CapRow(OFFICE, 30000, 3000, 3000),)
    assert_told(caps(cap_sheet("2", rows=alone)), 2, "レコード種別コード", "2つ以上", is_doubt=True)
    free = (CapRow(OFFICE, 30000, 0, 0), CapRow(OTHER_OFFICE, 30000, 0, 0))
    assert_told(
        caps(cap_sheet("2", cap_yen=0, rows=free)), 2, "利用者負担上限月額", "0円", is_doubt=True
    )
