"""済みにした期限 of an office or a ward: what, of whom, why, by whom; the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from clients.models import ClientName
from plans.models import ExpirySettlement
from plans.models.expiry import KINDS, ExpirySettlementQuerySet
from plans.queries.expiry_sources import month_end, share_by
from plans.rules.expiry import EndKind
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of


@dataclass(frozen=True, slots=True)
class SettledRow:
    """One of them."""

    settlement: ExpirySettlement
    label: str
    name: str
    kana: str
    ended_on: date
    settled_on: date
    undone_on: date | None


def settlements_for(membership: Membership) -> ExpirySettlementQuerySet:
    """Those of the member's office or ward; nobody else's."""
    if membership.office_id is None and membership.municipality_id is None:
        return ExpirySettlement.objects.all().none()
    return (
        ExpirySettlement.objects.all()
        .filter(office=membership.office_id, municipality=membership.municipality_id)
        .select_related(
            "client", "qualification__membership__user", "recorded_by__user", "undone_by__user"
        )
    )


def settled_rows(
    page: Iterable[ExpirySettlement], names: Mapping[int, ClientName]
) -> list[SettledRow]:
    """The rows of a page; `names` are those of their people, as far as the reader sees."""
    return [_row(row, names.get(row.client_id or 0)) for row in page]


def _row(row: ExpirySettlement, name: ClientName | None) -> SettledRow:
    label, who = KINDS[row.kind], name.name if name else ""
    if row.qualification is not None:
        label, who = row.qualification.kind, row.qualification.membership.user.name
    return SettledRow(
        settlement=row,
        label=label,
        name=who,
        kana=name.kana if name else "",
        ended_on=_ended_on(row),
        settled_on=date_of(row.recorded_at),
        undone_on=date_of(row.undone_at) if row.undone_at else None,
    )


def _ended_on(row: ExpirySettlement) -> date:
    """The end that follows from the day on file."""
    if row.kind == EndKind.HANDOVER:
        return share_by(row.on_file)
    return month_end(row.on_file) if row.kind == EndKind.CAP else row.on_file
