"""移行前の人数 of 就労定着率: told once for a fiscal year, put right or taken back with a reason."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import RetentionBefore
from clients.rules.retention import retention_span
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.record import correct_record, save_record
from teikyaku.accounts.models import Membership, Office
from teikyaku.accounts.queries.office_start import first_month_here
from teikyaku.clock import date_of
from teikyaku.periods import fiscal_year as fiscal_year_of

# A larger office is none: a slip of the hand.
MOST = 2_000


@transaction.atomic
def tell_before(
    *, office: Office, fiscal_year: int, people: int, employed: int, source: str,
    by: Membership, at: datetime,
) -> RetentionBefore:  # fmt: skip
    """How many of the three years are not on file here, and how many of them worked on March 31.

    Raises ValidationError by field; for a year that needs nobody of before, or lies ahead.
    """
    _refuse(office, fiscal_year, people, employed, at)
    row = RetentionBefore(
        office=office, fiscal_year=fiscal_year, people=people, employed=employed, source=source
    )
    return save_record(row, verb="retention_before_told", by=by, at=at)


@transaction.atomic
def correct_before(
    *, row: RetentionBefore, people: int, employed: int, source: str, reason: str,
    by: Membership, at: datetime,
) -> RetentionBefore:  # fmt: skip
    """It was told wrongly; the history keeps the old numbers. Raises ValidationError as above."""
    _refuse(row.office, row.fiscal_year, people, employed, at)
    changes = {"people": people, "employed": employed, "source": source}
    return correct_record(row, changes, verb="retention_before_told", reason=reason, by=by, at=at)


@transaction.atomic
def take_before_back(*, row: RetentionBefore, by: Membership, at: datetime) -> None:
    """The rate counts again only who is on file; the history keeps what was told."""
    audit(verb="retention_before_taken_back", subject=row, by=by, at=at)
    row._history_date = at  # type: ignore[attr-defined]
    row._history_user = by.user  # type: ignore[attr-defined]
    row.delete()


def _refuse(office: Office, year: int, people: int, employed: int, at: datetime) -> None:
    first = first_month_here(office)
    if first is None or first.first_day <= retention_span(year).starts_on:
        raise ValidationError(_("この年度の3つの年度は、すべてここに記録があります。"))
    if year > fiscal_year_of(date_of(at)):
        raise ValidationError(_("3月31日がまだ来ていない年度です。"))
    if not 1 <= people <= MOST:
        text = _("1人から%(most)d人までで入れてください。")
        raise ValidationError({"people": text % {"most": MOST}})
    if not 0 <= employed <= people:
        raise ValidationError({"employed": _("働いていた人数は、全体の人数までです。")})
