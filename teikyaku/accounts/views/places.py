"""Offices with their terms, and figures to check; for the system administrator."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from teikyaku import figures
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.actions import places as actions
from teikyaku.accounts.forms.places import FigureForm, OfficeForm, TermsForm
from teikyaku.accounts.models import FigureOverride, Office, OfficeTerms
from teikyaku.accounts.queries.figures import overrides
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.constraints import violations_as_form_errors
from teikyaku.form_pages import form_page
from teikyaku.periods import Month

OFFICES = requires(Permission.OFFICE_MANAGE, scope=Scope.INSTALLATION)
FIGURES = requires(Permission.FIGURE_MANAGE, scope=Scope.INSTALLATION)


@OFFICES
def offices(request: HttpRequest) -> HttpResponse:
    """All offices with their terms."""
    rows = Office.objects.prefetch_related("terms").order_by("number")
    return render(request, "accounts/offices.html", {"rows": rows, "on": today(request)})


@OFFICES
def office_edit(request: HttpRequest, office: UUID | None = None) -> HttpResponse:
    """A new office, or new facts about one."""
    row = Office() if office is None else Office.objects.filter(public_id=office).first()
    if row is None:
        raise Http404
    form = OfficeForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        with violations_as_form_errors(form, Office):
            actions.save_office(
                office=form.instance, by=active_membership(request), at=now(request)
            )
        if not form.errors:
            messages.success(request, _("事業所を保存しました。"))
            return redirect("offices")
    heading = _("事業所を登録する") if office is None else _("事業所を直す")
    return form_page(request, form, heading=heading, cancel_url=reverse("offices"))


@OFFICES
def terms_new(request: HttpRequest, office: UUID) -> HttpResponse:
    """Area class and unit price from a day on."""
    row = Office.objects.filter(public_id=office).first()
    if row is None:
        raise Http404
    form = TermsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with violations_as_form_errors(form, OfficeTerms):
            actions.set_terms(
                office=row, **form.cleaned_data, by=active_membership(request), at=now(request)
            )
        if not form.errors:
            messages.success(request, _("単価を登録しました。"))
            return redirect("offices")
    lead = _("%(name)s。前の単価は、新しい開始日の前日までになります。") % {"name": row.name}
    return form_page(
        request, form, heading=_("地域区分と単価"), lead=lead, cancel_url=reverse("offices")
    )


@FIGURES
def figure_list(request: HttpRequest) -> HttpResponse:
    """Every figure with its months, source and certainty; what is not sure comes first."""
    order = "?MSG"
    packaged = sorted(figures.packaged(), key=lambda f: (order.index(f.certainty.value), f.key))
    context = {"packaged": packaged, "overrides": overrides(), "month": Month.of(today(request))}
    return render(request, "accounts/figures.html", context)


@FIGURES
def figure_correct(request: HttpRequest, key: str) -> HttpResponse:
    """Correct a figure for a span of months."""
    known = [figure for figure in figures.packaged() if figure.key == key]
    if not known:
        raise Http404
    initial = {"value": known[-1].value, "first_month": today(request)}
    form = FigureForm(request.POST or None, key=key, initial=initial)
    if request.method == "POST" and form.is_valid():
        with violations_as_form_errors(form, FigureOverride):
            actions.override_figure(
                key=key, **form.cleaned_data, by=active_membership(request), at=now(request)
            )
        if not form.errors:
            messages.success(request, _("数値を訂正しました。"))
            return redirect("figures")
    return form_page(
        request, form, heading=_("数値を訂正する"), lead=known[-1].note,
        cancel_url=reverse("figures"),
    )  # fmt: skip
