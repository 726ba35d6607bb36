"""返金: recording what went back, and taking such a record back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from billing.actions.refund import cancel_refund, record_refund
from billing.enums import RefundWay
from billing.forms.payment import CancellationForm
from billing.forms.refund import RefundForm
from billing.models import Refund
from billing.queries.payments import kept_invoices
from billing.views.crumbs import crumbs, invoice_page, payments_step
from clients.queries.subject import subject_seen
from teikyaku.accounts.access import active_office, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.era import both
from teikyaku.money import yen
from teikyaku.periods import Month

WRITE = requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)


@WRITE
def refund_record(request: HttpRequest, invoice: UUID) -> HttpResponse:
    """What went back of one month; everything is filled in, so that one press records it."""
    office, on = active_office(request), today(request)
    row = kept_invoices(office).filter(public_id=invoice).first()
    if row is None:
        raise Http404
    over_yen = max(0, -row.open_yen)
    initial = {
        "refunded_on": on, "amount_yen": over_yen or None, "way": RefundWay.TRANSFER,
        "seen_over_yen": over_yen,
    }  # fmt: skip
    form = RefundForm(request.POST or None, initial=initial)
    heading, label = _("返金を記録する"), Month.of(row.month).label
    return form_flow(
        request,
        form,
        heading=heading,
        lead=_("%(month)s分　請求額 %(amount)s　返す額 %(over)s")
        % {"month": label, "amount": yen(row.amount_yen), "over": yen(over_yen)},
        submit_label=_("記録する"),
        back=invoice_page(row),
        done=_("%(month)s分の返金を記録しました。") % {"month": label},
        run=lambda **who: record_refund(invoice=row, **form.cleaned_data, **who),
        checked=(Refund,),
        subject=subject_seen(row.client, office.pk, on),
        breadcrumbs=crumbs(payments_step(), (heading, "")),
    )


@WRITE
def refund_cancel(request: HttpRequest, refund: UUID) -> HttpResponse:
    """Take a refund back: a further row with its reason."""
    row = (
        Refund.objects.filter(
            public_id=refund, cancels=None,
            invoice__enrolment__office=active_office(request),
        )
        .select_related(
            "cancelled_by", "invoice__enrolment__client", "invoice__person_month",
            "invoice__document", "invoice__opening",
        )
        .first()
    )  # fmt: skip
    if row is None:
        raise Http404
    page = invoice_page(row.invoice)
    if hasattr(row, "cancelled_by"):
        messages.error(request, _("この返金は、すでに取り消されています。"))
        return redirect(page)
    form = CancellationForm(request.POST or None)
    heading = _("返金の記録を取り消す")
    return form_flow(
        request,
        form,
        heading=heading,
        lead=_("%(on)sの返金 %(amount)s（%(way)s）を取り消します。記録は理由と一緒に残ります。")
        % {
            "on": both(row.refunded_on),
            "amount": yen(row.amount_yen),
            "way": row.get_way_display(),
        },
        submit_label=heading,
        back=page,
        done=_("返金の記録を取り消しました。"),
        run=lambda **who: cancel_refund(refund=row, **form.cleaned_data, **who),
        checked=(Refund,),
        breadcrumbs=crumbs(payments_step(), (heading, "")),
    )
