"""食い違いの点検: what the nightly look found, for the administrator and for each office's manager."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now
from teikyaku.desk.queries.inconsistencies import inconsistency_page
from teikyaku.form_pages import trail


@requires(Permission.AUDIT_READ)
def inconsistencies(request: HttpRequest) -> HttpResponse:
    """What stands with what mends it, what was mended, and when it was last looked at."""
    membership = active_membership(request)
    context = {
        "page": inconsistency_page(membership, now(request)),
        "is_office": membership.scope == Scope.OFFICE,
        "breadcrumbs": trail(_("食い違いの点検"), reverse("home")),
    }
    return render(request, "desk/inconsistencies.html", context)
