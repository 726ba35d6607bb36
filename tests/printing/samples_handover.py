"""What the papers of a hand-over are made from, as samples."""

from typing import Any

from tests.printing.samples import PLAN_BASE

_RUNS = [["目標", "もくひょう"], ["です", ""]]
HANDOVER: dict[str, Any] = {
    **{key: value for key, value in PLAN_BASE.items() if key != "manager"},
    "addressee": {"name": "見本センター", "honorific": "御中"},
    "ends_on": "令和9年2月28日",
    "what_works": "手順書があると一人で進められる。\n朝に予定を確かめる。",
    "watch_for": "疲れると口数が減る。",
    "is_closed": False,
    "workplaces": [
        {
            "name": "見本商店", "job": "品出し", "since": "令和5年9月1日", "contact": "店長",
            "phone": "025-000-0000",
        }
    ],
    "measures": "昼休みのあとに10分の休憩。",
    "contacts": [{"label": "親", "name": "新潟 花子", "phone": "025-000-0001"}],
    "goals": [{"term": "短期目標", "goal": "朝、自分で起きる", "does": ""}],
    "reports": [{"month": "令和8年4月", "parts": [{"title": "結果・様子", "text": "よい"}]}],
    "note": "ご本人の同意をいただいた内容だけを、お渡ししています。",
}  # fmt: skip
HANDOVER_PLAIN: dict[str, Any] = {
    **{key: value for key, value in PLAN_BASE.items() if key != "manager"},
    "title": _RUNS,
    "lead": _RUNS,
    "place": _RUNS,
    "phone": "025-000-0002",
    "is_accepted": False,
    "waiting": _RUNS,
    "days": [{"label": _RUNS, "on": _RUNS}],
    "what_works": [_RUNS],
    "watch_for": [_RUNS],
    "words": dict.fromkeys(("place", "phone", "what_works", "watch_for", "ask"), _RUNS),
}
SAMPLES = {"handover": HANDOVER, "handover_plain": HANDOVER_PLAIN}
