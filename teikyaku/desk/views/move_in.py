"""移行の取込: an office's own sheets are handed in, looked at, imported, and can be taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plans.actions import move_in as actions
from plans.actions import move_in_store as stores
from plans.forms.move_in import ColumnsForm, MoveInFileForm
from plans.forms.move_in_codes import unread_words
from plans.forms.move_in_fits import can_hold
from plans.forms.move_in_mend import AnswersForm, MendForm, faults_by_line, lacking_of, wrong_fields
from plans.forms.move_in_reader import LineReader
from plans.forms.move_in_table import table_form
from plans.models import MoveIn, MoveInRow
from plans.move_in_columns import BY_FIELD, COLUMNS, NAMES, REQUIRED, label_of
from plans.move_in_kept import kept_labels
from plans.queries.move_in import (
    KEPT_DAYS,
    coming_of,
    half_undone_q,
    kept_until,
    move_ins_of,
    not_yet,
    reopened_from,
    same_file_before,
    state_counts,
    told_meanings,
    told_sheets,
    waiting_q,
)
from plans.queries.move_in_answers import told_answers
from plans.queries.move_in_left import left_out, marked_lines, own_meanings
from plans.queries.move_in_places import unknown_places
from plans.rules.move_in import Head, Seen, guesses, head_at
from teikyaku.accounts.access import active_membership, active_office
from teikyaku.accounts.queries.office_start import first_month_here
from teikyaku.clock import now, today
from teikyaku.desk.actions.move_in_undo import undo_move_in, undo_on
from teikyaku.desk.queries.move_in_progress import minutes_left, progress_of
from teikyaku.desk.queries.move_in_undo import built_on, later_files
from teikyaku.desk.views.move_in_desk import (
    MOVES_IN,
    PARTLY,
    TONES,
    WARNED,
    back_to_line,
    looked,
    own_file,
    reader_of,
    stepped,
    told_before,
    who_and_when,
)
from teikyaku.desk.views.move_in_elsewhere import elsewhere_of, others_of
from teikyaku.desk.views.move_in_mend import held_of
from teikyaku.sheet_files import LINES_ABOVE

State = MoveInRow.State
ROWS = 50
REFUSED = 422
# Lines by which guesses are judged; of each column the first few texts are shown.
SAMPLES = 30
# People on one page of the preview, each with all that comes in.
LINES = 20
COMING = (State.NEW.value, State.CHANGED.value, State.SAME.value, State.DOUBTFUL.value)
# What most offices bring; a sheet that lacks it is told before it is looked at.
WISHED = ("service_kind", "employed_on", "number", "granted_from", "signed_on", "last_met_on")
SHOWN = ("name", "kana", "birth_date")


@MOVES_IN
def move_ins(request: HttpRequest) -> HttpResponse:
    """The office's files; a POST hands in another one."""
    office = active_office(request)
    form = MoveInFileForm()
    if request.method == "POST":
        form = MoveInFileForm(request.POST, request.FILES, known_sheets=told_sheets(office))
        row = _stored(request, form) if form.is_valid() else None
        if row is not None:
            told = told_before(request, row)
            return looked(request, told) if told else redirect("move_in_columns", row.public_id)
    rows = move_ins_of(office).filter(is_aside=False)
    halves = list(rows.filter(half_undone_q()))
    context = {
        "breadcrumbs": _trail(),
        "form": form,
        "first_month": first_month_here(office),
        "waiting": not_yet(rows.filter(waiting_q()), halves),
        "half_undone": halves,
        "page": Paginator(rows.exclude(waiting_q()), ROWS).get_page(request.GET.get("page")),
        "columns": COLUMNS,
        "kept_days": KEPT_DAYS,
    }
    status = REFUSED if form.is_bound and form.errors else 200
    return render(request, "desk/move_ins.html", context, status=status)


def _stored(request: HttpRequest, form: MoveInFileForm) -> MoveIn | None:
    try:
        row = stores.store_sheets(
            office=active_office(request), file_name=form.file_name, digest=form.digest,
            sheets=[(each.sheet.name, each.head, each.sheet.rows) for each in form.tables],
            by=active_membership(request), at=now(request),
        )  # fmt: skip
    except ValidationError as error:
        form.add_error("file", error.messages)  # type: ignore[arg-type]
        return None
    for text in form.unread():
        messages.warning(request, text)
    return row


@MOVES_IN
def move_in_columns(request: HttpRequest, move_in: UUID) -> HttpResponse:
    """What each column of the file means, as guessed; corrected by hand and kept for the next file."""
    row = own_file(request, move_in)
    if not row.is_waiting:
        return redirect("move_in_page", row.public_id)
    known = told_meanings(row)
    samples = list(row.people.order_by("line").values_list("cells", flat=True)[:SAMPLES])
    read = guesses(row.headings, NAMES, known, Seen(samples, can_hold))
    guessed = row.columns or {field: position for field, (position, _sure) in read.items()}
    form = ColumnsForm(
        request.POST or None, headings=row.headings, samples=samples, guessed=guessed,
        unsure=[] if row.columns else [field for field, (_at, sure) in read.items() if not sure],
        answers=row.answers if row.columns else told_answers(row, row.headings),
        is_told=bool(row.columns),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        who: dict[str, Any] = {"by": active_membership(request), "at": now(request)}
        row = actions.tell_columns(
            move_in=row, columns=form.columns(), answers=form.answers(), **who
        )
        return looked(request, row)
    context = {
        "breadcrumbs": _trail(_("列の対応")),
        "form": form,
        "move_in": row,
        "found": len(guessed),
        "own": own_meanings(row.headings, known, guessed),
        "missing": [BY_FIELD[field] for field in REQUIRED if field not in guessed],
        "wished": [BY_FIELD[field] for field in WISHED if field not in guessed],
        "table": table_form(row),
        "same_file": same_file_before(row),
        "elsewhere": elsewhere_of([row], active_membership(request)).get(row.pk),
    }
    status = REFUSED if form.is_bound and form.errors else 200
    return render(request, "desk/move_in_columns.html", context, status=status)


@require_POST
@MOVES_IN
def move_in_table(request: HttpRequest, move_in: UUID) -> HttpResponse:
    """Take another sheet of the file, or other headings."""
    row = own_file(request, move_in)
    form = table_form(row, request.POST)
    if not form.is_valid():
        messages.error(request, _("シートと見出しの行を選んでください。"))
        return redirect("move_in_columns", row.public_id)
    wanted = own_file(request, UUID(form.cleaned_data["sheet"]))
    top = list(wanted.rows.order_by("line").values_list("line", "cells")[:LINES_ABOVE])
    if wanted.pk == row.pk and form.cleaned_data["head"]:
        head = head_at(top, form.cleaned_data["head"], NAMES)
    else:
        head = Head(wanted.head_line, tuple(wanted.headings))
    try:
        stores.choose_table(
            move_in=wanted, headings=head.headings, head_line=head.line, **who_and_when(request)
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("move_in_columns", row.public_id)
    return redirect("move_in_columns", wanted.public_id)


@MOVES_IN
def move_in_page(request: HttpRequest, move_in: UUID) -> HttpResponse:
    """What each line would do and what is wrong in it; after the import, what came of it."""
    row = own_file(request, move_in)
    if row.is_waiting and not row.is_mapped:
        return redirect("move_in_columns", row.public_id)
    counts = state_counts(row)
    progress = progress_of(row, counts)
    context: dict[str, Any] = {
        "breadcrumbs": _trail(_("移行の取込")),
        "move_in": row,
        "counts": counts,
        "kept_until": kept_until(row),
        **progress,
        "minutes": minutes_left(request.GET.get("pace", ""), progress["left"]),
    }
    if row.is_waiting and not counts[State.UNREAD]:
        context |= _preview(request, row, counts)
    elif row.outcome == MoveIn.Outcome.CONFIRMED:
        context["page"] = Paginator(row.refusals, ROWS).get_page(request.GET.get("page"))
        context["sheets"] = others_of(row, active_membership(request))
        context["reopened"] = reopened_from(row)
        context["built"] = built = [] if row.undone_at else built_on(row, today(request))
        context["later_files"] = later_files(row) if built else []
    return render(request, "desk/move_in_page.html", context)


def _preview(request: HttpRequest, row: MoveIn, counts: dict[str, int]) -> dict[str, Any]:
    wanted = request.GET.get("state", "")
    if wanted not in {*TONES, PARTLY, WARNED}:
        wanted = ""
    coming = row.people.filter(state__in=COMING)
    narrowed = {PARTLY: coming.exclude(faults=[]), WARNED: coming.exclude(warnings=[])}
    every = row.people.filter(state=wanted) if wanted else row.people
    lines = Paginator(narrowed.get(wanted, every).order_by("line"), LINES)
    page = lines.get_page(request.GET.get("page"))
    counts = {**counts, **{key: found.count() for key, found in narrowed.items()}}
    reader = reader_of(request, row)
    by_line = faults_by_line(row)
    wrong = [faults for _line, faults in by_line]
    lacking, codes = lacking_of(wrong), unread_words(wrong)
    asked = AnswersForm(
        wanted=list(lacking), answers=row.answers, codes=codes, staff=reader.staff_choices()
    )
    return {
        **held_of(row),
        "lacking": [(label_of(field), count) for field, count in lacking.items()],
        "answers_form": asked if asked.fields else None,
        "codes": len(codes),
        "page": page,
        "state": wanted,
        "partly": counts[PARTLY],
        "rows": [_shown(each, reader) for each in page.object_list],
        "tabs": _tabs(counts, wanted),
        "warned": counts[WARNED],
        "coming": coming_of(row),
        "left_out": left_out(row),
        "marked": marked_lines(row),
        "unknown_places": unknown_places(by_line),
    }


def _tabs(counts: dict[str, int], wanted: str) -> list[dict[str, Any]]:
    """Every state in which there is a line, and those that call for a look."""
    states = [("", _("すべて"), sum(counts[state.value] for state in State))]
    states += [(state.value, str(state.label), counts[state]) for state in TONES if counts[state]]
    more = {PARTLY: _("読めない項目がある"), WARNED: _("確かめること")}
    states += [(key, label, counts[key]) for key, label in more.items() if counts[key]]
    return [
        {
            "label": label, "count": count, "url": f"?state={value}" if value else "?",
            "current": value == wanted,
        }
        for value, label, count in states
    ]  # fmt: skip


def _shown(row: MoveInRow, reader: LineReader) -> dict[str, Any]:
    return {
        "row": row,
        "tone": TONES.get(State(row.state), "neutral"),
        "differs": row.state == State.SAME and bool(kept_labels(row.words)),
        "asks": row.state == State.DOUBTFUL,
        "may_change": bool(row.choice),
        "values": reader.shown(row.cells, row.faults, row.words) if row.state in COMING else [],
        "comes": row.state in COMING,
        "mend": MendForm(row=row, reader=reader) if wrong_fields(row) else None,
        **{name: reader.text(row.cells, name) for name in SHOWN},
    }


@require_POST
@MOVES_IN
def move_in_look(request: HttpRequest, move_in: UUID) -> HttpResponse:
    """Look at the next lines of a long file."""
    return looked(request, own_file(request, move_in))


@require_POST
@MOVES_IN
def move_in_choose(request: HttpRequest, move_in: UUID, line: int) -> HttpResponse:
    """Whether a line is about somebody on file."""
    row = own_file(request, move_in)
    choice = request.POST.get("choice", "")
    found = row.rows.filter(line=line).first()
    if found is None or choice not in {"", *MoveInRow.Choice.values}:
        raise Http404
    try:
        actions.choose(
            move_in=row, line=line, choice=choice, reader=reader_of(request, row),
            by=active_membership(request), at=now(request),
        )  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(back_to_line(request, row, line))


@require_POST
@MOVES_IN
def move_in_import(request: HttpRequest, move_in: UUID) -> HttpResponse:
    """Import what the look has shown; sent again, it goes on where it stopped."""
    row, who = own_file(request, move_in), who_and_when(request)
    try:
        if row.outcome != MoveIn.Outcome.CONFIRMED:
            row = actions.confirm_move_in(move_in=row, **who)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("move_in_page", row.public_id)
    reader = reader_of(request, row)
    left, page = stepped(row, lambda: actions.carry_on(move_in=row, reader=reader, **who))
    if not left:
        messages.success(request, _("取込が終わりました。"))
    return page


@require_POST
@MOVES_IN
def move_in_discard(request: HttpRequest, move_in: UUID) -> HttpResponse:
    """Throw the file away; nothing of it was imported."""
    row = own_file(request, move_in)
    try:
        actions.discard_move_in(move_in=row, **who_and_when(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("move_in_page", row.public_id)
    messages.success(request, _("ファイルの行を消しました。何も取り込んでいません。"))
    return redirect("move_ins")


@MOVES_IN
def move_in_undo(request: HttpRequest, move_in: UUID) -> HttpResponse:
    """Asked first, then taken back as a whole; sent again, it goes on where it stopped."""
    row, who = own_file(request, move_in), who_and_when(request)
    page = reverse("move_in_page", args=[row.public_id])
    if row.outcome != MoveIn.Outcome.CONFIRMED:
        return redirect(page)
    if request.method != "POST":
        return _confirm_undo(request, row, page)
    try:
        if row.undone_at is None:
            row = undo_move_in(move_in=row, **who)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(page)
    left, answer = stepped(row, lambda: undo_on(move_in=row, **who))
    if not left:
        messages.success(request, _("取り込む前に戻しました。"))
    return answer


def _confirm_undo(request: HttpRequest, row: MoveIn, page: str) -> HttpResponse:
    if row.undone_at is not None or built_on(row, today(request)):
        return redirect(page)
    people = row.rows.filter(state=State.DONE).values("enrolment").distinct().count()
    context = {
        "breadcrumbs": _trail(_("取込の取消し")),
        "heading": _("取込の取消し"),
        "lead": _(
            "この取込で入れた記録を、すべて消して、取り込む前に戻します。前から登録があった方は、足した記録だけを消します。"
            "ファイルの行は、画面で直したところも含めて「確認を待っているファイル」に戻ります。"
        ),
        "facts": [
            {"label": _("ファイル"), "value": row.file_name},
            {"label": _("取り消す人数"), "value": _("%(n)s人") % {"n": f"{people:,}"}},
        ],
        "cancel_url": page,
        "submit": _("取り込む前に戻す"),
        "tone": "danger",
    }
    return render(request, "components/confirm_page.html", context)


def _trail(*steps: str) -> list[dict[str, str]]:
    start = [
        {"label": _("始め方"), "url": reverse("office_start")},
        {"label": _("利用者の移行"), "url": reverse("move_ins") if steps else ""},
    ]
    return [*start, *({"label": step, "url": ""} for step in steps)]
