"""Each rule of the checker, broken once: the finding stands at its line and field, with its reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from billing.kokuhoren import writer
from billing.kokuhoren.statement import Invoice, ManagedCap, Subsidy
from teikyaku import figures
from tests.billing.kokuhoren.cases import (
    APRIL,
    EAST,
    OFFICE,
    OTHER_OFFICE,
    assert_told,
    cap_sheet,
    caps,
    claim,
    found,
    records,
    renumbered,
    service_record,
    statement,
    with_value,
    without_line,
)

HIGHEST = "cap.general_2"
MANAGED = claim(statement(managed=ManagedCap(OTHER_OFFICE, "3", 2300)))
HELPED = claim(statement(subsidy=Subsidy("151001", 1000)))


# --- One value of a sound file of one person: line, position, another value; field and reason ------

# Lines: 1 control, 2 J111 01, 3 J111 02, 4 J121 01, 5 02, 6 03, 7 04, 8 05, 9 end.
VALUES = [
    (1, 2, "5", "レコード番号", "この行は1です"),
    (1, 3, "1", "ボリューム通番", "いつも「0」"),
    (1, 4, "8", "レコード件数", "7行あります"),
    (1, 5, "J61", "データ種別", "J11です"),
    (1, 6, "151035", "市町村番号", "いつも「0」"),
    (1, 7, "15999", "事業所番号", "数字10桁"),
    (1, 10, "202613", "処理対象年月", "年月（YYYYMM）ではありません"),
    (2, 6, "31609", "請求金額", "給付費請求額と自治体助成額の合計は31,608"),
    (2, 7, "2", "件数", "明細書の合計は1"),
    (2, 8, "3513", "単位数", "明細書の合計は3,512"),
    (2, 9, "35121", "費用合計", "明細書の合計は35,120"),
    (2, 10, "31609", "給付費請求額", "明細書の合計は31,608"),
    (2, 12, "3511", "利用者負担額", "明細書の合計は3,512"),
    (2, 13, "10", "自治体助成額", "自治体助成の有無"),
    (2, 17, "2", "件数", "前の「件数」との合計は1"),
    (2, 18, "1", "単位数", "前の「単位数」"),
    (2, 19, "1", "費用合計", "前の「費用合計」"),
    (2, 20, "1", "給付費請求額", "前の「給付費請求額」"),
    (2, 22, "1", "利用者負担額", "前の「利用者負担額」"),
    (2, 23, "1", "自治体助成額", "書いてあるかどうか"),
    (3, 8, "2", "件数", "明細書の件数は1"),
    (2, 5, "1599900023", "事業所番号", "コントロール行の事業所番号"),
    (3, 4, "151027", "レコード種別コード", "すぐ後に置きます"),
    (3, 3, "202603", "レコード種別コード", "すぐ後に置きます"),
    (3, 4, "151027", "市町村番号", "請求書（J111 01）がありません"),
    (3, 6, "2", "給付種別", "いつも「1」"),
    (3, 14, "0", "自治体助成額", "自治体助成の有無"),
    (6, 11, "会議\ue000", "摘要", "外字があります"),
    (4, 4, "151027", "市町村番号", "請求書（J111 01）がありません"),
    (4, 4, "000000", "市町村番号", "未設定"),
    (4, 5, "1599900023", "事業所番号", "コントロール行の事業所番号"),
    (4, 6, "12345", "受給者証番号", "数字10桁"),
    (4, 6, "9100000012", "行全体", "明細書（日数）（J121:02）の行がありません"),
    (4, 7, "151001", "自治体助成分請求額", "そろえて書きます"),
    (4, 8, "yamada", "支給決定者氏名カナ", "英大文字・数字・半角カナだけ"),
    (4, 8, "ﾔ'ﾀﾞ", "支給決定者氏名カナ", "英大文字・数字・半角カナだけ"),
    (4, 8, "ｱ" * 26, "支給決定者氏名カナ", "25バイトまでの項目です（いま26バイト）"),
    (4, 10, "18", "地域区分コード", "11から17か23"),
    (4, 11, "2", "就労継続支援A型事業者負担減免措置実施", "いつも「1」"),
    (4, 12, "", "利用者負担上限月額①", "空欄にできない"),
    (4, 12, "09300", "利用者負担上限月額①", "前に0を付けません"),
    (4, 16, "1", "指定事業所番号", "そろえて書きます"),
    (4, 20, "3511", "給付単位数", "集計の行の「給付単位数」の合計は3,512"),
    (4, 21, "1", "総費用額", "集計の行の「総費用額」"),
    (4, 22, "1", "上限月額調整（①②の内少ない数）", "集計の行"),
    (4, 25, "1", "調整後利用者負担額", "書いてあるかどうか"),
    (4, 27, "1", "決定利用者負担額", "集計の行"),
    (4, 28, "1", "給付費", "集計の行"),
    (5, 7, "46", "サービス種類コード", "いつも「47」"),
    (5, 7, "46", "サービス種類コード", "集計の行（04）にない"),
    (5, 8, "20260501", "開始年月日", "サービス提供年月より後"),
    (5, 8, "20260230", "開始年月日", "日付（YYYYMMDD）ではありません"),
    (5, 8, "2026", "開始年月日", "数字8桁"),
    (5, 9, "20260501", "終了年月日", "月の中の日ではありません"),
    (5, 9, "20250901", "終了年月日", "開始年月日より前"),
    (5, 10, "31", "利用日数", "30日まで"),
    (6, 7, "46ZZ01", "サービスコード", "集計の行にない"),
    (6, 7, "47ZZ", "サービスコード", "6文字"),
    (6, 8, "3513", "サービス単位数", "単位数×回数は3,513"),
    (6, 8, "-0", "単位数", "整数の項目"),
    (6, 9, "0", "回数", "1以上"),
    (6, 10, "1", "サービス単位数", "単位数×回数"),
    (6, 11, "ABC", "摘要", "全角文字だけ"),
    (7, 8, "2", "集計欄分類番号", "いつも「1」"),
    (7, 10, "3511", "給付単位数", "明細のサービス単位数の合計は3,512"),
    (7, 11, "10170", "総費用額", "給付単位数×単価（円未満切り捨て）は35,717"),
    (7, 11, "0", "単位数単価", "0より大きい"),
    (7, 12, "90", "給付率", "いつも「0」"),
    (7, 13, "35119", "総費用額", "給付単位数×単価"),
    (7, 14, "3511", "１割相当額（サービス提供年月が平成24年3月以前：給付率に基づく請求額）", "1割"),
    (7, 15, "1", "利用者負担額②（サービス提供年月が平成24年3月以前：給付率に基づく利用者負担額②）", "1割相当額は3,512"),
    (7, 16, "3000", "上限月額調整（①②の内少ない数）", "上限月額と1割の少ない方は3,512"),
    (7, 19, "4000", "調整後利用者負担額", "前の段階の額を超えています"),
    (7, 20, "3513", "上限額管理後利用者負担額", "前の段階の額を超えています"),
    (7, 21, "3000", "決定利用者負担額", "した後の額は3,512"),
    (7, 22, "31607", "給付費", "総費用額−決定利用者負担額は31,608"),
    (8, 7, "46ZZ00", "決定サービスコード", "集計の行（04）にない"),
    (8, 7, "47", "決定サービスコード", "6文字"),
    (8, 8, "0450", "契約支給量", "前に0を付けない"),
    (8, 9, "20260501", "契約開始年月日", "サービス提供年月より後"),
    (8, 10, "20250930", "契約終了年月日", "契約開始年月日より前"),
    (8, 10, "20260331", "契約終了年月日", "より前に終わった契約"),
    (9, 2, "8", "レコード番号", "この行は9です"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "position", "value", "field", "words"),
    VALUES,
    ids=[f"{line}-{position}-{value[:12]}" for line, position, value, *_rest in VALUES],
)
def test_one_wrong_value(line, position, value, field, words):
    source = with_value(claim(), line, position, value)
    assert_told(source, line, field, words)


@pytest.mark.parametrize(
    ("position", "field"),
    [(9, "単位数"), (10, "費用合計"), (11, "給付費請求額"), (13, "利用者負担額")],
)
def test_an_invoice_with_its_service_types(position, field):
    source = with_value(claim(), 3, position, "1")
    assert_told(source, 2, field, "サービス種類ごとの行の合計は1")


def test_faults_of_the_writer_are_found(monkeypatch):
    """The checker has its own arithmetic: it does not repeat what the writer gets wrong."""
    right = writer._statement_sums
    monkeypatch.setattr(writer, "_statement_sums", lambda each: {**right(each), 14: 3513, 15: 3513})
    assert_told(claim(), 7, TENTH, "1割（円未満切り捨て）は3,512")
    monkeypatch.setattr(writer, "_statement_sums", right)
    monkeypatch.setattr(Invoice, "with_statement", lambda self, _each: replace(self, count=1))
    assert_told(claim(), 2, "費用合計", "明細書の合計は35,120")


TENTH = "１割相当額（サービス提供年月が平成24年3月以前：給付率に基づく請求額）"


def test_a_month_that_is_not_over_when_it_is_claimed():
    assert_told(
        with_value(claim(), 1, 10, "202604"),
        2,
        "サービス提供年月",
        "処理対象年月（2026年4月）より前",
    )


DOUBTS = [
    (4, 4, "151036", "市町村番号", "最後の桁が計算と合いません"),
    (4, 14, "01", "障害支援区分コード", "就労定着支援では空欄"),
    (4, 12, "93000", "利用者負担上限月額①", "高くても37,200円"),
    (7, 11, "10170", "単位数単価", "単価は10.00円"),
    (5, 10, "0", "利用日数", "利用した日がない"),
    (5, 10, "3", "サービス利用日数", "日数の行では「3」"),
]


@pytest.mark.parametrize(("line", "position", "value", "field", "words"), DOUBTS)
def test_one_value_to_look_at(line, position, value, field, words):
    at = 7 if field == "サービス利用日数" else line
    assert_told(with_value(claim(), line, position, value), at, field, words, is_doubt=True)


def test_the_highest_cap_is_that_of_the_month(monkeypatch):
    """The dated figure, so that a new one needs no second place."""
    high = with_value(claim(), 4, 12, "93000")
    words = "負担上限月額は、高くても"
    assert any(words in each.reason for each in found(high))
    newer = [replace(row, last_month=APRIL - 1) for row in figures.packaged() if row.key == HIGHEST]
    newer += [replace(row, value=93_000, first_month=APRIL, last_month=None) for row in newer]
    monkeypatch.setattr(figures, "_packaged_of", lambda _key: tuple(newer))
    assert not any(words in each.reason for each in found(high))


# --- Cap management in a statement ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("position", "value", "field", "words"),
    [
        (16, "4", "管理結果", "1・2・3のどれか"),
        (16, "1", "管理結果額", "ほかの事業所の額は0"),
        (16, "2", "管理結果額", "管理の前と同じ）は3,512"),
        (17, "4000", "管理結果額", "管理の前の額を超えています"),
        (17, "2200", "上限額管理後利用者負担額", "管理結果額は2,200"),
        (26, "", "上限額管理後利用者負担額", "4項目は、そろえて"),
        (15, "", "指定事業所番号", "4項目は、そろえて"),
    ],
)
def test_a_managed_cap_that_cannot_be(position, value, field, words):
    assert found(MANAGED) == []
    assert_told(with_value(MANAGED, 4, position, value), 4, field, words)


def test_the_manager_of_result_1_fills_the_cap():
    full = claim(statement(9300 * 10, cap=9300, managed=ManagedCap(OFFICE, "1", 9300)))
    assert found(full) == []
    assert_told(
        with_value(full, 4, 17, "9200"), 4, "管理結果額", "管理事業所の額（上限月額）は9,300"
    )


def test_a_cap_of_0_is_hardly_managed():
    source = claim(statement(cap=0, managed=ManagedCap(OTHER_OFFICE, "2", 0)))
    assert_told(source, 4, "利用者負担上限月額①", "ふつう上限額管理をしません", is_doubt=True)


def test_a_subsidy_above_the_copayment():
    assert found(HELPED) == []
    assert_told(
        with_value(HELPED, 4, 31, "3513"), 4, "自治体助成分請求額", "決定利用者負担額を超えて"
    )
    assert_told(with_value(HELPED, 4, 7, ""), 4, "助成自治体番号", "そろえて書きます")
    assert_told(with_value(HELPED, 2, 13, "999"), 2, "自治体助成額", "自治体助成の合計は1,000")


# --- Lines: missing, twice, out of order ----------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "told_at", "field", "words"),
    [
        (1, 1, "行全体", "1行目がコントロール行"),
        (2, 2, "市町村番号", "請求書（J111 01）がありません"),
        (3, 2, "レコード種別コード", "サービス種類ごとの行（J111 02）がありません"),
        (4, 4, "行全体", "明細書（J121:01）の行がありません"),
        (5, 4, "行全体", "明細書（日数）（J121:02）の行がありません"),
        (6, 4, "行全体", "明細書（サービスコード）（J121:03）の行がありません"),
        (7, 4, "行全体", "明細書（集計）（J121:04）の行がありません"),
        (8, 4, "行全体", "明細書（契約）（J121:05）の行がありません"),
        (9, 8, "ファイル全体", "エンド行（3で始まる行）がありません"),
    ],
)
def test_a_line_that_is_missing(line, told_at, field, words):
    assert_told(without_line(claim(), line), told_at, field, words)


def lines_of(source: bytes) -> list[bytes]:
    return source.split(b"\r\n")


def test_lines_out_of_order():
    lines = lines_of(claim())
    lines[5], lines[6] = lines[6], lines[5]
    assert_told(renumbered(lines), 7, "レコード種別コード", "04の行より前に置きます")


def test_a_statement_before_its_invoice():
    lines = lines_of(claim())
    moved = renumbered([lines[0], *lines[3:8], *lines[1:3], *lines[8:]])
    assert_told(moved, 7, "市町村番号", "明細書より前に置きます")


def test_an_invoice_without_statements():
    lines = lines_of(
        claim(statement(), replace(statement(), municipality=EAST, certificate="9100000029"))
    )
    # Control, two pairs of J111, the first person's five lines, end.
    assert_told(
        renumbered([*lines[:10], *lines[-2:]]), 2, "市町村番号", "明細書（J121）がありません"
    )


def test_the_same_invoice_twice():
    lines = lines_of(claim())
    twice = renumbered([*lines[:3], *lines[1:3], *lines[3:]])
    assert_told(twice, 4, "市町村番号", "請求書は2行目にもあります")
    assert_told(
        renumbered([*lines[:3], lines[2], *lines[3:]]), 4, "サービス種類コード", "2つあります"
    )


def test_the_same_person_twice():
    assert_told(
        claim(statement(), statement()), 9, "受給者証番号", "この方のこの月は4行目にもあります"
    )
    assert_told(records(service_record(), service_record()), 5, "受給者証番号", "2行目にもあります")
    assert_told(caps(cap_sheet(), cap_sheet()), 6, "受給者証番号", "2行目にもあります")


def test_the_same_number_in_another_municipality_or_month_is_somebody_else():
    other = statement(municipality=EAST)
    late = statement(month=APRIL - 1)
    assert found(claim(statement(), other, late)) == []


def test_families_that_do_not_go_together():
    lines, record_lines_ = lines_of(claim()), lines_of(records())
    mixed = renumbered([*lines[:8], *record_lines_[1:4], *lines[8:]])
    assert_told(mixed, 9, "交換情報識別番号", "J111のファイルにJ611は入れません")


def test_a_control_line_inside_and_lines_after_the_end():
    lines = lines_of(claim())
    assert_told(renumbered([*lines[:4], lines[0], *lines[4:]]), 5, "行全体", "1行目だけ")
    assert_told(renumbered([*lines[:9], lines[7], b""]), 10, "行全体", "エンド行より後")


def test_a_file_without_data():
    lines = lines_of(claim())
    assert_told(renumbered([lines[0], lines[8], b""]), 0, "ファイル全体", "データの行")


def test_the_same_code_twice_is_to_be_looked_at():
    lines = lines_of(claim())
    twice = renumbered([*lines[:6], lines[5], *lines[6:]])
    assert_told(twice, 7, "サービスコード", "6行目にもあります", is_doubt=True)


@pytest.mark.parametrize("name", ["S2605001.CSV", "a.csv", "CLAIM_1.CSV"])
def test_a_name_that_may_be(name):
    assert found(claim(), name) == []


@pytest.mark.parametrize(
    "name", ["1CLAIM.CSV", "CLAIM26050.CSV", "S1.TXT", "請求.CSV", "S1 (1).CSV", ".CSV"]
)
def test_a_name_that_may_not_be(name):
    assert [each.field for each in found(claim(), name)] == ["ファイル名"]


def test_a_contract_of_more_days_than_a_month_has():
    assert_told(with_value(claim(), 8, 8, "99999"), 8, "契約支給量", "31日", is_doubt=True)
    assert found(with_value(claim(), 8, 8, "3100")) == []


def test_who_manages_collects_first_in_the_statement_too():
    own = claim(statement(managed=ManagedCap(OFFICE, "3", 2300)))
    assert_told(own, 4, "管理結果額", "管理の前と同じ）は3,512")
