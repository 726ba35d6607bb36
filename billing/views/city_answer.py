"""市町村の回答 of one person's month: what was asked, what was said, and a new answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.city_answer import record_city_answer, withdraw_city_answer
from billing.forms.city_answer import NO, YES, CityAnswerForm, CityAnswerWithdrawForm
from billing.models import CityAnswer
from billing.queries.city_case import CityCase, city_case
from billing.queries.city_words import words_of
from billing.rules.city_answer import asks_report_day
from billing.views.crumbs import crumbs, month_step
from clients.access import get_enrolment_or_404
from clients.models import Enrolment
from clients.queries.subject import subject_of
from teikyaku.accounts.access import requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.periods import Month

WRITE = requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)


@WRITE
def city_answer(request: HttpRequest, enrolment: UUID, month: Month) -> HttpResponse:
    """Record whether the month can be billed, as the municipality said it."""
    row, case = _case(request, enrolment, month)
    former, heading = case.newest, _("市町村の回答を記録する")
    form = CityAnswerForm(
        request.POST or None, former=former, asks_report_day=asks_report_day(case.codes),
        initial=_initial(case),
    )  # fmt: skip
    return form_flow(
        request, form, heading=heading, back=reverse("month_page", args=[month]),
        lead=_("締めた月は変わりません。違いは「締めた月のくいちがい」に出ます。"),
        done=_("市町村の回答を記録しました。"), template="billing/city_answer.html",
        run=lambda **who: record_city_answer(
            enrolment=row, month=month, codes=case.codes, payer=case.payer, replaces=former,
            **form.facts, **who,
        ),
        checked=(CityAnswer,),
        subject=subject_of(row.client, today(request)), month=month, case=case,
        told=[(each, words_of(each)) for each in reversed(case.rows)],
        undo_url=_undo_url(row, case), submit_label=_("記録する"), breadcrumbs=crumbs(month_step(month), (heading, "")),
    )  # fmt: skip


def _initial(case: CityCase) -> dict[str, Any]:
    known = case.standing
    seen = {"seen": case.mark}
    if known is None:
        return seen
    names = ("answered_on", "report_on", "way", "respondent", "reason", "note")
    said = {"said": YES if known.is_billable else NO}
    return {**{name: getattr(known, name) for name in names}, **said, **seen}


def _undo_url(row: Enrolment, case: CityCase) -> str:
    known = case.standing
    return reverse("city_answer_withdraw", args=[row.public_id, known.public_id]) if known else ""


@WRITE
def city_answer_withdraw(request: HttpRequest, enrolment: UUID, city: UUID) -> HttpResponse:
    """There was no such answer: taken back with its reason."""
    row = get_enrolment_or_404(request, enrolment)
    found = CityAnswer.objects.standing().filter(enrolment=row, public_id=city).first()
    if found is None:
        raise Http404
    month, heading = Month.of(found.month), _("市町村の回答を取り消す")
    back = reverse("city_answer", args=[row.public_id, month])
    form = CityAnswerWithdrawForm(request.POST or None)
    return form_flow(
        request, form, heading=heading, back=back, lead=words_of(found),
        done=_("市町村の回答を取り消しました。"), checked=(CityAnswer,),
        run=lambda **who: withdraw_city_answer(answer=found, **form.cleaned_data, **who),
        subject=subject_of(row.client, today(request)), submit_label=_("取り消す"),
        breadcrumbs=crumbs(month_step(month), (_("市町村の回答"), back), (heading, "")),
    )  # fmt: skip


def _case(request: HttpRequest, enrolment: UUID, month: Month) -> tuple[Enrolment, CityCase]:
    row = get_enrolment_or_404(request, enrolment)
    case = city_case(row, month, today(request))
    if case is None:
        raise Http404
    return row, case
