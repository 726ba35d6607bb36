"""移行の取込: what its pages share: who may, whose file it is, what reads its lines, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from plans.actions import move_in as actions
from plans.forms.move_in_births import Births
from plans.forms.move_in_cells import Book
from plans.forms.move_in_reader import LineReader
from plans.models import MoveIn, MoveInRow
from plans.move_in_columns import BELOW, CARDS, MARKS
from plans.queries.move_in import (
    book_facts,
    move_ins_of,
    people_by_name,
    same_headings_before,
    state_counts,
)
from plans.queries.move_in_answers import told_answers
from plans.rules.move_in_back import is_back, moved, own_headings
from teikyaku.accounts.access import active_membership, active_office, note_read, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.desk.queries.move_in_progress import pace_of, progress_of

# 管理者: who answers for the office and may write its people.
MOVES_IN = requires(Permission.OFFICE_SETTINGS, Permission.CLIENT_WRITE, scope=Scope.OFFICE)
State = MoveInRow.State
# A tab of the preview: people who come in without something that could not be read.
PARTLY = "partly"
TONES = {
    State.NEW: "success", State.CHANGED: "info", State.SAME: "neutral", State.DOUBTFUL: "warning",
    State.REFUSED: "danger", State.LEFT_OUT: "neutral",
}  # fmt: skip
# Lines of the list that would come in and call for a look, whatever their state.
WARNED = "warned"


def own_file(request: HttpRequest, public_id: UUID) -> MoveIn:
    """The office's own file; the read is audited. Raises Http404 for any other."""
    rows = move_ins_of(active_office(request))
    found = get_object_or_404(rows, public_id=public_id)
    note_read(request, found)
    return found


def who_and_when(request: HttpRequest) -> dict[str, Any]:
    """For the actions."""
    return {"by": active_membership(request), "at": now(request)}


def reader_of(request: HttpRequest, row: MoveIn) -> LineReader:
    """What reads its lines, with all that a cell can name here today."""
    has_names_only = row.is_mapped and not {"kana", "birth_date"} <= set(row.columns)
    people = people_by_name(row.office, today(request)) if has_names_only else ()
    book = Book(**book_facts(row.office, today(request)), people=people)
    mark, below = (
        row.headings.index(each) if each in row.headings else None for each in (MARKS, BELOW)
    )
    return LineReader(
        row.columns, book, answers=row.answers, mark=mark, below=below, is_cards=row.sheet == CARDS,
        is_alone=is_back(row.headings), births=Births(_other_sheets(row, book)),
    )  # fmt: skip


def _other_sheets(row: MoveIn, book: Book) -> Iterator[tuple[MoveIn, LineReader]]:
    """The other sheets of the file of which somebody has told the columns."""
    others = MoveIn.objects.filter(office=row.office_id, digest=row.digest, undone_at=None)
    for other in (
        others.exclude(pk=row.pk).exclude(columns={}).exclude(outcome=MoveIn.Outcome.DISCARDED)
    ):
        yield other, LineReader(other.columns, book, answers=other.answers)


def told_before(request: HttpRequest, row: MoveIn) -> MoveIn | None:
    """Of lines that were handed back to be mended: the file with its columns told as in the first one.

    None for any other file, where headings were changed, and where the first one is not known here.
    """
    if not is_back(row.headings):
        return None
    earlier = same_headings_before(row, own_headings(row.headings))
    if earlier is None:
        return None
    return actions.tell_columns(
        move_in=row, columns=moved(earlier.columns),
        answers=told_answers(row, own_headings(row.headings)), **who_and_when(request),
    )  # fmt: skip


def looked(request: HttpRequest, row: MoveIn) -> HttpResponse:
    """Look at the next lines and show how it stands."""
    if not (row.is_waiting and row.is_mapped):
        return redirect("move_in_page", row.public_id)
    reader, who = reader_of(request, row), who_and_when(request)
    return stepped(row, lambda: actions.look_on(move_in=row, reader=reader, **who))[1]


def stepped(row: MoveIn, step: Callable[[], int]) -> tuple[int, HttpResponse]:
    """A step with a long file: how many lines are left of it, and the page, which is told how fast it went."""
    before, began = progress_of(row, state_counts(row))["left"], monotonic()
    left = step()
    page = reverse("move_in_page", args=[row.public_id])
    if 0 < left < before:
        page += f"?pace={pace_of(monotonic() - began, before - left)}"
    return left, redirect(page)


def back_to_line(request: HttpRequest, row: MoveIn, line: int) -> str:
    """The same page of the list, at the line."""
    page = request.POST.get("page", "")
    state = request.POST.get("state", "")
    asked = {
        **({"state": state} if state in {*TONES, PARTLY, WARNED} else {}),
        **({"page": page} if page.isdecimal() and page.isascii() else {}),
    }
    query = f"?{urlencode(asked)}" if asked else ""
    return f"{reverse('move_in_page', args=[row.public_id])}{query}#line-{line}"
