"""What settles an end once somebody turns to it: the act of the product that the board waits for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from clients.enums import EndReason
from plans.actions.caps import add_cap_period
from plans.actions.certificate import transcribe_certificate
from plans.actions.expiry import settle_end
from plans.actions.handover import judge_need, record_step
from plans.models import CapPeriod, Certificate, Decision, Handover
from plans.rules.expiry import EndKind
from plans.rules.handover import HandoverStep, open_steps
from teikyaku.clock import at_noon
from teikyaku.desk.demo import path
from teikyaku.desk.demo.lives import Life
from teikyaku.desk.demo.plans import whole_plan
from teikyaku.desk.simulation import person
from teikyaku.desk.simulation.world import World
from teikyaku.periods import Month, day_after

# How long before its end a ward takes a renewal; of a hundred judgements those that see a need, and
# of a hundred consents those that are given.
RENEWED_DAYS = 60
NEEDED, CONSENTED = 75, 85


def settle(world: World, life: Life, kind: str) -> None:
    """Do what this end asks for. Nothing where it is done, or its time has not come."""
    act = _ACTS.get(EndKind(kind))
    if act is not None:
        act(world, life)


def _is_over(life: Life) -> bool:
    return life.enrolment.ends_on is not None


def _renew(world: World, life: Life) -> None:
    """The next paper came from the ward; where that was too late, it begins when it was asked for."""
    last = Decision.objects.standing().filter(client=life.client).order_by("starts_on").last()
    right_ends_on = life.enrolment.window_ends_on
    if _is_over(life) or last is None or right_ends_on is None:
        return
    today = world.today
    if last.ends_on >= right_ends_on or last.ends_on > today + timedelta(days=RENEWED_DAYS):
        return
    starts_on = max(day_after(last.ends_on), today)
    if starts_on > right_ends_on:
        return
    transcribe_certificate(
        client=life.client, municipality=last.municipality,
        grant=path.granted_period(life, starts_on, today),
        paper=path.paper_of(life, today, starts_on, Certificate.Kind.RENEWAL),
        cap=None, by=life.worker, at=at_noon(today),
    )  # fmt: skip


def _cap(world: World, life: Life) -> None:
    last = CapPeriod.objects.filter(client=life.client).order_by("first_month").last()
    if _is_over(life) or last is None or last.last_month is None:
        return
    first = Month.of(last.last_month) + 1
    # The new amount is known in the month before it counts.
    if Month.of(world.today) < first - 1:
        return
    cap = replace(
        path.cap_of(life, first.first_day), last_month=person.june_after(first.first_day),
        is_managed=False, managing_office_number="", managing_office_name="",
    )  # fmt: skip
    add_cap_period(
        client=life.client, municipality=last.municipality, cap=cap, by=life.worker,
        at=at_noon(world.today),
    )  # fmt: skip


def _plan(world: World, life: Life) -> None:
    if not _is_over(life) and _may_plan(life, world.today):
        whole_plan(life, world.today)


def _may_plan(life: Life, on: date) -> bool:
    last = life.enrolment.support_plans.complete().order_by("starts_on").last()
    return last is None or last.review_by is None or last.review_by - timedelta(days=45) <= on


def _consent(world: World, life: Life) -> None:
    rows = life.enrolment.consents.filter(ends_on__isnull=False, recipient="family")
    last = rows.order_by("starts_on").last()
    if _is_over(life) or last is None or last.ends_on is None:
        return
    if last.ends_on <= world.today + timedelta(days=30):
        person.consent_of_family(life)


def _window(world: World, life: Life) -> None:
    row = life.enrolment
    if _is_over(life) or row.window_ends_on is None or row.window_ends_on > world.today:
        return
    reason = EndReason.LEFT_JOB if row.is_cut_short else EndReason.EXPIRED
    person.end(life, reason, row.window_ends_on)


def _handover(life: Life) -> Handover | None:
    rows = Handover.objects.select_related("enrolment__client", "enrolment__office", "centre")
    return rows.filter(enrolment=life.enrolment).first()


def _judge(world: World, life: Life) -> None:
    if _handover(life) is not None:
        return
    dice = world.chance("needs", life.plan.index)
    judge_need(
        enrolment=life.enrolment, judged_on=world.today, is_needed=dice.randrange(100) < NEEDED,
        judgement="生活面の相談先について本人と話した。", by=life.manager, at=at_noon(world.today),
    )  # fmt: skip


def _share(world: World, life: Life) -> None:
    """The judgement, where it is still missing; then the centre, the consent and the sharing."""
    _judge(world, life)
    today = world.today
    agrees = world.chance("agrees", life.plan.index).randrange(100) < CONSENTED
    _steps(
        world, life,
        {
            HandoverStep.CENTRE: {"centre": world.city.centres[0], "centre_note": "住まいに近いため。"},
            HandoverStep.CONSENT: {"consented_on" if agrees else "not_consented_on": today},
            HandoverStep.SHARING: {"shared_on": today} if agrees else {},
        },
    )  # fmt: skip


def _finish(world: World, life: Life) -> None:
    """The centre's answer and the first talk there."""
    _share(world, life)
    today = world.today
    contact = {"first_contact_on": today, "first_contact_note": "一緒に訪ねた。"}
    _steps(
        world, life,
        {
            HandoverStep.MEETING: {"meeting_on": today}, HandoverStep.ANSWER: {"accepted_on": today},
            HandoverStep.CONTACT: contact,
        },
    )  # fmt: skip


def _look(world: World, life: Life) -> None:
    row = _handover(life)
    if row is None or row.look_due_on is None or row.look_due_on > world.today:
        return
    _steps(
        world, life,
        {HandoverStep.LOOK: {"looked_on": world.today, "look_note": "センターに通えている。"}},
    )  # fmt: skip


def _steps(world: World, life: Life, facts: Mapping[HandoverStep, dict[str, Any]]) -> None:
    for step, values in facts.items():
        row = _handover(life)
        if row is None or not values or row.not_consented_on is not None:
            return
        if step in open_steps(row.dates):
            record_step(handover=row, step=step, by=life.manager, at=at_noon(world.today), **values)


def _unjudged(world: World, life: Life) -> None:
    """Nobody judged in time: it is laid aside with the reason."""
    row = life.enrolment
    if row.ends_on is None or _handover(life) is not None:
        return
    settle_end(
        kind=EndKind.HANDOVER_UNJUDGED, ends_on=row.ends_on, subject_id=row.public_id,
        on_file=row.ends_on, reason="本人と連絡がつかないため", client=life.client, by=life.manager,
        at=at_noon(world.today),
    )  # fmt: skip


_ACTS: Mapping[EndKind, Callable[[World, Life], None]] = {
    EndKind.DECISION: _renew, EndKind.CAP: _cap, EndKind.SUPPORT_PLAN: _plan,
    EndKind.CONSENT: _consent, EndKind.WINDOW: _window, EndKind.HANDOVER_PREPARE: _judge,
    EndKind.HANDOVER: _share, EndKind.HANDOVER_OPEN: _finish, EndKind.HANDOVER_LOOK: _look,
    EndKind.HANDOVER_UNJUDGED: _unjudged,
}  # fmt: skip
