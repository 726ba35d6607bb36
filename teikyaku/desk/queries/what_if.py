"""もし〜だったら: the standing now beside the standing then, on one axis, and what else would change.

Nothing is stored. Every answer comes from the rule that answers the same question on the real facts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _

from clients.queries.facts import WorkingLife
from clients.queries.window import standing_in
from clients.rules import last_usable
from clients.rules.kinds import EmploymentKind
from clients.rules.last_usable import right_until
from clients.rules.standing import Standing
from clients.rules.what_if import jobs_if_changed, jobs_if_on_leave
from plans.queries.life_touches import span_words, window_words
from plans.rules.pace import PaceSettings
from plans.rules.start_if import StartIf, start_if
from teikyaku.accounts.queries.figures import figure
from teikyaku.desk.queries.clock import BandSource, Clock, axis_of, clock_of
from teikyaku.desk.queries.waiting import apply_days
from teikyaku.era import both
from teikyaku.periods import Month, Period, day_after
from teikyaku.reasons import Certainty, Reason, Step

# What hangs on another life, as settled on a day and changed from another on: the office's or the
# ward's own reading.
Hanging = Callable[[WorkingLife, date, date], list[str]]


class Ask(StrEnum):
    """What is asked."""

    CHANGE = "change"
    START = "start"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two clocks."""

    title: str
    state: str
    clock: Clock | None
    last_on: date | None
    """The last day of the right as far as is known."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the answer: what it is, its value, and what stands beside it."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that the page says."""

    lead: str
    sides: tuple[Side, Side]
    lines: tuple[Line, ...]
    differences: tuple[str, ...]
    touched: tuple[str, ...]
    steps: tuple[Step, ...]
    reasons: tuple[Reason, ...]
    questions: tuple[Reason, ...]
    """What no rule settles, or only the person can say; the page says whom to ask."""


def if_changed(
    life: WorkingLife,
    now: Standing,
    hanging: Hanging,
    *,
    left_on: date,
    starts_on: date | None,
    to_improve: bool | None,
    kind: EmploymentKind,
) -> Answer:
    """If the present work were left on `left_on`, and the next began on `starts_on` (None: none).

    Raises ValueError where no job is held on `left_on`.
    """
    jobs = jobs_if_changed(
        life.employments, left_on=left_on, starts_on=starts_on, to_improve_conditions=to_improve,
        new_kind=kind,
    )  # fmt: skip
    after = WorkingLife(list(jobs), life.services)
    # As it is known on the last day at work, and as it stands once the next job has begun (or not).
    told, then = standing_in(after, left_on), standing_in(after, starts_on or day_after(left_on))
    settled = then
    if then.pending_until is not None:
        settled = standing_in(after, day_after(then.pending_until))
    label = _("次の就職") if starts_on else _("離職の翌日")
    reasons = _once((*then.reasons, *last_usable.reasons(told)))
    return Answer(
        lead=_change_lead(now, settled, then, starts_on),
        sides=_sides(now, then, label, until=right_until(settled)),
        lines=(),
        differences=(*window_words(now, settled),),
        touched=tuple(hanging(after, settled.on, left_on)),
        steps=last_usable.steps(told) if settled.right_ended_on else then.steps,
        reasons=_settled(reasons),
        questions=_open(reasons),
    )


def _change_lead(now: Standing, settled: Standing, then: Standing, next_on: date | None) -> str:
    last, known = right_until(settled), right_until(now)
    if last is None:
        return _("利用できる期間はありません。")
    if then.pending_until is not None and next_on is None:
        text = _("%(until)sまでに次の就職が始まらなければ、利用できるのは%(last)sまでです。")
        return text % {"until": both(then.pending_until), "last": both(last)}
    if settled.right_ended_on is not None or (known is not None and last < known):
        return _("利用できるのは%(last)sまでになります。") % {"last": both(last)}
    if then.questions or then.state.value == "pending":
        return _("続くかどうかは、まだ決められません。確かめることを下に挙げます。")
    if last == known:
        return _("期間は変わりません。%(last)sまで利用できます。") % {"last": both(last)}
    return _("利用できるのは%(last)sまでになります。") % {"last": both(last)}


def if_on_leave(life: WorkingLife, now: Standing, hanging: Hanging, leave: Period) -> Answer:
    """If there were a leave of absence. Raises ValueError where no job is held on its first day."""
    after = WorkingLife(list(jobs_if_on_leave(life.employments, leave)), life.services)
    then = standing_in(after, leave.starts_on)
    differences = window_words(now, standing_in(after, now.on))
    reasons = _once(last_usable.reasons(then))
    return Answer(
        lead=_("休職しても期間は止まらず、最後の日も変わりません。"),
        sides=_sides(now, then, _("休職の開始"), until=right_until(then)),
        lines=(),
        differences=tuple(differences),
        touched=tuple(hanging(after, now.on, leave.starts_on)),
        steps=last_usable.steps(then),
        reasons=_settled(reasons),
        questions=_open(reasons),
    )


def if_started(life: WorkingLife, now: Standing, pace: PaceSettings, starts_on: date) -> Answer:
    """If use began on `starts_on` (three queries). Raises ValueError outside the right."""
    window, last = now.window, right_until(now)
    if window is None or last is None:
        raise ValueError("there is no window")
    on, month = now.on, Month.of(max(now.on, starts_on))
    found = start_if(
        window, starts_on, on, right_ends_on=last, apply_days_before=apply_days(on),
        decision_months=int(figure("decision.months", month).value), pace=pace,
    )  # fmt: skip
    then = replace(standing_in(life, starts_on), on=starts_on)
    longest = (
        BandSource(_("支給決定（いちばん長いとき）"), ((found.longest.period, _span(found)),)),
    )
    reasons = _once((*found.reasons, *last_usable.reasons(then)))
    return Answer(
        lead=_start_lead(found),
        sides=_sides(now, then, _("利用開始"), until=last, bands=longest),
        lines=_start_lines(found, on),
        differences=(),
        touched=(),
        steps=(*last_usable.steps(now), *found.steps),
        reasons=_settled(reasons),
        questions=_open(reasons),
    )


def _start_lead(found: StartIf) -> str:
    if not found.days_lost:
        return _("利用できる最初の日から始めるので、期間は1日も減りません。")
    text = _("使わずに過ぎるのは%(span)sです。終わりの日は延びません。")
    return text % {"span": span_words(found.days_lost)}


def _start_lines(found: StartIf, on: date) -> tuple[Line, ...]:
    due = found.interview_due_on
    months = _("%(lost)dか月減り、残り%(left)dか月")
    past = _("もう過ぎています。手続きが間に合うかを区役所に確かめてください。")
    return (
        Line(_("暦の月で数えると"), months % {"lost": found.months_lost, "left": found.months_left}),
        Line(
            _("請求できる最初の月"), found.first_month.label,
            _("その月に面談ができるのは%(n)d日間です。") % {"n": found.days_to_meet},
        ),
        Line(_("最初の面談の期限"), both(due) if due else _("なし")),
        Line(_("支給決定のいちばん長い期間"), _span(found)),
        Line(_("申請の目安"), both(found.apply_by), past if found.is_apply_by_past else ""),
    )  # fmt: skip


def _span(found: StartIf) -> str:
    return f"{both(found.longest.starts_on)}〜{both(found.longest.ends_on)}"


def _sides(
    now: Standing, then: Standing, label: str, *, until: date | None,
    bands: tuple[BandSource, ...] = (),
) -> tuple[Side, Side]:  # fmt: skip
    axis = _joint_axis(now, then)
    return (
        Side(_("いま"), now.state.label, clock_of(now, axis=axis), right_until(now)),
        Side(
            _("もしそうなったら"), then.state.label,
            clock_of(then, bands, axis=axis, now_label=label, until=until), until,
        ),
    )  # fmt: skip


def _joint_axis(now: Standing, then: Standing) -> Period | None:
    """Both windows and both days, so that the two can be held against each other."""
    axes = [axis for each in (now, then) if (axis := axis_of(each)) is not None]
    if not axes:
        return None
    ends = [axis.ends_on for axis in axes if axis.ends_on is not None]
    return Period(min(axis.starts_on for axis in axes), max(ends))


def _once(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    return tuple({reason.text: reason for reason in reasons}.values())


def _settled(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    return tuple(reason for reason in reasons if not _is_open(reason))


def _open(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    return tuple(reason for reason in reasons if _is_open(reason))


def _is_open(reason: Reason) -> bool:
    """What no rule settles, or what only the person can say."""
    return reason.certainty == Certainty.UNKNOWN or reason.code == "job_change.purpose_unknown"
