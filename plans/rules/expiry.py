"""期限: how near an end is, what comes next, whose step that is, and what settles it.

The ends themselves come from their own rules (window §2, decisions §3, caps §4, plans §6, hand-over
§9 of docs/rules.md) or were typed by people; nothing here sets one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from clients.rules.kinds import Labelled
from plans.rules.handover import HandoverDates, HandoverStep, open_steps
from plans.rules.support_plan import PlanStep
from teikyaku.era import both
from teikyaku.periods import day_after, day_before, last_day_of_months

WEEKS_DAYS = 14


class EndKind(Labelled):
    """終わるものの種類 on the board of an office, in the order of its axis."""

    WINDOW = "window", "利用可能期間の最終日"
    DECISION = "decision", "支給決定期間の終了"
    CAP = "cap", "負担上限月額の適用の終わり"
    SUPPORT_PLAN = "support_plan", "個別支援計画の見直し"
    CONTRACT = "contract", "利用契約の終わり"
    CONSENT = "consent", "同意の最終日"
    HANDOVER_PREPARE = "handover_prepare", "引き継ぎの準備を始める日"
    HANDOVER = "handover", "引き継ぎの情報共有の最終日"
    HANDOVER_OPEN = "handover_open", "引き継ぎの続き（最初の相談まで）"
    HANDOVER_LOOK = "handover_look", "引き継ぎ後のようすを確かめる日"
    HANDOVER_UNJUDGED = "handover_unjudged", "引き継ぎの判断がないまま終わった"
    QUALIFICATION = "qualification", "職員の資格・研修の有効期限"


REVOKED = "支給決定の取消"


class WardEndKind(Labelled):
    """終わるものの種類 on the board of a ward: of what it decides and issues, nothing of the support."""

    DECISION = "decision", "支給決定期間の終了"
    CAP = "cap", "負担上限月額の適用の終わり"
    CERTIFICATE = "certificate", "受給者証の出し直し（新しい上限の適用日）"
    WINDOW = "window", "利用可能期間の最終日"


class ExpiryStage(Labelled):
    """段階: how near an end is, the nearest last but for what has passed."""

    FAR = "far", "6か月より先"
    MONTHS_6 = "6m", "6か月以内"
    MONTHS_3 = "3m", "3か月以内"
    MONTHS_2 = "2m", "2か月以内"
    MONTH_1 = "1m", "1か月以内"
    WEEKS_2 = "2w", "2週間以内"
    TODAY = "today", "今日まで"
    LAPSED = "late", "期限が過ぎた"

    @property
    def tone(self) -> str:
        """How it is shown; the word says the same."""
        return _TONES.get(self, "neutral")


_TONES = {
    ExpiryStage.MONTHS_3: "info", ExpiryStage.MONTHS_2: "info", ExpiryStage.MONTH_1: "warning",
    ExpiryStage.WEEKS_2: "warning", ExpiryStage.TODAY: "danger", ExpiryStage.LAPSED: "danger",
}  # fmt: skip
_MONTHS = {
    ExpiryStage.MONTHS_6: 6, ExpiryStage.MONTHS_3: 3, ExpiryStage.MONTHS_2: 2,
    ExpiryStage.MONTH_1: 1,
}  # fmt: skip
# From the nearest on: each begins after the one before it.
_AHEAD = (
    ExpiryStage.TODAY, ExpiryStage.WEEKS_2, ExpiryStage.MONTH_1, ExpiryStage.MONTHS_2,
    ExpiryStage.MONTHS_3, ExpiryStage.MONTHS_6,
)  # fmt: skip


def last_end_within(on: date, months: int) -> date:
    """The last end that lies within `months` months of `on` (民法143条, teikyaku.periods).

    An end is so near from the last day on after which that many whole months still end by it: the
    same day that `latest_day_before_end` answers, as for the sharing before a hand-over.
    """
    return day_before(last_day_of_months(day_after(day_after(on)), months))


def stage_of(ends_on: date, on: date) -> ExpiryStage:
    """How near an end is on `on`."""
    if ends_on < on:
        return ExpiryStage.LAPSED
    return next((stage for stage in _AHEAD if ends_on <= _reach(stage, on)), ExpiryStage.FAR)


def step_reached(ends_on: date, on: date) -> ExpiryStage | None:
    """知らせの段階 of an end on `on`: 6, 3, 2, 1 months, 2 weeks, the day, after it; None while it is far.

    Always the nearest one alone: where the day of a step passed without a run, what is told is where
    the end stands now, once, and not every step that lies behind it.
    """
    stage = stage_of(ends_on, on)
    return None if stage == ExpiryStage.FAR else stage


def stage_span(stage: ExpiryStage, on: date) -> tuple[date, date]:
    """The ends that are at `stage` on `on`: first and last day, both included."""
    if stage == ExpiryStage.LAPSED:
        return date.min, day_before(on)
    if stage == ExpiryStage.FAR:
        return day_after(_reach(_AHEAD[-1], on)), date.max
    nearer = _AHEAD.index(stage) - 1
    first = day_after(_reach(_AHEAD[nearer], on)) if nearer >= 0 else on
    return first, _reach(stage, on)


def _reach(stage: ExpiryStage, on: date) -> date:
    if stage == ExpiryStage.TODAY:
        return on
    if stage == ExpiryStage.WEEKS_2:
        return on + timedelta(days=WEEKS_DAYS)
    return last_end_within(on, _MONTHS[stage])


class Renewal(Labelled):
    """更新: how far the renewal of a decision is, as the office knows it."""

    NONE = "none", "未申請"
    PROPOSED = "proposed", "区に提案中"
    ASKED_BACK = "asked_back", "区から問い合わせ中"
    APPLIED = "applied", "申請中"
    OVER = "over", ""
    """Nothing is renewed: the right ends with the decision."""


class Owner(Labelled):
    """だれの番: whose step the next one is."""

    STAFF = "staff", "担当"
    MANAGER = "manager", "サービス管理責任者"
    WARD = "ward", "区役所"
    MEMBER = "member", "本人（職員）"


@dataclass(frozen=True, slots=True)
class EndFacts:
    """What is known around one end; each part only where it bears on the kind."""

    renewal: Renewal = Renewal.NONE
    handover: HandoverDates | None = None
    """None where nobody has judged yet."""
    is_revoked: bool = False
    """Of a decision: whether a ward took it away, so that nothing is renewed."""
    is_sudden: bool = False
    """Of a use: whether its end, recorded or ahead, is a sudden one."""
    plan_step: PlanStep | None = None
    """The next step of the plan that is being made; None where none is."""
    right_ends_on: date | None = None
    """Of a decision that runs on after the right: the last day of the right, as a leaving left it."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """次にすること in words, and whose step it is."""

    words: str
    owner: Owner


_RENEWAL_STEPS = {
    Renewal.NONE: NextStep("更新を本人と確かめ、区に申請する", Owner.STAFF),
    Renewal.PROPOSED: NextStep("区の返事を待つ", Owner.WARD),
    Renewal.ASKED_BACK: NextStep("区からの問い合わせに答える", Owner.STAFF),
    Renewal.APPLIED: NextStep("区の支給決定を待つ", Owner.WARD),
    Renewal.OVER: NextStep("終わりに備える（更新はない）", Owner.STAFF),
}
_HANDOVER_WORDS = {
    HandoverStep.CENTRE: "引き継ぎ先を選ぶ",
    HandoverStep.CONSENT: "引き継ぎへの本人の同意を確かめる",
    HandoverStep.SHARING: "引き継ぎ先に情報を共有する",
    HandoverStep.MEETING: "引き継ぎ会議を開く",
    HandoverStep.ANSWER: "引き継ぎ先の返事を記録する",
    HandoverStep.CONTACT: "引き継ぎ先での最初の相談を確かめる",
    HandoverStep.LOOK: "その後のようすを確かめる",
}
_PLAIN = {
    EndKind.CAP: NextStep("受給者証で次の上限を確かめ、記録する", Owner.STAFF),
    EndKind.CONTRACT: NextStep("契約を結び直すか、利用の終了を記録する", Owner.STAFF),
    EndKind.CONSENT: NextStep("同意を続けるか、本人に確かめる", Owner.STAFF),
    EndKind.HANDOVER_LOOK: NextStep(_HANDOVER_WORDS[HandoverStep.LOOK], Owner.STAFF),
    EndKind.QUALIFICATION: NextStep("更新し、新しい有効期限を記録する", Owner.MEMBER),
}


def next_step(kind: EndKind, facts: EndFacts, *, is_late: bool) -> NextStep:
    """What comes next for an end of this kind, and whose step that is (docs/rules.md §2, §3, §6, §9)."""
    if kind == EndKind.DECISION:
        return _decision_step(facts)
    if kind == EndKind.SUPPORT_PLAN:
        step = facts.plan_step
        words = f"新しい計画の「{step.label}」" if step else "見直し、新しい計画をつくりはじめる"
        return NextStep(words, Owner.MANAGER)
    if kind == EndKind.HANDOVER_UNJUDGED:
        # Nobody is in charge any more once the use has ended.
        return NextStep("終わった後も支援が要るかを判断し、記録する", Owner.MANAGER)
    if kind in (EndKind.HANDOVER_PREPARE, EndKind.HANDOVER, EndKind.HANDOVER_OPEN):
        return _handover_step(facts.handover)
    if kind == EndKind.WINDOW:
        return _window_step(facts, is_late=is_late)
    return _PLAIN[kind]


def _window_step(facts: EndFacts, *, is_late: bool) -> NextStep:
    if is_late:
        return NextStep("利用の終了を記録する", Owner.STAFF)
    if facts.is_sudden and facts.handover is None:
        return NextStep("急な終わり：本人が望めば、センターを案内する", Owner.STAFF)
    return _handover_step(facts.handover)


def _decision_step(facts: EndFacts) -> NextStep:
    if facts.is_revoked and facts.renewal != Renewal.APPLIED:
        return NextStep("本人と確かめ、利用の終了を記録するか、新しく申請する", Owner.STAFF)
    if facts.right_ends_on is not None:
        # The ward does not know of the leaving until the office says so.
        words = f"権利は{both(facts.right_ends_on)}までです。支給決定をした区に伝える"
        return NextStep(words, Owner.STAFF)
    return _RENEWAL_STEPS[facts.renewal]


def _handover_step(dates: HandoverDates | None) -> NextStep:
    if dates is None:
        return NextStep("引き継ぎが要るかを判断する", Owner.STAFF)
    steps = open_steps(dates)
    if not steps:
        return NextStep("終わりの日を本人と確かめる", Owner.STAFF)
    return NextStep(_HANDOVER_WORDS[steps[0]], Owner.STAFF)


# What a new fact cannot always settle: a consent that is not wanted any more, a sharing that came too
# late for anybody, a look that found nobody, a judgement that nobody can make any more, a
# qualification that is not renewed. What rights and money
# hang on (window, decision, cap, plan, contract) is settled by its fact alone.
_BY_HAND = (
    EndKind.CONSENT, EndKind.HANDOVER, EndKind.HANDOVER_OPEN, EndKind.HANDOVER_LOOK,
    EndKind.HANDOVER_UNJUDGED, EndKind.QUALIFICATION,
)  # fmt: skip
# For a ward: who does not renew is no mistake, and a paper may have been mended by hand.
_BY_WARD_HAND = (WardEndKind.DECISION, WardEndKind.CERTIFICATE)


# A ward's months without a cap hold claims, and a last usable day waits for the office: by hand only
# where no decision is in force any more, so that nothing more can follow from it.
_BY_WARD_HAND_ONCE_OVER = (WardEndKind.CAP, WardEndKind.WINDOW)


def may_be_settled(
    kind: EndKind | WardEndKind, ends_on: date, on: date, *, is_over: bool = False
) -> bool:
    """Whether somebody may lay an end aside with a reason: of some kinds, and once it has passed.

    `is_over`: of a ward's, whether none of the person's decisions is in force any more.
    """
    if ends_on >= on:
        return False
    if isinstance(kind, WardEndKind):
        return kind in _BY_WARD_HAND or (is_over and kind in _BY_WARD_HAND_ONCE_OVER)
    return kind in _BY_HAND
