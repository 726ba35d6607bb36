"""Each document from its sample: it comes out, reads in order, and breaks over pages well."""

from __future__ import annotations

import copy
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from teikyaku.printing import TEMPLATES, PrintingError, pdf
from tests.printing.binder_sample import BINDER
from tests.printing.samples import (
    CERTIFICATE,
    INVOICE,
    MONTH_LIST,
    RECEIPT,
    SUPPORT_REPORT,
    SUPPORT_REPORTS,
)
from tests.printing.samples import SAMPLES as PAPERS
from tests.printing.samples_handover import SAMPLES as HANDOVER_PAPERS
from tests.printing.samples_money import ENVELOPES, INVOICES, RECORD, SERVICE_RECORDS
from tests.printing.samples_money import SAMPLES as MONEY_PAPERS

SAMPLES = {**PAPERS, **HANDOVER_PAPERS, **MONEY_PAPERS, "binder": BINDER}

needs_pdftotext = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext (apt install poppler-utils) is not there"
)


def text_of(made: bytes) -> str:
    """The text as it is read aloud, without any space, pages parted by form feeds."""
    done = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=made, capture_output=True, check=True
    )
    return re.sub(r"[^\S\f]+", "", done.stdout.decode())


def assert_in_order(text: str, *parts: str) -> None:
    place = 0
    for part in parts:
        found = text.find(part, place)
        assert found >= 0, f"{part} is not where it belongs"
        place = found + len(part)


def paths(value, path=()):
    if isinstance(value, dict):
        for key, part in value.items():
            yield (*path, key)
            yield from paths(part, (*path, key))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        yield from paths(value[0], (*path, 0))


def without(data, path):
    data = copy.deepcopy(data)
    place = data
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    return data


def test_every_document_has_a_sample():
    documents = {path.stem for path in TEMPLATES.glob("*.typ")} - {"base"}
    assert documents == set(SAMPLES)


@pytest.mark.parametrize("template", SAMPLES)
def test_document_is_a_pdf_for_archive_and_screen_reader(template):
    made = pdf(template, SAMPLES[template])
    assert made.startswith(b"%PDF-1.7")
    assert b"pdfaid:part" in made
    assert b"pdfuaid:part" in made


@pytest.mark.parametrize("template", SAMPLES)
def test_same_data_give_the_same_bytes(template):
    first = pdf(template, SAMPLES[template])
    time.sleep(1.1)
    assert pdf(template, copy.deepcopy(SAMPLES[template])) == first


@pytest.mark.parametrize(
    ("template", "path"),
    [
        pytest.param(template, path, id=f"{template}:{'.'.join(map(str, path))}")
        for template, data in SAMPLES.items()
        for path in paths(data)
        # The certificate's copy shows of the office its name alone.
        if template != "certificate" or path[0] != "office" or path[-1] in {"office", "name"}
    ],
)
def test_every_key_of_a_sample_is_expected_by_its_template(template, path):
    """A key that nothing reads would be a contract that nobody keeps."""
    data = SAMPLES[template]
    with pytest.raises(PrintingError, match=f'does not contain key "{path[-1]}"'):
        pdf(template, without(data, path))


@needs_pdftotext
def test_invoice_reads_in_order():
    text = text_of(pdf("invoice", INVOICE))
    assert_in_order(
        text,
        "〒951-0000",
        "コーポ見本201号室",
        "髙橋﨑子様",
        "請求書",
        "令和8年4月にご利用いただいた",
        "4,150円",
        "髙橋𠮷朗様",
        "初期加算",
        "−167",
        "単位数の合計",
        "4,081単位×10.17円",
        "41,503円",
        "負担上限月額",
        "37,353円",
        "なぜこの金額か",
        "上限（9,300円）より低いので",
        "消費税がかかりません",
    )
    assert "\f" not in text.rstrip("\f"), "a usual invoice fits on one sheet"


@needs_pdftotext
def test_invoice_of_nothing_asks_for_nothing():
    data = {**INVOICE, "copayment_yen": 0, "amount_yen": 0, "due_on": None, "payment": None}
    text = text_of(pdf("invoice", data))
    assert "お支払いいただく額はありません" in text
    assert "お支払い期限" not in text


@needs_pdftotext
def test_invoice_shows_cap_management_and_subsidy_only_where_there_are_any():
    plain = text_of(pdf("invoice", INVOICE))
    assert "上限額管理の結果" not in plain
    assert "自治体の助成" not in plain
    changed = {**INVOICE, "managed_yen": 3000, "copayment_yen": 3000, "subsidy_yen": 1000}
    text = text_of(pdf("invoice", {**changed, "amount_yen": 2000}))
    calculation = text[text.index("利用者負担額の計算") :]
    assert_in_order(
        calculation,
        "上限額管理の結果",
        "3,000円",
        "自治体の助成",
        "−1,000円",
        "ご請求額",
        "2,000円",
    )
    assert "\f" not in text.rstrip("\f")


@needs_pdftotext
def test_invoice_of_many_lines_repeats_its_head_and_keeps_its_end():
    data = {
        **INVOICE,
        "lines": [{**INVOICE["lines"][0], "label": f"明細{n}行目"} for n in range(70)],
    }
    pages = text_of(pdf("invoice", data)).rstrip("\f").split("\f")
    assert len(pages) == 3
    assert all("項目単位数回数合計" in page for page in pages)
    assert all("No.2026-000412" in page for page in pages)
    assert all(f"{number}/3" in page for number, page in enumerate(pages, 1))
    assert_in_order("".join(pages), *(f"明細{n}行目" for n in range(70)), "単位数の合計")
    # The sums never stand alone: the last page still holds lines.
    assert "明細69行目" in pages[-1]


@needs_pdftotext
def test_long_address_pushes_the_letter_down():
    long = {**INVOICE["addressee"], "address": [f"とても長い住所の{n}行目です" for n in range(12)]}
    text = text_of(pdf("invoice", {**INVOICE, "addressee": long}))
    assert_in_order(text, "住所の0行目", "住所の11行目", "髙橋﨑子様", "請求書", "ご請求額")


@needs_pdftotext
def test_corrections_name_both_numbers():
    replaces = {"number": "2026-000300", "issued_on": "令和8年5月1日", "note": "単価を直しました。"}
    new = text_of(pdf("invoice", {**INVOICE, "edition": "訂正版", "replaces": replaces}))
    assert "No.2026-000300を訂正したものです" in new
    assert "単価を直しました。" in new
    assert "訂正版" in new
    replaced_by = {"number": "2026-000500", "issued_on": "令和8年5月20日"}
    old = text_of(pdf("invoice", {**INVOICE, "replaced_by": replaced_by}))
    assert "No.2026-000500により訂正されました" in old


@needs_pdftotext
def test_report_keeps_typed_lines_and_leaves_out_empty_parts():
    text = text_of(pdf("support_report", SUPPORT_REPORT))
    assert_in_order(
        text, "支援レポート", "今月の目標", "行った支援", "結果・様子", "これからのこと", "共有先"
    )
    assert "控" in text
    parts = [{"title": "結果・様子", "text": ""}]
    bare = {**SUPPORT_REPORT, "parts": parts, "meetings": [], "shared_with": [], "plain": None}
    text = text_of(pdf("support_report", bare))
    assert "だれが、何をするか" not in text
    assert "面談" not in text
    assert "（記載なし）" in text
    assert "1/1" in text


@needs_pdftotext
def test_plain_version_has_readings_above_its_words():
    pages = text_of(pdf("support_report", SUPPORT_REPORT)).rstrip("\f").split("\f")
    assert len(pages) == 2
    for reading in ("がつ", "たかはしよしろう", "じゅんび", "さとう", "でんわ"):
        assert reading in pages[1]
        assert reading not in pages[0]


@needs_pdftotext
def test_each_report_of_a_file_counts_its_own_pages():
    pages = text_of(pdf("support_reports", SUPPORT_REPORTS)).rstrip("\f").split("\f")
    assert len(pages) == 3
    for page, number in zip(pages, ("1/2", "2/2", "1/1"), strict=True):
        assert number in page
    assert "2026-000398" in pages[0]
    assert "2026-000399" in pages[2]


@needs_pdftotext
def test_a_copy_for_somebody_else_says_whose_report_it_is():
    copy_ = {**SUPPORT_REPORT, "addressee": {"name": "見本製作所", "honorific": "御中"}}
    text = text_of(pdf("support_report", {**copy_, "note": "同意の項目だけ", "plain": None}))
    assert_in_order(text, "見本製作所御中", "ご利用の方", "髙橋𠮷朗様", "同意の項目だけ")


@needs_pdftotext
def test_typed_text_is_never_read_as_markup():
    typed = '#panic("x") *太字* $1+1$ @ref <label> `code` // [x] \\ 終わり'
    text = text_of(
        pdf("support_report", {**SUPPORT_REPORT, "parts": [{"title": "題", "text": typed}]})
    )
    assert typed.replace(" ", "") in text


@needs_pdftotext
def test_certificate_follows_the_faces_of_the_paper():
    text = text_of(pdf("certificate", CERTIFICATE))
    assert "受給者証そのものではありません" in text
    text = text[text.index("一支給決定を受けた方") :]
    assert_in_order(
        text, "一支給決定を受けた方", "0012345678", "居住地", "たかはしよしろう", "髙橋𠮷朗",
        "昭和60年4月1日", "知的・精神", "令和8年3月25日", "新潟市中央区", "二訓練等給付費",
        "就労定着支援", "令和8年4月1日から令和9年3月31日まで", "相談支援センターかもめ", "9,300円",
        "令和8年4月から令和8年6月まで", "該当", "グループホームはまなす", "事業者記入欄", "月1回以上",
    )  # fmt: skip


@needs_pdftotext
def test_certificate_tells_no_cap_from_a_cap_of_nothing():
    none = text_of(pdf("certificate", {**CERTIFICATE, "caps": []}))
    assert "記録がありません" in none
    zero = {**CERTIFICATE["caps"][0], "yen": 0, "category": "低所得", "is_managed": False}
    text = text_of(pdf("certificate", {**CERTIFICATE, "caps": [{**zero, "last_month": ""}]}))
    assert "0円低所得" in text
    assert "非該当" in text
    assert "記録がありません" not in text


@needs_pdftotext
def test_protected_address_is_not_on_the_copy():
    holder = {**CERTIFICATE["holder"], "address": "", "postal_code": ""}
    text = text_of(pdf("certificate", {**CERTIFICATE, "holder": holder}))
    assert "（表示しません）" in text
    assert "951" not in text


@needs_pdftotext
def test_month_list_has_its_sums_and_every_reason():
    text = text_of(pdf("month_list", MONTH_LIST))
    assert_in_order(text, "24人総費用額", "請求できる人", "個別支援計画がないため減算", "合計24人")
    assert "合計24人80,352817,17681,696735,480" in text
    assert_in_order(
        text,
        "市町村ごとの合計",
        "保留",
        "渡辺翔",
        "（0円とは別です）",
        "請求できない",
        "本間さくら",
    )


@needs_pdftotext
def test_month_list_of_nobody_says_so():
    nothing = dict.fromkeys(MONTH_LIST["ready_total"], 0)
    lists = ("closed", "ready", "held", "not_billable", "by_municipality", "closings")
    empty = {**{key: [] for key in lists}, "ready_total": nothing, "closed_total": nothing}
    text = text_of(pdf("month_list", {**MONTH_LIST, **empty}))
    assert text.count("該当する人はいません") == 4
    assert "まだ締めていません" in text


@needs_pdftotext
def test_receipt_says_what_was_paid_and_what_stays_open():
    text = text_of(pdf("receipt", RECEIPT))
    assert_in_order(text, "髙橋﨑子様", "領収書", "3,000円", "令和8年5月20日", "振込", "髙橋𠮷朗様")
    assert "残りは1,150円です" in text
    settled = text_of(pdf("receipt", {**RECEIPT, "rest_yen": 0}))
    assert "これで済みました" in settled
    assert "残りは" not in settled
    assert "代理受領" not in text
    assert "\f" not in text.rstrip("\f"), "a receipt fits on one sheet"


def test_a_hundred_invoices_take_seconds():
    """13 ms a page on a quiet machine; the bound leaves room for a busy one."""
    started = time.perf_counter()
    for number in range(100):
        pdf("invoice", {**INVOICE, "number": f"2026-{number:06d}"})
    assert time.perf_counter() - started < 20


def later_pages(name: str, data: dict) -> list[str]:
    return text_of(pdf(name, data)).split("\f")


@needs_pdftotext
def test_later_pages_of_a_paper_among_others_say_whose_they_are():
    """Sheets of several people in one file, or in an envelope to somebody else, are found again."""
    days = {**RECORD, "days": RECORD["days"] * 31}
    pages = later_pages("service_records", {**SERVICE_RECORDS, "sheets": [days, RECORD, days]})
    whose = "サービス提供実績記録票令和8年4月分髙橋𠮷朗受給者証番号1234567890"
    assert [n for n, page in enumerate(pages) if whose in page] == [1, 2, 5, 6]
    assert f"{whose}2/3" in pages[1]
    assert f"{whose}3/3" in pages[6]
    long = {**INVOICE, "lines": INVOICE["lines"][:1] * 30}
    sheets = [{"kind": "record", "data": days}, {"kind": "invoice", "data": long}]
    letter = {**ENVELOPES["envelopes"][0], "papers": sheets}
    for name, data in (
        ("envelopes", {**ENVELOPES, "envelopes": [letter]}),
        ("invoices", {**INVOICES, "papers": [long, long]}),
    ):
        text = "".join(later_pages(name, data))
        assert "請求書令和8年4月分髙橋𠮷朗様No.2026-0004122/2" in text
        assert (f"{whose}3/3" in text) == (name == "envelopes")


def test_templates_say_which_keys_they_expect():
    for path in Path(TEMPLATES).glob("*.typ"):
        head = path.read_text().split("#", 1)[0]
        assert "Keys" in head, path.name


@needs_pdftotext
def test_the_lines_to_sign_never_stand_alone():
    """A usual plan is one page; of a longer one the days of the plan go with the lines to sign."""
    plan = copy.deepcopy(PAPERS["support_plan"])
    signed = "計画書を受け取りました"
    seen = set()
    for lines in range(0, 40, 3):
        plan["support"] = "\n".join(["困りごとを一緒に整理する。"] * lines)
        pages = text_of(pdf("support_plan", plan)).rstrip("\f").split("\f")
        seen.add(len(pages))
        assert "作成の経過" in next(page for page in pages if signed in page)
    assert 1 in seen
    assert len(seen) > 1
