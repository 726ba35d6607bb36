"""What is open for one person on a day, by docs/rules.md §2, §3, §4, §6 and §9 and the dated facts alone.

The judge knows nothing of the product's own rules, boards and mails: it says what these must show.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from teikyaku.desk.simulation.arithmetic import (
    DAY,
    end_of,
    last_with_months,
    month_end,
    same_day_later,
    three_years,
)
from teikyaku.desk.simulation.facts import Facts, Row

End = tuple[str, date]
SUDDEN = ("left_job", "moved", "died")
GOES_ON = ("", "expired", "left_job", "moved", "own_wish")
# R6 (§9): before it nobody was asked for a judgement.
JUDGED_FROM = date(2024, 4, 1)
PLAN_MONTHS, PREPARE_MONTHS, SHARE_MONTHS, LOOK_MONTHS = 6, 6, 3, 6


def is_in_use(facts: Facts, on: date) -> bool:
    """From the first day of use to the last; from the day of a death on nothing is asked."""
    begun = facts.use_starts_on is not None and facts.use_starts_on <= on
    return begun and (facts.ends_on is None or on <= facts.ends_on) and not is_dead(facts, on)


def is_dead(facts: Facts, on: date) -> bool:
    """From the day of the death on."""
    return facts.died_on is not None and facts.died_on <= on


def last_usable(facts: Facts, on: date) -> tuple[date | None, bool]:
    """The last usable day as known on `on`, and whether a leaving cut it short (§2)."""
    if not facts.jobs:
        return None, False
    changes = 0
    for job, after in zip(facts.jobs, (*facts.jobs[1:], None), strict=True):
        left_on = job["ends_on"]
        if left_on is None or left_on > on:
            continue
        by = end_of(left_on + DAY, 1)
        goes_on = after is not None and after["starts_on"] <= by
        is_pending = after is None and on <= by
        if job["changes_to_improve"] and changes == 0 and (goes_on or is_pending):
            changes += 1
            continue
        return min(left_on, three_years(facts.jobs[0]["starts_on"])), True
    return three_years(facts.jobs[0]["starts_on"]), False


def open_ends(facts: Facts, on: date) -> set[End]:
    """Every end that nothing has settled by `on`, however far it is."""
    last, is_cut = last_usable(facts, on)
    found: set[End] = set()
    if is_in_use(facts, on):
        found |= set(_papers(facts))
        if last is not None:
            found.add(("window", last))
            found |= set(_before_handover(facts, on, last, is_cut=is_cut))
    if facts.died_on is None:
        found |= set(_after_handover(facts, on, last, is_cut=is_cut))
    return {end for end in found if end not in facts.settled}


def _papers(facts: Facts) -> Iterator[End]:
    if facts.decisions:
        yield "decision", facts.decisions[-1][1]
    if facts.caps and (last_month := facts.caps[-1][1]) is not None:
        yield "cap", month_end(last_month)
    if facts.plans:
        # An office may mean to review it sooner, never later than the rule has it.
        starts_on, review_by = facts.plans[-1]
        yield "support_plan", min(review_by, end_of(starts_on, PLAN_MONTHS))
    for row in facts.consents:
        is_open = row["ends_on"] is not None and row["withdrawn_on"] is None
        if is_open and not any(_goes_further(other, row) for other in facts.consents):
            yield "consent", row["ends_on"]


def _goes_further(this: Row, that: Row) -> bool:
    same = all(this[name] == that[name] for name in ("recipient", "recipient_name", "scope"))
    is_longer = this["ends_on"] is None or this["ends_on"] > that["ends_on"]
    return same and this["starts_on"] >= that["starts_on"] and is_longer


def _is_sudden(facts: Facts, *, is_cut: bool) -> bool:
    return facts.end_reason in SUDDEN or (facts.end_reason in ("", "expired") and is_cut)


def _waits_for_sharing(facts: Facts, *, is_cut: bool) -> bool:
    way = facts.handover
    if _is_sudden(facts, is_cut=is_cut):
        return False
    return way is None or (
        way["is_needed"] and way["shared_on"] is None and way["not_consented_on"] is None
    )


def _before_handover(facts: Facts, on: date, last: date, *, is_cut: bool) -> Iterator[End]:
    if not _waits_for_sharing(facts, is_cut=is_cut):
        return
    share_by = last_with_months(last, SHARE_MONTHS)
    if ("handover", last) not in facts.settled:
        yield "handover", share_by
    if facts.handover is None and on <= share_by:
        yield "handover_prepare", last_with_months(last, PREPARE_MONTHS) + DAY


def _after_handover(
    facts: Facts, on: date, last: date | None, *, is_cut: bool
) -> Iterator[End]:  # fmt: skip
    way, ended_on = facts.handover, facts.ends_on
    if way is None:
        is_over = ended_on is not None and JUDGED_FROM <= ended_on < on
        if is_over and facts.end_reason == "expired" and not is_cut:
            yield "handover_unjudged", ended_on  # type: ignore[misc]
        return
    since = way["first_contact_on"] or way["accepted_on"]
    if since is not None and way["looked_on"] is None:
        yield "handover_look", same_day_later(since, LOOK_MONTHS)
    is_done = way["not_consented_on"] or way["first_contact_on"] or way["looked_on"]
    if not way["is_needed"] or is_done or facts.end_reason not in GOES_ON:
        return
    is_waiting = is_in_use(facts, on) and _waits_for_sharing(facts, is_cut=is_cut)
    day = ended_on or last
    if not is_waiting and day is not None:
        yield "handover_open", day


def latest_interview(facts: Facts, on: date) -> date | None:
    """The latest day that §6 allows for the next interview, at whatever pace was agreed; None for none.

    A fact that tightens the pace only brings it nearer.
    """
    last, _is_cut = last_usable(facts, on)
    if not is_in_use(facts, on) or facts.use_starts_on is None or last is None:
        return None
    met = [
        row["held_on"] for row in facts.contacts
        if row["outcome"] == "met" and row["way"] in ("face", "video") and row["held_on"] <= on
    ]  # fmt: skip
    if not met:
        due = month_end(facts.use_starts_on)
    else:
        months = (
            facts.paces[-1]["to_months"] if facts.paces and facts.paces[-1]["is_accepted"] else 1
        )
        due = month_end(same_day_later(max(met).replace(day=1), months))
    if due.replace(day=1) > last:
        return None
    return min(due, last)


def has_declined(facts: Facts, on: date) -> bool:
    """Whether the person did not want to be met in this month: nobody presses them (§6)."""
    month = on.replace(day=1)
    return any(
        row["outcome"] == "refused" and month <= row["held_on"] <= on for row in facts.contacts
    )
