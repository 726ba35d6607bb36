"""What the ward writes down of a person with an application: name, home, service, job, household.

Only while the person's file lies with the ward: what an application that has ended was about is read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.actions.client import change_name, correct_birth_date
from clients.actions.employment import employer_named
from clients.actions.facts import add_fact, correct_succeeded, succeed_fact
from clients.forms.fact import (
    DisabilityForm,
    HouseholdForm,
    NameForm,
    WardResidenceForm,
)
from clients.models import (
    Client,
    ClientName,
    Disability,
    Employment,
    HouseholdFact,
    PriorService,
    Residence,
)
from clients.views.fact import guard_protected
from plans.access import (
    active_ward,
    get_application_or_404,
    get_filed_application_or_404,
)
from plans.actions import life_change
from plans.actions.application import refuse_closed
from plans.forms.intake import (
    EmploymentCorrectionForm,
    EmploymentEndForm,
    EmploymentForm,
    PriorServiceCorrectionForm,
    PriorServiceForm,
)
from plans.forms.ward_slips import WardBirthDateForm, WardNameForm
from plans.models import Application
from plans.queries.ward_sight import holds_file, written_by_wards
from plans.views.ward import WRITES, application_step
from teikyaku.accounts.access import note_read
from teikyaku.clock import today
from teikyaku.model_forms import FactForm
from teikyaku.periods import Month


@WRITES
def ward_service_new(request: HttpRequest, application: UUID) -> HttpResponse:
    """The service used before the job, as the person stated it."""
    row = get_application_or_404(request, application)
    form = PriorServiceForm(request.POST or None)

    def run(**who: Any) -> PriorService:
        refuse_closed(row)
        return life_change.add_prior_service(client=row.client, **form.cleaned_data, **who)

    return _step(request, row, form, _("就職前のサービスを記録する"), run, (PriorService,))


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

    return _step(request, row, form, _("就労を記録する"), run, (Employment,))


@WRITES
def ward_disability_new(request: HttpRequest, application: UUID) -> HttpResponse:
    """障害種別 as the certificate will print it."""
    row = get_application_or_404(request, application)
    form = DisabilityForm(request.POST or None)

    def run(**who: Any) -> Any:
        form.instance.client = row.client
        return add_fact(form.instance, verb="disability_recorded", **who)

    return _step(
        request, row, form, _("障害種別を記録する"), run, (Disability,),
        lead=_("受給者証には、交付日に続いている種別が入ります。"),
    )  # fmt: skip


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

    return _step(
        request, row, form, _("世帯の収入状況を記録する"), run, (HouseholdFact,),
        lead=_("前の記録は、新しい月の前の月までになります。"),
    )  # fmt: skip


@WRITES
def ward_household_correct(request: HttpRequest, application: UUID, fact: UUID) -> HttpResponse:
    """世帯の収入状況 that was written wrongly; the history keeps the old values."""
    row = get_filed_application_or_404(request, application)
    rows = row.client.household_facts
    slip = Slip(
        _("世帯の収入状況を訂正する"), HouseholdForm,
        _("元の値は履歴に残ります。上限額が変わるときは、支給決定のページで決め直します。"),
        _after_the_one_before(rows, starts="first_month", ends="last_month"),
    )  # fmt: skip
    return _corrected(request, row, _found(rows, fact), slip)


@WRITES
def ward_job_end(request: HttpRequest, application: UUID, employment: UUID) -> HttpResponse:
    """A job of the person ended; window and due dates follow."""
    row = get_filed_application_or_404(request, application)
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
    row = get_filed_application_or_404(request, application)
    job = _own_fact(request, row.client.employments, employment)
    slip = Slip(_("就労を訂正する"), EmploymentCorrectionForm, WINDOW_FOLLOWS, _window_follows)
    return _corrected(request, row, job, slip)


@WRITES
def ward_service_correct(request: HttpRequest, application: UUID, service: UUID) -> HttpResponse:
    """A service before the job that the ward wrote down wrongly; the window follows."""
    row = get_filed_application_or_404(request, application)
    use = _own_fact(request, row.client.prior_services, service)
    heading = _("就職前のサービスを訂正する")
    slip = Slip(heading, PriorServiceCorrectionForm, WINDOW_FOLLOWS, _window_follows)
    return _corrected(request, row, use, slip)


@WRITES
def ward_home_correct(request: HttpRequest, application: UUID, residence: UUID) -> HttpResponse:
    """An address that was written wrongly; whoever did, the ward's papers go there."""
    row = get_filed_application_or_404(request, application)
    rows = row.client.residences
    home = _found(rows, residence)
    guard_protected(request, row.client, home)
    slip = Slip(
        _("住所を訂正する"), WardResidenceForm,
        _("書き間違いを直します。転居した方は、訂正ではなく「新しい住所を記録」です。元の値は履歴に残ります。作ってある文書は、作り直すまで元のままです。"),
        _after_the_one_before(rows),
    )  # fmt: skip
    return _corrected(request, row, home, slip)


@WRITES
def ward_name_correct(request: HttpRequest, application: UUID, name: UUID) -> HttpResponse:
    """A name or kana that was written wrongly; whoever did, the ward's papers carry it."""
    row = get_filed_application_or_404(request, application)
    rows = row.client.names
    slip = Slip(
        _("氏名を訂正する"), WardNameForm,
        _("書き間違いを直します。氏名が変わった方は、訂正ではなく「新しい氏名を記録」です。元の値は履歴に残ります。作ってある文書は、作り直すまで元のままです。"),
        _after_the_one_before(rows),
    )  # fmt: skip
    return _corrected(request, row, _found(rows, name), slip)


@WRITES
def ward_birth_correct(request: HttpRequest, application: UUID) -> HttpResponse:
    """生年月日 that was written wrongly; the age decides about the category."""
    row = get_application_or_404(request, application)
    form = WardBirthDateForm(
        request.POST or None, client=row.client, on=today(request),
        initial={"birth_date": row.client.birth_date},
    )  # fmt: skip
    _note_people(request, form)

    def run(**who: Any) -> Client:
        return correct_birth_date(client=row.client, **form.cleaned_data, **who)

    return _step(
        request, row, form, _("生年月日を訂正する"), run, (Client, ClientName),
        lead=_("元の値は履歴に残ります。年齢で負担の区分が変わることがあります（施設に入所している方は20歳から）。訂正したあとで、世帯の収入状況と区分を見直してください。作ってある文書は、作り直すまで元のままです。"),
    )  # fmt: skip


def _step(
    request: HttpRequest, row: Application, form: Any, heading: str, run: Callable[..., Any],
    checked: tuple[Any, ...], **page: Any,
) -> HttpResponse:  # fmt: skip
    """As `application_step`, where the person's file lies here; else that is said, also at the end."""

    def here(**who: Any) -> Any:
        if problem := _elsewhere(row):
            raise ValidationError(problem)
        return run(**who)

    return application_step(request, row, form, heading, here, checked, _elsewhere, **page)


def _elsewhere(row: Application) -> str:
    """Why nothing more is written down of the person here; "" where their file lies here."""
    if holds_file(row.client_id, row.municipality_id):
        return ""
    text = _("この申請は「%(outcome)s」で終わり、この方の記録はこの区にありません。")
    return text % {"outcome": row.get_outcome_display()}


WINDOW_FOLLOWS = gettext_lazy("元の値は履歴に残ります。利用できる期間も計算し直します。")


@dataclass(frozen=True, slots=True)
class Slip:
    """How one kind of fact is put right: what the page is called and says, its form, its action."""

    heading: str
    form: type[FactForm]
    lead: Any
    correct: Callable[..., Any]
    """Takes the stored row, `changes`, `reason`, and by whom and when."""


def _window_follows(row: Any, **what: Any) -> Any:
    return life_change.correct_dated_fact(row=row, client=row.client, **what)


def _after_the_one_before(rows: Any, **spans: Any) -> Callable[..., Any]:
    """The action for facts that take over from each other, such as homes and names."""

    def correct(row: Any, **what: Any) -> Any:
        return correct_succeeded(row, siblings=rows.all(), **spans, **what)

    return correct


def _found(rows: Any, public_id: UUID) -> Any:
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _own_fact(request: HttpRequest, rows: Any, public_id: UUID) -> Any:
    """A job or service that a ward recorded: what an office wrote down, the office corrects."""
    return _found(written_by_wards(rows, active_ward(request)), public_id)


def _corrected(
    request: HttpRequest, application: Application, row: Any, slip: Slip
) -> HttpResponse:
    form = slip.form(request.POST or None, instance=row)
    _note_people(request, form)

    def run(**who: Any) -> Any:
        stored = type(row).objects.get(pk=row.pk)
        what = {"changes": form.changes(), "reason": form.cleaned_data["reason"]}
        return slip.correct(stored, **what, **who)

    return application_step(
        request, application, form, slip.heading, run, (type(row),), lead=slip.lead
    )


def _note_people(request: HttpRequest, form: Any) -> None:
    """Whoever is shown because they look the same was read, as at the reception."""
    for name in getattr(form, "people", ()):
        note_read(request, name.client, person_id=name.client.public_id)


@WRITES
def ward_home_new(request: HttpRequest, application: UUID) -> HttpResponse:
    """A new home in the ward, to which letters go from then on; also after the grant."""
    row = get_application_or_404(request, application)
    home = Residence(client=row.client, municipality=active_ward(request))
    form = WardResidenceForm(request.POST or None, instance=home)

    def run(**who: Any) -> Any:
        return succeed_fact(
            form.instance, siblings=row.client.residences.all(), verb="residence_recorded", **who
        )

    return _step(
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

    return _step(
        request, row, form, _("新しい氏名を記録する"), run, (ClientName,),
        lead=_("前の氏名は、新しい氏名になる前の日までになります。検索では、前の氏名でも見つかります。"),
    )  # fmt: skip


def _month_asked(request: HttpRequest) -> Month:
    """The month of the address, as the yearly review asks for it; else this month."""
    try:
        return Month.parse(request.GET.get("month", ""))
    except ValueError:
        return Month.of(today(request))
