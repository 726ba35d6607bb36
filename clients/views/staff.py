"""Who is in charge of a person."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.access import get_enrolment_for_edit
from clients.actions.enrolment import assign_staff
from clients.forms.staff import StaffForm
from clients.models import StaffAssignment
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.constraints import violations_as_form_errors


@requires(Permission.STAFF_ASSIGN, scope=Scope.OFFICE)
def staff_assign(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Put somebody in charge from a day on."""
    row = get_enrolment_for_edit(request, enrolment)
    on = today(request)
    form = StaffForm(
        request.POST or None, staff=staff_of(row.office, on), initial={"starts_on": on}
    )
    if request.method == "POST" and form.is_valid():
        with violations_as_form_errors(form, StaffAssignment):
            assign_staff(
                enrolment=row, **form.cleaned_data, by=active_membership(request), at=now(request)
            )
        if not form.errors:
            messages.success(request, _("担当を決めました。"))
            return redirect("client_page", row.client.public_id)
    context = {
        "form": form,
        "heading": _("担当を決める"),
        "lead": _("前の担当は、開始日の前日までになります。"),
        "cancel_url": reverse("client_page", args=[row.client.public_id]),
    }
    return render(request, "components/form_page.html", context)
