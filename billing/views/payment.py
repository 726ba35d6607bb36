"""入金: what is open, recording what came, one or several, taking one back, the receipt."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.actions.export import note_export
from billing.actions.payment import cancel_payment, record_payment, record_payments
from billing.actions.receipt import issue_receipt
from billing.enums import PaymentWay
from billing.exports import payments_workbook
from billing.forms.payment import CancellationForm, PaymentForm, PaymentListForm, TogetherForm
from billing.models import Invoice, Payment, Receipt
from billing.queries.payments import (
    invoice_rows,
    invoices_shown,
    kept_invoices,
    living_invoices,
    open_sums,
    refund_sums,
    usual_way,
)
from billing.queries.samples import sample_word
from billing.views.crumbs import crumbs, invoice_page, payments_step
from billing.views.issuing import issue_one
from teikyaku.accounts.access import active_membership, active_office, note_read, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.queries.office_start import first_month_here
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.constraints import violations_as_form_errors
from teikyaku.era import both
from teikyaku.file_answers import pdf_answer, xlsx_answer
from teikyaku.money import seen_yen, yen
from teikyaku.near_days import near_days

ROWS = 50
READ = requires(Permission.MONTH_READ, scope=Scope.OFFICE)
WRITE = requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)


@READ
def payments(request: HttpRequest) -> HttpResponse:
    """The office's invoices by what is open; one button records a payment."""
    office, on = active_office(request), today(request)
    form = PaymentListForm(request.GET)
    shown = invoices_shown(office, on, **form.chosen)
    page = Paginator(shown, ROWS).get_page(request.GET.get("page"))
    rows = invoice_rows(list(page), on)
    can_write = active_membership(request).may(Permission.MONTH_CLOSE)
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "sums": open_sums(office, on),
        "refunds": refund_sums(office),
        "on": on,
        "query": request.GET.urlencode(),
        "reset_url": reverse("payments"),
        "asks_before": can_write and first_month_here(office) is not None,
        "can_write": can_write,
        # Nothing is offered for several at once where none can be ticked.
        "can_tick": can_write and any(row.balance.is_open for row in rows),
    }
    return render(request, "billing/payments.html", context)


@READ
def payments_xlsx(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, all of it."""
    office, on = active_office(request), today(request)
    shown = invoices_shown(office, on, **PaymentListForm(request.GET).chosen)
    body = payments_workbook(invoice_rows(shown, on), mark=sample_word(office))
    answer = xlsx_answer(body, f"payments-{on}")
    by, at = active_membership(request), now(request)
    note_export(verb="payments_exported", office=office, by=by, at=at)
    return answer


@WRITE
def payment_record(request: HttpRequest, invoice: UUID) -> HttpResponse:
    """What came for one invoice; everything is filled in, so that one press records it.

    Also for a month that is settled or was withdrawn: what is too much leads on to the refund.
    """
    office, on = active_office(request), today(request)
    rows = kept_invoices(office).filter(public_id=invoice)
    shown = next(iter(invoice_rows(rows, on)), None)
    row = rows.first()
    if row is None or shown is None:
        raise Http404
    balance = shown.balance
    initial = {
        "paid_on": on,
        "amount_yen": balance.open_yen or None,
        "way": usual_way(shown.client_public_id, office) or PaymentWay.TRANSFER,
        "seen_open_yen": balance.open_yen,
    }
    form = PaymentForm(
        request.POST or None, initial=initial, balance=balance, debit_on=shown.debit_on
    )
    lead = _("%(name)s様　%(month)s分　請求額 %(amount)s　残り %(open)s") % {
        "name": shown.name, "month": shown.month.label, "amount": yen(row.amount_yen),
        "open": yen(balance.open_yen),
    }  # fmt: skip
    heading = _("入金を記録する")
    return form_flow(
        request,
        form,
        heading=heading,
        lead=lead,
        submit_label=_("記録する"),
        back=_back(request, row),
        done=_("%(month)s分の入金を記録しました。") % {"month": shown.month.label},
        run=lambda **who: record_payment(invoice=row, **form.cleaned_data, **who),
        checked=(Payment,),
        onward=lambda _payment: _refund_page(row) if form.cleaned_data["over_yen"] else "",
        breadcrumbs=crumbs(payments_step(), (heading, "")),
    )


def _refund_page(invoice: Invoice) -> str:
    return reverse("refund_record", args=[invoice.public_id])


def _back(request: HttpRequest, invoice: Invoice) -> str:
    if request.GET.get("from") == "month":
        return invoice_page(invoice)
    return reverse("payments")


@require_POST
@WRITE
def payments_together(request: HttpRequest) -> HttpResponse:
    """The ticked invoices: first their list and sum to confirm, then all recorded at once."""
    office, on = active_office(request), today(request)
    chosen = living_invoices(office).filter(
        public_id__in=_ticked(request), open_yen__gt=0
    )  # what somebody else has just recorded drops out of the list that is confirmed
    invoices = list(chosen)
    if not invoices:
        messages.error(request, _("入金にする請求を選んでください。"))
        return redirect("payments")
    is_confirmed = "seen_total_yen" in request.POST
    rows = invoice_rows(chosen, on)
    form = TogetherForm(
        request.POST if is_confirmed else None,
        initial={"paid_on": on, "way": PaymentWay.TRANSFER},
        debit_on=max((row.debit_on for row in rows if row.debit_on), default=None),
    )
    near_days(form, on)
    if is_confirmed and form.is_valid() and _record(request, form, invoices):
        return redirect("payments")
    total = sum(row.open_yen for row in invoices)
    heading = _("選んだ請求をまとめて入金にする")
    context = {
        "heading": heading,
        "form": form,
        "rows": rows,
        "total_yen": total,
        "submit": _("%(n)s件 %(total)sを記録する") % {"n": len(invoices), "total": yen(total)},
        "cancel_url": reverse("payments"),
        "breadcrumbs": crumbs(payments_step(), (heading, "")),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "billing/payments_together.html", context, status=status)


def _ticked(request: HttpRequest) -> list[UUID]:
    found = []
    for text in request.POST.getlist("invoice"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _record(request: HttpRequest, form: TogetherForm, invoices: list[Any]) -> bool:
    with violations_as_form_errors(form, Payment):
        recorded = record_payments(
            invoices=invoices,
            seen_total_yen=seen_yen(request.POST["seen_total_yen"]),
            by=active_membership(request),
            at=now(request),
            **form.cleaned_data,
        )
    if form.errors:
        return False
    total = yen(sum(payment.amount_yen for payment in recorded))
    text = _("%(n)s件、合わせて%(total)sの入金を記録しました。")
    messages.success(request, text % {"n": len(recorded), "total": total})
    return True


@WRITE
def payment_cancel(request: HttpRequest, payment: UUID) -> HttpResponse:
    """Take a payment back: a further row with its reason."""
    row = _payment_or_404(request, payment)
    page = invoice_page(row.invoice)
    if hasattr(row, "cancelled_by"):
        messages.error(request, _("この入金は、すでに取り消されています。"))
        return redirect(page)
    form = CancellationForm(request.POST or None)
    lead = _("%(on)sの入金 %(amount)s（%(way)s）を取り消します。記録は理由と一緒に残ります。") % {
        "on": both(row.paid_on), "amount": yen(row.amount_yen),
        "way": row.get_way_display(),
    }  # fmt: skip
    if hasattr(row, "receipt"):
        lead += _("領収書を渡しているときは、返してもらってください。")
    heading = _("入金を取り消す")
    return form_flow(
        request,
        form,
        heading=heading,
        lead=lead,
        submit_label=heading,
        back=page,
        done=_("入金を取り消しました。"),
        run=lambda **who: cancel_payment(payment=row, **form.cleaned_data, **who),
        checked=(Payment,),
        breadcrumbs=crumbs(payments_step(), (heading, "")),
    )


def _payment_or_404(request: HttpRequest, public_id: UUID) -> Payment:
    """A payment of the active office; the row that takes one back is none."""
    found = (
        Payment.objects.filter(
            public_id=public_id,
            cancels=None,
            invoice__enrolment__office=active_office(request),
        )
        .select_related(
            "cancelled_by", "receipt", "invoice__document", "invoice__opening",
            "invoice__enrolment__office", "invoice__enrolment__client",
            "invoice__person_month__closing", "invoice__person_month__municipality__city",
        )
        .first()
    )  # fmt: skip
    if found is None:
        raise Http404
    return found


@require_POST
@WRITE
def receipt_issue(request: HttpRequest, payment: UUID) -> HttpResponse:
    """領収書 of one payment; issued once, then the same paper."""
    row = _payment_or_404(request, payment)
    return issue_one(
        request, page=invoice_page(row.invoice), done=_("領収書を出しました。"),
        run=lambda **who: issue_receipt(payment=row, **who),
        paper=lambda made: reverse("receipt_pdf", args=[made.public_id]),
    )  # fmt: skip


@READ
def receipt_pdf(request: HttpRequest, receipt: UUID) -> HttpResponse:
    """The receipt as it was issued: the same bytes each time."""
    use = "payment__invoice__enrolment"
    found = (
        Receipt.objects.filter(public_id=receipt, **{f"{use}__office": active_office(request)})
        .select_related("document", f"{use}__client")
        .first()
    )
    if found is None:
        raise Http404
    note_read(request, found, person_id=found.payment.invoice.client.public_id)
    return pdf_answer(found.document.template, found.document.content, found.document.number)
