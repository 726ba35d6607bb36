"""Home: what is to be done today, by role."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from plans.queries.proposal import ProposalDesk, proposal_desk
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.desk.queries.after_close import after_close as after_close_of
from teikyaku.desk.queries.begun import begun_of
from teikyaku.desk.queries.billing_desk import billing_desk, month_state, unclosed_month
from teikyaku.desk.queries.home import lead_desk, worker_desk
from teikyaku.desk.queries.inconsistencies import does_not_fit
from teikyaku.desk.queries.office_start import guide_on_home
from teikyaku.desk.queries.taken_away import taken_away
from teikyaku.form_pages import trail

LEADING = (Permission.STAFF_ASSIGN, Permission.PACE_DECIDE)


def home(request: HttpRequest) -> HttpResponse:
    """The page after the sign-in. Wards and administrators work in the admin site."""
    if getattr(request, "membership", None) is None:
        return render(request, "desk/no_membership.html", status=200)
    membership = active_membership(request)
    if membership.scope == Scope.INSTALLATION:
        return redirect("system_home")
    if membership.scope != Scope.OFFICE:
        return redirect("admin:index")
    return render(request, "desk/home.html", _office_home(request, membership))


@requires(Permission.MONTH_READ, scope=Scope.OFFICE)
def billing_home(request: HttpRequest) -> HttpResponse:
    """The claim calendar and the months, for everybody who sees them.

    The home of who leads asks for how the last month stands as a part of itself, once it is shown:
    adding up a month costs as much as the rest of that page (app.js).
    """
    on, membership = today(request), active_membership(request)
    if request.headers.get("X-Part"):
        state = month_state(membership, on)
        context = {"state": state, "month": state.month, "on": on}
        return render(request, "desk/desks/month_state.html", context)
    desk = billing_desk(membership, on)
    crumbs = trail(_("請求の予定"), reverse("home"))
    context = {"desk": desk, "on": on, "breadcrumbs": crumbs}
    return render(request, "desk/billing_home.html", context)


@requires(Permission.MONTH_READ, scope=Scope.OFFICE)
def after_close(request: HttpRequest) -> HttpResponse:
    """What closed months ask for; the billing home shows it as a part of itself (app.js).

    Months of which something was told after their close are judged again for it, which costs more than the
    rest of that page.
    """
    context: dict[str, Any] = {"found": after_close_of(active_membership(request), today(request))}
    if request.headers.get("X-Part"):
        return render(request, "desk/desks/after_close.html", context)
    context["breadcrumbs"] = trail(_("締めたあとのこと"), reverse("billing_home"))
    return render(request, "desk/after_close.html", context)


def _proposals(membership: Membership, on: date) -> ProposalDesk | None:
    """The talk with the wards; None for who does not take part in it."""
    return proposal_desk(membership, on) if membership.may(Permission.CONTRACT_WRITE) else None


def _office_home(request: HttpRequest, membership: Membership) -> dict[str, Any]:
    """The desks of all roles held: what is urgent and has a name first, then who meets, leads, bills."""
    on = today(request)
    meets = membership.may(Permission.INTERVIEW_WRITE)
    leads = any(membership.may(permission) for permission in LEADING)
    bills = membership.may(Permission.MONTH_CLOSE)
    worker = worker_desk(membership, on, needs_own=leads) if meets else None
    return {
        "on": on,
        "start": guide_on_home(membership, on),
        "does_not_fit": membership.may(Permission.AUDIT_READ)
        and does_not_fit(active_office(request).pk),
        "can_log": meets,
        "worker": worker,
        "taken_away": taken_away(
            membership, on, is_own=worker is not None and worker.is_own and not leads
        )
        if meets or leads
        else [],
        "begun": begun_of(membership, on),
        "proposals": _proposals(membership, on),
        "lead": lead_desk(membership, on, own=worker) if leads else None,
        # Whoever leads has much on the page already: the money stands on a page of its own.
        "billing": billing_desk(membership, on) if bills and not leads else None,
        "unclosed": unclosed_month(membership, on) if bills and leads else None,
        "may_assign": membership.may(Permission.STAFF_ASSIGN),
        "may_decide": membership.may(Permission.PACE_DECIDE),
    }
