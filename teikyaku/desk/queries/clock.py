"""The clock as it is drawn: employed → first usable day → today → last usable day, in percent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from clients.rules.window import SupportWindow
from teikyaku.era import both
from teikyaku.periods import Period


@dataclass(frozen=True, slots=True)
class Mark:
    """A day under the bar."""

    label: str
    on: date


@dataclass(frozen=True, slots=True)
class Band:
    """A thin bar below: a decision or a cap on the same axis."""

    label: str
    start_percent: int
    width_percent: int
    tone: str = "info"


@dataclass(frozen=True, slots=True)
class Clock:
    """Everything that components/clock.html draws."""

    lead: str
    description: str
    first_percent: int
    used_percent: int
    left_start_percent: int
    left_percent: int
    today_percent: int | None
    marks: tuple[Mark, ...]
    bands: tuple[Band, ...]


def clock_of(window: SupportWindow, on: date, bands: Sequence[tuple[str, Period]] = ()) -> Clock:
    """The drawn clock of a window on a day, with periods below it (decisions, caps)."""
    first, last = window.first_usable_on, window.last_usable_on
    first_percent = _percent(first, window)
    today = _percent(on, window) if window.employed_on <= on <= last else None
    used_to = first_percent if on < first else (today if today is not None else 100)
    left = window.days_left(on)
    return Clock(
        lead=_lead(on, window, left),
        description=_("利用可能期間は%(first)sから%(last)sまで。%(lead)s")
        % {"first": both(first), "last": both(last), "lead": _lead(on, window, left)},
        first_percent=first_percent,
        used_percent=max(0, used_to - first_percent),
        left_start_percent=used_to,
        left_percent=100 - used_to,
        today_percent=today,
        marks=(
            Mark(_("就職"), window.employed_on),
            Mark(_("利用できる最初の日"), first),
            Mark(_("利用できる最後の日"), last),
        ),
        bands=tuple(
            band for label, period in bands if (band := _band(label, period, window)) is not None
        ),
    )


def _lead(on: date, window: SupportWindow, left: int) -> str:
    if on < window.first_usable_on:
        days = (window.first_usable_on - on).days
        return _("利用できるまで あと%(days)d日") % {"days": days}
    if left == 0:
        return _("利用可能期間は終わりました")
    months, days = divmod(left, 30)
    text = _("残り %(days)d日") % {"days": left}
    return f"{text}（{_('約%(months)dか月') % {'months': months}}）" if months else text


def _percent(day: date, window: SupportWindow) -> int:
    whole = (window.last_usable_on - window.employed_on).days or 1
    return min(100, max(0, round((day - window.employed_on).days * 100 / whole)))


def _band(label: str, period: Period, window: SupportWindow) -> Band | None:
    shown = period.intersection(Period(window.employed_on, window.last_usable_on))
    if shown is None or shown.ends_on is None:
        return None
    start = _percent(shown.starts_on, window)
    return Band(label, start, max(1, _percent(shown.ends_on, window) - start))
