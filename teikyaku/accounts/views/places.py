"""Offices with their terms, and municipalities; for the system administrator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, TextChoices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from teikyaku.accounts.access import active_office, requires
from teikyaku.accounts.actions import places as actions
from teikyaku.accounts.flow import correction_of, form_flow
from teikyaku.accounts.forms.places import (
    MunicipalityForm,
    OfficeForm,
    ProposalForm,
    TermsCorrectionForm,
    TermsForm,
)  # fmt: skip
from teikyaku.accounts.models import Municipality, Office, OfficeTerms
from teikyaku.accounts.queries.places import (
    MunicipalityShow,
    OfficeShow,
    municipalities_q,
    offices_q,
    proposals_of,
)
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.accounts.rules.municipality import checks_itself
from teikyaku.clock import today
from teikyaku.fields import normal
from teikyaku.searched import searched

OFFICES = requires(Permission.OFFICE_MANAGE, scope=Scope.INSTALLATION)
ROWS = 50


@OFFICES
def offices(request: HttpRequest) -> HttpResponse:
    """Offices with their terms, by number; found by name, corporation or number."""
    text = searched(request)
    show = request.GET.get("show", "")
    shown = Office.objects.filter(_office_q(text), offices_q(show, today(request)))
    rows = shown.prefetch_related("terms").order_by("number")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    tabs = _tabs(OfficeShow, show, text)
    return render(request, "accounts/offices.html", {"page": page, "q": text, "tabs": tabs})


def _tabs(shows: type[TextChoices], chosen: str, text: str = "") -> list[dict[str, Any]]:
    known = chosen if chosen in shows.values else ""
    return [
        {
            "label": each.label,
            "url": "?" + urlencode({"show": each.value, "q": text}),
            "current": each.value == known,
        }
        for each in shows
    ]


def _office_q(text: str) -> Q:
    if not text:
        return Q()
    found = Q(name__icontains=text) | Q(corporation__icontains=text)
    return found | Q(number__startswith=normal(text))


@OFFICES
def office_edit(request: HttpRequest, office: UUID | None = None) -> HttpResponse:
    """A new office, or new facts about one."""
    row = Office() if office is None else Office.objects.filter(public_id=office).first()
    if row is None:
        raise Http404
    form = OfficeForm(request.POST or None, instance=row)
    return form_flow(
        request,
        form,
        heading=_("事業所を登録する") if office is None else _("事業所を直す"),
        back=reverse("offices"),
        done=_("事業所を保存しました。"),
        run=lambda **who: actions.save_office(office=form.instance, **who),
        checked=(Office,),
    )


@OFFICES
def terms_new(request: HttpRequest, office: UUID) -> HttpResponse:
    """Area class and unit price from a day on."""
    row = Office.objects.filter(public_id=office).first()
    if row is None:
        raise Http404
    form = TermsForm(request.POST or None)
    return form_flow(
        request,
        form,
        heading=_("地域区分と単価"),
        lead=_("%(name)s。前の単価は、新しい開始日の前日までになります。") % {"name": row.name},
        back=reverse("offices"),
        done=_("単価を登録しました。"),
        run=lambda **who: actions.set_terms(office=row, **form.cleaned_data, **who),
        checked=(OfficeTerms,),
    )


@OFFICES
def terms_correct(request: HttpRequest, terms: UUID) -> HttpResponse:
    """Terms that were written wrongly."""
    row = OfficeTerms.objects.select_related("office").filter(public_id=terms).first()
    if row is None:
        raise Http404
    names = ("starts_on", "ends_on", "area_class", "unit_price", "source", "certainty")
    initial = {name: getattr(row, name) for name in names}
    form = TermsCorrectionForm(request.POST or None, initial=initial)
    lead = _("%(name)s。締めた月は、締めたときの単価のまま残ります。") % {"name": row.office.name}
    return form_flow(
        request,
        form,
        heading=_("単価の訂正"),
        lead=lead,
        back=reverse("offices"),
        done=_("単価を直しました。"),
        run=lambda **who: actions.correct_terms(terms=row, **correction_of(form), **who),
        checked=(OfficeTerms,),
    )


@OFFICES
def municipalities(request: HttpRequest) -> HttpResponse:
    """All municipalities that decide and pay, by number."""
    show = request.GET.get("show", "")
    shown = Municipality.objects.filter(municipalities_q(show, today(request)))
    rows = shown.select_related("city", "proposal__office", "proposal__same_as__city").order_by(
        "code"
    )
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    tabs = _tabs(MunicipalityShow, show)
    return render(request, "accounts/municipalities.html", {"page": page, "tabs": tabs})


@OFFICES
def municipality_edit(request: HttpRequest, municipality: UUID | None = None) -> HttpResponse:
    """Another municipality, or new facts about one."""
    row = Municipality()
    if municipality is not None:
        found = Municipality.objects.filter(public_id=municipality).first()
        if found is None:
            raise Http404
        row = found
    form = MunicipalityForm(request.POST or None, instance=row)
    proposal = getattr(row, "proposal", None)
    waits = proposal is not None and proposal.is_waiting

    def run(**who: Any) -> Municipality:
        saved = actions.save_municipality(municipality=form.instance, **who)
        if not checks_itself(saved.code):
            messages.warning(request, _(
                "市町村番号の最後の数字（検査用）が計算と合いません。受給者証で確かめてください。"
            ))  # fmt: skip
        return saved

    return form_flow(
        request,
        form,
        heading=_("自治体を登録する") if municipality is None else _("自治体を直す"),
        back=reverse("municipalities"),
        done=_("自治体を保存しました。"),
        run=run,
        checked=(Municipality,),
        template="accounts/municipality.html",
        proposal=proposal,
        submit_label=_("確かめた内容で保存する") if waits else "",
    )


@requires(Permission.CERTIFICATE_TRANSCRIBE, scope=Scope.OFFICE)
def municipality_propose(request: HttpRequest) -> HttpResponse:
    """A municipality of a certificate that nobody has registered; and what came of those of before."""
    return propose(request, back=reverse("home"), initial={})


def propose(
    request: HttpRequest, *, back: str, initial: dict[str, str],
    done: Callable[[], str] | None = None, **page: Any,
) -> HttpResponse:  # fmt: skip
    """The page that asks for a municipality; `done` says where to go once it is stored."""
    office = active_office(request)
    form = ProposalForm(request.POST or None, initial=initial)
    return form_flow(
        request,
        form,
        heading=_("自治体を仮登録する"),
        lead=_(
            "受給者証に書いてあるとおりに入れてください。すぐに使えます。システム管理者が名前と番号を確かめるまで「確認待ち」と出ます。"
            "番号があとで訂正されても、入れた記録はそのままです。"
        ),
        back=back,
        done=_("自治体を仮登録しました。システム管理者の確認を待っています。"),
        run=lambda **who: actions.propose_municipality(
            municipality=form.municipality(), office=office, **who
        ),
        checked=(Municipality,),
        onward=(lambda _row: done()) if done else None,
        template="accounts/municipality_propose.html",
        proposals=proposals_of(office),
        submit_label=_("仮登録する"),
        **page,
    )
