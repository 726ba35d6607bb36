"""面談: which contact counts for the month, and why another does not (docs/rules.md §6 S)."""

from __future__ import annotations

from datetime import date

from plans.rules.kinds import ContactOutcome, ContactWay
from teikyaku.periods import Period
from teikyaku.reasons import Certainty, Reason

RULE = "docs/rules.md §6（R3報酬告示）"
MEETING_WAYS = (ContactWay.FACE, ContactWay.VIDEO)


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
    contracts: tuple[Period, ...],
    decisions: tuple[Period, ...],
    employments: tuple[Period, ...],
) -> tuple[Reason, ...]:
    """Why a contact does not make the month billable; empty when it does."""
    checks = (
        ("no_meeting", outcome == ContactOutcome.MET, "会えた記録ではありません"),
        ("way", way in MEETING_WAYS, "対面かテレビ電話ではありません"),
        ("worker", met_by_support_worker, "その日の就労定着支援員による面談ではありません"),
        ("contract", _covers(contracts, on), "利用契約の期間の外です"),
        ("decision", _covers(decisions, on), "支給決定期間の外です"),
        ("employment", _covers(employments, on), "就労している期間の外です"),
    )
    return tuple(
        Reason(code, f"{text}。", RULE, Certainty.SOURCE)
        for code, is_so, text in checks
        if not is_so
    )


def _covers(periods: tuple[Period, ...], on: date) -> bool:
    return any(period.contains(on) for period in periods)
