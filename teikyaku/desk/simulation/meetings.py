"""Meetings with one person, as they turn out: met, not come, not wanted; the report after them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from clients.models import Enrolment
from plans.actions import life_change
from plans.actions.report import Handing, share_report, write_report
from plans.enums import ContactOutcome, ContactWay
from plans.models import Interview, ReportShare
from plans.queries.pace import next_due_of
from teikyaku.accounts.models import Membership
from teikyaku.clock import at_noon
from teikyaku.desk.simulation.world import World
from teikyaku.periods import Month

# Of a hundred tries: those that nobody came to, that the person did not want, that were a call.
NOBODY, UNWANTED, CALLED = 8, 3, 4
# Of a hundred meetings those in a bad time, and of a hundred suggestions those that are accepted.
TROUBLED, ACCEPTED = 8, 60
AGAIN_DAYS = 3


def meet(world: World, row: Enrolment, worker: Membership) -> tuple[date | None, bool]:
    """One try to meet. Returns when it is tried again, and whether a report is to be written."""
    today = world.today
    if not _is_wanted(row, today):
        return None, False
    dice = world.chance("meets", world.index(row.pk), today)
    turn = dice.randrange(100)
    facts: dict[str, Any] = {
        "enrolment": row,
        "held_on": today,
        "met_by": worker,
        "by": worker,
        "at": at_noon(today),
    }
    if turn < NOBODY:
        life_change.log_interview(
            way=ContactWay.FACE, outcome=ContactOutcome.ATTEMPT, notes="来られなかった。", **facts
        )
        return today + timedelta(days=AGAIN_DAYS), False
    if turn < NOBODY + UNWANTED:
        life_change.log_interview(
            way=ContactWay.PHONE,
            outcome=ContactOutcome.REFUSED,
            offered_instead="来月の電話",
            **facts,
        )
        return None, False
    is_call = turn < NOBODY + UNWANTED + CALLED
    is_troubled = dice.randrange(100) < TROUBLED
    life_change.log_interview(
        way=ContactWay.PHONE if is_call else ContactWay.FACE, outcome=ContactOutcome.MET,
        work_rating="unstable" if is_troubled else "settled", life_rating="settled",
        has_worries=is_troubled, notes="仕事と生活のようすを聞いた。", **facts,
    )  # fmt: skip
    return (today + timedelta(days=AGAIN_DAYS), False) if is_call else (None, True)


def _is_wanted(row: Enrolment, on: date) -> bool:
    """Not where somebody else has met them in this month already, or the support is over."""
    is_over = row.ends_on is not None or row.use_starts_on is None or row.interview_due_on is None
    met = row.last_met_on is not None and Month.of(row.last_met_on) == Month.of(on)
    return not (is_over or met or on > (row.window_ends_on or on))


def report(world: World, row: Enrolment, worker: Membership) -> None:
    """The newest month with a meeting whose report the person has not got: written and handed over."""
    today = world.today
    met = Interview.objects.standing().filter(
        enrolment=row, outcome=ContactOutcome.MET, way__in=(ContactWay.FACE, ContactWay.VIDEO)
    )
    for met_on in met.order_by("-held_on").values_list("held_on", flat=True)[:2]:
        month = Month.of(met_on).first_day
        if ReportShare.with_person(report__enrolment=row, report__month=month).exists():
            continue
        at = at_noon(today)
        written = write_report(
            enrolment=row, month=month, goals="落ち着いて働き続ける。", done=f"{met_on}に面談した。",
            result="落ち着いている。", next_steps="来月も会う。", by=worker, at=at,
        )  # fmt: skip
        share_report(
            report=written, recipient="person", shared_on=today, way="handed",
            handing=Handing(is_received=True), by=worker, at=at,
        )  # fmt: skip
        return


def answer_suggestion(world: World, row: Enrolment, manager: Membership) -> None:
    """A longer pace is offered: accepted, or left for another week."""
    dice = world.chance("pace", world.index(row.pk), row.last_met_on)
    if dice.randrange(100) < ACCEPTED and next_due_of(row).suggestion is not None:
        life_change.decide_pace(
            enrolment=row, decided_on=world.today, is_accepted=True, reason="",
            by=manager, at=at_noon(world.today),
        )  # fmt: skip
