"""引き継ぎの体制: a new one takes over from the one that runs (docs/rules.md §9)."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.facts import refuse_future
from plans.models import HandoverSystem
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Office
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.era import both
from teikyaku.periods import day_before


@transaction.atomic
def set_handover_system(
    *,
    office: Office,
    starts_on: date,
    guideline: str,
    appointed: Membership | None,
    by: Membership,
    at: datetime,
) -> HandoverSystem:
    """Which guideline holds and who is appointed, from a day on; the one before ends the day before.

    Raises ValidationError for a day ahead, one on or before the start of the last one, and somebody
    who does not work at the office on that day.
    """
    refuse_future(at=at, starts_on=starts_on)
    if (
        appointed is not None
        and appointed.office_id == office.pk
        and starts_on < appointed.starts_on
    ):
        # The person is the right one: the day is what is wrong.
        raise ValidationError({"starts_on": _begins_later(appointed)})
    if appointed is not None and (
        appointed.office_id != office.pk or not appointed.is_in_force(starts_on)
    ):
        raise ValidationError(
            {"appointed": _("その日にこの事業所に所属する職員を選んでください。")}
        )
    rows = HandoverSystem.objects.select_for_update().filter(office=office)
    last = rows.order_by("starts_on").last()
    if last is not None and starts_on <= last.starts_on:
        raise ValidationError({"starts_on": _("いまの体制の開始日より後の日付にしてください。")})
    with violations_as_validation_errors(HandoverSystem):
        if last is not None and last.ends_on is None:
            last.ends_on = day_before(starts_on)
            save_record(last, verb="handover_system_ended", by=by, at=at, fields=("ends_on",))
        row = HandoverSystem(
            office=office, starts_on=starts_on, guideline=guideline, appointed=appointed
        )
        return save_record(row, verb="handover_system_set", by=by, at=at)


def _begins_later(member: Membership) -> str:
    known = {"name": member.user.name, "on": both(member.starts_on)}
    return _("%(name)sさんのいまの役割は%(on)sからです。その日以後の日付にしてください。") % known
