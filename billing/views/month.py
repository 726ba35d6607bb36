"""The month page with its four lists; the close; one person's sums and papers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.actions.invoice import issue_invoice, issue_invoices
from billing.actions.month import close_month
from billing.documents import as_printed_now
from billing.forms.close import CloseForm
from billing.models import Invoice, PersonMonth
from billing.queries.cap_figures import has_results
from billing.queries.claim_files import has_claim, unclaimed_months
from billing.queries.closed_entries import ClosedEntry
from billing.queries.corrections import correction_rows
from billing.queries.differences import DifferingMonth, fresh_differences
from billing.queries.lost_meetings import LostMeeting, lost_meetings
from billing.queries.month import MonthBoard, month_board
from billing.queries.month_cuts import cut_people, cut_steps, cut_yen
from billing.queries.month_invoices import IN_A_FILE, unsent_invoices
from billing.queries.month_lists import (
    MonthList,
    ReasonCount,
    month_lists,
    person_rows,
    reason_counts,
    reason_notes,
    row_groups,
    with_reason,
)
from billing.queries.month_looks import looks
from billing.queries.month_lost import lost_steps, lost_yen
from billing.queries.month_sums import held_steps, ready_steps
from billing.queries.month_turns import turns_of
from billing.queries.payments import balances_of
from billing.queries.person_month import get_person_month
from billing.queries.staffing_asks import contradictions, staffing_asks
from billing.views.crumbs import crumbs, month_step, previous_url
from billing.views.issuing import issue_one
from teikyaku.accounts.access import active_membership, active_office, note_read, requires
from teikyaku.accounts.models import Office
from teikyaku.accounts.queries.office_start import first_month_here, last_month_here
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.accounts.way_back import WayBack
from teikyaku.clock import now, today
from teikyaku.file_answers import pdf_answer
from teikyaku.money import yen_or_dash
from teikyaku.periods import Month
from teikyaku.prepared import prepared

ROWS = 50


@requires(Permission.MONTH_READ, scope=Scope.OFFICE)
def month_latest(request: HttpRequest) -> HttpResponse:
    """The month that is to be closed: the one before today's, or the first one billed here."""
    return redirect("month_page", str(last_month_here(active_office(request), today(request))))


@requires(Permission.MONTH_READ, scope=Scope.OFFICE)
def month_page(request: HttpRequest, month: Month) -> HttpResponse:
    """The office's month: the sums, and one of four lists; people with the same reasons stand together."""
    office, on, reader = active_office(request), today(request), active_membership(request)
    board = month_board(office, month, on)
    first = first_month_here(office)
    is_before = first is not None and month < first
    lists = month_lists(board)
    shown = _shown(lists, request.GET.get("list", ""))
    counts = reason_counts(shown, request.GET.get("reason", ""))
    code = next((each.code for each in counts if each.current), "")
    is_closed = shown.key == "closed"
    entries = shown.entries if is_closed else with_reason(shown.entries, code, reader)
    page = Paginator(entries, ROWS).get_page(request.GET.get("page"))
    number = str(page.number) if page.number > 1 else ""
    way = WayBack(month, shown.key, code, number)
    lost = lost_meetings(office, on, month=month) if board.closed else ()
    context = {
        "month": month,
        "breadcrumbs": crumbs(month_step(month)),
        "board": board,
        "lists": [
            {"label": each.label, "url": each.url, "count": each.count, "current": each is shown}
            for each in lists
        ],
        "shown": shown,
        "reasons": _reason_tabs(shown, counts, code),
        "page": page,
        "groups": row_groups(list(page), entries, reader, on, way) if shown.key == "ready" else [],
        "people": []
        if is_closed or shown.key == "ready"
        else person_rows(list(page), entries, reader, on, way),
        "notes": [] if is_closed or shown.key == "ready" else reason_notes(entries, reader),
        "only_others": shown.key == "held" and turns_of(entries, reader).is_with_others,
        "rows": _closed_rows(office, list(page)) if is_closed else [],
        "problems": [] if is_before else _problems(board),
        "first_here": first if is_before else None,
        "lost": lost,
        "fresh": _fresh(office, month, on, lost) if board.closed else (),
        "unclaimed": unclaimed_months(office).get(month, 0) if board.closed else 0,
        **_after_files(office, board),
        "ready_steps": ready_steps(board),
        "held_steps": held_steps(board),
        "lost_steps": lost_steps(board),
        "lost_yen": lost_yen(board),
        "cut_steps": cut_steps(board),
        "cut_yen": cut_yen(board),
        "cut_people": cut_people(board),
        "can_close": reader.may(Permission.MONTH_CLOSE),
        "has_caps": any(e.support.facts.is_cap_management_open for e in board.entries)
        or has_results(office, month),
        # Where more invoices were issued than one file holds.
        "further_files": range(2, -(-len(board.closed) // IN_A_FILE) + 1),
        "can_bind": reader.may(Permission.INTERVIEW_READ),
        "is_over": on > month.last_day,
        "previous_url": previous_url("month_page", month),
        "next_url": reverse("month_page", args=[month + 1]) if month < Month.of(on) else "",
        "on": on,
        "staffing": contradictions(office, month, on),
    }
    return render(request, "billing/month_page.html", context)


def _after_files(office: Office, board: MonthBoard) -> dict[str, Any]:
    """Once everybody who was closed stands in a file: what is left to send, or that all is done."""
    month = board.office_month.month
    is_claimed = (
        bool(board.closed) and not unclaimed_months(office).get(month) and has_claim(office, month)
    )
    unsent = unsent_invoices(office, month) if is_claimed else 0
    return {"unsent": unsent, "is_billed": is_claimed and not (unsent or board.ready or board.held)}


def _fresh(
    office: Office, month: Month, on: date, lost: Iterable[LostMeeting]
) -> tuple[DifferingMonth, ...]:
    """Closed months that differ by something told since, apart from those that are told as lost."""
    known = {each.person_month for each in lost}
    return fresh_differences(office, on, month=month, apart_from=known)


def _shown(lists: tuple[MonthList, ...], wanted: str) -> MonthList:
    """The list asked for, else the first with somebody in it: what is to be mended comes first."""
    ready, held, not_billable, closed = lists
    order = [each for each in lists if each.key == wanted]
    order += [each for each in (held, ready, closed, not_billable) if each.count]
    return (order or [ready])[0]


def _reason_tabs(
    shown: MonthList, counts: tuple[ReasonCount, ...], code: str
) -> list[dict[str, Any]]:
    """All and each reason; nothing where there is one reason at most."""
    if len(counts) < 2:  # noqa: PLR2004
        return []
    everybody = {
        "label": _("すべての理由"), "url": shown.url, "count": shown.count, "current": not code,
    }  # fmt: skip
    each = [
        {"label": row.label, "url": row.url, "count": row.count, "current": row.current}
        for row in counts
    ]
    return [everybody, *each]


def _closed_rows(office: Office, entries: Sequence[ClosedEntry]) -> list[dict[str, Any]]:
    balances = balances_of(office, [entry.person_month_id for entry in entries])
    return [{"entry": e, "balance": balances.get(e.person_month_id)} for e in entries]


def _problems(board: MonthBoard) -> list[str]:
    own = board.office_month
    found = [own.tariff_problem] if own.tariff_problem else []
    if own.tier is None:
        found.append(_("今年度の就労定着率の区分が確認されていません。管理者が確認してください。"))
    if own.unit_price is None:
        found.append(
            _("この月の地域区分と単価がありません。システム管理者に登録を頼んでください。")
        )
    return found


@requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)
def month_close(request: HttpRequest, month: Month) -> HttpResponse:
    """Close the month for everybody who is ready, and issue their invoices; asked once before."""
    office, on = active_office(request), today(request)
    findings = contradictions(office, month, on)
    if request.method == "POST" and not findings:
        _close(request, month)
        return redirect("month_page", month)
    board = month_board(office, month, on)
    form = CloseForm(
        request.POST if request.method == "POST" else None, asks=staffing_asks(board, findings)
    )
    if request.method == "POST" and form.is_valid():
        _close(request, month, as_notified=True)
        return redirect("month_page", month)
    if not board.ready or on <= month.last_day:
        messages.error(request, _("いま締められる方はいません。"))
        return redirect("month_page", month)
    context = {
        "heading": _("%(month)sを締める") % {"month": month.label},
        "facts": [
            *_people_facts(board),
            {"label": _("総費用"), "value": yen_or_dash(board.ready_yen)},
            {
                "label": _("本人の負担の合計"),
                "value": _("%(yen)s（請求書 %(n)s通）")
                % {
                    "yen": yen_or_dash(sum(board.ready_copayments)),
                    "n": len(board.ready_copayments),
                },
            },
        ],
        "form": form if findings else None,
        "looks": looks(board.ready, active_membership(request)),
        "warning": _("締めた内容は変えられません。間違いは、あとで新しい行で直します。"),
        "cancel_url": reverse("month_page", args=[month]),
        "submit": _("%(n)s人分を締める") % {"n": len(board.ready)},
        "breadcrumbs": crumbs(month_step(month), (_("締める"), "")),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "billing/month_close.html", context, status=status)


def _people_facts(board: MonthBoard) -> list[dict[str, str]]:
    """Who is taken in, with which reduction, who stays open and who gives nothing: each leads to its list."""
    page = reverse("month_page", args=[board.office_month.month])
    ready, held, not_billable, _closed = month_lists(board)
    shown = [
        (_("締める人"), len(board.ready), ready.url),
        *(
            (_("うち減算：%(why)s") % {"why": cut.label}, cut.count, cut.url)
            for cut in reason_counts(ready)
        ),
        (_("あとから締める人（保留）"), len(board.held), held.url),
        (_("この月は請求できない人"), len(board.not_billable), not_billable.url),
    ]
    return [
        {"label": label, "value": _("%(n)s人") % {"n": n}, "url": page + url if n else ""}
        for label, n, url in shown
    ]


def _close(request: HttpRequest, month: Month, *, as_notified: bool = False) -> None:
    membership, at = active_membership(request), now(request)
    try:
        closing = close_month(
            office=active_office(request),
            month=month,
            by=membership,
            at=at,
            as_notified=as_notified,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return
    invoices = issue_invoices(closing=closing, by=membership, at=at)
    text = _("%(people)d人分を締め、請求書を%(invoices)d通作りました。")
    people = closing.person_months.count()
    messages.success(request, text % {"people": people, "invoices": len(invoices)})


@requires(Permission.MONTH_READ, scope=Scope.OFFICE)
def person_month_page(request: HttpRequest, person_month: UUID) -> HttpResponse:
    """One person's closed month: every line to rule, figure and source; papers and payments."""
    row = _person_month_or_404(request, person_month)
    on = today(request)
    detail, office = get_person_month(row, on), active_office(request)
    may_write = active_membership(request).may(Permission.MONTH_CLOSE)
    correction = correction_rows(office, _corrected(detail.newest), on, may_write=may_write)
    context = {
        "row": row,
        "detail": detail,
        "is_newest": detail.newest == row,
        "correction": next(iter(correction), None),
        "lost": lost_meetings(office, on, only=row),
        "on": on,
        "can_write": may_write,
        "breadcrumbs": crumbs(month_step(Month.of(row.month)), (_("明細"), "")),
    }
    return render(request, "billing/person_month_page.html", context)


def _corrected(row: PersonMonth) -> list[PersonMonth]:
    return [row] if row.replaces_id is not None else []


@prepared("public_id", "office")
def _person_month(public_id: UUID, office: int) -> QuerySet[PersonMonth]:
    rows = PersonMonth.objects.filter(public_id=public_id, closing__office=office)
    return rows.select_related(
        "closing__office", "closing__closed_by__user", "client", "enrolment",
        "municipality__city", "subsidy_municipality__city",
    ).prefetch_related("lines")  # fmt: skip


def _person_month_or_404(request: HttpRequest, public_id: UUID) -> PersonMonth:
    rows = _person_month.rows(public_id=public_id, office=active_office(request).pk)
    if not rows:
        raise Http404
    (found,) = rows
    note_read(request, found, person_id=found.client.public_id)
    return found


@requires(Permission.MONTH_READ, scope=Scope.OFFICE)
def invoice_pdf(request: HttpRequest, invoice: UUID) -> HttpResponse:
    """The invoice as it was issued: the same bytes each time, until another takes its place."""
    found = (
        Invoice.objects.filter(
            public_id=invoice, person_month__closing__office=active_office(request)
        )
        .select_related("document__replaced_by", "person_month__client")
        .first()
    )
    if found is None:
        raise Http404
    note_read(request, found, person_id=found.closed_month.client.public_id)
    content = as_printed_now(found)
    return pdf_answer(found.paper.template, content, found.paper.number)


@require_POST
@requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)
def invoice_issue(request: HttpRequest, person_month: UUID) -> HttpResponse:
    """Issue the invoice of one closed month (also of 0 yen, where somebody wants the paper)."""
    row = _person_month_or_404(request, person_month)
    return issue_one(
        request, page=reverse("person_month_page", args=[row.public_id]),
        done=_("請求書を出しました。"),
        run=lambda **who: issue_invoice(person_month=row, **who),
        paper=lambda made: reverse("invoice_pdf", args=[made.public_id]),
    )  # fmt: skip
