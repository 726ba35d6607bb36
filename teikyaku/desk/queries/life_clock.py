"""利用できる期間 in full: the state and why, days used and left, changes of job, leave, and every window.

docs/rules.md §2: every employment is its own row, a person can have several windows in a life.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Enrolment
from clients.queries.dossier import ClientDossier
from clients.queries.facts import WorkingLife
from clients.rules import last_usable
from clients.rules.ending import Ending, ending
from clients.rules.joining import Leaving, Verdict
from clients.rules.kinds import EndReason, StandingState
from clients.rules.standing import Standing
from clients.rules.windows_of_life import WindowOfLife, windows_of_life
from teikyaku.era import both
from teikyaku.periods import Period, day_after
from teikyaku.reasons import Reason, Step

TONES = {
    StandingState.OPEN: "success",
    StandingState.WAITING: "info",
    StandingState.PENDING: "warning",
}
VERDICTS = {
    Verdict.JOINED: gettext_lazy("就労は続いているものとして数えています"),
    Verdict.UNDECIDED: gettext_lazy("続くかどうかを確かめています"),
    Verdict.OPEN: gettext_lazy("次の就職がまだ分かりません"),
    Verdict.BROKEN: gettext_lazy("ここで就労が終わりました"),
}


@dataclass(frozen=True, slots=True)
class LifeLine:
    """One line beside the clock."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class LifeClock:
    """What stands in words beside the drawn clock."""

    state: str
    tone: str
    lines: tuple[LifeLine, ...]
    others: tuple[LifeLine, ...]
    """The other windows of this life: ended, each with why, or still to come."""
    steps: tuple[Step, ...]
    reasons: tuple[Reason, ...]


def ended_use(enrolment: Enrolment, on: date) -> Ending | None:
    """The end of the office's work, from the first day on which nothing follows; None before it.

    That is the day after the last one, and the day itself after a death (clients.rules.ending).
    """
    if enrolment.ends_on is None:
        return None
    end = ending(EndReason(enrolment.end_reason), enrolment.ends_on)
    return end if end.is_contact_stopped(on) else None


def life_clock(dossier: ClientDossier, standing: Standing, on: date) -> LifeClock:
    """The words beside the clock on `on` (no query); what came after the office's work is not told."""
    life = dossier.life
    until, ended = dossier.enrolment.ends_on, ended_use(dossier.enrolment, on)
    state, tone = standing.state.label, TONES.get(standing.state, "neutral")
    if ended is not None:
        # The right of the last day would be read as one of today's.
        state, tone = _("利用終了（%s）") % ended.effects.reason.label, "neutral"
    return LifeClock(
        state=state,
        tone=tone,
        lines=tuple(_lines(life, standing, until, ended)),
        others=tuple(_others(life, dossier.on, until)),
        steps=last_usable.steps(standing) if until is None else standing.steps,
        reasons=last_usable.reasons(standing) if until is None else standing.reasons,
    )


def _lines(
    life: WorkingLife, standing: Standing, until: date | None, ended: Ending | None
) -> Iterator[LifeLine]:
    if standing.pending_until is not None:
        label = _("次の就職を待つ最後の日")
        yield LifeLine(label, both(standing.pending_until), _("この日までは、終わっていません。"))
    yield from _days(standing, ended)
    known = last_usable.last_usable_on(standing)
    if until is None and known is not None and _is_earlier(known, standing):
        yield LifeLine(
            _("いま分かっている最後の日"), both(known), _("仕事が終わる予定のためです。")
        )
    for leaving in standing.leavings:
        if until is None or leaving.left_on <= until:
            yield LifeLine(_leaving_label(leaving), _leaving_words(leaving), "")
    yield from _leaves(life, standing, until, is_over=ended is not None)
    for use in life.services:
        if use.is_during_employment and use.starts_on is not None and _told(use.starts_on, until):
            note = _("6か月は、この支援が終わった日の翌日から数えます。")
            yield LifeLine(_("働きながらの支援"), _span(use.starts_on, use.ends_on), note)


def _days(standing: Standing, ended: Ending | None) -> Iterator[LifeLine]:
    window, last = standing.window, standing.right_ends_on
    if window is None or last is None:
        return
    # What was the last day of the use has passed once it is over.
    on = standing.on if ended is None else day_after(ended.ended_on)
    left = max(0, (last - max(on, window.first_usable_on)).days + 1)
    used = max(0, (last - window.first_usable_on).days + 1) - left
    note = _("使わなかった日も、過ぎた日に数えます。")
    if ended is None or ended.effects.may_use_again:
        text = _("%(total)d日のうち、過ぎた日 %(used)d日・残り %(left)d日")
    else:
        text = _("%(total)d日のうち、過ぎた日 %(used)d日（残りはありません）")
    if ended is not None:
        note = _("%sの利用の終わりまでを数えました。") % both(ended.ended_on)
    words = {"total": window.total_days, "used": used, "left": left}
    yield LifeLine(_("日数"), text % words, note)


def _is_earlier(known: date, standing: Standing) -> bool:
    return standing.right_ends_on is not None and known < standing.right_ends_on


def _leaving_label(leaving: Leaving) -> str:
    return _("転職") if leaving.next_starts_on is not None else _("離職")


def _leaving_words(leaving: Leaving) -> str:
    text = _("%(left)sに離職：%(verdict)s")
    if leaving.next_starts_on is not None:
        text = _("%(left)sに離職、%(next)sに就職：%(verdict)s")
    following = both(leaving.next_starts_on) if leaving.next_starts_on else ""
    words = {"left": both(leaving.left_on), "next": following}
    return text % {**words, "verdict": VERDICTS[leaving.verdict]}


def _leaves(
    life: WorkingLife, standing: Standing, until: date | None, *, is_over: bool
) -> Iterator[LifeLine]:
    leaves = sorted(
        (leave for job in life.employments for leave in job.leaves),
        key=lambda leave: leave.starts_on,
    )
    since = standing.window.employed_on if standing.window else date.min
    for leave in leaves:
        if leave.starts_on >= since and _told(leave.starts_on, until):
            now = _("いま休職中。") if leave.contains(standing.on) and not is_over else ""
            note = _("休職の間も雇用は続き、期間は止まりません。")
            yield LifeLine(_("休職"), _span(leave.starts_on, leave.ends_on), now + note)


def _others(life: WorkingLife, on: date, until: date | None) -> Iterator[LifeLine]:
    for each in _windows(life, on):
        if each.is_current or (until is not None and each.is_ahead):
            continue
        label = _("これからの期間") if each.is_ahead else _("前の期間")
        note = each.reasons[0].text if each.reasons and not each.is_ahead else ""
        yield LifeLine(label, _window_words(each), note)


def _windows(life: WorkingLife, on: date) -> Sequence[WindowOfLife]:
    return windows_of_life(life.employments, life.services, on)


def _window_words(each: WindowOfLife) -> str:
    window = each.window
    span = _span(window.first_usable_on, window.last_usable_on)
    if each.is_ahead:
        return span
    if each.state is StandingState.ENDED:
        text = _("%(span)s。%(on)sの離職で終わりました")
        return text % {"span": span, "on": both(each.right_ends_on)}
    if each.is_over:
        return _("%(span)s。期間満了で終わりました") % {"span": span}
    return f"{span}。{each.state.label}"


def _told(day: date, until: date | None) -> bool:
    return until is None or day <= until


def _span(starts_on: date, ends_on: date | None) -> str:
    period = Period(starts_on, ends_on)
    return f"{both(period.starts_on)}〜{both(period.ends_on) if period.ends_on else ''}"
