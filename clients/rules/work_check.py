"""3月31日の就労の確認: what counts as an answer, and which one is asked about twice.

Source: docs/rules.md §7 (M): the rate needs former users too, with source and date of each answer.
"""

from __future__ import annotations

from datetime import date

from clients.rules.kinds import CheckOutcome

EMPLOYED = (CheckOutcome.SAME_JOB, CheckOutcome.OTHER_JOB)
ANSWERS = (*EMPLOYED, CheckOutcome.NOT_EMPLOYED)


def is_employed(outcome: str) -> bool | None:
    """Whether the answer says that the person works; None where it is no answer."""
    if outcome in EMPLOYED:
        return True
    return False if outcome == CheckOutcome.NOT_EMPLOYED else None


def is_surprising(outcome: str, left_on: date | None, counted_on: date) -> bool:
    """Whether the answer says 就労 although the file has the end of the last job by that day."""
    return bool(is_employed(outcome)) and left_on is not None and left_on < counted_on
