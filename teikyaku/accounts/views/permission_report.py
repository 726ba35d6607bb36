"""権限の一覧: who may what on a day, for the manager of an office and for the system administrator."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from teikyaku.accounts.access import active_membership, active_office, note_read, requires
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.exports_permission import permission_workbook
from teikyaku.accounts.forms.permission_report import PermissionReportForm
from teikyaku.accounts.models import Office
from teikyaku.accounts.queries.permission_report import permission_report, role_permissions
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.file_answers import xlsx_answer

LEADS = requires(Permission.OFFICE_SETTINGS, scope=Scope.OFFICE)
MANAGES = requires(Permission.USER_MANAGE, scope=Scope.INSTALLATION)


@LEADS
def permissions(request: HttpRequest) -> HttpResponse:
    """Of the own office."""
    return _page(request, active_office(request), reverse("permissions_xlsx"))


@LEADS
def permissions_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook; on the record."""
    return _file(request, active_office(request))


@MANAGES
def office_permissions(request: HttpRequest, office: UUID) -> HttpResponse:
    """Of any office, for the system administrator. Raises Http404 for an unknown one."""
    found = _office_or_404(office)
    return _page(request, found, reverse("office_permissions_xlsx", args=[office]))


@MANAGES
def office_permissions_xlsx(request: HttpRequest, office: UUID) -> HttpResponse:
    """The same as a workbook; on the record. Raises Http404 for an unknown one."""
    return _file(request, _office_or_404(office))


def _page(request: HttpRequest, office: Office, xlsx_url: str) -> HttpResponse:
    form, on = _asked(request)
    note_read(request, office)
    context = {
        "office": office,
        "on": on,
        "form": form,
        "reset_url": request.path if request.GET.get("on") else "",
        "report": permission_report(office, on, today(request)),
        "roles": role_permissions(),
        "xlsx_url": f"{xlsx_url}?{urlencode({'on': on.isoformat()})}",
    }
    return render(request, "accounts/permission_report.html", context)


def _file(request: HttpRequest, office: Office) -> HttpResponse:
    on = _asked(request)[1]
    body = permission_workbook(permission_report(office, on, today(request)))
    audit(
        verb="permissions_exported", subject=office, by=active_membership(request), at=now(request)
    )
    return xlsx_answer(body, f"permissions-{on.isoformat()}")


def _asked(request: HttpRequest) -> tuple[PermissionReportForm, date]:
    """The form and its day; what cannot be read is said at its field, and today is shown."""
    form = PermissionReportForm(request.GET)
    form.is_valid()
    return form, form.cleaned_data.get("on") or today(request)


def _office_or_404(public_id: UUID) -> Office:
    found = Office.objects.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found
