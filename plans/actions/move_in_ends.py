"""移行の取込: how a use ended, and what of a line calls for a look before somebody counts as in use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.enums import EndReason
from clients.models import Enrolment
from plans.actions import life_change
from plans.actions.move_in_desk import Desk, at_fields
from plans.models import Decision
from plans.move_in_kept import differs
from teikyaku.era import both
from teikyaku.prepared import prepared


def end(desk: Desk) -> None:
    """The use has ended: the work with the person, and the contract with it.

    What was running here before the import is ended on the person's page. Raises ValidationError for
    an end whose reason nothing tells.
    """
    row, ended_on = desk.row, desk.row.ended_on
    if ended_on is None:
        return
    if not desk.is_opened:
        _tell_known(desk)
        return
    desk.enrolment.refresh_from_db()
    reason = row.end_reason or _reason_of(desk)
    if not reason:
        raise ValidationError({"end_reason": _("「利用終了日」を入れた行には要ります。")})
    if reason == EndReason.DIED and not desk.is_new:
        text = _(
            "亡くなった方は、ほかの事業所の利用も終わります。その方のページで記録してください。"
        )
        raise ValidationError({"end_reason": text})
    with at_fields(Enrolment, rest="ended_on", ends_on="ended_on", starts_on="ended_on"):
        write = life_change.end_use if desk.enrolment.ends_on is None else life_change.settle_end
        write(
            enrolment=desk.enrolment, ends_on=ended_on, reason=reason, note=row.left_reason,
            **desk.who,
        )  # fmt: skip
    desk.told.warns.extend(_late(desk, ended_on))
    text = _("利用の終了 %(on)s（%(why)s）")
    desk.told.added.insert(1, text % {"on": both(ended_on), "why": EndReason(reason).label})


def _reason_of(desk: Desk) -> str:
    """What the other facts tell: the job had ended by then, or the three years were over."""
    row, window_ends_on = desk.row, desk.enrolment.window_ends_on
    if row.ended_on is None:
        return ""
    if row.left_on is not None and row.left_on <= row.ended_on:
        return EndReason.LEFT_JOB
    is_over = window_ends_on is not None and row.ended_on >= window_ends_on
    return EndReason.EXPIRED if is_over else ""


def _late(desk: Desk, ended_on: date) -> Iterator[str]:
    """Of a use that ended after its right or its paper: one of the days is a slip, or a paper lacks."""
    last = desk.enrolment.window_ends_on
    if last is not None and last < ended_on:
        desk.told.asks += ["ended_on", "employed_on", "left_on"]
        text = _(
            "利用終了日（%(end)s）が、利用できる期間の終わり（%(last)s）より後です。利用終了日と就職日を確かめてください。"
        )
        yield text % {"end": both(ended_on), "last": both(last)}
    until = max(_granted_until.rows(client=desk.client.pk), default=None)
    if until is not None and until < ended_on:
        desk.told.asks += ["ended_on", "granted_from", "granted_until"]
        text = _(
            "利用終了日（%(end)s）が、支給決定期間の終わり（%(last)s）より後です。利用終了日を確かめてください。"
            "更新した受給者証があれば、その期間を入れてください。"
        )
        yield text % {"end": both(ended_on), "last": both(until)}


def _tell_known(desk: Desk) -> None:
    held, ended_on = desk.enrolment.ends_on, desk.row.ended_on
    if ended_on is None or held == ended_on:
        return
    text = differs(_("利用終了日"), both(ended_on), both(held) if held else _("利用中"))
    desk.told.differs.append(
        text + _("。終わっているなら、その方のページで終了を記録してください。")
    )


def look_over(desk: Desk) -> None:
    """Of somebody who counts as in use: what on that day is over already, and what to do."""
    enrolment = _use.row(enrolment=desk.enrolment.pk)
    if enrolment.ends_on is None and enrolment.use_starts_on is not None:
        desk.told.warns.extend(_over(desk, enrolment))
    until = desk.row.granted_until
    is_paper = not desk.is_opened and desk.row.ended_on is None
    if is_paper and enrolment.ends_on is not None and until and until > enrolment.ends_on:
        desk.told.asks += ["signed_on", "use_from"]
        text = _(
            "この方の利用は%(ended)sに終わっています。受給者証（%(until)sまで）は、その利用の書類として足します。"
            "また利用しているなら、契約日と利用開始日を入れてください。"
        )
        desk.told.warns.append(text % {"ended": both(enrolment.ends_on), "until": both(until)})


def keep_later(desk: Desk) -> None:
    """A use of before takes nothing from the one that began after it. Raises ValidationError at the leaving."""
    row = desk.row
    if not desk.is_opened or row.ended_on is None or not row.employer or row.left_on is not None:
        return
    later = Enrolment.objects.filter(client=desk.client, office=desk.enrolment.office)
    for each in later.filter(starts_on__gt=row.ended_on).exclude(use_starts_on=None):
        if not _is_inside(each):
            raise needs_leaving(both(each.starts_on))


def _is_inside(enrolment: Enrolment) -> bool:
    """Whether the use lies in the window that is derived for it."""
    first, last = enrolment.window_starts_on, enrolment.window_ends_on
    begins = enrolment.use_starts_on
    if first is None or last is None or begins is None:
        return False
    return first <= begins <= last


def needs_leaving(where: str) -> ValidationError:
    """Of a use of before whose job, as if it went on, would take the right from the use that runs."""
    text = _(
        "離職日がないと、この行の仕事がいまも続いていることになり、あとの利用（%(where)s）が、利用できる期間の外に"
        "なります。離職日を入れると、この行も取り込めます。あとの利用は、この行がなくても取り込みます。"
    )
    return ValidationError({"left_on": text % {"where": where}})


def _over(desk: Desk, enrolment: Enrolment) -> Iterator[str]:
    asks = desk.told.asks
    last = enrolment.window_ends_on
    if last is not None and last < desk.on:
        asks += ["ended_on", "end_reason", "employed_on", "left_on"]
        yield _(
            "利用できる期間が、%(on)sに終わっています。利用が終わった方なら「利用終了日」と理由を入れ、"
            "続いている方なら就職日と離職日を確かめてください。このままでは利用中になります。"
        ) % {"on": both(last)}
        return
    if desk.row.granted_until is None and not desk.is_new:
        return  # it was told of the line that brought the paper
    until = max(_granted_until.rows(client=desk.client.pk), default=None)
    if until is not None and until < desk.on:
        asks += ["granted_from", "granted_until", "ended_on", "end_reason"]
        yield _(
            "支給決定期間が、%(on)sに終わっています。更新した受給者証があれば、その期間を入れてください。"
            "利用が終わった方なら「利用終了日」と理由を入れてください。このままでは利用中になります。"
        ) % {"on": both(until)}


@prepared("enrolment")
def _use(enrolment: int) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(pk=enrolment)


@prepared("client")
def _granted_until(client: int) -> QuerySet[Any]:
    rows = Decision.objects.standing().filter(client=client)
    return rows.order_by().values_list("ends_on", flat=True)
