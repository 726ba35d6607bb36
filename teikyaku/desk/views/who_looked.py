"""この方の記録をだれが見たか: for who leads the office, from the audit log."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.queries.summary import person_summary
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.queries.audit import audit_rows
from teikyaku.accounts.queries.who_looked import lookers, looks_at
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.desk.views.client_page import dossier_or_404
from teikyaku.form_pages import trail

ROWS = 50


@requires(Permission.AUDIT_READ, scope=Scope.OFFICE)
def client_looked(request: HttpRequest, client: UUID) -> HttpResponse:
    """Members of staff with how often they read and wrote, then every line, newest first."""
    reader, dossier = active_membership(request), dossier_or_404(request, client)
    page = Paginator(looks_at(reader, client), ROWS).get_page(request.GET.get("page"))
    context = {
        "person": person_summary(dossier),
        "lookers": lookers(reader, client, dossier.on),
        "page": page,
        "rows": audit_rows(page.object_list),
        "breadcrumbs": trail(
            _("この方の記録をだれが見たか"), reverse("client_page", args=[client])
        ),
    }
    return render(request, "desk/client_looked.html", context)
