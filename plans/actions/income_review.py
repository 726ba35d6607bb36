"""収入状況の見直し: the next cap of a person, entered beside those of many others."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.rules.cap import CapMonths, first_month_of
from plans.actions.caps import Cap, add_cap_period, lock_caps, refuse_outside_months
from plans.models import CapPeriod
from plans.queries.caps import overlapped
from teikyaku.accounts.models import Membership
from teikyaku.money import yen
from teikyaku.periods import Month


@transaction.atomic
def review_cap(
    *, cap: CapPeriod, months: CapMonths, new: Cap, by: Membership, at: datetime
) -> CapPeriod:
    """The cap that follows `cap`, inside `months`; everything else as a single change of a cap.

    `months` is what the review gives (clients.rules.cap.reviewed_months). Cap management goes on
    with the same office, except for a cap of 0 yen, which is not managed (docs/rules.md §5).
    Raises ValidationError by field, and where somebody has entered the next cap meanwhile.
    """
    # The lock makes a second officer wait, who is then told instead of writing over.
    lock_caps(cap.client)
    known = CapPeriod.objects.get(pk=cap.pk)
    refuse_reviewed(known, months, new)
    refuse_outside(months, new.first_month, new.last_month)
    return add_cap_period(
        client=known.client, municipality=known.municipality, cap=new, by=by, at=at
    )


def refuse_reviewed(cap: CapPeriod, months: CapMonths, new: Cap) -> None:
    """Refuse a second next cap for the same months: what somebody entered is told, never written over.

    One that begins later leaves the months before it to be filled.
    """
    first = first_month_of(months.tax_year).first_day
    known = overlapped(cap.client, new.first_month, new.last_month or months.last_month.first_day)
    later = next((each for each in known if each.first_month >= first), None)
    if later is not None:
        values = {
            "who": later.recorded_by.user.name,
            "month": Month.of(later.first_month).label,
            "yen": yen(later.cap_yen),
        }
        text = _("%(who)s が先に入れました（%(month)sから %(yen)s）。この行は保存していません。")
        raise ValidationError(text % values)


def refuse_outside(months: CapMonths, first_month: date, last_month: date | None) -> None:
    """Refuse months outside the decision or the tax year, at their fields."""
    if last_month is None:
        raise ValidationError({"last_month": _("最後の月を入れてください。")})
    why = _("支給決定期間と見直しの年度のうち、上限額がまだない月")
    refuse_outside_months(months, first_month, last_month, why=why)
