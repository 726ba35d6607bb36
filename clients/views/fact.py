"""Recording and correcting the dated facts about a person: one pair of pages for every kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.access import get_client_for_edit
from clients.actions.facts import add_fact, correct_fact, correct_succeeded, succeed_fact
from clients.forms import fact as forms
from clients.models import Client
from clients.queries.subject import subject_of
from teikyaku.accounts.access import check, note_read, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
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
        gettext_lazy("障害種別"), forms.DisabilityForm, lambda c: c.disabilities
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
}


def _kind(name: str) -> FactKind:
    try:
        return KINDS[name]
    except KeyError as error:
        raise Http404 from error


def guard_protected(request: HttpRequest, person: Client, row: Any) -> None:
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

    def run(**who: Any) -> Any:
        row, verb = form.instance, f"{kind}_recorded"
        row.client = person
        if not spec.succeeds:
            return add_fact(row, verb=verb, **who)
        siblings = spec.rows(person)
        return succeed_fact(
            row, siblings=siblings, verb=verb, starts=spec.starts, ends=spec.ends, **who
        )

    lead = _("前の記録は、新しい開始日の前日までになります。") if spec.succeeds else ""
    return form_flow(
        request,
        form,
        heading=_("%(kind)sを記録する") % {"kind": spec.label},
        lead=lead,
        subject=subject_of(person, today(request)),
        back=reverse("client_page", args=[person.public_id]),
        done=_("%(kind)sを記録しました。") % {"kind": spec.label},
        run=run,
        checked=(spec.form._meta.model,),
    )


@requires(Permission.CLIENT_WRITE, scope=Scope.OFFICE)
def fact_correct(request: HttpRequest, client: UUID, kind: str, fact: UUID) -> HttpResponse:
    """Correct a fact that was written wrongly; the history keeps the old values."""
    person = get_client_for_edit(request, client)
    spec = _kind(kind)
    row = spec.rows(person).filter(public_id=fact).first()
    if row is None:
        raise Http404
    guard_protected(request, person, row)
    form = spec.form(request.POST or None, instance=row)

    def run(**who: Any) -> Any:
        stored = type(row).objects.get(pk=row.pk)
        what = {"changes": form.changes(), "reason": form.cleaned_data["reason"]}
        if not spec.succeeds:
            return correct_fact(stored, **what, **who)
        return correct_succeeded(
            stored, siblings=spec.rows(person), starts=spec.starts, ends=spec.ends, **what, **who
        )

    return form_flow(
        request,
        form,
        heading=_("%(kind)sを訂正する") % {"kind": spec.label},
        lead=_("元の値は履歴に残ります。"),
        subject=subject_of(person, today(request)),
        back=reverse("client_page", args=[person.public_id]),
        done=_("%(kind)sを訂正しました。") % {"kind": spec.label},
        run=run,
        checked=(type(row),),
    )
