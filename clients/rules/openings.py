"""Openings: which chains of employment open a window, and from which day it is counted.

Source: docs/rules.md §1 (G: the service comes before the employment; S: support during employment
moves the count to the day after its end) and §2 (a new service and a new job open a new window).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from clients.rules.citing import by_source, day, not_settled
from clients.rules.facts import ServiceDuringEmployment, ServiceUse
from clients.rules.joining import Chain
from clients.rules.window import SupportWindow, support_window
from teikyaku.periods import day_after
from teikyaku.reasons import Reason


@dataclass(frozen=True, slots=True)
class Opening:
    """One chain that opens a window, or several where support during it opened a later one."""

    chain: Chain
    windows: tuple[SupportWindow, ...]
    """In order of their first days; empty while support during employment still runs."""
    reasons: tuple[Reason, ...]

    def window_for(self, on: date) -> SupportWindow | None:
        """The latest window whose counting has begun by `on`, else the first."""
        for window in reversed(self.windows):
            if window.counted_from <= on:
                return window
        return self.windows[0] if self.windows else None


def openings(
    chains: Sequence[Chain],
    during: Iterable[ServiceDuringEmployment] = (),
    services: Sequence[ServiceUse] | None = None,
) -> tuple[Opening, ...]:
    """The chains that open windows.

    `services` are the uses before the jobs. None: the first chain is taken as preceded by one
    (somebody has checked), and no later chain is.
    """
    supports = sorted(during, key=lambda support: support.ends_on or date.max)
    found = []
    previous_end: date | None = None
    for index, chain in enumerate(chains):
        is_preceded = (
            index == 0
            if services is None
            else any(_precedes(use, chain, previous_end) for use in services)
        )
        inside = [support for support in supports if _is_inside(support, chain)]
        if is_preceded or inside:
            found.append(_opening(chain, is_preceded, inside))
        previous_end = chain.ends_on
    return tuple(found)


def _precedes(use: ServiceUse, chain: Chain, previous_end: date | None) -> bool:
    """Whether `use` came before the chain and, for a later chain, after the one before it ended."""
    if use.starts_on is None and use.ends_on is None:
        return previous_end is None and not use.is_during_employment
    if not use.began_before(chain.starts_on):
        return False
    if previous_end is None:
        return True
    has_gap = chain.starts_on - previous_end > timedelta(days=1)
    return has_gap and use.reaches(day_after(previous_end))


def _is_inside(support: ServiceDuringEmployment, chain: Chain) -> bool:
    """Whether support that is known to be beside a job was beside a job of this chain."""
    if support.starts_on is None and support.ends_on is None:
        return chain.ends_on is None
    first_on = support.starts_on or support.ends_on or date.min
    begins_in_time = chain.ends_on is None or first_on <= chain.ends_on
    return begins_in_time and (support.ends_on is None or support.ends_on >= chain.starts_on)


def _opening(chain: Chain, is_preceded: bool, inside: Sequence[ServiceDuringEmployment]) -> Opening:
    windows = [support_window(chain.starts_on)] if is_preceded else []
    reasons: list[Reason] = []
    for support in inside:
        last = windows[-1] if windows else None
        if last is not None and _falls_in(support, last):
            reasons.append(_inside_open_window(last))
            continue
        if last is not None and not _is_after(support, last):
            windows.pop()
        if support.ends_on is None:
            reasons.append(_still_running())
            continue
        windows.append(support_window(chain.starts_on, day_after(support.ends_on)))
        reasons.append(_counted_after(support.ends_on))
    return Opening(chain, tuple(windows), tuple(reasons))


def _falls_in(support: ServiceDuringEmployment, window: SupportWindow) -> bool:
    return support.starts_on is not None and window.is_usable(support.starts_on)


def _is_after(support: ServiceDuringEmployment, window: SupportWindow) -> bool:
    return support.starts_on is not None and support.starts_on > window.last_usable_on


def _counted_after(ended_on: date) -> Reason:
    return by_source(
        1,
        "window.after_support",
        f"働きながらの支援（復職・労働時間の延長）が{day(ended_on)}に終わったため、"
        f"6か月は翌日の{day(day_after(ended_on))}から数えます。",
    )


def _still_running() -> Reason:
    return by_source(
        1,
        "window.support_running",
        "働きながらの支援（復職・労働時間の延長）が続いています。"
        "6か月は、その支援が終わった日の翌日から数えます。",
    )


def _inside_open_window(window: SupportWindow) -> Reason:
    return not_settled(
        1,
        "window.support_inside",
        f"利用できる期間（{day(window.last_usable_on)}まで）の間に、働きながらの支援を使っています。"
        "6か月を数え直すかどうかは、支給決定をする市区町村に確認してください。"
        "ここでは数え直していません。",
    )
