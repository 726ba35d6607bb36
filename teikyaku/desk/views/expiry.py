"""The expiry board: what ends in the coming months, by day or by person, with its next step."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from plans.exports_expiry import expiry_workbook
from plans.queries.end_axis import MONTHS, bars_of
from plans.queries.expiry import Expiries, expiry_labels
from plans.queries.expiry_list import Tally
from plans.queries.expiry_rows import names_here
from plans.rules.expiry import EndKind
from plans.views.expiry_board import (
    kept_fields,
    kind_chips,
    listed,
    span_tabs,
    stage_choices,
)
from plans.views.expiry_settling import (
    Pages,
    kind_or_404,
    settle_page,
    settled_page,
    undo_page,
)
from teikyaku.accounts.access import active_membership, active_office, may_open, requires
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.queries.saved_view import saved_chips
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.accounts.saved_lists import Reading, can_be_saved
from teikyaku.clock import now, today
from teikyaku.desk.queries.end_alarms import ALARMS, end_alarms
from teikyaku.desk.queries.end_axis import end_axis, end_tally
from teikyaku.desk.queries.expiry_filter import ExpiryFilter, expiry_filter
from teikyaku.file_answers import xlsx_answer

READS = requires(Permission.CLIENT_READ, scope=Scope.OFFICE)
WRITES = requires(Permission.CLIENT_WRITE, scope=Scope.OFFICE)
PAGES = Pages("expiry", "expiry_settled", "expiry_undo")


def _reading(asked: ExpiryFilter) -> Reading:
    return Reading(asked.conditions, asked.words)


def _read(request: HttpRequest, query: QueryDict) -> Reading:
    """The conditions of a query that can be kept, and how they are said."""
    return _reading(expiry_filter(query, staff_of(active_office(request), today(request))))


def _found(request: HttpRequest, asked: ExpiryFilter, tally: Tally | None = None) -> Expiries:
    ends = asked.ends
    return Expiries(
        active_office(request), today(request), ends.span, ends.kind, ends.month,
        is_late=ends.is_late, stage=ends.stage,
        user_id=asked.staff.user_id if asked.staff else None, tally=tally,
    )  # fmt: skip


@can_be_saved(_l("期限"), _read)
@READS
def expiry(request: HttpRequest) -> HttpResponse:
    """Everything that ends within the chosen span; what has passed stays in sight until it is settled.

    The home of who leads asks for the axis and for its alarms as parts of itself, once it is shown
    (app.js): one query for each kind costs as much as the rest of that page.
    """
    office, on, membership = active_office(request), today(request), active_membership(request)
    if request.headers.get("X-Part"):
        return _part_of_home(request)
    team = staff_of(office, on)
    asked = expiry_filter(request.GET, team)
    ends, staff = asked.ends, asked.staff
    tally = end_tally(office, on, staff)
    found = _found(request, asked, tally)
    axis = end_axis(office, on, staff, tally)
    shown = listed(found, ends, request.GET)
    duty_url = reverse("handover_duty")
    context = {
        "page": shown.page,
        "listed": shown,
        "on": on,
        "duty_url": duty_url if may_open(membership, duty_url) else "",
        "may_erase": membership.may(Permission.RECORD_ERASE),
        "may_settle": membership.may(Permission.CLIENT_WRITE),
        "may_settle_staff": membership.may(Permission.OFFICE_SETTINGS),
        "ends": ends,
        "saved": saved_chips(membership, "expiry", _reading(asked)),
        "axis": axis,
        "team": [(str(m.public_id), m.user.name, m == staff) for m in team],
        "staff": staff,
        "words": asked.words,
        "conditions": asked.conditions,
        "kept": kept_fields(ends),
        "stages": stage_choices(ends),
        "spans": span_tabs(ends, axis.late),
        "kinds": kind_chips(ends, expiry_labels()),
    }
    return render(request, "desk/expiry.html", context)


def _part_of_home(request: HttpRequest) -> HttpResponse:
    office, on = active_office(request), today(request)
    if request.GET.get("part") == ALARMS:
        tally = end_tally(office, on)
        axis = end_axis(office, on, tally=tally)
        # Where the axis itself is folded, a small picture of it stands beside the alarms.
        bars = () if axis.is_empty else bars_of(axis)
        context = {"alarms": end_alarms(office, on, tally), "bars": bars}
        return render(request, "desk/desks/alarms.html", context)
    return render(request, "desk/desks/ends.html", {"axis": end_axis(office, on)})


@READS
def expiry_xlsx(request: HttpRequest) -> HttpResponse:
    """All that the conditions ask for, as a workbook; on the record."""
    office, on = active_office(request), today(request)
    asked = expiry_filter(request.GET, staff_of(office, on))
    body = expiry_workbook(_found(request, asked).everything(), on, office.name, asked.words)
    audit(verb="expiry_exported", subject=office, by=active_membership(request), at=now(request))
    return xlsx_answer(body, f"expiry-{on.isoformat()}")


@WRITES
def expiry_settle(request: HttpRequest, kind: str, subject: UUID) -> HttpResponse:
    """Lay aside what has passed and waits for nothing more; of staff the manager does."""
    wanted = kind_or_404(EndKind, kind)
    is_staff = wanted == EndKind.QUALIFICATION
    if is_staff and not active_membership(request).may(Permission.OFFICE_SETTINGS):
        raise PermissionDenied
    late = Expiries(
        active_office(request), today(request), MONTHS, wanted.value, is_late=True
    )  # fmt: skip
    return settle_page(request, late, wanted, subject, PAGES)


@READS
def expiry_settled(request: HttpRequest) -> HttpResponse:
    """What was laid aside, why and by whom."""
    office, on = active_office(request), today(request)
    may = active_membership(request).may(Permission.CLIENT_WRITE)
    return settled_page(request, PAGES, lambda ids: names_here(office, ids, on), may_undo=may)


@WRITES
def expiry_undo(request: HttpRequest, settlement: UUID) -> HttpResponse:
    """It shows on the board again."""
    return undo_page(request, settlement, PAGES)
