"""請求より前の日: refused at its field, for payments, 返戻 and 過誤申立 alike."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError

from billing.models import ClaimFile
from billing.rules.claim_reach import before_claim
from teikyaku.clock import date_of
from teikyaku.periods import Month


def refuse_before_claim(file: ClaimFile, *, is_answer: bool = True, **days: date) -> None:
    """Raise ValidationError by field for each of the `days` on which the claim of a file was not made yet.

    `is_answer`: 国保連 has had it, which takes no file before its month of processing.
    """
    processed = Month.of(file.processing_month) if is_answer else None
    made_on = date_of(file.recorded_at)
    found = {name: before_claim(day, made_on, processed) for name, day in days.items()}
    if early := {name: words for name, words in found.items() if words}:
        raise ValidationError(early)
