"""届出 beside each other: one at a time, none over another, and what ends or goes on for one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from billing.enums import NotifiedItem
from billing.models import OfficeNotification
from billing.queries.notification_correction import former_of
from billing.queries.rival_notifications import Rival, rivals_in
from billing.tariffs import family_of
from teikyaku.accounts.actions.record import correct_record, save_record
from teikyaku.accounts.models import Membership, Office
from teikyaku.periods import Month


def lock_notifications(office: int) -> None:
    """Two who notify or correct at once wait for each other, before either holds a row: no deadlock.

    The office's key stays free, so that whoever records something of the office does not wait.
    """
    Office.objects.select_for_update(no_key=True).get(pk=office)


def refuse_rivals(found: Sequence[Rival]) -> None:
    """Raises ValidationError at the first month where others of the family hold in the same months."""
    if not found:
        return
    text = _(
        "同じ月にはどちらか一つだけの届出があります：%(others)s。月を直すか、先にその届出を訂正してください。"
    )
    others = "、".join(each.words for each in found)
    raise ValidationError({"first_month": text % {"others": others}})


def end_before(office: Office, item: str, last: Month, *, by: Membership, at: datetime) -> None:
    """What runs on of the item ends with `last`."""
    rows = OfficeNotification.objects.filter(
        office=office, item=item, last_month=None, first_month__lte=last.first_day
    )
    for row in rows:
        row.last_month = last.first_day
        save_record(row, verb="item_ended", by=by, at=at, fields=("last_month",))


def formers_to_reopen(row: OfficeNotification, first: date | None) -> list[OfficeNotification]:
    """What ended for `row`, asked for before `row` begins at `first` or (None) goes.

    Raises ValidationError where there is none, or `row` still begins in the same month or before.
    """
    if first is not None and first <= row.first_month:
        text = _(
            "前の届出を続けるのは、この届出をなかったことにするか、最初の月を後ろにするときだけです。"
        )
        raise ValidationError({"reopens": text})
    found = former_of(row)
    if not found:
        raise ValidationError({"reopens": _("前の月で終わった届出は、もうありません。")})
    return found


def reopen(
    formers: Iterable[OfficeNotification], last: Month | None, *, reason: str, by: Membership,
    at: datetime,
) -> None:  # fmt: skip
    """They go on until `last`, None: until something ends them; the reason stays with the former month.

    Raises ValidationError where one would stand beside another of its family in a month that it gains: of
    two that ended together, or beside one from before the database refused that.
    """
    formers = list(formers)
    refuse_beside(formers, last)
    changes = {"last_month": last.first_day if last else None}
    for each in formers:
        correct_record(each, changes, verb="item_reopened", reason=reason, by=by, at=at)


def refuse_beside(formers: Sequence[OfficeNotification], last: Month | None) -> None:
    """Raises ValidationError where what goes on after its end up to `last` would not stand alone."""
    rivals = [
        other
        for each in formers
        if each.last_month is not None
        for other in rivals_in(
            each.office_id, each.item, (Month.of(each.last_month) + 1).first_day,
            last.first_day if last else None,
        )
    ]  # fmt: skip
    if len(formers) > 1:
        rivals += [Rival(each.item, each.first_month, each.last_month) for each in formers]
    if not rivals:
        return
    text = _(
        "続けると、同じ月に二つの届出が並びます：%(others)s。どちらか一つだけなので、ここでは続けず、続いていた届出の最後の月を訂正してください。"
    )
    words = "、".join(dict.fromkeys(each.words for each in rivals))
    raise ValidationError({"reopens": text % {"others": words}})


def guard_again(row: OfficeNotification) -> None:
    """What stood beside `row` in the same months and stands alone now: the database keeps it so.

    The family is left empty only of two that stood at once before the database refused that.
    """
    alike = [each for each in NotifiedItem.values if family_of(each) == family_of(row.item)]
    others = OfficeNotification.objects.filter(office=row.office_id, item__in=alike, family="")
    for each in others.order_by("pk"):
        if not rivals_in(each.office_id, each.item, each.first_month, each.last_month):
            OfficeNotification.objects.filter(pk=each.pk).update(family=family_of(each.item))
