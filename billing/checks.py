"""System check: the fee tables that come with the product are whole, and no month has two."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from django.core.checks import CheckMessage, Error

from billing.rules.table_check import BadTable
from billing.tariffs import packaged


def check_packaged_tables(**_kwargs: Any) -> list[CheckMessage]:
    """Read them as the calculation does; what is wrong stops the server, and not a close."""
    try:
        tables = packaged()
    except BadTable as error:
        return [Error(str(error), id="billing.E001")]
    return [
        Error(f"{one.name} and {other.name} hold in the same month", id="billing.E002")
        for one, other in combinations(tables, 2)
        if one.first_month <= other.last_month and other.first_month <= one.last_month
    ]
