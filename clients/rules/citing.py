"""Citing: reasons of this app, each with its section of docs/rules.md and its certainty."""

from __future__ import annotations

from datetime import date

from teikyaku.reasons import Certainty, Reason

_ORIGINS = {
    Certainty.GUIDANCE: "新潟市「就労定着支援について」",
    Certainty.SOURCE: "国の告示・Q&A",
    Certainty.PRACTICE: "実務上の取扱い",
    Certainty.UNKNOWN: "市に確認が必要",
}


def cite(section: int, certainty: Certainty, origin: str = "") -> str:
    """The rule as people read it: section of docs/rules.md, and where it comes from."""
    return f"docs/rules.md §{section}（{origin or _ORIGINS[certainty]}）"


def by_guidance(section: int, code: str, text: str) -> Reason:
    """A reason that stands in the city's guidance (G)."""
    return Reason(code, text, cite(section, Certainty.GUIDANCE), Certainty.GUIDANCE)


def by_source(section: int, code: str, text: str, origin: str = "") -> Reason:
    """A reason read in a public notice, a ministry Q&A or a page that quotes them (S)."""
    return Reason(code, text, cite(section, Certainty.SOURCE, origin), Certainty.SOURCE)


def by_practice(section: int, code: str, text: str) -> Reason:
    """A reason that is known practice without a source text at hand (M)."""
    return Reason(code, text, cite(section, Certainty.PRACTICE), Certainty.PRACTICE)


def not_settled(section: int, code: str, text: str) -> Reason:
    """A question that the rules leave open (?): it is shown, never decided in code."""
    return Reason(code, text, cite(section, Certainty.UNKNOWN), Certainty.UNKNOWN)


def day(on: date) -> str:
    """A date inside a sentence: 2024年4月1日."""
    return f"{on.year}年{on.month}月{on.day}日"
