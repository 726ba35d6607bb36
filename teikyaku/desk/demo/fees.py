"""見本のサービスコード: made-up codes beside the real amounts, read by one and confirmed by another."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from billing.actions.fee_table import Head, confirm_fee_table, read_fee_table
from billing.exports_fee_table import template_rows
from billing.models import FeeTableImport
from billing.queries.fee_tables import fee_tables, scheme
from billing.rules.fee_table import FeeRow, product
from billing.tariffs import BASE, BASE_LABEL, CodeKey, ItemKind, Tariff
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of
from teikyaku.periods import Month

# So many months ahead of the demo's day have codes.
AHEAD = 12


def sample_codes(reader: Membership, second: Membership, at: datetime) -> FeeTableImport:
    """Codes for every month of the product's table, up to a year ahead.

    Nobody can take them for real ones: real ones begin with 47, these with ZZ.
    """
    month, tables = Month.of(date_of(at)), fee_tables()
    table = tables.of(month)
    first = min(each.first_month for each in tables.tables if each.name == table.name)
    head = Head(
        kind="codes", name=table.name, title=table.title, first_month=first.first_day,
        last_month=(month + AHEAD).first_day, source="見本（デモ）：実在しないコード",
        file_name="mihon.xlsx", is_sample=True,
    )  # fmt: skip
    read = read_fee_table(head=head, rows=sample_rows(table), by=reader, at=at)
    return confirm_fee_table(table=read, by=second, at=at)


def sample_rows(table: Tariff) -> list[FeeRow]:
    """Every line that has a code of its own, with a made-up one."""
    keys = [
        key
        for key in template_rows(table, scheme())
        if key.kind == BASE or table.items[key.kind].kind != ItemKind.FACTOR
    ]
    return [_row(table, key, f"ZZ{number:04d}") for number, key in enumerate(keys, 1)]


def _row(table: Tariff, key: CodeKey, code: str) -> FeeRow:
    if key.kind != BASE:
        item = table.items[key.kind]
        return FeeRow(
            item.key, "", (), item.label, code, item.amount, item.certainty, item.first_month
        )
    factors = [table.items[each].amount for each in key.factors]
    amount = Decimal(product(table.tier(key.tier).units, factors))
    return FeeRow(BASE, key.tier, key.factors, BASE_LABEL, code, amount, table.certainty)
