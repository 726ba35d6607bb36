"""The ward's papers: certificate and letters as PDF, how they are made out, and their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.actions.facts import add_fact, correct_fact
from clients.forms.fact import DisabilityForm
from clients.models import Disability
from clients.queries.subject import subject_of
from clients.queries.window import standing_of
from plans.access import (
    active_ward,
    get_application_or_404,
    get_certificate_or_404,
    get_kept_decision_or_404,
    get_paper_or_404,
)
from plans.actions import ward_papers as actions
from plans.documents import DRAFT
from plans.documents_plain import plain_renewal_reminder
from plans.forms import ward_papers as forms
from plans.forms.judged import Check
from plans.models import Application, Decision, WardPaper
from plans.queries.decision_change import is_called_off, is_changed
from plans.queries.ward_papers import PaperRow, reprint, rights_words
from plans.queries.ward_sight import holds_file, sight_of
from plans.rules.expiry import ExpiryStage, stage_of
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.models import IssuedDocument
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.file_answers import pdf_answer

READS = requires(Permission.APPLICATION_READ, scope=Scope.MUNICIPALITY)
WRITES = requires(Permission.APPLICATION_WRITE, scope=Scope.MUNICIPALITY)
# A reminder proposes this many days before the end, or two weeks from now if that is later.
APPLY_DAYS_BEFORE, APPLY_DAYS_FROM_NOW = 30, 14
Kind = WardPaper.Kind


@READS
def ward_paper_pdf(request: HttpRequest, paper: UUID) -> HttpResponse:
    """A paper as it was made; it says where a newer one has taken its place."""
    row = get_paper_or_404(request, paper)
    return pdf_answer(row.document.template, reprint(row), row.document.number)


@READS
def ward_paper_plain_pdf(request: HttpRequest, paper: UUID) -> HttpResponse:
    """更新のお知らせ in easy words; any other paper has no such version and opens as it is.

    Nobody who died gets one: the person alone reads it.
    """
    row = get_paper_or_404(request, paper)
    if row.kind != Kind.REMINDER or row.decision is None:
        return redirect("admin:ward_paper_pdf", row.public_id)
    died_on = row.decision.client.died_on
    if died_on is not None and died_on <= today(request):
        messages.error(request, _("亡くなった方です。本人あての文書は印刷しません。"))
        return redirect("admin:decision_page", row.decision.public_id)
    data = plain_renewal_reminder(reprint(row))
    return pdf_answer("plain_renewal_reminder", data, f"{row.document.number}-plain")


@require_POST
@WRITES
def certificate_issue(request: HttpRequest, certificate: UUID) -> HttpResponse:
    """One version of the certificate as PDF; made once, then the same paper."""
    row = get_certificate_or_404(request, certificate)
    try:
        paper = actions.issue_certificate_copy(
            certificate=row, by=active_membership(request), at=now(request)
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("admin:decision_page", row.decision.public_id)
    messages.success(
        request,
        _("受給者証 %(number)s を作りました。「受給者証」からひらいて印刷できます。")
        % {"number": paper.document.number},
    )
    return redirect("admin:decision_page", row.decision.public_id)


@WRITES
def certificate_remake(request: HttpRequest, certificate: UUID) -> HttpResponse:
    """The PDF of a version again, after what stands on it was corrected."""
    row = get_certificate_or_404(request, certificate)
    form = forms.RemakeForm(request.POST or None)

    def run(**who: Any) -> WardPaper:
        return actions.remake_certificate_copy(
            certificate=row, reason=form.cleaned_data["reason"], **who
        )

    return form_flow(
        request, form, heading=_("受給者証のPDFを作り直す"), run=run, checked=(IssuedDocument,),
        back=reverse("admin:decision_page", args=[row.decision.public_id]),
        done=_("作り直しました。前のPDFも残っています。"), submit_label=_("作り直す"),
        lead=_("本庁が期間などを訂正したとき、氏名や障害種別の書き間違いを直したときに使います。額や相談支援事業所が変わったときは、新しい版を交付してください。"),
        subject=subject_of(row.decision.client, today(request)),
    )  # fmt: skip


def letter_buttons(about: Application | Decision, on: date) -> list[dict[str, str]]:
    """Which letters can be made of a decision or application on `on`: label and address.

    Where something was taken away, its letter comes first.
    """
    if isinstance(about, Application):
        is_refused = about.outcome == Application.Outcome.REFUSED
        pages = [(Kind.REFUSAL, "application_refusal_notice")] if is_refused else []
    else:
        pages = [] if about.is_cancelled else [(Kind.GRANT, "decision_grant_notice")]
        if about.revoked_on is not None:
            pages.insert(0, (Kind.REVOCATION, "decision_revocation_notice"))
        elif _is_reminded_of(about, on) and not is_changed(about):
            pages.append((Kind.REMINDER, "decision_reminder"))
    return [
        {
            "label": _("%(paper)sを作る") % {"paper": kind.label},
            "url": reverse(f"admin:{name}", args=[about.public_id]),
        }
        for kind, name in pages
    ]


def ending_letter(
    about: Application | Decision, letters: Iterable[PaperRow], on: date
) -> dict[str, str] | None:
    """The button of the letter that 却下 or 取消 owes, while none was made; None where none is owed.

    What was called off because another decision ended is told by the letter of that one.
    """
    if isinstance(about, Application):
        kind, is_owed = Kind.REFUSAL, about.outcome == Application.Outcome.REFUSED
    else:
        kind, is_owed = Kind.REVOCATION, about.revoked_on is not None and not is_called_off(about)
    if not is_owed or any(row.kind == kind for row in letters):
        return None
    return letter_buttons(about, on)[0]


def _is_reminded_of(about: Decision, on: date) -> bool:
    """Whether the end is among those of the list of ends: a year ahead nobody is reminded of it."""
    return stage_of(about.ends_on, on) not in (ExpiryStage.FAR, ExpiryStage.LAPSED)


@dataclass(frozen=True, slots=True)
class _Letter:
    """A letter's page: what it is called, of what it is, which action makes it."""

    kind: WardPaper.Kind
    run: Callable[..., WardPaper]
    refusal: str = ""
    """Why it cannot be made now; told before anything is typed."""


def _letter_page(
    request: HttpRequest, about: Application | Decision, letter: _Letter, form: Any, **more: Any
) -> HttpResponse:
    page = "application_page" if isinstance(about, Application) else "decision_page"
    back = reverse(f"admin:{page}", args=[about.public_id])
    if letter.refusal:
        messages.error(request, letter.refusal)
        return redirect(back)

    def run(**who: Any) -> WardPaper:
        reason = form.cleaned_data.get("reason", "")
        again = {"reason": reason} if reason else {}
        return letter.run(head=form.head(), **again, **who)

    on = today(request)
    heading = _("%(paper)sを作る") % {"paper": letter.kind.label}
    has_rights = letter.kind != Kind.REMINDER
    return form_flow(
        request, form, heading=heading, run=run, back=back, checked=(IssuedDocument, WardPaper),
        done=_("%(paper)sを作りました。「文書」から開けます。") % {"paper": letter.kind.label},
        submit_label=_("PDFを作る"),
        subject=sight_of(about.client, active_ward(request).pk, on).subject(),
        template="plans/ward/letter_form.html",
        rights=rights_words(about.municipality, on) if has_rights else None, **more,
    )  # fmt: skip


def _is_again(about: Application | Decision, kind: WardPaper.Kind) -> bool:
    """Whether a final letter of this kind stands already: the next one corrects it."""
    last = about.papers.filter(kind=kind, document__replaced_by=None).select_related("document")
    return any(paper.document.content["edition"] != DRAFT for paper in last)


def _form(request: HttpRequest, about: Application | Decision, kind: WardPaper.Kind) -> Any:
    initial = {"issued_on": today(request)}
    decided_on = about.outcome_on if isinstance(about, Application) else about.decided_on
    return forms.LetterForm(
        request.POST or None, initial=initial, is_again=_is_again(about, kind),
        checks=[_letter_day(request, decided_on)],
    )  # fmt: skip


def _letter_day(request: HttpRequest, decided_on: date | None) -> Check:
    def check(data: dict[str, Any]) -> None:
        issued_on = data.get("issued_on")
        if issued_on:
            actions.refuse_letter_day(issued_on, decided_on or issued_on, now(request))

    return check


@WRITES
def decision_grant_notice(request: HttpRequest, decision: UUID) -> HttpResponse:
    """支給決定通知書."""
    row = get_kept_decision_or_404(request, decision)
    form = _form(request, row, Kind.GRANT)

    def run(**facts: Any) -> WardPaper:
        return actions.issue_grant_notice(decision=row, **facts)

    refusal = _("始まる前に取り消した支給決定です。") if row.is_cancelled else ""
    return _letter_page(request, row, _Letter(Kind.GRANT, run, refusal), form)


@WRITES
def decision_revocation_notice(request: HttpRequest, decision: UUID) -> HttpResponse:
    """支給決定取消通知書."""
    row = get_kept_decision_or_404(request, decision)
    form = _form(request, row, Kind.REVOCATION)

    def run(**facts: Any) -> WardPaper:
        return actions.issue_revocation_notice(decision=row, **facts)

    refusal = "" if row.revoked_on else _("取り消した支給決定ではありません。")
    return _letter_page(request, row, _Letter(Kind.REVOCATION, run, refusal), form)


@WRITES
def application_refusal_notice(request: HttpRequest, application: UUID) -> HttpResponse:
    """申請却下通知書."""
    row = get_application_or_404(request, application)
    form = _form(request, row, Kind.REFUSAL)

    def run(**facts: Any) -> WardPaper:
        return actions.issue_refusal_notice(application=row, **facts)

    is_refused = row.outcome == Application.Outcome.REFUSED
    refusal = "" if is_refused else _("却下した申請ではありません。")
    return _letter_page(request, row, _Letter(Kind.REFUSAL, run, refusal), form)


@WRITES
def decision_reminder(request: HttpRequest, decision: UUID) -> HttpResponse:
    """更新のお知らせ, until when to apply."""
    row = get_kept_decision_or_404(request, decision)
    on = today(request)
    window = standing_of(row.client, row.ends_on).window
    last = window.last_usable_on if window else None
    initial = {"issued_on": on, "apply_by": _apply_by(on, row.ends_on)}

    def apply_by(data: dict[str, Any]) -> None:
        if data.get("apply_by"):
            # A day of the letter that is missing is told as that: the other one is judged alone.
            actions.refuse_apply_by(
                row, data.get("issued_on") or data["apply_by"], data["apply_by"]
            )

    form = forms.ReminderForm(
        request.POST or None,
        initial=initial,
        checks=[_letter_day(request, row.decided_on), apply_by],
    )

    def run(**facts: Any) -> WardPaper:
        return actions.issue_renewal_reminder(
            decision=row, apply_by=form.cleaned_data["apply_by"], last_usable_on=last, **facts
        )

    refusal = ""
    if row.revoked_on is not None:
        refusal = _("取り消した支給決定です。")
    elif is_changed(row):
        refusal = _("変更した支給決定です。お知らせは、変更後の支給決定から作ります。")
    elif row.ends_on < on:
        refusal = _("この支給決定は、もう終わっています。")
    return _letter_page(request, row, _Letter(Kind.REMINDER, run, refusal), form)


def _apply_by(on: date, ends_on: date) -> date:
    wanted = max(
        ends_on - timedelta(days=APPLY_DAYS_BEFORE), on + timedelta(days=APPLY_DAYS_FROM_NOW)
    )
    return min(wanted, ends_on)


@WRITES
def decision_disability_new(request: HttpRequest, decision: UUID) -> HttpResponse:
    """障害種別 as the certificate prints it, recorded by the ward itself."""
    row = get_kept_decision_or_404(request, decision)
    if not holds_file(row.client_id, active_ward(request).pk):
        raise Http404
    form = DisabilityForm(request.POST or None)

    def run(**who: Any) -> Any:
        form.instance.client = row.client
        return add_fact(form.instance, verb="disability_recorded", **who)

    return form_flow(
        request, form, heading=_("障害種別を記録する"), run=run, checked=(Disability,),
        back=reverse("admin:decision_page", args=[row.public_id]), done=_("記録しました。"),
        lead=_("受給者証には、交付日に続いている種別が入ります。"),
        subject=subject_of(row.client, today(request)),
    )  # fmt: skip


@WRITES
def decision_disability_correct(
    request: HttpRequest, decision: UUID, disability: UUID
) -> HttpResponse:
    """障害種別 that was written wrongly; the history keeps the old values."""
    row = get_kept_decision_or_404(request, decision)
    known = row.client.disabilities.filter(public_id=disability).first()
    if known is None or not holds_file(row.client_id, active_ward(request).pk):
        raise Http404
    form = DisabilityForm(request.POST or None, instance=known)

    def run(**who: Any) -> Any:
        stored = Disability.objects.get(pk=known.pk)
        what = {"changes": form.changes(), "reason": form.cleaned_data["reason"]}
        return correct_fact(stored, **what, **who)

    return form_flow(
        request, form, heading=_("障害種別を訂正する"), run=run, checked=(Disability,),
        back=reverse("admin:decision_page", args=[row.public_id]), done=_("訂正しました。"),
        lead=_("元の値は履歴に残ります。作ってある受給者証のPDFは、「作り直す」で新しくします。"),
        subject=subject_of(row.client, today(request)),
    )  # fmt: skip
