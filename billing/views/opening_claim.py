"""移行前の国保連への請求: what was carried over of each month, told, told anew, paid and taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.opening_claim import (
    cancel_opening_claim_payment,
    correct_opening_claim,
    record_opening_claim,
    record_opening_claim_payment,
    withdraw_opening_claim,
)
from billing.forms.opening_claim import (
    OpeningClaimCorrectionForm,
    OpeningClaimForm,
    OpeningClaimPaymentForm,
    OpeningClaimWithdrawalForm,
)
from billing.forms.payment import CancellationForm
from billing.models import OpeningClaim, OpeningClaimPayment
from billing.queries.claim_start import first_claimed_month
from billing.queries.opening_claims import (
    ClosedElsewhere,
    closed_elsewhere,
    opening_claims,
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
        "first_month": first_claimed_month(office),
        "untold": closed_elsewhere(office),
        "can_write": active_membership(request).may(Permission.MONTH_CLOSE),
        "breadcrumbs": _crumbs(),
    }
    return render(request, "billing/opening_claims.html", context)


@WRITE
def opening_claim_new(request: HttpRequest) -> HttpResponse:
    """One month; `month` in the address fills in what was closed of it here."""
    office = active_office(request)
    known = _asked(request, closed_elsewhere(office))
    initial = {"month": known.month.first_day, "amount_yen": known.claimed_yen} if known else {}
    form = OpeningClaimForm(request.POST or None, initial=initial)
    heading = _("移行前の国保連への請求を入れる")
    return form_flow(
        request, form, heading=heading, checked=(OpeningClaim,), back=_page(),
        lead=_("仕訳には「移行前からの繰越」として、ここで請求する最初の月の1日に出ます。収益や統計には数えません。"),
        done=_("移行前の国保連への請求を入れました。"),
        run=lambda **who: record_opening_claim(
            office=office, month=Month.of(form.cleaned_data["month"]),
            amount_yen=form.cleaned_data["amount_yen"], **who,
        ),
        breadcrumbs=_crumbs(heading),
    )  # fmt: skip


def _asked(request: HttpRequest, known: list[ClosedElsewhere]) -> ClosedElsewhere | None:
    asked = request.GET.get("month", "")
    return next((each for each in known if str(each.month) == asked), None)


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
        lead=_("%(month)s分　残り %(yen)s。") % {"month": Month.of(row.month).label, "yen": yen(left)},
        done=_("支払いを記録しました。"), submit_label=_("記録する"),
        run=lambda **who: record_opening_claim_payment(claim=row, **form.cleaned_data, **who),
        breadcrumbs=_crumbs(heading),
    )  # fmt: skip


@WRITE
def opening_claim_payment_cancel(request: HttpRequest, claim_money: UUID) -> HttpResponse:
    """It was recorded by mistake: a further row takes it back."""
    row = OpeningClaimPayment.objects.filter(
        public_id=claim_money, claim__office=active_office(request), cancels=None,
        cancelled_by=None,
    ).first()  # fmt: skip
    if row is None:
        raise Http404
    form = CancellationForm(request.POST or None)
    heading = _("移行前の請求への支払いを取り消す")
    told = {
        "month": Month.of(row.claim.month).label, "on": both(row.paid_on),
        "yen": yen(row.amount_yen),
    }  # fmt: skip
    return form_flow(
        request, form, heading=heading, checked=(OpeningClaimPayment,), back=_page(),
        lead=_("%(month)s分　%(on)s　%(yen)s。また支払い待ちになります。記録は理由と一緒に残ります。") % told,
        submit_label=_("取り消す"), done=_("支払いの記録を取り消しました。"),
        run=lambda **who: cancel_opening_claim_payment(payment=row, **form.cleaned_data, **who),
        breadcrumbs=_crumbs(heading),
    )  # fmt: skip


def _told(row: OpeningClaim) -> dict[str, str]:
    return {"month": Month.of(row.month).label, "yen": yen(row.amount_yen)}


def _standing_or_404(request: HttpRequest, public_id: UUID) -> OpeningClaim:
    row = standing_claims(active_office(request)).filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row
