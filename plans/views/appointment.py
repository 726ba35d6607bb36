"""会う約束 between two contacts: another day, or none any more."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.access import get_enrolment_for_edit
from clients.queries.summary import person_of
from plans.actions.appointment import change_appointment
from plans.forms.appointment import AppointmentForm
from plans.models import AppointmentChange
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.constraints import violations_as_form_errors
from teikyaku.era import both
from teikyaku.form_pages import form_page

SHOWN = 5


@requires(Permission.INTERVIEW_WRITE, scope=Scope.OFFICE)
def appointment_change(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Move the next appointment or call it off; what was changed before stands below."""
    row, on = get_enrolment_for_edit(request, enrolment), today(request)
    form = AppointmentForm(request.POST or None, on=on, is_called_off="call_off" in request.POST)
    back = reverse("client_page", args=[row.client.public_id])
    if request.method == "POST" and form.is_valid():
        changed = None
        with violations_as_form_errors(form, AppointmentChange):
            changed = change_appointment(
                enrolment=row, **form.cleaned_data, by=active_membership(request), at=now(request)
            )
        if changed is not None:
            messages.success(request, _told(changed))
            return redirect(back)
    return form_page(
        request,
        form,
        heading=_("会う約束を変える・なくす"),
        cancel_url=back,
        submit_label=_("この日にする"),
        template="plans/appointment_form.html",
        person=person_of(row, on),
        agreed_on=row.next_appointment(on),
        changes=row.appointment_changes.select_related("recorded_by__user")[:SHOWN],
    )


def _told(row: AppointmentChange) -> str:
    if row.next_on is None:
        return _("%(day)sの約束をなくしました。") % {
            "day": both(row.former_on) if row.former_on else ""
        }
    return _("次に会う約束を%(day)sにしました。") % {"day": both(row.next_on)}
