"""区への提案 at the office, and what both sides show alike."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.access import get_enrolment_for_edit
from clients.models import Enrolment
from clients.queries.subject import subject_of
from plans.access import get_proposal_or_404
from plans.actions import proposal as actions
from plans.forms.proposal import FORMS, WordsForm
from plans.models import Decision, Proposal
from plans.queries import proposal as queries
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.form_pages import trail
from teikyaku.searched import searched

ROWS = 50
State = Proposal.State
WRITES = requires(Permission.CONTRACT_WRITE, scope=Scope.OFFICE)


@WRITES
def proposal_list(request: HttpRequest) -> HttpResponse:
    """The office's proposals: our turn, their turn, settled."""
    return render(request, "plans/proposals.html", list_context(request))


@WRITES
def proposal_choose(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """What is to be proposed; a kind that is open already leads to its talk."""
    row = get_enrolment_for_edit(request, enrolment)
    rows, on = queries.decisions_to_talk_about(row), today(request)
    if not rows:
        return _no_ward(request, row)
    opened = {each.kind: each for each in queries.open_proposals(row)}
    back = reverse("client_page", args=[row.client.public_id])
    heading = _("区に提案する")
    context = {
        "heading": heading,
        "enrolment": row,
        "ward": rows[0].keeper,
        "periods": queries.periods_told(rows, on),
        "subject": subject_of(row.client, on),
        "kinds": [(kind, opened.get(kind)) for kind in Proposal.Kind],
        "breadcrumbs": trail(heading, back),
    }
    return render(request, "plans/proposal_choose.html", context)


@WRITES
def proposal_new(request: HttpRequest, enrolment: UUID, kind: str) -> HttpResponse:
    """Propose something of one kind about one person to the ward that keeps the decision."""
    row = get_enrolment_for_edit(request, enrolment)
    if kind not in FORMS:
        raise Http404("no such kind of proposal")
    rows, on = queries.decisions_to_talk_about(row), today(request)
    decision = queries.decision_meant(rows, kind, None, on)
    if decision is None:
        return _no_ward(request, row)
    more: dict[str, Any] = (
        {"has_job": queries.has_job(decision)} if kind == Proposal.Kind.JOB else {}
    )
    form = FORMS[kind](request.POST or None, initial=queries.initial_of(kind, decision, on), **more)

    def run(**who: Any) -> Proposal:
        data = form.cleaned_data
        day = data.get("ends_on" if kind == Proposal.Kind.END else "starts_on")
        meant = queries.decision_meant(rows, kind, day, on) or decision
        return actions.propose(enrolment=row, decision=meant, kind=kind, **data, **who)

    return form_flow(
        request, form, heading=_("区に提案する：%(kind)s") % {"kind": Proposal.Kind(kind).label},
        back=reverse("client_page", args=[row.client.public_id]), run=run, checked=(Proposal,),
        lead=_lead(rows, decision, on), done=_("区に提案しました。返事はホームに出ます。"),
        subject=subject_of(row.client, today(request)), submit_label=_("提案する"), keeps=True,
    )  # fmt: skip


@WRITES
def proposal_page(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """One proposal with its talk."""
    return render(request, "plans/proposal_page.html", page_context(request, proposal))


@WRITES
def proposal_answer(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """The office answers what the ward asked."""
    row = get_proposal_or_404(request, proposal)
    return step(
        request, row, WordsForm(request.POST or None, label=_("答え")), actions.answer, State.OFFICE,
        heading=_("区に答える"), done=_("答えました。区の番です。"), submit_label=_("答える"),
    )  # fmt: skip


@WRITES
def proposal_withdraw(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """The office takes it back, with a word why."""
    row = get_proposal_or_404(request, proposal)
    return step(
        request, row, WordsForm(request.POST or None, label=_("取り下げる理由")), actions.withdraw, State.WARD,
        State.OFFICE,
        heading=_("提案を取り下げる"), done=_("取り下げました。"), submit_label=_("取り下げる"),
        lead=_("もう一度出すときは、新しい提案になります。"),
    )  # fmt: skip


def _lead(rows: list[Decision], decision: Decision, on: date) -> str:
    where = _("%(ward)sに送ります。") % {"ward": decision.keeper.full_name}
    return " ".join([where, *queries.periods_told(rows, on)])


def _no_ward(request: HttpRequest, row: Enrolment) -> HttpResponse:
    text = _(
        "この方の支給決定は紙から転記したものか、まだありません。区には電話か書面で伝えてください。"
    )
    messages.info(request, text)
    return redirect("client_page", row.client.public_id)


def list_context(request: HttpRequest) -> dict[str, Any]:
    """A page of the list, as both sides see it."""
    membership, on = active_membership(request), today(request)
    own = queries.proposals_for(membership)
    show, text = asked(request)
    found = queries.listed(own, membership, show, text)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    numbers = queries.counts(own, membership)
    is_ward = membership.municipality_id is not None
    return {
        "page": page,
        "rows": queries.rows(page.object_list, membership, on),
        "tabs": [
            {"label": each.label, "url": f"?show={each}", "current": each is show,
             "count": numbers.get(each)}
            for each in queries.Show
        ],
        "show": show.value,
        "q": text,
        "query": request.GET.urlencode(),
        "is_ward": is_ward,
        "breadcrumbs": trail(_("事業所からの提案"), reverse("admin:index")) if is_ward else [],
    }  # fmt: skip


def asked(request: HttpRequest) -> tuple[queries.Show, str]:
    """Which list the address asks for, and by what name."""
    wanted = request.GET.get("show", "")
    show = next((each for each in queries.Show if each == wanted), queries.Show.OURS)
    return show, searched(request)


def page_context(request: HttpRequest, proposal: UUID) -> dict[str, Any]:
    """One proposal, as both sides see it; the forms are on pages of their own. Shown is read."""
    row = get_proposal_or_404(request, proposal)
    membership, on = active_membership(request), today(request)
    if queries.is_for(row, membership):
        actions.mark_read(row)
    may_move = membership.municipality_id is not None and row.municipality is not None
    return {
        "proposal": row,
        "row": queries.rows([row], membership, on)[0],
        # Of an end: where the decision was changed meanwhile, the one that holds the day.
        "decision": queries.decision_to_end(row),
        "facts": [*queries.facts_of(row), *queries.outcome_of(row)],
        "limits": queries.limits_of(row, on) if membership.municipality_id is not None else None,
        "steps": row.steps.select_related("recorded_by__user", "recorded_by__office"),
        "subject": subject_of(row.decision.client, on),
        "breadcrumbs": trail(row.get_kind_display(), list_of(membership)),
        "ward": row.decision.keeper,
        "is_ward": membership.municipality_id is not None,
        # The file follows where somebody has moved to another ward of the city.
        "moves_away": may_move and row.municipality != row.decision.keeper,
    }


def step(
    request: HttpRequest, row: Proposal, form: Any, action: Any, *turns: str, **page: Any
) -> HttpResponse:
    """A form for one word of the talk, under the last word of the other side; back to it.

    `turns`: the states in which the word can be said. In another one that is told, and nothing is
    asked for; somebody who was quicker meanwhile is told by the action.
    """
    if request.method == "GET" and row.state not in turns:
        text = _("この提案は、もう「%(state)s」になっています。")
        messages.error(request, text % {"state": row.get_state_display()})
        return redirect(page_of(row, active_membership(request)))
    asked_last = row.steps.last()
    page.setdefault("lead", asked_last.text if asked_last else "")
    page.setdefault("checked", (Proposal,))
    return form_flow(
        request, form, back=page_of(row, active_membership(request)),
        run=lambda **who: action(proposal=row, **form.cleaned_data, **who),
        subject=subject_of(row.decision.client, today(request)), keeps=True, **page,
    )  # fmt: skip


def page_of(row: Proposal, membership: Membership) -> str:
    """Where the reader's side reads it."""
    name = "admin:ward_proposal" if membership.municipality_id else "proposal_page"
    return reverse(name, args=[row.public_id])


def list_of(membership: Membership) -> str:
    """The list of the reader's side."""
    return reverse("admin:ward_proposals" if membership.municipality_id else "proposal_list")
