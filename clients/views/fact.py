"""Recording and correcting the dated facts about a person: one pair of pages for every kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.access import get_client_for_edit
from clients.actions.facts import add_fact, correct_fact, succeed_fact
from clients.forms import fact as forms
from clients.models import Client
from teikyaku.accounts.access import active_membership, check, note_read, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now
from teikyaku.constraints import violations_as_form_errors
from teikyaku.form_pages import form_page
from teikyaku.model_forms import FactForm


@dataclass(frozen=True, slots=True)
class FactKind:
    """One kind of fact: its words, its form, where the rows hang on the person."""

    label: Any
    form: type[FactForm]
    rows: Callable[[Client], Any]
    # Whether a new row takes over from the one that runs, and by which columns.
    succeeds: bool = False
    starts: str = "starts_on"
    ends: str = "ends_on"


KINDS = {
    "name": FactKind(gettext_lazy("氏名"), forms.NameForm, lambda c: c.names, succeeds=True),
    "residence": FactKind(
        gettext_lazy("住所"), forms.ResidenceForm, lambda c: c.residences, succeeds=True
    ),
    "disability": FactKind(
        gettext_lazy("障がい種別"), forms.DisabilityForm, lambda c: c.disabilities
    ),
    "household": FactKind(
        gettext_lazy("世帯の収入状況"),
        forms.HouseholdForm,
        lambda c: c.household_facts,
        succeeds=True,
        starts="first_month",
        ends="last_month",
    ),
    "related": FactKind(
        gettext_lazy("関係者"), forms.RelatedPersonForm, lambda c: c.related_people
    ),
    "support": FactKind(
        gettext_lazy("他の支援"), forms.OtherSupportForm, lambda c: c.other_supports
    ),
}


def _kind(name: str) -> FactKind:
    try:
        return KINDS[name]
    except KeyError as error:
        raise Http404 from error


def _page(
    request: HttpRequest, client: Client, form: Any, heading: str, lead: str = ""
) -> HttpResponse:
    cancel_url = reverse("client_page", args=[client.public_id])
    return form_page(request, form, heading=heading, lead=lead, cancel_url=cancel_url)


def _guard_protected(request: HttpRequest, person: Client, row: Any) -> None:
    """A form shows what is stored: a protected address only to who may see it, and recorded."""
    if getattr(row, "is_protected", False):
        check(request, Permission.PROTECTED_ADDRESS_READ)
        note_read(request, row, person_id=person.public_id)


@requires(Permission.CLIENT_WRITE, scope=Scope.OFFICE)
def fact_new(request: HttpRequest, client: UUID, kind: str) -> HttpResponse:
    """Record a new fact of one kind."""
    person = get_client_for_edit(request, client)
    spec = _kind(kind)
    form = spec.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = form.instance
        row.client = person
        with violations_as_form_errors(form, type(row)):
            verb, by, at = f"{kind}_recorded", active_membership(request), now(request)
            if spec.succeeds:
                siblings = spec.rows(person)
                succeed_fact(
                    row, siblings=siblings, verb=verb, by=by, at=at,
                    starts=spec.starts, ends=spec.ends,
                )  # fmt: skip
            else:
                add_fact(row, verb=verb, by=by, at=at)
        if not form.errors:
            messages.success(request, _("%(kind)sを記録しました。") % {"kind": spec.label})
            return redirect("client_page", person.public_id)
    lead = _("前の記録は、新しい開始日の前日までになります。") if spec.succeeds else ""
    heading = _("%(kind)sを記録する") % {"kind": spec.label}
    return _page(request, person, form, heading, lead)


@requires(Permission.CLIENT_WRITE, scope=Scope.OFFICE)
def fact_correct(request: HttpRequest, client: UUID, kind: str, fact: UUID) -> HttpResponse:
    """Correct a fact that was written wrongly; the history keeps the old values."""
    person = get_client_for_edit(request, client)
    spec = _kind(kind)
    row = spec.rows(person).filter(public_id=fact).first()
    if row is None:
        raise Http404
    _guard_protected(request, person, row)
    form = spec.form(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        stored = type(row).objects.get(pk=row.pk)
        with violations_as_form_errors(form, type(row)):
            correct_fact(
                stored,
                changes=form.changes(),
                reason=form.cleaned_data["reason"],
                by=active_membership(request),
                at=now(request),
            )
        if not form.errors:
            messages.success(request, _("%(kind)sを訂正しました。") % {"kind": spec.label})
            return redirect("client_page", person.public_id)
    heading = _("%(kind)sを訂正する") % {"kind": spec.label}
    return _page(request, person, form, heading, _("元の値は履歴に残ります。"))
