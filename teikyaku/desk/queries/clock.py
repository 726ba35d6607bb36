"""The clock as it is drawn: employed → first usable day → today → last usable day, in percent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from clients.rules.window import SupportWindow
from teikyaku.era import both
from teikyaku.periods import Period

# For "about so many months" only: the days are exact.
DAYS_OF_A_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Mark:
    """A day under the bar."""

    label: str
    on: date


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a band, in percent of the axis; `is_now` where it holds today."""

    start_percent: int
    width_percent: int
    is_now: bool


@dataclass(frozen=True, slots=True)
class Band:
    """A thin bar below: all decisions, or all caps, on the same axis; `text` says them in words."""

    label: str
    text: str
    spans: tuple[Span, ...]
    tone: str = "info"


@dataclass(frozen=True, slots=True)
class BandSource:
    """What a band shows: each period with its words."""

    label: str
    periods: tuple[tuple[Period, str], ...]
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


def clock_of(window: SupportWindow, on: date, bands: Sequence[BandSource] = ()) -> Clock:
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
        bands=tuple(_band(source, window, on) for source in bands if source.periods),
    )


def _lead(on: date, window: SupportWindow, left: int) -> str:
    if on < window.first_usable_on:
        days = (window.first_usable_on - on).days
        return _("利用できるまで あと%(days)d日") % {"days": days}
    if left == 0:
        return _("利用可能期間は終わりました")
    text = _("残り %(days)d日") % {"days": left}
    years, months = divmod(round(left / DAYS_OF_A_MONTH), 12)
    words = [
        _("%(n)d年") % {"n": years} if years else "",
        _("%(n)dか月") % {"n": months} if months else "",
    ]
    about = "".join(words)
    return f"{text}（{_('約%(span)s') % {'span': about}}）" if about else text


def _percent(day: date, window: SupportWindow) -> int:
    whole = (window.last_usable_on - window.employed_on).days or 1
    return min(100, max(0, round((day - window.employed_on).days * 100 / whole)))


def _band(source: BandSource, window: SupportWindow, on: date) -> Band:
    whole = Period(window.employed_on, window.last_usable_on)
    spans = []
    for period, _words in source.periods:
        shown = period.intersection(whole)
        if shown is not None and shown.ends_on is not None:
            start = _percent(shown.starts_on, window)
            width = max(1, _percent(shown.ends_on, window) - start)
            spans.append(Span(start, width, period.contains(on)))
    now = next((words for period, words in source.periods if period.contains(on)), "")
    return Band(source.label, now or source.periods[-1][1], tuple(spans), source.tone)
