"""Reasons and arithmetic in words: what every rule hands out beside its answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Certainty(StrEnum):
    """How sure a rule or figure is (docs/rules.md)."""

    GUIDANCE = "G"
    SOURCE = "S"
    PRACTICE = "M"
    UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a code for pages that link to what mends it, and words that do not blame."""

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
