"""What another working life would change: for a correction before it is saved, and for "what if".

docs/rules.md §2: a wrong date is corrected by a new fact, after a list of what it touches. Nothing is
stored here; every answer comes from the rule that answers the same question elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from clients.queries.facts import WorkingLife
from clients.queries.window import standing_in
from clients.rules.cap import CapMonths
from clients.rules.kinds import StandingState
from clients.rules.last_usable import right_until
from clients.rules.right import Right
from clients.rules.standing import Standing
from clients.rules.window import is_cut_short
from clients.rules.windows_of_life import windows_of_life
from plans.models import CapPeriod, Contract, Decision
from plans.queries.cap_words import cap_words
from plans.queries.caps import ClosedMonths, months_of_cap
from plans.queries.dossier import SupportDossier
from plans.queries.pace import anchor_of, due_by, events_of
from plans.rules.caps import joined_months, lies_outside
from plans.rules.handover import handover_days
from plans.rules.pace import NextDue
from teikyaku.era import both
from teikyaku.periods import Month, Period

Rights = Sequence[Period]
# For "about so many months" only.
DAYS_OF_A_MONTH = 365.25 / 12


def window_words(before: Standing, after: Standing) -> list[str]:
    """How the windows and the end of the right differ, in words; often nothing."""
    old, new = before.windows, after.windows
    found: list[str] = []
    if len(old) == len(new):
        for was, will in zip(old, new, strict=True):
            found += moved(_("利用できる最初の日"), was.first_usable_on, will.first_usable_on)
            found += moved(_("利用できる最後の日"), was.last_usable_on, will.last_usable_on)
    else:
        kept = {each.period for each in old} & {each.period for each in new}
        gone = [each.period for each in old if each.period not in kept]
        found += [_("利用できる期間 %s がなくなります。") % _span(each) for each in gone]
        come = [each.period for each in new if each.period not in kept]
        found += [_("利用できる期間は %s になります。") % _span(each) for each in come]
    if after.window is not None and before.window is not None and _ends_apart(before, after):
        found += moved(_("権利が終わる日"), right_until(before), right_until(after))
    return found


def state_words(before: Standing, after: Standing) -> list[str]:
    """How the state of the same day differs; nothing where it is the same."""
    if before.state == after.state:
        return []
    text = _("きょうの状態：%(old)s → %(new)s。")
    return [text % {"old": before.state.label, "new": after.state.label}]


def _ends_apart(before: Standing, after: Standing) -> bool:
    """Whether a leaving, and not the window alone, moves the end of the right."""
    ends = (right_until(before), right_until(after))
    return ends[0] != ends[1] and ends != (_last(before), _last(after))


def _last(found: Standing) -> date | None:
    return found.window.last_usable_on if found.window else None


def moved(label: str, old: date | None, new: date | None) -> list[str]:
    """A day that is another one, with how far apart they are; nothing where it is the same."""
    if old == new:
        return []
    none = _("なし")
    words = {"what": label, "old": both(old) if old else none, "new": both(new) if new else none}
    if old is None or new is None:
        return [_("%(what)s：%(old)s → %(new)s。") % words]
    text = (
        _("%(what)s：%(old)s → %(new)s（%(span)s、遅くなります）。")
        if new > old
        else _("%(what)s：%(old)s → %(new)s（%(span)s、早くなります）。")
    )
    return [text % {**words, "span": span_words(abs((new - old).days))}]


def span_words(days: int) -> str:
    """So many days, and about how many months they are: the days are exact."""
    months = round(days / DAYS_OF_A_MONTH) if days >= DAYS_OF_A_MONTH else 0
    if not months:
        return _("%(days)d日") % {"days": days}
    return _("%(days)d日・約%(months)dか月") % {"days": days, "months": months}


def what_hangs_on(
    file: SupportDossier,
    after: WorkingLife,
    on: date,
    closed: ClosedMonths,
    *,
    event_on: date | None = None,
) -> list[str]:
    """Decisions, contract, caps, hand-over, interview and closed months that another life moves.

    `on`: the day up to which it is settled what becomes of a leaving. `event_on`: the first day on
    which that life is another one, where it is only supposed. Often nothing.
    """
    life = file.person.life
    was, will = rights_of(life, on), rights_of(after, on)
    return [
        *_decision_words(file.decisions, was, will),
        *_contract_words(_own_contracts(file), was, will),
        *_cap_words(file.caps, was, will),
        *_handover_words(file, life, after),
        *_due_words(file, after, event_on),
        *_closed_words(file, after, on, closed),
    ]


def rights_of(life: WorkingLife, on: date) -> list[Period]:
    """The days on which the right stands, one period for each window, as settled on `on`."""
    found = windows_of_life(life.employments, life.services, on)
    return [each.right for each in found if each.right is not None]


def outside_words(
    decisions: Sequence[Decision], caps: Sequence[CapPeriod], was: Rights, will: Rights
) -> list[str]:
    """Decisions and caps that other rights leave outside, each in words; often nothing."""
    return [*_decision_words(decisions, was, will), *_cap_words(caps, was, will)]


def _decision_words(decisions: Sequence[Decision], was: Rights, will: Rights) -> list[str]:
    found = []
    for row in decisions:
        period = Period(row.starts_on, row.ends_on)
        right = _nearest(period, will)
        inside = right.intersection(period) if right else None
        before = _nearest(period, was)
        if inside == period or inside == (before.intersection(period) if before else None):
            continue
        text = (
            _("支給決定 %(row)s は、利用できる期間の外になります。")
            if right is None
            else _("支給決定 %(row)s は、利用できる期間（%(right)s）からはみ出します。")
        )
        ask = _("%(city)sに伝え、受給者証を出し直すかどうかを確かめてください。")
        words = {"row": _span(period), "right": _span(right) if right else ""}
        found.append(text % words + ask % {"city": row.municipality.full_name})
    return found


def _nearest(period: Period, rights: Rights) -> Period | None:
    """The right that shares most days with `period`; None where none shares any."""
    parts = [(part.days or 0, right) for right in rights if (part := right.intersection(period))]
    return max(parts, key=lambda each: each[0])[1] if parts else None


def _own_contracts(file: SupportDossier) -> list[Contract]:
    return [row for row in file.contracts if row.enrolment_id == file.enrolment.pk]


def _contract_words(contracts: Sequence[Contract], was: Rights, will: Rights) -> list[str]:
    found = []
    for row in contracts:
        if _holds(was, row.starts_on) and not _holds(will, row.starts_on):
            text = _(
                "利用契約の開始日（%(on)s）が、利用できる期間の外になります。契約の日付も確かめてください。"
            )
            found.append(text % {"on": both(row.starts_on)})
        if row.ends_on and _holds(was, row.ends_on) and not _holds(will, row.ends_on):
            text = _(
                "利用契約の終了日（%(on)s）が、利用できる期間の外になります。契約の日付も確かめてください。"
            )
            found.append(text % {"on": both(row.ends_on)})
        last = max((right.ends_on for right in will if right.ends_on), default=None)
        ended = max((right.ends_on for right in was if right.ends_on), default=None)
        if row.ends_on is None and last is not None and ended is not None and last < ended:
            text = _("続いている利用契約は、遅くとも%(on)sまでになります。")
            found.append(text % {"on": both(last)})
    return found


def _holds(rights: Rights, on: date) -> bool:
    return any(right.contains(on) for right in rights)


def _cap_words(caps: Sequence[CapPeriod], was: Rights, will: Rights) -> list[str]:
    old, new = _months(was), _months(will)
    return [
        _("負担上限月額 %s に、利用できる期間の外の月ができます。") % cap_words(cap)
        for cap in caps
        if lies_outside(*months_of_cap(cap), new) and not lies_outside(*months_of_cap(cap), old)
    ]


def _months(rights: Rights) -> tuple[CapMonths, ...]:
    return joined_months((each.starts_on, each.ends_on) for each in rights if each.ends_on)


def _handover_words(file: SupportDossier, life: WorkingLife, after: WorkingLife) -> list[str]:
    was, will = _own_end(file, life), _own_end(file, after)
    if was == will or will is None or was is None:
        return []
    if _is_sudden(file, after):
        text = _(
            "離職による急な終わりになるので、引き継ぎの情報を共有する最終日はなくなり、義務に反しません。"
            "本人が望めば、センターへつなげます。"
        )
        return [] if _is_sudden(file, life) else [text]
    old, new = None if _is_sudden(file, life) else handover_days(was), handover_days(will)
    return [
        *moved(
            _("引き継ぎの準備を始める日"),
            old.preparation_starts_on if old else None,
            new.preparation_starts_on,
        ),
        *moved(_("引き継ぎの情報を共有する最終日"), old.share_by if old else None, new.share_by),
        *_already_past(file, new.share_by),
    ]


def _is_sudden(file: SupportDossier, life: WorkingLife) -> bool:
    """Whether a leaving, and not the three years, ends the right in this life."""
    found = standing_in(life, anchor_of(file.enrolment))
    first = found.window.first_usable_on if found.window else None
    return is_cut_short(first, found.right_ends_on)


def _already_past(file: SupportDossier, share_by: date) -> list[str]:
    handover = file.handover
    if share_by >= file.person.on or (handover is not None and handover.shared_on is not None):
        return []
    return [_("引き継ぎの情報を共有する最終日は、もう過ぎた日になります。")]


def _own_end(file: SupportDossier, life: WorkingLife) -> date | None:
    """The last day of the enrolment's own window, as plans.actions.pace stores it."""
    return standing_in(life, anchor_of(file.enrolment)).right_ends_on


def due_if(file: SupportDossier, after: WorkingLife) -> NextDue:
    """When the next interview would be due in another life."""
    history = replace(
        file.history, events=events_of(after.employments), last_usable_on=_own_end(file, after)
    )
    return due_by(file.enrolment, history, file.settings)


def _due_words(file: SupportDossier, after: WorkingLife, event_on: date | None) -> list[str]:
    was, will = due_by(file.enrolment, file.history, file.settings), due_if(file, after)
    if event_on is not None and will.due_on is not None and will.due_on < event_on:
        return _due_from(was, will, event_on)
    found = moved(_("次の面談の期限"), was.due_on, will.due_on)
    if was.agreed_months != will.agreed_months and was.agreed_months and will.agreed_months:
        text = _("面談の間隔：%(old)dか月ごと → %(new)dか月ごと。")
        found.append(text % {"old": was.agreed_months, "new": will.agreed_months})
    return found


def _due_from(was: NextDue, will: NextDue, event_on: date) -> list[str]:
    """A pace that the event makes monthly, counted from the last meeting: no date before the event.

    Nobody is late today because of what may come: on the day itself the date has passed already,
    unless they meet before it (docs/rules.md §6).
    """
    if was.due_on == will.due_on:
        return []
    text = _(
        "面談の間隔：%(event)sから毎月になります。前の面談から数えるので、それまでに会わなければ、その日に期限が過ぎます。"
    )
    found = [text % {"event": both(event_on)}]
    if was.due_on is not None:
        text = _("次の面談の期限：いまの%(old)sは、その日までは変わりません。")
        found.append(text % {"old": both(was.due_on)})
    return found


def _closed_words(
    file: SupportDossier, after: WorkingLife, on: date, closed: ClosedMonths
) -> list[str]:
    months = [
        words
        for span in _other_months(file.person.life, after, on)
        for words in closed(file.person.client, span.first_month, span.last_month)
    ]
    text = _(
        "もう締めた月の権利が変わります：%s。締めた月の計算は変わりません。"
        "過誤の申立てが要るかを、支給決定をした市区町村に確かめてください。"
    )
    return [text % "、".join(months)] if months else []


def _other_months(life: WorkingLife, after: WorkingLife, on: date) -> list[CapMonths]:
    """The months up to that of `on` in which the right stands otherwise, as spans."""
    days = [job.starts_on for each in (life, after) for job in each.employments]
    if not days:
        return []
    was, will = Right(life.employments, life.services), Right(after.employments, after.services)
    found: list[CapMonths] = []
    for month in Month.span(Month.of(min(days)), Month.of(on)):
        states = {_counted(was.state_of(month)), _counted(will.state_of(month))}
        if len(states) == 1:
            continue
        if found and found[-1].last_month + 1 == month:
            found[-1] = CapMonths(found[-1].first_month, month)
        else:
            found.append(CapMonths(month, month))
    return found


def _counted(state: StandingState) -> StandingState | None:
    """The state where a month can be billed in it, or may be; None for all others alike."""
    return state if state in (StandingState.OPEN, StandingState.PENDING) else None


def _span(period: Period) -> str:
    return f"{both(period.starts_on)}〜{both(period.ends_on) if period.ends_on else ''}"
