"""やさしい請求書: how much, until when, how and why, in few words with readings; templates never query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from teikyaku.furigana import segments

DAYS = (
    "ついたち", "ふつか", "みっか", "よっか", "いつか", "むいか", "なのか", "ようか", "ここのか",
    "とおか", "じゅういちにち", "じゅうににち", "じゅうさんにち", "じゅうよっか", "じゅうごにち",
    "じゅうろくにち", "じゅうしちにち", "じゅうはちにち", "じゅうくにち", "はつか",
    "にじゅういちにち", "にじゅうににち", "にじゅうさんにち", "にじゅうよっか", "にじゅうごにち",
    "にじゅうろくにち", "にじゅうしちにち", "にじゅうはちにち", "にじゅうくにち", "さんじゅうにち",
    "さんじゅういちにち",
)  # fmt: skip
Runs = list[dict[str, str]]


def plain_invoice(content: Mapping[str, Any], kana: str) -> dict[str, Any]:
    """The keys of templates/documents/parts/plain_invoice.typ, from an invoice as it was issued.

    `kana` is the reading of the person's name.
    """
    pays = content["amount_yen"] > 0
    return {
        "dated": content["dated"],
        "number": content["number"],
        "edition": "",
        "notice": content["notice"],
        "office": {"name": content["office"]["name"]},
        "title": _ruby(f"{_month(content)}月《がつ》の お金《かね》の お知《し》らせ"),
        "name": [
            {"text": content["person"]["name"], "reading": kana}, {"text": " さん", "reading": ""},
        ],
        "parts": [
            _part("いくら", _how_much(content), is_large=True),
            *([_part("いつまで", [f"{_due(content)}までに はらってください。"])] if pays else []),
            *([_part("どうやって", _how(content))] if pays else []),
            _part("なぜ この お金《かね》に なるのか", _why(content)),
        ],
        "ask": _ruby("わからないことは、きいてください。"),
        "from": _ruby(content["office"]["name"]),
        "phone": _ruby(f"電話《でんわ》 {phone}") if (phone := content["office"]["phone"]) else [],
    }  # fmt: skip


def _due(content: Mapping[str, Any]) -> str:
    """The last day, with the reading of its number: no list of words knows it (2日 is ふつか)."""
    month, _mark, day = str(content["due_on"]).rstrip("日").rpartition("月")
    return f"{month}月｜{day}日《{DAYS[int(day) - 1]}》"


def _month(content: Mapping[str, Any]) -> str:
    return str(content["month"]).rstrip("月").rpartition("年")[2]


def _how_much(content: Mapping[str, Any]) -> list[str]:
    amount = int(content["amount_yen"])
    if amount == 0:
        return ["0円《えん》", "お金《かね》は はらわなくて いいです。"]
    return [f"{amount:,}円《えん》"]


def _how(content: Mapping[str, Any]) -> list[str]:
    payment = content["payment"]
    if payment is None:
        return ["はらいかたは、しえんの 人《ひと》に きいてください。"]
    lines = ["銀行《ぎんこう》で、ここに ふりこんで ください。"]
    return [*lines, *payment["details"]]


def _why(content: Mapping[str, Any]) -> list[str]:
    """The same sums as on the invoice, in the order in which one comes to the amount."""
    total, cap = f"{content['total_cost_yen']:,}円《えん》", f"{content['cap_yen']:,}円《えん》"
    lines = [
        f"この 月《つき》の しえんに かかった お金《かね》は {total}です。",
        f"あなたが 1か月《げつ》に はらう お金《かね》は、いちばん 多《おお》くても {cap}です。",
    ]
    if content["managed_yen"] is not None or "（上限額管理）" in "".join(content["why"]):
        lines.append("ほかの ところで はらう お金《かね》と あわせて きめました。")
    if content["subsidy_yen"]:
        part = f"{content['subsidy_yen']:,}円《えん》"
        lines.append(f"その うちの {part}は、市町村《しちょうそん》が かわりに はらいます。")
    rest = f"{content['benefit_yen']:,}円《えん》"
    lines.append(f"のこりの {rest}は、市町村《しちょうそん》が はらいます。")
    return lines


def _part(title: str, lines: list[str], *, is_large: bool = False) -> dict[str, Any]:
    return {
        "title": _ruby(title), "lines": [_ruby(line) for line in lines], "is_large": is_large,
    }  # fmt: skip


def _ruby(text: str) -> Runs:
    return [{"text": part, "reading": reading} for part, reading in segments(text)]
