"""移行の取込: the cap that one line tells, with the end that follows where the line has none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from clients.models import Client
from plans.actions.caps import Cap
from plans.actions.correction import correct_cap
from plans.actions.move_in_desk import Desk
from plans.models import CapPeriod
from plans.move_in_row import PersonRow
from plans.queries.move_in_lacks import was_said
from teikyaku.money import yen
from teikyaku.periods import Month

END = "cap_last_month"
_MANAGED = ("is_managed", "managing_office_number", "managing_office_name")
_MANAGED_CELLS = ("is_managed", "managing_name", "managing_number")
_FIELDS = ("first_month", "last_month", "category", "cap_yen", *_MANAGED, "category_reason")


def cap_of(desk: Desk) -> Cap | None:
    """The cap, from the first month of the decision where no other one is stated, to its end.

    A sheet seldom tells when a cap ended. Of a use that is over it ends with the decision that it is of,
    and before one on file that begins later: else it would stand in the way of the later use, in
    whatever order the lines are. Of what runs it has no end, as on the certificate.
    """
    cap = _told(desk.row)
    if cap is None or cap.last_month is not None:
        return cap
    last = _last_of(desk, cap.first_month)
    if last is None or last < cap.first_month:
        return cap
    return replace(cap, last_month=last)


def _told(row: PersonRow) -> Cap | None:
    first = row.cap_first_month or row.granted_from
    if row.cap_yen is None or first is None:
        return None
    return Cap(
        Month.of(first).first_day, row.cap_last_month, row.category, row.cap_yen,
        _is_managed(row), row.managing_number, row.managing_name,
    )  # fmt: skip


def _is_managed(row: PersonRow) -> bool:
    """As the line says; else whoever names a managing office means that it manages."""
    if row.is_managed is not None:
        return row.is_managed
    return bool(row.managing_name or row.managing_number)


def _last_of(desk: Desk, first_month: date) -> date | None:
    """The last month that follows from the other facts; None for a cap that runs."""
    row = desk.row
    later = None if desk.is_new else _later_than(desk.client, first_month)
    ends = [(Month.of(later) - 1).first_day] if later is not None else []
    if row.granted_until is not None and (ends or row.ended_on is not None):
        ends.append(Month.of(row.granted_until).first_day)
    return min(ends, default=None)


def _later_than(client: Client, first_month: date) -> date | None:
    later = client.cap_periods.filter(first_month__gt=first_month).order_by("first_month")
    return later.values_list("first_month", flat=True).first()


def tell_cap(desk: Desk, cap: Cap) -> None:
    """The words of a cap that came in; of an end that nobody told, where it comes from."""
    text = _("負担上限月額 %(yen)s") % {"yen": yen(cap.cap_yen)}
    if cap.last_month is None or desk.row.cap_last_month is not None:
        desk.told.added.append(text)
        return
    until = {"month": Month.of(cap.last_month).label}
    desk.told.added.append(text + _("（%(month)sまで）") % until)
    if _later_than(desk.client, cap.first_month) is None:
        return
    why = _(
        "負担上限月額に適用終了月がなく、あとの上限額が登録にあるので、%(month)sまでとします。ちがうときは、適用終了月を入れてください。"
    )
    desk.told.warns.append(why % until)
    desk.told.asks.append(END)


def add_to_known(desk: Desk, cap: Cap, held: CapPeriod) -> None:
    """What a later sheet tells of a cap on file that the first one had no word of: who manages it, its end."""
    row, changes = desk.row, {name: getattr(held, name) for name in _FIELDS}
    words = []
    if _lacks_manager(desk, cap, held):
        changes |= {name: getattr(cap, name) for name in _MANAGED}
        words.append(_("上限額管理 ○（%(who)s）") % {"who": cap.managing_office_name or "—"})
    if row.cap_last_month is not None and _lacks_end(desk, held, row.cap_last_month):
        changes["last_month"] = row.cap_last_month
        month = Month.of(row.cap_last_month).label
        words.append(_("負担上限月額の適用終了月 %(month)s") % {"month": month})
    if not words:
        return
    correct_cap(cap=held, changes=changes, reason=_("移行の取込で足した"), **desk.who)
    desk.told.added += words


def _lacks_manager(desk: Desk, cap: Cap, held: CapPeriod) -> bool:
    """Whether the line names who manages the cap, of which nothing was told before."""
    if not (cap.is_managed and cap.cap_yen) or held.is_managed or held.managing_office_name:
        return False
    return not was_said(desk.client, held.recorded_at, *_MANAGED_CELLS)


def _lacks_end(desk: Desk, held: CapPeriod, last_month: date) -> bool:
    if held.last_month is not None or last_month < held.first_month:
        return False
    return not was_said(desk.client, held.recorded_at, END)
