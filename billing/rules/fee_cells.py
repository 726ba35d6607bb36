"""One cell of a fee table's sheet: Japanese words or keys, full-width or half, to what they mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

from billing.tariffs import ItemKind
from teikyaku.era import DateInputError, parse_month
from teikyaku.periods import Month
from teikyaku.reasons import Certainty

# Service type 47 and four more (docs/rules.md §7); in a demo made-up ones that no claim knows.
CODE = re.compile(r"47[0-9A-Z]{4}")
SAMPLE_CODE = re.compile(r"ZZ[0-9A-Z]{4}")
MOST_UNITS = 9_999
MOST_PERCENT = 100
_KINDS = {
    "base": ("基本報酬", "基本"),
    ItemKind.ADDITION.value: ("加算",),
    ItemKind.PERCENT_ADDITION.value: ("加算（％）", "加算率"),
    ItemKind.PERCENT_REDUCTION.value: ("減算（％）", "減算率"),
    ItemKind.FACTOR.value: ("減算（倍率）", "減算", "倍率"),
    ItemKind.CODE.value: ("コードだけ",),
}
KIND_WORDS = {key: words[0] for key, words in _KINDS.items()}
_MONTHS = re.compile("[ヶケカヵヵ箇]月")
_CERTAINTY = {"": Certainty.UNKNOWN, "?": Certainty.UNKNOWN, "未確認": Certainty.UNKNOWN,
              "s": Certainty.SOURCE, "m": Certainty.PRACTICE}  # fmt: skip


class CellError(ValueError):
    """A cell cannot be read; the message says what is expected."""


def folded(text: str) -> str:
    """For comparing: half-width, no blanks, one spelling of か月."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).casefold()
    return _MONTHS.sub("か月", plain).replace("パーセント", "%")


class Names:
    """The words by which items, tiers and kinds are read."""

    def __init__(
        self, items: Mapping[str, str], tiers: Mapping[str, str], base: str, base_label: str
    ) -> None:
        self._items = {folded(word): key for key, label in items.items() for word in (key, label)}
        self._items |= {folded(word): base for word in (base, base_label, *_KINDS["base"])}
        self._tiers = {folded(word): key for key, label in tiers.items() for word in (key, label)}
        self._kinds = {folded(word): key for key, words in _KINDS.items() for word in (key, *words)}
        self._labels = {folded(label): label for label in (*items.values(), base_label)}
        self._tier_words = tuple(tiers.values())

    def item(self, text: str) -> str:
        """The item's key. Raises CellError, with the name that was probably meant."""
        if not folded(text):
            raise CellError("項目の名前を入れてください。")
        found = self._items.get(folded(text))
        if found is not None:
            return found
        near = get_close_matches(folded(text), self._labels, n=1, cutoff=0.6)
        guess = f"「{self._labels[near[0]]}」のことでしょうか。" if near else ""
        raise CellError(
            f"計算で使う項目の名前ではありません。{guess}ひな型の名前で入れてください。"
        )

    def tier(self, text: str) -> str:
        """The tier's key, "" for none. Raises CellError."""
        plain = folded(text)
        if not plain:
            return ""
        short = plain.removesuffix("以上").removesuffix("%")
        found = self._tiers.get(plain) or self._tiers.get(short.zfill(2))
        if found is None:
            raise CellError(f"区分は {'・'.join(self._tier_words)} のどれかです。")
        return found

    def kind(self, text: str) -> str:
        """The kind, "" where nothing is written. Raises CellError."""
        if not folded(text):
            return ""
        found = self._kinds.get(folded(text))
        if found is None:
            raise CellError(f"種類は {'・'.join(KIND_WORDS.values())} のどれかです。")
        return found

    def kind_words(self, kind: str) -> str:
        """What a kind is called."""
        return KIND_WORDS[kind]


def code_of(text: str, *, takes_samples: bool) -> str:
    """The service code, "" for none known. Raises CellError for another shape."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if not plain or CODE.fullmatch(plain):
        return plain
    if SAMPLE_CODE.fullmatch(plain):
        if takes_samples:
            return plain
        raise CellError("見本のコードです。国のサービスコード表のコードを入れてください。")
    raise CellError("47で始まる6文字の英数字です（分からないときは空欄）。")


def is_sample_code(code: str) -> bool:
    """Whether a code is one of the made-up ones."""
    return SAMPLE_CODE.fullmatch(code) is not None


def amount_of(text: str, kind: str) -> Decimal:
    """Units, percent or factor, by kind. Raises CellError, which says what the cell expects."""
    plain = re.sub(r"単位|[,%\s]", "", unicodedata.normalize("NFKC", text).casefold())
    if kind == ItemKind.FACTOR:
        plain = re.sub("^[×x]", "", plain)
    if kind == ItemKind.CODE:
        if plain.strip("0"):
            raise CellError("コードだけの行です。単位数は空欄か0にします。")
        return Decimal(0)
    if not plain:
        raise CellError(f"空欄です。{_expected(kind)}を入れてください。")
    try:
        amount = Decimal(plain)
    except InvalidOperation as error:
        raise CellError(f"数字ではありません。{_expected(kind)}を入れてください。") from error
    if not amount.is_finite():
        raise CellError(f"数字ではありません。{_expected(kind)}を入れてください。")
    if kind == ItemKind.FACTOR:
        return _factor(amount)
    if kind in (ItemKind.PERCENT_ADDITION, ItemKind.PERCENT_REDUCTION):
        return _percent(amount)
    least = 1 if kind == "base" else 0
    if amount != amount.to_integral_value() or not least <= amount <= MOST_UNITS:
        raise CellError(f"単位数は、{least}から{MOST_UNITS:,}までの整数です。")
    return amount.quantize(Decimal(1))


def _expected(kind: str) -> str:
    if kind == ItemKind.FACTOR:
        return "かける倍率（例：0.7）"
    if kind in (ItemKind.PERCENT_ADDITION, ItemKind.PERCENT_REDUCTION):
        return "％の数（例：10.3）"
    return "1か月の単位数（例：2768）"


def _percent(amount: Decimal) -> Decimal:
    if 0 < amount < 1 and _decimals(amount) > 1:
        raise CellError("％の数で入れてください（10.3％なら 10.3）。セルの％の書式は外します。")
    if not 0 < amount <= MOST_PERCENT or _decimals(amount) > 1:
        raise CellError("％は、0より大きく100までの数で、小数は1桁までです（例：10.3）。")
    return amount


def _factor(amount: Decimal) -> Decimal:
    if not 0 < amount < 1 or _decimals(amount) > 2:  # noqa: PLR2004
        raise CellError("倍率は、0より大きく1より小さい数です（例：0.7）。")
    return amount


def _decimals(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def certainty_of(text: str) -> Certainty:
    """S, M or ?; nothing is "not confirmed". Raises CellError."""
    plain = folded(text)
    words = {folded(each.label): each for each in (Certainty.SOURCE, Certainty.PRACTICE)}
    found = _CERTAINTY.get(plain) or words.get(plain)
    if found is None:
        raise CellError("S（国の告示・Q&A）、M（実務上の取扱い）、?（未確認）のどれかです。")
    return found


def month_of(text: str) -> Month | None:
    """A month in 和暦 or 西暦, None for none; a first day of a month is taken too."""
    if not text.strip():
        return None
    try:
        # What spreadsheet programs make of 2024/06.
        day = re.fullmatch(r"(\d{4}-\d{2})-01", text.strip())
        return parse_month(day[1] if day else text)
    except DateInputError as error:
        raise CellError(str(error)) from error
