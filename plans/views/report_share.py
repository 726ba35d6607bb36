"""Sharing a report: looked at first, then recorded; and that it was received."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.models import Consent
from clients.queries.subject import subject_of
from plans.access import get_share_or_404
from plans.actions import report as actions
from plans.actions.report_share import record_receipt
from plans.forms.report import ReceiptForm, ShareForm
from plans.models import ReportShare, SupportReport
from plans.queries import report as queries
from plans.queries.report_meetings import appointment_gone, gone_from, untrue_refusal
from plans.report_papers import Going, going_of, paper
from plans.views.report import (
    READS,
    TEMPLATE,
    WRITES,
    consent_asked,
    content_of,
    name_typed,
    person_page,
    report_or_404,
)
from teikyaku.accounts.flow import form_flow
from teikyaku.clock import today
from teikyaku.file_answers import pdf_answer
from teikyaku.form_pages import trail
from teikyaku.periods import Month

PERSON = ReportShare.Recipient.PERSON


@WRITES
def report_share(request: HttpRequest, enrolment: UUID, month: Month) -> HttpResponse:
    """What a recipient gets, exactly; and the record that they got it."""
    report = report_or_404(request, enrolment, month)
    consent, on = consent_asked(request, report), today(request)
    row = report.enrolment
    recipient = consent.recipient if consent else PERSON.value
    name = consent.recipient_name if consent else ""
    last_day = queries.last_day_to_share(row, recipient, on)
    is_late = last_day < on
    allowed = queries.sharing_with(row, recipient, name, last_day, on)
    content, is_draft = content_of(request, report)
    version = None if is_draft else report.versions.get(number=content["version"])
    refusal = allowed.refusal
    if refusal is None and version is not None and recipient == PERSON:
        refusal = untrue_refusal(version)
    back = reverse("report_page", args=[row.public_id, month])
    heading = _("渡した日を記録する") if is_late else _("支援レポートを渡す")
    page: dict[str, Any] = {
        "heading": heading, "subject": subject_of(row.client, on), "cancel_url": back,
        "breadcrumbs": _crumbs(report, month, heading), "report": report, "month": month,
        "whom": _label(consent), "refusal": refusal, "consent": consent,
        "to": request.GET.get("to", PERSON.value),
    }  # fmt: skip
    if refusal is not None:
        status = 422 if request.method == "POST" else 200
        return render(request, "plans/report_refused.html", page, status=status)
    # An open consent says whom it is for only when it is used.
    asks_name = consent is not None and not consent.recipient_name
    proposed = queries.proposed_name(row, recipient, on)
    shown = name or (name_typed(request, proposed) if asks_name else proposed)
    # After a death no day is proposed: it is one that somebody remembers.
    day = None if is_late else on
    initial = {"recipient_name": shown, "shared_on": day, "way": "handed"}
    form = ShareForm(
        request.POST or None, asks_name=asks_name, has_plain=allowed.is_whole, initial=initial,
        shown=request.POST.get("shown_name"),
    )  # fmt: skip
    if "look" in request.POST:
        # Only looked at: what was typed stays, and nothing is refused for it yet.
        form = ShareForm(
            asks_name=asks_name, has_plain=allowed.is_whole, initial=request.POST.dict()
        )
    if is_late:
        form.ask_last_day(last_day)

    def run(**who: Any) -> ReportShare:
        facts = dict(form.cleaned_data)
        handing = actions.Handing(version, facts.pop("with_plain", False), facts.pop("is_received"))
        facts.setdefault("recipient_name", name)
        return actions.share_report(
            report=report, recipient=recipient, handing=handing, **facts, **who
        )

    earlier = queries.earlier_version(report, recipient, shown, content["version"])
    going = Going(
        recipient, shown, tuple(allowed.items), with_plain=allowed.is_whole, earlier=earlier
    )
    return form_flow(
        request, form, run=run, checked=(ReportShare,), back=back,
        done=_("渡したことを記録しました。"), submit_label=_("渡したことを記録する"),
        template="plans/report_share.html", paper=paper(content, going), is_draft=is_draft,
        asks_name=asks_name, shown_name=shown, died_on=last_day if is_late else None,
        version_number=content["version"], gone=gone_from(version) if version else (),
        appointment=appointment_gone(version, on) if version else None,
        issued=queries.versions_of(report) if is_draft else [],
        **{key: value for key, value in page.items() if key != "cancel_url"},
    )  # fmt: skip


def _label(consent: Consent | None) -> str:
    if consent is None:
        return str(PERSON.label)
    kind, name = str(consent.get_recipient_display()), consent.recipient_name
    return f"{kind}（{name}）" if name else kind


def _crumbs(report: SupportReport, month: Month, heading: str) -> list[dict[str, str]]:
    row = report.enrolment
    page = reverse("report_page", args=[row.public_id, month])
    way = trail(_("支援レポート"), person_page(row))[:-1]
    return [*way, {"label": _("支援レポート"), "url": page}, {"label": heading, "url": ""}]


@READS
def share_pdf(request: HttpRequest, share: UUID) -> HttpResponse:
    """Exactly what went with a share, made again from its frozen version.

    Where it may not go any more, the copy says so: it is for the file alone.
    """
    row = get_share_or_404(request, share)
    made = paper(row.version.content, going_of(row), edition=_file_copy(row, today(request)))
    return pdf_answer(TEMPLATE, made, row.version.code)


def _file_copy(row: ReportShare, on: date) -> str:
    """What the copy of a report is marked with that may not go to its recipient any more."""
    died_on = row.report.enrolment.client.died_on
    is_over = row.consent is not None and not row.consent.is_given(on)
    if died_on is None and not is_over:
        return ""
    why = _("亡くなった方") if died_on is not None else _("同意は終わっています")
    return _("控・第%(n)d版（%(why)s。渡しません）") % {"n": row.version.number, "why": why}


@WRITES
def share_receipt(request: HttpRequest, share: UUID) -> HttpResponse:
    """受領, at once or later; recorded again it is corrected."""
    row = get_share_or_404(request, share)
    on, month = today(request), Month.of(row.report.month)
    initial = {
        "received_on": row.received_on or max(row.shared_on, on),
        "received_how": row.received_how or None, "received_from": row.received_from,
    }  # fmt: skip
    form = ReceiptForm(request.POST or None, initial=initial)
    heading = _("受領を記録する")
    lead = _("%(on)sに%(whom)sへ渡した第%(n)d版") % {
        "on": f"{row.shared_on.month}月{row.shared_on.day}日",
        "whom": row.whom, "n": row.version.number,
    }  # fmt: skip
    return form_flow(
        request, form, heading=heading, lead=lead, checked=(ReportShare,),
        back=reverse("report_page", args=[row.report.enrolment.public_id, month]),
        done=_("受領を記録しました。"),
        run=lambda **who: record_receipt(share=row, **form.cleaned_data, **who),
        breadcrumbs=_crumbs(row.report, month, heading),
        subject=subject_of(row.report.enrolment.client, on),
    )  # fmt: skip
