"""面談の間隔の設定: the office's own with their date, the product's figures, and the due dates with both.

A setting changes nothing that was before its day, so it begins today at the earliest and after the
row before it. One that lies ahead can be changed or dropped; one that has begun is history.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from clients.models import Enrolment
from plans.actions.pace import refresh_dues
from plans.models import PaceSetting
from teikyaku.accounts.actions import figure as figure_actions
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.record import correct_record, save_record
from teikyaku.accounts.models import FigureOverride, Membership, Office
from teikyaku.clock import date_of
from teikyaku.era import both
from teikyaku.periods import day_before

FIGURES = "pace."


@transaction.atomic
def set_pace(
    *, office: Office, starts_on: date, by: Membership, at: datetime, **values: int
) -> PaceSetting:
    """From a day on the office goes by these values; the row before it ends the day before.

    Raises ValidationError at `starts_on` for a day that is past or not after the last row's.
    """
    before = _last(office)
    _refuse_past(starts_on, at)
    if before is not None:
        _refuse_earlier(starts_on, before)
        _end_before(before, starts_on, by, at)
    row = PaceSetting(office=office, starts_on=starts_on, **values)
    save_record(row, verb="pace_setting_recorded", by=by, at=at)
    _refresh_office(office, starts_on, at)
    return row


@transaction.atomic
def change_planned(
    *, row: PaceSetting, starts_on: date, by: Membership, at: datetime, **values: int
) -> PaceSetting:
    """A setting that lies ahead begins on another day, or with other values.

    Raises ValidationError where it has begun, is not the last one, or the day does not fit.
    """
    _refuse_begun(row, at)
    _refuse_past(starts_on, at)
    before = _last(row.office, without=row)
    if before is not None:
        _refuse_earlier(starts_on, before)
        # The row before gives way first; else it grows after this one has moved.
        if starts_on <= row.starts_on:
            _end_before(before, starts_on, by, at)
    first = min(starts_on, row.starts_on)
    changes: dict[str, Any] = {"starts_on": starts_on, **values}
    changed = correct_record(row, changes, verb="pace_setting_changed", reason="", by=by, at=at)
    if before is not None:
        _end_before(before, starts_on, by, at)
    _refresh_office(row.office, first, at)
    return changed


@transaction.atomic
def drop_planned(*, row: PaceSetting, by: Membership, at: datetime) -> None:
    """A setting that lies ahead comes to nothing: the one before it goes on.

    Raises ValidationError where it has begun or is not the last one.
    """
    _refuse_begun(row, at)
    office, first = row.office, row.starts_on
    audit(verb="pace_setting_cancelled", subject=row, by=by, at=at)
    row.delete()
    before = _last(office)
    if before is not None:
        _end_before(before, None, by, at)
    _refresh_office(office, first, at)


# --- The product's figures, corrected by the system administrator ------------------------------


@transaction.atomic
def override_figure(*, key: str, **facts: Any) -> FigureOverride:
    """As the action on figures; due dates follow where the figure is one of the pace."""
    row = figure_actions.override_figure(key=key, **facts)
    _refresh_by(key, row.first_month, facts["at"])
    return row


@transaction.atomic
def correct_override(*, row: FigureOverride, **facts: Any) -> FigureOverride:
    """As the action on figures; due dates follow where the figure is one of the pace."""
    first = row.first_month
    corrected = figure_actions.correct_override(row=row, **facts)
    _refresh_by(row.key, min(first, corrected.first_month), facts["at"])
    return corrected


@transaction.atomic
def withdraw_override(*, row: FigureOverride, **facts: Any) -> None:
    """As the action on figures; due dates follow where the figure is one of the pace."""
    key, first = row.key, row.first_month
    figure_actions.withdraw_override(row=row, **facts)
    _refresh_by(key, first, facts["at"])


def _refresh_by(key: str, first: date, at: datetime) -> None:
    if key.startswith(FIGURES):
        refresh_dues(_reached(first), on=date_of(at))


def _refresh_office(office: Office, first: date, at: datetime) -> None:
    refresh_dues(_reached(first).filter(office=office), on=date_of(at))


def _reached(first: date) -> QuerySet[Enrolment]:
    """Whoever was still with an office on the first day of a change: others keep what they had."""
    return Enrolment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=first))


def _last(office: Office, without: PaceSetting | None = None) -> PaceSetting | None:
    rows = PaceSetting.objects.filter(office=office).select_related("office")
    rows = rows if without is None else rows.exclude(pk=without.pk)
    return rows.order_by("starts_on").last()


def _end_before(row: PaceSetting, starts_on: date | None, by: Membership, at: datetime) -> None:
    ends_on = None if starts_on is None else day_before(starts_on)
    if row.ends_on != ends_on:
        row.ends_on = ends_on
        save_record(row, verb="pace_setting_ended", by=by, at=at, fields=("ends_on",))


def _refuse_past(starts_on: date, at: datetime) -> None:
    if starts_on < date_of(at):
        raise ValidationError(
            {"starts_on": _("今日か、これからの日にしてください。過ぎた日の期限は変わりません。")}
        )


def _refuse_earlier(starts_on: date, before: PaceSetting) -> None:
    if starts_on <= before.starts_on:
        message = _("%(day)sからの設定があります。それより後の日にしてください。")
        raise ValidationError({"starts_on": message % {"day": both(before.starts_on)}})


def _refuse_begun(row: PaceSetting, at: datetime) -> None:
    if row.starts_on <= date_of(at):
        raise ValidationError(_("この設定はもう始まっています。新しい設定を登録してください。"))
    last = _last(row.office)
    if last is not None and last.pk != row.pk:
        raise ValidationError(_("このあとの設定を先に取り消してください。"))
