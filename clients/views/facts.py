"""基本情報の記録: every dated fact about a person, each with the way to correct it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.access import (
    enrolments_for,
    get_client_for_edit,
    get_client_or_404,
    last_seen,
    not_of_another_office,
)  # fmt: skip
from clients.actions.facts import correct_fact
from clients.forms.fact import ContactForm
from clients.models import Client, HouseholdFact
from clients.queries.staff import staff_history
from clients.queries.subject import subject_of
from clients.views.fact import KINDS, FactKind
from teikyaku.accounts.access import active_membership, note_read, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.form_pages import trail
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
    membership, seen = active_membership(request), _seen_on(request, person)
    groups = [
        {
            "kind": kind,
            "label": spec.label,
            "rows": [
                {
                    "id": row.public_id,
                    "text": _words(kind, row, shows_protected),
                    "starts_on": getattr(row, spec.starts),
                    "ends_on": _told(getattr(row, spec.ends), seen),
                    "is_month": spec.starts == "first_month",
                }
                for row in _rows(kind, spec, person, membership, seen)
            ],
        }
        for kind, spec in KINDS.items()
    ]
    context = {
        "person": person,
        "subject": subject_of(person, seen),
        "breadcrumbs": trail(_("基本情報の記録"), reverse("client_page", args=[person.public_id])),
        "groups": groups,
        "staff": staff_history(person, membership.office_id, today(request)),
        "jobs": person.employments.filter(starts_on__lte=seen)
        .select_related("employer")
        .prefetch_related("leaves"),
        "services": person.prior_services.filter(
            Q(starts_on__lte=seen) | Q(starts_on__isnull=True)
        ).select_related("recorded_by__user"),
        "may_write": membership.may(Permission.CLIENT_WRITE),
        "may_see_protected": membership.may(Permission.PROTECTED_ADDRESS_READ)
        and not shows_protected
        and person.residences.filter(is_protected=True).exists(),
    }
    return render(request, "clients/client_facts.html", context)


def _seen_on(request: HttpRequest, person: Client) -> date:
    """The last day up to which one of the office's enrolments knows the person."""
    on = today(request)
    own = enrolments_for(active_membership(request), on).filter(client=person)
    return max((last_seen(enrolment, on) for enrolment in own), default=on)


def _rows(
    kind: str, spec: FactKind, person: Client, membership: Membership, seen: date
) -> QuerySet[Any]:
    rows = spec.rows(person).filter(**{f"{spec.starts}__lte": seen})
    if kind in NAMED_BY_OFFICES:
        rows = rows.filter(not_of_another_office(membership.office_id))
    return rows.order_by(spec.starts)


def _told(day: date | None, seen: date) -> date | None:
    return day if day is None or day <= seen else None


def _words(kind: str, row: Any, shows_protected: bool) -> str:
    if kind == "residence" and row.is_protected and not shows_protected:
        return _("支援措置のため表示しません")
    return str(WORDS[kind](row)).strip()


def _household(row: HouseholdFact) -> str:
    levy = yen_or_dash(row.income_levy_yen)
    assistance = _("生活保護　") if row.receives_public_assistance else ""
    salary = f"　{_('前年の給与収入')} {yen_or_dash(row.gross_salary_yen)}"
    return f"{assistance}{_('所得割')} {levy}{salary if row.gross_salary_yen is not None else ''}"


# Related people: who they are is told by the person, office by office.
NAMED_BY_OFFICES = ("related",)
WORDS: dict[str, Callable[[Any], str]] = {
    "name": lambda row: f"{row.name}（{row.kana}）",
    "residence": lambda row: f"{row.municipality.full_name}{row.address}",
    "disability": lambda row: f"{row.get_kind_display()}　{row.handbook}",
    "household": _household,
    "related": lambda row: f"{row.name}（{row.get_kind_display()}）　{row.phone}",
}


@requires(Permission.CLIENT_WRITE, scope=Scope.OFFICE)
def contact_edit(request: HttpRequest, client: UUID) -> HttpResponse:
    """Telephone, mail, what to mind."""
    person = get_client_for_edit(request, client)
    names = list(ContactForm.base_fields)
    initial = {name: getattr(person, name) for name in names}
    form = ContactForm(request.POST or None, initial=initial)
    return form_flow(
        request,
        form,
        heading=_("連絡先と配慮"),
        subject=subject_of(person, today(request)),
        back=reverse("client_page", args=[person.public_id]),
        done=_("連絡先を保存しました。"),
        run=lambda **who: correct_fact(
            person, changes=form.changes(), reason=_("連絡先の更新"), **who
        ),
        checked=(Client,),
    )
