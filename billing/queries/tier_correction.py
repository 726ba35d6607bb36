"""区分の訂正: what another tier touches, and what stood there before."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from billing.models import OfficeTier, PersonMonth
from plans.queries.life_correction import Told, mark_of
from teikyaku.clock import date_of
from teikyaku.money import yen
from teikyaku.periods import Month


def tier_touches(row: OfficeTier, tier: str) -> Told:
    """Which closed months of the year were computed with the stored tier, where `tier` is another one.

    People and dates alone move no fee: then there is nothing to tell (one query).
    """
    if tier == row.tier:
        return Told((), mark_of(row, ()))
    first = Month(row.fiscal_year, 4)
    words = tuple(
        _("もう締めた月の区分が変わります：%(month)s（%(n)d人、給付費%(yen)s）。")
        % {"month": month.label, "n": people, "yen": yen(benefit)}
        for month, people, benefit in closed_months(
            row.office_id, set(Month.span(first, first + 11))
        )
    )
    words = (*words, stays_closed()) if words else ()
    return Told(words, mark_of(row, words))


def closed_months(office: int, months: Collection[Month]) -> list[tuple[Month, int, int]]:
    """Of these months those that the office has closed: month, people, their 給付費 in yen (one query)."""
    rows = (
        PersonMonth.objects.standing()
        .filter(closing__office=office, month__in=[month.first_day for month in months])
        .order_by("month")
        .values("month")
        .annotate(people=Count("client", distinct=True), benefit=Sum("benefit_yen"))
    )
    return [(Month.of(each["month"]), each["people"], each["benefit"]) for each in rows]


def stays_closed() -> str:
    """What holds of every closed month that a correction touches."""
    return _("締めた月の記録はそのまま残ります。違う額は「締めた月のくいちがい」に出ます。")


@dataclass(frozen=True, slots=True)
class FormerTier:
    """What was confirmed before a correction, and why it was corrected, by whom and when."""

    tier: str
    numerator: int | None
    denominator: int | None
    notified_on: date
    reason: str
    corrected_on: date
    corrected_by: str


def former_tiers(rows: Iterable[OfficeTier]) -> dict[int, list[FormerTier]]:
    """Row → what stood there before, the newest first (two queries)."""
    keys = [row.pk for row in rows]
    history: Any = OfficeTier.history  # type: ignore[attr-defined]
    found: dict[int, list[Any]] = {key: [] for key in keys}
    kept = history.filter(id__in=keys).select_related("history_user")
    for each in kept.order_by("history_date", "history_id"):
        found[each.id].append(each)
    return {
        key: [_former(was, after) for was, after in pairwise(versions)][::-1]
        for key, versions in found.items()
    }


def _former(was: Any, after: Any) -> FormerTier:
    return FormerTier(
        tier=was.get_tier_display(),
        numerator=was.numerator,
        denominator=was.denominator,
        notified_on=was.notified_on,
        reason=after.history_change_reason or "",
        corrected_on=date_of(after.history_date),
        corrected_by=after.history_user.name if after.history_user else "",
    )
