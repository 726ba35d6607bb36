"""区への提案 at the ward: read, accept, refuse, ask back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from plans import exports_ward
from plans.access import active_ward, get_proposal_or_404
from plans.actions import proposal as actions
from plans.actions.proposal_effect import TOUCHED
from plans.actions.ward_export import note_ward_export
from plans.forms.proposal import AcceptEndForm, AcceptForm, RefuseForm, WordsForm
from plans.models import Application, Proposal
from plans.queries import proposal as queries
from plans.queries.caps import ClosedMonths
from plans.queries.decision_change import why_outside
from plans.queries.revocation import what_ends, what_stays
from plans.views.open_application import open_one_linked
from plans.views.proposal import asked, list_context, page_context, step
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.era import both
from teikyaku.file_answers import xlsx_answer
from teikyaku.form_pages import stored

State = Proposal.State
READS = requires(Permission.APPLICATION_READ, scope=Scope.MUNICIPALITY)
WRITES = requires(Permission.APPLICATION_WRITE, scope=Scope.MUNICIPALITY)


@READS
def ward_proposals(request: HttpRequest) -> HttpResponse:
    """Proposals to the ward: our turn, their turn, settled."""
    return render(request, "plans/proposals.html", list_context(request))


@READS
def ward_proposals_xlsx(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered."""
    membership, on = active_membership(request), today(request)
    found = queries.listed(queries.proposals_for(membership), membership, *asked(request))
    body = exports_ward.proposals_workbook(found, membership, on)
    note_ward_export(
        verb="ward_proposals_exported", ward=active_ward(request), by=membership, at=now(request)
    )
    return xlsx_answer(body, f"proposals-{on.isoformat()}")


@READS
def ward_proposal(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """One proposal with its talk."""
    return render(request, "plans/proposal_page.html", page_context(request, proposal))


@WRITES
def ward_proposal_accept(
    request: HttpRequest, proposal: UUID, closed: ClosedMonths
) -> HttpResponse:
    """受け入れる: what is proposed is done; a renewal or a change goes on in the application."""
    row = get_proposal_or_404(request, proposal)
    opened: list[Application] = []

    def run(**who: Any) -> None:
        with open_one_linked(row.decision.client, active_ward(request)):
            found = actions.accept(**who)
        if found is not None:
            opened.append(found)

    sent = request.POST if request.method == "POST" else None
    answer = step(
        request, row, _accept_form(row, sent, closed), run, State.WARD, heading=_("提案を受け入れる"),
        done=_("受け入れました。"), submit_label=_("受け入れる"), lead=_effect(row), checked=TOUCHED,
        template="plans/ward/proposal_accept.html", limits=queries.limits_of(row, today(request)),
    )  # fmt: skip
    if opened:
        return redirect(
            reverse("admin:application_page", args=[opened[0].public_id]) + stored(request)
        )
    return answer


@WRITES
def ward_proposal_refuse(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """受け入れない, with a reason and what comes next."""
    row = get_proposal_or_404(request, proposal)
    return step(
        request, row, RefuseForm(request.POST or None), actions.refuse, State.WARD,
        heading=_("提案を受け入れない"), done=_("返事をしました。"),
        submit_label=_("受け入れないと返事する"),
    )  # fmt: skip


@WRITES
def ward_proposal_ask(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """聞き返す: it is the office's turn."""
    row = get_proposal_or_404(request, proposal)
    return step(
        request, row, WordsForm(request.POST or None, label=_("聞きたいこと")), actions.ask_back, State.WARD,
        heading=_("聞き返す"), done=_("聞き返しました。事業所の番です。"), submit_label=_("聞き返す"),
    )  # fmt: skip


def _accept_form(row: Proposal, sent: Any, closed: ClosedMonths) -> Any:
    day = row.ends_on
    if row.kind != Proposal.Kind.END or day is None:
        return AcceptForm(sent)
    return AcceptEndForm(sent, consequences=lambda _data: what_ends(row.decision, day, closed))


def _effect(row: Proposal) -> str:
    """What happens on accepting, before it is pressed."""
    kinds = Proposal.Kind
    effects = {
        kinds.RENEWAL: _("更新の申請を受け付け、その申請の画面に移ります。"),
        kinds.CHANGE: _("変更の申請を受け付け、その申請の画面に移ります。"),
        kinds.END: _ends(row),
        kinds.ADDRESS: _("書かれた日から、新しい住所を記録します。"),
        kinds.JOB: _(
            "前の就労を終え、新しい就労を記録します。利用できる期間の数え方が変わることがあります。"
        ),
    }
    return effects[kinds(row.kind)]


def _ends(row: Proposal) -> str:
    """The last day of the decision, and what of the person's goes on all the same."""
    if row.ends_on is None:
        return ""
    text = _("%(on)sで支給決定を取り消します（この日まで使えます）。取り消すと元に戻せません。")
    decision, day = queries.decision_to_end(row), row.ends_on
    if why_outside(decision, day):
        outside = _(
            "終える日（%(on)s）は、いまの支給決定期間（%(starts)s〜%(ends)s）の外です。このままでは受け入れられません。"
            "事業所に聞き返すか、理由を添えて、受け入れないと返事してください。"
        )
        days = {"on": day, "starts": decision.starts_on, "ends": decision.ends_on}
        return outside % {name: both(each) for name, each in days.items()}
    told = [*what_ends(row.decision, day), *what_stays(decision, day)]
    return " ".join([text % {"on": both(day)}, *told])
