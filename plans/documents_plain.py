"""やさしい更新のお知らせ: until when, what to do and by which day, in few words with readings; templates never query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from teikyaku.easy_words import easy_day, easy_part, ruby


def plain_renewal_reminder(content: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of templates/documents/parts/plain_invoice.typ, from a letter as it was issued.

    It says nothing that the letter does not say.
    """
    office, last = content["office"], content["last_usable_on"]
    return {
        "dated": content["dated"],
        "number": content["number"],
        "edition": content["edition"],
        "notice": content["notice"],
        "office": {"name": office["name"]},
        "title": ruby("これからも 使《つか》うための お知《し》らせ"),
        "name": [
            {"text": content["person"]["name"], "reading": content["person"]["kana"]},
            {"text": " さん", "reading": ""},
        ],
        "parts": [
            _ends(content["service"]),
            _go_on(content["apply_by"], office),
            *([_at_the_longest(last)] if last else []),
            easy_part("まよったら", [
                "つづけるか まよう ときは、いま 使《つか》っている 事業所《じぎょうしょ》か、この 紙《かみ》の いちばん 下《した》の"
                " ところに きいてください。",
            ]),
        ],
        "ask": ruby("わからないことは、きいてください。"),
        "from": ruby(" ".join(filter(None, (office["name"], office["department"])))),
        "phone": ruby(f"電話《でんわ》 {office['phone']}") if office["phone"] else [],
    }  # fmt: skip


def _ends(service: Mapping[str, str]) -> dict[str, Any]:
    lines = [
        f"{easy_day(service['ends_on'])}まで",
        "あなたが いま 使《つか》っている 就労定着支援《しゅうろうていちゃくしえん》は、"
        "この 日《ひ》に いちど おわります。",
    ]
    return easy_part("いつまで つかえますか", lines, is_large=True)


def _go_on(apply_by: str, office: Mapping[str, str]) -> dict[str, Any]:
    place = " ".join(filter(None, (office["name"], office["department"])))
    lines = [
        f"{easy_day(apply_by)}までに、もうしこみを してください。",
        f"もうしこむ ところは、{place}です。",
        "この もうしこみを 「更新《こうしん》の 申請《しんせい》」と いいます。",
    ]
    return easy_part("つづけて 使《つか》いたい とき", lines)


def _at_the_longest(last: str) -> dict[str, Any]:
    lines = [f"もうしこみを しても、使《つか》えるのは {easy_day(last)}までです。"]
    return easy_part("いちばん 長《なが》く 使《つか》えるのは いつまで", lines)
