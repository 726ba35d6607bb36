"""データを持ち出す: everything of the office as one file, by who leads it, after asking once more who it is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from teikyaku.accounts.access import active_membership, active_office, note_read, requires
from teikyaku.accounts.actions import takeout as actions
from teikyaku.accounts.models import OfficeTakeout
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.desk.actions.takeout import build_on
from teikyaku.desk.queries.takeout import contents_of, open_takeout, takeouts_of
from teikyaku.desk.takeout.archive import ZIP
from teikyaku.desk.takeout.errors import TakeoutError

# 管理者: who answers for the office and may read all of it, protected addresses and the record too.
TAKES_OUT = requires(
    Permission.OFFICE_SETTINGS, Permission.PROTECTED_ADDRESS_READ, Permission.AUDIT_READ,
    scope=Scope.OFFICE,
)  # fmt: skip
ROWS = 20


@TAKES_OUT
def takeouts(request: HttpRequest) -> HttpResponse:
    """What the file holds, how large it is, where to keep it, who took one before."""
    office = active_office(request)
    rows = takeouts_of(office)
    context = {
        "breadcrumbs": [
            {"label": _("事業所の届出"), "url": reverse("office_settings")},
            {"label": _("データを持ち出す"), "url": ""},
        ],
        "current": open_takeout(office),
        "contents": contents_of(office),
        "days": actions.days_kept(today(request)),
        "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
    }
    return render(request, "desk/takeouts.html", context)


@require_POST
@TAKES_OUT
@reauthentication_required
def takeout_ask(request: HttpRequest) -> HttpResponse:
    """Begin a file; the page that follows makes it, a piece at a time, and shows how far it is."""
    actions.ask_takeout(office=active_office(request), **_who(request))
    return redirect("takeouts")


@require_POST
@TAKES_OUT
def takeout_build(request: HttpRequest, takeout: UUID) -> HttpResponse:
    """Go on with it."""
    return _built(request, _own(request, takeout))


def _built(request: HttpRequest, takeout: OfficeTakeout) -> HttpResponse:
    if takeout.is_open:
        try:
            if build_on(takeout=takeout, **_who(request)):
                messages.success(request, _("ファイルができました。受け取ってください。"))
        except TakeoutError as error:
            messages.error(request, str(error))
    return redirect("takeouts")


@TAKES_OUT
def takeout_file(request: HttpRequest, takeout: UUID) -> HttpResponse:
    """The file itself; each taking is on the record."""
    answer: HttpResponse = _handed_out(request, _own(request, takeout))
    return answer


@reauthentication_required
def _handed_out(request: HttpRequest, row: OfficeTakeout) -> HttpResponseBase:
    """Asked after the look-up: of another office's file nobody is told, whoever they are."""
    try:
        file = (actions.folder_of(row) / ZIP).open("rb")
        actions.take(takeout=row, **_who(request))
    except FileNotFoundError as error:
        raise Http404 from error
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("takeouts")
    name = f"teikyaku-{row.office.number}-{row.recorded_at:%Y%m%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


@TAKES_OUT
def takeout_remove(request: HttpRequest, takeout: UUID) -> HttpResponse:
    """Remove the file before its days are over, or stop making it."""
    row = _own(request, takeout)
    if request.method == "POST":
        actions.remove_takeout(takeout=row, **_who(request))
        messages.success(request, _("ファイルを消しました。"))
        return redirect("takeouts")
    context = {
        "heading": _("持ち出すファイルを消す"),
        "lead": _("サーバーに置いてあるファイルを消します。必要なら、もう一度作れます。"),
        "facts": [{"label": _("作った人"), "value": row.recorded_by.user.name}],
        "cancel_url": reverse("takeouts"),
        "submit": _("消す"),
        "tone": "danger",
    }
    return render(request, "components/confirm_page.html", context)


def _own(request: HttpRequest, public_id: UUID) -> OfficeTakeout:
    """The office's own; the read is audited. Raises Http404 for any other."""
    found = get_object_or_404(takeouts_of(active_office(request)), public_id=public_id)
    note_read(request, found)
    return found


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"by": active_membership(request), "at": now(request)}
