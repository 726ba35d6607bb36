"""報酬表の取り込み: read by one person, confirmed by another, withdrawn with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import FeeTableImport, FeeTableRow
from billing.queries.fee_tables import (
    fee_tables,
    is_closed_with,
    rows_of,
    scheme,
    span_problems,
)
from billing.rules.fee_table import FeeRow
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class Head:
    """What the person says about a file: what it is, for which months, from which source."""

    kind: str
    name: str
    title: str
    first_month: date
    last_month: date
    source: str
    file_name: str
    is_sample: bool = False


@transaction.atomic
def read_fee_table(
    *, head: Head, rows: Sequence[FeeRow], by: Membership, at: datetime
) -> FeeTableImport:
    """Keep what a file says; nothing is computed by it before a second person has confirmed it.

    Raises ValidationError by field.
    """
    table = FeeTableImport(
        kind=head.kind, name=head.name, title=head.title, first_month=head.first_month,
        last_month=head.last_month, source=head.source, file_name=head.file_name[-120:],
        is_sample=head.is_sample,
    )  # fmt: skip
    save_record(table, verb="fee_table_read", by=by, at=at)
    known = scheme()
    FeeTableRow.objects.bulk_create(
        FeeTableRow(
            table=table, position=position, what=known.kind(row.item), item=row.item,
            tier=row.tier, factors=",".join(row.factors), label=row.label, code=row.code,
            amount=row.amount, certainty=row.certainty.value,
            first_month=row.first_month.first_day if row.first_month else None,
        )
        for position, row in enumerate(rows, 1)
    )  # fmt: skip
    return table


@transaction.atomic
def confirm_fee_table(*, table: FeeTableImport, by: Membership, at: datetime) -> FeeTableImport:
    """A second person confirms: from now on the months are computed, or coded, by it.

    Raises ValidationError for who read it, for one that was answered, and where its months have a
    table by now.
    """
    row = _open(table)
    if row.recorded_by.user_id == by.user_id:
        raise ValidationError(
            _(
                "自分で読み込んだものは、自分では確認できません。ほかのシステム管理者に頼んでください。"
            )
        )
    first, last = Month.of(row.first_month), Month.of(row.last_month)
    problems = span_problems(fee_tables(), row.kind, first, last, rows_of(row))
    if problems:
        raise ValidationError(problems)
    row.confirmed_by, row.confirmed_at = by, at
    fields = ("confirmed_by", "confirmed_at")
    return save_record(row, verb="fee_table_confirmed", by=by, at=at, fields=fields)


@transaction.atomic
def withdraw_fee_table(
    *, table: FeeTableImport, reason: str, by: Membership, at: datetime
) -> FeeTableImport:
    """What was read or confirmed was a mistake; it stays on file with the reason.

    Raises ValidationError for one that was withdrawn, and where a month was closed by it.
    """
    row = _locked(table)
    if row.withdrawn_at is not None:
        raise ValidationError(_("この取り込みは、もう取り下げられています。"))
    if is_closed_with(row):
        raise ValidationError(
            _(
                "この報酬表で締めた月があります。取り下げずに、正しい内容を次の報酬表として取り込んでください。"
            )
        )
    row.withdrawn_by, row.withdrawn_at, row.withdrawn_reason = by, at, reason
    fields = ("withdrawn_by", "withdrawn_at", "withdrawn_reason")
    return save_record(row, verb="fee_table_withdrawn", by=by, at=at, fields=fields)


def hold_fee_table(public_id: UUID) -> None:
    """Keep a table in force until the transaction ends, for a close that computed by it.

    Raises ValidationError where it was withdrawn in between.
    """
    row = FeeTableImport.objects.select_for_update().get(public_id=public_id)
    if not row.is_in_force:
        raise ValidationError(
            _("報酬表が、たったいま取り下げられました。画面を開き直して確かめてください。")
        )


def _open(table: FeeTableImport) -> FeeTableImport:
    row = _locked(table)
    if row.withdrawn_at is not None:
        raise ValidationError(_("この取り込みは、もう取り下げられています。"))
    if row.confirmed_at is not None:
        raise ValidationError(_("この取り込みは、もう確認されています。"))
    return row


def _locked(table: FeeTableImport) -> FeeTableImport:
    # Asked anew under the write: two administrators may press at the same moment.
    return (
        FeeTableImport.objects.select_for_update(of=("self",))
        .select_related("recorded_by")
        .get(pk=table.pk)
    )
