"""国保連への請求ファイル: what goes in, who does not and why; made, handed out, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.claim_file import make_claim_files, record_returns, withdraw_claim_files
from billing.actions.export import note_export
from billing.actions.written_file import FaultyFile
from billing.enums import ClaimFamily, InvoiceWay
from billing.exports_claim import claim_sums_workbook
from billing.forms.claim_setting import APART, ClaimAloneForm
from billing.forms.claim_withdrawal import RETURNED, ClaimWithdrawalForm
from billing.kokuhoren.inferred import inferred
from billing.models import (
    CapSheetCancellation,
    CapSheetRevision,
    ClaimFile,
    ClaimFileWithdrawal,
    ClaimReturn,
    ClaimReturnReason,
)
from billing.queries.cap_sheets import sent_sheets
from billing.queries.claim_calendar import claim_days
from billing.queries.claim_files import (
    claim_entries,
    claim_sums,
    files_of,
    processing_month,
    unclaimed_months,
)
from billing.queries.claim_payment_sums import payments_by_file
from billing.queries.claim_returns import returned_people
from billing.queries.claim_setting import other_sums, sums_in_files
from billing.queries.claim_statements import (
    FORMER_CLAIM,
    ClaimMonth,
    ClaimPerson,
    Lack,
    claim_month,
)
from billing.queries.corrections import CorrectionRow, corrections
from billing.queries.month_invoices import unsent_invoices
from billing.queries.notice_withdrawals import wrong_notices
from billing.queries.proxy_notices import notices_due
from billing.queries.samples import sample_word
from billing.rules.claim_reach import first_answer_on
from billing.views.crumbs import crumbs, month_step, previous_url
from teikyaku.accounts.access import active_membership, active_office, may_open, note_read, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.models import Membership, Office
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import date_of, now, today
from teikyaku.file_answers import xlsx_answer
from teikyaku.form_pages import form_page
from teikyaku.periods import Month

READ = requires(Permission.MONTH_READ, scope=Scope.OFFICE)
WRITE = requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)
OTHER_MONTHS = 6
FAULTS = 20


@READ
def claim_export(request: HttpRequest, month: Month) -> HttpResponse:
    """What would go into the files of the month, and the files that were made."""
    return _page(request, month)


def _page(
    request: HttpRequest, month: Month, fault: FaultyFile | None = None, status: int = 200
) -> HttpResponse:
    office, on, reader = active_office(request), today(request), active_membership(request)
    found, processed = claim_month(office, month, on), processing_month(on)
    files = files_of(office, month)
    standing = [each for each in files if not each.is_withdrawn]
    waiting, wrong = unclaimed_months(office), wrong_notices(office, month)
    others = [(each, count) for each, count in waiting.items() if each != month]
    context = {
        "month": month,
        "office": office,
        "found": found,
        "sums": found.sums,
        "has_subsidy": any(each.invoice.subsidy_yen for each in found.sums),
        "way_label": InvoiceWay(found.choice.invoice_way).label,
        "other_rows": _other_rows(office, month) if office.shares_number else [],
        "went": "、".join(found.went),
        "left_out": [_left_out(each, reader) for each in found.left_out],
        "in_one_month": sum(
            any(lack.field == FORMER_CLAIM for lack in each.lacks) for each in found.left_out
        ),
        "files": files,
        "payments": _payments(standing, on),
        "notices_due": notices_due(office, month).count() if standing else 0,
        "wrong_notices": wrong,
        "sent_notices": sum(each.was_sent for each in wrong),
        "due_sheets": sum(each.is_due for each in sent_sheets(office, month)),
        "has_standing": bool(standing),
        "unsent": unsent_invoices(office, month) if standing else 0,
        "is_second": bool(found.people)
        and any(
            each.processing_month == processed.first_day and each.family == ClaimFamily.CLAIM
            for each in standing
        ),
        "processed": processed,
        "last_day": claim_days(on).next_claim,
        "corrected": _corrected(office, month, on, reader),
        "returned": returned_people(office, month, on),
        "waiting": waiting.get(month, 0),
        "others": others[-OTHER_MONTHS:],
        "inferred": inferred(),
        "can_write": reader.may(Permission.MONTH_CLOSE),
        "fault": fault,
        "faults": fault.findings[:FAULTS] if fault else (),
        "previous_url": previous_url("claim_export", month),
        "next_url": reverse("claim_export", args=[month + 1]) if month + 1 < Month.of(on) else "",
        "breadcrumbs": crumbs(month_step(month), (_("国保連への請求ファイル"), "")),
    }
    return render(request, "billing/claim_export.html", context, status=status)


def _other_rows(office: Office, month: Month) -> list[dict[str, Any]]:
    """The sums of other services, each with the file that holds it and whether as it stands now."""
    rows = other_sums(office, month)
    held = sums_in_files(office, month) if rows else {}
    found = [(row, held.get((row.municipality.code, row.service_type))) for row in rows]
    return [
        {"sum": row, "file": at.name if at else "", "is_same": bool(at and at.is_of(row))}
        for row, at in found
    ]


def _corrected(office: Office, month: Month, on: date, reader: Membership) -> list[CorrectionRow]:
    """The corrected months with something to do."""
    may_write = reader.may(Permission.MONTH_CLOSE)
    rows = corrections(office, on, month=month, may_write=may_write)
    return [row for row in rows if row.is_open]


def _payments(standing: list[ClaimFile], on: date) -> list[dict[str, Any]]:
    """The claims that stand, each with how it was paid; none where all its people were claimed anew.

    `processed` names the month that is waited for: 国保連 pays nothing before it.
    """
    found = payments_by_file(standing)
    return [
        {
            "file": file, "state": found[file.pk],
            "processed": Month.of(file.processing_month) if on < _answers_from(file) else None,
        }
        for file in standing
        if file.pk in found
    ]  # fmt: skip


def _answers_from(file: ClaimFile) -> date:
    return first_answer_on(date_of(file.recorded_at), Month.of(file.processing_month))


def _left_out(each: ClaimPerson, reader: Membership) -> dict[str, Any]:
    """The person with what is lacking; links lead where this reader may go."""
    person = reverse("client_page", args=[each.client])
    lacks = [
        {
            "field": lack.field,
            "reason": lack.reason,
            "url": _where(lack, reader, person),
            "label": _("ファイルを開く") if lack.field == FORMER_CLAIM else _("直す"),
        }
        for lack in each.lacks
    ]
    return {"person": each, "lacks": lacks}


def _where(lack: Lack, reader: Membership, person: str) -> str:
    is_here = not lack.url or lack.url.startswith("#")
    return lack.url if is_here or may_open(reader, lack.url) else person


@WRITE
def claim_files_make(request: HttpRequest, month: Month) -> HttpResponse:
    """Make the files of everybody who can be claimed; nothing is kept where the check finds a fault.

    Where J111 would hold this service alone for want of other services' sums, or because they went
    with an earlier file, that is asked first.
    """
    found = claim_month(active_office(request), month, today(request))
    if found.unaccounted:
        return _asked(request, found)
    if request.method != "POST":
        return redirect("claim_export", month)
    return _made(request, month)


def _asked(request: HttpRequest, found: ClaimMonth) -> HttpResponse:
    """The page that names the municipalities; the first press only leads to it."""
    month, alone = found.month, found.unaccounted
    codes = [each.invoice.municipality for each in alone]
    if request.method == "POST" and "seen" not in request.POST:
        return redirect("claim_files_make", month)
    form = ClaimAloneForm(
        request.POST or None, initial={"seen": ",".join(codes)}, is_further=bool(found.went)
    )
    if form.is_bound and form.is_valid():
        seen = form.cleaned_data["seen"].split(",")
        return _made(request, month, seen, with_invoices=form.cleaned_data["way"] != APART)
    heading = _("請求書（J111）を確かめる") if found.went else _("ほかのサービスの合計を確かめる")
    page = reverse("claim_export", args=[month])
    return form_page(
        request,
        form,
        heading=heading,
        cancel_url=page,
        template="billing/claim_alone.html",
        submit_label=_("請求ファイルを作る"),
        breadcrumbs=crumbs(month_step(month), (_("国保連への請求ファイル"), page), (heading, "")),
        month=month,
        alone=alone,
        went="、".join(found.went),
    )


def _made(
    request: HttpRequest, month: Month, alone: Sequence[str] = (), *, with_invoices: bool = True
) -> HttpResponse:
    try:
        files = make_claim_files(
            office=active_office(request), month=month, alone=alone, with_invoices=with_invoices,
            by=active_membership(request), at=now(request),
        )  # fmt: skip
    except FaultyFile as error:
        return _page(request, month, fault=error, status=422)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("claim_export", month)
    text = _("請求ファイルを%(files)dつ作りました（%(people)d人分）。確かめてから送ってください。")
    messages.success(request, text % {"files": len(files), "people": files[0].people})
    return redirect(reverse("claim_export", args=[month]) + "#files")


@READ
def claim_sums_xlsx(request: HttpRequest, month: Month) -> HttpResponse:
    """The sums of service 47 by municipality, for software that sends them with other services."""
    office = active_office(request)
    sums = claim_sums(office, claim_month(office, month, today(request)))
    body = claim_sums_workbook(month, sums, mark=sample_word(office, month))
    answer = xlsx_answer(body, f"claim-{month}")
    note_export(
        verb="claim_sums_exported", office=office, by=active_membership(request), at=now(request)
    )
    return answer


def _file_or_404(request: HttpRequest, public_id: UUID) -> ClaimFile:
    found = (
        ClaimFile.objects.filter(public_id=public_id, office=active_office(request))
        .select_related("withdrawal")
        .first()
    )
    if found is None:
        raise Http404
    return found


@WRITE
def claim_file_csv(request: HttpRequest, file: UUID) -> HttpResponse:
    """The bytes as they were made, under the name that 国保連 takes; on the record."""
    row = _file_or_404(request, file)
    content = getattr(row, "content", None)
    if content is None:
        raise Http404
    note_read(request, row)
    answer = HttpResponse(bytes(content.content), content_type="text/csv; charset=shift_jis")
    answer["Content-Disposition"] = f'attachment; filename="{row.name}"'
    return answer


@WRITE
def claim_file_withdraw(request: HttpRequest, file: UUID) -> HttpResponse:
    """The file does not count, or some of its claims came back: those people are claimed anew."""
    row = _file_or_404(request, file)
    month = Month.of(row.month)
    page = reverse("claim_export", args=[month])
    if row.is_withdrawn:
        messages.info(request, _("この請求ファイルは、もう取り下げてあります。"))
        return redirect(page)
    entries = claim_entries(row)
    form = ClaimWithdrawalForm(
        request.POST or None,
        people=[(key, name) for key, (name, _entry) in entries.items()],
    )

    def run(**who: Any) -> None:
        reason = form.cleaned_data["reason"]
        if reason == RETURNED:
            chosen = [entries[key][1] for key in form.cleaned_data["people"]]
            reasons = {entries[key][1].pk: each for key, each in form.reasons.items()}
            record_returns(entries=chosen, reasons=reasons, **who)
        else:
            withdraw_claim_files(file=row, reason=reason, **who)

    heading = _("取り下げ・返戻を記録する")
    return form_flow(
        request,
        form,
        heading=heading,
        lead=_lead(row),
        back=page,
        done=_("記録しました。"),
        run=run,
        checked=(ClaimFileWithdrawal, ClaimReturn, ClaimReturnReason),
        template="billing/claim_file_withdraw.html",
        submit_label=_("記録する"),
        breadcrumbs=crumbs(month_step(month), (_("国保連への請求ファイル"), page), (heading, "")),
    )


def _lead(row: ClaimFile) -> str:
    """What withdrawing does: people are claimed anew, or sheets that were cancelled stand again."""
    if CapSheetCancellation.objects.filter(entry__file=row).exists():
        words = _("取り下げると、%(name)s で取り消した上限額管理結果票は、また有効になります。")
    elif CapSheetRevision.objects.filter(entry__file=row).exists():
        words = _("取り下げると、%(name)s で修正した上限額管理結果票は、前に送った内容に戻ります。")
    else:
        words = _(
            "取り下げると、%(name)s と、いっしょに作ったファイルの全員が、次に作るファイルに入ります。"
        )
    sent = _("国保連に送ったあとなら、国保連での取り下げを先に済ませてください。")
    return words % {"name": row.name} + sent
