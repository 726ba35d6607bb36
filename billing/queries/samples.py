"""見本: whether the figures that a page, a paper or a file shows come from a sample fee table."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Exists, Q, QuerySet
from django.utils.translation import gettext as _

from billing.enums import FeeImportKind
from billing.models import FeeTableImport, MonthClosing, TariffConfirmation
from billing.models.fee_table import IN_FORCE
from teikyaku.accounts.models import Office
from teikyaku.periods import Month
from teikyaku.prepared import prepared

SAMPLE = "見本の報酬表で計算しています。実際の請求ではありません。"


def has_sample(office: Office, *months: Month) -> bool:
    """Whether a closed month or the table in force is a sample: of `months`, or of any the office has (one query).

    Without months one sample is enough: a list of several months says it as long as one is among them.
    """
    days = tuple(month.first_day for month in months)
    return bool(_sampled.tuples(office=office.pk, days=days))


@prepared("office")
def _sampled(office: int, days: tuple[date, ...]) -> QuerySet[Any]:
    closed = MonthClosing.objects.filter(office=office, is_sample_tariff=True)
    if days:
        closed = closed.filter(month__in=days)
    confirmed = TariffConfirmation.objects.filter(_reaching(days), is_sample=True)
    imported = FeeTableImport.objects.filter(
        IN_FORCE, _reaching(days), is_sample=True, kind=FeeImportKind.TABLE
    )
    either = Exists(closed) | Exists(confirmed) | Exists(imported)
    return Office.objects.filter(either, pk=office).values_list("pk")


def _reaching(days: Collection[date]) -> Q:
    """Tables in force in one of the months; all of them without months."""
    found = Q()
    for day in days:
        found |= Q(first_month__lte=day) & (Q(last_month=None) | Q(last_month__gte=day))
    return found


def sample_word(office: Office, *months: Month) -> str:
    """What a file says of its figures: 見本 where `has_sample`, else nothing."""
    return _("見本") if has_sample(office, *months) else ""


def sample_notice(office: Office, *months: Month) -> str:
    """What a paper says under its title where `has_sample`, else nothing."""
    return SAMPLE if has_sample(office, *months) else ""
