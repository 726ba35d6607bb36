"""Samples of the papers about money that are not letters to a person."""

from __future__ import annotations

from typing import Any

from tests.printing.samples import OFFICE

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
SAMPLES = {"cap_sheet": CAP_SHEET, "cap_reports": CAP_REPORTS}
