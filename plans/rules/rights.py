"""不服申立ての教示: what a letter with a decision tells about asking for a review.

docs/rules.md §4: review to the prefecture's governor S; the lawsuit after it M. The words are a
draft: a ward confirms its own text before a letter is final.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RightsFigures:
    """What the draft is made of: dated figures, and who would be sued."""

    review_months: int
    review_years: int
    review_to: str
    lawsuit_months: int
    defendant: str
    """The city of a ward, else the municipality itself."""


def draft_rights(figures: RightsFigures) -> str:
    """The notice of rights in two paragraphs."""
    return (
        "この決定に不服があるときは、この決定があったことを知った日の翌日から起算して"
        f"{figures.review_months}か月以内に、{figures.review_to}に対して審査請求をすることができます。"
        "ただし、この決定があった日の翌日から起算して"
        f"{figures.review_years}年を過ぎたときは、審査請求をすることができません。\n"
        "この決定の取消しの訴えは、審査請求に対する裁決を経た後に、その裁決があったことを"
        f"知った日の翌日から起算して{figures.lawsuit_months}か月以内に、{figures.defendant}を"
        "被告として提起することができます。"
    )
