"""Who is in charge of a person."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.access import get_enrolment_for_edit
from clients.actions.enrolment import assign_staff
from clients.forms.staff import StaffForm
from clients.models import StaffAssignment
from clients.queries.subject import subject_of
from teikyaku.accounts.access import requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.era import both


@requires(Permission.STAFF_ASSIGN, scope=Scope.OFFICE)
def staff_assign(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Put somebody in charge from a day on."""
    row = get_enrolment_for_edit(request, enrolment)
    on = today(request)
    now = row.assignments.in_charge(on).select_related("staff__user").first()
    form = StaffForm(
        request.POST or None, staff=staff_of(row.office, on), now=now, initial={"starts_on": on}
    )
    before = _(
        "いまの担当は%(name)s（%(since)sから）です。前の担当は、開始日の前日までになります。"
    )
    return form_flow(
        request,
        form,
        heading=_("担当を決める"),
        lead=before % {"name": now.staff.user.name, "since": both(now.starts_on)} if now else "",
        subject=subject_of(row.client, today(request)),
        back=reverse("client_page", args=[row.client.public_id]),
        done=_("担当を決めました。"),
        run=lambda **who: assign_staff(enrolment=row, **form.cleaned_data, **who),
        checked=(StaffAssignment,),
    )
