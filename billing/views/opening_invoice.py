"""移行前の請求: typed or read from a sheet, each on a page of its own, corrected and taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.actions.opening_invoice import (
    correct_opening_invoice,
    record_opening_invoices,
    withdraw_opening_invoice,
    withdraw_together,
)
from billing.exports_opening_invoice import opening_invoices_template
from billing.forms.opening_invoice import (
    NAMES,
    CorrectionForm,
    InvoiceFileForm,
    OpeningInvoiceRows,
    WithdrawalForm,
    rows_of,
)
from billing.models import Invoice, OpeningInvoice
from billing.queries.opening_invoice import (
    Finder,
    batches,
    chain_of,
    opening_invoices,
    people_of,
    standing_lines,
)
from billing.queries.payments import invoice_rows, kept_invoices
from billing.views.crumbs import crumbs, payments_step
from clients.queries.subject import subject_seen
from teikyaku.accounts.access import active_membership, active_office, note_read, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.queries.office_start import first_month_here
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.file_answers import xlsx_answer
from teikyaku.money import yen
from teikyaku.near_days import near_days
from teikyaku.periods import Month
from teikyaku.typed_rows import PREFIX, as_data, has_rows, instant_in, one_more

READ = requires(Permission.MONTH_READ, scope=Scope.OFFICE)
WRITE = requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)
REFUSED = 422


@WRITE
def opening_invoices_page(request: HttpRequest) -> HttpResponse:
    """What was told so far; below, rows to type, or a sheet whose rows are put right here."""
    office, on = active_office(request), today(request)
    people = people_of(office, on)
    known = {str(each.enrolment.public_id): each for each in people}
    first = first_month_here(office)
    extras: dict[str, Any] = {
        "people": known, "first_month": first,
        "known": standing_lines(office), "on": on,
    }  # fmt: skip
    file = InvoiceFileForm()
    data: Any = None
    if request.method == "POST" and not has_rows(request):
        file = InvoiceFileForm(request.POST, request.FILES)
        near_days(file, on)
        if file.is_valid():
            due_on = file.cleaned_data["due_on"]
            data = as_data(rows_of(file.table, Finder(people), due_on))
    elif request.method == "POST":
        data = one_more(request) if "more" in request.POST else request.POST
    rows = OpeningInvoiceRows(data, prefix=PREFIX, form_kwargs=extras)
    for form in rows.forms:
        near_days(form, on)
    is_sent = request.method == "POST" and "save" in request.POST
    if is_sent and rows.is_valid() and _stored(request, rows):
        return redirect("opening_invoices")
    return _page(request, file, rows, first, is_sent=is_sent)


def _page(
    request: HttpRequest, file: Any, rows: Any, first_month: Month | None, *, is_sent: bool
) -> HttpResponse:
    told = opening_invoices(active_office(request), today(request))
    is_refused = bool(file.errors) or (is_sent and not rows.is_valid())
    context = {
        "file": file,
        "is_refused": is_refused,
        "unread": file.unread,
        "rows": rows,
        "told": told,
        "batches": batches(told),
        "first_month": first_month,
        "total_yen": sum(each.balance.open_yen for each in told),
        "columns": [names[0] for names in NAMES.values()],
        "breadcrumbs": crumbs(payments_step(), (_("移行前の請求"), "")),
    }
    status = REFUSED if is_refused else 200
    return render(request, "billing/opening_invoices.html", context, status=status)


def _stored(request: HttpRequest, rows: Any) -> bool:
    told = [form.before for form in rows.rows]
    try:
        made = record_opening_invoices(told=told, by=active_membership(request), at=now(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    total = yen(sum(row.invoice.amount_yen for row in made))
    text = _("移行前の請求を%(n)d件、合わせて%(total)s入れました。")
    messages.success(request, text % {"n": len(made), "total": total})
    return True


@WRITE
def opening_invoices_file(request: HttpRequest) -> HttpResponse:
    """The workbook to fill in."""
    return xlsx_answer(opening_invoices_template(), "opening-invoices-template")


@require_POST
@WRITE
def opening_invoices_undo(request: HttpRequest) -> HttpResponse:
    """Everything that was told in one go is taken back, or nothing."""
    at = instant_in(request.POST.get("at", ""))
    if at is None:
        raise Http404
    try:
        gone = withdraw_together(
            recorded_at=at, reason=_("まとめて取り消した"), by=active_membership(request),
            at=now(request),
        )  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("opening_invoices")
    messages.success(request, _("移行前の請求を%(n)d件、取り消しました。") % {"n": len(gone)})
    return redirect("opening_invoices")


@READ
def opening_invoice(request: HttpRequest, before: UUID) -> HttpResponse:
    """One of them with its money, as a month of ours has its page."""
    row, on = _own(request, before), today(request)
    (shown,) = invoice_rows([row], on)
    note_read(request, row, person_id=row.client.public_id)
    chain = chain_of(row)
    context = {
        "row": row,
        "shown": shown,
        "month": Month.of(row.month),
        "on": on,
        "chain": chain,
        "can_write": active_membership(request).may(Permission.MONTH_CLOSE),
        "breadcrumbs": crumbs(payments_step(), (_("移行前の請求"), "")),
    }
    return render(request, "billing/opening_invoice.html", context)


@WRITE
def opening_invoice_correct(request: HttpRequest, before: UUID) -> HttpResponse:
    """It was told wrongly: a new row takes its place."""
    row = _standing_or_404(request, before)
    initial = {
        "amount_yen": row.amount_yen, "number": row.opening.number,
        "issued_on": row.opening.issued_on, "due_on": row.due_on,
    }  # fmt: skip
    form = CorrectionForm(request.POST or None, initial=initial)
    heading = _("移行前の請求を訂正する")
    return form_flow(
        request, form, heading=heading, checked=(Invoice, OpeningInvoice),
        lead=_("%(month)s分　いまの金額 %(yen)s。前の記録も理由と一緒に残ります。入金はそのまま数えます。")
        % {"month": Month.of(row.month).label, "yen": yen(row.amount_yen)},
        back=reverse("opening_invoice", args=[row.public_id]), done=_("訂正しました。"),
        run=lambda **who: correct_opening_invoice(invoice=row, **form.cleaned_data, **who),
        onward=lambda made: reverse("opening_invoice", args=[made.invoice.public_id]),
        subject=subject_seen(row.client, row.enrolment.office_id, today(request)),
        breadcrumbs=crumbs(payments_step(), (heading, "")),
    )  # fmt: skip


@WRITE
def opening_invoice_withdraw(request: HttpRequest, before: UUID) -> HttpResponse:
    """It never was open: taken back while nothing was paid."""
    row = _standing_or_404(request, before)
    form = WithdrawalForm(request.POST or None)
    heading = _("移行前の請求を取り下げる")
    return form_flow(
        request, form, heading=heading, checked=(Invoice, OpeningInvoice),
        lead=_("%(month)s分　%(yen)s。未入金に数えなくなります。記録は理由と一緒に残ります。")
        % {"month": Month.of(row.month).label, "yen": yen(row.amount_yen)},
        submit_label=heading, back=reverse("opening_invoice", args=[row.public_id]),
        done=_("取り下げました。"), onward=lambda _made: reverse("opening_invoices"),
        run=lambda **who: withdraw_opening_invoice(invoice=row, **form.cleaned_data, **who),
        subject=subject_seen(row.client, row.enrolment.office_id, today(request)),
        breadcrumbs=crumbs(payments_step(), (heading, "")),
    )  # fmt: skip


def _own(request: HttpRequest, public_id: UUID) -> Any:
    """One of before of the active office; of one that was replaced, the one that stands."""
    office = active_office(request)
    known = Invoice.objects.filter(
        public_id=public_id, person_month=None, enrolment__office=office
    ).first()
    rows = kept_invoices(office).filter(person_month=None)
    row = known and rows.filter(enrolment=known.enrolment_id, month=known.month).first()
    if row is None:
        raise Http404
    return row


def _standing_or_404(request: HttpRequest, public_id: UUID) -> Any:
    row = _own(request, public_id)
    if row.opening.is_withdrawn:
        raise Http404
    return row
