"""引き継ぎの義務: whether an office met it for one ending person, and as an office (docs/rules.md §9).

For people judged to need it, with consent, information is shared at least three months before the
end, with a guideline, an appointed person and a record; an office that does not is paid less (S).
Sudden ends (離職・転出・死亡) are no failure. Whether the reduction concerns everybody or only those
concerned is not settled (§7 ?).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clients.rules.ending import effects_of
from clients.rules.kinds import EndReason
from teikyaku.era import both

RULE = "docs/rules.md §9"
# The duty stands since the fees of April 2024 (R6, S).
DUTY_FROM = date(2024, 4, 1)


class DutyState(StrEnum):
    """義務の状態 of one person."""

    LATE = "late"
    UNJUDGED = "unjudged"
    ASK = "ask"
    WAITING = "waiting"
    MET = "met"
    NOT_NEEDED = "not_needed"
    SUDDEN = "sudden"

    @property
    def threatens(self) -> bool:
        """Whether the reduction threatens because of this person."""
        return self in (DutyState.LATE, DutyState.UNJUDGED)


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """What is known of one ending person."""

    share_by: date
    use_starts_on: date
    has_duty: bool | None
    """As `end_has_duty` says."""
    judged_on: date | None = None
    is_needed: bool = False
    first_shared_on: date | None = None
    """The earliest sharing, with whichever centre."""
    not_consented_on: date | None = None


@dataclass(frozen=True, slots=True)
class DutyAnswer:
    """The state and why, in words."""

    state: DutyState
    why: str


def end_has_duty(reason: EndReason | None, *, has_ended: bool, is_cut_short: bool) -> bool | None:
    """Whether information had to be shared three months before this end; None: not settled.

    `reason` of the end that is recorded, None where none is; `is_cut_short`: a leaving, and not the
    three years, ends the right (clients.rules.window). What ends suddenly is no failure (§9 S), also
    while nobody has recorded the end of the use yet. In SQL: plans.queries.handover.sudden_q.
    """
    recorded = True if reason is None else effects_of(reason).has_handover_duty
    if recorded is False or (recorded and is_cut_short):
        return False
    return recorded if has_ended else True


def duty_answer(facts: DutyFacts, on: date) -> DutyAnswer:
    """Whether the duty is met for one person, as of `on`; what came later does not count yet."""
    shared_on = facts.first_shared_on
    if shared_on is not None and shared_on > on:
        shared_on = None
    is_judged = facts.judged_on is not None and facts.judged_on <= on
    if facts.has_duty is False:
        return DutyAnswer(DutyState.SUDDEN, "急な終わりなので、義務に反しません。")
    if is_judged and not facts.is_needed:
        return DutyAnswer(DutyState.NOT_NEEDED, "必要ないと判断した記録があります。")
    if shared_on is not None and shared_on <= facts.share_by:
        return DutyAnswer(DutyState.MET, f"{both(shared_on)}に共有しました。")
    # Of an end that is not settled there is nothing to wait for: the use is over.
    if on <= facts.share_by and facts.has_duty is not None:
        return DutyAnswer(DutyState.WAITING, f"共有は{both(facts.share_by)}までです。")
    return _not_settled(facts, shared_on) or _missed(facts, shared_on, is_judged=is_judged)


def _not_settled(facts: DutyFacts, shared_on: date | None) -> DutyAnswer | None:
    """The latest day has passed, and no source says whether that counts here."""
    by, why = both(facts.share_by), ""
    if facts.has_duty is None:
        why = "この終わり方に義務が及ぶかは、確かめていません。市に確認してください。"
    elif facts.use_starts_on > facts.share_by:
        why = (
            f"利用の開始が、共有の最終日（{by}）より後です。義務が及ぶかは、市に確認してください。"
        )
    elif facts.not_consented_on is not None and shared_on is None:
        why = "本人が同意しませんでした。減算になるかは、市に確認してください。"
    return DutyAnswer(DutyState.ASK, why) if why else None


def _missed(facts: DutyFacts, shared_on: date | None, *, is_judged: bool) -> DutyAnswer:
    by = both(facts.share_by)
    if not is_judged:
        return DutyAnswer(DutyState.UNJUDGED, f"要否の判断の記録がないまま、{by}を過ぎました。")
    if shared_on is None:
        return DutyAnswer(DutyState.LATE, f"共有がないまま、{by}を過ぎました。")
    days = (shared_on - facts.share_by).days
    why = f"共有は{both(shared_on)}でした。最終日（{by}）より{days}日遅れました。"
    return DutyAnswer(DutyState.LATE, why)
