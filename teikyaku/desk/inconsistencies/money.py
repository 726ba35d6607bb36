"""Is the money what was frozen, and is each sum the sum of its rows?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from billing.models import Invoice, PersonMonth
from billing.queries.verify import broken_closings
from teikyaku.clock import date_of
from teikyaku.desk.inconsistencies.found import Found
from teikyaku.periods import Month

# The newest months; every one of them is computed again by `verify_months`.
NEWEST_MONTHS = 6
CHUNK = 500


def closed_months(at: datetime) -> Iterator[Found]:
    """Closings of the newest months whose rows no longer give their digest."""
    for closing in broken_closings(Month.of(date_of(at)) - NEWEST_MONTHS):
        month = Month.of(closing.month)
        detail = _("%(month)s　%(n)d回目") % {"month": month.label, "n": closing.number}
        yield Found(str(closing.public_id), closing.office_id, detail, "month_page", (str(month),))


def invoices(at: datetime) -> Iterator[Found]:
    """Invoices that ask for something else than the copayment less the subsidy."""
    owed = F("person_month__copayment_yen") - F("person_month__subsidy_yen")
    asked = Invoice.objects.filter(person_month__isnull=False)
    wrong = asked.exclude(
        amount_yen=owed, enrolment=F("person_month__enrolment"), month=F("person_month__month")
    ).select_related("person_month__closing")
    for invoice in wrong.order_by("pk").iterator(chunk_size=CHUNK):
        month = invoice.person_month
        assert month is not None  # noqa: S101  (those of before the move are left out above)
        yield Found(
            str(invoice.public_id), month.closing.office_id, Month.of(month.month).label,
            "person_month_page", (str(month.public_id),),
        )  # fmt: skip


def sums_of_lines(at: datetime) -> Iterator[Found]:
    """Closed months whose units are not the sum of their lines."""
    rows = PersonMonth.objects.filter(is_withdrawn=False).annotate(
        added=Coalesce(Sum("lines__total_units"), 0)
    )
    wrong = rows.exclude(added=F("units")).select_related("closing").order_by("pk")
    for month in wrong.iterator(chunk_size=CHUNK):
        yield Found(
            str(month.public_id), month.closing.office_id, Month.of(month.month).label,
            "person_month_page", (str(month.public_id),),
        )  # fmt: skip
