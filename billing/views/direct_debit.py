"""口座振替: who goes into the next file, the files and their results, the office's contract."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.actions.direct_debit import (
    make_debit_file,
    note_debit_file,
    read_debit_results,
    record_setting,
    told,
    told_over,
    type_debit_results,
    withdraw_debit_file,
)
from billing.forms.direct_debit import (
    DebitDayForm,
    DebitResultForm,
    DebitSettingForm,
    DebitTypedForm,
    DebitWithdrawalForm,
)
from billing.models import DebitEntry, DebitFile, DebitFileWithdrawal, DebitResult, DebitSetting
from billing.queries.direct_debit import (
    candidates,
    entries_of,
    files_of,
    known_accounts,
    setting_of,
)
from billing.rules.direct_debit import bank_rest, file_bytes, next_debit_day
from billing.views.crumbs import crumbs, payments_step
from clients.queries.subject import names_seen
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.constraints import violations_as_form_errors
from teikyaku.form_pages import form_page
from teikyaku.money import seen_yen
from teikyaku.near_days import near_days

READ = requires(Permission.MONTH_READ, scope=Scope.OFFICE)
WRITE = requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)
# Most collectors debit on the 27th: what the page shows before the office has told its contract.
USUAL_DAY = 27
REFUSED = 422
SETTING = (
    "collector_code", "collector_name", "bank_code", "bank_name", "branch_code", "branch_name",
    "kind", "number", "ends_lines", "usual_day", "lead_days",
)  # fmt: skip


def _step() -> tuple[str, str]:
    return _("口座振替"), reverse("debits")


@READ
def debits(request: HttpRequest) -> HttpResponse:
    """Whose invoices go into a file of the chosen day, who does not and why; the files so far."""
    return _debits_page(request, request.GET)


def _debits_page(request: HttpRequest, data: QueryDict) -> HttpResponse:
    office, on = active_office(request), today(request)
    setting = setting_of(office)
    first = _usual_day(setting, on)
    form = _day_form(data if "debit_on" in data else {"debit_on": first.isoformat()}, on)
    day = form.day(first)
    found = candidates(office, day, on)
    going = [each for each in found if not each.why_not]
    staying = [each for each in found if each.why_not]
    context = {
        "setting": setting,
        "form": form,
        "day": day,
        "rest": bank_rest(day),
        "send_by": day - timedelta(days=setting.lead_days) if setting else day,
        "on": on,
        "is_day_right": form.is_valid(),
        "going": going,
        "total_yen": sum(each.open_yen for each in going),
        "staying": staying,
        "staying_yen": sum(each.open_yen for each in staying),
        "accounts": known_accounts(office, on),
        "files": files_of(office)[:50],
        "can_write": active_membership(request).may(Permission.MONTH_CLOSE),
        "breadcrumbs": crumbs(payments_step(), (_("口座振替"), "")),
    }
    status = 200 if form.is_valid() or request.method == "GET" else REFUSED
    return render(request, "billing/debits.html", context, status=status)


def _usual_day(setting: DebitSetting | None, on: date) -> date:
    if setting is None:
        return next_debit_day(on, USUAL_DAY, 0)
    return next_debit_day(on, setting.usual_day, setting.lead_days)


def _day_form(data: Any, on: date) -> DebitDayForm:
    form = DebitDayForm(data, today=on)
    near_days(form, on)
    return form


@require_POST
@WRITE
def debit_file_make(request: HttpRequest) -> HttpResponse:
    """The file that the page showed: the same day and sum, else it is asked again."""
    form = _day_form(request.POST, today(request))
    if not form.is_valid():
        return _debits_page(request, request.POST)
    back = f"{reverse('debits')}?debit_on={form.cleaned_data['debit_on'].isoformat()}"
    try:
        file = make_debit_file(
            office=active_office(request), debit_on=form.cleaned_data["debit_on"],
            seen_total_yen=seen_yen(request.POST.get("seen_total_yen", "")),
            by=active_membership(request), at=now(request),
        )  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(back)
    messages.success(request, _("口座振替のファイルを作りました。"))
    return redirect("debit_file", file.public_id)


@READ
def debit_file(request: HttpRequest, debit_file: UUID) -> HttpResponse:
    """The debits of a file, what came of each, and what to do next."""
    row = _file_or_404(request, debit_file)
    entries = list(entries_of(row))
    names = names_seen((e.invoice.enrolment for e in entries), today(request))
    context = {
        "file": row,
        "rows": [(each, names.get(each.invoice.enrolment_id)) for each in entries],
        "is_withdrawn": hasattr(row, "withdrawal"),
        "has_result": any(hasattr(each, "result") for each in entries),
        "is_over": row.debit_on <= today(request),
        "can_write": active_membership(request).may(Permission.MONTH_CLOSE),
        "breadcrumbs": crumbs(payments_step(), _step(), (_("ファイル"), "")),
    }
    return render(request, "billing/debit_file.html", context)


@WRITE
def debit_file_txt(request: HttpRequest, debit_file: UUID) -> HttpResponse:
    """The bytes for the bank: the same each time; that they left is on the record."""
    row = _file_or_404(request, debit_file)
    records = list(row.entries.values_list("record", flat=True))
    if len(records) != row.count:
        messages.error(request, _("消去した方が入っていたので、もう書き出せません。"))
        return redirect("debit_file", row.public_id)
    body = file_bytes(row.header, records, row.total_yen, ends_lines=row.ends_lines)
    answer = HttpResponse(body, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{row.name}"'
    note_debit_file(file=row, by=active_membership(request), at=now(request))
    return answer


@WRITE
def debit_results(request: HttpRequest, debit_file: UUID) -> HttpResponse:
    """The bank's result file: read once, all or nothing."""
    row = _file_or_404(request, debit_file)
    page = reverse("debit_file", args=[row.public_id])
    is_sent = request.method == "POST"
    form = DebitResultForm(request.POST, request.FILES) if is_sent else DebitResultForm()
    if is_sent and form.is_valid():
        results: list[DebitResult] = []
        with violations_as_form_errors(form, DebitResult):
            results = read_debit_results(
                file=row, body=form.cleaned_data["file"].read(), by=active_membership(request),
                at=now(request),
            )  # fmt: skip
        if not form.errors:
            return _told(request, results, page)
    heading = _("口座振替の結果を読み込む")
    return form_page(
        request, form, heading=heading, cancel_url=page, submit_label=_("読み込む"),
        lead=_("振替済みの分は入金になり、ほかは理由と一緒に未入金のまま残ります。"),
        breadcrumbs=crumbs(payments_step(), _step(), (heading, "")),
    )  # fmt: skip


@WRITE
def debit_results_typed(request: HttpRequest, debit_file: UUID) -> HttpResponse:
    """The bank's result on paper: one press where everything was debited."""
    row = _file_or_404(request, debit_file)
    page = reverse("debit_file", args=[row.public_id])
    entries = list(entries_of(row))
    names = names_seen((e.invoice.enrolment for e in entries), today(request))
    known = {key: name.name for key, name in names.items()}
    rows = [(each.public_id, known.get(each.invoice.enrolment_id, ""), each) for each in entries]
    form = DebitTypedForm(request.POST or None, rows=rows)
    if request.method == "POST" and form.is_valid():
        results: list[DebitResult] = []
        with violations_as_form_errors(form, DebitResult):
            results = type_debit_results(
                file=row, codes=form.codes, by=active_membership(request), at=now(request)
            )
        if not form.errors:
            return _told(request, results, page)
    heading = _("口座振替の結果を入れる")
    return form_page(
        request, form, heading=heading, cancel_url=page, submit_label=_("この結果を記録する"),
        lead=_("金融機関から紙で届いた結果を入れます。振り替えられなかった方だけ直します。"),
        template="billing/debit_results_typed.html",
        breadcrumbs=crumbs(payments_step(), _step(), (heading, "")),
    )  # fmt: skip


def _told(request: HttpRequest, results: list[DebitResult], page: str) -> HttpResponse:
    messages.success(request, told(results))
    if over := told_over(results):
        messages.warning(request, over)
    return redirect(page)


@WRITE
def debit_file_withdraw(request: HttpRequest, debit_file: UUID) -> HttpResponse:
    """The file does not count: before its result alone."""
    row = _file_or_404(request, debit_file)
    form, heading = DebitWithdrawalForm(request.POST or None), _("ファイルを取り下げる")
    return form_flow(
        request,
        form,
        heading=heading,
        lead=_("金融機関に送ったあとなら、先に金融機関に取り消しを頼んでください。"),
        submit_label=heading,
        back=reverse("debit_file", args=[row.public_id]),
        done=_("取り下げました。この請求は、次のファイルに入れられます。"),
        run=lambda **who: withdraw_debit_file(file=row, **form.cleaned_data, **who),
        checked=(DebitFileWithdrawal, DebitEntry),
        breadcrumbs=crumbs(payments_step(), _step(), (heading, "")),
    )


@WRITE
def debit_setting(request: HttpRequest) -> HttpResponse:
    """The office's contract with its bank."""
    office = active_office(request)
    known = setting_of(office)
    initial: dict[str, Any] = {name: getattr(known, name) for name in SETTING} if known else {}
    form, heading = DebitSettingForm(request.POST or None, initial=initial), _("口座振替の委託者")
    return form_flow(
        request,
        form,
        heading=heading,
        lead=_("金融機関との契約書のとおりに入れます。次に作るファイルから使います。"),
        submit_label=_("保存する"),
        back=reverse("debits"),
        done=_("保存しました。"),
        run=lambda **who: record_setting(office=office, **form.cleaned_data, **who),
        checked=(DebitSetting,),
        breadcrumbs=crumbs(payments_step(), _step(), (heading, "")),
    )


def _file_or_404(request: HttpRequest, public_id: UUID) -> DebitFile:
    found: DebitFile | None = files_of(active_office(request)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found
