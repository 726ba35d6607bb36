"""移行の取込: what was answered for all lines of earlier files, and of which of them an answer comes."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from plans.models import MoveIn
from plans.move_in_columns import is_word
from plans.queries.move_in import FILES_ASKED
from plans.rules.move_in_back import is_back, own_headings


def told_answers(move_in: MoveIn, headings: Sequence[str]) -> dict[str, str]:
    """What was said of all lines of earlier files with just these headings, the newest answer of each.

    What a word of a column means holds whatever came of the file; what holds for lines that are silent is
    taken only of files that came in: what was thrown away or undone may have been so for that very answer.
    """
    found: dict[str, str] = {}
    for each in _answered(move_in).exclude(pk=move_in.pk)[:FILES_ASKED]:
        if list(each.headings) == list(headings):
            found = {**_lasting(each), **found}
    return found


def answers_from(move_in: MoveIn) -> dict[str, MoveIn]:
    """By answer for silent lines that stands in a file and in an earlier one alike, the newest of those (one query).

    Columns that were added on the page do not make it another table.
    """
    own = own_headings(move_in.headings) if is_back(move_in.headings) else list(move_in.headings)
    found: dict[str, MoveIn] = {}
    for each in _answered(move_in).filter(pk__lt=move_in.pk)[:FILES_ASKED]:
        if own[: len(each.headings)] != list(each.headings):
            continue
        for name, value in _lasting(each).items():
            if value and not is_word(name) and move_in.answers.get(name) == value:
                found.setdefault(name, each)
    return found


def _answered(move_in: MoveIn) -> QuerySet[MoveIn]:
    """The office's files with answers, newest first."""
    rows = MoveIn.objects.filter(office=move_in.office_id).exclude(columns={}).exclude(answers={})
    return rows.only("file_name", "headings", "answers", "outcome", "undone_at", "recorded_at")


def _lasting(move_in: MoveIn) -> dict[str, str]:
    is_kept = move_in.outcome == MoveIn.Outcome.CONFIRMED and move_in.undone_at is None
    return {name: value for name, value in move_in.answers.items() if is_kept or is_word(name)}
