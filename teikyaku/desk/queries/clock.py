"""The clock as it is drawn: employed → first usable day → today → last usable day, in percent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from clients.rules.kinds import StandingState
from clients.rules.standing import Standing
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
    now_label: str
    """What the line of the day says: 今日, or 終了 where it stands still."""
    description: str
    start_percent: int
    """Where the employment begins: 0 where the axis is the clock's own."""
    wait_percent: int
    first_percent: int
    used_percent: int
    left_start_percent: int
    left_percent: int
    today_percent: int | None
    marks: tuple[Mark, ...]
    bands: tuple[Band, ...]


def axis_of(standing: Standing) -> Period | None:
    """The axis of one clock: the first employment to the last usable day; None without window."""
    window = standing.window
    return Period(window.employed_on, window.last_usable_on) if window else None


def clock_of(
    standing: Standing,
    bands: Sequence[BandSource] = (),
    *,
    ended_on: date | None = None,
    nothing_left: bool = False,
    axis: Period | None = None,
    now_label: str = "",
    until: date | None = None,
) -> Clock | None:
    """The drawn clock of a standing, with periods below it (decisions, caps); None without window.

    What is left ends with the right: a leaving that ended it leaves nothing of the window.
    `ended_on`: the office's work is over; the clock stands still on that day, with `nothing_left` where
    nobody uses the days after it. `axis`: where several
    are held against each other. `now_label` names the day of the standing where it is not today.
    `until`: the last day of the right where more is known of it than on the day of the standing.
    """
    window, last, on = standing.window, until or standing.right_ends_on, standing.on
    axis = axis or axis_of(standing)
    if window is None or last is None or axis is None:
        return None
    first = window.first_usable_on
    start_percent, first_percent = _percent(window.employed_on, axis), _percent(first, axis)
    last_percent = _percent(last, axis)
    today = _percent(on, axis) if axis.contains(on) else None
    used_to = first_percent if on < first else min(last_percent, 100 if today is None else today)
    lead = _lead(standing, window, last)
    if ended_on is not None:
        lead = _("利用は%(on)sに終わりました") % {"on": both(ended_on)}
    return Clock(
        lead=lead,
        now_label=now_label or (_("今日") if ended_on is None else _("終了")),
        description=_("利用可能期間は%(first)sから%(last)sまで。%(lead)s")
        % {"first": both(first), "last": both(last), "lead": lead},
        start_percent=start_percent,
        wait_percent=max(0, first_percent - start_percent),
        first_percent=first_percent,
        used_percent=max(0, used_to - first_percent),
        left_start_percent=used_to,
        left_percent=0 if nothing_left else max(0, last_percent - used_to),
        today_percent=today,
        marks=(
            Mark(_("就職"), window.employed_on),
            Mark(_("利用できる最初の日"), first),
            Mark(_("利用できる最後の日"), last),
        ),
        bands=tuple(_band(source, axis, on) for source in bands if source.periods),
    )


def _lead(standing: Standing, window: SupportWindow, last: date) -> str:
    on = standing.on
    if standing.state is StandingState.PENDING:
        return _pending(standing)
    if last < on:
        return _("利用できるのは%(last)sまででした") % {"last": both(last)}
    if on < window.first_usable_on:
        days = (window.first_usable_on - on).days
        return _("利用できるまで あと%(days)d日") % {"days": days}
    left = (last - on).days + 1
    text = _("残り %(days)d日") % {"days": left}
    years, months = divmod(round(left / DAYS_OF_A_MONTH), 12)
    words = [
        _("%(n)d年") % {"n": years} if years else "",
        _("%(n)dか月") % {"n": months} if months else "",
    ]
    about = "".join(words)
    return f"{text}（{_('約%(span)s') % {'span': about}}）" if about else text


def _pending(standing: Standing) -> str:
    """What is waited for: a next job, or what nobody could say of the one that began."""
    left = [each for each in standing.leavings if each.left_on < standing.on]
    following = left[-1].next_starts_on if left else None
    if following is not None and following <= standing.on:
        return _("転職で期間が続くかどうかの確認を待っています")
    if following is not None:
        return _("次の就職（%(on)s）を待っています") % {"on": both(following)}
    return _("次の就職がまだ決まっていません")


def _percent(day: date, axis: Period) -> int:
    whole = ((axis.ends_on or axis.starts_on) - axis.starts_on).days or 1
    return min(100, max(0, round((day - axis.starts_on).days * 100 / whole)))


def _band(source: BandSource, axis: Period, on: date) -> Band:
    spans = []
    for period, _words in source.periods:
        shown = period.intersection(axis)
        if shown is not None and shown.ends_on is not None:
            start = _percent(shown.starts_on, axis)
            width = max(1, _percent(shown.ends_on, axis) - start)
            spans.append(Span(start, width, period.contains(on)))
    now = next((words for period, words in source.periods if period.contains(on)), "")
    return Band(source.label, now or source.periods[-1][1], tuple(spans), source.tone)
