"""区の引継ぎ: a person's file is offered to another ward of the city, which takes it or does not."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.models import Client, Residence
from clients.queries.subject import Subject, subject_of
from plans.access import (
    active_ward,
    get_application_or_404,
    get_kept_decision_or_404,
    get_transfer_or_404,
)
from plans.actions import file_transfer as actions
from plans.forms.file_transfer import AcceptForm, DeclineForm, OfferForm
from plans.models import Application, Decision, FileTransfer
from plans.queries.file_transfer import open_of, settled_transfers, transfer_rows
from plans.queries.ward_sight import names_in_sight, sight_of
from plans.views.flow import ward_trail
from plans.views.open_application import open_one_linked
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.models import Municipality
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today

ROWS = 50
READS = requires(Permission.APPLICATION_READ, scope=Scope.MUNICIPALITY)
WRITES = requires(Permission.APPLICATION_WRITE, scope=Scope.MUNICIPALITY)


@READS
def transfer_list(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, whosever, and the latest answers, both ways."""
    ward, on = active_ward(request).pk, today(request)
    page = Paginator(open_of(ward), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "waiting": transfer_rows(page.object_list, ward, on),
        "rows": settled_transfers(ward, on, names_in_sight),
        "breadcrumbs": ward_trail(_("区の引継ぎ")),
    }
    return render(request, "plans/ward/transfers.html", context)


@WRITES
def decision_transfer(request: HttpRequest, decision: UUID) -> HttpResponse:
    """The file of somebody with a decision is offered."""
    row = get_kept_decision_or_404(request, decision)
    return _offer(request, row.client, reverse("admin:decision_page", args=[row.public_id]))


@WRITES
def application_transfer(request: HttpRequest, application: UUID) -> HttpResponse:
    """The file of somebody whose application still runs is offered."""
    row = get_application_or_404(request, application)
    return _offer(request, row.client, reverse("admin:application_page", args=[row.public_id]))


@READS
def transfer_page(request: HttpRequest, transfer: UUID) -> HttpResponse:
    """What would pass, for both wards; the one that was asked answers here."""
    row, on = get_transfer_or_404(request, transfer), today(request)
    membership = active_membership(request)
    may_write = membership.may(Permission.APPLICATION_WRITE) and not row.outcome
    is_receiver = row.to_municipality_id == membership.municipality_id
    has_passed = row.outcome == FileTransfer.Outcome.ACCEPTED
    is_answerer = row.answering_ward_id == membership.municipality_id
    context = {
        "transfer": row,
        "subject": _subject(row, active_ward(request), on),
        "breadcrumbs": ward_trail(_("区の引継ぎ")),
        "decisions": Decision.objects.standing()
        .filter(client=row.client, is_transcribed=False)
        .kept_by(row.to_municipality_id if has_passed else row.from_municipality_id)
        .order_by("-starts_on"),
        "is_receiver": is_receiver,
        "is_answerer": is_answerer,
        # Before it passes the receiver sees the periods alone, and nothing where it only asked.
        "may_open": not is_receiver or has_passed,
        "may_see": not is_receiver or has_passed or not row.is_requested,
        "received": actions.Received.of(row) if row.is_requested else None,
        "place": _place(row),
        "may_answer": may_write and is_answerer,
        "may_withdraw": may_write and not is_answerer,
    }
    return render(request, "plans/ward/transfer_page.html", context)


def _subject(row: FileTransfer, ward: Municipality, on: date) -> Subject:
    """Whom it is about: once the file has passed, the ward that gave it knows them as they were."""
    has_given = row.outcome == FileTransfer.Outcome.ACCEPTED and row.from_municipality == ward
    return sight_of(row.client, ward.pk, on).subject() if has_given else subject_of(row.client, on)


def _place(row: FileTransfer) -> str:
    """Where the application of a request was handed in, in words."""
    return str(dict(Application.Place.choices).get(row.received.get("received_place", ""), ""))


@WRITES
def transfer_accept(request: HttpRequest, transfer: UUID) -> HttpResponse:
    """引き受ける, with the new home where it is known; or 渡す, where the other ward asked."""
    row = get_transfer_or_404(request, transfer, answers=True)

    def run(form: Any, **who: Any) -> FileTransfer:
        with open_one_linked(None if row.is_requested else row.client, row.to_municipality):
            return actions.accept_file(transfer=row, **form.cleaned_data, **who)

    if row.is_requested:
        return _answer(
            request, row, Form(_sent(request)), run, heading=_("記録を渡す"),
            done=_("渡しました。これからは、相手の区の記録です。"), submit_label=_("渡す"),
            lead=_("渡すと、支給決定と進行中の申請が%(ward)sの仕事になります。この区は、自分の決定を読むことだけができます。") % {"ward": row.to_municipality.full_name},
        )  # fmt: skip
    return _answer(
        request, row, AcceptForm(_sent(request)), run, heading=_("引継ぎを引き受ける"),
        done=_("引き受けました。これからは、この区の記録です。"), submit_label=_("引き受ける"),
    )  # fmt: skip


@WRITES
def transfer_decline(request: HttpRequest, transfer: UUID) -> HttpResponse:
    """引き受けない, or 渡さない, with its reason."""
    row = get_transfer_or_404(request, transfer, answers=True)

    def run(form: Any, **who: Any) -> FileTransfer:
        return actions.decline_file(transfer=row, **form.cleaned_data, **who)

    if row.is_requested:
        form = DeclineForm(_sent(request))
        form.fields["reason"].label = _("渡さない理由")
        form.fields["reason"].help_text = _("頼んだ区の職員が読みます。次にどうするかも書きます。")
        return _answer(
            request, row, form, run, heading=_("記録を渡さない"),
            done=_("渡さないと答えました。"), submit_label=_("渡さない"),
        )  # fmt: skip
    return _answer(
        request, row, DeclineForm(_sent(request)), run, heading=_("引継ぎを引き受けない"),
        done=_("引き受けないと答えました。"), submit_label=_("引き受けない"),
    )  # fmt: skip


@require_POST
@WRITES
def transfer_withdraw(request: HttpRequest, transfer: UUID) -> HttpResponse:
    """Taken back by the ward that offered it, or asked for it."""
    row = get_transfer_or_404(request, transfer, answers=False)
    try:
        actions.withdraw_offer(transfer=row, by=active_membership(request), at=now(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("引継ぎを取り下げました。"))
    return redirect("admin:transfer_page", row.public_id)


def _offer(request: HttpRequest, client: Client, back: str) -> HttpResponse:
    ward, on = active_ward(request), today(request)
    form = OfferForm(request.POST or None, ward=ward, initial={"moved_on": on})

    def run(**who: Any) -> FileTransfer:
        data = dict(form.cleaned_data)
        return actions.offer_file(
            client=client, sender=ward, receiver=data.pop("to_municipality"), **data, **who
        )

    return form_flow(
        request, form, heading=_("ほかの区へ引き継ぐ"), back=back, run=run,
        checked=(FileTransfer,), subject=subject_of(client, on), submit_label=_("申し出る"),
        done=_("引継ぎを申し出ました。相手の区が引き受けるまで、記録はこの区にあります。"),
        lead=_("同じ市のほかの区へ転居した方の記録を引き継ぎます。ほかの市町村へ移ったときは、支給決定を取り消し、移った先で新しく申請します。"),
    )  # fmt: skip


def _sent(request: HttpRequest) -> Any:
    # Nothing has to be filled in: a form sent empty is an answer all the same.
    return request.POST if request.method == "POST" else None


def _answer(
    request: HttpRequest, row: FileTransfer, form: Any, run: Any, **page: Any
) -> HttpResponse:
    back = reverse("admin:transfer_page", args=[row.public_id])
    if request.method == "GET" and row.outcome:
        messages.info(request, _("この引継ぎには、もう答えが出ています。"))
        return redirect(back)
    return form_flow(
        request, form, back=back, run=lambda **who: run(form, **who),
        checked=(FileTransfer, Residence), subject=subject_of(row.client, today(request)), **page,
    )  # fmt: skip
