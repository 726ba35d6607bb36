"""済みにする: the pages that an office's board and a ward's share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.models import Client, ClientName
from plans.actions.expiry import settle_end, undo_settlement
from plans.forms.expiry import SettleForm, UndoForm
from plans.models import ExpirySettlement
from plans.queries.expiry_list import EndList
from plans.queries.expiry_settled import settled_rows, settlements_for
from plans.rules.expiry import EndKind, WardEndKind
from teikyaku.accounts.access import active_membership, note_read
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.models import StaffQualification
from teikyaku.accounts.roles import Permission
from teikyaku.era import both

ROWS = 50
Names = Callable[[list[int]], dict[int, ClientName]]


@dataclass(frozen=True, slots=True)
class Pages:
    """The URL names of one side."""

    board: str
    settled: str
    undo: str


def settle_page(
    request: HttpRequest,
    ends: EndList[Any],
    kind: EndKind | WardEndKind,
    subject: UUID,
    pages: Pages,
) -> HttpResponse:
    """Lay one end of `ends` aside; what a colleague laid aside before is said, not refused.

    Raises Http404 for one that is not there or that a fact settles.
    """
    one = ends.one(kind.value, subject)
    if one is None:
        return _laid_aside_before(request, kind, subject, pages)
    found, on_file = one
    row = ends.told([found])[0]
    if not row.may_be_settled:
        raise Http404
    client, qualification = _whose(request, kind, found[2], subject)
    detail = getattr(row, "detail", "")
    lead = _("%(name)s　%(what)s　%(on)s")
    form = SettleForm(request.POST or None)
    return form_flow(
        request,
        form,
        heading=_("期限を済みにする"),
        lead=lead
        % {
            "name": row.name,
            "what": f"{row.label}（{detail}）" if detail else row.label,
            "on": both(found[0]),
        },
        back=f"{reverse(pages.board)}?late=1",
        done=_("済みにしました。「済みにしたもの」から取り消せます。"),
        run=lambda **who: settle_end(
            kind=kind,
            ends_on=found[0],
            subject_id=subject,
            on_file=on_file,
            reason=form.cleaned_data["reason"],
            client=client,
            qualification=qualification,
            **who,
        ),
        checked=(ExpirySettlement,),
        submit_label=_("済みにする"),
    )


def _laid_aside_before(
    request: HttpRequest, kind: EndKind | WardEndKind, subject: UUID, pages: Pages
) -> HttpResponse:
    """To the list where it stands now, with who was faster; a reason typed meanwhile is said back."""
    rows = settlements_for(active_membership(request)).standing()
    row = rows.filter(kind=kind.value, subject_id=subject).first()
    if row is None:
        raise Http404
    who = row.recorded_by.user
    text = _("この期限は、%(who)sさんが先に済みにしました。理由は下の一覧にあります。")
    if who == request.user:
        text = _("この期限は、もう済みになっています。理由は下の一覧にあります。")
    said = text % {"who": who.name}
    typed = request.POST.get("reason", "").strip()
    if typed:
        said += _("いま入れた理由は保存していません：「%s」") % typed
    messages.info(request, said)
    return redirect(pages.settled)


def _whose(
    request: HttpRequest, kind: EndKind | WardEndKind, key: int, subject: UUID
) -> tuple[Client | None, StaffQualification | None]:
    if kind == EndKind.QUALIFICATION:
        return None, StaffQualification.objects.get(public_id=subject)
    client = Client.objects.get(pk=key)
    note_read(request, client, person_id=client.public_id)
    return client, None


def settled_page(
    request: HttpRequest, pages: Pages, names: Names, *, may_undo: bool
) -> HttpResponse:
    """What was laid aside, the newest first."""
    found = settlements_for(active_membership(request))
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    people = names([row.client_id for row in page.object_list if row.client_id])
    board = reverse(pages.board)
    context = {
        "page": page,
        "rows": [
            (row, reverse(pages.undo, args=[row.settlement.public_id]))
            for row in settled_rows(page.object_list, people)
        ],
        "may_undo": may_undo,
        "breadcrumbs": [
            {"label": _("期限"), "url": board},
            {"label": _("済みにしたもの"), "url": ""},
        ],
    }
    return render(request, "plans/expiry/settled.html", context)


def undo_page(request: HttpRequest, settlement: UUID, pages: Pages) -> HttpResponse:
    """The end comes back. Raises Http404 for every other office and ward."""
    membership = active_membership(request)
    row = settlements_for(membership).filter(public_id=settlement).first()
    if row is None:
        raise Http404
    # What is said of staff is the manager's.
    if row.qualification_id and not membership.may(Permission.OFFICE_SETTINGS):
        raise PermissionDenied
    back = reverse(pages.settled)
    if row.undone_at is not None:
        return redirect(back)
    return form_flow(
        request,
        UndoForm(request.POST if request.method == "POST" else None),
        heading=_("済みにしたことを取り消す"),
        lead=_("この期限は、また「期限が過ぎた」に出ます。"),
        back=back,
        done=_("取り消しました。"),
        run=lambda **who: undo_settlement(settlement=row, **who),
        checked=(),
        template="components/confirm_page.html",
        submit_label=_("取り消す"),
    )


def kind_or_404(kinds: type[EndKind] | type[WardEndKind], text: str) -> Any:
    """The kind of a URL. Raises Http404 for an unknown one."""
    try:
        return kinds(text)
    except ValueError:
        raise Http404 from None
