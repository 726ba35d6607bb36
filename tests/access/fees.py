"""The fee tables' part of the access matrix: an import that waits."""

from __future__ import annotations

from datetime import date
from typing import Any

from billing.actions.fee_table import Head, read_fee_table
from billing.models import FeeTableImport
from billing.queries.fee_tables import fee_tables
from teikyaku.clock import at_noon
from teikyaku.desk.demo.fees import sample_rows
from teikyaku.periods import Month
from tests.cast import Cast


def arguments(cast: Cast) -> Any:
    """Codes for one month that the second administrator has read in."""
    waiting = FeeTableImport.objects.filter(confirmed_at=None, withdrawn_at=None).first()
    if waiting is None:
        month = date(2024, 4, 1)
        head = Head("codes", "R6", "令和6年度報酬改定", month, month, "試験", "見本.xlsx", True)
        rows = sample_rows(fee_tables().of(Month.of(month)))
        waiting = read_fee_table(
            head=head, rows=rows, by=cast.members["admin2"], at=at_noon(cast.today)
        )
    return waiting.public_id
