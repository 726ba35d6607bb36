"""The office's settings for money: tier, unit price, notified items."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.office import confirm_tier, notify_item
from billing.forms.office import NotificationForm, TierForm
from billing.models import OfficeNotification, OfficeTier
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.constraints import violations_as_form_errors
from teikyaku.form_pages import form_page
from teikyaku.periods import fiscal_year


@requires(Permission.MONTH_READ, scope=Scope.OFFICE)
def office_settings(request: HttpRequest) -> HttpResponse:
    """What the office notified, and the terms on which it is paid."""
    office = active_office(request)
    context = {
        "office": office,
        "tiers": OfficeTier.objects.filter(office=office).order_by("-fiscal_year"),
        "terms": office.terms.order_by("-starts_on"),
        "items": OfficeNotification.objects.filter(office=office).order_by("-first_month"),
        "can_write": active_membership(request).may(Permission.OFFICE_SETTINGS),
    }
    return render(request, "billing/office_settings.html", context)


@requires(Permission.OFFICE_SETTINGS, scope=Scope.OFFICE)
def tier_confirm(request: HttpRequest) -> HttpResponse:
    """Confirm the tier of a fiscal year."""
    on = today(request)
    form = TierForm(request.POST or None, initial={"fiscal_year": fiscal_year(on)})
    if request.method == "POST" and form.is_valid():
        with violations_as_form_errors(form, OfficeTier):
            confirm_tier(
                office=active_office(request), **form.cleaned_data,
                by=active_membership(request), at=now(request),
            )  # fmt: skip
        if not form.errors:
            messages.success(request, _("区分を確認しました。"))
            return redirect("office_settings")
    lead = _("届出をした区分を、届出日と一緒に記録します。締めた月は変わりません。")
    heading, url = _("就労定着率の区分を確認する"), reverse("office_settings")
    return form_page(request, form, heading=heading, lead=lead, cancel_url=url)


@requires(Permission.OFFICE_SETTINGS, scope=Scope.OFFICE)
def notification_new(request: HttpRequest) -> HttpResponse:
    """An addition or reduction was notified."""
    form = NotificationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with violations_as_form_errors(form, OfficeNotification):
            notify_item(
                office=active_office(request), **form.cleaned_data,
                by=active_membership(request), at=now(request),
            )  # fmt: skip
        if not form.errors:
            messages.success(request, _("届出を記録しました。"))
            return redirect("office_settings")
    heading, url = _("加算・減算の届出を記録する"), reverse("office_settings")
    return form_page(request, form, heading=heading, cancel_url=url)
