"""やさしい請求書: how much, until when, how and why, from the invoice as issued, with readings."""

from __future__ import annotations

import re
import subprocess

import pytest
from django.urls import reverse

from billing.documents_plain import DAYS, plain_invoice
from teikyaku.printing import pdf
from tests.accounts.test_coming_and_going import enter
from tests.printing.samples import INVOICE
from tests.printing.test_documents import needs_pdftotext, text_of


def words(data) -> str:
    return "\n".join(
        "".join(run["text"] for run in line) for part in data["parts"] for line in part["lines"]
    )


def readings(data) -> set[str]:
    return {run["reading"] for part in data["parts"] for line in part["lines"] for run in line}


def test_it_says_what_the_invoice_says():
    data = plain_invoice(INVOICE, "たかはし よしろう")
    text = words(data)
    for said in ("4,150円", "令和8年5月31日まで", "41,503円", "9,300円", "37,353円", "架空支店"):
        assert said in text
    assert {"さんじゅういちにち", "がつ", "えん", "しちょうそん"} <= readings(data)
    assert data["name"][0] == {"text": "髙橋 𠮷朗", "reading": "たかはし よしろう"}


def test_nothing_to_pay_asks_for_nothing():
    free = {**INVOICE, "copayment_yen": 0, "amount_yen": 0, "due_on": None, "payment": None}
    text = words(plain_invoice(free, ""))
    assert "はらわなくて いいです" in text
    assert "までに" not in text
    assert "ふりこんで" not in text


@pytest.mark.parametrize(("payment", "said"), [(None, "きいてください"), ({"details": ["架空銀行"]}, "架空銀行")])  # fmt: skip
def test_how_to_pay(payment, said):
    assert said in words(plain_invoice({**INVOICE, "payment": payment}, ""))


def test_a_managed_cap_is_told():
    assert "あわせて きめました" not in words(plain_invoice(INVOICE, ""))
    for managed in ({"managed_yen": 100}, {"why": ["調整しました（上限額管理）。"]}):
        assert "あわせて きめました" in words(plain_invoice({**INVOICE, **managed}, ""))


def test_what_a_municipality_pays_is_told():
    assert "かわりに はらいます" not in words(plain_invoice(INVOICE, ""))
    assert "1,503円は、市町村が かわりに" in words(
        plain_invoice({**INVOICE, "subsidy_yen": 1503}, "")
    )


def test_every_day_of_a_month_has_its_reading():
    assert len(DAYS) == len(set(DAYS)) == 31
    for day, reading in ((1, "ついたち"), (2, "ふつか"), (20, "はつか"), (24, "にじゅうよっか")):
        content = {**INVOICE, "due_on": f"令和8年5月{day}日"}
        assert reading in readings(plain_invoice(content, ""))


@needs_pdftotext
def test_it_is_one_page():
    long = {**INVOICE, "payment": {"details": ["長い名前の架空銀行 見本支店 普通 0000000"] * 4}}
    text = text_of(pdf("plain_invoice", plain_invoice(long, "たかはし よしろう")))
    assert "\f" not in text.rstrip("\f")


@needs_pdftotext
def test_a_long_name_breaks_like_any_text():
    """Cut at the edge, its last letters would not be on the paper."""
    name = "ながいなまえ" * 10
    long = {**INVOICE, "person": {**INVOICE["person"], "name": name}}
    done = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], check=True, capture_output=True,
        input=pdf("plain_invoice", plain_invoice(long, "よみがな" * 20)),
    )  # fmt: skip
    ends = [float(found) for found in re.findall(r'xMax="([\d.]+)"', done.stdout.decode())]
    assert max(ends) < 596 - 50, "inside the right margin of an A4 page, in points"


def test_the_page_and_nobody_who_died(client, cast):
    enter(client, cast.members["billing"])
    url = reverse("plain_invoice_pdf", args=[cast.invoice.public_id])
    assert client.get(url).content.startswith(b"%PDF")
    person = cast.enrolment.client
    person.died_on = cast.today
    person.save()
    answer = client.get(url, follow=True)
    assert "亡くなった記録があります" in answer.content.decode()
