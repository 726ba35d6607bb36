"""地域区分と単価: what is unusual in the terms of an office, so that somebody looks twice. Pure.

Source: docs/rules.md §7: the unit price of each class is [?], a dated setting per office; その他 is
10.00 yen, the price without a regional addition. A month is computed by the price of its first day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from teikyaku.periods import Month

OTHER = "23"
OTHER_PRICE = Decimal(10)


def doubts(
    area_class: str | None, unit_price: Decimal | None, starts_on: date | None
) -> Iterator[tuple[str, str]]:
    """The field and what is unusual there; nothing of what is not filled in."""
    if area_class and unit_price is not None:
        if area_class == OTHER and unit_price != OTHER_PRICE:
            yield "unit_price", "級地「その他」の単価は10.00円です。"
        if area_class != OTHER and unit_price <= OTHER_PRICE:
            yield (
                "unit_price",
                "「その他」の10.00円と同じか、それより低い単価です。級地か単価を確かめてください。",
            )
    if starts_on is not None and starts_on.day != 1:
        month = Month.of(starts_on)
        yield (
            "starts_on",
            f"月の途中からです。月の単価はその月の初日で決まるので、使われるのは{(month + 1).label}分からです。"
            f"{month.label}分は前の単価で計算し、前の単価がなければ保留になります。",
        )
