"""次にすること of a decision that stands: its papers first, then nothing until its renewal is near."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from clients.rules.kinds import Labelled

# Told 60, 30 and 0 days ahead (docs/rules.md §3), and after it until it is settled.
AHEAD_DAYS = 60
UNSETTLED_DAYS = 30


class DecisionStep(Labelled):
    """次にすること, with the words of its button."""

    REMAKE = "remake", "受給者証を作り直す"
    LETTER_AGAIN = "letter_again", "支給決定通知書を作り直す"
    REMINDER_AGAIN = "reminder_again", "更新のお知らせを作り直す"
    CERTIFICATE = "certificate", "受給者証を作る"
    LETTER = "letter", "支給決定通知書を作る"
    RENEWAL = "renewal", "更新を受け付ける"
    APPLIED = "applied", "更新の申請をひらく"
    NONE = "none", ""


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """What is known of a decision that was neither revoked nor changed."""

    ends_on: date
    is_granted_here: bool
    """By an application of this system: what was carried over has its papers elsewhere."""
    has_certificate: bool
    """The newest version was made as paper."""
    has_letter: bool
    is_applied: bool = False
    """Somebody has applied for what comes after it."""
    is_followed: bool = False
    """The next decision stands."""
    again: DecisionStep | None = None
    """Which paper bears what was corrected since, the certificate first."""


def is_renewal_near(ends_on: date, on: date) -> bool:
    """Whether a decision is among those that run out: within 60 days, or in the last 30."""
    return on - timedelta(days=UNSETTLED_DAYS) <= ends_on <= on + timedelta(days=AHEAD_DAYS)


def decision_step(facts: DecisionFacts, on: date) -> DecisionStep:
    """What comes next for a decision on `on`.

    A wrong paper in somebody's hands goes before everything. An end that is near goes before papers
    that were never made: nobody hands them out any more.
    """
    if facts.again is not None:
        return facts.again
    if is_renewal_near(facts.ends_on, on) and not facts.is_followed:
        return DecisionStep.APPLIED if facts.is_applied else DecisionStep.RENEWAL
    if not facts.is_granted_here or facts.ends_on < on:
        return DecisionStep.NONE
    if not facts.has_certificate:
        return DecisionStep.CERTIFICATE
    return DecisionStep.NONE if facts.has_letter else DecisionStep.LETTER
