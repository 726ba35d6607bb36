"""Files as offices have them: heavy ones, several sheets, headings in groups, everyday words."""

import io
import zipfile
from datetime import date, datetime, time, timedelta
from time import monotonic

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from plans.exports_move_in import template_workbook
from plans.forms.move_in_cells import Book
from plans.forms.move_in_reader import LineReader
from plans.models import MoveIn
from plans.move_in_columns import NAMES
from plans.rules import move_in_words as words
from plans.rules.move_in import guesses
from teikyaku import sheet_files, sheet_parts
from teikyaku.sheet_files import in_memory, sheets_in
from teikyaku.table_files import read_table
from tests.cast import make_member

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
HEADS = ["氏名", "ふりがな", "生年月日"]


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def book_with(**sheets):
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    return book


def with_sheet(xml):
    """A workbook whose only sheet is this part."""
    source = zipfile.ZipFile(io.BytesIO(saved(book_with(名簿=[HEADS]))))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        for item in source.infolist():
            is_sheet = item.filename == "xl/worksheets/sheet1.xml"
            parts.writestr(item.filename, xml if is_sheet else source.read(item.filename))
    return in_memory(file.getvalue())


def test_a_sheet_formatted_to_its_end_is_read_in_a_moment():
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(2, 300_000))
    first = '<row r="1"><c r="A1" t="inlineStr"><is><t>氏名</t></is></c></row>'
    file = with_sheet(f"<worksheet {MAIN}><sheetData>{first}{rows}</sheetData></worksheet>")
    begun = monotonic()
    (sheet,) = sheets_in(file)
    assert sheet.rows == [(1, ["氏名"])]
    assert monotonic() - begun < 2


def test_many_merged_cells_are_refused_in_words():
    areas = "".join(f'<mergeCell ref="A{n}:B{n + 900}"/>' for n in range(1, 2_000))
    xml = f"<worksheet {MAIN}><sheetData/><mergeCells>{areas}</mergeCells></worksheet>"
    with pytest.raises(ValidationError, match="結合したセルが多すぎ"):
        sheets_in(with_sheet(xml))


def test_one_endless_text_is_refused_before_it_lies_in_memory():
    text = "あ" * 1_000_000
    cell = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>'
    with pytest.raises(ValidationError, match="とても長い文"):
        sheets_in(with_sheet(f"<worksheet {MAIN}><sheetData>{cell}</sheetData></worksheet>"))


def test_what_takes_too_long_or_is_too_large_is_refused(monkeypatch):
    body = saved(book_with(名簿=[HEADS]))
    monkeypatch.setattr(sheet_parts, "SECONDS", -1)
    with pytest.raises(ValidationError, match="読み終わりません"):
        sheets_in(in_memory(body))
    monkeypatch.setattr(sheet_parts, "SECONDS", 20)
    monkeypatch.setattr(sheet_parts, "CLOCK_SECONDS", -1)
    with pytest.raises(ValidationError, match="読み終わりません"):
        sheets_in(in_memory(body))
    monkeypatch.setattr(sheet_parts, "CLOCK_SECONDS", 600)
    monkeypatch.setattr(sheet_parts, "SHEET_BYTES", 10)
    with pytest.raises(ValidationError, match="大きすぎます"):
        sheets_in(in_memory(body))
    monkeypatch.setattr(sheet_parts, "SHEET_BYTES", 10**9)
    monkeypatch.setattr(sheet_files, "CHARACTERS", 5)
    with pytest.raises(ValidationError, match="文字が多すぎ"):
        sheets_in(in_memory(body))


def test_locked_and_old_files_are_named_as_such():
    old = b"\xd0\xcf\x11\xe0" + b"\0" * 100
    with pytest.raises(ValidationError, match="古い形式"):
        sheets_in(in_memory(old))
    with pytest.raises(ValidationError, match="パスワード"):
        sheets_in(in_memory(old + "EncryptedPackage".encode("utf-16-le")))


def test_hours_are_hours_and_columns_far_right_are_counted():
    book = book_with(名簿=[["時間"], [timedelta(hours=30, minutes=15)], [time(20, 30)]])
    book["名簿"].cell(1, sheet_files.COLUMNS + 3).value = "遠い"
    (sheet,) = sheets_in(in_memory(saved(book)))
    assert [cells[0] for _line, cells in sheet.rows] == ["時間", "30:15", "20:30"]
    assert sheet.columns_beyond == 3


@pytest.mark.parametrize(
    ("heading", "field", "is_sure"),
    [
        ("就職先／備考", None, False), ("就職先／会社名", "employer", True), ("就職先／住所", "employer_address", True),
        ("就職先／電話", None, False), ("受給者証／番号", "number", True), ("受給者証／支給期間（自）", "granted_from", True),
        ("支給期間（至）", "granted_until", True), ("就労／開始日", "employed_on", True),
        ("就職前サービス／種別", "service_kind", True), ("契約／終了日", "ended_on", True),
        ("個別支援計画／次回見直し日", "plan_review_by", True), ("種別", "disabilities", False),
        ("会社の就職年月日", "employed_on", False),
    ],
)  # fmt: skip
def test_a_heading_is_read_by_its_whole_path(heading, field, is_sure):
    found = {name: sure for name, (_at, sure) in guesses([heading], NAMES).items()}
    wanted = {field: is_sure} if field in NAMES else {}
    assert found == wanted


@pytest.mark.parametrize(
    ("read", "typed", "meant"),
    [
        (words.day_text, "45748", "2025-04-01"), (words.day_text, "R7.4.1転職", "R7.4.1"),
        (words.day_text, "休職中", "休職中"), (words.day_text, "R8.4.1〜R9.3.31", "R8.4.1〜R9.3.31"),
        (words.month_text, "2025-10-01", "2025-10"), (words.month_text, "45931", "2025-10"),
        (words.phone_text, "9012345678", "09012345678"), (words.hours_text, "週30時間", "30"),
        (words.hours_text, "30H", "30"), (words.kind_word, "精神障害者保健福祉手帳2級", "精神"),
        (words.kind_word, "発達", "精神"), (words.kind_word, "手帳2級", "手帳2級"), (words.pace_months, "隔月", 2),
        (words.pace_months, "1か月", 1), (words.pace_months, "3ヶ月に1回", 3), (words.pace_months, "毎週", None),
    ],
)  # fmt: skip
def test_everyday_words_are_read(read, typed, meant):
    assert read(typed) == meant


def test_a_number_that_lost_more_than_two_digits_is_not_filled_up():
    assert words.digits_text("150000123", 10) == "0150000123"
    assert words.digits_text("123", 10) == "123"


def reader(answers=None, **cells):
    every = {"name": "山田", "kana": "やまだ", "birth_date": "S60.4.1", **cells}
    book = Book([], [], {9300: "general_1"}, {"general_1": 9300, "public_assistance": 0})
    columns = {name: place for place, name in enumerate(every)}
    return LineReader(columns, book, answers=answers), list(every.values())


def test_a_cell_that_cannot_be_read_is_left_out_with_what_leans_on_it():
    lines, cells = reader(
        employer="商店", employed_on="未定", weekly_minutes="30", phone="9012345678"
    )
    row, faults = lines.read(5, cells)
    assert (row.employer, row.employed_on, row.weekly_minutes) == ("", None, None)
    assert row.phone == "09012345678"
    assert faults[0][:3] == ["E5", "就職日", "未定"]
    assert "就職先、週の労働時間" in faults[-1][3]
    shown = {label: other for label, _typed, _read, other in lines.shown(cells)}
    assert shown["電話番号"]
    assert "就職先" not in shown


def test_a_category_in_the_column_of_the_sum_says_both():
    more = {"municipality": "", "number": "", "granted_from": "", "granted_until": ""}
    for typed, category in (("生保", "public_assistance"), ("一般１", "general_1")):
        lines, cells = reader(cap_yen=typed, **more)
        form = lines._form(cells)
        form.is_valid()
        assert form.cleaned_data["category"] == category
    for typed, told in (("一般1 9300", (9300, "general_1")), ("生保0円", (0, "public_assistance")),
                        ("0 低所得", (0, "low_income")),
                        ("９，３００円（一般１）", (9300, "general_1"))):  # fmt: skip
        lines, cells = reader(cap_yen=typed, **more)
        form = lines._form(cells)
        form.is_valid()
        assert (form.cleaned_data["cap_yen"], form.cleaned_data["category"]) == told
    lines, cells = reader({"zero_category": "low_income"}, cap_yen="0", **more)
    form = lines._form(cells)
    form.is_valid()
    assert form.cleaned_data["category"] == "low_income"


@pytest.mark.parametrize("first", ["合計　10名", "作成：日野", "氏名"])
def test_sums_remarks_and_headings_are_nobody(first):
    lines, _cells = reader()
    assert lines.is_remark([first, "", ""])
    # Nobody is called 合計; who made a list may be called 作成.
    assert lines.is_remark([first, "やまだ", "S60.4.1"]) == (first == "合計　10名")


def test_lost_characters_are_told_at_their_cell():
    lines, cells = reader(name="?田 太郎")
    assert lines.lost(7, cells)[0].startswith("A7 氏名「?田 太郎」")


def test_the_template_keeps_months_and_numbers_as_they_are_typed():
    page = load_workbook(io.BytesIO(template_workbook([], [])))["利用者"]
    kept = {
        cell.value: page.column_dimensions[cell.column_letter].number_format for cell in page[1]
    }
    assert kept["電話番号"] == kept["初期加算を算定した月"] == kept["受給者証番号"] == "@"
    assert kept["氏名"] != "@"


def year(name, born):
    return [HEADS, [name, "やまだ", born]]


@pytest.mark.django_db
def test_sheets_are_chosen_one_after_another_and_known_next_time(mover):
    body = saved(
        book_with(
            表紙=[["帳票"]],
            令和7年度=year("旧年 人子", "H3.3.3"),
            令和8年度=year("新年 人男", "H4.4.4"),
        )
    )
    mover.hand_in(body)
    first = MoveIn.objects.get(is_aside=False)
    other = MoveIn.objects.get(is_aside=True)
    url = reverse("move_in_table", args=[first.public_id])
    mover.client.post(url, {"sheet": str(other.public_id), "head": 1})
    first.refresh_from_db()
    other.refresh_from_db()
    assert (first.is_aside, other.is_aside) == (True, False)
    page = mover.client.get(reverse("move_ins")).context["waiting"]
    assert [row.pk for row in page] == [other.pk]
    columns = reverse("move_in_columns", args=[other.public_id])
    data = {f"column_{n}": field for n, field in enumerate(("name", "kana", "birth_date"))}
    mover.client.post(columns, data)
    mover.client.post(reverse("move_in_import", args=[other.public_id]))
    page = mover.client.get(reverse("move_in_page", args=[other.public_id]))
    assert [sheet.pk for sheet, _elsewhere in page.context["sheets"]] == [first.pk]
    mover.hand_in(body)
    again = MoveIn.objects.filter(is_aside=False).latest("pk")
    assert again.sheet == other.sheet
    text = mover.client.get(reverse("move_in_columns", args=[again.public_id])).content.decode()
    assert "同じファイルを" in text


@pytest.mark.django_db
@pytest.mark.parametrize("told", ["S62.2.30", "#REF!"])
def test_a_birth_date_put_right_on_one_sheet_is_known_on_the_next(mover, told):
    """Of who is called so alike; it is said, and another one of the name keeps the question."""
    rows = [HEADS, ["山田 花子", "やまだ", told], ["川上 次郎", "かわかみ", told]]
    mover.hand_in(saved(book_with(名簿=rows, 面談=rows)))
    first, other = MoveIn.objects.get(is_aside=False), MoveIn.objects.get(is_aside=True)
    data = {f"column_{n}": field for n, field in enumerate(("name", "kana", "birth_date"))}
    mover.client.post(reverse("move_in_columns", args=[first.public_id]), data)
    line = first.people.first().line
    mend = reverse("move_in_mend", args=[first.public_id, line])
    mover.client.post(mend, {"birth_date": "S62.2.28"})
    first.people.filter(line=line + 1).update(state="left_out")
    mover.client.post(reverse("move_in_columns", args=[other.public_id]), data)
    rows = list(other.people.order_by("line"))
    assert [bool(row.faults) for row in rows] == [False, True], [row.faults for row in rows]
    assert any("ほかのシート" in text and told in text for text in rows[0].warnings)
    assert not any("空欄とします" in text for text in rows[0].warnings)
    assert "birth_date" in rows[0].asks
    mover.client.post(reverse("move_in_import", args=[other.public_id]))
    (use,) = mover.people()
    assert use.client.birth_date == date(1987, 2, 28)


@pytest.mark.django_db
def test_the_other_sheets_are_offered_after_an_import_that_was_undone_too(mover):
    mover.hand_in(
        saved(book_with(今年=year("新年 人男", "H4.4.4"), 昨年=year("旧年 人子", "H3.3.3")))
    )
    first, other = MoveIn.objects.get(is_aside=False), MoveIn.objects.get(is_aside=True)
    data = {f"column_{n}": field for n, field in enumerate(("name", "kana", "birth_date"))}
    mover.client.post(reverse("move_in_columns", args=[first.public_id]), data)
    again = first
    for _time in range(2):
        mover.client.post(reverse("move_in_import", args=[again.public_id]))
        page = mover.client.get(reverse("move_in_page", args=[again.public_id]))
        assert page.context["sheets"] == [(other, None)]
        mover.client.post(reverse("move_in_undo", args=[again.public_id]))
        again = MoveIn.objects.filter(is_aside=False).latest("pk")
        assert again.outcome == ""
        mover.client.post(reverse("move_in_look", args=[again.public_id]))
    assert mover.people() == []


@pytest.mark.django_db
def test_another_line_of_headings_is_taken(mover):
    rows = [[f"注意 {n}"] for n in range(14)] + [HEADS, ["下段 人男", "げだん ひとお", "H4.4.4"]]
    mover.hand_in(saved(book_with(名簿=rows)))
    row = mover.move_in
    assert (row.head_line, row.row_count) == (15, 1)
    url = reverse("move_in_table", args=[row.public_id])
    mover.client.post(url, {"sheet": str(row.public_id), "head": 14})
    row.refresh_from_db()
    assert (row.head_line, row.row_count) == (14, 2)


@pytest.mark.django_db
def test_a_file_known_before_the_last_one_is_known_still(mover):
    first = saved(book_with(名簿=[[*HEADS, "本人のあだ名"], ["一 人", "いち", "H3.3.3", "い"]]))
    mover.hand_in(first)
    mover.tell_columns(column_3="plan_goal")
    mover.hand_in(saved(book_with(名簿=year("二 人", "H3.3.4"))))
    mover.tell_columns()
    mover.hand_in(first)
    url = reverse("move_in_columns", args=[mover.move_in.public_id])
    assert mover.client.get(url).context["form"].fields["column_3"].initial == "plan_goal"


@pytest.mark.django_db
def test_staff_by_surname_and_the_rest_of_the_person(mover):
    make_member("carer", office=mover.office)
    rows = [
        [*HEADS, "担当", "電話"],
        ["一 人", "いち", date(1991, 3, 3), "職員", "なし"],
        ["合計 1名"],
    ]
    mover.hand_in(saved(book_with(名簿=rows)))
    mover.tell_columns()
    person, total = mover.move_in.people.order_by("line")
    assert (person.state, total.state) == ("new", "left_out")
    assert {fault[1] for fault in person.faults} >= {"電話番号"}
    page = mover.client.get(
        reverse("move_in_page", args=[mover.move_in.public_id]) + "?state=partly"
    )
    assert "取り込まない項目" in page.content.decode()
    mover.post("move_in_import")
    assert len(mover.people()) == 1
    assert any("ほかは取り込みました" in words for *_rest, words in mover.move_in.refusals)


def test_dates_before_anybody_was_born_are_hours():
    assert sheet_files._text(datetime(1900, 1, 1, 6, 15)) == "30:15"


def test_a_period_by_months_alone_is_whole_months_and_says_so():
    lines, cells = reader(employer="商店", employed_on="R5.4～R7.3")
    row, faults = lines.read(5, cells)
    assert (row.employed_on, row.left_on) == (date(2023, 4, 1), date(2025, 3, 31)), faults
    told = " ".join(lines.cautions(cells))
    assert "就職日は月だけなので、月の1日とします" in told
    assert "離職日は月だけなので、月の末日とします" in told
    # A month in a column of its own is no day.
    lines, cells = reader(employer="商店", employed_on="R5.4")
    assert lines.read(5, cells)[0].employed_on is None


def test_blanks_in_a_name_are_one():
    lines, cells = reader(name="木村　　悠", kana="きむら  ゆう")
    row, _faults = lines.read(5, cells)
    assert (row.name, row.kana) == ("木村　悠", "きむら ゆう")


def test_workbooks_with_macros_are_read_and_those_of_numbers_are_told_how():
    book = load_workbook(io.BytesIO(template_workbook([], [])))
    body = io.BytesIO()
    book.save(body)
    with zipfile.ZipFile(body) as parts:
        kept = {name: parts.read(name) for name in parts.namelist()}
    kept["[Content_Types].xml"] = kept["[Content_Types].xml"].replace(
        b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    macros = io.BytesIO()
    with zipfile.ZipFile(macros, "w") as parts:
        for name, part in {**kept, "xl/vbaProject.bin": b"\0"}.items():
            parts.writestr(name, part)
    assert [sheet.name for sheet in sheets_in(macros)][:1] == ["利用者"]
    numbers = io.BytesIO()
    with zipfile.ZipFile(numbers, "w") as parts:
        parts.writestr("Index/Document.iwa", b"")
    with pytest.raises(ValidationError, match="書き出す"):
        sheets_in(numbers)
    with pytest.raises(ValidationError, match="書き出す"):
        read_table(numbers.getvalue(), {"name": ("氏名",)}, ("name",), takes_workbooks=True)
