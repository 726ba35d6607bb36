"""本庁: corrections over all wards of the city. Found by ward and number, shown without the name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.actions.facts import refuse_future
from clients.models import RecipientNumber
from plans.access import (
    city_decisions,
    get_city_cap_or_404,
    get_city_decision_or_404,
    get_city_paper_or_404,
    wards_of,
)
from plans.actions import correction
from plans.actions.certificate import refuse_paper
from plans.forms.correction import (
    CityCapCorrectionForm,
    DecisionCorrectionForm,
    FindDecisionForm,
    PaperCorrectionForm,
)
from plans.models import CapPeriod, Certificate, Decision
from plans.queries.cap_words import CapAsked, cap_words, consequences
from plans.queries.caps import ClosedMonths, granted_months
from plans.queries.correction import corrections_of
from plans.queries.left_outside import closed_between, left_outside
from plans.queries.ward_lists import with_numbers
from plans.views.cap_checks import amount_checks, months_check
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.era import both
from teikyaku.form_pages import form_page, trail
from teikyaku.periods import Month

# What is held against rule, window and use before the page asks more.
DAYS = ("decided_on", "starts_on", "ends_on")
CORRECTS = requires(Permission.DECISION_CORRECT, scope=Scope.MUNICIPALITY)


@CORRECTS
def correction_find(request: HttpRequest) -> HttpResponse:
    """The decisions under one certificate number; a POST, so that no number stands in an address."""
    membership = active_membership(request)
    form = FindDecisionForm(request.POST or None, wards=wards_of(membership))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        found = city_decisions(membership).filter(
            municipality=data["municipality"],
            certificates__recipient_number__number=data["number"],
        )
        row = found.order_by("-starts_on").first()
        if row is not None:
            return redirect("admin:city_decision", row.public_id)
        form.add_error("number", _("この区に、この番号の支給決定はありません。"))
    return form_page(
        request, form, heading=_("支給決定を訂正する"), submit_label=_("探す"),
        lead=_("区と受給者証番号で探します。氏名は表示しません。訂正は記録に残ります。"),
        cancel_url=reverse("admin:index"),
    )  # fmt: skip


@CORRECTS
def city_decision(request: HttpRequest, decision: UUID) -> HttpResponse:
    """One decision with its caps, its sisters and what was corrected before."""
    row = get_city_decision_or_404(request, decision)
    context = {
        "breadcrumbs": trail(_("この支給決定"), reverse("admin:correction_find")),
        "decision": row,
        "number": correction.number_of(row),
        "papers": row.certificates.all(),
        "caps": row.client.cap_periods.filter(municipality=row.municipality),
        # Of every ward: a change may have come after the file had passed to another one.
        "others": with_numbers(city_decisions(active_membership(request)))
        .filter(client=row.client_id)
        .exclude(pk=row.pk)
        .select_related("municipality__city")
        .order_by("-starts_on"),
        "corrections": corrections_of(row),
    }
    return render(request, "plans/ward/city_decision.html", context)


def _correct(
    request: HttpRequest,
    decision: Decision,
    form: Any,
    heading: str,
    run: Callable[..., Any],
    checked: tuple[type[models.Model], ...],
    lead: str = "",
    what: str = "",
) -> HttpResponse:
    """The page of a correction: of whose decision, by ward, number and period, and of what in it."""
    return form_flow(
        request,
        form,
        heading=heading,
        lead=lead or _("締めた月の計算は、締めたときのまま残ります。"),
        back=reverse("admin:city_decision", args=[decision.public_id]),
        done=_("訂正しました。渡した受給者証や通知書は、区が作り直します。"),
        run=run,
        checked=checked,
        template="plans/ward/city_form.html",
        about=decision,
        number=correction.number_of(decision),
        what=what,
    )


@CORRECTS
def city_decision_correct(
    request: HttpRequest, decision: UUID, closed: ClosedMonths
) -> HttpResponse:
    """Days, amount and number as they should have been."""
    row = get_city_decision_or_404(request, decision)

    def outside(data: dict[str, Any]) -> list[str]:
        days = {name: data[name] for name in DAYS}
        return [
            *left_outside(row, **days, number=data.get("number", "")),
            *closed_between(row, data["starts_on"], data["ends_on"], closed),
        ]

    def check(data: dict[str, Any]) -> None:
        facts = correction.DecisionFacts("", **{name: data[name] for name in DAYS}, amount="")
        correction.refuse_wrong_days(row, facts, now(request))

    form = DecisionCorrectionForm(
        request.POST or None, initial=DecisionCorrectionForm.initial_of(row), consequences=outside,
        check=check,
    )  # fmt: skip

    def run(**who: Any) -> Decision:
        reason = form.cleaned_data["reason"]
        return correction.correct_decision(decision=row, facts=form.facts(), reason=reason, **who)

    checked = (Decision, RecipientNumber)
    return _correct(request, row, form, _("支給決定を訂正する"), run, checked)


@CORRECTS
def city_paper_correct(request: HttpRequest, decision: UUID, paper: UUID) -> HttpResponse:
    """The days of one version of the certificate as they should have been."""
    row = get_city_decision_or_404(request, decision)
    found = get_city_paper_or_404(row, paper)
    initial = {"issued_on": found.issued_on, "applies_on": found.applies_on}

    def check(data: dict[str, Any]) -> None:
        refuse_future(at=now(request), issued_on=data["issued_on"])
        refuse_paper(row, data["issued_on"], data["applies_on"])

    form = PaperCorrectionForm(request.POST or None, initial=initial, check=check)

    def run(**who: Any) -> Certificate:
        return correction.correct_paper(paper=found, **form.cleaned_data, **who)

    return _correct(
        request, row, form, _("受給者証の日付を訂正する"), run, (Certificate,),
        _("もう作ったPDFは変わりません。正しい日付の紙は、区が「作り直す」で作ります。"),
        what=_("受給者証（%(kind)s） 交付 %(issued)s・適用 %(applies)s") % {
            "kind": found.get_kind_display(), "issued": both(found.issued_on),
            "applies": both(found.applies_on),
        },
    )  # fmt: skip


@CORRECTS
def city_cap_correct(
    request: HttpRequest, decision: UUID, cap: UUID, closed: ClosedMonths
) -> HttpResponse:
    """Months, category and yen as they should have been; what that touches is told before."""
    row = get_city_decision_or_404(request, decision)
    found = get_city_cap_or_404(row, cap)

    def beside(data: dict[str, Any]) -> list[str]:
        first = data.get("first_month")
        if not first:
            return []
        asked = CapAsked(
            client=row.client, first_month=first, last_month=data.get("last_month"),
            on=today(request), corrected=found,
            granted=granted_months(row.client, row.municipality, Month.of(first)),
        )  # fmt: skip
        return consequences(asked, closed)

    def old_reason(data: dict[str, Any]) -> None:
        if data.get("category"):
            correction.refuse_old_reason(found, data["category"], data.get("category_reason", ""))

    form = CityCapCorrectionForm(
        request.POST or None, initial=CityCapCorrectionForm.initial_of(found), consequences=beside,
        checks=(
            old_reason,
            *amount_checks(row.client, "first_month"),
            months_check(row.client, row.municipality),
        ),
    )  # fmt: skip

    def run(**who: Any) -> CapPeriod:
        reason = form.cleaned_data["reason"]
        return correction.correct_cap(cap=found, changes=form.changes(), reason=reason, **who)

    what = _("負担上限月額 %(cap)s") % {"cap": cap_words(found)}
    return _correct(request, row, form, _("負担上限月額を訂正する"), run, (CapPeriod,), what=what)
