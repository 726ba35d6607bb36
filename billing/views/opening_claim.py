"""移行前の国保連への請求: what was carried over of each month and municipality, told, told anew, paid, taken back."""

from __future__ import annotations

from itertools import compress, groupby
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.opening_claim import (
    cancel_opening_claim_payment,
    cancel_opening_deduction,
    correct_opening_claim,
    record_opening_claim,
    record_opening_claim_payment,
    record_opening_deduction,
    withdraw_opening_claim,
)
from billing.forms.opening_claim import (
    OpeningClaimCorrectionForm,
    OpeningClaimForm,
    OpeningClaimPaymentForm,
    OpeningClaimWithdrawalForm,
    OpeningDeductionForm,
)
from billing.forms.payment import CancellationForm
from billing.models import OpeningClaim, OpeningClaimDeduction, OpeningClaimPayment
from billing.queries.claim_start import first_claimed_month
from billing.queries.opening_claims import (
    PLACE,
    ClosedElsewhere,
    OpeningClaimRow,
    closed_elsewhere,
    opening_claims,
    opening_deductions,
    paid_for,
    standing_claims,
)
from billing.views.crumbs import crumbs
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.era import both
from teikyaku.money import yen
from teikyaku.periods import Month

READ = requires(Permission.MONTH_READ, scope=Scope.OFFICE)
WRITE = requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)
# 国保連 pays in the second month after the service.
NEWEST = 2


def _page() -> str:
    return reverse("opening_claims")


def _crumbs(heading: str = "") -> list[dict[str, Any]]:
    own = _("移行前の国保連への請求")
    ways = [(_("国保連の支払い"), reverse("claim_payments"))]
    return crumbs(*ways, *([(own, _page()), (heading, "")] if heading else [(own, "")]))


@READ
def opening_claims_page(request: HttpRequest) -> HttpResponse:
    """What was carried over, month by month with its payments; below, months that nobody told yet."""
    office = active_office(request)
    rows = opening_claims(office)
    context = {
        "rows": rows,
        "open_yen": sum(row.open_yen for row in rows),
        **_by_month(rows),
        "first_month": first_claimed_month(office),
        **_untold(closed_elsewhere(office)),
        "deductions": opening_deductions(office),
        "can_write": active_membership(request).may(Permission.MONTH_CLOSE),
        "breadcrumbs": _crumbs(),
    }
    return render(request, "billing/opening_claims.html", context)


def _by_month(rows: list[OpeningClaimRow]) -> dict[str, list[tuple[Month, list[OpeningClaimRow]]]]:
    """Months with something left, and those that the page folds away, each with its rows."""
    months = [(key, list(group)) for key, group in groupby(rows, key=lambda row: row.month)]
    is_open = [any(row.open_yen for row in own) for _month, own in months]
    return {
        "open_months": list(compress(months, is_open)),
        "paid_months": list(compress(months, (not each for each in is_open))),
    }


def _untold(found: list[ClosedElsewhere]) -> dict[str, list[ClosedElsewhere]]:
    """The newest months, which may still be awaited, and those before."""
    newest = sorted({each.month for each in found}, reverse=True)[:NEWEST]
    return {
        "untold": [each for each in found if each.month in newest],
        "untold_before": [each for each in found if each.month not in newest],
    }


@WRITE
def opening_claim_new(request: HttpRequest) -> HttpResponse:
    """One month of a municipality; both in the address fill in what was closed of it here."""
    office = active_office(request)
    known = _asked(request, closed_elsewhere(office))
    initial: dict[str, Any] = {}
    if known:
        initial = {
            "month": known.month.first_day, "municipality": known.municipality,
            "amount_yen": known.claimed_yen,
        }  # fmt: skip
    form = OpeningClaimForm(request.POST or None, initial=initial)
    heading = _("移行前の国保連への請求を入れる")
    return form_flow(
        request, form, heading=heading, checked=(OpeningClaim,), back=_page(),
        lead=_("仕訳には「移行前からの繰越」として、ここで請求する最初の月の1日に出ます。収益や統計には数えません。"),
        done=_("移行前の国保連への請求を入れました。"),
        run=lambda **who: record_opening_claim(
            office=office, month=Month.of(form.cleaned_data["month"]),
            municipality=form.cleaned_data["municipality"],
            amount_yen=form.cleaned_data["amount_yen"], **who,
        ),
        breadcrumbs=_crumbs(heading),
    )  # fmt: skip


def _asked(request: HttpRequest, known: list[ClosedElsewhere]) -> ClosedElsewhere | None:
    month, place = request.GET.get("month", ""), request.GET.get("municipality", "")
    return next(
        (each for each in known if (str(each.month), str(each.municipality_id)) == (month, place)),
        None,
    )


@WRITE
def opening_claim_correct(request: HttpRequest, claim_before: UUID) -> HttpResponse:
    """The sum was told wrongly: a new row takes its place."""
    row = _standing_or_404(request, claim_before)
    form = OpeningClaimCorrectionForm(
        request.POST or None, initial={"amount_yen": row.amount_yen}
    )  # fmt: skip
    heading = _("移行前の国保連への請求を訂正する")
    return form_flow(
        request, form, heading=heading, checked=(OpeningClaim,), back=_page(),
        lead=_("%(month)s分　いまの金額 %(yen)s。前の記録も理由と一緒に残ります。支払いはそのまま数えます。")
        % _told(row), done=_("訂正しました。"),
        run=lambda **who: correct_opening_claim(claim=row, **form.cleaned_data, **who),
        breadcrumbs=_crumbs(heading),
    )  # fmt: skip


@WRITE
def opening_claim_withdraw(request: HttpRequest, claim_before: UUID) -> HttpResponse:
    """Nothing was owed after all: taken back while nothing was paid."""
    row = _standing_or_404(request, claim_before)
    form = OpeningClaimWithdrawalForm(request.POST or None)
    heading = _("移行前の国保連への請求を取り下げる")
    return form_flow(
        request, form, heading=heading, checked=(OpeningClaim,), back=_page(),
        lead=_("%(month)s分　%(yen)s。支払い待ちに数えなくなります。記録は理由と一緒に残ります。") % _told(row),
        submit_label=_("取り下げる"), done=_("取り下げました。"),
        run=lambda **who: withdraw_opening_claim(claim=row, **form.cleaned_data, **who),
        breadcrumbs=_crumbs(heading),
    )  # fmt: skip


@WRITE
def opening_claim_pay(request: HttpRequest, claim_before: UUID) -> HttpResponse:
    """What 国保連 paid of it; the rest is filled in, and the day is read off the notice."""
    row = _standing_or_404(request, claim_before)
    left = row.amount_yen - paid_for(row)
    form = OpeningClaimPaymentForm(request.POST or None, initial={"amount_yen": max(left, 0)})
    heading = _("移行前の請求への支払いを記録する")
    return form_flow(
        request, form, heading=heading, checked=(OpeningClaimPayment,), back=_page(),
        lead=_("%(month)s分　残り %(yen)s。") % {"month": _label(row), "yen": yen(left)},
        done=_("支払いを記録しました。"), submit_label=_("記録する"),
        run=lambda **who: record_opening_claim_payment(claim=row, **form.cleaned_data, **who),
        breadcrumbs=_crumbs(heading),
    )  # fmt: skip


@WRITE
def opening_claim_payment_cancel(request: HttpRequest, claim_money: UUID) -> HttpResponse:
    """It was recorded by mistake: a further row takes it back."""
    rows = OpeningClaimPayment.objects.standing().filter(claim__office=active_office(request))
    row = (
        rows.select_related(*(f"claim__{each}" for each in PLACE))
        .filter(public_id=claim_money)
        .first()
    )
    if row is None:
        raise Http404
    form = CancellationForm(request.POST or None)
    heading = _("移行前の請求への支払いを取り消す")
    told = {
        "month": _label(row.claim), "on": both(row.paid_on),
        "yen": yen(row.amount_yen),
    }  # fmt: skip
    return form_flow(
        request, form, heading=heading, checked=(OpeningClaimPayment,), back=_page(),
        lead=_("%(month)s分　%(on)s　%(yen)s。また支払い待ちになります。記録は理由と一緒に残ります。") % told,
        submit_label=_("取り消す"), done=_("支払いの記録を取り消しました。"),
        run=lambda **who: cancel_opening_claim_payment(payment=row, **form.cleaned_data, **who),
        breadcrumbs=_crumbs(heading),
    )  # fmt: skip


@WRITE
def opening_claim_deduct(request: HttpRequest) -> HttpResponse:
    """過誤調整 of a month that other software claimed; nothing is filled in, the notice says it all."""
    form = OpeningDeductionForm(request.POST or None, office=active_office(request))
    heading = _("移行前の請求の過誤調整を記録する")
    return form_flow(
        request, form, heading=heading, checked=(OpeningClaimDeduction,), back=_page(),
        lead=_(
            "ほかのソフトで請求し、支払われたあとに取り下げた月の分を、国保連が振込から差し引いたときに入れます。"
            "仕訳では「移行前からの繰越」を減らします。"
        ),
        done=_("過誤調整を記録しました。"), submit_label=_("記録する"),
        run=lambda **who: record_opening_deduction(
            office=active_office(request),
            **{**form.cleaned_data, "month": Month.of(form.cleaned_data["month"])},
            answered=form.ticked(), **who,
        ),
        breadcrumbs=_crumbs(heading),
    )  # fmt: skip


@WRITE
def opening_claim_deduction_cancel(request: HttpRequest, deduction_before: UUID) -> HttpResponse:
    """It was recorded by mistake: a further row takes it back."""
    rows = OpeningClaimDeduction.objects.standing().filter(office=active_office(request))
    row = rows.select_related(*PLACE).filter(public_id=deduction_before).first()
    if row is None:
        raise Http404
    form = CancellationForm(request.POST or None)
    heading = _("移行前の請求の過誤調整を取り消す")
    told = {"month": _label(row), "on": both(row.deducted_on), "yen": yen(row.amount_yen)}
    return form_flow(
        request, form, heading=heading, checked=(OpeningClaimDeduction,), back=_page(),
        lead=_("%(month)s分　%(on)s　%(yen)s。記録は理由と一緒に残ります。") % told,
        submit_label=_("取り消す"), done=_("過誤調整の記録を取り消しました。"),
        run=lambda **who: cancel_opening_deduction(deduction=row, **form.cleaned_data, **who),
        breadcrumbs=_crumbs(heading),
    )  # fmt: skip


def _told(row: OpeningClaim) -> dict[str, str]:
    return {"month": _label(row), "yen": yen(row.amount_yen)}


def _label(row: OpeningClaim | OpeningClaimDeduction) -> str:
    """The month, and of which municipality where it is told by them."""
    place = f"{row.municipality.current.full_name}　" if row.municipality else ""
    return f"{place}{Month.of(row.month).label}"


def _standing_or_404(request: HttpRequest, public_id: UUID) -> OpeningClaim:
    rows = standing_claims(active_office(request)).select_related(*PLACE)
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row
