"""訂正 of jobs, leave and services: what another date changes is listed before it is stored.

The desk says which months are closed: they are closed above this app.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.access import get_client_for_edit, running_enrolment
from clients.models import Employment, Enrolment, Leave, PriorService
from clients.queries.subject import subject_of
from plans.actions.life_correction import correct_life, refuse_wrong_days
from plans.forms import life_correction as forms
from plans.queries.caps import ClosedFor
from plans.queries.life_correction import LifeFact, Told, mark_of, told_before
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today

WRITES = requires(Permission.CLIENT_WRITE, scope=Scope.OFFICE)


@WRITES
def employment_correct(
    request: HttpRequest, client: UUID, employment: UUID, closed: ClosedFor
) -> HttpResponse:
    """A job was written wrongly."""
    own = _enrolment(request, client)
    row = Employment.objects.filter(client=own.client, public_id=employment).first()
    form = forms.OfficeEmploymentCorrection
    return _correct(request, own, row, form, _("就労を訂正する"), closed)


@WRITES
def prior_service_correct(
    request: HttpRequest, client: UUID, service: UUID, closed: ClosedFor
) -> HttpResponse:
    """A service before or during a job was written wrongly."""
    own = _enrolment(request, client)
    row = PriorService.objects.filter(client=own.client, public_id=service).first()
    form, heading = forms.OfficeServiceCorrection, _("就職前のサービスを訂正する")
    if row is not None and row.is_during_employment:
        heading = _("働きながらのサービスを訂正する")
    return _correct(request, own, row, form, heading, closed)


@WRITES
def leave_correct(
    request: HttpRequest, client: UUID, leave: UUID, closed: ClosedFor
) -> HttpResponse:
    """A leave of absence was written wrongly."""
    own = _enrolment(request, client)
    rows = Leave.objects.filter(employment__client=own.client, public_id=leave)
    row = rows.select_related("employment").first()
    return _correct(request, own, row, forms.LeaveCorrection, _("休職を訂正する"), closed)


def _enrolment(request: HttpRequest, client: UUID) -> Enrolment:
    """The running enrolment of somebody whom the office works with today."""
    person = get_client_for_edit(request, client)
    found = running_enrolment(active_membership(request), person, today(request))
    if found is None:
        raise Http404
    return found


def _correct(
    request: HttpRequest, enrolment: Enrolment, row: LifeFact | None, form_class: Any,
    heading: str, closed: ClosedFor,
) -> HttpResponse:  # fmt: skip
    if row is None:
        raise Http404
    on, months = today(request), closed(active_membership(request))
    version = mark_of(row, ())

    def tell(changes: dict[str, Any]) -> Told:
        # Of the row as it is stored: the form writes into the one that it shows.
        return told_before(enrolment, _stored(row), changes, on, months)

    form = form_class(
        request.POST or None, instance=row, version=version, tell=tell,
        refuse=lambda changes: refuse_wrong_days(_stored(row), changes, now(request)),
    )  # fmt: skip

    def run(**who: Any) -> LifeFact:
        return correct_life(
            enrolment=enrolment, row=row, changes=form.changes(), seen=form.told.mark,
            reason=form.cleaned_data["reason"], closed=months, **who,
        )  # fmt: skip

    return form_flow(
        request, form, heading=heading, run=run, checked=(type(row),), done=_("訂正しました。"),
        back=reverse("client_page", args=[enrolment.client.public_id]),
        subject=subject_of(enrolment.client, on), template="plans/life_correction.html",
        lead=_(
            "元の値は、理由と一緒に履歴に残ります。保存する前に、利用できる期間・支給決定・面談の期限・"
            "締めた月など、変わることの一覧を確かめます。"
        ),
    )  # fmt: skip


def _stored(row: LifeFact) -> LifeFact:
    found: LifeFact = type(row).objects.get(pk=row.pk)
    return found
