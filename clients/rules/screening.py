"""Screening: may this person use the service, from when to when, and if not, who helps instead?

Source: docs/rules.md §1 and §2, 新潟市「就労定着支援について」 (G). The answer is never a bare no: it
carries its reasons, the centres that fit, and the office that was used before the employment.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from clients.rules import last_usable
from clients.rules import screening_words as words
from clients.rules.centres import Referral, centres_for
from clients.rules.facts import EmploymentFact, ServiceDuringEmployment, ServiceUse
from clients.rules.joining import Chain, Leaving, Verdict, join
from clients.rules.kinds import (
    EmploymentKind,
    JobRoute,
    ScreeningAnswer,
    ServiceKind,
    StandingState,
)
from clients.rules.standing import Standing, standing
from clients.rules.waiting import waiting
from teikyaku.periods import day_after, day_before
from teikyaku.reasons import Reason, Step

RULES_VERSION = "R6-3"
"""Kept with every stored screening; raised whenever the same facts could be answered otherwise."""

APPLY_DAYS_BEFORE = 60
"""Where the office has not set its own lead of the application, in days (docs/rules.md §2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningFacts:
    """What a person tells. None: not known, and then asked where the answer hangs on it."""

    services_used: Collection[ServiceUse | ServiceKind] | None = None
    """Qualifying services used before the job; a bare kind where the dates are not known."""
    employed_on: date | None = None
    employment_kind: EmploymentKind = EmploymentKind.ORDINARY
    employment_ended_on: date | None = None
    is_service_between_jobs: bool | None = None
    """Whether the services without dates were used after the former job and before this one."""
    employments: tuple[EmploymentFact, ...] = ()
    """All jobs, where there were several; the three fields above are then left aside."""
    job_route: JobRoute | None = None
    """How the job was found. It never decides by itself."""
    uses_support_during_employment: bool | None = None
    """Whether such support (復職・労働時間延長) goes on beside the job."""
    support_during_employment_ended_on: date | None = None
    has_difficulties: bool | None = None
    """Whether the change of environment brought difficulties in living or working."""
    lives_in: str = ""
    works_in_niigata: bool | None = None
    wants_to_work_in_niigata: bool | None = None

    @property
    def jobs(self) -> tuple[EmploymentFact, ...]:
        """All employments."""
        if self.employments or self.employed_on is None:
            return self.employments
        job = EmploymentFact(self.employed_on, self.employment_ended_on, self.employment_kind)
        return (job,)

    @property
    def uses(self) -> tuple[ServiceUse, ...] | None:
        """The services with such dates as are known; None where nobody has asked."""
        if self.services_used is None:
            return None
        return tuple(
            use if isinstance(use, ServiceUse) else ServiceUse(ServiceKind(use))
            for use in self.services_used
        )


@dataclass(frozen=True, slots=True)
class Question:
    """確認したいこと: something to ask, because the answer hangs on it or is made surer by it."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class ScreeningResult:
    """確認の結果 on the day `on`. Days are inclusive; None where there is no such day."""

    on: date
    answer: ScreeningAnswer
    first_usable_on: date | None
    last_usable_on: date | None
    """The window's last day; before it the last day at work, where that is known and nothing joins."""
    apply_by: date | None
    """Latest day of application for use from the first usable day; None once that has come."""
    is_apply_by_past: bool
    """Whether that day has passed while the first usable day still lies ahead."""
    reasons: tuple[Reason, ...]
    referrals: tuple[Referral, ...]
    questions: tuple[Question, ...]
    advice: Reason
    standing: Standing | None
    """The dates with their arithmetic; None where the facts do not reach that far."""
    rules_version: str = RULES_VERSION

    @property
    def is_yes(self) -> bool:
        """Whether the first and last usable day may be announced: a no or a question has none."""
        return self.answer in _YES and self.first_usable_on is not None

    @property
    def right_ended_on(self) -> date | None:
        """The true last day of a right that is over; None where it never could be used."""
        if self.answer not in _NO or self.standing is None or self.standing.window is None:
            return None
        ended_on = self.standing.right_ended_on
        return ended_on if ended_on and self.standing.window.is_usable(ended_on) else None

    @property
    def steps(self) -> tuple[Step, ...]:
        """The arithmetic of the days that are announced."""
        if self.standing is None:
            return ()
        is_told = self.is_yes or self.right_ended_on == self.last_usable_on
        return last_usable.steps(self.standing) if is_told else ()


@dataclass(frozen=True, slots=True)
class _Verdict:
    answer: ScreeningAnswer
    reasons: tuple[Reason, ...] = ()
    questions: tuple[Question, ...] = ()
    standing: Standing | None = None


def screen(
    facts: ScreeningFacts, on: date, apply_days_before: int = APPLY_DAYS_BEFORE
) -> ScreeningResult:
    """Whether the service can be used on `on`, or from when, with reasons and whom to ask.

    `apply_days_before` is the office's setting, in days.
    """
    verdict = _missing(facts) or _by_service(facts) or _by_dates(facts, on)
    centres = centres_for(facts.lives_in, facts.works_in_niigata, facts.wants_to_work_in_niigata)
    window = verdict.standing.window if verdict.standing else None
    is_ahead = verdict.answer is ScreeningAnswer.ELIGIBLE_FROM
    ahead = waiting(window, on, apply_days_before) if is_ahead and window else None
    return ScreeningResult(
        on=on,
        answer=verdict.answer,
        first_usable_on=window.first_usable_on if window else None,
        last_usable_on=last_usable.last_usable_on(verdict.standing) if verdict.standing else None,
        apply_by=ahead.apply_by if ahead else None,
        is_apply_by_past=ahead is not None and ahead.is_apply_by_past,
        reasons=(
            *verdict.reasons,
            *(
                ()
                if ahead is None
                else last_usable.without_the_rest(verdict.standing, ahead.reasons)
            ),
            *words.about_route(facts.job_route, verdict.answer),
        ),
        referrals=centres.referrals,
        questions=(
            *verdict.questions,
            *(Question("centre", text) for text in centres.questions),
        ),
        advice=words.ask_the_office(),
        standing=verdict.standing,
    )


def _missing(facts: ScreeningFacts) -> _Verdict | None:
    """The job and the services must be known before anything can be said."""
    questions = []
    if not facts.jobs:
        questions.append(Question("employed_on", words.ASK_EMPLOYED_ON))
    if facts.uses is None and not _has_support_during(facts):
        questions.append(Question("services_used", words.ASK_SERVICES))
    if not questions:
        return None
    return _Verdict(ScreeningAnswer.INCOMPLETE, (words.who_may_use(),), tuple(questions))


def _by_service(facts: ScreeningFacts) -> _Verdict | None:
    """What kind of job it is, and whether a service came before it: else None, go on to dates."""
    ordinary = [job for job in facts.jobs if job.kind == EmploymentKind.ORDINARY]
    if not ordinary:
        return _not_ordinary(facts.jobs)
    if _has_support_during(facts):
        return None
    last_start = max(job.starts_on for job in ordinary)
    chains = join(ordinary)
    uses = facts.uses or ()
    overlapping = [use for use in uses if _is_unclear(use, chains)]
    if overlapping:
        question = Question("support_during_employment", words.ask_overlap(overlapping[0]))
        return _Verdict(ScreeningAnswer.INCOMPLETE, (words.who_may_use(),), (question,))
    if not any(_came_before(use, last_start) for use in uses):
        reason = words.service_came_later() if uses else words.no_service(facts.job_route)
        return _Verdict(ScreeningAnswer.NOT_ELIGIBLE, (reason,))
    return None


def _not_ordinary(jobs: tuple[EmploymentFact, ...]) -> _Verdict:
    if any(job.kind == EmploymentKind.SELF_EMPLOYED for job in jobs):
        question = Question("employment_kind", words.ASK_KIND)
        return _Verdict(ScreeningAnswer.INCOMPLETE, (words.self_employed(),), (question,))
    return _Verdict(ScreeningAnswer.NOT_ELIGIBLE, (words.continued_a(),))


def _has_support_during(facts: ScreeningFacts) -> bool:
    return (
        facts.uses_support_during_employment is True
        or facts.support_during_employment_ended_on is not None
        or any(use.is_during_employment for use in facts.uses or ())
    )


def _is_unclear(use: ServiceUse, chains: Sequence[Chain]) -> bool:
    """Used on into the job, and not said since when, or whether as 復職・労働時間延長."""
    employed_on = chains[0].starts_on
    if not use.reaches(employed_on) or _ended_between(use, chains):
        return False
    began_before = use.began_before(employed_on)
    return began_before is None or (began_before and use.is_during_employment is None)


def _ended_between(use: ServiceUse, chains: Sequence[Chain]) -> bool:
    """Whether it ended between the last job and the one before: then it came before the last."""
    if len(chains) == 1 or use.ends_on is None:
        return False
    return (chains[-2].ends_on or date.max) < use.ends_on < chains[-1].starts_on


def _came_before(use: ServiceUse, employed_on: date) -> bool:
    has_no_dates = use.starts_on is None and use.ends_on is None
    return has_no_dates or bool(use.began_before(employed_on))


def _by_dates(facts: ScreeningFacts, on: date) -> _Verdict:
    found = _standing_for(facts, on)
    answer, questions = _answer(found, on)
    if answer in _NO and _may_lie_between(facts, on):
        return _ask_between(facts, on)
    told = (
        last_usable.reasons(found) if answer in _YES else last_usable.without_a_gap_ahead(found, on)
    )
    reasons = (*_opening_reasons(facts, answer), *told)
    if answer is ScreeningAnswer.CONTINUES:
        reasons = (words.continues(found.on), *reasons)
    if answer is ScreeningAnswer.ELIGIBLE_NOW and facts.has_difficulties is False:
        answer = ScreeningAnswer.NOT_ELIGIBLE
        reasons = (words.no_difficulties(found), *reasons)
    return _Verdict(answer, reasons, (*questions, *_to_confirm(facts, answer)), found)


def _standing_for(facts: ScreeningFacts, on: date) -> Standing:
    """The standing of `on`; out of work with the next job known, that of its first day.

    Where the work is known to end before the window opens, all hangs on what comes after it.
    """
    found = _standing(facts, on)
    leaving = last_usable.ending(found)
    if leaving is not None and last_usable.is_never_usable(found):
        return _standing_for(facts, day_after(leaving.left_on))
    ordinary = [job for job in facts.jobs if job.kind == EmploymentKind.ORDINARY]
    ahead = [job.starts_on for job in ordinary if job.starts_on > on]
    if not ahead or found.state not in _WITHOUT_A_JOB:
        return found
    return _standing(facts, min(ahead))


def _standing(facts: ScreeningFacts, on: date) -> Standing:
    uses = (*(facts.uses or ()), *_placed_between(facts, on))
    return standing(facts.jobs, on, _during(facts), services_before=uses)


def _between(facts: ScreeningFacts, on: date) -> tuple[Chain, Chain] | None:
    """The job that concerns `on`, or the last one, and before it one that does not join it."""
    pairs = list(pairwise(join(facts.jobs)))
    lasting = [pair for pair in pairs if (pair[1].ends_on or date.max) >= on]
    return next(iter((*lasting, *pairs[-1:])), None)


def _placed_between(facts: ScreeningFacts, on: date) -> tuple[ServiceUse, ...]:
    """Services without dates, where they are known to lie between two jobs: up to the later one."""
    pair = _between(facts, on)
    if pair is None or not facts.is_service_between_jobs:
        return ()
    last_on = day_before(pair[1].starts_on)
    return tuple(replace(use, ends_on=last_on) for use in facts.uses or () if _is_undated(use))


def _may_lie_between(facts: ScreeningFacts, on: date) -> bool:
    """Whether a no would become another answer with a service that was used between two jobs."""
    pair = _between(facts, on)
    if facts.is_service_between_jobs is not None or pair is None:
        return False
    if (pair[0].ends_on or date.max) >= on:
        return False  # nobody can say yet what will be used after it
    supposed = replace(facts, is_service_between_jobs=True, has_difficulties=None)
    return _by_dates(supposed, on).answer not in _NO


def _ask_between(facts: ScreeningFacts, on: date) -> _Verdict:
    pair = _between(facts, on)
    assert pair is not None and pair[0].ends_on is not None  # noqa: S101 PT018 (a gap lies between)
    days = (pair[0].ends_on, pair[1].starts_on)
    question = Question("service_between_jobs", words.ask_between(*days))
    return _Verdict(ScreeningAnswer.INCOMPLETE, (words.between_counts(*days),), (question,))


def _is_undated(use: ServiceUse) -> bool:
    return use.starts_on is None and use.ends_on is None and not use.is_during_employment


def _during(facts: ScreeningFacts) -> tuple[ServiceDuringEmployment, ...]:
    ended_on = facts.support_during_employment_ended_on
    if ended_on is None and facts.uses_support_during_employment is not True:
        return ()
    return (ServiceDuringEmployment(ends_on=ended_on),)


_ANSWERS = {
    StandingState.OPEN: ScreeningAnswer.ELIGIBLE_NOW,
    StandingState.EXPIRED: ScreeningAnswer.EXPIRED,
    StandingState.ENDED: ScreeningAnswer.NOT_ELIGIBLE,
}
_WITHOUT_A_JOB = (StandingState.ENDED, StandingState.EXPIRED, StandingState.PENDING)
_NO = (ScreeningAnswer.NOT_ELIGIBLE, ScreeningAnswer.EXPIRED)
_YES = (
    ScreeningAnswer.ELIGIBLE_NOW,
    ScreeningAnswer.ELIGIBLE_FROM,
    ScreeningAnswer.CONTINUES,
)


def _answer(found: Standing, on: date) -> tuple[ScreeningAnswer, tuple[Question, ...]]:
    leaving = last_usable.ending(found)
    to_ask = () if leaving is None else _about_leaving(leaving)
    if found.is_usable and found.on > on:
        return ScreeningAnswer.CONTINUES, to_ask
    if found.state in _ANSWERS:
        return _ANSWERS[found.state], to_ask
    if found.state is StandingState.PENDING:
        return ScreeningAnswer.INCOMPLETE, (_about_change(found),)
    if found.window is not None:
        return ScreeningAnswer.ELIGIBLE_FROM, to_ask
    if found.state is StandingState.WAITING:
        question = Question("support_ended_on", words.ASK_SUPPORT_END)
        return ScreeningAnswer.INCOMPLETE, (question,)
    return ScreeningAnswer.NOT_ELIGIBLE, ()


def _about_change(found: Standing) -> Question:
    """What the answer after a leaving hangs on: the next job, why it was left, or the city's word."""
    if found.pending_until is not None:
        return Question("job_change", words.ask_next_job(found.pending_until))
    return _why_left(found.reasons)


def _about_leaving(leaving: Leaving) -> tuple[Question, ...]:
    """What would carry the right on beyond a leaving that lies ahead; nothing where that is known."""
    if leaving.verdict is Verdict.OPEN:
        return (Question("job_change", words.ask_next_job(leaving.rejoin_by)),)
    return () if leaving.verdict is Verdict.BROKEN else (_why_left(leaving.reasons),)


def _why_left(reasons: Sequence[Reason]) -> Question:
    if any(reason.code == "job_change.purpose_unknown" for reason in reasons):
        return Question("job_change_purpose", words.ASK_PURPOSE)
    return Question("job_change_at_office", words.ASK_CHANGE_AT_OFFICE)


def _opening_reasons(facts: ScreeningFacts, answer: ScreeningAnswer) -> tuple[Reason, ...]:
    if answer not in _YES:
        return ()
    kinds = [use.kind for use in facts.uses or () if not use.is_during_employment]
    return (words.service_came_first(kinds),) if kinds else ()


def _to_confirm(facts: ScreeningFacts, answer: ScreeningAnswer) -> tuple[Question, ...]:
    """Questions that do not change the dates but belong to the answer."""
    if answer not in _YES:
        return ()
    questions = []
    if facts.has_difficulties is None:
        questions.append(Question("has_difficulties", words.ASK_DIFFICULTIES))
    if any(use.starts_on is None and use.ends_on is None for use in facts.uses or ()):
        questions.append(Question("service_dates", words.ASK_SERVICE_DATES))
    return tuple(questions)
