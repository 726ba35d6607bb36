"""Since when a claim can have an answer: no payment, 返戻 or 過誤申立 comes before it. Pure.

docs/rules.md §8: claims go in between the 1st and the 10th of the month of processing.
"""

from __future__ import annotations

from datetime import date

from teikyaku.era import both
from teikyaku.periods import Month


def first_answer_on(made_on: date, processed: Month) -> date:
    """The first day on which 国保連 can answer a file: it takes none before the month of processing."""
    return max(made_on, processed.first_day)


def before_claim(day: date, made_on: date, processed: Month | None = None) -> str:
    """Why nothing about a claim can have happened on `day`; empty where it can.

    `made_on` is the day of the claim file; `processed`, where 国保連 is to have had it, its month of
    processing.
    """
    if day < made_on:
        return f"請求ファイルを作った日（{both(made_on)}）より前の日付です。"
    if processed is not None and day < processed.first_day:
        return f"請求が国保連に受け付けられる{processed.label}より前の日付です。"
    return ""
