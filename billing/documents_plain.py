"""やさしい請求書: how much, until when, how and why, in few words with readings; templates never query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from teikyaku.easy_words import DAYS, easy_day, easy_part, ruby

__all__ = ["DAYS", "plain_invoice"]


def plain_invoice(content: Mapping[str, Any], kana: str) -> dict[str, Any]:
    """The keys of templates/documents/parts/plain_invoice.typ, from an invoice as it was issued.

    `kana` is the reading of the person's name.
    """
    due = content["due_on"]
    return {
        "dated": content["dated"],
        "number": content["number"],
        "edition": content["edition"],
        "notice": content["notice"],
        "office": {"name": content["office"]["name"]},
        "title": ruby(f"{_month(content)}月《がつ》の お金《かね》の お知《し》らせ"),
        "name": [
            {"text": content["person"]["name"], "reading": kana}, {"text": " さん", "reading": ""},
        ],
        "parts": [
            *([easy_part("なおしました", _corrected(content))] if content["replaces"] else []),
            _how_much(content),
            *([easy_part("いつまで", [_when(content, due)])] if due else []),
            *([easy_part("どうやって", _how(content))] if due else []),
            easy_part("なぜ この お金《かね》に なるのか", _why(content)),
        ],
        "ask": ruby("わからないことは、きいてください。"),
        "from": ruby(content["office"]["name"]),
        "phone": ruby(f"電話《でんわ》 {phone}") if (phone := content["office"]["phone"]) else [],
    }  # fmt: skip


def _when(content: Mapping[str, Any], due: str) -> str:
    if day := _debited_on(content):
        return f"{easy_day(day)}に ひきおとします。あなたが はらいに いく ことは ありません。"
    return f"{easy_day(due)}までに はらってください。"


def _debited_on(content: Mapping[str, Any]) -> str:
    """The day of a debit; empty where the person pays in another way."""
    return str((content["payment"] or {}).get("debit_on", ""))


def _month(content: Mapping[str, Any]) -> str:
    return str(content["month"]).rstrip("月").rpartition("年")[2]


def _corrected(content: Mapping[str, Any]) -> list[str]:
    lines = [
        "前《まえ》の 紙《かみ》を なおしました。前《まえ》の 紙《かみ》は つかわないで ください。"
    ]
    if _is_withdrawn(content):
        return [*lines, "この 月《つき》の お金《かね》は、いただかない ことに なりました。"]
    return lines


def _is_withdrawn(content: Mapping[str, Any]) -> bool:
    """A month that was claimed costs something: only one that was taken back costs nothing."""
    return content["total_cost_yen"] == 0


def _how_much(content: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be paid now, or goes back: less what was paid for the month before the paper."""
    amount = int(content["amount_yen"])
    # Papers from before corrections do not hold it.
    paid = int(content.get("paid_yen", 0))
    if paid > amount:
        lines = [_yen(paid - amount), *_known(amount, paid), *_going_back(amount, paid)]
        return easy_part("あなたに かえす お金《かね》", lines, is_large=True)
    lines = [_yen(amount - paid), *_known(amount, paid)]
    if paid == amount:
        lines.append("お金《かね》は はらわなくて いいです。")
    elif paid:
        lines.append(f"のこりの {_yen(amount - paid)}を はらって ください。")
    return easy_part("いくら", lines, is_large=True)


def _known(amount: int, paid: int) -> list[str]:
    """What was asked for and what came, where something came."""
    if not paid:
        return []
    return [
        f"この 月《つき》に はらう お金《かね》は、ぜんぶで {_yen(amount)}です。",
        f"あなたは もう {_yen(paid)} はらって います。",
    ]


def _going_back(amount: int, paid: int) -> list[str]:
    return [
        f"{_yen(paid - amount)}を かえします。かえしかたは、あとで お知《し》らせします。",
        "お金《かね》は はらわなくて いいです。",
    ]


def _yen(amount: int) -> str:
    return f"{amount:,}円《えん》"


def _how(content: Mapping[str, Any]) -> list[str]:
    payment = content["payment"]
    if _debited_on(content):
        return [
            "あなたの 銀行《ぎんこう》の 口座《こうざ》から ひきおとします。",
            "その 日《ひ》までに、口座《こうざ》に お金《かね》を いれて おいて ください。",
        ]
    if payment is None:
        return ["はらいかたは、しえんの 人《ひと》に きいてください。"]
    lines = ["銀行《ぎんこう》で、ここに ふりこんで ください。"]
    return [*lines, *payment["details"]]


def _why(content: Mapping[str, Any]) -> list[str]:
    """The same sums as on the invoice, in the order in which one comes to the amount."""
    if _is_withdrawn(content):
        return ["この 月《つき》の しえんの お金《かね》は、だれにも いただきません。"]
    total, cap = _yen(content["total_cost_yen"]), _yen(content["cap_yen"])
    lines = [
        f"{_month(content)}月《がつ》の しえんに かかった お金《かね》は {total}です。",
        f"あなたが 1か月《げつ》に はらう お金《かね》は、いちばん 多《おお》くても {cap}です。",
    ]
    if content["managed_yen"] is not None or "（上限額管理）" in "".join(content["why"]):
        lines.append("ほかの ところで はらう お金《かね》と あわせて きめました。")
    if content["subsidy_yen"]:
        part = _yen(content["subsidy_yen"])
        lines.append(f"その うちの {part}は、市町村《しちょうそん》が かわりに はらいます。")
    lines.append(
        f"のこりの {_yen(content['benefit_yen'])}は、市町村《しちょうそん》が はらいます。"
    )
    return lines
