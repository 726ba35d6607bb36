"""What the office notified, and what an operator confirmed about a fee table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.actions.notification_span import (
    end_before,
    formers_to_reopen,
    guard_again,
    lock_notifications,
    refuse_rivals,
    reopen,
)
from billing.enums import FeeImportKind, NotifiedItem
from billing.models import FeeTableImport, OfficeNotification, OfficeTier, TariffConfirmation
from billing.models.fee_table import IN_FORCE
from billing.queries.fee_tables import closed_with
from billing.queries.notification_correction import notification_touches, reopened_until
from billing.queries.rival_notifications import rivals_in
from billing.queries.tier_correction import tier_touches
from billing.tariffs import family_of
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.record import correct_record, save_record
from teikyaku.accounts.models import Membership, Office
from teikyaku.clock import date_of
from teikyaku.periods import Month


@transaction.atomic
def confirm_tier(
    *,
    office: Office,
    fiscal_year: int,
    tier: str,
    notified_on: date,
    by: Membership,
    at: datetime,
    numerator: int | None = None,
    denominator: int | None = None,
) -> OfficeTier:
    """就労定着率の区分 of a year, with the date of the 届出.

    Raises ValidationError by field for a year that is confirmed: that one is corrected, with a reason.
    """
    if OfficeTier.objects.filter(office=office, fiscal_year=fiscal_year).exists():
        raise ValidationError(
            {
                "fiscal_year": _(
                    "この年度の区分は確認済みです。「事業所の届出」のページから訂正します。"
                )
            }
        )
    row = OfficeTier(
        office=office, fiscal_year=fiscal_year, tier=tier, numerator=numerator,
        denominator=denominator, notified_on=notified_on,
    )  # fmt: skip
    fields = ("tier", "numerator", "denominator", "notified_on")
    return save_record(row, verb="tier_confirmed", by=by, at=at, fields=fields)


@transaction.atomic
def correct_tier(
    *,
    row: OfficeTier,
    changes: Mapping[str, Any],
    reason: str,
    by: Membership,
    at: datetime,
    seen: str | None = None,
) -> OfficeTier:
    """What was confirmed was written wrongly: another version with its reason; the former one is kept.

    `seen` is the mark of the closed months that were shown (billing.queries.tier_correction). Closed
    months keep the tier they were computed with. Raises ValidationError without a reason, where
    nothing is changed, and where something else is on file than was shown.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("訂正の理由を入れてください。")})
    stored = OfficeTier.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if seen is not None and seen != tier_touches(stored, changes.get("tier", stored.tier)).mark:
        raise ValidationError(
            _(
                "開いている間に、記録が変わりました。いまの内容を確かめて、もう一度保存してください。"
            )
        )
    if all(getattr(stored, name) == value for name, value in changes.items()):
        raise ValidationError(_("どこも変わっていません。訂正する値を入れてください。"))
    return correct_record(stored, changes, verb="tier_corrected", reason=reason, by=by, at=at)


@transaction.atomic
def notify_item(
    *,
    office: Office,
    item: str,
    first_month: date,
    last_month: date | None,
    notified_on: date,
    by: Membership,
    at: datetime,
    numerator: int | None = None,
    denominator: int | None = None,
    ends_former: bool = False,
) -> OfficeNotification:
    """An addition or reduction applies to the office for these months.

    就労定着実績体制加算 is counted anew each year: what ran on ends with the month before. So does what
    excludes the item and runs on, with `ends_former`. Raises ValidationError by field where the months
    overlap otherwise, also those of an item that excludes this one.
    """
    lock_notifications(office.pk)
    found = rivals_in(office.pk, item, first_month, last_month)
    if ends_former:
        for former in [each for each in found if each.runs_on_before(first_month)]:
            end_before(office, former.item, Month.of(first_month) - 1, by=by, at=at)
            found.remove(former)
    refuse_rivals(found)
    if item == NotifiedItem.RETENTION_RECORD:
        end_before(office, item, Month.of(first_month) - 1, by=by, at=at)
    row = OfficeNotification(
        office=office,
        item=item,
        first_month=first_month,
        last_month=last_month,
        numerator=numerator,
        denominator=denominator,
        notified_on=notified_on,
    )
    return save_record(row, verb="item_notified", by=by, at=at)


@transaction.atomic
def correct_notification(
    *,
    row: OfficeNotification,
    changes: Mapping[str, Any],
    is_void: bool,
    reason: str,
    by: Membership,
    at: datetime,
    seen: str | None = None,
    reopens: bool = False,
) -> None:
    """What was notified was written wrongly: other months, or (`is_void`) it was never notified.

    With `reopens`, what ended the month before it goes on, where this one begins later or never was.
    The former values stay in the history with the reason. `seen` is the mark of the closed months
    that were shown (billing.queries.notification_correction); they keep what they were computed with.
    Raises ValidationError without a reason, where nothing is changed, where months overlap, and where
    something else is on file than was shown.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("訂正の理由を入れてください。")})
    lock_notifications(row.office_id)
    stored = OfficeNotification.objects.filter(pk=row.pk).first()
    first = None if is_void else changes["first_month"]
    until = Month.of(date_of(at))
    if stored is None or (
        seen is not None
        and seen
        != notification_touches(stored, first, changes["last_month"], until, reopens=reopens).mark
    ):
        raise ValidationError(
            _(
                "開いている間に、記録が変わりました。いまの内容を確かめて、もう一度保存してください。"
            )
        )
    formers = formers_to_reopen(stored, first) if reopens else []
    end = reopened_until(stored, first) if formers else None
    if is_void:
        stored._history_date = at  # type: ignore[attr-defined]
        stored._history_user = by.user  # type: ignore[attr-defined]
        stored._change_reason = reason  # type: ignore[attr-defined]
        audit(verb="notification_voided", subject=stored, by=by, at=at)
        stored.delete()
        reopen(formers, end, reason=reason, by=by, at=at)
        guard_again(stored)
        return
    if all(getattr(stored, name) == value for name, value in changes.items()):
        raise ValidationError(_("どこも変わっていません。訂正する値を入れてください。"))
    refuse_rivals(
        rivals_in(stored.office_id, stored.item, changes["first_month"], changes["last_month"])
    )
    # What stood beside another one stands alone from now on: the database keeps it so.
    stored.family = family_of(stored.item)
    correct_record(stored, changes, verb="notification_corrected", reason=reason, by=by, at=at)
    reopen(formers, end, reason=reason, by=by, at=at)
    guard_again(stored)


@transaction.atomic
def confirm_tariff(
    *,
    tariff: str,
    first_month: date,
    last_month: date | None,
    source: str,
    is_sample: bool,
    by: Membership,
    at: datetime,
) -> TariffConfirmation:
    """An operator confirms that a fee table goes on unchanged (docs/rules.md §7).

    Raises ValidationError by field, also where an imported table holds in these months.
    """
    row = TariffConfirmation(
        tariff=tariff,
        first_month=first_month,
        last_month=last_month,
        source=source,
        is_sample=is_sample,
    )
    _refuse_second_table(first_month, last_month)
    return save_record(row, verb="tariff_confirmed", by=by, at=at)


def _refuse_second_table(first: date, last: date | None) -> None:
    imported = FeeTableImport.objects.filter(
        IN_FORCE, kind=FeeImportKind.TABLE, last_month__gte=first
    )
    if last is not None:
        imported = imported.filter(first_month__lte=last)
    other = imported.order_by("first_month").first()
    if other is not None:
        text = _(
            "%(month)sからは、取り込んだ報酬表（%(title)s）があります。その前の月までにしてください。"
        )
        month = Month.of(other.first_month).label
        raise ValidationError({"last_month": text % {"month": month, "title": other.title}})


@transaction.atomic
def correct_confirmation(
    *,
    row: TariffConfirmation,
    changes: Mapping[str, Any],
    reason: str,
    by: Membership,
    at: datetime,
) -> TariffConfirmation:
    """A confirmation ends, or was written wrongly; the history keeps the old values.

    Raises ValidationError by field when the months do not fit, and where a month that was closed by
    it would lose its table.
    """
    _refuse_closed(row, changes)
    _refuse_second_table(
        changes.get("first_month", row.first_month), changes.get("last_month", row.last_month)
    )
    return correct_record(row, changes, verb="tariff_corrected", reason=reason, by=by, at=at)


def _refuse_closed(row: TariffConfirmation, changes: Mapping[str, Any]) -> None:
    # Locked, so that no close computes by it in between.
    TariffConfirmation.objects.select_for_update().get(pk=row.pk)
    closed = closed_with(row)
    if closed is None:
        return
    first, last = closed
    text = _("この確認で締めた月（%(months)s）があります。その月を外すことはできません。")
    told = {"months": first.label if first == last else f"{first.label}〜{last.label}"}
    starts, ends = changes.get("first_month"), changes.get("last_month", row.last_month)
    if starts is not None and starts > first.first_day:
        raise ValidationError({"first_month": text % told})
    if ends is not None and ends < last.first_day:
        raise ValidationError({"last_month": text % told})


def hold_confirmation(tariff: str, month: Month) -> None:
    """Keep the confirmation by which a month is closed until the transaction ends.

    Raises ValidationError where it was corrected in between.
    """
    rows = TariffConfirmation.objects.select_for_update()
    rows = rows.filter(tariff=tariff, first_month__lte=month.first_day)
    if not rows.exclude(last_month__lt=month.first_day).first():
        raise ValidationError(
            _("報酬表の確認が、たったいま書き直されました。画面を開き直して確かめてください。")
        )
