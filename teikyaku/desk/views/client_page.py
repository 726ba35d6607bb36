"""The client page, and the page of the whole history."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.queries.held_month import HeldMonth, held_month
from clients.models import Enrolment
from clients.queries.dossier import ClientDossier, dossier_of, dossiers_of
from clients.queries.summary import person_summary
from plans.queries.dossier import support_dossier
from teikyaku.accounts.access import active_membership, active_office, note_read, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.desk.queries.look_back import Span, look_back
from teikyaku.desk.queries.month_strip import lines_with_money
from teikyaku.desk.queries.person import RECENT, entries_of, person_page
from teikyaku.desk.queries.record_menu import record_menu
from teikyaku.periods import Month
from teikyaku.timeline import TimelineKind

ROWS = 50


def dossier_or_404(request: HttpRequest, client: UUID) -> ClientDossier:
    """The person's dossier for the office that works (or worked) with them; the read is audited."""
    on = today(request)
    rows = dossiers_of(active_office(request).pk, client, on)
    if not rows:
        raise Http404
    note_read(request, rows[0].client, person_id=rows[0].client.public_id)
    return dossier_of(rows[0], rows, on)


@requires(Permission.CLIENT_READ, scope=Scope.OFFICE)
def client_page(request: HttpRequest, client: UUID) -> HttpResponse:
    """Everything about one person, for the office that works (or worked) with them."""
    membership = active_membership(request)
    page = person_page(dossier_or_404(request, client), today(request), membership)
    context = {
        "page": page,
        "held": _held(request, page.enrolment),
        "on": page.seen_on,
        # What is left to do counts from today, also after the office's work has ended.
        "today": today(request),
        "breadcrumbs": _breadcrumbs(_("この人のページ")),
        "menu": record_menu(page, membership),
        "kinds": _kinds(client, None),
        "may": {
            "write": page.is_running and membership.may(Permission.CLIENT_WRITE),
            "contract": page.is_running and membership.may(Permission.CONTRACT_WRITE),
            # The first contact at the new place and the look six months later come after the end.
            "handover": membership.may(Permission.CONTRACT_WRITE),
            "transcribe": page.is_running and membership.may(Permission.CERTIFICATE_TRANSCRIBE),
            "log": page.is_running and membership.may(Permission.INTERVIEW_WRITE),
            # Of the days before the end; the rest of the file is read-only then.
            "log_late": page.is_over and membership.may(Permission.INTERVIEW_WRITE),
            "read_interviews": membership.may(Permission.INTERVIEW_READ),
            "decide_pace": page.is_running and membership.may(Permission.PACE_DECIDE),
            "assign": page.is_running and membership.may(Permission.STAFF_ASSIGN),
            "money": membership.may(Permission.MONTH_READ),
        },
    }
    return render(request, "desk/client_page.html", context)


@requires(Permission.CLIENT_READ, Permission.MONTH_READ, scope=Scope.OFFICE)
def client_months(request: HttpRequest, client: UUID) -> HttpResponse:
    """A year month by month: met, report, and how it stands for the money, with what mends it.

    The client page asks for the months as a part of itself (app.js): the verdicts cost as much as
    the rest of that page.
    """
    membership, on = active_membership(request), today(request)
    file = support_dossier(dossier_or_404(request, client))
    enrolment = file.enrolment
    is_over = enrolment.ends_on is not None and enrolment.ends_on < on
    agreed_on = None if is_over else enrolment.next_appointment(on)
    lines = lines_with_money(file, agreed_on, on, membership)
    if is_over:
        lines = tuple(replace(line, gone=None) for line in lines)
    may = {"money": True, "read_interviews": membership.may(Permission.INTERVIEW_READ)}
    shown = {"months": lines, "enrolment": enrolment, "may": may, "is_over": is_over}
    if request.headers.get("X-Part"):
        return render(request, "desk/client/month_tables.html", shown)
    back = reverse("client_page", args=[client])
    steps = _breadcrumbs((_("この人のページ"), back), _("月ごとの面談・レポート・請求"))
    context = {**shown, "person": person_summary(file.person), "breadcrumbs": steps}
    return render(request, "desk/client_months.html", context)


def _held(request: HttpRequest, enrolment: Enrolment) -> HeldMonth | None:
    """The month that `month` in the address asks about, from the list of who is held."""
    membership = active_membership(request)
    if "month" not in request.GET or not membership.may(Permission.MONTH_READ):
        return None
    try:
        month = Month.parse(request.GET["month"])
    except ValueError:
        return None
    return held_month(enrolment, month, today(request), membership)


@requires(Permission.INTERVIEW_READ, scope=Scope.OFFICE)
def client_history(request: HttpRequest, client: UUID) -> HttpResponse:
    """Everything that happened, newest first, of one kind where the address names one.

    The client page asks for the newest of a kind as a part of itself (app.js).
    """
    dossier = dossier_or_404(request, client)
    kind = request.GET.get("kind", "")
    entries = entries_of(support_dossier(dossier), kind)
    if request.headers.get("X-Part"):
        shown = {"entries": entries[:RECENT], "left": max(0, len(entries) - RECENT)}
        url = request.get_full_path()
        return render(request, "desk/client/history_part.html", {**shown, "url": url})
    person = person_summary(dossier)
    back = reverse("client_page", args=[client])
    context = {
        "person": person,
        "page": Paginator(entries, ROWS).get_page(request.GET.get("page")),
        "kinds": _kinds(client, kind),
        "breadcrumbs": _breadcrumbs((_("この人のページ"), back), _("これまで")),
    }
    return render(request, "desk/client_history.html", context)


@requires(Permission.INTERVIEW_READ, scope=Scope.OFFICE)
def client_look_back(request: HttpRequest, client: UUID) -> HttpResponse:
    """How work and life went over time, drawn and as a table."""
    dossier = dossier_or_404(request, client)
    asked = request.GET.get("span", "")
    span = Span(asked) if asked in Span.values else Span.ALL
    back = reverse("client_page", args=[client])
    context = {
        "person": person_summary(dossier),
        "back": look_back(support_dossier(dossier), span),
        "spans": [
            {"label": each.label, "url": f"?span={each.value}", "current": each == span}
            for each in Span
        ],
        "breadcrumbs": _breadcrumbs((_("この人のページ"), back), _("様子のふりかえり")),
    }
    return render(request, "desk/client_look_back.html", context)


def _breadcrumbs(*steps: str | tuple[str, str]) -> list[dict[str, str]]:
    """利用者 › …: no name in it, since addresses and titles are kept by browsers."""
    trail: list[dict[str, str]] = [{"label": _("利用者"), "url": reverse("client_list")}]
    for step in steps:
        label, url = step if isinstance(step, tuple) else (step, "")
        trail.append({"label": label, "url": url})
    return trail


def _kinds(client: UUID, chosen: str | None) -> list[dict[str, object]]:
    """The filters of the history as links; none is chosen on the client page."""
    url = reverse("client_history", args=[client])
    found: list[dict[str, object]] = [{"label": _("すべて"), "url": url, "current": chosen == ""}]
    for kind in TimelineKind:
        found.append(
            {"label": kind.label, "url": f"{url}?kind={kind.value}", "current": chosen == kind}
        )
    return found
