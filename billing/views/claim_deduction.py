"""過誤調整: recording what 国保連 took off a transfer for one claim, and taking that back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.claim_deduction import cancel_deduction, record_deductions
from billing.forms.claim_payment import ClaimDeductionForm
from billing.forms.payment import CancellationForm
from billing.models import ClaimDeduction
from billing.queries.claim_payments import claims_of, settlement_of, with_facts
from billing.views.crumbs import crumbs
from clients.queries.subject import subject_seen
from teikyaku.accounts.access import active_office, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.era import both
from teikyaku.money import yen
from teikyaku.periods import Month

WRITE = requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)


def _step() -> tuple[str, str]:
    return _("国保連の支払い"), reverse("claim_payments")


@WRITE
def claim_deduction_record(request: HttpRequest, claim: UUID) -> HttpResponse:
    """What was taken off for one claim, where no payment of the same day is recorded with it."""
    office, on = active_office(request), today(request)
    entry = with_facts(claims_of(office)).filter(public_id=claim).first()
    if entry is None:
        raise Http404
    month, own = entry.person_month, settlement_of(entry)
    page = reverse("person_month_page", args=[month.public_id])
    if not own.to_deduct_yen:
        messages.info(request, _("この請求に、差し引かれる額はありません。"))
        return redirect(page)
    initial = {"amount_yen": own.to_deduct_yen}
    form = ClaimDeductionForm(request.POST or None, initial=initial)
    heading = _("過誤調整を記録する")
    return form_flow(
        request,
        form,
        heading=heading,
        lead=_(
            "%(month)s分（%(name)s）　支払われた額 %(paid)s　これから差し引かれる額 %(rest)s。"
            "国保連の通知にある日と額を入れます。"
        )
        % {
            "month": Month.of(month.month).label, "name": entry.file.name,
            "paid": yen(own.paid_yen or 0), "rest": yen(own.to_deduct_yen),
        },
        submit_label=_("記録する"),
        back=page,
        done=_("過誤調整を記録しました。"),
        run=lambda **who: record_deductions(
            deducted_on=form.cleaned_data["deducted_on"],
            amounts={entry.pk: form.cleaned_data["amount_yen"]},
            **who,
        ),
        checked=(ClaimDeduction,),
        subject=subject_seen(month.client, office.pk, on),
        breadcrumbs=crumbs(_step(), (heading, "")),
    )  # fmt: skip


@WRITE
def claim_deduction_cancel(request: HttpRequest, deduction: UUID) -> HttpResponse:
    """Take such a record back: a further row with its reason."""
    row = (
        ClaimDeduction.objects.filter(
            public_id=deduction, cancels=None, entry__file__office=active_office(request)
        )
        .select_related("cancelled_by", "entry__file", "entry__person_month__client")
        .first()
    )
    if row is None:
        raise Http404
    page = reverse("person_month_page", args=[row.entry.person_month.public_id])
    if hasattr(row, "cancelled_by"):
        messages.error(request, _("この過誤調整は、すでに取り消されています。"))
        return redirect(page)
    form = CancellationForm(request.POST or None)
    heading = _("過誤調整の記録を取り消す")
    lead = _("%(on)sの過誤調整 %(amount)sを取り消します。記録は理由と一緒に残ります。")
    return form_flow(
        request,
        form,
        heading=heading,
        lead=lead % {"on": both(row.deducted_on), "amount": yen(row.amount_yen)},
        submit_label=heading,
        back=page,
        done=_("過誤調整の記録を取り消しました。"),
        run=lambda **who: cancel_deduction(deduction=row, **form.cleaned_data, **who),
        checked=(ClaimDeduction,),
        breadcrumbs=crumbs(_step(), (heading, "")),
    )
