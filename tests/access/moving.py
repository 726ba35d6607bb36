"""Moving in and out, in the access matrix: the manager of the office, and a file of the office's own."""

from __future__ import annotations

from typing import Any

from plans.models import MoveIn, MoveInRow
from teikyaku.accounts.models import OfficeTakeout
from teikyaku.clock import at_noon
from tests.cast import Cast

HEADS = ("head", "outsider")
TABLE: dict[str, tuple[str, ...]] = {
    "office_start": HEADS,
    "staff_list": HEADS,
    "staff_list_file": HEADS,
    "first_month": HEADS,
    "move_ins": HEADS,
    "move_in_template": HEADS,
    "move_in_page": ("head",),
    "move_in_columns": ("head",),
    "move_in_place": ("head",),
    "move_in_undo": ("head",),
    "move_in_refusals": ("head",),
    "opening_edit": ("head",),
    "takeouts": HEADS,
    "takeout_file": ("head",),
    "takeout_remove": ("head",),
}
POSTS = {
    "start_put_away": HEADS,
    "start_answer": HEADS,
    "takeout_ask": HEADS,
    "staff_list_undo": HEADS,
    "retention_before_back": ("head",),
    "takeout_build": ("head",),
    "move_in_look": ("head",),
    "move_in_table": ("head",),
    "move_in_choose": ("head",),
    "move_in_mend": ("head",),
    "move_in_again": ("head",),
    "move_in_answers": ("head",),
    "move_in_import": ("head",),
    "move_in_discard": ("head",),
}


def arguments(cast: Cast) -> dict[str, Any]:
    """A file of the cast's office whose only line cannot be imported."""
    head = cast.members["head"]
    found, is_new = MoveIn.objects.get_or_create(
        office=cast.office, file_name="名簿.csv",
        defaults={
            "digest": "0" * 64, "headings": ["氏名", "ふりがな", "生年月日"], "row_count": 1,
            "columns": {"name": 0, "kana": 1, "birth_date": 2},
            "recorded_by": head, "recorded_at": at_noon(cast.today),
        },
    )  # fmt: skip
    if is_new:
        MoveInRow.objects.create(
            move_in=found, line=2, cells=["誰か", "", ""], state=MoveInRow.State.REFUSED,
            faults=[["B2", "ふりがな", "", "入れてください。"]],
        )  # fmt: skip
    takeout, _is_new = OfficeTakeout.objects.get_or_create(
        office=cast.office, ready_at=None,
        defaults={"recorded_by": head, "recorded_at": at_noon(cast.today)},
    )  # fmt: skip
    return {"move_in": found.public_id, "line": 2, "step": "invoices", "takeout": takeout.public_id}
