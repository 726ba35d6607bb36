"""The workbook in which an operator fills in a fee table or its codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from billing.queries.fee_tables import TIER_WORDS
from billing.rules.fee_cells import KIND_WORDS
from billing.rules.fee_table import COLUMNS, Scheme, product
from billing.tariffs import BASE, BASE_LABEL, CodeKey, ItemKind, Tariff
from teikyaku.reasons import Certainty
from teikyaku.spreadsheets import Column, Kind, Sheet, Value, workbook

_CHOICES = "選択肢"
_WIDTHS = {"item": 40, "factors": 40, "label": 40, "kind": 14, "tier": 18, "certainty": 8}
_KINDS = {"amount": Kind.NUMBER, "first_month": Kind.MONTH}
CERTAINTIES = (Certainty.SOURCE, Certainty.PRACTICE, Certainty.UNKNOWN)


def template_rows(table: Tariff, scheme: Scheme) -> list[CodeKey]:
    """Every line that a table can have a code for, and the factors: bases, then items."""
    factors = [key for key, item in table.items.items() if item.kind == ItemKind.FACTOR]
    bases = [
        CodeKey(BASE, tier.key, keys)
        for keys in [(), *((key,) for key in factors)]
        for tier in table.tiers
    ]
    return [*bases, *(CodeKey(key) for key in table.items if key in scheme.items)]


def template_workbook(table: Tariff, scheme: Scheme) -> bytes:
    """The lines of `table` with an empty column for the codes, an example, and how to fill it in."""
    lists = _lists(scheme)
    columns = _columns(lists)
    lines = [_line(table, key, "") for key in template_rows(table, scheme)]
    return workbook(
        [
            Sheet(_("報酬表"), columns, lines),
            Sheet(_("記入例"), columns, _example(table, scheme)),
            Sheet(
                _("入れ方"), [Column(_("列"), width=20), Column(_("入れるもの"), width=80)], guide()
            ),
            Sheet(
                _CHOICES,
                [Column(COLUMNS[name], width=40) for name in lists],
                _side_by_side(list(lists.values())),
            ),
        ]
    )


def guide() -> list[tuple[str, str]]:
    """What stands in each column."""
    words = {
        "kind": _("空欄でもかまいません。項目から決まります。"),
        "item": _("必須。ひな型の名前で入れます。基本報酬は「基本報酬」。"),
        "tier": _("基本報酬の行に要ります。加算・減算は、区分ごとにコードがちがうときだけ。"),
        "factors": _(
            "減算をかけた後の基本報酬の行に入れます。二つかけるときは「、」で区切ります。"
        ),
        "label": _("空欄なら項目の名前。明細にこの名前で出ます。"),
        "code": _("47で始まる6文字。分からない行は空欄のままにします。推測で入れません。"),
        "amount": _("必須。単位数は整数、％は小数1桁まで（10.3）、倍率は0.7のように。"),
        "certainty": _("S（告示・Q&Aで確かめた）、M（実務の取扱い）、?（未確認）。空欄は ?。"),
        "first_month": _("報酬表のとちゅうの月から始まる項目だけ。2024-06、令和6年6月など。"),
    }
    return [(label, words[name]) for name, label in COLUMNS.items()]


def _lists(scheme: Scheme) -> dict[str, list[str]]:
    items = scheme.items
    factors = [item.label for item in items.values() if item.kind == ItemKind.FACTOR]
    return {
        "kind": list(KIND_WORDS.values()),
        "item": [KIND_WORDS[BASE], *(item.label for item in items.values())],
        "tier": list(TIER_WORDS.values()),
        "factors": factors,
        "certainty": [each.value for each in CERTAINTIES],
    }


def _columns(lists: dict[str, list[str]]) -> list[Column]:
    ranges = {
        name: f"'{_CHOICES}'!${letter}$2:${letter}${len(values) + 1}"
        for letter, (name, values) in zip("ABCDE", lists.items(), strict=True)
    }
    return [
        Column(label, _KINDS.get(name, Kind.TEXT), _WIDTHS.get(name, 14), ranges.get(name, ""))
        for name, label in COLUMNS.items()
    ]


def _line(table: Tariff, key: CodeKey, code: str) -> Sequence[Value]:
    if key.kind == BASE:
        factors = [table.items[each] for each in key.factors]
        units = product(table.tier(key.tier).units, [each.amount for each in factors])
        names = "、".join(each.label for each in factors)
        certainty = table.certainty
        return (
            KIND_WORDS[BASE], KIND_WORDS[BASE], TIER_WORDS[key.tier], names, BASE_LABEL, code or None,
            units, certainty.value, None,
        )  # fmt: skip
    item = table.items[key.kind]
    return (
        KIND_WORDS[item.kind], item.label, None, None, item.label, code or None, item.amount,
        item.certainty.value, item.first_month,
    )  # fmt: skip


def _example(table: Tariff, scheme: Scheme) -> Iterator[Sequence[Value]]:
    """A few lines with codes that nobody could take for real ones."""
    tier = table.tiers[0].key
    shown = [CodeKey(BASE, tier), CodeKey(BASE, tier, ("no_support_plan",)), CodeKey("initial"),
             CodeKey("treatment_1"), CodeKey("no_support_plan")]  # fmt: skip
    known = [key for key in shown if key in template_rows(table, scheme)]
    for number, key in enumerate(known, 1):
        has_code = key.kind == BASE or table.items[key.kind].kind != ItemKind.FACTOR
        yield _line(table, key, f"ZZ{number:04d}" if has_code else "")


def _side_by_side(lists: Sequence[Sequence[str]]) -> Iterator[Sequence[Value]]:
    for number in range(max(map(len, lists))):
        yield [values[number] if number < len(values) else None for values in lists]
