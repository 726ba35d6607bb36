"""報酬表の取り込み: the lines of a sheet as typed rows, and what is wrong in them by line and column.

Source: docs/rules.md §7: a table is data with its months, source and certainty; codes 47xxxx are
imported and never invented. §5: factors make the base, one after another, each rounded half up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

from billing.rules.fee_cells import CellError, Names, amount_of, certainty_of, code_of, month_of
from billing.tariffs import BASE, BASE_LABEL, CodeKey, Item, ItemKind, Tariff, Tier
from teikyaku.money import round_half_up
from teikyaku.periods import Month
from teikyaku.reasons import Certainty

# What the product itself puts into a person's month: a table without them could not be computed.
ALWAYS = ("initial", "no_support_plan", "no_support_plan_long")
LABEL_LENGTH = 80
COLUMNS: Mapping[str, str] = {
    "kind": "種類", "item": "項目", "tier": "就労定着率の区分", "factors": "かける減算",
    "label": "表示する名前", "code": "サービスコード", "amount": "単位数・率",
    "certainty": "確かさ", "first_month": "最初の月",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FeeRow:
    """One line: a base of a tier (with the factors that made it), or an item.

    `amount`: units, percent or factor by the item's kind. `code` is "" where it is not known.
    """

    item: str
    tier: str
    factors: tuple[str, ...]
    label: str
    code: str
    amount: Decimal
    certainty: Certainty
    first_month: Month | None = None
    line: int = 0

    @property
    def key(self) -> CodeKey:
        """What its service code stands for."""
        return CodeKey(self.item, self.tier, self.factors)

    @property
    def is_plain_base(self) -> bool:
        """A tier's base as the notice has it."""
        return self.item == BASE and not self.factors


@dataclass(frozen=True, slots=True)
class Fault:
    """直すところ: line, column, what stands there, what is expected. Line 0 is the whole sheet."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReadRows:
    """What was read, in the order of the sheet, and what is wrong."""

    rows: tuple[FeeRow, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """What the product can compute: the items that it knows, and the tiers by key with their words."""

    items: Mapping[str, Item]
    tiers: Mapping[str, str]
    takes_sample_codes: bool = False
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        labels = {key: item.label for key, item in self.items.items()}
        object.__setattr__(self, "names", Names(labels, self.tiers, BASE, BASE_LABEL))

    def kind(self, item: str) -> str:
        """ "base", or the item's kind."""
        return BASE if item == BASE else self.items[item].kind.value

    def words(self, key: CodeKey) -> str:
        """What a row is called: its item, its tier, its factors."""
        parts = [self.tiers[key.tier]] if key.tier else []
        parts += [self.items[each].label for each in key.factors]
        name = BASE_LABEL if key.kind == BASE else self.items[key.kind].label
        return f"{name}（{'・'.join(parts)}）" if parts else name


def read_rows(
    lines: Iterable[tuple[int, Mapping[str, str]]],
    scheme: Scheme,
    holding: Tariff | None = None,
    span: tuple[Month, Month] | None = None,
) -> ReadRows:
    """The rows of a sheet, `lines` with their cells by field as in `COLUMNS`.

    With `holding`, the sheet brings codes for that table: an amount that differs is a change, and
    refused. Without, it is a whole table: every tier and what the product applies by itself; `span`
    are then its first and last month, in which every item begins.
    """
    rows: list[FeeRow] = []
    faults: list[Fault] = []
    for number, cells in lines:
        row, wrong = _row(number, cells, scheme)
        faults += wrong
        if row is not None:
            rows.append(row)
    rows = [_begun(row, scheme, span) for row in rows]
    faults += _outside(rows, span)
    faults += _twice(rows, scheme)
    faults += _codes_twice(rows, scheme)
    if holding is None:
        faults += _differing(rows, scheme)
        if not faults:
            faults += _missing(rows, scheme)
        faults += _products(rows, scheme, _units(rows), _factors(rows))
    else:
        faults += _changed(rows, scheme, holding)
        factors = {key: item.amount for key, item in holding.items.items()}
        faults += _products(rows, scheme, {t.key: t.units for t in holding.tiers}, factors)
    return ReadRows(tuple(rows), tuple(sorted(faults, key=lambda fault: fault.line)))


def _row(
    number: int, cells: Mapping[str, str], scheme: Scheme
) -> tuple[FeeRow | None, list[Fault]]:
    faults: list[Fault] = []

    def fault(name: str, reason: str) -> None:
        faults.append(Fault(number, COLUMNS[name], cells.get(name, ""), reason))

    def read(name: str, how: object) -> object:
        try:
            return how(cells.get(name, ""))  # type: ignore[operator]
        except CellError as error:
            fault(name, str(error))
            return None

    item = read("item", scheme.names.item)
    if item is None:
        return None, faults
    kind = scheme.kind(str(item))
    stated = read("kind", scheme.names.kind)
    if stated and stated != kind:
        fault("kind", f"この項目の種類は「{scheme.names.kind_words(kind)}」です。")
    tier = read("tier", scheme.names.tier)
    factors = read("factors", lambda text: _factor_keys(text, scheme))
    code = read("code", lambda text: code_of(text, takes_samples=scheme.takes_sample_codes))
    amount = read("amount", lambda text: amount_of(text, kind))
    certainty, first = read("certainty", certainty_of), read("first_month", month_of)
    label = cells.get("label", "").strip() or _label(str(item), scheme)
    if item == BASE and tier == "":
        fault("tier", "基本報酬の行には、就労定着率の区分が要ります。")
    if item != BASE and factors:
        fault("factors", "かける減算は、基本報酬の行にだけ入れます。")
    if item == BASE and first is not None:
        fault(
            "first_month", "基本報酬は、報酬表の最初の月から最後の月までです。空欄にしてください。"
        )
    if kind == ItemKind.FACTOR and code:
        fault("code", "倍率の減算は基本報酬の行のコードで請求します。ここは空欄にしてください。")
    if kind == ItemKind.FACTOR and tier:
        fault("tier", "倍率の減算は、区分によらず一つです。空欄にしてください。")
    if len(label) > LABEL_LENGTH:
        fault("label", f"{LABEL_LENGTH}文字までにしてください。")
    if faults:
        return None, faults
    row = FeeRow(
        item=str(item), tier=str(tier), factors=factors, label=label, code=str(code),  # type: ignore[arg-type]
        amount=amount, certainty=certainty, first_month=first, line=number,  # type: ignore[arg-type]
    )  # fmt: skip
    return row, []


def _label(item: str, scheme: Scheme) -> str:
    return BASE_LABEL if item == BASE else scheme.items[item].label


def _factor_keys(text: str, scheme: Scheme) -> tuple[str, ...]:
    """The factors in the order in which the calculation takes them."""
    wanted = [each for each in re.split(r"[、,，+＋/／×・\n]", text) if each.strip()]
    keys = [scheme.names.item(each) for each in wanted]
    for key, written in zip(keys, wanted, strict=True):
        if key == BASE or scheme.items[key].kind != ItemKind.FACTOR:
            raise CellError(f"「{written.strip()}」は、基本報酬にかける倍率ではありません。")
    if len(set(keys)) < len(keys):
        raise CellError("同じ減算が二つあります。")
    return tuple(key for key in scheme.items if key in keys)


def _begun(row: FeeRow, scheme: Scheme, span: tuple[Month, Month] | None) -> FeeRow:
    """What began with an earlier table stands from the first month of this one: as the product's own sheet says."""
    own = scheme.items.get(row.item)
    known = own.first_month if own else None
    if span is None or known is None or row.first_month != known or known >= span[0]:
        return row
    return replace(row, first_month=None)


def _outside(rows: Sequence[FeeRow], span: tuple[Month, Month] | None) -> Iterable[Fault]:
    for row in rows if span else ():
        if span is None or row.first_month is None or span[0] <= row.first_month <= span[1]:
            continue
        reason = (
            f"報酬表の月（{span[0].label}〜{span[1].label}）の外です。"
            "報酬表の最初の月からなら、空欄にしてください。"
        )
        yield Fault(row.line, COLUMNS["first_month"], row.first_month.label, reason)


def falling_tiers(
    rows: Iterable[FeeRow], bounds: Mapping[str, int], scheme: Scheme
) -> tuple[str, ...]:
    """A higher 就労定着率 that pays less than the one below it: to be looked at, not refused."""
    bases = sorted(
        (row for row in rows if row.is_plain_base), key=lambda row: bounds[row.tier], reverse=True
    )
    return tuple(
        f"「{scheme.tiers[high.tier]}」が{shown(BASE, high.amount)}で、"
        f"その下の「{scheme.tiers[low.tier]}」の{shown(BASE, low.amount)}より少なくなっています。"
        for high, low in pairwise(bases)
        if high.amount < low.amount
    )


def _twice(rows: Sequence[FeeRow], scheme: Scheme) -> Iterable[Fault]:
    seen: dict[CodeKey, FeeRow] = {}
    for row in rows:
        first = seen.setdefault(row.key, row)
        if first is row:
            continue
        name = scheme.words(row.key)
        if first.code and row.code and first.code != row.code:
            reason = f"一つの項目にコードが二つあります（{first.line}行目は {first.code}）。"
            yield Fault(row.line, COLUMNS["code"], row.code, reason)
        else:
            yield Fault(row.line, COLUMNS["item"], name, f"{first.line}行目と同じ項目です。")


def _codes_twice(rows: Sequence[FeeRow], scheme: Scheme) -> Iterable[Fault]:
    seen: dict[str, FeeRow] = {}
    for row in rows:
        first = seen.setdefault(row.code, row) if row.code else row
        if first.key != row.key:
            other = scheme.words(first.key)
            reason = f"{first.line}行目の「{other}」と同じコードです。コードは項目ごとに一つです。"
            yield Fault(row.line, COLUMNS["code"], row.code, reason)


def _differing(rows: Sequence[FeeRow], scheme: Scheme) -> Iterable[Fault]:
    """One item has one amount and one first month, also where each tier has a line of its own."""
    seen: dict[str, FeeRow] = {}
    for row in rows:
        if row.item == BASE:
            continue
        first = seen.setdefault(row.item, row)
        kind = scheme.kind(row.item)
        if first.amount != row.amount:
            reason = f"{first.line}行目では{shown(kind, first.amount)}です。同じにしてください。"
            yield Fault(row.line, COLUMNS["amount"], shown(kind, row.amount), reason)
        if first.first_month != row.first_month:
            reason = f"{first.line}行目と同じ月にしてください。"
            value = row.first_month.label if row.first_month else ""
            yield Fault(row.line, COLUMNS["first_month"], value, reason)


def _missing(rows: Sequence[FeeRow], scheme: Scheme) -> Iterable[Fault]:
    there = {row.tier for row in rows if row.is_plain_base}
    tiers = [words for key, words in scheme.tiers.items() if key not in there]
    if tiers:
        reason = f"基本報酬の行がない区分があります：{'、'.join(tiers)}。"
        yield Fault(0, COLUMNS["tier"], "", reason)
    items = [scheme.items[key].label for key in ALWAYS if key not in {row.item for row in rows}]
    if items:
        reason = f"計算にいつも使う項目の行がありません：{'、'.join(items)}。"
        yield Fault(0, COLUMNS["item"], "", reason)


def _units(rows: Sequence[FeeRow]) -> dict[str, int]:
    return {row.tier: int(row.amount) for row in rows if row.is_plain_base}


def _factors(rows: Sequence[FeeRow]) -> dict[str, Decimal]:
    return {row.item: row.amount for row in rows if row.item != BASE}


def product(units: int, factors: Iterable[Decimal]) -> int:
    """The base after its factors: one after another, each rounded half up (docs/rules.md §5, 1)."""
    for factor in factors:
        units = round_half_up(units * factor)
    return units


def _products(
    rows: Sequence[FeeRow],
    scheme: Scheme,
    units: Mapping[str, int],
    factors: Mapping[str, Decimal],
) -> Iterable[Fault]:
    for row in rows:
        if row.item != BASE or not row.factors or row.tier not in units:
            continue
        lacking = [scheme.items[key].label for key in row.factors if key not in factors]
        if lacking:
            reason = f"倍率の行がありません：{'、'.join(lacking)}。"
            yield Fault(row.line, COLUMNS["factors"], "・".join(lacking), reason)
            continue
        chain = [factors[key] for key in row.factors]
        found = product(units[row.tier], chain)
        if found != row.amount:
            how = " × ".join([f"{units[row.tier]:,}", *(plain_number(each) for each in chain)])
            reason = f"{how} は {found:,}単位ですが、{int(row.amount):,}単位と書かれています。"
            yield Fault(row.line, COLUMNS["amount"], f"{int(row.amount)}", reason)


def codes_alone(rows: Sequence[FeeRow], scheme: Scheme, holding: Tariff) -> tuple[Fault, ...]:
    """What rows that bring codes alone would change of the table that holds."""
    return tuple(_changed(rows, scheme, holding))


def _changed(rows: Sequence[FeeRow], scheme: Scheme, holding: Tariff) -> Iterable[Fault]:
    """Codes alone change no amount: what differs from the table is refused with both numbers."""
    units = {tier.key: Decimal(tier.units) for tier in holding.tiers}
    for row in rows:
        if row.item == BASE:
            there = units.get(row.tier) if not row.factors else row.amount
        else:
            there = holding.items[row.item].amount if row.item in holding.items else None
        kind = scheme.kind(row.item)
        if kind == ItemKind.CODE:
            continue  # it changes no amount, also of a table that came without it
        if there is None:
            reason = f"{holding.title}にない項目です。コードだけの取り込みでは、項目を足せません。"
            yield Fault(row.line, COLUMNS["item"], scheme.words(row.key), reason)
        elif there != row.amount:
            reason = (
                f"{holding.title}では{shown(kind, there)}です。コードだけの取り込みでは、"
                "額を変えられません。"
            )
            yield Fault(row.line, COLUMNS["amount"], shown(kind, row.amount), reason)


def plain_number(amount: Decimal) -> str:
    """0.7, 10.3, 900: no zeros behind the point."""
    return f"{amount.normalize():f}"


def shown(kind: str, amount: Decimal) -> str:
    """An amount as people write it: 3,512単位, 10.3％, ×0.7."""
    if kind == ItemKind.FACTOR:
        return f"×{plain_number(amount)}"
    if kind in (ItemKind.PERCENT_ADDITION, ItemKind.PERCENT_REDUCTION):
        return f"{plain_number(amount)}％"
    if kind == ItemKind.CODE:
        return "単位なし"
    return f"{int(amount):,}単位"


def codes_in(rows: Iterable[FeeRow]) -> dict[CodeKey, str]:
    """What has a code, and which."""
    return {row.key: row.code for row in rows if row.code}


def parts_of(
    rows: Sequence[FeeRow], scheme: Scheme, bounds: Mapping[str, int]
) -> tuple[tuple[Tier, ...], dict[str, Item]]:
    """Tiers, highest bound first, and items, in the order of the calculation, of a whole table.

    `bounds`: the lower bound of each tier in percent.
    """
    tiers = [Tier(key, bounds[key], units) for key, units in _units(rows).items()]
    found = {row.item: row for row in reversed(rows) if row.item != BASE}
    items = {
        key: Item(
            key, row.label, known.kind, row.amount, row.certainty, row.first_month, known.family
        )
        for key, known in scheme.items.items()
        if (row := found.get(key)) is not None
    }
    return tuple(sorted(tiers, key=lambda tier: -tier.at_least)), items
