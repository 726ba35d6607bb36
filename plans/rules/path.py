"""利用までの流れ: the seven steps, their order on the dates of the facts, and whose turn it is.

docs/rules.md §3 (新潟市「就労定着支援について」, G): 申請 → 聞き取り調査 → サービス等利用計画（案） →
支給決定 → サービス等利用計画 → 重要事項説明と契約 → 利用開始.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clients.rules.kinds import Labelled
from teikyaku.era import both
from teikyaku.periods import Period
from teikyaku.reasons import Certainty, Reason

RULE = "docs/rules.md §3（新潟市「就労定着支援について」）"


class PathStep(Labelled):
    """段階 in their order."""

    APPLICATION = "application", "申請"
    SURVEY = "survey", "聞き取り調査"
    PROPOSAL = "proposal", "計画案"
    DECISION = "decision", "支給決定"
    FINAL_PLAN = "final_plan", "計画の提出"
    CONTRACT = "contract", "契約"
    USE = "use", "利用開始"


class Turn(Labelled):
    """だれの番か: who can take the next step."""

    WARD = "ward", "区役所"
    PERSON = "person", "本人"
    CONSULTATION = "consultation", "相談支援事業所・本人"
    PROVIDER = "provider", "事業所"
    NONE = "none", "なし"


@dataclass(frozen=True, slots=True)
class PathFacts:
    """The dated facts of one path. A transcribed certificate stands for everything before it."""

    applied_on: date | None = None
    surveyed_on: date | None = None
    proposal_on: date | None = None
    decided_on: date | None = None
    final_plan_on: date | None = None
    explained_on: date | None = None
    signed_on: date | None = None
    use_starts_on: date | None = None
    refused_on: date | None = None
    withdrawn_on: date | None = None
    revoked_on: date | None = None
    """The decision was revoked: it may run on until its last day, but nobody is waited for."""
    sent_back_on: date | None = None
    """The ward asked for something that is not there yet."""
    wanted: str = ""
    """What it asked for, in the ward's words."""
    is_transcribed: bool = False
    granted: Period | None = None
    """The decision's period, which use must begin in."""
    window: Period | None = None
    """First to last usable day."""
    is_usable: bool = True
    """The right stands on the first day of use."""

    def on(self, step: PathStep) -> date | None:
        """The day of a step; a refusal is a decision too."""
        days = {
            PathStep.APPLICATION: self.applied_on,
            PathStep.SURVEY: self.surveyed_on,
            PathStep.PROPOSAL: self.proposal_on,
            PathStep.DECISION: self.decided_on or self.refused_on,
            PathStep.FINAL_PLAN: self.final_plan_on,
            PathStep.CONTRACT: self.signed_on,
            PathStep.USE: self.use_starts_on,
        }
        return days[step]


ORDER = tuple(PathStep)
_WARD_STEPS = ORDER[: ORDER.index(PathStep.DECISION)]
# While one of these comes next, the application can go back for something.
BEFORE_DECISION = (*_WARD_STEPS, PathStep.DECISION)
# What a transcribed certificate answers for.
_BY_PAPER = (*_WARD_STEPS, PathStep.FINAL_PLAN)


def missing_before(step: PathStep, facts: PathFacts) -> tuple[Reason, ...]:
    """Why `step` cannot stand with its date: the steps before it that are missing or later.

    Empty when the order holds. A transcribed decision answers for the steps before it.
    """
    this = facts.on(step)
    reasons = [
        reason
        for earlier in ORDER[: ORDER.index(step)]
        if not (facts.is_transcribed and earlier in _BY_PAPER)
        and (reason := _wrong(earlier, step, facts.on(earlier), this)) is not None
    ]
    if step == PathStep.USE:
        reasons += [*_paper(facts), *_use_outside(facts)]
    return tuple(reasons)


def use_refusals(facts: PathFacts) -> tuple[Reason, ...]:
    """Why use cannot begin as it stands in `facts`: contract and use in their order, each fault once."""
    found = (*missing_before(PathStep.CONTRACT, facts), *missing_before(PathStep.USE, facts))
    return tuple({reason.code: reason for reason in reversed(found)}.values())[::-1]


def _wrong(earlier: PathStep, step: PathStep, day: date | None, this: date | None) -> Reason | None:
    if day is None:
        text = f"「{step.label}」の前に「{earlier.label}」が必要です。"
        return Reason(f"missing_{earlier.value}", text, RULE, Certainty.GUIDANCE)
    if this is not None and this < day:
        text = (
            f"「{step.label}」の日付（{both(this)}）が、"
            f"「{earlier.label}」の日付（{both(day)}）より前になっています。"
        )
        return Reason(f"later_{earlier.value}", text, RULE, Certainty.GUIDANCE)
    return None


def _paper(facts: PathFacts) -> list[Reason]:
    if facts.explained_on is None:
        text = "契約の前に、重要事項を説明した日が必要です。"
        return [Reason("missing_explanation", text, RULE, Certainty.GUIDANCE)]
    if facts.signed_on is not None and facts.signed_on < facts.explained_on:
        text = "重要事項の説明は、契約日までに行います。"
        return [Reason("later_explanation", text, RULE, Certainty.GUIDANCE)]
    return []


def _use_outside(facts: PathFacts) -> list[Reason]:
    starts = facts.use_starts_on
    if starts is None:
        return []
    reasons = []
    if facts.granted is not None and not facts.granted.contains(starts):
        text = f"利用開始日（{both(starts)}）が、支給決定期間の外です。"
        reasons.append(Reason("outside_decision", text, RULE, Certainty.GUIDANCE))
    if facts.window is not None and not facts.window.contains(starts):
        last = both(facts.window.ends_on) if facts.window.ends_on else ""
        text = (
            f"利用開始日（{both(starts)}）が、利用可能期間の外です"
            f"（{both(facts.window.starts_on)}〜{last}）。就職日と離職日も確かめてください。"
        )
        reasons.append(Reason("outside_window", text, RULE, Certainty.GUIDANCE))
    elif not facts.is_usable:
        text = (
            f"利用開始日（{both(starts)}）に、利用する権利がありません。"
            "就職前のサービスと就労の記録を確かめてください。"
        )
        reasons.append(Reason("not_usable", text, RULE, Certainty.GUIDANCE))
    return reasons


def next_step(facts: PathFacts) -> PathStep | None:
    """The first step without a date; None when use has a date or the path has ended.

    It ends with a withdrawal, a refusal, and a revocation of the decision.
    """
    if facts.withdrawn_on or facts.refused_on or facts.revoked_on:
        return None
    skipped = _BY_PAPER if facts.is_transcribed else ()
    open_steps = [step for step in ORDER if step not in skipped and facts.on(step) is None]
    return open_steps[0] if open_steps else None


def whose_turn(facts: PathFacts) -> Turn:
    """Who can take the next step."""
    turns = {
        PathStep.APPLICATION: Turn.PERSON,
        PathStep.SURVEY: Turn.WARD,
        PathStep.PROPOSAL: Turn.CONSULTATION,
        PathStep.DECISION: Turn.WARD,
        PathStep.FINAL_PLAN: Turn.CONSULTATION,
        PathStep.CONTRACT: Turn.PROVIDER,
        PathStep.USE: Turn.PROVIDER,
    }
    step = next_step(facts)
    if facts.sent_back_on and step in BEFORE_DECISION:
        return Turn.PERSON
    return turns[step] if step is not None else Turn.NONE


@dataclass(frozen=True, slots=True)
class DrawnStep:
    """One step as pages draw it: done, current, waiting, ended (the path ends here) or never."""

    label: str
    state: str
    on: date | None
    note: str = ""


def drawn_steps(facts: PathFacts) -> tuple[DrawnStep, ...]:
    """All seven steps with their dates, for the drawn path.

    A refusal stands for its decision; a withdrawal, and a revocation before the use, stand before the
    steps that never came.
    """
    current = next_step(facts)
    drawn = [_drawn(step, facts, current) for step in ORDER]
    never = next((n for n, step in enumerate(drawn) if step.state == "never"), None)
    if facts.withdrawn_on:
        end = len(drawn) if never is None else never
        drawn.insert(end, DrawnStep("取下げ", "ended", facts.withdrawn_on))
    elif facts.revoked_on and never is not None:
        drawn.insert(never, DrawnStep("取消", "ended", facts.revoked_on))
    return tuple(drawn)


def ended_words(facts: PathFacts) -> str:
    """How the path ended before it came to use, in a sentence with its day; "" where it did not."""
    if facts.use_starts_on:
        return ""
    ends = (
        (facts.refused_on, "申請は却下されました"),
        (facts.withdrawn_on, "申請は取り下げられました"),
        (facts.revoked_on, "支給決定は取り消されました"),
    )
    return next((f"{text}（{both(day)}）。" for day, text in ends if day), "")


def _drawn(step: PathStep, facts: PathFacts, current: PathStep | None) -> DrawnStep:
    day = facts.on(step)
    note = "転記" if facts.is_transcribed and day is None and step in _BY_PAPER else ""
    if step == PathStep.DECISION and facts.refused_on:
        return DrawnStep("却下", "ended", day)
    if day is not None or note:
        return DrawnStep(step.label, "done", day, note)
    if facts.refused_on or facts.withdrawn_on or facts.revoked_on:
        return DrawnStep(step.label, "never", None)
    return DrawnStep(step.label, "current" if step == current else "waiting", None)
