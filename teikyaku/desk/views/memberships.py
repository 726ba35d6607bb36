"""役割を変える; for the system administrator.

At the desk, because due dates follow where somebody was met since that day.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from plans.actions.in_post import change_roles
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.forms.people import RolesForm
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import roles_for
from teikyaku.accounts.views.memberships import membership_or_404
from teikyaku.accounts.views.people import MANAGES
from teikyaku.clock import today
from teikyaku.era import both


@MANAGES
def membership_roles(request: HttpRequest, membership: UUID) -> HttpResponse:
    """Other roles from a day on."""
    row = membership_or_404(membership)
    choices = [(role.value, role.label) for role in roles_for(row.scope)]
    initial = {"roles": row.roles, "starts_on": today(request)}
    form = RolesForm(request.POST or None, choices=choices, initial=initial)
    return form_flow(
        request,
        form,
        heading=_("役割を変える"),
        lead=_("%(name)s（%(place)s）　いまの役割は%(on)sから：%(roles)s")
        % {
            "name": row.user.name,
            "place": row.label,
            "on": both(row.starts_on),
            "roles": "・".join(row.role_labels),
        },
        back=reverse("people"),
        done=_("役割を変えました。"),
        run=lambda **who: change_roles(membership=row, **form.cleaned_data, **who),
        checked=(Membership,),
    )
