"""職員の資格・研修 of an office: everybody with what they have completed; written by the manager."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.actions.qualification import add_qualification, correct_qualification
from teikyaku.accounts.flow import correction_of, form_flow
from teikyaku.accounts.forms.qualification import OTHER, QualificationForm
from teikyaku.accounts.models import Membership, StaffQualification
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.queries.qualification import (
    known_kinds,
    office_qualifications,
    staff_rows,
)
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today

READS = requires(Permission.CLIENT_READ, scope=Scope.OFFICE)
WRITES = requires(Permission.OFFICE_SETTINGS, scope=Scope.OFFICE)


@READS
def qualifications(request: HttpRequest) -> HttpResponse:
    """Everybody who works here today, with what is on file; what runs out stands on the board of ends."""
    on = today(request)
    context = {
        "rows": staff_rows(active_office(request), on),
        "on": on,
        "may_write": active_membership(request).may(Permission.OFFICE_SETTINGS),
        "breadcrumbs": [
            {"label": _("期限"), "url": reverse("expiry")},
            {"label": _("職員の資格・研修"), "url": ""},
        ],
    }
    return render(request, "accounts/qualifications.html", context)


@WRITES
def qualification_new(request: HttpRequest, membership: UUID) -> HttpResponse:
    """One more of a member of staff."""
    office = active_office(request)
    member = _member_or_404(request, membership)
    kinds = known_kinds(office)
    wanted = request.GET.get("kind", "")
    form = QualificationForm(
        request.POST or None, kinds=kinds, initial={"chosen": wanted if wanted in kinds else ""}
    )
    return form_flow(
        request,
        form,
        heading=_("資格・研修を記録する"),
        lead=f"{member.user.name}（{'・'.join(member.role_labels)}）",
        back=reverse("qualifications"),
        done=_("記録しました。有効期限は「期限」に出ます。"),
        run=lambda **who: add_qualification(membership=member, **form.cleaned_data, **who),
        checked=(StaffQualification,),
    )


@WRITES
def qualification_correct(request: HttpRequest, qualification: UUID) -> HttpResponse:
    """It was written wrongly. Raises Http404 for the staff of another office."""
    office = active_office(request)
    row = (
        office_qualifications(office)
        .select_related("membership__user")
        .filter(public_id=qualification)
        .first()
    )
    if row is None:
        raise Http404
    kinds = known_kinds(office)
    names = ("kind", "obtained_on", "valid_until", "note")
    initial = {name: getattr(row, name) for name in names}
    is_listed = row.kind in kinds
    initial |= {"chosen": row.kind if is_listed else OTHER, "kind": "" if is_listed else row.kind}
    form = QualificationForm(request.POST or None, kinds=kinds, before=row, initial=initial)
    return form_flow(
        request,
        form,
        heading=_("資格・研修の記録を訂正する"),
        lead=row.membership.user.name,
        back=reverse("qualifications"),
        done=_("訂正しました。"),
        run=lambda **who: correct_qualification(row=row, **correction_of(form), **who),
        checked=(StaffQualification,),
    )


def _member_or_404(request: HttpRequest, public_id: UUID) -> Membership:
    """Who works at the own office today. Raises Http404 for everybody else."""
    team = staff_of(active_office(request), today(request))
    found = next((member for member in team if member.public_id == public_id), None)
    if found is None:
        raise Http404
    return found
