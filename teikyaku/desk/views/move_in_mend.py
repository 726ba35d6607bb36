"""移行の取込: cells put right on the page, and what is answered for all lines at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plans.actions import move_in_mend as actions
from plans.actions.move_in_keep import judge_anew
from plans.forms.move_in_codes import unread_words
from plans.forms.move_in_mend import (
    ASKED,
    AnswersForm,
    MendForm,
    faults_in,
    held_answers,
    held_fields,
)
from plans.models import MoveIn
from plans.queries.move_in_answers import answers_from
from teikyaku.desk.views.move_in_desk import (
    MOVES_IN,
    back_to_line,
    looked,
    own_file,
    reader_of,
    who_and_when,
)


def held_of(row: MoveIn) -> dict[str, Any]:
    """For the preview: the answers that hold for all silent lines, whence they are, and what mends them."""
    form = AnswersForm(
        wanted=held_fields(row.answers), answers=row.answers, codes={}, auto_id="held_%s"
    )
    sources = answers_from(row) if form.fields else {}
    return {"held": held_answers(form, sources), "held_form": form}


@require_POST
@MOVES_IN
def move_in_answers(request: HttpRequest, move_in: UUID) -> HttpResponse:
    """What holds for all lines that do not tell it themselves."""
    row = own_file(request, move_in)
    codes = unread_words(faults_in(row))
    staff = reader_of(request, row).staff_choices()
    form = AnswersForm(
        request.POST, wanted=list(ASKED), answers=row.answers, codes=codes, staff=staff
    )
    if not form.is_valid() or not form.answers():
        messages.error(request, _("まとめての答えを選んでください。"))
        return redirect("move_in_page", row.public_id)
    try:
        row = actions.answer_for_all(move_in=row, answers=form.answers(), **who_and_when(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("move_in_page", row.public_id)
    return looked(request, row)


@require_POST
@MOVES_IN
def move_in_again(request: HttpRequest, move_in: UUID) -> HttpResponse:
    """Every line judged anew: staff were invited meanwhile, or people registered."""
    row = own_file(request, move_in)
    try:
        row = judge_anew(move_in=row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("move_in_page", row.public_id)
    return looked(request, row)


@require_POST
@MOVES_IN
def move_in_mend(request: HttpRequest, move_in: UUID, line: int) -> HttpResponse:
    """Cells of a line in which something was wrong, put right on the page."""
    row = own_file(request, move_in)
    found = row.people.filter(line=line).first()
    if found is None or not row.is_mapped:
        raise Http404
    form = MendForm(request.POST, row=found, reader=reader_of(request, row))
    if not form.fields or not form.is_valid():
        words = [
            f"{form[name].label}：{each}" for name, errors in form.errors.items() for each in errors
        ]
        messages.error(request, " ".join(words) or _("直す項目が送られていません。"))
        return redirect(back_to_line(request, row, line))
    try:
        actions.mend_line(
            move_in=row, line=line, values=form.values(),
            reader=lambda held: reader_of(request, held), **who_and_when(request),
        )  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(back_to_line(request, row, line))
