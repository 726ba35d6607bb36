"""会う約束: moved or called off between two contacts."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import Enrolment
from plans.actions.pace import refresh
from plans.models import AppointmentChange
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of
from teikyaku.era import both


@transaction.atomic
def change_appointment(
    *, enrolment: Enrolment, next_on: date | None, note: str = "", by: Membership, at: datetime
) -> AppointmentChange:
    """The next agreed day is `next_on`, or there is none any more (None).

    Raises ValidationError for a day that is past, after the end or the last usable day; where nothing would change; and
    after a death.
    """
    on = date_of(at)
    held = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    former = held.next_appointment(on)
    died_on = enrolment.client.died_on
    if died_on is not None and died_on <= on:
        raise ValidationError(_("亡くなった方です。約束は変えられません。"))
    if next_on is None and former is None:
        raise ValidationError({"next_on": _("いまは約束がありません。新しい日を入れてください。")})
    if next_on is not None and next_on < on:
        raise ValidationError({"next_on": _("今日か、これからの日にしてください。")})
    if next_on is not None and enrolment.ends_on is not None and next_on > enrolment.ends_on:
        raise ValidationError({"next_on": _("この方の利用が終わった後の日付です。")})
    last_on = enrolment.window_ends_on
    if next_on is not None and last_on is not None and next_on > last_on:
        text = _("利用できる最後の日（%(on)s）より後の日付です。")
        raise ValidationError({"next_on": text % {"on": both(last_on)}})
    if next_on is not None and next_on == former:
        raise ValidationError({"next_on": _("いまの約束と同じ日です。")})
    row = AppointmentChange(
        enrolment=enrolment, changed_on=on, former_on=former, next_on=next_on, note=note
    )
    verb = "appointment_moved" if next_on else "appointment_called_off"
    saved = save_record(row, verb=verb, by=by, at=at, person_id=enrolment.client.public_id)
    refresh([enrolment], on=on, windows=False)
    return saved
