"""報酬表 of every source: those of the product, those imported, what was confirmed, and the codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Max, Min, QuerySet, Value

from billing.enums import FeeImportKind, Tier
from billing.models import FeeTableImport, FeeTableRow, MonthClosing, TariffConfirmation
from billing.models.fee_table import IN_FORCE
from billing.rules import fee_months
from billing.rules.fee_cells import is_sample_code
from billing.rules.fee_table import FeeRow, Scheme, codes_alone, codes_in, parts_of
from billing.tariffs import (
    BASE,
    CodeSet,
    Confirmation,
    FeeTables,
    Item,
    Tariff,
    TariffError,
    packaged,
)
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission
from teikyaku.periods import Month
from teikyaku.prepared import prepared
from teikyaku.reasons import Certainty

TIER_WORDS: dict[str, str] = {str(key): str(label) for key, label in Tier.choices}


def scheme(*, takes_sample_codes: bool = False) -> Scheme:
    """What the product can compute: the items of its own tables, the tiers of an office."""
    items: dict[str, Item] = {}
    for table in packaged():
        items |= table.items
    return Scheme(items, TIER_WORDS, takes_sample_codes)


def fee_tables(*, has_codes: bool = True) -> FeeTables:
    """Everything that tells a month's fee table, however many months are asked for.

    One query; a second one for the rows of imports, where there are any in force. Without codes for who
    asks for amounts alone.
    """
    kinds = tuple(FeeImportKind) if has_codes else (FeeImportKind.TABLE,)
    confirmations, has_imports = _confirmations(kinds)
    imports = _confirmed_imports(kinds) if has_imports else []
    own = [_tariff(table, rows) for table, rows in imports if not table.is_codes_only]
    codes = [_codes(table, rows) for table, rows in imports if table.is_codes_only]
    return FeeTables((*packaged(), *own), confirmations, tuple(codes))


def tier_of_share(part: int, whole: int, fiscal_year: int) -> str | None:
    """The tier of an exact 就労定着率 by the table of that year's April; None where there is no table.

    The lower bound is included (docs/rules.md §7).
    """
    try:
        return fee_tables().of(Month(fiscal_year, 4)).tier_for(Fraction(part, whole)).key
    except TariffError:
        return None


def _confirmations(kinds: tuple[str, ...]) -> tuple[tuple[Confirmation, ...], bool]:
    """What an operator confirmed, by its first month, and whether such imports are in force (one query)."""
    found, has_imports = [], False
    for tariff, first, last, source, is_sample, is_import in _told.rows(kinds=kinds):
        if is_import:
            has_imports = True
            continue
        months = Month.of(first), Month.of(last) if last else None
        found.append(Confirmation(tariff, *months, source, is_sample=is_sample))
    return tuple(sorted(found, key=lambda row: row.first_month)), has_imports


@prepared()
def _told(kinds: tuple[str, ...]) -> QuerySet[Any, Any]:
    columns = ("tariff", "first_month", "last_month", "source", "is_sample")
    said = TariffConfirmation.objects.order_by().values_list(*columns, Value(False))
    imports = FeeTableImport.objects.filter(IN_FORCE, kind__in=kinds).order_by()
    return said.union(imports.values_list("name", *columns[1:], Value(True)), all=True)


@prepared()
def _rows_in_force(kinds: tuple[str, ...]) -> QuerySet[FeeTableRow]:
    imports = FeeTableImport.objects.filter(IN_FORCE, kind__in=kinds).order_by()
    rows = FeeTableRow.objects.filter(table__in=imports.values("pk"))
    return rows.values_list(*_ROW, *(f"table__{name}" for name in _TABLE), named=True)


# What a month needs of an import and of its rows: whole rows would be made for nothing.
_ROW = (
    "item",
    "tier",
    "factors",
    "label",
    "code",
    "amount",
    "certainty",
    "first_month",
    "position",
)
_TABLE = ("id", "public_id", "kind", "name", "title", "first_month", "last_month", "source",
          "is_sample")  # fmt: skip


def _confirmed_imports(kinds: tuple[str, ...]) -> list[tuple[FeeTableImport, list[FeeRow]]]:
    found: dict[int, FeeTableImport] = {}
    rows: dict[int, list[FeeRow]] = defaultdict(list)
    for row in _rows_in_force.rows(kinds=kinds):
        key = row.table__id
        if key not in found:
            found[key] = FeeTableImport(**{name: getattr(row, f"table__{name}") for name in _TABLE})
        rows[key].append(_fee_row(row))
    return [(table, rows[key]) for key, table in found.items()]


def rows_of(table: FeeTableImport) -> tuple[FeeRow, ...]:
    """The rows of an import as the rules take them (one query)."""
    return tuple(_fee_row(row) for row in table.rows.all())


def _fee_row(row: Any) -> FeeRow:
    return FeeRow(
        item=row.item,
        tier=row.tier,
        factors=tuple(filter(None, row.factors.split(","))),
        label=row.label,
        code=row.code,
        # 10.3, as a table of the product has it, not 10.30: it stands in the calculation's words.
        amount=Decimal(f"{row.amount.normalize():f}"),
        certainty=Certainty(row.certainty),
        first_month=Month.of(row.first_month) if row.first_month else None,
        line=row.position,
    )


def _tariff(table: FeeTableImport, rows: Sequence[FeeRow]) -> Tariff:
    bounds = {tier.key: tier.at_least for tier in packaged()[-1].tiers}
    tiers, items = parts_of(rows, scheme(), bounds)
    return Tariff(
        name=table.name,
        title=table.title,
        first_month=Month.of(table.first_month),
        last_month=Month.of(table.last_month),
        source=table.source,
        certainty=fee_months.lowest(row.certainty for row in rows if row.item == BASE),
        tiers=tiers,
        items=items,
        is_sample=table.is_sample,
        codes=codes_in(rows),
        has_sample_codes=table.is_sample or _has_sample(rows),
        imported_as=table.public_id,
    )


def _codes(table: FeeTableImport, rows: Sequence[FeeRow]) -> CodeSet:
    return CodeSet(
        tariff=table.name,
        first_month=Month.of(table.first_month),
        last_month=Month.of(table.last_month),
        codes=codes_in(rows),
        is_sample=table.is_sample or _has_sample(rows),
    )


def _has_sample(rows: Iterable[FeeRow]) -> bool:
    return any(is_sample_code(row.code) for row in rows)


def span_problems(
    tables: FeeTables, kind: str, first: Month, last: Month, rows: Sequence[FeeRow] = ()
) -> list[str]:
    """Why an import of this kind cannot hold in these months; [] where it can.

    A table replaces none: months that have one are named. Codes need one table in every month, with
    just the amounts that they state, and no other codes that came by themselves.
    """
    if kind == "table":
        taken = fee_months.with_table(tables, first, last)
        return [*_going_on(tables, taken), *_taken(tables, taken)]
    try:
        table = fee_months.holding(tables, first, last)
    except fee_months.NotOneTable as error:
        return [str(error)]
    coded = fee_months.with_codes(tables, first, last)
    if coded:
        return [
            f"{fee_months.told(coded)}には、もうサービスコードの取り込みがあります。"
            "正しいコードと替えるときは、先にその取り込みを取り下げてください。"
        ]
    return [fault.reason for fault in codes_alone(rows, scheme(), table)]


def _going_on(tables: FeeTables, taken: Iterable[Month]) -> Iterable[str]:
    """Months into which a table was confirmed to go on, by confirmation."""
    months = list(taken)
    for each in tables.confirmations:
        if covered := [month for month in months if each.covers(month)]:
            until = f"{each.last_month.label}まで" if each.last_month else "最後の月なしで"
            yield (
                f"{fee_months.told(covered)}は、「{each.tariff}」が{until}続くと確認してあります。"
                "先に、その確認の最後の月を、新しい報酬表の前の月までにしてください。"
            )


def _taken(tables: FeeTables, taken: Iterable[Month]) -> Iterable[str]:
    """Months of a table itself."""
    own = [m for m in taken if not any(each.covers(m) for each in tables.confirmations)]
    if own:
        yield (
            f"{fee_months.told(own)}には、もう報酬表があります。ない月からにするか、"
            "サービスコードだけを取り込んでください。"
        )


def compared_with(tables: FeeTables, first: Month) -> Tariff | None:
    """The table beside which an import is shown: the month's own, else the last one before it."""
    if fee_months.with_table(tables, first, first):
        return fee_months.holding(tables, first, first)
    ends = [table for table in tables.tables if table.last_month < first]
    return max(ends, key=lambda table: table.last_month, default=None)


def is_closed_with(table: FeeTableImport) -> bool:
    """Whether a month was closed by this table (one query).

    What a close freezes are units; codes are not in it, so that wrong ones can be replaced.
    """
    if table.is_codes_only or not table.is_in_force:
        return False
    return MonthClosing.objects.filter(tariff=table.name).exists()


def closed_with(row: TariffConfirmation) -> tuple[Month, Month] | None:
    """The first and the last month that were closed by a confirmation; None for none (one query)."""
    months = MonthClosing.objects.filter(tariff=row.tariff, month__gte=row.first_month)
    if row.last_month is not None:
        months = months.filter(month__lte=row.last_month)
    found = months.aggregate(first=Min("month"), last=Max("month"))
    if found["first"] is None:
        return None
    return Month.of(found["first"]), Month.of(found["last"])


def confirmation_in(first: Month, last: Month) -> TariffConfirmation | None:
    """What says that a table goes on into these months (one query)."""
    rows = TariffConfirmation.objects.filter(first_month__lte=last.first_day)
    return rows.exclude(last_month__lt=first.first_day).first()


def waiting_like(
    kind: str, first: Month, last: Month, rows: Iterable[FeeRow]
) -> FeeTableImport | None:
    """An import of the same lines for the same months that waits already (a query for each waiting)."""
    waiting = FeeTableImport.objects.filter(
        kind=kind, first_month=first.first_day, last_month=last.first_day,
        confirmed_at=None, withdrawn_at=None,
    ).select_related("recorded_by__user")  # fmt: skip
    lines = {replace(row, line=0) for row in rows}
    return next(
        (each for each in waiting if {replace(row, line=0) for row in rows_of(each)} == lines), None
    )


def others_who_confirm(user_id: int, on: date) -> list[str]:
    """Names of those besides this user who may confirm an import, in order (one query)."""
    members = (
        Membership.objects.in_force(on)
        .filter(office=None, municipality=None, user__is_active=True)
        .exclude(user=user_id)
        .select_related("user")
        .order_by("user__name")
    )
    return [each.user.name for each in members if each.may(Permission.FIGURE_MANAGE)]


def waiting_imports() -> int:
    """How many imports wait for a second person."""
    return FeeTableImport.objects.filter(confirmed_at=None, withdrawn_at=None).count()
