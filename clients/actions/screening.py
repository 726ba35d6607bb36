"""Keeping a screening with the person: inputs, answer, reasons, version of the rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from clients.actions.facts import add_fact
from clients.models import Client, Screening
from clients.rules.screening import ScreeningResult
from teikyaku.accounts.models import Membership


@transaction.atomic
def keep_screening(
    *,
    client: Client,
    answers: dict[str, Any],
    result: ScreeningResult,
    by: Membership,
    at: datetime,
) -> Screening:
    """Store what was asked and answered; a later screening is a row of its own."""
    row = Screening(
        client=client,
        screened_on=result.on,
        inputs=answers,
        answer=result.answer.value,
        reasons=[{"code": reason.code, "text": reason.text} for reason in result.reasons],
        rules_version=result.rules_version,
    )
    add_fact(row, verb="screening_kept", by=by, at=at)
    return row
