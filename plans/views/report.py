"""支援レポート: the month's page, its versions, what is printed of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.access import get_enrolment_or_404
from clients.enums import ReportItem
from clients.models import Consent, Enrolment
from clients.queries.subject import subject_of
from clients.queries.summary import person_of
from plans.actions import report as actions
from plans.models import ReportShare, ReportVersion, SupportReport
from plans.queries import report as queries
from plans.queries.report_day import report_day
from plans.queries.report_handed import early_day
from plans.queries.report_meetings import appointment_gone, gone_from
from plans.report_papers import DRAFT, Going, file_paper, paper, version_content
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.file_answers import pdf_answer
from teikyaku.form_pages import trail
from teikyaku.periods import Month
from teikyaku.printing import UnprintableError

READS = requires(Permission.INTERVIEW_READ, scope=Scope.OFFICE)
WRITES = requires(Permission.INTERVIEW_WRITE, scope=Scope.OFFICE)
TEMPLATE = "support_report"
# Characters of an item that are shown before it is frozen.
BEGINNING = 60
# As long as the name of a recipient may be.
NAME_CHARACTERS = 80


@READS
def report_page(request: HttpRequest, enrolment: UUID, month: Month) -> HttpResponse:
    """The month's report, who may get it, who got which version; or the way to write it."""
    row, on = get_enrolment_or_404(request, enrolment), today(request)
    report = queries.report_of(row, month)
    shares = queries.shares_of(report) if report else []
    versions = queries.versions_of(report) if report else []
    given = [
        share.shared_on
        for share in shares
        if share.recipient == ReportShare.Recipient.PERSON and share.taken_back_at is None
    ]
    early_on = early_day(row, month, given) if given else None
    context = {
        "enrolment": row,
        "month": month,
        "report": report,
        "parts": text_parts(report) if report else [],
        "versions": versions,
        "is_open": report is not None and is_open(report, versions),
        # While the correction is being written, the page says that already.
        "gone": gone_from(versions[0])
        if report and versions and not is_open(report, versions)
        else (),
        "appointment": appointment_gone(versions[0], on, is_given=True)
        if report and versions and not is_open(report, versions)
        else None,
        "shares": shares,
        "with_person": bool(given) and early_on is None,
        "early_on": early_on,
        "due_on": report_day(month),
        "on": on,
        "is_dead": row.client.died_on is not None and row.client.died_on <= on,
        "recipients": queries.recipient_rows(row, report, shares, on),
        "person": person_of(row, on),
        "may_write": active_membership(request).may(Permission.INTERVIEW_WRITE),
        "may_consent": active_membership(request).may(Permission.CONTRACT_WRITE),
        "breadcrumbs": trail(_("支援レポート"), person_page(row)),
        "previous_url": reverse("report_page", args=[row.public_id, month - 1]),
        "next_url": reverse("report_page", args=[row.public_id, month + 1])
        if month < Month.of(on)
        else "",
    }
    return render(request, "plans/report_page.html", context)


def person_page(enrolment: Enrolment) -> str:
    """Where the person's own page is."""
    return reverse("client_page", args=[enrolment.client.public_id])


def text_parts(report: SupportReport) -> list[dict[str, str]]:
    """The items that hold text, with their words."""
    return [
        {"title": str(item.label), "text": text}
        for item in ReportItem
        if (text := getattr(report, item.value))
    ]


def is_open(report: SupportReport, versions: list[Any]) -> bool:
    """Whether the text is still being written: nothing issued yet, or a correction begun."""
    return not versions or bool(report.correction_reason)


def report_or_404(request: HttpRequest, enrolment: UUID, month: Month) -> SupportReport:
    """The month's report of one's own office; raises Http404 where there is none."""
    row = get_enrolment_or_404(request, enrolment)
    report = queries.report_of(row, month)
    if report is None:
        raise Http404
    return report


def content_of(request: HttpRequest, report: SupportReport) -> tuple[dict[str, Any], bool]:
    """What would go now and whether it is not issued yet; `?version=` asks for an older one.

    Raises Http404 for a version that is not there.
    """
    versions = queries.versions_of(report)
    wanted = request.GET.get("version", "")
    if wanted:
        found = next((row for row in versions if str(row.number) == wanted), None)
        if found is None:
            raise Http404
        return found.content, False
    if not is_open(report, versions):
        return versions[0].content, False
    content = version_content(
        report, version=len(versions) + 1, issued_on=today(request), author=report.recorded_by
    )
    return content, True


def consent_asked(request: HttpRequest, report: SupportReport) -> Consent | None:
    """The consent that `?to=` names; None for the person. Raises Http404 for any other word."""
    key = request.GET.get("to", "person")
    if key == "person":
        return None
    try:
        public_id = UUID(key)
    except ValueError as error:
        raise Http404 from error
    found = Consent.objects.filter(
        enrolment=report.enrolment, scope=Consent.ConsentScope.REPORT, public_id=public_id
    ).first()
    if found is None:
        raise Http404
    return found


def name_typed(request: HttpRequest, proposed: str) -> str:
    """Whom a paper is addressed to: as typed, else as proposed. An emptied field says nobody by name."""
    typed = request.POST if request.method == "POST" else request.GET
    return str(typed.get("recipient_name", proposed)).strip()[:NAME_CHARACTERS]


@READS
def report_pdf(request: HttpRequest, enrolment: UUID, month: Month) -> HttpResponse:
    """What one recipient gets, as PDF; 案 while it is not issued. Without consent there is none."""
    report = report_or_404(request, enrolment, month)
    consent, on = consent_asked(request, report), today(request)
    recipient = consent.recipient if consent else ReportShare.Recipient.PERSON.value
    name = consent.recipient_name if consent else ""
    allowed = queries.sharing_with(report.enrolment, recipient, name, on, on)
    if allowed.refusal is not None:
        messages.error(request, allowed.refusal.text)
        return redirect("report_page", report.enrolment.public_id, month)
    content, is_draft = content_of(request, report)
    with_plain = "plain" in request.GET and allowed.is_whole
    shown = name or queries.proposed_name(report.enrolment, recipient, on)
    if consent is not None and not name:
        shown = name_typed(request, shown)
    earlier = queries.earlier_version(report, recipient, shown, content["version"])
    going = Going(recipient, shown, tuple(allowed.items), with_plain, earlier)
    made = paper(content, going, edition=DRAFT if is_draft else "")
    return _pdf(request, made, content["number"], report)


@READS
def report_file_pdf(
    request: HttpRequest, enrolment: UUID, month: Month, number: int
) -> HttpResponse:
    """控: one version with everybody who got it, for the file."""
    report = report_or_404(request, enrolment, month)
    version = report.versions.filter(number=number).first()
    if version is None:
        raise Http404
    shares = version.shares.filter(ReportShare.standing())
    return _pdf(request, file_paper(version.content, shares), version.code, report)


def _pdf(
    request: HttpRequest, made: dict[str, Any], name: str, report: SupportReport
) -> HttpResponse:
    try:
        return pdf_answer(TEMPLATE, made, name)
    except UnprintableError as error:
        messages.error(request, str(error))
        return redirect("report_page", report.enrolment.public_id, Month.of(report.month))


@READS
def report_version(
    request: HttpRequest, enrolment: UUID, month: Month, number: int
) -> HttpResponse:
    """An issued version as it stands, and who got it."""
    report = report_or_404(request, enrolment, month)
    version = report.versions.filter(number=number).select_related("recorded_by__user").first()
    if version is None:
        raise Http404
    row = report.enrolment
    page = reverse("report_page", args=[row.public_id, month])
    texts = version.content["texts"]
    context = {
        "enrolment": row,
        "month": month,
        "version": version,
        "parts": [
            {"title": str(item.label), "text": texts[item.value]}
            for item in ReportItem
            if texts[item.value]
        ],
        "shares": version.shares.select_related("recorded_by__user").order_by("shared_on", "pk"),
        "newer": report.versions.filter(number__gt=number).last(),
        "person": person_of(row, today(request)),
        "breadcrumbs": [*trail(_("支援レポート"), person_page(row))[:-1],
                        {"label": _("支援レポート"), "url": page},
                        {"label": _("第%(n)d版") % {"n": number}, "url": ""}],
    }  # fmt: skip
    return render(request, "plans/report_version.html", context)


@WRITES
def report_issue(request: HttpRequest, enrolment: UUID, month: Month) -> HttpResponse:
    """Freeze the text as a version, before it is printed and handed over.

    Asked first: afterwards nothing is changed without a reason that every recipient reads.
    """
    report = report_or_404(request, enrolment, month)
    row, back = report.enrolment, reverse("report_page", args=[enrolment, month])
    if not is_open(report, queries.versions_of(report)):
        return redirect(back)
    heading = _("支援レポートを発行する")
    subject = subject_of(row.client, today(request))
    crumbs = trail(_("支援レポート"), person_page(row))[:-1]
    return form_flow(
        request, Form(request.POST if request.method == "POST" else None),
        heading=heading, back=back, template="components/confirm_page.html",
        lead=_("発行すると、この文が第%(n)d版として固まります。") % {"n": report.versions.count() + 1},
        warning=_("このあと直すには訂正版が要り、その理由は渡した相手にも伝わります。"),
        facts=[{"label": _("利用者"), "value": subject.name}, *_lengths(report)], submit_label=_("この文で発行する"),
        subject=subject, checked=(ReportVersion,),
        done=_("発行しました。これからは、訂正版でだけ変えられます。"),
        run=lambda **who: actions.issue_version(report=report, **who),
        breadcrumbs=[*crumbs, {"label": _("支援レポート"), "url": back},
                     {"label": heading, "url": ""}],
    )  # fmt: skip


def _lengths(report: SupportReport) -> list[dict[str, str]]:
    """How each item begins and how long it is: what was left out or put in twice is seen here."""
    return [
        {"label": str(item.label), "value": _beginning(getattr(report, item.value))}
        for item in ReportItem
    ]


def _beginning(text: str) -> str:
    if not text:
        return _("書いていません")
    shown = text if len(text) <= BEGINNING else f"{text[:BEGINNING]}…"
    return _("%(shown)s（%(n)s字）") % {"shown": shown, "n": f"{len(text):,}"}
