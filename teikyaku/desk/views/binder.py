"""運営指導の綴り: of one person over some months, or of everybody in one month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.binder import note_binder
from billing.documents_binder import Binder, binder_document
from billing.forms.binder import BinderForm, BinderPartsForm
from billing.queries.binder import BinderFile, binder_files, ended_on, running_month
from billing.rules.binder import BinderPart
from clients.access import enrolments_for, get_client_or_404
from clients.models import Client
from clients.queries.subject import subject_seen
from plans.rules.mismatch import GRACE_DAYS
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.desk.queries.binder import (
    PER_FILE,
    binder_lines,
    by_person,
    contents_of,
    enrolments_in,
    kinds_of,
    on_page,
    people_by_kana,
    unrecorded_of,
)
from teikyaku.file_answers import pdf_answer
from teikyaku.form_pages import trail
from teikyaku.periods import Month
from teikyaku.printing import UnprintableError

ROWS = 100
YEAR = 12
# What is bound is interviews and money: who may read both.
READS = requires(Permission.INTERVIEW_READ, Permission.MONTH_READ, scope=Scope.OFFICE)


@dataclass(frozen=True, slots=True)
class Span:
    """What was asked for: the months, the files of these, who of how many."""

    first: Month
    last: Month
    files: Sequence[BinderFile]
    people: str = ""


@READS
def binder(request: HttpRequest, client: UUID) -> HttpResponse:
    """What of one person's file does not fit together, and the choice of what is bound."""
    person = get_client_or_404(request, client)
    form = _form(request)
    span = _of_person(request, person, form) if form.is_valid() else None
    return _person_page(request, person, form, span)


@READS
def binder_pdf(request: HttpRequest, client: UUID) -> HttpResponse:
    """One person's papers of the chosen months in order as one PDF; it is on the record."""
    person = get_client_or_404(request, client)
    form = _form(request)
    if not form.is_valid():
        return _person_page(request, person, form, None)
    span = _of_person(request, person, form)
    name = subject_seen(person, active_office(request).pk, today(request)).name
    back = _address(reverse("binder", args=[client]), form)
    return _pdf(request, span, form, _("%(name)s 様") % {"name": name}, back)


@READS
def month_binder(request: HttpRequest, month: Month) -> HttpResponse:
    """The same of everybody who used the service in one month, some people at a time."""
    form = _parts_form(request)
    span, parts = _of_month(request, month)
    return _month_page(request, month, form, span if form.is_valid() else None, parts)


@READS
def month_binder_pdf(request: HttpRequest, month: Month) -> HttpResponse:
    """The month's papers of the people of one file as one PDF; it is on the record."""
    form = _parts_form(request)
    span, parts = _of_month(request, month)
    if not form.is_valid():
        return _month_page(request, month, form, None, parts)
    subject = _("%(month)sに利用した方") % {"month": month.label}
    back = _address(reverse("month_binder", args=[month]), form, request.GET.get("file", ""))
    return _pdf(request, span, form, subject, back)


def _form(request: HttpRequest) -> BinderForm:
    """Bound always: without an address of its own it is the last twelve months, with everything."""
    if request.GET.keys() & {"first", "last", "part"}:
        return BinderForm(request.GET, on=today(request))
    last = Month.of(today(request))
    first = last - (YEAR - 1)
    return BinderForm(
        {"first": str(first), "last": str(last), "part": [part.value for part in BinderPart]},
        on=today(request),
    )


def _parts_form(request: HttpRequest) -> BinderPartsForm:
    if request.GET.keys() & {"part", "chosen"}:
        return BinderPartsForm(request.GET)
    return BinderPartsForm({"part": [part.value for part in BinderPart]})


def _of_person(request: HttpRequest, person: Client, form: BinderForm) -> Span:
    on, (first, last) = today(request), form.span
    own = enrolments_for(active_membership(request), on).filter(client=person)
    rows = list(enrolments_in(own, first, last))
    return Span(first, last, binder_files(rows, active_office(request), first, last, on))


def _of_month(request: HttpRequest, month: Month) -> tuple[Span, list[dict[str, Any]]]:
    """The people of the file asked for, and the files that the month is cut into.

    Raises Http404 for a month that has not come.
    """
    on = today(request)
    if month > Month.of(on):
        raise Http404
    people = people_by_kana(enrolments_for(active_membership(request), on), month)
    pages = Paginator(people, PER_FILE)
    page = pages.get_page(request.GET.get("file"))
    files = binder_files(list(page.object_list), active_office(request), month, month, on)
    words = ""
    if pages.count:
        words = _("かな順の%(first)s〜%(last)s人目（全%(all)s人）") % {
            "first": page.start_index(), "last": page.end_index(), "all": pages.count,
        }  # fmt: skip
    tabs = [
        {
            "label": _("%(first)s〜%(last)s人目") % {
                "first": (n - 1) * PER_FILE + 1, "last": min(n * PER_FILE, pages.count),
            },
            "number": n,
            "current": n == page.number,
        }
        for n in pages.page_range
    ]  # fmt: skip
    return Span(month, month, files, words), tabs


def _pdf(
    request: HttpRequest, span: Span, form: BinderPartsForm, subject: str, back: str
) -> HttpResponse:
    bound = [file for file in span.files if not file.is_empty]
    if not bound:
        messages.error(request, _("この期間に、綴る記録がありません。"))
        return redirect(back)
    office, by = active_office(request), active_membership(request)
    content = binder_document(
        Binder(
            office, subject, span.first, span.last, form.parts, bound, today(request), by,
            span.people,
        )
    )  # fmt: skip
    try:
        answer = pdf_answer("binder", content, f"binder-{span.first}-{span.last}")
    except UnprintableError as error:
        messages.error(request, str(error))
        return redirect(back)
    enrolments = [file.support.enrolment for file in bound]
    note_binder(office=office, enrolments=enrolments, by=by, at=now(request))
    return answer


def _person_page(
    request: HttpRequest, person: Client, form: BinderForm, span: Span | None
) -> HttpResponse:
    on = today(request)
    url = reverse("binder", args=[person.public_id])
    page = reverse("client_page", args=[person.public_id])
    context = {
        "heading": _("運営指導の綴り"),
        "subject": subject_seen(person, active_office(request).pk, on),
        "breadcrumbs": trail(_("運営指導の綴り"), page),
        "spans": _spans(url, Month.of(on)),
        "page_url": url,
        "pdf_url": reverse("binder_pdf", args=[person.public_id]),
    }
    return _render(request, form, span, url, context)


def _month_page(
    request: HttpRequest,
    month: Month,
    form: BinderPartsForm,
    span: Span | None,
    parts: list[dict[str, Any]],
) -> HttpResponse:
    on, url = today(request), reverse("month_binder", args=[month])
    shown = next(each["number"] for each in parts if each["current"])
    context = {
        "heading": _("運営指導の綴り：%(month)s") % {"month": month.label},
        "month": month,
        "file": shown,
        "files": [
            {**each, "url": _address(url, form, str(each["number"]))} for each in parts
        ] if len(parts) > 1 else [],
        "breadcrumbs": [
            {"label": _("%(month)sの請求") % {"month": month.label},
             "url": reverse("month_page", args=[month])},
            {"label": _("運営指導の綴り"), "url": ""},
        ],
        "previous_url": reverse("month_binder", args=[month - 1]),
        "next_url": reverse("month_binder", args=[month + 1]) if month < Month.of(on) else "",
        "page_url": url,
        "pdf_url": reverse("month_binder_pdf", args=[month]),
    }  # fmt: skip
    return _render(request, form, span, url, context, str(shown))


def _render(
    request: HttpRequest,
    form: BinderPartsForm,
    span: Span | None,
    url: str,
    context: dict[str, Any],
    file: str = "",
) -> HttpResponse:
    files, on = span.files if span else [], today(request)
    lines = binder_lines(files, active_membership(request))
    kind = request.GET.get("kind", "")
    kinds = kinds_of(lines, kind)
    if kind not in {each.key for each in kinds}:
        kind, kinds = "", kinds_of(lines, "")
    shown = [line for line in lines if not kind or line.mismatch.kind == kind]
    people = by_person(shown, ROWS)
    page = Paginator(shown, ROWS).get_page(request.GET.get("page"))
    here = _address(url, form, file, kind)
    context |= {
        "form": form,
        "span": span,
        "office": active_office(request),
        "has_papers": any(not each.is_empty for each in files),
        "contents": contents_of(files),
        "kinds": [
            {
                "label": each.label, "count": each.count, "current": each.current,
                "url": _address(url, form, file, kind=each.key),
            }
            for each in kinds
        ] if lines else [],
        "page": page,
        "people": [
            {
                "label": each.name, "count": each.total,
                "url": f"{here}&page={each.page}#p-{each.client_id}",
            }
            for each in people
        ],
        "groups": on_page(people, page.object_list),
        # One kind alone was asked for: the others do not stand beneath it.
        "unrecorded": unrecorded_of(files, active_membership(request)) if not kind else [],
        "grace_days": GRACE_DAYS,
        "running": running_month(files, span.first, span.last, on) if span else None,
        "ended": ended_on(files, on),
        "on": on,
    }  # fmt: skip
    status = 200 if span else 422
    return render(request, "desk/binder.html", context, status=status)


def _spans(url: str, month: Month) -> list[dict[str, str]]:
    """The spans that are asked for most, as links."""
    april = Month(month.fiscal_year, 4)
    found = (
        (_("直近12か月"), month - (YEAR - 1), month),
        (_("今年度"), april, april + (YEAR - 1)),
        (_("前年度"), april - YEAR, april - 1),
    )
    return [
        {"label": label, "url": f"{url}?{urlencode(_query(first, last), doseq=True)}"}
        for label, first, last in found
    ]


def _query(first: Month, last: Month) -> dict[str, Any]:
    return {"first": str(first), "last": str(last), "part": [part.value for part in BinderPart]}


def _address(url: str, form: BinderPartsForm, file: str = "", kind: str = "") -> str:
    """The page with what was chosen, so that a filter keeps the span."""
    chosen: dict[str, Any] = {
        name: form.data.getlist(name) if hasattr(form.data, "getlist") else form.data[name]
        for name in ("first", "last", "part")
        if name in form.data
    }
    chosen |= {"file": file} if file else {}
    chosen |= {"kind": kind} if kind else {}
    return f"{url}?{urlencode(chosen, doseq=True)}"
