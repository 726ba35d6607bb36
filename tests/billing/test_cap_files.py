"""上限額管理 by files: other offices' figures into the form, one's own to who manages elsewhere."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from billing.models import CapResult
from billing.queries.cap_reports import cap_reports
from billing.rules.cap_file import COLUMNS, read_figures
from billing.rules.cap_management import Rank
from plans.models import CapPeriod, Interview
from teikyaku.accounts.models import AuditEvent
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.billing.test_cap_management import HOME, answered, close, made, manage
from tests.billing.test_cap_managers import post_by
from tests.cast import ready_person
from tests.printing.test_documents import needs_pdftotext, text_of

LINE = ("1234567890", "1510000009", "架空作業所", "日中活動系", "８２，０００円", "8200")


@pytest.fixture
def month(cast):
    return Month.of(cast.today) - 1


def as_csv(*rows, encoding="utf-8-sig"):
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([list(COLUMNS.values()), *rows])
    return text.getvalue().encode(encoding)


def read(cast, client, month, body, name="figures.csv", **data):
    file = SimpleUploadedFile(name, body)
    return post_by(cast, client, month, "here", read="1", file=file, **data)


# --- Other offices' figures -----------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_figures_of_a_file_stand_in_the_form_and_nothing_is_stored(client, cast, month, encoding):
    manage(cast, cast.office.number, cast.office.name)
    theirs = ("9999999999", "1510000009", "架空作業所", "日中活動系", "1000", "100")
    own = ("", cast.office.number, "自分", "就労定着支援", "1", "1")
    answer = read(cast, client, month, as_csv(LINE, theirs, own, encoding=encoding))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "1つの事業所の額を読みました" in text
    assert "ほかの方の行 1行は読んでいません" in text
    assert "この事業所の行は読んでいません" in text
    assert "管理結果 3" in text  # 2,918 + 8,200 yen over 9,300
    assert "6,382円" in text
    assert not CapResult.objects.exists()
    form = answer.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields if name.startswith("office_")}
    assert post_by(cast, client, month, "here", **sent).status_code == 302
    assert [line.after_yen for line in CapResult.objects.get().lines.all()] == [2_918, 6_382]


def test_what_is_wrong_in_the_file_stands_at_its_row(client, cast, month):
    manage(cast, cast.office.number, cast.office.name)
    wrong = ("", "15100", "", "なにか", "多い", "")
    answer = read(cast, client, month, as_csv(LINE, wrong), decided_on="2026-11-01")
    text = answer.content.decode()
    found = [(fault.line, fault.column) for fault in answer.context["file"].faults]
    assert set(found) == {(3, words) for key, words in COLUMNS.items() if key != "certificate"}
    assert "直すところが5か所" in text
    assert "3行目" in text
    assert 'value="2026-11-01"' in text  # what was typed stays
    assert not CapResult.objects.exists()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "何も入っていません"),
        ("あ,い\r\n1,2\r\n".encode(), "次の列がありません：事業所番号"),
        (as_csv(("9999999999", *LINE[1:])), "この方の、ほかの事業所の行がありません"),
        (as_csv(*[("", f"15100000{n:02d}", *LINE[2:]) for n in range(7)]), "6つまで"),
    ],
)
def test_a_file_that_cannot_be_read(client, cast, month, body, words):
    manage(cast, cast.office.number, cast.office.name)
    answer = read(cast, client, month, body)
    assert words in str(answer.context["file"].errors["file"])
    assert words in answer.content.decode()


def test_the_template_can_be_filled_in_and_read(client, cast, month):
    manage(cast, cast.office.number, cast.office.name)
    enter(client, cast.members["billing"])
    book = load_workbook(io.BytesIO(client.get(reverse("cap_figures_template")).content))
    page = book.worksheets[0]
    assert [cell.value for cell in page[1]] == list(COLUMNS.values())
    page.append(["1234567890", "1510000009", "架空作業所", Rank.DAY.label, 82_000, 8_200])
    file = io.BytesIO()
    book.save(file)
    answer = read(cast, client, month, file.getvalue(), "figures.xlsx")
    assert answer.context["form"].sheet.lines[1][0].before_yen == 8_200


@pytest.mark.parametrize(
    ("words", "rank"),
    [
        ("就労定着支援", Rank.RETENTION),
        ("就労定着支援・自立生活援助", Rank.RETENTION),
        ("ｸﾞﾙｰﾌﾟﾎｰﾑ（体験利用）", Rank.GROUP_HOME_TRIAL),
        (" 日中活動系 ", Rank.DAY),
        ("", None),
        ("就労継続支援", None),
    ],
)
def test_kinds_of_service_by_their_words(words, rank):
    found = read_figures([(2, {"rank": words, "number": "1"})], "1", "2")
    assert found.lines[0].cells["rank"] == (rank.value if rank else "")
    assert bool(found.faults) is (rank is None)


# --- One's own figures for who manages ------------------------------------------------------------


def test_own_figures_for_who_manages_elsewhere(cast, month):
    manage(cast)
    (report,) = cap_reports(cast.office, month, cast.today)
    (line,) = report.lines
    assert (report.number, report.manager) == HOME
    assert (line.certificate_number, line.total_cost_yen, line.before_yen, line.note) == (
        "1234567890", 27_680, 2_768, "",
    )  # fmt: skip
    answered(cast, month)
    close(cast, month)
    CapPeriod.objects.filter(client=cast.enrolment.client).update(cap_yen=1_000)
    (report,) = cap_reports(cast.office, month, cast.today)
    assert report.lines[0].before_yen == 2_768  # as it was closed


def test_nobody_is_told_of_who_has_no_fee_or_is_managed_here(cast, month):
    manage(cast)
    Interview.objects.all().delete()
    assert cap_reports(cast.office, month, cast.today) == ()
    manage(cast, cast.office.number, cast.office.name)
    assert cap_reports(cast.office, month, cast.today) == ()


def test_a_result_with_a_reason_says_who_is_told(cast, month):
    manage(cast)
    answered(cast, month, by=("1510000077", "架空よそ"), why="転居で変わった")
    assert [each.number for each in cap_reports(cast.office, month, cast.today)] == ["1510000077"]
    made(cast, month, [("1_day", 80_000, 8_000)], reason="直した", why="この事業所に変わった")
    assert cap_reports(cast.office, month, cast.today) == ()


@needs_pdftotext
def test_each_office_gets_a_paper_of_its_own_people(client, cast, month):
    manage(cast)
    worker, manager = cast.members["worker"], cast.members["manager"]
    other = ready_person(cast, cast.office, worker, manager, "1234567896", name="よその 人")
    CapPeriod.objects.filter(client=other.client).update(
        is_managed=True, managing_office_number="", managing_office_name="架空よそ"
    )
    enter(client, cast.members["billing"])
    page = client.get(reverse("cap_month", args=[month])).content.decode()
    pdf, xlsx = reverse("cap_reports_pdf", args=[month]), reverse("cap_reports_xlsx", args=[month])
    assert f"{pdf}?to={HOME[0]}" in page
    text = text_of(client.get(pdf, {"to": HOME[0]}).content)
    assert f"{HOME[1]}御中" in text
    assert "1234567890" in text
    assert "27,680円" in text
    assert "1234567896" not in text
    assert f"{(month + 1).month}月3日" in text
    both = text_of(client.get(pdf).content)
    assert both.count("利用者負担額一覧") >= 2
    book = load_workbook(io.BytesIO(client.get(xlsx, {"to": "架空よそ"}).content))
    (sheet,) = book.worksheets
    assert [cell.value for cell in sheet[2]][1:3] == ["1234567896", "よその 人"]
    assert client.get(pdf, {"to": "1500000000"}).status_code == 404
    assert AuditEvent.objects.filter(verb="cap_reports_exported").count() == 3


def test_the_papers_cost_the_same_for_one_and_for_three(cast, month):
    manage(cast)
    with CaptureQueriesContext(connection) as one:
        cap_reports(cast.office, month, cast.today)
    worker, manager = cast.members["worker"], cast.members["manager"]
    for number in ("1234567896", "1234567897"):
        other = ready_person(cast, cast.office, worker, manager, number, name=f"次の {number}")
        CapPeriod.objects.filter(client=other.client).update(
            is_managed=True, managing_office_number=HOME[0], managing_office_name=HOME[1]
        )
    with CaptureQueriesContext(connection) as three:
        (report,) = cap_reports(cast.office, month, cast.today)
    assert len(report.lines) == 3
    assert len(three) <= len(one)
