"""Sheets of labels: sizes, margins, and how many sheets a print takes."""

from decimal import Decimal

import pytest

from clients.rules.address_labels import SHEETS, Layout


def layout(key, **changes):
    sheet = SHEETS[key]
    return Layout(sheet, **{"top_mm": sheet.top_mm, "left_mm": sheet.left_mm, **changes})


@pytest.mark.parametrize(
    ("key", "count", "top", "left"),
    [("12", 12, "21.6", "18.6"), ("10", 10, "21.5", "18.6"), ("24", 24, "12.9", "6")],
)
def test_a_sheet_lies_in_the_middle_of_the_paper(key, count, top, left):
    sheet = SHEETS[key]
    assert sheet.count == count
    assert (sheet.top_mm, sheet.left_mm) == (Decimal(top), Decimal(left))
    usual = layout(key)
    assert usual.fits_across
    assert usual.fits_down


@pytest.mark.parametrize(
    ("changes", "across", "down"),
    [
        ({"left_mm": Decimal("37.2")}, True, True),
        ({"left_mm": Decimal("37.3")}, False, True),
        ({"top_mm": Decimal("43.2")}, True, True),
        ({"top_mm": Decimal("43.3")}, True, False),
        ({"gap_x_mm": Decimal("18.6")}, True, True),
        ({"gap_x_mm": Decimal("18.7")}, False, True),
        ({"gap_y_mm": Decimal("4.32")}, True, True),
        ({"gap_y_mm": Decimal("4.33")}, True, False),
    ],
)
def test_the_last_label_lies_on_the_paper_or_not(changes, across, down):
    found = layout("12", **changes)
    assert (found.fits_across, found.fits_down) == (across, down)


@pytest.mark.parametrize(
    ("first", "labels", "sheets"),
    [(1, 0, 0), (1, 1, 1), (1, 12, 1), (1, 13, 2), (12, 1, 1), (12, 2, 2), (5, 8, 1), (5, 9, 2)],
)
def test_sheets(first, labels, sheets):
    assert layout("12", first=first).sheets_for(labels) == sheets
