"""Sheets as people keep them: where the headings stand, what they mean, what is in a cell."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from openpyxl import Workbook, load_workbook

from plans.exports_move_in import template_workbook
from plans.forms.move_in_cells import Book
from plans.forms.move_in_reader import LineReader
from plans.move_in_columns import COLUMNS, NAMES
from plans.rules.move_in import Head, find_head, guess, known_headings, plain
from teikyaku.sheet_files import cell_name, in_memory, sheets_in

BOOK = Book([], [], {9300: "general_1"})


def head_of(*rows):
    return find_head(list(enumerate(rows, 1)), NAMES)


def test_no_heading_means_two_columns():
    seen = {}
    for field, names in NAMES.items():
        for name in names:
            assert seen.setdefault(plain(name), field) == field, name


def test_headings_of_two_lines_are_one():
    found = head_of(
        ["一覧表"],
        ["氏名", "フリガナ", "生年月日", "受給者証", "受給者証", "契約日"],
        ["氏名", "フリガナ", "生年月日", "番号", "交付日", "契約日"],
        ["山田", "ヤマダ", "S60.4.1", "1", "2", "3"],
    )
    assert found.line == 3
    assert found.headings[3:5] == ("受給者証／番号", "受給者証／交付日")
    assert guess(found.headings, NAMES) == {
        "name": 0, "kana": 1, "birth_date": 2, "number": 3, "issued_on": 4, "signed_on": 5
    }  # fmt: skip


def test_a_heading_that_csv_has_left_in_its_first_cell_reaches_over_its_parts():
    found = head_of(["氏名", "カナ", "生年月日", "受給者証", ""], ["", "", "", "番号", "交付日"])
    assert found.headings == ("氏名", "カナ", "生年月日", "受給者証／番号", "受給者証／交付日")


def test_one_line_is_taken_where_it_says_as_much():
    assert head_of(["2026年度"], ["氏名", "かな", "生年月日"]) == Head(
        2, ("氏名", "かな", "生年月日"), 3
    )


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("＊氏　名", "name"), ("生年月日（西暦）", "birth_date"), ("ﾌﾘｶﾞﾅ", "kana"),
        ("利用者名【漢字】", "name"), ("TEL", "phone"), ("備考", None),
    ],
)  # fmt: skip
def test_headings_are_read_generously(heading, field):
    assert next(iter(guess([heading], NAMES)), None) == field


def test_what_was_told_last_time_goes_before_the_guess():
    known = known_headings(["名前", "本名", "メモ"], {"name": 1})
    assert guess(["名前", "本名", "ふりがな"], NAMES, known) == {"name": 1, "kana": 2}


def test_merged_cells_hold_their_text_everywhere():
    book = Workbook()
    page = book.active
    page["A1"], page["A2"], page["C2"] = "住所", "上", "右"
    page.merge_cells("A1:B1")
    page.merge_cells("A2:A3")
    page["C3"] = 12.0
    file = BytesIO()
    book.save(file)
    (sheet,) = sheets_in(file)
    assert sheet.rows == [(1, ["住所", "住所"]), (2, ["上", "", "右"]), (3, ["上", "", "12"])]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp932"])
def test_csv_is_read_in_both_encodings(encoding):
    file = in_memory('氏名,番号\n髙橋,="012"\n'.encode(encoding))
    (sheet,) = sheets_in(file)
    assert sheet.rows == [(1, ["氏名", "番号"]), (2, ["髙橋", "012"])]


@pytest.mark.parametrize("body", [b"", b"\n\n", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old"])
def test_what_is_no_table_is_told(body):
    with pytest.raises(ValidationError):
        sheets_in(in_memory(body))


def fault(field, value, **more):
    cells = {"name": "山田", "kana": "やまだ", "birth_date": "S60.4.1", field: value, **more}
    reader = LineReader({name: place for place, name in enumerate(cells)}, BOOK)
    row, faults = reader.read(12, list(cells.values()))
    assert (row is None) == (field in {"name", "kana", "birth_date"})
    return faults


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("birth_date", "昭和65年1月1日", "昭和"), ("number", "123", "10桁"), ("cap_yen", "九千", "円"),
        ("service_kind", "C型", "就労継続支援B型"), ("must_not_contact", "たぶん", "○"),
        ("pace_months", "毎週", "毎月"), ("disabilities", "心", "精神"), ("staff", "だれか", "職員"),
        ("municipality", "火星区", "市区町村"), ("kana", "山田", "ふりがな"), ("employer", "商店", "就職先"),
    ],
)  # fmt: skip
def test_each_fault_names_its_cell_what_stands_there_and_what_is_expected(field, value, told):
    found = fault(field, value)
    assert any(told in expected for _cell, _column, _value, expected in found), found
    cells = {cell for cell, _column, _value, _expected in found}
    assert cells <= {"A12", "B12", "C12", "D12", ""}
    if field != "employer":
        assert value in {shown for _cell, _column, shown, _expected in found}


def test_cells_are_named_as_programs_name_them():
    assert [cell_name(0, 1), cell_name(2, 12), cell_name(27, 3)] == ["A1", "C12", "AB3"]


def test_the_category_follows_from_the_sum_but_for_nothing():
    more = {"municipality": "", "number": "", "granted_from": "R8.4.1", "granted_until": ""}
    assert any("生活保護" in each[3] for each in fault("cap_yen", "０", **more))
    assert not any("区分" in each[1] for each in fault("cap_yen", "9,300", **more))


def test_the_template_reads_itself_and_offers_choices():
    body = template_workbook(["山田"], ["新潟市中央区"])
    book = load_workbook(BytesIO(body))
    assert book.sheetnames == ["利用者", "記入例", "入れ方", "選択肢"]
    offered = {
        str(each.sqref).split("2:")[0] for each in book["利用者"].data_validations.dataValidation
    }
    assert len(offered) == sum(bool(c.choices) for c in COLUMNS) + 3
    head = find_head(sheets_in(in_memory(body))[0].top, NAMES)
    assert guess(head.headings, NAMES) == {c.field: n for n, c in enumerate(COLUMNS)}
    assert book["入れ方"].max_row == len(COLUMNS) + 1


@pytest.mark.parametrize(
    ("cells", "is_nobody"),
    [
        (("小計", "18名", ""), True), (("合計", "", ""), True), (("小計", "しょうけい", ""), True),
        (("合計", "32名", "H3.3.3"), True), (("山田", "18名", ""), False), (("計 太郎", "はかり", ""), False),
    ],
)  # fmt: skip
def test_a_sum_that_counts_people_in_the_next_cell_is_nobody(cells, is_nobody):
    reader = LineReader({"name": 0, "kana": 1, "birth_date": 2}, BOOK)
    assert reader.is_remark(cells) == is_nobody


@pytest.mark.parametrize(
    "group",
    ["就労移行", "就労移行等", "就労Ａ型", "就労継続支援Ａ型", "就労継続支援B型", "自立訓練"],
)
def test_a_service_left_of_the_job_is_no_job(group):
    rows = [
        ["氏名", "フリガナ", "生年月日", group, "", "", "就職", ""],
        ["", "", "", "事業所名", "開始日", "終了日", "会社名", "入社日"],
    ]
    assert guess(head_of(*rows).headings, NAMES) == {
        "name": 0, "kana": 1, "birth_date": 2, "service_office": 3, "service_from": 4, "service_until": 5,
        "employer": 6, "employed_on": 7,
    }  # fmt: skip


def test_below_a_service_of_before_nothing_is_of_the_use_here():
    heads = [
        "就労移行／契約日",
        "就労移行／終了理由",
        "就労移行／会社名",
        "就労定着／開始日",
        "契約日",
    ]
    assert guess(heads, NAMES) == {"use_from": 3, "signed_on": 4}


@pytest.mark.parametrize(
    "heading",
    [
        "緊急連絡先／電話", "主治医／電話", "家族／氏名", "緊急連絡先／氏名", "家族／フリガナ／姓", "相談支援／担当",
        "計画相談／開始日", "就労支援センター／開始日", "緊急連絡先電話番号", "電話（家族）", "就労支援機関／名称",
    ],
)  # fmt: skip
def test_what_is_of_somebody_else_is_nobodys_of_here(heading):
    assert guess([heading, "連絡先"], NAMES) == {"phone": 1}


def test_the_group_of_a_heading_is_kept_where_it_tells_two_columns_apart():
    found = head_of(
        ["氏名", "フリガナ", "生年月日", "就労先", "", "就労移行等", ""],
        ["氏名", "フリガナ", "生年月日", "会社名", "期間", "事業所", "期間"],
    )
    assert found.headings[3:] == (
        "就労先／会社名",
        "就労先／期間",
        "就労移行等／事業所",
        "就労移行等／期間",
    )
