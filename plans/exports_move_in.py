"""The workbook that an office fills in to move in: examples, choices, and what stands in each column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from plans.forms.move_in_line import LineForm
from plans.move_in_columns import CHOICES, COLUMNS, EXAMPLES, GUIDE
from teikyaku.fields import DigitsField, MonthField, PhoneField, PostalCodeField
from teikyaku.spreadsheets import Column, Sheet, Value, workbook

# A program would make a day of a month, and lose the zeros in front of a number.
_KEPT_AS_TYPED = (PhoneField, DigitsField, MonthField, PostalCodeField)
# What a second, shorter line shows: somebody who has not begun to use the service.
_SECOND = {
    "name": "見本 花子", "kana": "みほん はなこ", "birth_date": "1998/11/30",
    "employer": "見本工業", "employed_on": "令和8年4月1日", "must_not_contact": "○",
    "service_kind": "就労継続支援B型", "service_from": "2024/5/1", "service_until": "2026/3/31",
}  # fmt: skip


def template_workbook(staff: Sequence[str], wards: Sequence[str]) -> bytes:
    """An empty sheet with drop-downs, the same sheet filled in, and a page that explains each column.

    `staff`, `wards`: names that are offered for 担当 and the municipalities.
    """
    lists = _lists(staff, wards)
    columns = _columns(lists)
    examples = [
        [column.example or None for column in COLUMNS],
        [_SECOND.get(column.field) for column in COLUMNS],
    ]
    guide = [
        Column(_("列")), Column(_("まとまり"), width=16), Column(_("要るか"), width=14),
        Column(_("入れるもの"), width=70), Column(_("例"), width=20),
    ]  # fmt: skip
    return workbook(
        [
            Sheet(_("利用者"), columns, []),
            Sheet(EXAMPLES, columns, examples),
            Sheet(GUIDE, guide, _guide()),
            Sheet(CHOICES, [Column(name, width=24) for name in lists], _side_by_side(lists)),
        ]
    )


def _lists(staff: Sequence[str], wards: Sequence[str]) -> dict[str, list[str]]:
    found = {column.field: list(column.choices) for column in COLUMNS if column.choices}
    found |= {"staff": list(staff), "municipality": list(wards), "lives_in": list(wards)}
    labels = {column.field: column.names[0] for column in COLUMNS}
    return {labels[field]: values for field, values in found.items() if values}


def _columns(lists: dict[str, list[str]]) -> list[Column]:
    ranges = {
        name: f"'{CHOICES}'!${get_column_letter(place)}$2:${get_column_letter(place)}${len(values) + 1}"
        for place, (name, values) in enumerate(lists.items(), 1)
    }
    return [
        Column(
            column.names[0],
            width=16,
            choices=ranges.get(column.names[0], ""),
            is_kept_text=isinstance(LineForm.base_fields[column.field], _KEPT_AS_TYPED),
        )
        for column in COLUMNS
    ]


def _guide() -> Iterator[Sequence[Value]]:
    for column in COLUMNS:
        is_needed = _("必須") if column.is_required else _("なくてもよい")
        yield column.names[0], str(column.group), is_needed, str(column.meaning), column.example


def _side_by_side(lists: dict[str, list[str]]) -> Iterator[Sequence[Value]]:
    yield from zip_longest(*lists.values())
