"""所属: the end; for the system administrator."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from teikyaku.accounts.access import active_membership
from teikyaku.accounts.actions import membership as actions
from teikyaku.accounts.models import Membership
from teikyaku.accounts.views.people import MANAGES
from teikyaku.clock import now
from teikyaku.form_pages import trail


def membership_or_404(public_id: UUID) -> Membership:
    """Any membership, with user and place; 404 for an unknown one."""
    found = Membership.objects.with_places().filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@MANAGES
def membership_end(request: HttpRequest, membership: UUID) -> HttpResponse:
    """End a membership now; asked before, because nobody gets in from then on."""
    row = membership_or_404(membership)
    if request.method == "POST":
        try:
            actions.end_membership(membership=row, by=active_membership(request), at=now(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("所属を終えました。いまからこの所属では入れません。"))
        return redirect("people")
    context = {
        "heading": _("所属を終える"),
        "breadcrumbs": trail(_("所属を終える"), reverse("people")),
        "lead": f"{row.user.name}（{row.label}・{'・'.join(row.role_labels)}）",
        "warning": _("この瞬間から、この所属では入れなくなります。開いている画面も使えません。"),
        "cancel_url": reverse("people"),
        "submit": _("所属を終える"),
        "tone": "danger",
    }
    return render(request, "components/confirm_page.html", context)
