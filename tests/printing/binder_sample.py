"""The sample of the binder: a sheet, contacts, and papers of the other samples."""

from __future__ import annotations

from typing import Any

from tests.printing.samples import COMMON, INVOICE, OFFICE, SUPPORT_PLAN, SUPPORT_REPORT

BINDER: dict[str, Any] = {
    "dated": COMMON["dated"],
    "office": {key: OFFICE[key] for key in ("name", "number", "corporation")},
    "subject": "髙橋 𠮷朗 様",
    "cover": [{"label": "期間", "value": "令和7年5月から令和8年4月まで"}],
    "note": "面談の記録が入っています。",
    "mismatches": [
        {
            "who": who, "count": 1, "kinds": "計画のない月 1",
            "rows": [
                {
                    "kind": "計画のない月", "text": "4月は、計画がありません。",
                    "facts": [{"label": "前の計画", "text": "令和7年10月1日から"}],
                    "source": "有効な計画がない月は減算",
                }
            ],
        }
        for who in ("髙橋 𠮷朗", "渡邉 花")
    ],
    "unrecorded": [
        {
            "kind": "レポートの受領", "count": 2, "source": "受け取ったことを残します",
            "people": [
                {"who": "髙橋 𠮷朗", "items": "2026年4月 家族"},
                {"who": "渡邉 花", "items": "2026年4月 本人"},
            ],
        }
    ],
    "unrecorded_lead": "くいちがいではありません。",
    "papers": [
        {
            "who": "髙橋 𠮷朗", "label": "個別支援計画の経過", "kind": "sheet",
            "data": {
                "title": "個別支援計画の経過", "lead": "手順の日付です。",
                "tables": [
                    {"title": "計画", "widths": [1, 2], "heads": ["開始", "同意"],
                     "rows": [["R8.4.1", "R8.3.28"]], "empty": "ありません"},
                    {"title": "前の計画", "widths": [1], "heads": ["開始"], "rows": [],
                     "empty": "前の計画はありません。"},
                ],
            },
        },
        {"who": "髙橋 𠮷朗", "label": "個別支援計画書", "kind": "support_plan", "data": SUPPORT_PLAN},
        {
            "who": "髙橋 𠮷朗", "label": "面談・連絡の記録", "kind": "contacts",
            "data": {
                "title": "面談・連絡の記録", "lead": "",
                "contacts": [
                    {"head": "令和8年4月10日　対面", "mark": "取消し",
                     "facts": [{"label": "話したこと", "text": "朝の準備。\n昼の休み。"}]}
                ],
            },
        },
        {"who": "髙橋 𠮷朗", "label": "支援レポート", "kind": "support_report", "data": SUPPORT_REPORT},
        {"who": "髙橋 𠮷朗", "label": "請求書", "kind": "invoice", "data": INVOICE},
    ],
}  # fmt: skip
