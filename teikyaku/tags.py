"""Template filters that every page has at hand: dates in both calendars, yen, units, months.

They are builtins (settings.TEMPLATES): no page loads them. What is missing shows as nothing where
a date or month may be open, and as a dash where an amount may be missing, since 0 is an amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Literal, Protocol

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from teikyaku import era, money
from teikyaku.furigana import segments, with_furigana
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
def iso(day: date | None) -> str:
    """2026-04-01, as `<time>` and inputs carry a day; empty for no day."""
    return date.isoformat(day) if day else ""


@register.filter
def western(day: date | None) -> str:
    """2026年4月1日, where the era stands nearby or would be too much; empty for no day."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


@register.filter
def era_short(day: date | None) -> str:
    """R8.4.1; empty for no day."""
    return era.wareki_short(day) if day else ""


@register.filter
def month_label(month: Month | date | None) -> str:
    """2026年4月; empty for no month."""
    return _month(month).label if month else ""


@register.filter
def wareki_month(month: Month | date | None) -> str:
    """令和8年4月; empty for no month."""
    return era.wareki_month(_month(month)) if month else ""


@register.filter
def month_key(month: Month | date | None) -> str:
    """2026-04, as addresses of pages carry a month; empty for no month."""
    return str(_month(month)) if month else ""


@register.filter
def fiscal_year_label(year: int | None) -> str:
    """2026年度（令和8年度）; empty for no year."""
    return era.fiscal_year_label(year) if year else ""


@register.filter
def yen(amount: int | None) -> str:
    """12,345円, or a dash where nothing is entered."""
    return money.yen_or_dash(_amount(amount))


@register.filter
def signed_yen(amount: int) -> str:
    """＋744円, −2,768円, ±0円."""
    return money.signed_yen(amount)


@register.filter
def signed(amount: int) -> str:
    """＋744, −2,768, ±0."""
    return money.signed(amount)


@register.filter
def grouped(value: object) -> str:
    """2,044,000 for a whole number, whatever its unit; anything else as it stands."""
    text = str(value)
    return f"{int(text):,}" if text.isascii() and text.isdigit() else text


@register.filter
def units(amount: int | None) -> str:
    """3,512単位, or a dash where nothing is known."""
    amount = _amount(amount)
    return money.DASH if amount is None else f"{amount:,}単位"


@register.filter
def days_left(ends_on: date | None, on: date) -> str:
    """あと30日, 今日まで, 3日前に終了: how the last day `ends_on` looks from `on`."""
    if not ends_on:
        return ""
    days = (ends_on - on).days
    if days < 0:
        return f"{-days}日前に終了"
    return f"あと{days}日" if days else "今日まで"


@register.filter
def days_until(due_on: date | None, on: date) -> str:
    """あと3日, 今日, 2日過ぎ: how the due day `due_on` looks from `on`."""
    if not due_on:
        return ""
    days = (due_on - on).days
    if days < 0:
        return f"{-days}日過ぎ"
    return f"あと{days}日" if days else "今日"


class Due(Protocol):
    """A row with the due day of the next interview."""

    interview_due_on: date | None

    def is_late(self, on: date) -> bool: ...  # noqa: D102  (a protocol)

    def has_refused(self, on: date) -> bool: ...  # noqa: D102  (a protocol)


@register.filter
def is_late(row: Due, on: date) -> bool:
    """Whether the due day of the next interview has passed, and not by the person's wish."""
    return row.is_late(on)


@register.filter
def due_words(row: Due, on: date) -> str:
    """How the due day looks from `on`; of who did not want to meet, their wish."""
    day = row.interview_due_on
    if day is not None and day < on and row.has_refused(on):
        return str(_("本人の希望"))
    return days_until(day, on)


@register.filter
def summary_label(field: BoundField) -> str:
    """What a field is called in the list of what is wrong, far from where it stands on the page."""
    return str(getattr(field.field, "summary_label", "") or field.label)


@register.filter
def summary_words(field: BoundField, error: str) -> str:
    """An error in the list of what is wrong, behind the name of its field; once where it begins with that."""
    label = summary_label(field)
    return str(error) if str(error).startswith(label) else f"{label}：{error}"


def _month(month: Month | date) -> Month:
    return month if isinstance(month, Month) else Month.of(month)


def _amount(amount: int | Literal[""] | None) -> int | None:
    # An undefined template variable arrives as "": it has no amount either.
    return None if amount == "" else amount


_RULE = re.compile(r"docs/rules\.md §(\d+)")
# The chapters of docs/rules.md, as people call what they are about.
_CHAPTERS = {
    1: _l("対象者"),
    2: _l("利用できる期間"),
    3: _l("申請から利用まで"),
    4: _l("支給決定と受給者証"),
    5: _l("利用者負担"),
    6: _l("面談と支援レポート"),
    7: _l("報酬"),
    8: _l("月の締めと請求"),
    9: _l("支援の終わり"),
    10: _l("記録の保管"),
}


@register.filter
def rule_label(rule: str) -> str:
    """「利用者負担」のきまり（…）: the rule as people read it; in code it cites docs/rules.md §5."""
    return _rule_label(str(rule), get_language())


@lru_cache(maxsize=1_000)
def _rule_label(rule: str, _language: str | None) -> str:
    return _RULE.sub(lambda found: _("「%s」のきまり") % _CHAPTERS[int(found[1])], rule)


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """components/icon.html drawn once and kept: for what stands on a page many times."""
    return _icon(name, css)


@lru_cache(maxsize=200)
def _icon(name: str, css: str) -> SafeString:
    return mark_safe(render_to_string("components/icon.html", {"name": name, "class": css}))  # noqa: S308  (a template's own)


class _Dot(Protocol):
    """A contact in the picture of the pace."""

    x: float
    y: int
    kind: str


@register.filter
def pace_dots(dots: Iterable[_Dot]) -> SafeString:
    """Circles of components/pace_line.html, which are many."""
    return format_html_join(
        "",
        '<circle class="pace__dot pace__dot--{}" cx="{}%" cy="{}" r="5"/>',
        ((dot.kind, dot.x, dot.y) for dot in dots),
    )


@register.filter
def with_readings(text: str) -> SafeString:
    """A text that people wrote, with its readings above the words and its line breaks, as on its paper."""
    parts = (
        format_html("<ruby>{}<rt>{}</rt></ruby>", part, reading) if reading else escape(part)
        for part, reading in segments(text)
    )
    return mark_safe("".join(parts).replace("\n", "<br>"))  # noqa: S308  (each part is escaped)


@register.tag
def furigana(parser: template.base.Parser, token: template.base.Token) -> template.Node:
    """`{% furigana %}…{% endfurigana %}`: readings above the words of all that stands between."""
    nodes = parser.parse(("endfurigana",))
    parser.delete_first_token()
    return _Furigana(nodes)


class _Furigana(template.Node):
    def __init__(self, nodes: template.NodeList) -> None:
        self.nodelist = nodes

    def render(self, context: template.Context) -> SafeString:
        # What is rendered is escaped already; ruby is put around its words, never into its tags.
        return mark_safe(with_furigana(self.nodelist.render(context)))  # noqa: S308
