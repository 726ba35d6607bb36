"""Sheets of this app: the same values as the pages, by the same code."""

from __future__ import annotations

from django.utils.translation import gettext as _

from plans.queries.city_figures import CityFigures, WardFigures
from teikyaku.spreadsheets import Column, Kind, Sheet, workbook

HIDDEN = "—"


def city_figures_xlsx(figures: CityFigures) -> bytes:
    """全区の統計 as a workbook; what the page hides is hidden here too."""
    labels = (
        _("区"), _("区役所を待つ"), _("相談支援を待つ"), _("支給決定"), _("却下"), _("取下げ"),
        _("有効な支給決定"), _("60日以内に終わる"), _("決定までの日数（中央値）"),
    )  # fmt: skip
    columns = [Column(label, Kind.TEXT) for label in labels]
    rows = [_cells(row, row.name) for row in figures.rows]
    rows.append(_cells(figures.total, _("合計")))
    return workbook([Sheet(_("%(year)d年度") % {"year": figures.year}, columns, rows)])


def _cells(row: WardFigures, name: str) -> list[str]:
    numbers = (
        row.waiting_ward, row.waiting_consultation, row.granted, row.refused, row.withdrawn,
        row.in_force, row.ending, row.median_days,
    )  # fmt: skip
    return [name, *(HIDDEN if number is None else str(number) for number in numbers)]
