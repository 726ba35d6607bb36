"""報酬表の取り込み as pages: the file, its faults, what changes, the second person."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from billing.models import FeeTableImport, TariffConfirmation
from billing.queries.fee_tables import fee_tables, scheme
from billing.rules.fee_table import COLUMNS, read_rows
from teikyaku.clock import at_noon
from teikyaku.desk.demo.fees import sample_codes
from teikyaku.desk.queries.system_desk import system_desk
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.billing.fees import HEADINGS, as_csv, as_workbook, confirm, lines, read_codes, read_table

REFUSED = 422
TABLE = {
    "kind": "table", "title": "令和8年度報酬改定", "name": "R8", "first_month": "令和8年6月",
    "last_month": "2027-03", "source": "告示第1号",
}  # fmt: skip
CODES = {
    "kind": "codes", "title": "", "name": "", "first_month": "2024-04", "last_month": "R8.5",
    "source": "サービスコード表",
}  # fmt: skip


@pytest.fixture
def admin(client, cast):
    enter(client, cast.members["admin"])
    return client


def post(admin, data, body, name="table.csv"):
    return admin.post(reverse("fee_table_new"), {**data, "file": SimpleUploadedFile(name, body)})


def text(answer):
    return answer.content.decode()


FILES = {
    "utf8": as_csv,
    "utf8-plain": lambda rows: as_csv(rows, "utf-8"),
    "cp932": lambda rows: as_csv(rows, "cp932"),
    "xlsx": as_workbook,
}


@pytest.mark.parametrize("kind", FILES)
def test_a_whole_table_goes_from_the_file_to_the_calculation(admin, client, cast, kind):
    TariffConfirmation.objects.all().delete()
    answer = post(admin, TABLE, FILES[kind](lines(t80="2800")), f"table.{kind}")
    table = FeeTableImport.objects.get()
    assert answer["Location"] == reverse("fee_table_page", args=[table.public_id])
    page = text(admin.get(answer["Location"]))
    assert "2,800単位" in page
    assert "いま 2,768単位" in page
    assert "「令和6年度報酬改定」と比べています" in page
    assert "自分で読み込んだものは、自分では確認できません" in page
    assert "確認できる人：職員 admin2" in page
    assert "確認して使う" not in page
    assert len(admin.get(f"{answer['Location']}?show=changed").context["changes"]) == 1
    # Nothing is computed by it yet, and who read it cannot make it so.
    page = text(admin.post(reverse("fee_table_confirm", args=[table.public_id]), follow=True))
    assert "自分では確認できません。ほかのシステム管理者に" in page
    enter(client, cast.members["admin2"])
    assert "確認して使う" in text(client.get(answer["Location"]))
    done = client.post(reverse("fee_table_confirm", args=[table.public_id]), follow=True)
    assert "確認しました" in text(done)
    assert fee_tables().of(Month(2026, 6)).tier("80").units == 2800
    listed = text(client.get(reverse("tariffs")))
    assert "令和8年度報酬改定" in listed
    assert "使っています" in listed
    assert "2027年4月" in listed  # from there on no month has a table
    assert "報酬表がありません。" in listed


def test_codes_for_the_products_own_months(admin, cast):
    rows = [["初期加算", "", "", "４７１２３４", "900", "S", ""],
            ["基本報酬", "80％以上90％未満", "個別支援計画未作成減算（2か月目まで）", "47AB12", "1938", "S", ""]]  # fmt: skip
    answer = post(admin, CODES, as_csv(rows, "cp932"))
    table = FeeTableImport.objects.get()
    assert (table.name, table.kind, table.is_sample) == ("R6", "codes", False)
    assert {row.code for row in table.rows.all()} == {"471234", "47AB12"}
    page = text(admin.get(answer["Location"]))
    assert len(admin.get(f"{answer['Location']}?show=new").context["changes"]) == 2
    assert "なくなる" in page  # the tab, at 0
    confirm(cast, table)
    listed = text(admin.get(reverse("tariffs")))
    assert "62件ありません" in listed
    # A second file for these months is refused before anybody has to look at it.
    again = post(admin, CODES, as_csv(rows, "cp932"))
    assert "もうサービスコードの取り込みがあります" in str(
        again.context["form"].errors["first_month"]
    )


def test_what_is_wrong_is_told_by_line_and_column(admin):
    rows = [
        ["初期加算", "", "", "471234", "901", "S", ""],
        ["知らない加算", "", "", "", "1", "", ""],
    ]
    answer = post(admin, CODES, as_csv(rows))
    assert answer.status_code == REFUSED
    page = text(answer)
    assert "2行目" in page
    assert "901単位" in page
    assert "900単位です" in page
    assert "3行目" in page
    assert "知らない加算" in page
    assert "直すところが2か所" in page
    assert "サービスコード表" in page  # what was typed stays
    assert not FeeTableImport.objects.exists()


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({**TABLE, "name": ""}, "name", "要ります"),
        ({**TABLE, "name": "R6"}, "name", "もうあります"),
        ({**TABLE, "title": ""}, "title", "要ります"),
        ({**TABLE, "source": ""}, "source", ""),
        ({**TABLE, "last_month": "2026-05"}, "last_month", "以後"),
        ({**TABLE, "last_month": "2046-05"}, "last_month", "10年"),
        ({**TABLE, "first_month": "2026-05"}, "first_month", "2026年5月"),
        ({**TABLE, "first_month": "いつか"}, "first_month", "月として"),
        ({**CODES, "first_month": "2024-03"}, "first_month", "2024年3月の報酬表がありません"),
        ({**CODES, "kind": ""}, "kind", ""),
        ({**CODES, "kind": "other"}, "kind", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_about_the_file_stands_at_its_field(admin, data, field, words):
    if data["kind"] == "table" and field == "first_month":
        data = {**data, "last_month": "2026-05"}
    answer = post(admin, data, as_csv(lines()))
    assert answer.status_code == REFUSED
    assert words in str(answer.context["form"].errors[field])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "何も入っていません"),
        (b"PK\x03\x04 broken", "ブックとして読めません"),
        (b"\xd0\xcf\x11\xe0 old", "古い形式（.xls）"),
        ("あ,い\r\n1,2\r\n".encode(), "次の列がありません：項目"),
        (as_csv([]), "見出しの行だけ"),
        (b"x" * (1024 * 1024 + 1), "大きすぎます"),
        ("項目,単位数・率\r\n初期加算,900\r\n".encode(), "サービスコード"),
        (as_csv([["初期加算", "", "", "", "900", "", ""]]), "一つも入っていません"),
    ],
)
def test_a_file_that_is_no_table(admin, body, words):
    answer = post(admin, CODES, body)
    assert answer.status_code == REFUSED
    assert words in str(answer.context["form"].errors["file"])


def test_a_workbook_with_two_sheets_is_read_where_the_headings_are(admin):
    book = Workbook()
    book.active.append(["はじめに"])
    page = book.create_sheet("表")
    page.append(["グループ", None, None])
    page.append(["項目", "コード", "単位数"])
    page.append(["初期加算", 471234, 900.0])
    hidden = book.create_sheet("かくれた表")
    hidden.append(["項目", "コード", "単位数"])
    hidden.sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    assert post(admin, CODES, file.getvalue(), "a.xlsx").status_code == 302
    assert FeeTableImport.objects.get().rows.get().code == "471234"


def test_the_template_can_be_filled_in_and_read_again(admin):
    body = admin.get(reverse("fee_table_template")).content
    book = load_workbook(io.BytesIO(body))
    page = book["報酬表"]
    head = [cell.value for cell in page[1]]
    assert head == list(COLUMNS.values())
    assert len(page.data_validations.dataValidation) == 5
    code, item = head.index("サービスコード") + 1, head.index("項目") + 1
    assert all(page.cell(row, code).value is None for row in range(2, page.max_row + 1))
    # As it is, it brings nothing.
    assert "一つも入って" in str(post(admin, CODES, body, "t.xlsx").context["form"].errors["file"])
    row = next(n for n in range(2, page.max_row + 1) if page.cell(n, item).value == "初期加算")
    page.cell(row, code).value = "471234"
    file = io.BytesIO()
    book.save(file)
    assert post(admin, CODES, file.getvalue(), "t.xlsx").status_code == 302
    table = FeeTableImport.objects.get()
    assert table.rows.count() == page.max_row - 1
    assert table.rows.get(item="treatment_1").first_month.isoformat() == "2024-06-01"
    example = book["記入例"]
    assert {str(example.cell(n, code).value)[:2] for n in range(2, 6)} <= {"ZZ", "No"}


def test_the_template_unchanged_is_no_mistake_in_a_later_table():
    """What began with the table before stands from the first month; a month after the last is refused."""
    own = scheme()

    def cells(item, first):
        amount = str(own.items[item].amount)
        return {"item": own.items[item].label, "amount": amount, "first_month": first}

    span = Month(2027, 4), Month(2028, 3)
    sheet = [(2, cells("treatment_1", "令和6年6月")), (3, cells("treatment_3", "2027-05"))]
    found = read_rows(sheet, own, span=span)
    assert [row.first_month for row in found.rows] == [None, Month(2027, 5)]
    assert not [each for each in found.faults if each.column == COLUMNS["first_month"]]
    for wrong in ("2026-06", "2028-04"):
        found = read_rows([(2, cells("treatment_1", wrong))], own, span=span)
        assert [each.line for each in found.faults if each.column == COLUMNS["first_month"]] == [2]


def test_made_up_codes_are_marked_and_refused_in_production(admin, settings):
    rows = [["初期加算", "", "", "ZZ0001", "900", "S", ""]]
    settings.IS_PRODUCTION = True
    answer = post(admin, CODES, as_csv(rows))
    assert "見本のコードです" in text(answer)
    settings.IS_PRODUCTION = False
    post(admin, CODES, as_csv(rows))
    table = FeeTableImport.objects.get()
    assert table.is_sample
    page = text(admin.get(reverse("fee_table_page", args=[table.public_id])))
    assert "見本です。本番では" in page


def test_all_that_a_demo_reads_is_a_sample(admin, settings):
    settings.MODE = "demo"
    assert "すべて見本" in text(admin.get(reverse("fee_table_new")))
    post(admin, CODES, as_csv([["初期加算", "", "", "471234", "900", "S", ""]]))
    assert FeeTableImport.objects.get().is_sample


def test_without_a_second_administrator_the_page_says_how_to_get_one(admin, cast):
    second = cast.members["admin2"]
    second.ends_on = cast.today.replace(year=cast.today.year - 1)
    second.save()
    table = read_codes(cast, Month(2026, 4).first_day, Month(2026, 5).first_day)
    page = text(admin.get(reverse("fee_table_page", args=[table.public_id])))
    assert "確認できるシステム管理者が、ほかにいません" in page
    assert reverse("invite") in page


def test_it_is_withdrawn_with_a_reason(admin, cast):
    table = read_codes(cast, Month(2026, 4).first_day, Month(2026, 5).first_day)
    url = reverse("fee_table_withdraw", args=[table.public_id])
    assert "reason" in admin.post(url, {"reason": ""}).context["form"].errors
    page = text(admin.post(url, {"reason": "別の年度の表だった"}, follow=True))
    assert "別の年度の表だった" in page
    assert "取り下げました" in page
    assert "もう取り下げられています" in text(admin.get(url, follow=True))
    assert "取り下げ" in text(admin.get(reverse("tariffs")))


def test_what_cannot_be_confirmed_any_more_says_why(admin, client, cast):
    """R6 was confirmed as going on after the table had been read."""
    table = read_table(cast)
    enter(client, cast.members["admin2"])
    page = text(client.get(reverse("fee_table_page", args=[table.public_id])))
    assert "2026年6月〜2027年3月は、「R6」が最後の月なしで続くと確認してあります" in page
    row = TariffConfirmation.objects.get()
    assert reverse("tariff_correct", args=[row.public_id]) in page
    assert "確認して使う" not in page
    url = reverse("fee_table_confirm", args=[table.public_id])
    assert "続くと確認してあります" in text(client.post(url, follow=True))


def test_an_open_confirmation_is_ended_first(admin, cast):
    answer = post(admin, TABLE, as_csv(lines()))
    assert answer.status_code == REFUSED
    assert "続くと確認してあります" in str(answer.context["form"].errors["first_month"])
    row = TariffConfirmation.objects.get()
    assert reverse("tariff_correct", args=[row.public_id]) in text(answer)


def test_the_same_file_twice_is_told(admin, cast):
    TariffConfirmation.objects.all().delete()
    assert post(admin, TABLE, as_csv(lines())).status_code == 302
    again = post(admin, {**TABLE, "name": "R8b"}, as_csv(lines()), "another.csv")
    assert "もう確認を待っています" in str(again.context["form"].errors["file"])
    first = FeeTableImport.objects.get()
    assert reverse("fee_table_page", args=[first.public_id]) in text(again)
    assert post(admin, TABLE, as_csv(lines(t80="2800"))).status_code == 302


def test_a_higher_tier_that_pays_less_is_told(admin, cast):
    TariffConfirmation.objects.all().delete()
    page = text(admin.get(post(admin, TABLE, as_csv(lines(t80="3400")), "b.csv")["Location"]))
    assert "90％以上95％未満" in page
    assert "の3,400単位より少なくなっています" in page


def test_an_item_begins_inside_the_table(admin, cast):
    TariffConfirmation.objects.all().delete()
    for month in ("2026-05", "2027-04"):
        rows = [*lines()[:-1], [*lines()[-1][:6], month]]
        answer = post(admin, TABLE, as_csv(rows))
        assert answer.status_code == REFUSED
        assert "報酬表の月（2026年6月〜2027年3月）の外" in text(answer)
    rows = [*lines()[:-1], [*lines()[-1][:6], "2026-06"]]
    assert post(admin, TABLE, as_csv(rows)).status_code == 302


def test_the_administrators_home_tells_of_codes_and_of_what_waits(cast):
    def line(label):
        found = system_desk(at_noon(cast.today)).figures
        return next((each for each in found if each.label == label), None)

    assert line("サービスコード").tone == "warning"
    assert "コードがありません" in line("サービスコード").text
    assert line("報酬表の取り込み") is None
    month = Month.of(cast.today)
    table = read_codes(cast, month.first_day, (month + 3).first_day)
    assert "確認待ち 1件" in line("報酬表の取り込み").text
    confirm(cast, table)
    assert "見本のコードです" in line("サービスコード").text
    assert line("報酬表の取り込み") is None
    TariffConfirmation.objects.all().delete()
    assert "報酬表がない" in line("サービスコード").text


def test_the_demos_own_codes_are_a_sample_that_every_page_names(admin, cast):
    members = cast.members
    sample_codes(members["admin"], members["admin2"], at_noon(cast.today))
    month = Month.of(cast.today)
    table = fee_tables().of(month)
    assert table.has_sample_codes
    assert all(code.startswith("ZZ") for code in table.codes.values())
    assert "見本の報酬表かサービスコード" in text(admin.get(reverse("tariffs")))
    enter(admin, cast.members["head"])
    TariffConfirmation.objects.update(is_sample=False)
    page = text(admin.get(reverse("month_page", args=[month - 1])))
    assert "見本のサービスコードが入っています" in page


def test_the_list_of_imports_costs_the_same_at_one_and_at_three(
    admin, cast, django_assert_max_num_queries
):
    for count in (1, 3):
        while FeeTableImport.objects.count() < count:
            read_codes(cast, Month(2026, 4).first_day, Month(2026, 5).first_day)
        with django_assert_max_num_queries(12):
            admin.get(reverse("tariffs"))


def test_headings_of_the_tests_are_those_of_the_template():
    assert set(HEADINGS) <= set(COLUMNS.values())
