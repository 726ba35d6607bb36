"""職員の一覧: an office's own staff from a sheet, looked at, then invited by one press."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.actions.outbox import send_waiting
from teikyaku.accounts.actions.staff_list import invite_staff, take_back
from teikyaku.accounts.exports_staff_list import staff_template
from teikyaku.accounts.forms.staff_list import NAMES, REQUIRED, StaffRows, lines_of
from teikyaku.accounts.invitations import absolute_link
from teikyaku.accounts.queries.staff_list import addresses, batches
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.file_answers import xlsx_answer
from teikyaku.near_days import near_days
from teikyaku.typed_rows import PREFIX, TableFileForm, as_data, has_rows, instant_in, one_more

INVITES = requires(Permission.STAFF_INVITE, scope=Scope.OFFICE)
REFUSED = 422


@INVITES
def staff_list(request: HttpRequest) -> HttpResponse:
    """Rows to type, or a sheet whose rows are put right here; nobody is invited before 招待を送る."""
    office, on = active_office(request), today(request)
    file = TableFileForm(names=NAMES, required=REQUIRED)
    data: Any = None
    left = ""
    if request.method == "POST" and not has_rows(request):
        file = TableFileForm(request.POST, request.FILES, names=NAMES, required=REQUIRED)
        if file.is_valid():
            read = lines_of(file.table, on)
            data = as_data(read.rows)
            left = read.told
    elif request.method == "POST":
        data = one_more(request) if "more" in request.POST else request.POST
    own = active_membership(request).user.email
    extras = {"known": addresses(office), "own": own, "on": on}
    rows = StaffRows(data, prefix=PREFIX, form_kwargs=extras)
    for form in rows.forms:
        near_days(form, on)
    is_sent = request.method == "POST" and "save" in request.POST
    if is_sent and rows.is_valid() and _invited(request, rows):
        return redirect("staff_list")
    context = {
        "file": file,
        "unread": file.unread,
        "form": rows if rows.is_bound and rows.total_error_count() else file,
        "rows": rows,
        "left": left,
        "batches": batches(office, now(request)),
        "columns": [names[0] for names in NAMES.values()],
        "breadcrumbs": [
            {"label": _("ホーム"), "url": reverse("home")},
            {"label": _("始め方"), "url": reverse("office_start")},
            {"label": _("職員の招待"), "url": ""},
        ],
    }
    is_refused = file.errors or (is_sent and not rows.is_valid())
    status = REFUSED if is_refused else 200
    return render(request, "accounts/staff_list.html", context, status=status)


def _invited(request: HttpRequest, rows: Any) -> bool:
    try:
        made = invite_staff(
            office=active_office(request), people=rows.coming, link_of=absolute_link,
            by=active_membership(request), at=now(request),
        )  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    failed = [m for m in made if send_waiting(at=now(request), recipient=m.user).failed]
    messages.success(request, _("%(n)d人に招待を送りました。") % {"n": len(made)})
    if failed:
        messages.warning(request, _("メールをまだ送れません。あとでもう一度、自動で送ります。"))
    return True


@INVITES
def staff_list_file(request: HttpRequest) -> HttpResponse:
    """The workbook to fill in."""
    return xlsx_answer(staff_template(), "staff-template")


@require_POST
@INVITES
def staff_list_undo(request: HttpRequest) -> HttpResponse:
    """Everybody of one list, as long as nobody of them has begun."""
    at = instant_in(request.POST.get("at", ""))
    if at is None:
        raise Http404
    try:
        count = take_back(
            office=active_office(request), invited=at, by=active_membership(request),
            at=now(request),
        )  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("%(n)d人の招待を取り消しました。") % {"n": count})
    return redirect("staff_list")
