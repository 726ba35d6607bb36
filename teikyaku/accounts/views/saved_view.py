"""保存した絞り込み: the conditions of a list kept under a name, renamed, thrown away."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from teikyaku.accounts.access import active_membership, may_open
from teikyaku.accounts.actions.saved_view import discard_view, keep_view, rename_view
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.forms.saved_view import SavedViewForm
from teikyaku.accounts.models import SavedView
from teikyaku.accounts.queries.saved_view import own_views
from teikyaku.accounts.saved_lists import Reading, SavedList, saved_list
from teikyaku.clock import now


def saved_view_new(request: HttpRequest, page: str) -> HttpResponse:
    """Keep the conditions that the address carries on from the list `page`."""
    known, url = _list_or_404(request, page)
    reading = known.read(request, request.GET)
    form = SavedViewForm(_sent(request))
    return form_flow(
        request,
        form,
        heading=_("絞り込みを保存する"),
        lead=_said(known, reading),
        back=f"{url}?{reading.query}",
        done=_("絞り込みを保存しました。一覧の上から、いつでも開けます。"),
        run=lambda **who: keep_view(
            page=page, reading=reading, name=form.cleaned_data["name"], **who
        ),
        checked=(SavedView,),
    )


def saved_view_rename(request: HttpRequest, view: UUID) -> HttpResponse:
    """Another name for what is kept."""
    row, url = _own_or_404(request, view)
    form = SavedViewForm(_sent(request), initial={"name": row.name})
    return form_flow(
        request,
        form,
        heading=_("保存した絞り込みの名前を変える"),
        lead=_words(request, row),
        back=f"{url}?{row.query}",
        done=_("名前を変えました。"),
        run=lambda **who: rename_view(view=row, name=form.cleaned_data["name"], **who),
        checked=(SavedView,),
    )


def saved_view_delete(request: HttpRequest, view: UUID) -> HttpResponse:
    """Throw it away, once confirmed."""
    row, url = _own_or_404(request, view)
    back = f"{url}?{row.query}"
    if request.method == "POST":
        discard_view(view=row, by=active_membership(request), at=now(request))
        messages.success(request, _("「%(name)s」を消しました。") % {"name": row.name})
        return redirect(back)
    context = {
        "heading": _("保存した絞り込みを消す"),
        "lead": _("消えるのは、この名前と条件だけです。利用者の記録は変わりません。"),
        "facts": [
            {"label": _("名前"), "value": row.name},
            {"label": _("条件"), "value": _words(request, row)},
        ],
        "submit": _("消す"),
        "tone": "danger",
        "cancel_url": back,
    }
    return render(request, "components/confirm_page.html", context)


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, also where a browser sent an empty form."""
    return request.POST if request.method == "POST" else None


def _words(request: HttpRequest, row: SavedView) -> str:
    """What is kept, as its list says it today."""
    known, _url = _list_or_404(request, row.page)
    return _said(known, known.read(request, QueryDict(row.query)))


def _said(known: SavedList, reading: Reading) -> str:
    return f"{known.title}　{reading.words}"


def _list_or_404(request: HttpRequest, page: str) -> tuple[SavedList, str]:
    """A list whose conditions can be kept, for who may open it; 404 for everything else."""
    membership, found = active_membership(request), saved_list(page)
    if found is None or not may_open(membership, found[1]):
        raise Http404
    return found


def _own_or_404(request: HttpRequest, public_id: UUID) -> tuple[SavedView, str]:
    """One's own saved view and the address of its list; 404 for everybody else."""
    row = own_views(active_membership(request)).filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row, reverse(row.page)
