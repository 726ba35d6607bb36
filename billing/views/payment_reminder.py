"""お支払いのお知らせ: who gets a letter and who does not, all in one step, the papers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.actions.export import note_export
from billing.actions.payment_reminder import issue_reminder, issue_reminders
from billing.models import Invoice, PaymentReminder
from billing.queries.payment_reminders import again_days, late_people, letters, waiting_letters
from billing.views.crumbs import crumbs, invoice_page, payments_step
from billing.views.issuing import issue_one
from clients.models import Client
from teikyaku.accounts.access import active_membership, active_office, note_read, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.file_answers import pdf_answer
from teikyaku.ids import uuids_in

READ = requires(Permission.MONTH_READ, scope=Scope.OFFICE)
WRITE = requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)
ROWS = 50
MOST = 2_000


@READ
def payment_reminders(request: HttpRequest) -> HttpResponse:
    """Everybody who is late: who gets a letter, who does not and why; then the letters so far."""
    office, on = active_office(request), today(request)
    people = late_people(office, on)
    page = Paginator(letters(office), ROWS).get_page(request.GET.get("page"))
    context = {
        "going": [each for each in people if not each.why_none],
        "staying": [each for each in people if each.why_none],
        "waiting": waiting_letters(office),
        "page": page,
        "letters": list(page),
        "again_days": again_days(on),
        "on": on,
        "can_write": active_membership(request).may(Permission.MONTH_CLOSE),
        "breadcrumbs": crumbs(payments_step(), (_("お支払いのお知らせ"), "")),
    }
    return render(request, "billing/payment_reminders.html", context)


@require_POST
@WRITE
def payment_reminders_issue(request: HttpRequest) -> HttpResponse:
    """The letters of the people who were ticked on the page."""
    office = active_office(request)
    chosen = Client.objects.filter(
        public_id__in=uuids_in(request.POST.getlist("person"), MOST), enrolments__office=office
    )
    clients = list(chosen.distinct().order_by("pk"))
    if not clients:
        messages.error(request, _("お知らせを出す方を選んでください。"))
        return redirect("payment_reminders")
    made = issue_reminders(
        clients=clients, office=office, by=active_membership(request), at=now(request)
    )
    if made:
        messages.success(request, _("お支払いのお知らせを%(n)d通出しました。") % {"n": len(made)})
    if left := len(clients) - len(made):
        text = _("%(n)d人には出していません。理由は「出さない方」を見てください。")
        messages.info(request, text % {"n": left})
    return redirect("payment_reminders")


@require_POST
@WRITE
def payment_reminder_issue(request: HttpRequest, invoice: UUID) -> HttpResponse:
    """The letter of one person, from the page of a month that is late."""
    office = active_office(request)
    row = (
        Invoice.objects.filter(public_id=invoice, enrolment__office=office)
        .select_related("enrolment__client", "person_month")
        .first()
    )
    if row is None:
        raise Http404
    return issue_one(
        request, page=invoice_page(row), done=_("お支払いのお知らせを出しました。"),
        run=lambda **who: issue_reminder(client=row.client, office=office, **who),
        paper=lambda made: reverse("payment_reminder_pdf", args=[made.public_id]),
    )  # fmt: skip


@READ
def payment_reminder_pdf(request: HttpRequest, payment_reminder: UUID) -> HttpResponse:
    """The letter as it was issued."""
    found: PaymentReminder | None = (
        letters(active_office(request)).filter(public_id=payment_reminder).first()
    )
    if found is None:
        raise Http404
    note_read(request, found, person_id=found.client.public_id)
    return pdf_answer(found.document.template, found.document.content, found.document.number)


@READ
def payment_reminders_pdf(request: HttpRequest) -> HttpResponse:
    """All letters that wait to be sent, in one file; that it was made is on the record."""
    office, on = active_office(request), today(request)
    waiting = waiting_letters(office)
    if not waiting:
        messages.info(request, _("まだ発送していないお知らせはありません。"))
        return redirect("payment_reminders")
    data = {
        "dated": on.isoformat(),
        "office": {"name": office.name},
        "letters": [row.document.content for row in waiting],
    }
    answer = pdf_answer("payment_reminders", data, f"payment-reminders-{on}")
    note_export(
        verb="payment_reminders_exported", office=office, by=active_membership(request),
        at=now(request),
    )  # fmt: skip
    return answer
