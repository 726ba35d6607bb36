"""引き継ぎの期限: when preparation starts, and the latest day for sharing (docs/rules.md §9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from teikyaku.era import both
from teikyaku.periods import day_after, latest_day_before_end, months_later
from teikyaku.reasons import Step

RULE = "docs/rules.md §9"
PREPARATION_MONTHS = 6
SHARING_MONTHS = 3
# How it goes at the new place is asked once more, so that nobody falls between the two.
LOOK_MONTHS = 6


@dataclass(frozen=True, slots=True)
class HandoverDays:
    """The days that a hand-over hangs on."""

    last_usable_on: date
    preparation_starts_on: date
    share_by: date
    steps: tuple[Step, ...]

    def is_late(self, shared_on: date | None, on: date) -> bool:
        """Whether sharing missed its latest day, as of `on`."""
        return (shared_on or on) > self.share_by


def handover_days(
    last_usable_on: date,
    preparation_months: int = PREPARATION_MONTHS,
    sharing_months: int = SHARING_MONTHS,
) -> HandoverDays:
    """Preparation from 6 months, sharing at least 3 months before the end.

    Latest day D: 3 months counted from D + 1 end by the last day (2027-02-28 → 2026-11-30).
    """
    preparation = day_after(latest_day_before_end(last_usable_on, preparation_months))
    share_by = latest_day_before_end(last_usable_on, sharing_months)
    return HandoverDays(
        last_usable_on=last_usable_on,
        preparation_starts_on=preparation,
        share_by=share_by,
        steps=(
            Step("準備を始める日", f"終わりの{preparation_months}か月前", both(preparation), RULE),
            Step(
                "情報を共有する最終日",
                f"翌日から数えて{sharing_months}か月が{both(last_usable_on)}までに終わる日",
                both(share_by),
                RULE,
            ),
        ),
    )


class HandoverStep(StrEnum):
    """引き継ぎの手順, in their order after the judgement."""

    CENTRE = "centre"
    CONSENT = "consent"
    SHARING = "sharing"
    MEETING = "meeting"
    ANSWER = "answer"
    CONTACT = "contact"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class HandoverDates:
    """The days of one way to one centre."""

    judged_on: date
    is_needed: bool
    has_centre: bool = False
    consented_on: date | None = None
    not_consented_on: date | None = None
    shared_on: date | None = None
    meeting_on: date | None = None
    accepted_on: date | None = None
    declined_on: date | None = None
    first_contact_on: date | None = None
    looked_on: date | None = None


# Each day with the words that a message names it by, in the order of the way.
ORDER = (
    ("judged_on", "要否を判断した日"),
    ("consented_on", "本人の同意日"),
    ("shared_on", "情報を共有した日"),
    ("meeting_on", "引き継ぎ会議の日"),
    ("accepted_on", "受け入れの日"),
    ("first_contact_on", "最初の相談日"),
    ("looked_on", "その後を確かめた日"),
)


def open_steps(dates: HandoverDates) -> tuple[HandoverStep, ...]:
    """What can be recorded now, the next step first; none where no hand-over is needed.

    The meeting may be left out: a centre may answer without one. A centre may also decline at any
    time after it was chosen, and then another one is chosen.
    """
    found: tuple[HandoverStep, ...] = (HandoverStep.ANSWER,)
    if not dates.is_needed:
        found = ()
    elif not dates.has_centre or dates.declined_on is not None:
        found = (HandoverStep.CENTRE,)
    elif dates.accepted_on is not None:
        found = _after_acceptance(dates)
    elif dates.consented_on is None:
        found = (HandoverStep.CONSENT, HandoverStep.ANSWER)
    elif dates.shared_on is None:
        found = (HandoverStep.SHARING, HandoverStep.ANSWER)
    elif dates.meeting_on is None:
        found = (HandoverStep.MEETING, HandoverStep.ANSWER)
    return found


def _after_acceptance(dates: HandoverDates) -> tuple[HandoverStep, ...]:
    if dates.looked_on is not None:
        return () if dates.first_contact_on is not None else (HandoverStep.CONTACT,)
    if dates.first_contact_on is None:
        return (HandoverStep.CONTACT, HandoverStep.LOOK)
    return (HandoverStep.LOOK,)


def out_of_order(dates: HandoverDates) -> dict[str, str]:
    """The days that lie before the one they follow: field → what is wrong; {} where all is in order."""
    wrong: dict[str, str] = {}
    before: tuple[str, date] | None = None
    for name, label in ORDER:
        day: date | None = getattr(dates, name)
        if day is None:
            continue
        if before is not None and day < before[1]:
            wrong[name] = f"「{before[0]}」（{both(before[1])}）以後の日付にしてください。"
        before = (label, day)
    for name in ("declined_on", "not_consented_on"):
        day = getattr(dates, name)
        if day is not None and day < dates.judged_on:
            wrong[name] = (
                f"「要否を判断した日」（{both(dates.judged_on)}）以後の日付にしてください。"
            )
    return wrong


def is_unfinished(dates: HandoverDates) -> bool:
    """Whether a needed hand-over has not reached the new place: until the first contact there.

    Who did not want it is not asked again and again; who was looked up later has been found.
    """
    return dates.is_needed and (
        dates.not_consented_on is None
        and dates.first_contact_on is None
        and dates.looked_on is None
    )


def look_due_on(dates: HandoverDates) -> date | None:
    """その後を確かめる日: six months after the first contact there, else after the acceptance."""
    since = dates.first_contact_on or dates.accepted_on
    return months_later(since, LOOK_MONTHS) if since is not None else None
