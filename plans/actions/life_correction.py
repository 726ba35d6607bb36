"""訂正 of a job, leave or service by the office: what was shown of its effects is what is stored.

The person is held and everything is read again, so that two at once get one result and one message.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.facts import refuse_far_ahead, refuse_future
from clients.models import Client, Employment, Enrolment, Leave
from plans.actions.life_change import correct_dated_fact
from plans.queries.caps import ClosedMonths, none_closed
from plans.queries.life_correction import LifeFact, told_before
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of
from teikyaku.era import both


@transaction.atomic
def correct_life(
    *, enrolment: Enrolment, row: LifeFact, changes: Mapping[str, Any], reason: str, seen: str,
    by: Membership, at: datetime, closed: ClosedMonths = none_closed,
) -> LifeFact:  # fmt: skip
    """Write a fact of the working life as it should have been; the history keeps the old values.

    `seen`: the mark of what was shown (plans.queries.life_correction). Raises ValidationError where
    anything of it is otherwise now, where nothing differs, and as `refuse_wrong_days`.
    """
    client = Client.objects.select_for_update().get(pk=enrolment.client_id)
    stored: Any = type(row).objects.get(pk=row.pk)
    refuse_wrong_days(stored, changes, at)
    if told_before(enrolment, stored, changes, date_of(at), closed).mark != seen:
        raise ValidationError(
            _(
                "開いている間に、この方の記録が変わりました。もう一度、変わることを確かめてください。"
            )
        )
    if all(getattr(stored, name) == value for name, value in changes.items()):
        raise ValidationError(
            _("いまの記録と同じです。訂正するところを、正しい内容に書き直してください。")
        )
    return correct_dated_fact(
        row=stored, client=client, changes=dict(changes), reason=reason, by=by, at=at
    )  # type: ignore[no-any-return]


def refuse_wrong_days(row: LifeFact, changes: Mapping[str, Any], at: datetime) -> None:
    """Refuse days that the fact cannot have: asked by the action, and before the page asks more.

    Raises ValidationError by field: an end before the start, a day that lies too far ahead (a leave:
    ahead at all), a leave outside its job, a job that leaves its leave outside.
    """
    starts_on, ends_on = changes["starts_on"], changes["ends_on"]
    if ends_on is not None and ends_on < starts_on:
        raise ValidationError({"ends_on": _("終わりの日は、始まりの日以後にしてください。")})
    days = {"starts_on": starts_on, "ends_on": ends_on}
    other = {name: day for name, day in days.items() if day != getattr(row, name)}
    if isinstance(row, Leave):
        refuse_future(at=at, **other)
        _refuse_outside_job(row.employment, days)
        return
    refuse_far_ahead(at=at, **other)
    if isinstance(row, Employment):
        _refuse_leave_outside(row, days)


def _refuse_outside_job(job: Employment, days: Mapping[str, Any]) -> None:
    if days["starts_on"] < job.starts_on:
        text = _("就職日（%(on)s）以後にしてください。")
        raise ValidationError({"starts_on": text % {"on": both(job.starts_on)}})
    if job.ends_on is None:
        return
    text = _("離職日（%(on)s）までにしてください。")
    for name, day in days.items():
        if day is None or day > job.ends_on:
            raise ValidationError({name: text % {"on": both(job.ends_on)}})


def _refuse_leave_outside(job: Employment, days: Mapping[str, Any]) -> None:
    text = _("この就労には %(leave)s の休職の記録があります。先に休職の日付を直してください。")
    for leave in job.leaves.all():
        last = leave.ends_on or leave.starts_on
        words = {
            "leave": f"{both(leave.starts_on)}〜{both(leave.ends_on) if leave.ends_on else ''}"
        }
        if leave.starts_on < days["starts_on"]:
            raise ValidationError({"starts_on": text % words})
        if days["ends_on"] is not None and last > days["ends_on"]:
            raise ValidationError({"ends_on": text % words})
