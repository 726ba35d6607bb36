"""封筒: who gets what of a month, the files to print, and that they were sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.actions.envelope import mark_as_sent, mark_as_unsent, note_envelopes
from billing.documents_plain import plain_invoice
from billing.forms.envelope import EnvelopeForm
from billing.models import Invoice
from billing.queries.envelope_papers import Asked
from billing.queries.envelope_reports import who_adds_reports
from billing.queries.envelopes import Envelope, Pack, envelopes_document, pack
from billing.rules.envelope import DIED, GONE, REPORTS, PaperKind
from billing.views.crumbs import crumbs, month_step
from clients.models import ClientName
from teikyaku.accounts.access import active_membership, active_office, note_read, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.file_answers import pdf_answer
from teikyaku.ids import uuids_in
from teikyaku.periods import Month

READ = requires(Permission.MONTH_READ, scope=Scope.OFFICE)
WRITE = requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)
REFUSED = 422
MOST_SENT = 2_000


@READ
def envelopes(request: HttpRequest, month: Month) -> HttpResponse:
    """Who gets what in which envelope, and who gets nothing and why."""
    form = _form(request)
    return _page(request, month, form, _pack(request, month, form) if form.is_valid() else None)


@READ
def envelopes_pdf(request: HttpRequest, month: Month) -> HttpResponse:
    """All envelopes as one file, or the chosen ones; that it was made is on the record."""
    form = _form(request)
    if not form.is_valid():
        return _page(request, month, form, None)
    found = _pack(request, month, form)
    chosen = found.chosen(request.GET.getlist("envelope"))
    if not chosen:
        messages.error(request, _("印刷する封筒がありません。"))
        return redirect(f"{reverse('envelopes', args=[month])}?{_query(form)}")
    answer = pdf_answer("envelopes", envelopes_document(found.asked, chosen), f"envelopes-{month}")
    note_envelopes(
        office=active_office(request), clients=[each.client_id for each in chosen],
        by=active_membership(request), at=now(request),
    )  # fmt: skip
    return answer


@require_POST
@WRITE
def envelopes_sent(request: HttpRequest, month: Month) -> HttpResponse:
    """The issued papers that the page listed went out: the next envelopes leave them out."""
    documents = uuids_in(request.POST.getlist("document"), MOST_SENT)
    try:
        sent = mark_as_sent(documents=documents, by=active_membership(request), at=now(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("envelopes", month)
    if sent:
        text = _(
            "%(n)d通の文書を発送済みにしました。印刷し直すときは「発送済みの文書も入れる」を選びます。"
        )
        messages.success(request, text % {"n": len(sent)})
    else:
        messages.info(request, _("発送済みにする文書はありません。"))
    return redirect("envelopes", month)


@require_POST
@WRITE
def envelopes_unsent(request: HttpRequest, month: Month) -> HttpResponse:
    """These papers were marked by mistake: the next envelopes hold them again."""
    documents = uuids_in(request.POST.getlist("document"), MOST_SENT)
    taken = mark_as_unsent(documents=documents, by=active_membership(request), at=now(request))
    if taken:
        text = _("%(n)d通の発送の記録を取り消しました。また封筒に入ります。")
        messages.success(request, text % {"n": taken})
    else:
        messages.info(request, _("取り消す発送の記録はありません。"))
    return redirect("envelopes", month)


@READ
def plain_invoice_pdf(request: HttpRequest, invoice: UUID) -> HttpResponse:
    """やさしい請求書 of one invoice; nobody who died gets one (docs/rules.md §9)."""
    found = (
        Invoice.objects.filter(
            public_id=invoice, person_month__closing__office=active_office(request)
        )
        .select_related("document", "person_month__client", "person_month__enrolment")
        .first()
    )
    if found is None:
        raise Http404
    person = found.closed_month.client
    if person.died_on is not None and person.died_on <= today(request):
        ended = found.closed_month.enrolment.ends_on
        messages.error(request, DIED if ended is None or person.died_on <= ended else GONE)
        return redirect("person_month_page", found.closed_month.public_id)
    content = found.paper.content
    name = ClientName.objects.filter(client=person, name=content["person"]["name"]).first()
    note_read(request, found, person_id=person.public_id)
    data = plain_invoice(content, name.kana if name else "")
    return pdf_answer("plain_invoice", data, f"{found.paper.number}-plain")


def _kinds(request: HttpRequest) -> list[PaperKind]:
    """A report is printed by those alone who may read it."""
    may_read = _may_read(request)
    return [kind for kind in PaperKind if may_read or kind not in REPORTS]


def _may_read(request: HttpRequest) -> bool:
    return active_membership(request).may(Permission.INTERVIEW_READ)


def _form(request: HttpRequest) -> EnvelopeForm:
    """Bound always: without an address of its own everything goes in."""
    kinds = _kinds(request)
    if request.GET.keys() & {"paper", "chosen"}:
        return EnvelopeForm(request.GET, kinds=kinds)
    return EnvelopeForm({"paper": [kind.value for kind in kinds]}, kinds=kinds)


def _pack(request: HttpRequest, month: Month, form: EnvelopeForm) -> Pack:
    return pack(
        Asked(
            active_office(request), month, today(request), form.kinds,
            with_sent=form.cleaned_data["again"], tells_reports=not _may_read(request),
        )
    )  # fmt: skip


def _query(form: EnvelopeForm) -> str:
    chosen: dict[str, Any] = {"paper": [kind.value for kind in form.kinds]}
    if form.cleaned_data["again"]:
        chosen["again"] = "on"
    return urlencode(chosen, doseq=True)


def _page(
    request: HttpRequest, month: Month, form: EnvelopeForm, found: Pack | None
) -> HttpResponse:
    on, query = today(request), _query(form) if found else ""
    pdf_url = reverse("envelopes_pdf", args=[month])
    shown = found.envelopes if found else ()
    context = {
        "month": month,
        "form": form,
        "pack": found,
        "rows": [_row(each, f"{pdf_url}?{query}") for each in shown],
        "documents": [document for each in shown for document in each.documents],
        "pdf_url": pdf_url,
        "adders": "" if _may_read(request) else who_adds_reports(active_office(request), on),
        "can_write": active_membership(request).may(Permission.MONTH_CLOSE),
        "previous_url": reverse("envelopes", args=[month - 1]),
        "next_url": reverse("envelopes", args=[month + 1]) if month < Month.of(on) else "",
        "breadcrumbs": crumbs(month_step(month), (_("封筒に入れる"), "")),
    }
    return render(request, "billing/envelopes.html", context, status=200 if found else REFUSED)


def _row(each: Envelope, url: str) -> dict[str, Any]:
    return {"envelope": each, "url": f"{url}&{urlencode({'envelope': each.key})}"}
