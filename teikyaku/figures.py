"""制度の数値: dated figures with their source and certainty, packaged as data.

What is [M] or [?] in docs/rules.md is data that an operator can correct without a release:
overrides are handed in by the caller and win for the months that they cover. The fee table is not
among them: it has a file of its own.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

from teikyaku.periods import Month
from teikyaku.reasons import Certainty

PACKAGED = Path(__file__).resolve().parent / "data" / "figures.toml"

_OWN_DEFAULTS = ("このソフトの初期値", "このソフトの目安", "このシステムの目安")
_SUBJECTS = {
    head: subject
    for subject, heads in (
        ("利用できる期間と支給決定", ("window", "decision", "monitoring", "notice")),
        ("利用者負担", ("cap", "category", "cap_management")),
        ("面談の間隔", ("pace",)),
        ("計画・引き継ぎ・提案", ("support_plan", "handover", "proposal")),
        ("加算・減算と職員", ("network", "special_area", "staff", "survival")),
        ("請求と入金", ("claim", "payment_reminder")),
        ("仕訳の勘定科目", ("journal",)),
        ("知らせ", ("reminder",)),
        ("記録の保存と持ち出し", ("keeping", "takeout")),
    )
    for head in heads
}
SUBJECTS = tuple(dict.fromkeys(_SUBJECTS.values()))
_REQUIRED = frozenset({"key", "label", "value", "first_month", "source", "certainty"})
_OPTIONAL = frozenset({"last_month", "note", "unit", "choices", "least", "most"})


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure for a span of months; `value` is an int, or text for decimals and words."""

    key: str
    value: int | str
    first_month: Month
    last_month: Month | None
    source: str
    certainty: Certainty
    note: str = ""
    is_override: bool = False
    label: str = ""
    unit: str = ""
    choices: tuple[str, ...] = ()
    """The words that may stand here, where it is one of a few."""
    least: int | None = None
    most: int | None = None
    """Between which whole numbers it lies, where others make no sense: the day of a month."""

    @property
    def is_own_default(self) -> bool:
        """Whether it is this program's own choice: nothing outside says it, so nothing is to be checked."""
        return self.source.startswith(_OWN_DEFAULTS)

    @property
    def subject(self) -> str:
        """What it is about, by its key."""
        return _SUBJECTS[self.key.partition(".")[0]]

    def covers(self, month: Month) -> bool:
        """Whether the figure holds in `month`."""
        return self.first_month <= month and (self.last_month is None or month <= self.last_month)


class FigureError(LookupError):
    """A figure cannot be told for a month; `key` and `month` say which."""

    def __init__(self, key: str, month: Month, problem: str) -> None:
        self.key = key
        self.month = month
        super().__init__(f"{month.label}の「{label_of(key)}」（{key}）が{problem}")


class NoFigure(FigureError):
    """No figure covers the month: it is asked for, never guessed."""

    def __init__(self, key: str, month: Month) -> None:
        super().__init__(key, month, "登録されていません。根拠を確かめて登録してください。")


class TwoFigures(FigureError):
    """More than one figure covers the month."""

    def __init__(self, key: str, month: Month) -> None:
        super().__init__(key, month, "二つ登録されています。どちらかの月を直してください。")


class BrokenFigures(ValueError):
    """Figures that contradict themselves; `problems` has one Japanese line for each fault."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def pick(key: str, month: Month, overrides: Iterable[Figure] = ()) -> Figure:
    """The figure `key` in `month`; an override wins over the packaged one.

    Raises NoFigure or TwoFigures, which name key and month.
    """
    for figures in (overrides, _packaged_of(key)):
        found = [figure for figure in figures if figure.key == key and figure.covers(month)]
        if len(found) > 1:
            raise TwoFigures(key, month)
        if found:
            return found[0]
    raise NoFigure(key, month)


def first_month_of(key: str) -> Month:
    """The month in which the packaged figures of `key` begin. Raises ValueError for an unknown key."""
    return min(figure.first_month for figure in packaged() if figure.key == key)


def typed_value(key: str, text: str) -> int | str:
    """What an operator typed for `key`, as the packaged figure has it: 12 or 12,345 becomes int.

    Raises ValueError in Japanese where a whole number, one within bounds, or one of a few words, is
    needed and something else stands.
    """
    typed = unicodedata.normalize("NFKC", text).strip()
    words = choices_of(key)
    if words and typed not in words:
        raise ValueError(f"「{label_of(key)}」は、{'・'.join(words)}のどれかを入れてください。")
    if not any(figure.key == key and isinstance(figure.value, int) for figure in packaged()):
        return typed
    digits = typed.replace(",", "")
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"「{label_of(key)}」は0以上の整数で入れてください。")
    return _within(key, int(digits))


def _within(key: str, value: int) -> int:
    for figure in packaged():
        if figure.key != key or figure.least is None or figure.most is None:
            continue
        if not figure.least <= value <= figure.most:
            text = (
                f"「{label_of(key)}」は{figure.least}から{figure.most}までの整数で入れてください。"
            )
            raise ValueError(text)
    return value


@cache
def packaged() -> tuple[Figure, ...]:
    """All figures that come with the product, checked."""
    with PACKAGED.open("rb") as file:
        return parse(tomllib.load(file))


@cache
def _packaged_of(key: str) -> tuple[Figure, ...]:
    """Those of one key: a history asks for a handful of them on each of its days."""
    return tuple(figure for figure in packaged() if figure.key == key)


def label_of(key: str) -> str:
    """What the figure is called in Japanese; the key itself where the product has no such figure."""
    return next((figure.label for figure in packaged() if figure.key == key), key)


def choices_of(key: str) -> tuple[str, ...]:
    """The few words that may stand there; empty where anything may."""
    return next((figure.choices for figure in packaged() if figure.key == key), ())


def parse(data: Mapping[str, Any]) -> tuple[Figure, ...]:
    """Figures from a data file's content. Raises BrokenFigures with every fault that it has."""
    rows = data.get("figure", [])
    problems = [
        f"{index}番目（{row.get('key', 'keyなし')}）：{problem}"
        for index, row in enumerate(rows, start=1)
        for problem in _problems_of(row)
    ]
    if problems:
        raise BrokenFigures(problems)
    figures = tuple(_figure(row) for row in rows)
    if problems := validate(figures):
        raise BrokenFigures(problems)
    return figures


def validate(figures: Iterable[Figure]) -> list[str]:
    """What is wrong between figures: months in the wrong order, months that two of a key share."""
    by_key: dict[str, list[Figure]] = defaultdict(list)
    problems = []
    for figure in figures:
        by_key[figure.key].append(figure)
        if figure.last_month is not None and figure.last_month < figure.first_month:
            problems.append(f"{figure.key}：最後の月が最初の月（{figure.first_month}）より前です。")
    for key, rows in by_key.items():
        problems += [
            f"{key}：{shared.label}に二つの値があります。"
            for one, other in combinations(rows, 2)
            if (shared := _shared_month(one, other))
        ]
        if len({(row.label, row.unit) for row in rows}) > 1:
            problems.append(f"{key}：名前か単位が行によって違います。")
    return problems


def _shared_month(one: Figure, other: Figure) -> Month | None:
    first = max(one.first_month, other.first_month)
    return first if one.covers(first) and other.covers(first) else None


def _problems_of(row: Mapping[str, Any]) -> list[str]:
    problems = [f"{name}がありません。" for name in sorted(_REQUIRED - row.keys())]
    problems += [
        f"{name}は知らない項目です。" for name in sorted(row.keys() - _REQUIRED - _OPTIONAL)
    ]
    for name in ("first_month", "last_month"):
        if name in row and not _is_month(row[name]):
            problems.append(f"{name}「{row[name]}」は月ではありません（例：2026-04）。")
    if "certainty" in row and row["certainty"] not in set(Certainty):
        problems.append(f"certainty「{row['certainty']}」はG・S・M・?のどれでもありません。")
    # A float has lost its exact value by the time it is read; True would pass for 1.
    if "value" in row and type(row["value"]) not in (int, str):
        problems.append('valueは整数か文字にしてください（小数は"10.17"のように書きます）。')
    if row.get("choices") and row.get("value") not in row["choices"]:
        problems.append("valueがchoicesの中にありません。")
    problems += _wrong_bounds(row)
    if not str(row.get("source", "-")).strip():
        problems.append("sourceが空です。")
    return problems


def _wrong_bounds(row: Mapping[str, Any]) -> list[str]:
    """Both bounds are whole numbers, or neither stands, and the value lies between them."""
    bounds = [row[name] for name in ("least", "most") if name in row]
    if not bounds:
        return []
    numbers = [*bounds, row.get("value")]
    if len(bounds) == 1 or any(type(each) is not int for each in numbers):
        return ["leastとmostは、両方を整数で書きます（valueも整数）。"]
    if not row["least"] <= row["value"] <= row["most"]:
        return ["valueがleastからmostまでの間にありません。"]
    return []


def _is_month(text: object) -> bool:
    try:
        Month.parse(str(text))
    except ValueError:
        return False
    return True


def _figure(row: Mapping[str, Any]) -> Figure:
    last = row.get("last_month")
    return Figure(
        key=row["key"],
        value=row["value"],
        first_month=Month.parse(row["first_month"]),
        last_month=Month.parse(last) if last is not None else None,
        source=row["source"],
        certainty=Certainty(row["certainty"]),
        note=row.get("note", ""),
        label=row["label"],
        unit=row.get("unit", ""),
        choices=tuple(row.get("choices", ())),
        least=row.get("least"),
        most=row.get("most"),
    )
