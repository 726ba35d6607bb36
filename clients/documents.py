"""What is printed of people by their office, as plain JSON; templates never query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from clients.queries.address_labels import AddressLabel
from clients.rules.address_labels import Layout


def label_sheets(
    labels: Sequence[AddressLabel], layout: Layout, *, honorific: str, with_kana: bool, on: date
) -> dict[str, Any]:
    """宛名ラベル. `honorific`: what follows the name, "" for nothing. Lengths in mm."""
    sheet = layout.sheet
    return {
        "dated": on.isoformat(),
        "sheet": {
            "columns": sheet.columns,
            "rows": sheet.rows,
            "width": float(sheet.width_mm),
            "height": float(sheet.height_mm),
            "top": float(layout.top_mm),
            "left": float(layout.left_mm),
            "gap_x": float(layout.gap_x_mm),
            "gap_y": float(layout.gap_y_mm),
        },
        "first": layout.first,
        "labels": [
            {
                "postal_code": label.postal_code,
                "address": label.address,
                "name": label.name,
                "kana": label.kana if with_kana else "",
                "honorific": honorific,
            }
            for label in labels
        ],
    }
