"""個別支援計画: its steps in order, what is valid, and by when it is reviewed (docs/rules.md §6 S)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from clients.rules.kinds import Labelled
from teikyaku.era import both
from teikyaku.periods import last_day_of_months
from teikyaku.reasons import Step

RULE = "docs/rules.md §6"
# What an assessment asks, the person's own words first; a review starts from the last answers.
ASSESSED = ("wishes", "work", "living", "health", "around", "strengths")


class PlanStep(Labelled):
    """手順 of a plan; the values name the pages."""

    ASSESSMENT = "assessment", "アセスメント"
    DRAFT = "draft", "原案"
    MEETING = "meeting", "会議"
    CONSENT = "consent", "説明と同意"
    HANDOVER = "handover", "本人に交付"
    CONSULTATION = "consultation", "相談支援に交付"


@dataclass(frozen=True, slots=True)
class PlanDates:
    """The days of a plan's steps, None while a step is to come."""

    assessed_on: date | None = None
    drafted_on: date | None = None
    meeting_on: date | None = None
    explained_on: date | None = None
    consented_on: date | None = None
    handed_over_on: date | None = None
    consultation_on: date | None = None

    def of(self, step: PlanStep) -> date | None:
        """The day of a step."""
        days = {
            PlanStep.ASSESSMENT: self.assessed_on,
            PlanStep.DRAFT: self.drafted_on,
            PlanStep.MEETING: self.meeting_on,
            PlanStep.CONSENT: self.consented_on,
            PlanStep.HANDOVER: self.handed_over_on,
            PlanStep.CONSULTATION: self.consultation_on,
        }
        return days[step]


@dataclass(frozen=True, slots=True)
class GoalFacts:
    """One goal as a form or an import gives it; `key` is the stored row's public id, or empty."""

    term: str
    goal: str
    person_does: str = ""
    staff_does: str = ""
    target_on: date | None = None
    key: str = ""


def says_who_does_what(staff_does: Iterable[str]) -> bool:
    """Whether at least one goal says what the staff do: a plan without it is a wish, no support.

    Judged when the person is asked to consent: until then a draft may be unfinished.
    """
    return any(words.strip() for words in staff_does)


def next_step(dates: PlanDates) -> PlanStep | None:
    """The first step that is to come; None when all are done.

    The consultation office comes last: a plan counts without it [?], so it is asked for, not demanded.
    """
    return next((step for step in PlanStep if dates.of(step) is None), None)


def is_missing_for_billing(step: PlanStep | None) -> bool:
    """Whether a plan at this step counts for no month yet (docs/rules.md §7: 計画未作成)."""
    return step is not None and step != PlanStep.CONSULTATION


def latest_review(starts_on: date, months: int) -> date:
    """The last day on which a plan that starts on `starts_on` is reviewed in time (民法143条)."""
    return last_day_of_months(starts_on, months)


def review_steps(starts_on: date, months: int) -> tuple[Step, ...]:
    """The same as arithmetic to unfold."""
    latest = latest_review(starts_on, months)
    return (
        Step(
            "見直しの期限",
            f"計画の開始日 {both(starts_on)} から{months}か月の最後の日（民法143条）",
            both(latest),
            RULE,
        ),
    )


def planned_review_steps(starts_on: date, review_by: date) -> tuple[Step, ...]:
    """Where the review day of a plan on file comes from: it stands in the plan."""
    return (
        Step(
            "見直しの期限",
            f"{both(starts_on)}からの計画に書いてある見直しの日",
            both(review_by),
            RULE,
        ),
    )


def is_too_early(starts_on: date | None, consented_on: date | None) -> bool:
    """Whether a plan would begin before it was consented to: it counts from the consent on."""
    return starts_on is not None and consented_on is not None and starts_on < consented_on


def needs_guardian(kinds: tuple[str, ...]) -> bool:
    """Whether among those who may sign is a 成年後見人, whose signature is expected [M].

    保佐人 and 補助人 sign only where a court gave them that power: they may, nobody waits for them.
    """
    return "guardian" in kinds
