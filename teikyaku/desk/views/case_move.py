"""担当の引き継ぎ: a caseload, or the people chosen, go to a colleague in one action."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.actions.case_move import mark_move_read, move_cases, undo_move
from clients.forms.case_move import CaseMoveForm
from clients.models import CaseMove, StaffAssignment
from clients.queries.case_move import (
    MovablePerson,
    carried_by,
    chosen_people,
    left_behind,
    may_get_back,
    movable,
    move_rows,
    moves_of,
    stuck_people,
)
from plans.queries.team import Team, team_of
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.models import Membership
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.constraints import violations_as_form_errors
from teikyaku.desk.queries.handed_over import handed_people
from teikyaku.form_pages import form_page, stored, trail
from teikyaku.ids import MOST_CHOSEN, uuids_in
from teikyaku.near_days import near_days

ROWS = 30

READS = requires(Permission.INTERVIEW_READ, scope=Scope.OFFICE)
ASSIGNS = requires(Permission.STAFF_ASSIGN, scope=Scope.OFFICE)


@ASSIGNS
def case_move(request: HttpRequest) -> HttpResponse:
    """Hand over the caseload of `?from=` or the people of `?person=`; unasked, whose it shall be."""
    membership, on = active_membership(request), today(request)
    staff = staff_of(active_office(request), on)
    team = team_of(active_office(request), on)
    gone = left_behind(membership, on)
    asked = request.GET.get("from")
    carriers = [*staff, *(member for member, _people in gone)]
    former = next((m for m in carriers if str(m.public_id) == asked), None)
    people = _people(request, former)
    if not people:
        context = {
            "breadcrumbs": trail(_("担当を引き継ぐ"), reverse("caseload")),
            "team": team, "gone": gone, "chosen": former, "moves_url": reverse("case_moves"),
        }  # fmt: skip
        return render(request, "desk/case_move_choose.html", context)
    loads = _loads(staff, team)
    form = CaseMoveForm(
        request.POST or None,
        people=people,
        staff=[m for m in staff if former is None or m.user_id != former.user_id],
        loads=loads,
        standard=team.standard,
        on=on,
        ticks_nobody="none" in request.GET,
    )
    near_days(form, on)
    if request.method == "POST" and form.is_valid():
        with violations_as_form_errors(form, StaffAssignment, CaseMove):
            moves = move_cases(**form.facts(), by=membership, at=now(request))
        if not form.errors:
            messages.success(request, _moved(form))
            if over := _over(form, loads, team.standard):
                messages.warning(request, over)
            page = reverse("case_moves")
            if len(moves) == 1:
                page = reverse("case_move_page", args=[moves[0].public_id])
            return redirect(page + stored(request))
    return form_page(
        request,
        form,
        heading=_("担当を引き継ぐ"),
        lead=_lead(former, people),
        cancel_url=reverse("caseload"),
        submit_label=_("引き継ぐ"),
        template="desk/case_move.html",
        keeps=True,
        keep_for=_whom(former, people),
        former=former,
        **_ticking(request),
    )


def _whom(former: Membership | None, people: list[MovablePerson]) -> str:
    """Whom the page is about, as a name for the text that waits on the device: no person's own key."""
    keys = [str(former.public_id)] if former else sorted(each.key for each in people)
    return sha256(" ".join(keys).encode()).hexdigest()[:16]


def _ticking(request: HttpRequest) -> dict[str, Any]:
    """The addresses of the same form with everybody ticked, and with nobody, for lack of a script."""
    query = request.GET.copy()
    query.pop("none", None)
    here = query.urlencode()
    return {"all_url": f"?{here}#id_people", "none_url": f"?{here}&none=1#id_people"}


def _people(request: HttpRequest, former: Membership | None) -> list[MovablePerson]:
    membership, on = active_membership(request), today(request)
    if former is not None:
        return movable(carried_by(membership, former.user_id, on), on)
    keys = uuids_in(request.GET.getlist("person"), MOST_CHOSEN)
    return movable(chosen_people(membership, keys, on), on) if keys else []


def _loads(staff: list[Membership], team: Team) -> dict[int, int]:
    people = {load.staff_id: load.people for load in team.loads}
    return {member.user_id: people.get(member.public_id, 0) for member in staff}


def _lead(former: Membership | None, people: list[MovablePerson]) -> str:
    if former is None:
        return _("選んだ%(n)d人%(split)sの担当を替えます。") % {
            "n": len(people),
            "split": _split(people),
        }
    text = _("%(name)sさんが担当する%(n)d人%(split)sです。残す人は、印を外してください。")
    if len(people) == MOST_CHOSEN:
        text = _(
            "%(name)sさんが担当する人のうち、%(n)d人%(split)sです（一度に出せるのはここまでです）。ほかにもいるときは、"
            "この引き継ぎのあとで、もう一度引き継いでください。"
        )
    return text % {"name": former.user.name, "n": len(people), "split": _split(people)}


def _split(people: list[MovablePerson]) -> str:
    """How many are in use, and how many wait for it; "" where all are in use."""
    if not (waiting := sum(each.is_waiting for each in people)):
        return ""
    return _("（利用中%(used)d人・開始待ち%(waiting)d人）") % {
        "used": len(people) - waiting, "waiting": waiting,
    }  # fmt: skip


def _moved(form: CaseMoveForm) -> str:
    data = form.cleaned_data
    return _("%(n)d人の担当を%(name)sさんに引き継ぎました。") % {
        "n": len(data["people"]),
        "name": data["to_staff"].user.name,
    }


def _over(form: CaseMoveForm, loads: dict[int, int], standard: int) -> str:
    """What there is to say where the new one carries more than the standard; "" otherwise."""
    to_staff = form.cleaned_data["to_staff"]
    people = loads.get(to_staff.user_id, 0) + form.in_use()
    if people <= standard:
        return ""
    return _(
        "%(name)sさんの担当は、利用中の人だけで%(n)d人になります。めやすは%(standard)d人です。"
    ) % {
        "name": to_staff.user.name,
        "n": people,
        "standard": standard,
    }


@READS
def case_moves(request: HttpRequest) -> HttpResponse:
    """All moves of the office, the newest first."""
    membership, on = active_membership(request), today(request)
    page = Paginator(moves_of(membership, on), ROWS).get_page(request.GET.get("page"))
    context = {
        "breadcrumbs": trail(_("担当の引き継ぎ"), reverse("caseload")),
        "page": page,
        "rows": move_rows(cast("object", page.object_list), membership, on),  # type: ignore[arg-type]
        "may_move": membership.may(Permission.STAFF_ASSIGN),
    }
    return render(request, "desk/case_moves.html", context)


@READS
def case_move_page(request: HttpRequest, move: UUID) -> HttpResponse:
    """One move: who went, what was said, whether it was read."""
    return _page(request, _move_or_404(request, move), is_asked=False)


def _page(request: HttpRequest, found: CaseMove, *, is_asked: bool) -> HttpResponse:
    """The move, or the same page asking whether it shall be taken back."""
    membership, on = active_membership(request), today(request)
    may_undo = membership.may(Permission.STAFF_ASSIGN)
    (row,) = move_rows(moves_of(membership, on).filter(pk=found.pk), membership, on)
    context = {
        "breadcrumbs": trail(_("引き継ぎ"), reverse("case_moves")),
        "row": row,
        "people": handed_people(found, membership, on, stands=row.undone_at is None),
        "on": on,
        "may_undo": may_undo and row.can_be_undone(on),
        "is_asked": is_asked,
        # Told before the button is pressed, not after.
        "stuck": stuck_people(found, on) if is_asked and may_undo else [],
        "has_left": found.from_staff is not None and not may_get_back(found.from_staff, on),
    }
    return render(request, "desk/case_move_page.html", context)


@require_POST
@READS
def case_move_read(request: HttpRequest, move: UUID) -> HttpResponse:
    """The new one confirms."""
    found = _move_or_404(request, move)
    try:
        mark_move_read(move=found, by=active_membership(request), at=now(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("引き継ぎを確認しました。"))
    return redirect("case_move_page", found.public_id)


@ASSIGNS
def case_move_undo(request: HttpRequest, move: UUID) -> HttpResponse:
    """A slip: everybody goes back; asked first, and told who could not."""
    found = _move_or_404(request, move)
    if request.method != "POST":
        return _page(request, found, is_asked=True)
    try:
        undo_move(move=found, by=active_membership(request), at=now(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("引き継ぎを取り消しました。この引き継ぎの記録は残ります。"))
    return redirect("case_move_page", found.public_id)


def _move_or_404(request: HttpRequest, move: UUID) -> CaseMove:
    """Raises Http404 for a move of another office, or one that was not recorded yet on the day."""
    found = moves_of(active_membership(request), today(request)).filter(public_id=move).first()
    if found is None:
        raise Http404
    return found
