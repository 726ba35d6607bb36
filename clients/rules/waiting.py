"""開始待ち: people in their first six months, and what a late application costs them.

Source: docs/rules.md §2. The application may arrive before the first usable day (§3 G); how early
it should be made is a setting of the office (60 days unless it says otherwise).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from clients.rules.citing import by_guidance, by_practice, day
from clients.rules.window import SupportWindow
from teikyaku.periods import Month, months_later
from teikyaku.reasons import Reason

SHOWN_DELAYS_IN_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Delay:
    """開始の遅れ: what is left of the window where use begins late. Months are calendar months."""

    delay_months: int
    use_starts_on: date
    months_left: int
    months_lost: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """開始待ち of one person, as seen on `on`."""

    on: date
    is_waiting: bool
    """Whether the first six months still run."""
    first_usable_on: date
    days_until_first_usable: int
    """0 from the first usable day on."""
    apply_by: date
    """Latest day of application with which use can begin on the first usable day."""
    is_apply_by_past: bool
    months_lost_if_applied_now: int
    """Calendar months of the window that go by unused if the application is made on `on`."""
    delays: tuple[Delay, ...]
    reasons: tuple[Reason, ...]


def waiting(window: SupportWindow, on: date, apply_days_before: int) -> Waiting:
    """When to apply, and what each month of delay costs. `apply_days_before` is a setting (days).

    Raises ValueError where `apply_days_before` is negative.
    """
    if apply_days_before < 0:
        raise ValueError("apply_days_before is negative")
    lead = timedelta(days=apply_days_before)
    apply_by = window.first_usable_on - lead
    expected_start_on = max(window.first_usable_on, on + lead)
    return Waiting(
        on=on,
        is_waiting=window.counted_from <= on < window.first_usable_on,
        first_usable_on=window.first_usable_on,
        days_until_first_usable=max(0, (window.first_usable_on - on).days),
        apply_by=apply_by,
        is_apply_by_past=apply_by < on,
        months_lost_if_applied_now=months_lost(window, expected_start_on),
        delays=tuple(_delay(window, months) for months in range(SHOWN_DELAYS_IN_MONTHS + 1)),
        reasons=_reasons(window, apply_by, apply_days_before),
    )


def months_lost(window: SupportWindow, use_starts_on: date) -> int:
    """Calendar months of the window that lie wholly before `use_starts_on`.

    A month is the unit of this service (one meeting earns it whole), so a start later in the same
    month loses none. A start after the window loses them all.
    """
    everything = months_left_from(window, window.first_usable_on)
    return everything - months_left_from(window, use_starts_on)


def months_left_from(window: SupportWindow, starts_on: date) -> int:
    """Calendar months of the window that use from `starts_on` on touches; 0 after its last day."""
    first_on = max(starts_on, window.first_usable_on)
    if first_on > window.last_usable_on:
        return 0
    return Month.of(window.last_usable_on) - Month.of(first_on) + 1


def _delay(window: SupportWindow, delay_months: int) -> Delay:
    use_starts_on = months_later(window.first_usable_on, delay_months)
    return Delay(
        delay_months=delay_months,
        use_starts_on=use_starts_on,
        months_left=months_left_from(window, use_starts_on),
        months_lost=months_lost(window, use_starts_on),
    )


def _reasons(window: SupportWindow, apply_by: date, apply_days_before: int) -> tuple[Reason, ...]:
    return (
        by_practice(
            2,
            "waiting.apply_by",
            f"申請から利用開始までの手続きに{apply_days_before}日かかるものとすると、"
            f"{day(window.first_usable_on)}から利用するには{day(apply_by)}までの申請が目安です。",
        ),
        by_guidance(
            2,
            "waiting.not_made_up",
            f"利用を始める日が遅くなっても、最後の日は{day(window.last_usable_on)}のままで、"
            "遅れた分は延びません。",
        ),
    )
