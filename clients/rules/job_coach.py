"""ジョブコーチの支援: three phases in order, how long it lasts, and what is unusual about that.

Source: docs/rules.md §1, 新潟市「就労定着支援について」 (G): 集中支援 → 移行支援 → フォローアップ, 1 to 8 months,
2 to 4 as a rule. The unusual is pointed out and never refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clients.rules.citing import by_guidance, day
from clients.rules.kinds import SupportPhase
from teikyaku.periods import Period, day_after, day_before, last_day_of_months
from teikyaku.reasons import Reason

SHORTEST_MONTHS, LONGEST_MONTHS = 1, 8
USUAL_MONTHS = (2, 4)


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """段階 with its days; an open end while it lasts."""

    phase: SupportPhase
    period: Period


@dataclass(frozen=True, slots=True)
class Length:
    """期間の長さ of one support, compared with what is usual."""

    remark: Reason | None
    """What to point out; None where the length is the usual one."""
    is_outside: bool
    """Shorter than one month or longer than eight: asked about before it is stored."""


def phases_of(
    starts_on: date, transition_on: date | None, follow_up_on: date | None, ends_on: date | None
) -> tuple[PhaseSpan, ...]:
    """The phases that have days, in order; each ends on the day before the next.

    A phase whose next one begins on its own first day was left out. Raises ValueError where the days
    are out of order.
    """
    firsts = [(SupportPhase.INTENSIVE, starts_on)]
    firsts += [(SupportPhase.TRANSITION, transition_on)] if transition_on else []
    firsts += [(SupportPhase.FOLLOW_UP, follow_up_on)] if follow_up_on else []
    days = [first for _phase, first in firsts]
    if days != sorted(days) or (ends_on is not None and ends_on < days[-1]):
        raise ValueError("the phases are out of order")
    nexts = [*days[1:], day_after(ends_on) if ends_on else None]
    return tuple(
        PhaseSpan(phase, Period(first, day_before(following) if following else None))
        for (phase, first), following in zip(firsts, nexts, strict=True)
        if following is None or first < following
    )


def phase_on(spans: tuple[PhaseSpan, ...], on: date) -> SupportPhase | None:
    """The phase of a day; None outside the support."""
    span = span_on(spans, on)
    return span.phase if span else None


def span_on(spans: tuple[PhaseSpan, ...], on: date) -> PhaseSpan | None:
    """The phase of a day with its days; None outside the support."""
    return next((span for span in spans if span.period.contains(on)), None)


def length_of(starts_on: date, ends_on: date | None, on: date) -> Length:
    """How the length of a support compares with what is usual; of one that lasts, as far as `on`.

    Months are counted as everywhere (民法143条): eight months from 2026-04-01 end on 2026-11-30.
    """
    last_on = ends_on or max(on, starts_on)
    if last_on > last_day_of_months(starts_on, LONGEST_MONTHS):
        return Length(_too_long(starts_on), True)
    if ends_on is None:
        is_long = last_on > last_day_of_months(starts_on, USUAL_MONTHS[1])
        return Length(_longer(starts_on) if is_long else None, False)
    if ends_on < last_day_of_months(starts_on, SHORTEST_MONTHS):
        return Length(_too_short(starts_on), True)
    if ends_on < last_day_of_months(starts_on, USUAL_MONTHS[0]):
        return Length(_shorter(), False)
    if ends_on > last_day_of_months(starts_on, USUAL_MONTHS[1]):
        return Length(_longer(starts_on), False)
    return Length(None, False)


_USUAL = "ジョブコーチの支援は1か月から8か月、標準は2か月から4か月です。"


def _too_long(starts_on: date) -> Reason:
    last = day(last_day_of_months(starts_on, LONGEST_MONTHS))
    return by_guidance(
        1, "job_coach.too_long", f"{_USUAL}この支援は、8か月（{last}）を超えています。"
    )


def _too_short(starts_on: date) -> Reason:
    last = day(last_day_of_months(starts_on, SHORTEST_MONTHS))
    return by_guidance(
        1, "job_coach.too_short", f"{_USUAL}この支援は、1か月（{last}）になる前に終わっています。"
    )


def _longer(starts_on: date) -> Reason:
    last = day(last_day_of_months(starts_on, USUAL_MONTHS[1]))
    return by_guidance(1, "job_coach.longer", f"標準の4か月（{last}）より長い支援です。")


def _shorter() -> Reason:
    return by_guidance(1, "job_coach.shorter", "標準の2か月より短い支援です。")
