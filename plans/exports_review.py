"""収入状況の見直し as a workbook: the rows of the page with its filters, all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from plans.models import CapPeriod, Decision
from plans.queries.income_review import ReviewRow, review_rows
from plans.queries.ward_lists import in_chunks
from teikyaku.spreadsheets import Column, Kind, Sheet, Value, workbook


def review_workbook(
    rows: QuerySet[CapPeriod], decisions: QuerySet[Decision], year: int, on: date
) -> bytes:
    """One line for each cap: what runs out, what the household leads to, what came of it."""
    columns = [
        Column(_("氏名")), Column(_("ふりがな")), Column(_("受給者証番号"), width=14),
        Column(_("支給決定の終わり"), Kind.DATE, width=16), Column(_("いまの区分"), width=12),
        Column(_("いまの上限月額"), Kind.YEN), Column(_("最初の月"), Kind.MONTH),
        Column(_("最後の月"), Kind.MONTH), Column(_("世帯の記録日"), Kind.DATE),
        Column(_("今年度の記録"), width=12), Column(_("見込みの区分"), width=18),
        Column(_("見込みの上限月額"), Kind.YEN, width=16), Column(_("次の区分"), width=12),
        Column(_("次の上限月額"), Kind.YEN), Column(_("次の最初の月"), Kind.MONTH, width=12),
        Column(_("次の最後の月"), Kind.MONTH, width=12), Column(_("計算とちがう理由"), width=40),
    ]  # fmt: skip
    return workbook([Sheet(_("収入状況の見直し"), columns, _lines(rows, decisions, year, on))])


def _lines(
    rows: QuerySet[CapPeriod], decisions: QuerySet[Decision], year: int, on: date
) -> Iterator[Sequence[Value]]:
    for chunk in in_chunks(rows):
        for row in review_rows(chunk, decisions, year, on):
            yield (*_known(row), *_suggested(row), *_next(row))


def _known(row: ReviewRow) -> tuple[Value, ...]:
    return (
        row.name, row.kana, row.number, row.granted.ends_on if row.granted else None,
        str(row.cap.get_category_display()), row.cap.cap_yen, row.cap.first_month,
        row.cap.last_month,
    )  # fmt: skip


def _suggested(row: ReviewRow) -> tuple[Value, ...]:
    found = row.household
    is_known = found.asked_on is not None
    labels = "・".join(kind.label for kind in found.result.candidates)
    return (
        found.asked_on, _("はい") if found.is_of_tax_year else _("いいえ") if is_known else _("なし"),
        labels, found.result.cap_yen,
    )  # fmt: skip


def _next(row: ReviewRow) -> tuple[Value, ...]:
    cap = row.next_cap
    if cap is None:
        return (None,) * 5
    return (
        str(cap.get_category_display()), cap.cap_yen, cap.first_month, cap.last_month,
        cap.category_reason,
    )  # fmt: skip
