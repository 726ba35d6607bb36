"""基本情報の記録: every dated fact about a person, each with the way to correct it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.access import get_client_for_edit, get_client_or_404
from clients.actions.facts import correct_fact
from clients.forms.fact import ContactForm
from clients.models import Client, HouseholdFact
from clients.views.fact import KINDS
from teikyaku.accounts.access import active_membership, note_read, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now
from teikyaku.constraints import violations_as_form_errors
from teikyaku.form_pages import form_page
from teikyaku.money import yen_or_dash


@requires(Permission.CLIENT_READ, scope=Scope.OFFICE)
def client_facts(request: HttpRequest, client: UUID) -> HttpResponse:
    """All dated facts with their periods; protected addresses stay masked."""
    person = get_client_or_404(request, client)
    return _facts_page(request, person, shows_protected=False)


@require_POST
@requires(Permission.PROTECTED_ADDRESS_READ, scope=Scope.OFFICE)
def protected_address(request: HttpRequest, client: UUID) -> HttpResponse:
    """The same page with protected addresses shown once; each showing is recorded."""
    person = get_client_or_404(request, client)
    for row in person.residences.filter(is_protected=True):
        note_read(request, row, person_id=person.public_id)
    return _facts_page(request, person, shows_protected=True)


def _facts_page(request: HttpRequest, person: Client, *, shows_protected: bool) -> HttpResponse:
    membership = active_membership(request)
    groups = [
        {
            "kind": kind,
            "label": spec.label,
            "rows": [
                {
                    "id": row.public_id,
                    "text": _words(kind, row, shows_protected),
                    "starts_on": getattr(row, spec.starts),
                    "ends_on": getattr(row, spec.ends),
                    "is_month": spec.starts == "first_month",
                }
                for row in spec.rows(person).order_by(spec.starts)
            ],
        }
        for kind, spec in KINDS.items()
    ]
    context = {
        "person": person,
        "groups": groups,
        "jobs": person.employments.select_related("employer").prefetch_related("leaves"),
        "services": person.prior_services.all(),
        "may_write": membership.may(Permission.CLIENT_WRITE),
        "may_see_protected": membership.may(Permission.PROTECTED_ADDRESS_READ)
        and not shows_protected
        and person.residences.filter(is_protected=True).exists(),
    }
    return render(request, "clients/client_facts.html", context)


def _words(kind: str, row: Any, shows_protected: bool) -> str:
    if kind == "residence" and row.is_protected and not shows_protected:
        return _("支援措置のため表示しません")
    return str(WORDS[kind](row)).strip()


def _household(row: HouseholdFact) -> str:
    levy = yen_or_dash(row.income_levy_yen)
    assistance = _("生活保護　") if row.receives_public_assistance else ""
    return f"{assistance}{_('所得割')} {levy}"


WORDS: dict[str, Callable[[Any], str]] = {
    "name": lambda row: f"{row.name}（{row.kana}）",
    "residence": lambda row: f"{row.municipality.full_name}{row.address}",
    "disability": lambda row: f"{row.get_kind_display()}　{row.handbook}",
    "household": _household,
    "related": lambda row: f"{row.name}（{row.get_kind_display()}）　{row.phone}",
    "support": lambda row: f"{row.get_kind_display()}　{row.organisation}",
}


@requires(Permission.CLIENT_WRITE, scope=Scope.OFFICE)
def contact_edit(request: HttpRequest, client: UUID) -> HttpResponse:
    """Telephone, mail, what to mind."""
    person = get_client_for_edit(request, client)
    names = list(ContactForm.base_fields)
    initial = {name: getattr(person, name) for name in names}
    form = ContactForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with violations_as_form_errors(form, Client):
            correct_fact(
                person,
                changes=form.changes(),
                reason=_("連絡先の更新"),
                by=active_membership(request),
                at=now(request),
            )
        if not form.errors:
            messages.success(request, _("連絡先を保存しました。"))
            return redirect("client_page", person.public_id)
    cancel_url = reverse("client_page", args=[person.public_id])
    return form_page(request, form, heading=_("連絡先と配慮"), cancel_url=cancel_url)
