"""過誤・再請求: the list of corrected months, putting one right or withdrawing it, the petition."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.correction import correct_month, record_petition, withdraw_month
from billing.enums import CorrectionReason
from billing.forms.correction import NOTE_LENGTH, REDO, CorrectionForm, PetitionForm
from billing.models import (
    ClaimFile,
    ClaimFileEntry,
    ErrorPetition,
    MonthClosing,
    MonthCorrection,
    PersonMonth,
)
from billing.queries.cap_sheets import rows_with_sheet
from billing.queries.claim_calendar import claim_days
from billing.queries.claim_entries import standing_entries
from billing.queries.claim_files import processing_month
from billing.queries.claim_returns import reason_of
from billing.queries.correction import Redo, redo_of
from billing.queries.correction_state import states_of
from billing.queries.corrections import corrections
from billing.views.crumbs import crumbs, month_step
from clients.queries.subject import subject_seen
from teikyaku.accounts.access import active_membership, active_office, note_read, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.constraints import violations_as_form_errors
from teikyaku.form_pages import form_page
from teikyaku.near_days import near_days
from teikyaku.periods import Month

ROWS = 50
READ = requires(Permission.MONTH_READ, scope=Scope.OFFICE)
WRITE = requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)


@READ
def correction_list(request: HttpRequest) -> HttpResponse:
    """What is open of the corrected months, or all of them; each with what to do next."""
    office, on = active_office(request), today(request)
    may_write = active_membership(request).may(Permission.MONTH_CLOSE)
    rows = corrections(office, on, may_write=may_write)
    is_all = request.GET.get("show") == "all"
    open_rows = [row for row in rows if row.is_open]
    page = Paginator(rows if is_all else open_rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "next_claim": claim_days(on).next_claim,
        "tabs": [
            {
                "label": _("することがある"), "url": reverse("correction_list"),
                "count": len(open_rows), "current": not is_all,
            },
            {
                "label": _("すべて"), "url": f"{reverse('correction_list')}?show=all",
                "count": len(rows), "current": is_all,
            },
        ],
        "breadcrumbs": crumbs(month_step(Month.of(on) - 1), (_("過誤・再請求"), "")),
    }  # fmt: skip
    return render(request, "billing/corrections.html", context)


@WRITE
def month_correct(request: HttpRequest, person_month: UUID) -> HttpResponse:
    """Old and new side by side, then 出し直す or 取り下げる."""
    row, on = _row_or_404(request, person_month), today(request)
    if hasattr(row, "replaced_by"):
        messages.info(request, _("この月は、もう訂正されています。新しい方を開きました。"))
        return redirect("person_month_page", row.replaced_by.public_id)
    redo = redo_of(row, on)
    if not redo.can_redo and not redo.can_withdraw:
        messages.error(
            request, _("取り下げた月です。いまの記録では、請求できる形になっていません。")
        )
        return redirect("person_month_page", row.public_id)
    asks = _asks_petition(row)
    form = CorrectionForm(
        request.POST or None, initial=_initial(row, redo), redo=redo, asks_petition=asks
    )
    near_days(form, on)  # before it is read: a day may come without its year
    if request.method == "POST" and form.is_valid():
        new = None
        with violations_as_form_errors(form, PersonMonth, MonthClosing, MonthCorrection):
            new = _corrected(request, row, form)
        if new is not None and not form.errors:
            done = _("取り下げました。") if new.is_withdrawn else _("出し直しました。")
            messages.success(request, done + _("このあとすることを、下で確かめてください。"))
            return redirect("person_month_page", new.public_id)
    heading = _("締めた月を直す")
    return form_page(
        request,
        form,
        heading=heading,
        cancel_url=reverse("person_month_page", args=[row.public_id]),
        template="billing/month_correct.html",
        submit_label=_("この内容で確定する"),
        breadcrumbs=crumbs(month_step(Month.of(row.month)), (heading, "")),
        subject=subject_seen(row.client, row.closing.office_id, on),
        row=row,
        redo=redo,
        month=Month.of(row.month),
        asks_petition=asks,
        unsent=(unsent := _unsent(row, on)),
        sheet_alone=asks and not unsent and _is_sheet_alone(redo),
    )


def _row_or_404(request: HttpRequest, public_id: UUID) -> PersonMonth:
    found: PersonMonth | None = (
        PersonMonth.objects.filter(public_id=public_id, closing__office=active_office(request))
        .select_related(
            "closing__office", "client", "enrolment", "municipality__city", "replaced_by"
        )
        .prefetch_related("lines")
        .first()
    )
    if found is None:
        raise Http404
    note_read(request, found, person_id=found.client.public_id)
    return found


def _asks_petition(row: PersonMonth) -> bool:
    """Whether something was claimed that the municipality has to take back."""
    if standing_entries().filter(person_month=row).exists():
        return True
    state = states_of([row]).get(row.pk)
    return state is not None and state.needs_petition


def _is_sheet_alone(redo: Redo) -> bool:
    """Whether a 修正 of the sheet alone is enough: it was sent from here, and only others' lines differ."""
    found = redo.found
    return bool(found and found.is_sheet_only and rows_with_sheet([redo.row.pk]))


def _unsent(row: PersonMonth, on: Any) -> ClaimFile | None:
    """The claim file with this row that can still be taken back before its last day."""
    processed = processing_month(on).first_day
    entry = standing_entries().filter(person_month=row, file__processing_month__gte=processed)
    found = entry.select_related("file").first()
    return found.file if found else None


def _initial(row: PersonMonth, redo: Redo) -> dict[str, Any]:
    """What is likely: the page offers it, a person decides."""
    reason = ""
    if ClaimFileEntry.objects.filter(person_month=row, returned__isnull=False).exists():
        reason = CorrectionReason.RETURNED.value
    elif redo.after is None:
        reason = CorrectionReason.NOT_BILLABLE.value
    said = reason_of(row) if reason == CorrectionReason.RETURNED.value else None
    return {
        "what": REDO if redo.can_redo else "", "reason": reason, "seen": redo.mark,
        # As much of it as the field takes.
        "note": said.text[:NOTE_LENGTH] if said else "",
    }  # fmt: skip


def _corrected(request: HttpRequest, row: PersonMonth, form: CorrectionForm) -> PersonMonth:
    data = form.cleaned_data
    given: dict[str, Any] = {
        "row": row, "reason": data["reason"], "note": data["note"],
        "filed_on": data.get("filed_on"), "by": active_membership(request), "at": now(request),
    }  # fmt: skip
    if data["what"] == REDO:
        return correct_month(**given, claim_month=data.get("claim_month"), seen=data["seen"])
    return withdraw_month(**given)


@WRITE
def petition_record(request: HttpRequest, month_correction: UUID) -> HttpResponse:
    """The day of the 過誤申立; recorded again, the last one holds."""
    found = (
        MonthCorrection.objects.filter(
            public_id=month_correction, person_month__closing__office=active_office(request)
        )
        .select_related("person_month__closing", "person_month__client")
        .prefetch_related("petitions")
        .first()
    )
    if found is None:
        raise Http404
    row = found.person_month
    known = found.petitions.last()
    initial = {"filed_on": known.filed_on, "claim_month": known.claim_month} if known else {}
    form = PetitionForm(request.POST or None, initial=initial)
    heading = _("過誤申立の日を記録する")
    return form_flow(
        request,
        form,
        heading=heading,
        lead=_(
            "%(month)sの前の請求を取り下げてもらうよう、支給市町村に申し立てた日です。"
            "市町村が処理したあと、国保連に再請求します。"
        )
        % {"month": Month.of(row.month).label},
        back=reverse("person_month_page", args=[row.public_id]),
        done=_("過誤申立の日を記録しました。"),
        run=lambda **who: record_petition(correction=found, **form.cleaned_data, **who),
        checked=(ErrorPetition,),
        submit_label=_("記録する"),
        subject=subject_seen(row.client, row.closing.office_id, today(request)),
        breadcrumbs=crumbs(
            month_step(Month.of(row.month)),
            (_("過誤・再請求"), reverse("correction_list")), (heading, ""),
        ),
    )  # fmt: skip
