"""面談: which contact counts for the month, and why another does not (docs/rules.md §6 S)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from plans.rules.kinds import ContactOutcome, ContactWay, Partner
from teikyaku.periods import Lasting
from teikyaku.reasons import Certainty, Reason

RULE = "docs/rules.md §6（R3報酬告示）"
MEETING_WAYS = (ContactWay.FACE, ContactWay.VIDEO)
# What a contact must be to make the month billable, in this order (`not_counting`).
_CHECKS = (
    ("no_meeting", "会えた記録ではありません"),
    ("way", "対面かテレビ電話ではありません"),
    ("worker", "その日の就労定着支援員による面談ではありません"),
    ("contract", "利用契約の期間の外です"),
    ("decision", "支給決定期間の外です"),
    ("employment", "就労している期間の外です"),
)


# In free text these may mean somebody of the workplace: whoever wrote them is asked.
WORKPLACE_WORDS = (
    "職場", "会社", "上司", "同僚", "店長", "社長", "人事", "総務", "雇用", "現場", "事業主", "先輩",
)  # fmt: skip


def is_with_workplace(way: str, spoke_with: Collection[str]) -> bool:
    """Whether a contact was one with the workplace: a visit, or somebody of it among the partners.

    docs/rules.md §6 M: where the workplace must not be contacted, this is the worst accident.
    """
    return way == ContactWay.EMPLOYER_VISIT or Partner.WORKPLACE.value in spoke_with


def may_be_with_workplace(
    way: str, spoke_with: Collection[str], *, has_employer_concern: bool, texts: Collection[str]
) -> bool:
    """Whether one has to ask about the workplace: it is named, or its voice was heard."""
    return is_with_workplace(way, spoke_with) or has_employer_concern or names_workplace(texts)


def names_workplace(texts: Collection[str]) -> bool:
    """Whether free text holds a word that may mean somebody of the workplace."""
    return any(word in text for text in texts for word in WORKPLACE_WORDS)


def needs_partner(way: str, outcome: str) -> bool:
    """Whether others than the person took part for certain, so that one can ask who."""
    return outcome == ContactOutcome.OTHERS or way == ContactWay.CONFERENCE


def is_meeting(way: ContactWay, outcome: ContactOutcome) -> bool:
    """Whether the person was met, face to face or by video."""
    return outcome == ContactOutcome.MET and way in MEETING_WAYS


def counts_as_meeting(
    way: ContactWay, outcome: ContactOutcome, *, met_by_support_worker: bool
) -> bool:
    """Whether a contact resets the clock: a meeting, by a 就労定着支援員 in post."""
    return is_meeting(way, outcome) and met_by_support_worker


def not_counting(
    on: date,
    way: ContactWay,
    outcome: ContactOutcome,
    *,
    met_by_support_worker: bool,
    contracts: Sequence[Lasting],
    decisions: Sequence[Lasting],
    employments: Sequence[Lasting],
) -> tuple[Reason, ...]:
    """Why a contact does not make the month billable; empty when it does."""
    passed = (
        outcome == ContactOutcome.MET,
        way in MEETING_WAYS,
        met_by_support_worker,
        _covers(contracts, on),
        _covers(decisions, on),
        _covers(employments, on),
    )
    if all(passed):
        return ()
    return tuple(
        Reason(code, f"{text}。", RULE, Certainty.SOURCE)
        for (code, text), is_so in zip(_CHECKS, passed, strict=True)
        if not is_so
    )


def missed_text(
    on: date, way: ContactWay, outcome: ContactOutcome, lacking: Collection[Reason]
) -> str:
    """Why a meeting that was held earns nothing, with its day; "" where nobody was met at all."""
    if not is_meeting(way, outcome) or not lacking:
        return ""
    why = "、".join(reason.text.rstrip("。") for reason in lacking)
    return f"{on.month}月{on.day}日の面談は、{why}。"


def _covers(periods: Sequence[Lasting], on: date) -> bool:
    for each in periods:
        if each.starts_on <= on and (each.ends_on is None or on <= each.ends_on):
            return True
    return False
