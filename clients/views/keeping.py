"""The pages of a file whose time of keeping is over; an office's and a ward's are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from clients.actions.erase import past_erasure, remove_files
from clients.actions.keeping import hold_file, lift_hold
from clients.forms.keeping import EraseForm, HoldForm, LiftForm
from clients.models import Erasure, KeepingHold
from clients.queries.keeping import KeptFile, last_names, years_kept
from clients.queries.keeping_rows import KeepingRow, Preview, keeping_row, keeping_rows
from teikyaku.accounts.access import active_membership, note_read
from teikyaku.accounts.flow import form_flow
from teikyaku.clock import today
from teikyaku.erasing import words
from teikyaku.form_pages import trail
from teikyaku.reasons import Reason

ROWS = 50
DONE = _l(
    "保存期間の終わった記録を消去しました。いつ・だれが・何件を消したかは、この下に残ります。"
)


@dataclass(frozen=True, slots=True)
class Pages:
    """The names of one side's addresses."""

    list: str
    file: str
    hold: str
    lift: str
    erase: str
    above: str
    """The page that the list belongs to."""


def list_page(
    request: HttpRequest,
    files: Iterable[KeptFile],
    erasures: QuerySet[Erasure],
    pages: Pages,
    stays: Iterable[Reason] = (),
) -> HttpResponse:
    """Whose time is over, oldest first; below it what was erased, newest first, and what stays."""
    on = today(request)
    rows = keeping_rows(files, on)
    done = Paginator(erasures, ROWS).get_page(request.GET.get("page"))
    years = years_kept(on)
    context = {
        "waiting": [_linked(row, pages) for row in rows if not row.is_held],
        "held": [_linked(row, pages) for row in rows if row.is_held],
        "page": done,
        "done": [{"erasure": row, "words": words(row.counts)} for row in done.object_list],
        "stays": tuple(stays),
        "years": years.value,
        "certainty": years.certainty,
        "breadcrumbs": trail(_("保存期間が終わる記録"), reverse(pages.above)),
    }
    return render(request, "clients/keeping.html", context)


def _linked(row: KeepingRow, pages: Pages) -> dict[str, Any]:
    return {"row": row, "url": reverse(pages.file, args=[row.client_id])}


def file_page(request: HttpRequest, file: KeptFile, preview: Preview, pages: Pages) -> HttpResponse:
    """One file: since when it may go, what would go, what stays, and the two ways to decide."""
    note_read(request, file.client, person_id=file.client.public_id)
    row, key = _row(request, file), [file.client.public_id]
    context = {
        "row": row,
        "preview": preview,
        "urls": {
            "hold": reverse(pages.hold, args=key),
            "lift": reverse(pages.lift, args=key),
            "erase": reverse(pages.erase, args=key),
        },
        "breadcrumbs": trail(_("この人の記録"), reverse(pages.list)),
    }
    return render(request, "clients/keeping_file.html", context)


def hold_page(request: HttpRequest, file: KeptFile, pages: Pages) -> HttpResponse:
    """Hold the file back, with a reason."""
    form = HoldForm(request.POST or None)
    return form_flow(
        request,
        form,
        heading=_("消去を保留にする"),
        lead=_("保留にした記録は、保留が終わるまで消去できません。いつでも解けます。"),
        back=reverse(pages.file, args=[file.client.public_id]),
        done=_("消去を保留にしました。"),
        run=lambda **who: hold_file(client=file.client, **form.cleaned_data, **who),
        checked=(KeepingHold,),
    )


def lift_page(request: HttpRequest, file: KeptFile, pages: Pages) -> HttpResponse:
    """The file waits for a decision again. Without a hold: the file's page."""
    back, hold = reverse(pages.file, args=[file.client.public_id]), file.hold
    if hold is None:
        return redirect(back)
    return form_flow(
        request,
        LiftForm(request.POST if request.method == "POST" else None),
        heading=_("保留を解く"),
        lead=_("記録は消えません。もう一度、消去するかどうかを決められるようになります。"),
        back=back,
        done=_("保留を解きました。"),
        run=lambda **who: lift_hold(hold=hold, **who),
        checked=(),
        template="components/confirm_page.html",
        submit_label=_("保留を解く"),
    )


def erase_page(
    request: HttpRequest,
    file: KeptFile,
    preview: Preview,
    pages: Pages,
    run: Callable[..., Erasure],
) -> HttpResponse:
    """The last look: what goes by kind and count, what stays and why."""
    if preview.blocks or file.is_held(today(request)):
        return redirect(reverse(pages.file, args=[file.client.public_id]))
    return form_flow(
        request,
        EraseForm(request.POST if request.method == "POST" else None),
        heading=_("記録を消去する"),
        back=reverse(pages.list),
        done=str(DONE),
        run=run,
        checked=(),
        template="clients/keeping_erase.html",
        submit_label=_("消去する"),
        tone="danger",
        row=_row(request, file),
        preview=preview,
    )


def erased_before(request: HttpRequest, client: UUID, pages: Pages) -> HttpResponse:
    """Somebody else was faster, or the answer got lost: the same words. Raises Http404 otherwise."""
    if past_erasure(client, active_membership(request)) is None:
        raise Http404
    remove_files()
    messages.success(request, str(DONE))
    return redirect(pages.list)


def _row(request: HttpRequest, file: KeptFile) -> KeepingRow:
    name = last_names([file.client]).get(file.client.pk)
    return keeping_row(file, today(request), name)
