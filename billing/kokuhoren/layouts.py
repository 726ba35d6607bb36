"""レコードの形: every field of every record as data, with its source and how sure it is.

`data/layouts.tsv` carries the published interface specification (事業所編, October 2025): attribute,
bytes and page as printed there; `kind`, `unit`, `use` and `fixed` say how service 47 uses the field.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from teikyaku.reasons import Certainty

LAYOUTS = Path(__file__).resolve().parent / "data" / "layouts.tsv"
SOURCE = "インターフェース仕様書（事業所編、2025年10月版）"
CONTROL, DATA, END = "control", "data", "end"
# The first value of a line tells which it is.
LINE_KINDS = {"1": CONTROL, "2": DATA, "3": END}
SERVICE_TYPE = "47"
LABELS = {
    CONTROL: "コントロール行",
    DATA: "行の頭",
    END: "エンド行",
    "J111:01": "請求書",
    "J111:02": "請求書（サービス種類ごと）",
    "J121:01": "明細書",
    "J121:02": "明細書（日数）",
    "J121:03": "明細書（サービスコード）",
    "J121:04": "明細書（集計）",
    "J121:05": "明細書（契約）",
    "J611:01": "実績記録票",
    "J611:02": "実績記録票（日ごと）",
    "J411:01": "上限額管理結果票",
    "J411:02": "上限額管理結果票（事業所ごと）",
}
AREA_CLASSES = {
    "11": "一級地", "12": "二級地", "13": "三級地", "14": "四級地", "15": "五級地",
    "16": "六級地", "17": "七級地", "23": "その他",
}  # fmt: skip


class Kind(StrEnum):
    """What a field's value is to the product; on paper it is alnum, code, number or kanji."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    SIGNED = "signed"
    KANJI = "kanji"
    DATE = "date"
    MONTH = "month"
    UNIT_PRICE = "unit_price"
    AMOUNT = "amount"


class Use(StrEnum):
    """Whether service 47 fills a field."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Field:
    """項目: one field; `size` in bytes, `page` of the specification, `fixed` its only value."""

    position: int
    name: str
    attribute: str
    size: int
    page: str
    kind: Kind
    unit: str
    use: Use
    fixed: str
    certainty: Certainty
    value: str


@dataclass(frozen=True, slots=True)
class Record:
    """レコード: family and type (J121:01), its fields in order."""

    key: str
    fields: tuple[Field, ...]

    @property
    def family(self) -> str:
        """J121 of J121:01."""
        return self.key.partition(":")[0]

    @property
    def type(self) -> str:
        """01 of J121:01; empty for control, data and end."""
        return self.key.partition(":")[2]

    @property
    def label(self) -> str:
        """What people call it."""
        return LABELS[self.key]

    def field(self, position: int) -> Field:
        """The field at `position`, counted from 1 as in the specification."""
        return self.fields[position - 1]


@cache
def records() -> Mapping[str, Record]:
    """Every record by its key, read once."""
    found: dict[str, list[Field]] = {}
    with LAYOUTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            found.setdefault(row["record"], []).append(_field(row))
    return {key: Record(key, tuple(fields)) for key, fields in found.items()}


def _field(row: Mapping[str, str]) -> Field:
    return Field(
        position=int(row["position"]),
        name=row["name"],
        attribute=row["attribute"],
        size=int(row["bytes"]),
        page=row["page"],
        kind=Kind(row["kind"]),
        unit=row["unit"],
        use=Use(row["use"]),
        fixed=row["fixed"],
        certainty=Certainty(row["certainty"]),
        value=row["value"],
    )


def record(key: str) -> Record:
    """The record `key` (J121:01, control, end). Raises KeyError for another."""
    return records()[key]
