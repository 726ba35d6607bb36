"""Reasons and arithmetic in words: what every rule hands out beside its answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Certainty(StrEnum):
    """確かさ: how sure a rule or figure is (docs/rules.md)."""

    GUIDANCE = "G"
    SOURCE = "S"
    PRACTICE = "M"
    UNKNOWN = "?"

    @property
    def label(self) -> str:
        """What the pages say of it."""
        return _CERTAINTY_LABELS[self]


_CERTAINTY_LABELS = {
    Certainty.GUIDANCE: "市の案内",
    Certainty.SOURCE: "国の告示・Q&A",
    Certainty.PRACTICE: "実務上の取扱い",
    Certainty.UNKNOWN: "未確認",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """理由: a code for pages that link to what mends it, and words that do not blame."""

    code: str
    text: str
    rule: str = ""
    certainty: Certainty = Certainty.SOURCE


@dataclass(frozen=True, slots=True)
class Step:
    """One line of unfolded arithmetic: what it is, how it was got, what came out, by which rule."""

    label: str
    expression: str
    result: str
    rule: str = ""
