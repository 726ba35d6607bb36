"""基幹システムからの取り込み: a file is looked at, then confirmed; the ward's own people only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plans.access import active_ward, core_uploads_for, get_core_upload_or_404
from plans.actions.core_upload import (
    KEPT_DAYS,
    carry_on,
    confirm_upload,
    discard_upload,
    store_upload,
)
from plans.actions.ward_export import note_ward_export
from plans.exports_core import faults_workbook, template_csv
from plans.forms.core_upload import COLUMNS, LABELS, UploadForm
from plans.models import CoreUpload, CoreUploadRow
from plans.queries.caps import ClosedMonths
from plans.queries.core_upload import state_counts, waiting_q
from plans.views.flow import ward_trail
from plans.views.ward_papers import READS, WRITES
from teikyaku.accounts.access import active_membership
from teikyaku.accounts.roles import Permission
from teikyaku.clock import now, today
from teikyaku.era import DateInputError, both, parse_date
from teikyaku.file_answers import xlsx_answer

ROWS = 50
REFUSED = 422
# What a line shows of the file, in this order; the rest stands in its words.
SHOWN = ("number", "kana")
DAYS = ("birth_date", "starts_on", "ends_on")


@READS
def core_uploads(request: HttpRequest, closed: ClosedMonths) -> HttpResponse:
    """The files that wait and those that were settled; a POST hands in another one."""
    membership = active_membership(request)
    may_write = membership.may(Permission.APPLICATION_WRITE)
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            upload = store_upload(
                municipality=active_ward(request), lines=form.lines(), labels=LABELS,
                by=membership, at=now(request), closed=closed,
            )  # fmt: skip
            if form.table.ignored:
                names = "、".join(form.table.ignored[:10])
                text = _("次の列は読みませんでした：%(names)s")
                messages.info(request, text % {"names": names})
            return redirect("admin:core_upload_page", upload.public_id)
    own = core_uploads_for(membership).select_related("recorded_by__user", "outcome_by__user")
    settled = own.exclude(waiting_q())
    context = {
        "breadcrumbs": ward_trail(_("基幹システムからの取り込み")),
        "form": form,
        "waiting": own.filter(waiting_q()),
        "page": Paginator(settled, ROWS).get_page(request.GET.get("page")),
        "columns": COLUMNS,
        "kept_days": KEPT_DAYS,
        "may_write": may_write,
    }
    status = REFUSED if form.is_bound and form.errors else 200
    return render(request, "plans/ward/core_uploads.html", context, status=status)


@READS
def core_template_csv(_request: HttpRequest) -> HttpResponse:
    """The file to fill in: headings and one made-up line."""
    response = HttpResponse(template_csv(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="teikyaku-template.csv"'
    return response


@READS
def core_upload_page(request: HttpRequest, upload: UUID) -> HttpResponse:
    """What each line would change and what is wrong in it; after it was settled, what came of it."""
    row, membership = get_core_upload_or_404(request, upload), active_membership(request)
    counts = state_counts(row)
    is_waiting = not row.outcome
    wanted = request.GET.get("state", "")
    if wanted not in CoreUploadRow.State.values:
        wanted = ""
    lines: Any = row.rows.filter(**({"state": wanted} if wanted else {}))
    page = Paginator(lines if is_waiting else row.refusals, ROWS).get_page(request.GET.get("page"))
    context = {
        "breadcrumbs": [
            *ward_trail(_("基幹システムからの取り込み"))[:-1],
            {"label": _("基幹システムからの取り込み"), "url": reverse("admin:core_uploads")},
            {"label": _("取り込みの確認") if is_waiting else _("取り込みの結果"), "url": ""},
        ],
        "upload": row,
        "is_waiting": is_waiting,
        "left": 0 if is_waiting else sum(counts.values()),
        "counts": counts,
        "to_store": counts["new"] + counts["changed"],
        "tabs": _tabs(counts, wanted, row.row_count),
        "page": page,
        "rows": [_shown(each) for each in page.object_list] if is_waiting else [],
        "needs_other": row.municipality.needs_second_officer
        and counts["new"] > 0
        and row.recorded_by.user_id == request.user.pk,
        "may_write": membership.may(Permission.APPLICATION_WRITE),
        "kept_days": KEPT_DAYS,
    }
    return render(request, "plans/ward/core_upload_page.html", context)


@READS
def core_faults_xlsx(request: HttpRequest, upload: UUID) -> HttpResponse:
    """The lines that cannot be stored, each with its value and what is expected."""
    row = get_core_upload_or_404(request, upload)
    ward, by = active_ward(request), active_membership(request)
    note_ward_export(verb="ward_core_faults_exported", ward=ward, by=by, at=now(request))
    return xlsx_answer(faults_workbook(row), f"core-faults-{today(request).isoformat()}")


@require_POST
@WRITES
def core_upload_confirm(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Store what the look has shown; `go_on` stores the next lines of a long file."""
    row = get_core_upload_or_404(request, upload)
    who: dict[str, Any] = {"by": active_membership(request), "at": now(request)}
    try:
        if not (row.outcome == CoreUpload.Outcome.CONFIRMED and "go_on" in request.POST):
            confirm_upload(upload=row, labels=LABELS, **who)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("admin:core_upload_page", row.public_id)
    left = carry_on(upload=row, labels=LABELS, **who)
    if left:
        text = _("ここまで取り込みました。残りは %(left)s 行です。")
        messages.info(request, text % {"left": f"{left:,}"})
    else:
        messages.success(request, _("取り込みが終わりました。"))
    return redirect("admin:core_upload_page", row.public_id)


@require_POST
@WRITES
def core_upload_discard(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Throw the file away; nothing of it was stored."""
    row = get_core_upload_or_404(request, upload)
    try:
        discard_upload(upload=row, by=active_membership(request), at=now(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("admin:core_upload_page", row.public_id)
    messages.success(request, _("ファイルの行を消しました。何も取り込んでいません。"))
    return redirect("admin:core_uploads")


def _tabs(counts: dict[str, int], wanted: str, total: int) -> list[dict[str, Any]]:
    states = [("", _("すべて"), total)]
    states += [(value, str(label), counts[value]) for value, label in CoreUploadRow.State.choices]
    return [
        {
            "label": label, "count": count, "url": f"?state={value}" if value else "?",
            "current": value == wanted,
        }
        for value, label, count in states
    ]  # fmt: skip


def _day(text: str) -> str:
    """A date of the file as pages write it; what cannot be read stays as it stands there."""
    try:
        return both(parse_date(text))
    except DateInputError:
        return text


def _shown(row: CoreUploadRow) -> dict[str, Any]:
    tones = {"new": "success", "changed": "info", "same": "neutral", "refused": "danger"}
    return {
        "line": row.line,
        **{name: row.cells.get(name, "") for name in SHOWN},
        **{name: _day(row.cells.get(name, "")) for name in DAYS},
        "label": row.get_state_display(),
        "tone": tones[row.state],
        "words": row.words,
        "faults": row.faults,
    }
