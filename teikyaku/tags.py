"""Template filters that every page has at hand: dates in both calendars, yen, units, months."""

from __future__ import annotations

from datetime import date

from django import template

from teikyaku import era, money
from teikyaku.periods import Month

register = template.Library()


@register.filter
def wareki(day: date | None) -> str:
    """令和8年4月1日; empty for no day."""
    return era.wareki(day) if day else ""


@register.filter
def both_eras(day: date | None) -> str:
    """2026年4月1日（令和8年）; empty for no day."""
    return era.both(day) if day else ""


@register.filter
def era_short(day: date | None) -> str:
    """R8.4.1; empty for no day."""
    return era.wareki_short(day) if day else ""


@register.filter
def yen(amount: int | None) -> str:
    """12,345円, or a dash where nothing is entered."""
    return money.yen_or_dash(amount)


@register.filter
def units(amount: int | None) -> str:
    """3,512単位."""
    return "—" if amount is None else f"{amount:,}単位"


@register.filter
def month_label(month: Month | date | None) -> str:
    """2026年4月; empty for no month."""
    if month is None:
        return ""
    return (month if isinstance(month, Month) else Month.of(month)).label
