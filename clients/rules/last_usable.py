"""最後の日: until when the right stands, where a last day at work is known before it has come.

Source: docs/rules.md §2 (S): the right ends with the employment, unless the first change of job, made
for better conditions, follows within a month. Until that month is over nothing is settled. So there
are three questions, and each has its own reader:

- `Standing.right_ends_on`: the last day *by what is settled* on the day of the standing. A leaving that
  a next job could still follow does not count. For what is stored and counted: the window of an
  enrolment, due dates, the clock of a person.
- `last_usable_on`: the last day *as far as is known*. Any leaving on or after the day counts that
  nothing has joined yet. For whoever is told today until when they can use it, with `reasons` of
  what would make it go on: screening and guide.
- `leaving_ahead`: the first leaving *inside a period*, and whether it is settled on another day,
  that of the asking. For whoever is about to grant that period: a decision ends with a settled one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clients.rules.citing import by_source, cite, day
from clients.rules.facts import EmploymentFact, ServiceUse
from clients.rules.joining import Leaving, Verdict
from clients.rules.kinds import EmploymentKind, StandingState
from clients.rules.standing import Standing, standing
from teikyaku.periods import Period, day_after
from teikyaku.reasons import Certainty, Reason, Step

# What says the days of the whole window; it would speak against the day that is announced.
_OF_THE_WINDOW = frozenset({"window.open", "window.waiting", "waiting.not_made_up"})
# About the last day of a window that may still be reached; idle once a leaving has settled that.
_OF_ITS_LAST_DAY = "window.two_steps"
# Said again below in words that fit a day ahead.
_SAID_OTHERWISE = frozenset({"job_change.open", "job_change.purpose_unknown"})


def ending(found: Standing) -> Leaving | None:
    """The first leaving on or after the day that, as far as is known, ends the right early."""
    if found.window is None:
        return None
    last_on = found.window.last_usable_on
    return next(
        (
            each
            for each in found.leavings
            if found.on <= each.left_on < last_on and each.verdict is not Verdict.JOINED
        ),
        None,
    )


def last_usable_on(found: Standing) -> date | None:
    """Last day on which the right stands as far as is known; None without a window."""
    leaving = ending(found)
    if leaving is not None:
        return leaving.left_on
    return found.window.last_usable_on if found.window else None


def right_until(found: Standing) -> date | None:
    """As `last_usable_on`; where a leaving has ended the right already, the day on which it did."""
    return found.right_ended_on or last_usable_on(found)


def is_never_usable(found: Standing) -> bool:
    """Whether the work ends before the first usable day, and nothing is known to join it."""
    leaving = ending(found)
    return (
        leaving is not None
        and found.window is not None
        and leaving.left_on < found.window.first_usable_on
    )


def reasons(found: Standing) -> tuple[Reason, ...]:
    """The standing's reasons, with those of a leaving ahead and of a change that joined."""
    joined = tuple(
        reason
        for each in found.leavings
        if each.verdict is Verdict.JOINED
        for reason in each.reasons
        if reason not in found.reasons and reason.code != "job_change.early"
    )
    leaving = ending(found)
    if leaving is None or found.window is None:
        return (*found.reasons, *joined)
    told = [each for each in leaving.reasons if each.code not in _SAID_OTHERWISE]
    rest = without_the_rest(found, found.reasons)
    goes_on = _would_go_on(leaving, found.window.last_usable_on)
    # A leaving that breaks the employment says by itself until when.
    is_broken = leaving.verdict is Verdict.BROKEN
    if is_broken:
        rest = tuple(each for each in rest if each.code != _OF_ITS_LAST_DAY)
    until = () if is_broken else (_ends_with_the_job(leaving.left_on),)
    return (*until, *goes_on, *told, *rest, *joined)


def without_the_rest(found: Standing | None, told: Sequence[Reason]) -> tuple[Reason, ...]:
    """`told`, less what names days that a leaving ahead cuts off."""
    if found is None or ending(found) is None:
        return tuple(told)
    return tuple(each for each in told if each.code not in _OF_THE_WINDOW)


def without_a_gap_ahead(found: Standing, on: date) -> tuple[Reason, ...]:
    """The reasons as asked on `on`, without the month of a gap that has not come yet."""
    if found.on <= on:
        return found.reasons
    return tuple(each for each in found.reasons if each.code != "job_change.gap_month")


def steps(found: Standing) -> tuple[Step, ...]:
    """The arithmetic, down to the day that is announced."""
    leaving = ending(found)
    if leaving is None:
        return found.steps
    last = Step(
        "仕事の最後の日",
        "ここで就労が終わるため、利用もこの日まで",
        day(leaving.left_on),
        cite(2, Certainty.SOURCE),
    )
    return (*found.steps, last)


def _ends_with_the_job(left_on: date) -> Reason:
    return by_source(
        2,
        "leaving_ahead.until",
        f"仕事の最後の日が{day(left_on)}のため、いま分かっているところでは、"
        f"利用できるのは{day(left_on)}までです。",
    )


def _would_go_on(leaving: Leaving, last_on: date) -> tuple[Reason, ...]:
    """What would carry the right on to the end of the window."""
    if leaving.verdict is Verdict.OPEN:
        how = (
            "労働条件をよくするための最初の転職として"
            f"{day(leaving.rejoin_by)}までに次の就職をすると、"
        )
    elif any(each.code == "job_change.purpose_unknown" for each in leaving.reasons):
        how = "この離職が、労働条件をよくするための転職のときは、"
    else:
        return ()
    text = f"{how}就労が続いているものとして、{day(last_on)}まで利用できます。"
    return (by_source(2, "leaving_ahead.goes_on", text),)


# --- Inside a period that is about to be granted -------------------------------------------------


@dataclass(frozen=True, slots=True)
class LeavingAhead:
    """離職 inside a period: whether the right ends with it for certain, and why."""

    left_on: date
    """The last day of the right, where that is settled."""
    is_settled: bool
    """False while a next job within the month could carry the right on."""
    reason: Reason


def leaving_ahead(
    employments: Sequence[EmploymentFact], services: Sequence[ServiceUse], period: Period, on: date
) -> LeavingAhead | None:
    """The first leaving inside `period` that ends the right, as it is known on the day `on`.

    One that settles it comes before one that does not yet. None where no leaving on file ends it.
    """
    found = [
        each
        for job in sorted(employments, key=lambda job: job.ends_on or date.max)
        if job.kind == EmploymentKind.ORDINARY
        and job.ends_on is not None
        and period.contains(job.ends_on)
        and job.ends_on != period.ends_on
        and (each := _after(job.ends_on, employments, services, on)) is not None
    ]
    return next((each for each in found if each.is_settled), next(iter(found), None))


def _after(
    left_on: date, jobs: Sequence[EmploymentFact], services: Sequence[ServiceUse], on: date
) -> LeavingAhead | None:
    then = standing(jobs, day_after(left_on), services_before=services)
    if then.state is StandingState.ENDED:
        return LeavingAhead(left_on, True, then.reasons[0])
    if then.state is not StandingState.PENDING or then.pending_until is None:
        return None
    later = standing(jobs, day_after(then.pending_until), services_before=services)
    if later.state is not StandingState.ENDED:
        return None  # the next job is on file
    if then.pending_until < on:
        return LeavingAhead(left_on, True, later.reasons[0])
    return LeavingAhead(left_on, False, then.reasons[0])
