"""What a ward's cap cannot be, asked of as much of it as was typed well (Judged)."""

from __future__ import annotations

from datetime import date
from typing import Any

from clients.models import Client
from plans.actions import caps
from plans.forms.judged import Check


def amount_checks(client: Client, first: str) -> tuple[Check, ...]:
    """Amount and category of a cap; `first` is what the form calls its first month."""

    def amount(data: dict[str, Any]) -> None:
        yen = data.get("cap_yen")
        if yen is None:
            return
        if data.get(first):
            caps.refuse_too_high(yen, data[first])
        caps.refuse_managed_nothing(yen, bool(data.get("is_managed")))

    def category(data: dict[str, Any]) -> None:
        if data.get("category") and data.get(first) and not data.get("category_reason"):
            caps.refuse_other_category(client, data["category"], data[first])

    def usual(data: dict[str, Any]) -> None:
        kind, yen, month = data.get("category"), data.get("cap_yen"), data.get(first)
        if not kind or yen is None or not month:
            return
        caps.refuse_more_than_nothing(kind, yen, month)
        # A reason that is still missing for the category will do for the amount as well.
        if data.get("category_reason") == "":
            caps.refuse_unusual_amount(kind, yen, month)

    return (amount, category, usual)


def months_check(client: Client, municipality: Any) -> Check:
    """The months of a cap inside the ward's decision."""

    def months(data: dict[str, Any]) -> None:
        first: date | None = data.get("first_month")
        if first:
            caps.refuse_months_outside(client, municipality, first, data.get("last_month"))

    return months
