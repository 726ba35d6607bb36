"""What the ward writes down of a person with an application: name, home, service, job, household."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clients.actions.client import change_name
from clients.actions.employment import employer_named
from clients.actions.facts import correct_fact, succeed_fact
from clients.forms.fact import HouseholdForm, NameForm, WardResidenceForm
from clients.models import ClientName, Employment, HouseholdFact, PriorService, Residence
from plans.access import active_ward, get_application_or_404
from plans.actions import life_change
from plans.actions.application import refuse_closed
from plans.forms.intake import (
    EmploymentCorrectionForm,
    EmploymentEndForm,
    EmploymentForm,
    PriorServiceCorrectionForm,
    PriorServiceForm,
)
from plans.models import Application
from plans.views.ward import WRITES, application_step
from teikyaku.clock import today
from teikyaku.periods import Month


@WRITES
def ward_service_new(request: HttpRequest, application: UUID) -> HttpResponse:
    """The service used before the job, as the person stated it."""
    row = get_application_or_404(request, application)
    form = PriorServiceForm(request.POST or None)

    def run(**who: Any) -> PriorService:
        refuse_closed(row)
        return life_change.add_prior_service(client=row.client, **form.cleaned_data, **who)

    return application_step(
        request, row, form, _("就職前のサービスを記録する"), run, (PriorService,)
    )


@WRITES
def ward_job_new(request: HttpRequest, application: UUID) -> HttpResponse:
    """The job, as the person stated it."""
    row = get_application_or_404(request, application)
    form = EmploymentForm(request.POST or None)

    def run(**who: Any) -> Employment:
        refuse_closed(row)
        facts = dict(form.cleaned_data)
        employer = employer_named(
            name=facts.pop("employer"),
            address=facts.pop("employer_address"),
            phone=facts.pop("employer_phone"),
        )
        return life_change.add_employment(client=row.client, employer=employer, **facts, **who)

    return application_step(request, row, form, _("就労を記録する"), run, (Employment,))


@WRITES
def ward_household_new(request: HttpRequest, application: UUID) -> HttpResponse:
    """世帯の収入状況 from a month on, from which the category is proposed; also after the grant."""
    row = get_application_or_404(request, application)
    initial = {"first_month": _month_asked(request).first_day}
    form = HouseholdForm(request.POST or None, initial=initial)

    def run(**who: Any) -> Any:
        fact = form.instance
        fact.client = row.client
        return succeed_fact(
            fact, siblings=row.client.household_facts.all(), verb="household_recorded",
            starts="first_month", ends="last_month", **who,
        )  # fmt: skip

    return application_step(
        request, row, form, _("世帯の収入状況を記録する"), run, (HouseholdFact,),
        lead=_("前の記録は、新しい月の前の月までになります。"),
    )  # fmt: skip


@WRITES
def ward_household_correct(request: HttpRequest, application: UUID, fact: UUID) -> HttpResponse:
    """世帯の収入状況 that was written wrongly; the history keeps the old values."""
    row = get_application_or_404(request, application)
    known = row.client.household_facts.filter(public_id=fact).first()
    if known is None:
        raise Http404
    form = HouseholdForm(request.POST or None, instance=known)

    def run(**who: Any) -> Any:
        stored = HouseholdFact.objects.get(pk=known.pk)
        return correct_fact(
            stored, changes=form.changes(), reason=form.cleaned_data["reason"], **who
        )

    return application_step(
        request, row, form, _("世帯の収入状況を訂正する"), run, (HouseholdFact,),
        lead=_("元の値は履歴に残ります。上限額が変わるときは、支給決定のページで決め直します。"),
    )  # fmt: skip


@WRITES
def ward_job_end(request: HttpRequest, application: UUID, employment: UUID) -> HttpResponse:
    """A job of the person ended; window and due dates follow."""
    row = get_application_or_404(request, application)
    job = row.client.employments.filter(public_id=employment, ends_on=None).first()
    if job is None:
        raise Http404
    form = EmploymentEndForm(request.POST or None)

    def run(**who: Any) -> Employment:
        return life_change.end_employment(employment=job, **form.cleaned_data, **who)

    return application_step(
        request, row, form, _("離職を記録する"), run, (Employment,),
        lead=_("%(job)s。利用できる期間も計算し直します。") % {"job": job.employer.name},
    )  # fmt: skip


@WRITES
def ward_job_correct(request: HttpRequest, application: UUID, employment: UUID) -> HttpResponse:
    """A job that the ward wrote down wrongly; window and due dates follow."""
    row = get_application_or_404(request, application)
    job = _own_fact(request, row.client.employments, employment)
    return _corrected(
        request, row, job, EmploymentCorrectionForm, _("就労を訂正する"), (Employment,)
    )


@WRITES
def ward_service_correct(request: HttpRequest, application: UUID, service: UUID) -> HttpResponse:
    """A service before the job that the ward wrote down wrongly; the window follows."""
    row = get_application_or_404(request, application)
    use = _own_fact(request, row.client.prior_services, service)
    heading = _("就職前のサービスを訂正する")
    return _corrected(request, row, use, PriorServiceCorrectionForm, heading, (PriorService,))


def _own_fact(request: HttpRequest, rows: Any, public_id: UUID) -> Any:
    """A fact that this ward recorded: what an office wrote down, the office corrects."""
    found = rows.filter(public_id=public_id, recorded_by__municipality=active_ward(request)).first()
    if found is None:
        raise Http404
    return found


def _corrected(
    request: HttpRequest, application: Application, row: Any, form_class: Any, heading: str,
    checked: tuple[Any, ...],
) -> HttpResponse:  # fmt: skip
    form = form_class(request.POST or None, instance=row)

    def run(**who: Any) -> Any:
        changes = dict(form.cleaned_data)
        stored = type(row).objects.get(pk=row.pk)
        return life_change.correct_dated_fact(
            row=stored, client=application.client, reason=changes.pop("reason"), changes=changes,
            **who,
        )  # fmt: skip

    return application_step(
        request, application, form, heading, run, checked,
        lead=_("元の値は履歴に残ります。利用できる期間も計算し直します。"),
    )  # fmt: skip


@WRITES
def ward_home_new(request: HttpRequest, application: UUID) -> HttpResponse:
    """A new home in the ward, to which letters go from then on; also after the grant."""
    row = get_application_or_404(request, application)
    form = WardResidenceForm(request.POST or None)

    def run(**who: Any) -> Any:
        home = form.instance
        home.client, home.municipality = row.client, active_ward(request)
        return succeed_fact(
            home, siblings=row.client.residences.all(), verb="residence_recorded", **who
        )

    return application_step(
        request, row, form, _("新しい住所を記録する"), run, (Residence,),
        lead=_("区内の住所です。前の住所は、新しい住所になる前の日までになります。ほかの区へ移った方の記録は、引き継ぎます。"),
    )  # fmt: skip


@WRITES
def ward_name_new(request: HttpRequest, application: UUID) -> HttpResponse:
    """A new name from a day on; the former one is still found by search."""
    row = get_application_or_404(request, application)
    form = NameForm(request.POST or None)

    def run(**who: Any) -> ClientName:
        return change_name(client=row.client, **form.cleaned_data, **who)

    return application_step(
        request, row, form, _("新しい氏名を記録する"), run, (ClientName,),
        lead=_("前の氏名は、新しい氏名になる前の日までになります。検索では、前の氏名でも見つかります。"),
    )  # fmt: skip


def _month_asked(request: HttpRequest) -> Month:
    """The month of the address, as the yearly review asks for it; else this month."""
    try:
        return Month.parse(request.GET.get("month", ""))
    except ValueError:
        return Month.of(today(request))
