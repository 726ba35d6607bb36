"""期限 of a ward: what ends for the people whose decisions it keeps, and whose turn it is."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from plans.access import active_ward, kept_decisions
from plans.actions.ward_export import note_ward_export
from plans.exports_expiry import ward_expiry_workbook
from plans.queries.end_axis import MONTHS, axis_of
from plans.queries.expiry_filter import EndFilter, end_filter
from plans.queries.expiry_list import Tally, When
from plans.queries.ward_expiry import WardExpiries, ward_labels
from plans.queries.ward_sight import names_in_sight
from plans.rules.expiry import WardEndKind
from plans.rules.path import Turn
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
from plans.views.flow import ward_trail
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.queries.saved_view import saved_chips
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.accounts.saved_lists import Reading, can_be_saved
from teikyaku.clock import now, today
from teikyaku.file_answers import xlsx_answer

READS = requires(Permission.APPLICATION_READ, scope=Scope.MUNICIPALITY)
WRITES = requires(Permission.APPLICATION_WRITE, scope=Scope.MUNICIPALITY)
PAGES = Pages("admin:ward_expiry", "admin:ward_expiry_settled", "admin:ward_expiry_undo")


def _asked(query: QueryDict) -> tuple[EndFilter, Turn | None]:
    turn = next((each for each in Turn if each.value == query.get("turn")), None)
    kept = (("turn", turn.value),) if turn else ()
    return end_filter(query, ward_labels(), kept), turn


def _reading(ends: EndFilter, turn: Turn | None) -> Reading:
    whose = _("%(who)sの番") % {"who": turn.label} if turn else _("だれの番でも")
    return Reading(ends.conditions, ends.words_of(ward_labels(), whose))


def _read(_request: HttpRequest, query: QueryDict) -> Reading:
    """The conditions of a query that can be kept, and how they are said."""
    return _reading(*_asked(query))


def _found(
    request: HttpRequest, when: When, kind: str, turn: Turn | None, tally: Tally | None = None
) -> WardExpiries:
    kept = kept_decisions(active_membership(request))
    return WardExpiries(
        kept, active_ward(request), today(request), when, kind, turn=turn, tally=tally
    )


@can_be_saved(_l("期限"), _read)
@READS
def ward_expiry(request: HttpRequest) -> HttpResponse:
    """Everything that ends within the chosen span; what has passed stays in sight until it is settled."""
    on, membership = today(request), active_membership(request)
    ends, turn = _asked(request.GET)
    tally = _found(request, When(MONTHS), "", turn).tally()
    found = _found(request, ends.asked, ends.kind, turn, tally)
    axis = axis_of(
        tally,
        ward_labels(),
        on,
        reverse("admin:ward_expiry"),
        f"&turn={turn.value}" if turn else "",
    )
    shown = listed(found, ends, request.GET)
    reading = _reading(ends, turn)
    context = {
        "page": shown.page,
        "listed": shown,
        "on": on,
        "breadcrumbs": ward_trail(_("期限")),
        "may_write": membership.may(Permission.APPLICATION_WRITE),
        "ends": ends,
        "saved": saved_chips(membership, "admin:ward_expiry", reading),
        "axis": axis,
        "turns": [(each.value, each.label, each == turn) for each in Turn],
        "words": reading.words,
        "conditions": reading.query,
        "kept": kept_fields(ends),
        "stages": stage_choices(ends),
        "spans": span_tabs(ends, axis.late),
        "kinds": kind_chips(ends, ward_labels()),
    }
    return render(request, "plans/ward/expiry.html", context)


@READS
def ward_expiry_xlsx(request: HttpRequest) -> HttpResponse:
    """All that the conditions ask for, as a workbook; on the record."""
    on = today(request)
    ends, turn = _asked(request.GET)
    ward, by = active_ward(request), active_membership(request)
    rows = _found(request, ends.asked, ends.kind, turn).everything()
    body = ward_expiry_workbook(rows, on, ward.full_name, _reading(ends, turn).words)
    note_ward_export(verb="ward_expiry_exported", ward=ward, by=by, at=now(request))
    return xlsx_answer(body, f"expiry-{on.isoformat()}")


@WRITES
def ward_expiry_settle(request: HttpRequest, kind: str, subject: UUID) -> HttpResponse:
    """Lay aside what has passed and waits for nothing more."""
    wanted = kind_or_404(WardEndKind, kind)
    late = _found(request, When(MONTHS, is_late=True), wanted.value, None)
    return settle_page(request, late, wanted, subject, PAGES)


@READS
def ward_expiry_settled(request: HttpRequest) -> HttpResponse:
    """What was laid aside, why and by whom."""
    ward, on = active_ward(request), today(request)
    may = active_membership(request).may(Permission.APPLICATION_WRITE)
    return settled_page(request, PAGES, lambda ids: names_in_sight(ids, ward.pk, on), may_undo=may)


@WRITES
def ward_expiry_undo(request: HttpRequest, settlement: UUID) -> HttpResponse:
    """It shows on the board again."""
    return undo_page(request, settlement, PAGES)
