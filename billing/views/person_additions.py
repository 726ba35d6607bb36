"""加算・減算・助成 of one person: the page, the office's answers, the subsidy."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.month_answer import (
    answer_months,
    correct_months,
    record_subsidy,
    withdraw_months,
)
from billing.enums import AnswerKind
from billing.forms.month_answer import (
    MonthAnswerCorrectionForm,
    MonthAnswerForm,
    SubsidyCorrectionForm,
    SubsidyForm,
)
from billing.models import MonthAnswer, Subsidy
from billing.queries.person_additions import person_additions
from billing.views.crumbs import crumbs
from clients.access import get_enrolment_or_404
from clients.models import Enrolment
from clients.queries.subject import subject_of
from teikyaku.accounts.access import active_membership, may_open, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.periods import Month, fiscal_year

READ = requires(Permission.MONTH_READ, scope=Scope.OFFICE)
WRITE = requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)


@READ
def person_additions_page(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """What of the additions is the person's own in a fiscal year, and what it rests on."""
    row, on, reader = (
        get_enrolment_or_404(request, enrolment),
        today(request),
        active_membership(request),
    )
    now = fiscal_year(on)
    asked = request.GET.get("year", "")
    year = now - 1 if asked == str(now - 1) else now
    interview = reverse("interview_new", args=[row.public_id])
    context = {
        "enrolment": row,
        "subject": subject_of(row.client, on),
        "page": person_additions(row, year, on),
        "years": [
            {"label": f"{each}年度", "url": f"?year={each}", "current": each == year}
            for each in (now, now - 1)
        ],
        "can_write": reader.may(Permission.MONTH_CLOSE),
        # Who came is told in the record of the talk: to those who may read it.
        "can_read": reader.may(Permission.INTERVIEW_READ),
        "can_meet": may_open(reader, interview),
        "can_correct": reader.may(Permission.CONTRACT_WRITE),
        "interview_url": interview,
        "breadcrumbs": crumbs(
            (_("この人のページ"), reverse("client_page", args=[row.client.public_id])),
            (_("加算・減算・助成"), ""),
        ),
    }
    return render(request, "billing/person_additions.html", context)


def _flow(
    request: HttpRequest, row: Enrolment, form: Any, *, heading: str, **page: Any
) -> HttpResponse:
    back = reverse("person_additions", args=[row.public_id])
    return form_flow(
        request, form, heading=heading, back=back, subject=subject_of(row.client, today(request)),
        lead=_("締めた月は変わりません。違いは「締めた月のくいちがい」に出ます。"),
        breadcrumbs=crumbs((_("加算・減算・助成"), back), (heading, "")), **page,
    )  # fmt: skip


@WRITE
def month_answer_new(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """The office answers what the rules leave open, for this person."""
    row, on = get_enrolment_or_404(request, enrolment), today(request)
    kind = request.GET.get("kind", "")
    initial = {
        "told_on": on,
        "first_month": Month.of(row.use_starts_on or on).first_day
        if kind == AnswerKind.NO_INITIAL
        else None,
        "kind": kind if kind in AnswerKind.values else None,
    }
    form = MonthAnswerForm(request.POST or None, initial=initial)
    return _flow(
        request, row, form, heading=_("答えを記録する"), done=_("答えを記録しました。"),
        run=lambda **who: answer_months(enrolment=row, **form.cleaned_data, **who),
        checked=(MonthAnswer,),
    )  # fmt: skip


@WRITE
def subsidy_new(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """A municipality pays a part of the person's copayment."""
    row, on = get_enrolment_or_404(request, enrolment), today(request)
    decision = row.client.decisions.in_force(on).first()
    initial = {
        "municipality": decision.municipality_id if decision else None,
        "first_month": Month.of(on).first_day,
    }
    form = SubsidyForm(request.POST or None, initial=initial)
    return _flow(
        request, row, form, heading=_("自治体助成を記録する"), done=_("自治体助成を記録しました。"),
        run=lambda **who: record_subsidy(enrolment=row, **form.cleaned_data, **who),
        checked=(Subsidy,),
    )  # fmt: skip


@WRITE
def month_answer_correct(request: HttpRequest, enrolment: UUID, answer: UUID) -> HttpResponse:
    """An answer ends, was written wrongly, or is taken back."""
    row = get_enrolment_or_404(request, enrolment)
    found = _own(MonthAnswer, row, answer)
    names = ("first_month", "last_month", "why", "told_on")
    return _correct(
        request, row, found, MonthAnswerCorrectionForm, names, _("答えを訂正する・取り消す")
    )


@WRITE
def subsidy_correct(request: HttpRequest, enrolment: UUID, subsidy: UUID) -> HttpResponse:
    """A subsidy ends, was written wrongly, or is taken back."""
    row = get_enrolment_or_404(request, enrolment)
    found = _own(Subsidy, row, subsidy)
    names = ("municipality", "kind", "amount", "first_month", "last_month", "source")
    return _correct(
        request, row, found, SubsidyCorrectionForm, names, _("自治体助成を訂正する・終わらせる")
    )


def _own(model: type[MonthAnswer] | type[Subsidy], row: Enrolment, public_id: UUID) -> Any:
    found = model._base_manager.filter(
        enrolment=row, public_id=public_id, withdrawn_at=None
    ).first()
    if found is None:
        raise Http404
    return found


def _correct(
    request: HttpRequest,
    row: Enrolment,
    found: Any,
    kind: Any,
    names: tuple[str, ...],
    heading: str,
) -> HttpResponse:
    form = kind(request.POST or None, initial={name: getattr(found, name) for name in names})

    def run(**who: Any) -> Any:
        reason = form.cleaned_data["reason"]
        if form.cleaned_data["is_void"]:
            return withdraw_months(row=found, reason=reason, **who)
        changes = {name: form.cleaned_data[name] for name in names}
        return correct_months(row=found, changes=changes, reason=reason, **who)

    return _flow(
        request, row, form, heading=heading, done=_("直しました。"), run=run,
        checked=(type(found),),
    )  # fmt: skip
