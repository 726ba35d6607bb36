"""Samples of the papers about money that are not letters to a person."""

from __future__ import annotations

from typing import Any

from billing.documents_plain import plain_invoice
from billing.rules.notice_withdrawal import Gone, holds_now, plain_words
from teikyaku.furigana import segments
from tests.printing.samples import INVOICE, OFFICE, RECEIPT, SUPPORT_REPORT

CAP_SHEET: dict[str, Any] = {
    "dated": "2026-05-05",
    "number": "",
    "issued_on": "令和8年5月5日",
    "edition": "",
    "notice": "",
    "replaces": None,
    "replaced_by": None,
    "office": OFFICE,
    "month": "令和8年4月",
    "person": {
        "name": "髙橋 𠮷朗", "certificate_number": "1234567890", "municipality": "新潟市中央区",
    },
    "cap_yen": 9300,
    "outcome": "3",
    "outcome_label": "合計が上限額を超え、調整した",
    "lines": [
        {
            "position": 1, "number": "1510100001", "name": "就労定着支援センター みなと",
            "total_cost_yen": 29180, "before_yen": 2918, "after_yen": 2918,
        },
        {
            "position": 2, "number": "1510100009", "name": "とても長い名前の架空作業所" * 3,
            "total_cost_yen": 80000, "before_yen": 8000, "after_yen": 6382,
        },
    ],
    "total": {"total_cost_yen": 109180, "before_yen": 10918, "after_yen": 9300},
}  # fmt: skip
PROXY_NOTICE: dict[str, Any] = {
    "dated": "2026-06-20",
    "number": "1510100001-2026-04-D000012",
    "issued_on": "令和8年6月20日",
    "edition": "訂正版",
    "notice": "見本の報酬表で計算しています。",
    "replaces": {
        "number": "1510100001-2026-04-D000010", "issued_on": "令和8年6月16日",
        "note": "受け取った額が変わりました。",
    },
    "replaced_by": {"number": "1510100001-2026-04-D000014", "issued_on": "令和8年7月1日"},
    "office": OFFICE,
    "addressee": {
        "name": "髙橋 﨑子", "postal_code": "951-0000",
        "address": ["新潟市中央区見本町1番1号コーポ見本201号室"], "honorific": "様",
    },
    "person": {
        "name": "髙橋 𠮷朗", "certificate_number": "1234567890", "municipality": "新潟市中央区",
    },
    "month": "令和8年4月",
    "paid_on": "令和8年6月15日",
    "amount_yen": 37000,
    "total_cost_yen": 41503,
    "copayment_yen": 4150,
}  # fmt: skip
RECORD: dict[str, Any] = {
    "issued_on": "令和8年5月5日",
    "edition": "締め前",
    "office": {key: OFFICE[key] for key in ("name", "number", "corporation")},
    "person": {
        "name": "髙橋 𠮷朗", "kana": "たかはし よしろう", "certificate_number": "1234567890",
        "municipality": "新潟市中央区",
    },
    "month": "令和8年4月",
    "contracted_amount": "当該月の日数",
    "days": [
        {
            "day": 7, "weekday": "火", "times": ["10:00〜10:30", "15:00〜15:20"],
            "ways": ["対面", "テレビ電話"], "places": ["職場の休憩室", "自宅"],
            "staff": ["佐藤 みなと"], "remarks": ["地域連携会議（Ⅰ）", "特別地域加算"],
        },
    ],
    "empty_lines": 3,
    "notice": "",
    "counted": 1,
    "first_use_on": "令和8年4月1日",
    "shared_on": "令和8年4月28日",
}  # fmt: skip
SERVICE_RECORDS: dict[str, Any] = {
    "dated": "2026-05-05", "office": {"name": OFFICE["name"]}, "month": "令和8年4月",
    "sheets": [RECORD, {**RECORD, "edition": "", "empty_lines": 0, "first_use_on": "", "notice": "見本です。"}],
}  # fmt: skip
NOTICE_WITHDRAWAL: dict[str, Any] = {
    **{key: PROXY_NOTICE[key] for key in ("dated", "issued_on", "edition", "notice", "replaces",
                                          "replaced_by", "office", "addressee", "person", "month")},
    "number": "1510100001-2026-04-T000012-2",
    "why": Gone.CORRECTED.label,
    "gone": {
        "number": PROXY_NOTICE["number"], "issued_on": "令和8年6月20日", "paid_on": "令和8年6月15日",
        "amount_yen": 37000,
    },
    "holds": list(holds_now(Gone.CORRECTED, 41_503, 4_150, is_received=True)),
    "plain": [
        [{"text": word, "reading": reading} for word, reading in segments(line)]
        for line in plain_words(Gone.CORRECTED, 4_150, is_received=True)
    ],
    "ask": [{"text": "わからないことは、きいてください。", "reading": ""}],
}  # fmt: skip
PAYMENT_REMINDER: dict[str, Any] = {
    **{key: PROXY_NOTICE[key] for key in ("dated", "issued_on", "notice", "office", "addressee")},
    "number": "1510100001-20260620-K000012",
    "edition": "",
    "replaces": None,
    "replaced_by": None,
    "person": {"name": "髙橋 𠮷朗", "kana": "たかはし よしろう"},
    "lines": [
        {
            "month": f"令和8年{month}月", "number": f"1510100001-2026-0{month}-000012",
            "due_on": f"令和8年{month + 2}月30日", "amount_yen": 4150, "open_yen": 4150 - 100 * month,
        }
        for month in (1, 2, 3)
    ],
    "total_yen": 11850,
    "coming_count": 1,
    "coming_yen": 4150,
    "bank_account": "架空銀行 見本支店 普通 0000000 架空法人みなと",
}  # fmt: skip
# In a file of several the day stands once.
_LETTER = {key: value for key, value in PAYMENT_REMINDER.items() if key != "dated"}
PAYMENT_REMINDERS: dict[str, Any] = {
    "dated": "2026-06-20", "office": {"name": OFFICE["name"]},
    "letters": [_LETTER, {**_LETTER, "coming_count": 0, "bank_account": ""}],
}  # fmt: skip
# The file is dated, not each paper in it.
INVOICES: dict[str, Any] = {
    "dated": "2026-05-08", "office": {"name": OFFICE["name"]}, "month": "令和8年4月",
    "papers": [{key: value for key, value in INVOICE.items() if key != "dated"}],
}  # fmt: skip

PLAIN_INVOICE = plain_invoice(INVOICE, "たかはし よしろう")
ENVELOPES: dict[str, Any] = {
    "dated": "2026-05-05", "office": {"name": OFFICE["name"]}, "month": "令和8年4月",
    "envelopes": [
        {
            "issued_on": "令和8年5月5日",
            "office": OFFICE,
            "addressee": PROXY_NOTICE["addressee"],
            "lead": "髙橋 𠮷朗 様の就労定着支援（令和8年4月分）についてお送りします。",
            "contents": ["実績記録票", "やさしい請求書", "請求書", "領収書", "代理受領通知書"],
            "by_hand": "手渡しでお届けします。",
            "papers": [
                {"kind": "record", "data": RECORD},
                {"kind": "plain", "data": PLAIN_INVOICE},
                {"kind": "invoice", "data": INVOICE},
                {"kind": "reminder", "data": PAYMENT_REMINDER},
                {"kind": "receipt", "data": RECEIPT},
                {"kind": "notice_withdrawal", "data": NOTICE_WITHDRAWAL},
                {"kind": "notice", "data": PROXY_NOTICE},
                {"kind": "report", "data": SUPPORT_REPORT},
                {"kind": "plain_report", "data": SUPPORT_REPORT},
            ],
        }
    ],
}  # fmt: skip
CAP_REPORTS: dict[str, Any] = {
    **{key: CAP_SHEET[key] for key in ("dated", "number", "issued_on", "edition", "notice", "replaces",
                                       "replaced_by", "office", "month")},
    "due_on": "令和8年5月3日",
    "service": "就労定着支援",
    "reports": [
        {
            "number": "1510000001", "name": "架空グループホーム 灯",
            "lines": [
                {
                    "name": "髙橋 𠮷朗", "certificate_number": "1234567890",
                    "municipality": "新潟市中央区", "total_cost_yen": 27680, "before_yen": 2768,
                    "note": "レポート未共有",
                },
            ],
            "total_cost_yen": 27680, "before_yen": 2768,
        },
        {
            "number": "", "name": "番号のない架空ホーム",
            "lines": [
                {
                    "name": "見本 花子", "certificate_number": "1234567891",
                    "municipality": "新潟市東区", "total_cost_yen": None, "before_yen": None,
                    "note": "",
                },
            ],
            "total_cost_yen": None, "before_yen": None,
        },
    ],
}  # fmt: skip
SAMPLES = {
    "plain_invoice": PLAIN_INVOICE,
    "invoices": INVOICES,
    "envelopes": ENVELOPES,
    "service_records": SERVICE_RECORDS,
    "cap_sheet": CAP_SHEET,
    "cap_reports": CAP_REPORTS,
    "payment_reminder": PAYMENT_REMINDER,
    "payment_reminders": PAYMENT_REMINDERS,
    "proxy_notice": PROXY_NOTICE,
    "notice_withdrawal": NOTICE_WITHDRAWAL,
}
