"""使い始め: from which month on an office bills here, and its guide put away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.actions.claim_setting import hold_claim_start, refuse_carried_over
from billing.models import MonthClosing
from billing.queries.claim_setting import claim_choice
from billing.queries.claim_start import later_of
from billing.queries.opening_invoice import standing_lines
from clients.actions.facts import refuse_far_ahead
from clients.models import Enrolment
from plans.actions.pace import refresh_dues
from teikyaku.accounts.actions.record import correct_record, save_record
from teikyaku.accounts.models import Membership, Office, OfficeStart
from teikyaku.clock import date_of
from teikyaku.periods import Month


@transaction.atomic
def set_first_month(
    *, office: Office, first_month: Month, by: Membership, at: datetime
) -> OfficeStart:
    """Months before it were billed elsewhere; the due dates of everybody follow.

    Told again, it is corrected. Raises ValidationError where an earlier month was closed here, or
    for a month more than a year ahead.
    """
    hold_claim_start(office)
    day = first_month.first_day
    refuse_far_ahead(at=at, first_month=day)
    closed = MonthClosing.objects.filter(office=office, month__lt=day).order_by("month").first()
    if closed is not None:
        text = _("%(month)sを、もうここで締めています。それより後の月にはできません。")
        raise ValidationError({"first_month": text % {"month": Month.of(closed.month).label}})
    _refuse_asked_before(office, day)
    claimed = claim_choice(office).first_month
    refuse_carried_over(office, later_of(day, claimed.first_day if claimed else None))
    row = _row(office)
    if row._state.adding:
        row.first_month = day
        row = save_record(row, verb="first_month_told", by=by, at=at, fields=("first_month",))
    else:
        changes = {"first_month": day}
        row = correct_record(row, changes, verb="first_month_told", reason="", by=by, at=at)
    refresh_dues(Enrolment.objects.filter(office=office, ends_on=None), on=date_of(at))
    return row


def _refuse_asked_before(office: Office, day: date) -> None:
    """What is asked for as a month of before is no month that is billed here."""
    lines = [month for (_who, month), yen in standing_lines(office).items() if yen and month >= day]
    if lines:
        text = _(
            "%(month)s分の「移行前の請求」があります。それより後の月にするか、先にその請求を取り下げてください。"
        )
        raise ValidationError({"first_month": text % {"month": Month.of(max(lines)).label}})


@transaction.atomic
def put_guide_away(*, office: Office, by: Membership, at: datetime) -> OfficeStart:
    """The guide is not shown on the home any more; its page stays."""
    return _guide(office, by, at, is_away=True)


@transaction.atomic
def bring_guide_back(*, office: Office, by: Membership, at: datetime) -> OfficeStart:
    """The guide is shown on the home again until everything is done."""
    return _guide(office, by, at, is_away=False)


@transaction.atomic
def answer_step(
    *, office: Office, step: str, keys: Iterable[UUID | str], by: Membership, at: datetime
) -> OfficeStart:
    """Somebody has looked at what a step of the guide names: it asks for no more of these.

    `keys` are of enrolments, or of figures.
    """
    row = _row(office)
    row.answered = {**row.answered, step: sorted(map(str, keys))}
    return save_record(row, verb="start_step_answered", by=by, at=at, fields=("answered",))


@transaction.atomic
def ask_step_again(*, office: Office, step: str, by: Membership, at: datetime) -> OfficeStart:
    """The answer was a mistake: the step asks again."""
    row = _row(office)
    row.answered = {name: keys for name, keys in row.answered.items() if name != step}
    return save_record(row, verb="start_step_asked_again", by=by, at=at, fields=("answered",))


def _guide(office: Office, by: Membership, at: datetime, *, is_away: bool) -> OfficeStart:
    row = _row(office)
    row.put_away_by, row.put_away_at = (by, at) if is_away else (None, None)
    verb = "guide_put_away" if is_away else "guide_brought_back"
    return save_record(row, verb=verb, by=by, at=at, fields=("put_away_at",))


def _row(office: Office) -> OfficeStart:
    """The office's row, held against another one who writes; a new one where there is none."""
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)
    found = OfficeStart.objects.filter(office=office).first()
    return found or OfficeStart(office=office)
