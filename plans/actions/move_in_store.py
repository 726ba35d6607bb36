"""移行の取込: the sheets of a file are kept, and the one to take is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from plans.actions.move_in import TOGETHER, open_move_in
from plans.actions.move_in_keep import forget_left
from plans.models import MoveIn, MoveInRow
from plans.move_in_columns import BELOW, MARKS, STAFF_BELOW
from plans.queries.move_in import other_sheets
from plans.rules.move_in import Head
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Office
from teikyaku.accounts.queries.office_start import first_month_here

MOST_ROWS = 10_000
SHEET_LENGTH = 40
State = MoveInRow.State


@transaction.atomic
def store_move_in(
    *, office: Office, file_name: str, digest: str, sheet: str, headings: Sequence[str],
    rows: Iterable[tuple[int, list[str]]], by: Membership, at: datetime, head_line: int = 0,
    is_aside: bool = False,
) -> MoveIn:  # fmt: skip
    """Keep the lines of a file; nothing is read of them before its columns are told.

    Lines up to `head_line` hold the headings and what stands above them. `is_aside`: another sheet
    of the file is the one that was taken.
    What lay here unsettled for 14 days is erased. Raises ValidationError before the office has told
    its first month here, for a file without lines, and for one that is too long.
    """
    if first_month_here(office) is None:
        raise ValidationError(_("先に「ここで請求する最初の月」を決めてください。"))
    forget_left(office=office, by=by, at=at)
    move_in = MoveIn(
        office=office, file_name=file_name, digest=digest, sheet=sheet, headings=list(headings),
        is_aside=is_aside,
    )  # fmt: skip
    save_record(move_in, verb="move_in_received", by=by, at=at)
    stream = (
        MoveInRow(
            move_in=move_in, line=line, cells=cells,
            state=State.ABOVE if line <= head_line else State.UNREAD,
        ) for line, cells in rows
    )  # fmt: skip
    while chunk := list(islice(stream, TOGETHER)):
        MoveInRow.objects.bulk_create(chunk)
        move_in.row_count += sum(row.state == State.UNREAD for row in chunk)
        if move_in.row_count > MOST_ROWS:
            text = _("%(most)s行より多いファイルです。分けて取り込んでください。")
            raise ValidationError(text % {"most": f"{MOST_ROWS:,}"})
    if not move_in.row_count:
        raise ValidationError(_("見出しの行だけで、取り込む行がありません。"))
    move_in.save(update_fields=["row_count"])
    return move_in


@transaction.atomic
def store_sheets(
    *, office: Office, file_name: str, digest: str,
    sheets: Sequence[tuple[str, Head, Sequence[tuple[int, list[str]]]]], by: Membership,
    at: datetime,
) -> MoveIn:  # fmt: skip
    """Keep the sheets of a file (name, headings, lines each), the first of them to be taken.

    The same file that lay here unread goes. Raises ValidationError as `store_move_in` does.
    """
    _forget_unread(office, digest, by, at)
    stored = [
        store_move_in(
            office=office, file_name=file_name, digest=digest, sheet=name[:SHEET_LENGTH],
            headings=head.headings, rows=rows, head_line=head.line, is_aside=position > 0,
            by=by, at=at,
        )
        for position, (name, head, rows) in enumerate(sheets)
    ]  # fmt: skip
    return stored[0]


def _forget_unread(office: Office, digest: str, by: Membership, at: datetime) -> None:
    """Of the same file, what was handed in before without that anybody told a column of any of its sheets."""
    files = MoveIn.objects.filter(office=office, digest=digest)
    begun = files.exclude(columns={}, outcome="").values("recorded_at")
    for unread in files.filter(columns={}, outcome="").exclude(recorded_at__in=begun):
        audit(verb="move_in_discarded", subject=unread, by=by, at=at)
        unread.delete()


@transaction.atomic
def choose_table(
    *, move_in: MoveIn, headings: Sequence[str], head_line: int, by: Membership, at: datetime
) -> MoveIn:
    """Take this sheet of its file, with its headings where they end in `head_line`.

    What was told of its columns is asked again where the headings are others. Raises ValidationError
    for a file that is settled, and where nobody stands below the headings.
    """
    row = open_move_in(move_in)
    headings = _with_marks(row, headings)
    _put_aside(row)
    if list(headings) != row.headings or row.is_aside:
        row.columns = {}
    row.headings, row.is_aside = list(headings), False
    row.rows.filter(line__lte=head_line).update(state=State.ABOVE)
    row.rows.filter(line__gt=head_line, state=State.ABOVE).update(state=State.UNREAD)
    row.row_count = row.people.count()
    if not row.row_count:
        raise ValidationError(_("見出しの行だけで、取り込む行がありません。"))
    fields = ("headings", "is_aside", "columns", "row_count")
    return save_record(row, verb="move_in_table_chosen", by=by, at=at, fields=fields)


def _with_marks(row: MoveIn, headings: Sequence[str]) -> list[str]:
    """The headings with the columns that no line of the sheet names, where they stand: what was read of its rows."""
    found = list(headings)
    for each in (MARKS, STAFF_BELOW, BELOW):
        if each in row.headings and each not in found:
            place = row.headings.index(each)
            found += [""] * (place + 1 - len(found))
            found[place] = each
    return found


def _put_aside(move_in: MoveIn) -> None:
    """The sheet of the same file that was taken until now, where nobody has settled it."""
    keys = [each.pk for each in other_sheets(move_in)]
    MoveIn.objects.filter(pk__in=keys).update(is_aside=True)
