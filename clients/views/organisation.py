"""関係機関: consultation offices, centres and others, for whoever chooses one of them."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from clients.actions.organisation import save_organisation
from clients.forms.organisation import OrganisationForm
from clients.models import Organisation
from teikyaku.accounts.access import requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission
from teikyaku.fields import normal
from teikyaku.searched import searched

WRITES = requires(Permission.ORGANISATION_WRITE)
ROWS = 50


@WRITES
def organisation_list(request: HttpRequest) -> HttpResponse:
    """All of them by kind and name; found by name or number."""
    text, kind = searched(request), request.GET.get("kind", "")
    kinds = dict(Organisation.Kind.choices)
    rows = Organisation.objects.prefetch_related("areas")
    if kind in kinds:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(number__startswith=normal(text)))
    tabs = [
        {"label": label, "url": "?" + urlencode({"kind": value, "q": text}),
         "current": value == (kind if kind in kinds else "")}
        for value, label in {"": _("すべて"), **kinds}.items()
    ]  # fmt: skip
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "q": text, "kind": kind, "tabs": tabs}
    return render(request, "clients/organisation_list.html", context)


@WRITES
def organisation_edit(request: HttpRequest, organisation: UUID | None = None) -> HttpResponse:
    """A new one, or new facts about one."""
    is_new = organisation is None
    row: Organisation | None = Organisation()
    if organisation is not None:
        row = Organisation.objects.filter(public_id=organisation).first()
    if row is None:
        raise Http404
    initial = {"kind": request.GET.get("kind", "")} if is_new else {}
    form = OrganisationForm(request.POST or None, instance=row, initial=initial)
    return form_flow(
        request, form, back=reverse("organisation_list"), done=_("関係機関を保存しました。"),
        heading=_("関係機関を登録する") if is_new else _("関係機関を直す"),
        lead=_("登録すると、どの区・事業所でも選べます。個人の名前や電話番号は書きません。"),
        run=lambda **who: save_organisation(
            organisation=form.instance, areas=form.cleaned_data["areas"], **who
        ),
        checked=(Organisation,),
    )  # fmt: skip
