"""区の期限: what comes next for an end that a ward sees, and whose turn it is (docs/rules.md §3)."""

from __future__ import annotations

from dataclasses import dataclass

from plans.rules.expiry import WardEndKind
from plans.rules.path import PathStep, Turn


@dataclass(frozen=True, slots=True)
class WardFacts:
    """What is known around one person's end: the open application, what an office proposes, the right."""

    turn: Turn | None = None
    """Of the open application; None where none is open."""
    path_step: PathStep | None = None
    is_proposed: bool = False
    """An office's proposal to renew waits for the ward."""
    is_asked_back: bool = False
    """The ward has asked the office something about it."""
    is_last: bool = False
    """The right ends with this decision: there is no renewal."""
    is_unused: bool = False
    """A decision is in force, and no office has taken the person in yet."""


@dataclass(frozen=True, slots=True)
class WardStep:
    """次の手順 in words, and whose turn it is."""

    words: str
    turn: Turn
    is_unasked: bool = False
    """Nobody has applied yet, and somebody still can."""


_PLAIN = {
    WardEndKind.CAP: WardStep("次の負担上限月額を決める", Turn.WARD),
    WardEndKind.CERTIFICATE: WardStep("新しい上限の受給者証を出す", Turn.WARD),
    WardEndKind.WINDOW: WardStep("終わりに備える（引き継ぎは事業所）", Turn.PROVIDER),
}


_WINDOW_UNUSED = WardStep("利用の開始を待つ（事業所の利用はまだない）", Turn.PROVIDER)
_WINDOW_PASSED = WardStep("事業所が利用の終了を記録するのを待つ", Turn.PROVIDER)


def ward_step(kind: WardEndKind, facts: WardFacts, *, is_late: bool = False) -> WardStep:
    """What comes next for an end of this kind; `is_late`: once it has passed."""
    if kind == WardEndKind.WINDOW and is_late:
        return _WINDOW_PASSED
    if kind == WardEndKind.WINDOW and facts.is_unused:
        return _WINDOW_UNUSED
    if kind != WardEndKind.DECISION:
        return _PLAIN[kind]
    if facts.turn is not None:
        step = facts.path_step.label if facts.path_step else ""
        words = f"更新の申請を受付済み（次は{step}）" if step else "更新の申請を受付済み"
        return WardStep(words, facts.turn)
    if facts.is_last:
        return WardStep("更新はない（利用可能期間が終わる）", Turn.NONE)
    return _unasked(facts)


def _unasked(facts: WardFacts) -> WardStep:
    if facts.is_proposed:
        return WardStep("事業所の更新の提案に答える", Turn.WARD, is_unasked=True)
    if facts.is_asked_back:
        return WardStep("事業所の返事を待つ", Turn.PROVIDER, is_unasked=True)
    return WardStep("更新の申請を待つ", Turn.PERSON, is_unasked=True)
