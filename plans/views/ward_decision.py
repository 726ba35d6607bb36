"""The ward's pages of one decision: papers, caps, revocation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.actions.client import refuse_taken_by_other
from clients.actions.facts import refuse_future
from clients.models import RecipientNumber
from clients.queries.subject import subject_of
from plans.access import (
    active_ward,
    get_decision_or_404,
    get_kept_decision_or_404,
)
from plans.actions import certificate as certificates
from plans.actions.caps import add_cap_period
from plans.actions.number_range import question_about
from plans.actions.revocation import end_decision, refuse_day
from plans.forms import ward as forms
from plans.forms.judged import Check
from plans.forms.revocation import RevokeForm
from plans.models import (
    CapPeriod,
    Certificate,
    Decision,
)
from plans.queries.cap_words import CapAsked, consequences
from plans.queries.caps import (
    SAID,
    ClosedMonths,
    cap_for_or_before,
    first_month_without_cap,
    granted_months,
    joined_caps,
    mark_on_file,
)
from plans.queries.decision_change import is_ahead, is_changed, next_of
from plans.queries.ending_words import letter_after_revocation, what_a_revocation_does
from plans.queries.file_transfer import latest_transfer
from plans.queries.grant_prefill import MANAGED
from plans.queries.revocation import what_ends, what_it_is, what_stays
from plans.queries.use_path import reported_contracts
from plans.queries.ward_papers import decision_papers
from plans.queries.ward_sight import sight_of
from plans.views.cap_checks import amount_checks, months_check
from plans.views.decision_head import decision_facts, head_of
from plans.views.flow import title_of, ward_trail
from plans.views.look import Look, is_to_be_looked_at, look_at
from plans.views.ward_papers import ending_letter, letter_buttons
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.periods import Month

READS = requires(Permission.APPLICATION_READ, scope=Scope.MUNICIPALITY)
# A page also says why a cap is not the one of the household.
LISTED = (*SAID, "category_reason")
WRITES = requires(Permission.APPLICATION_WRITE, scope=Scope.MUNICIPALITY)


@READS
def decision_page(request: HttpRequest, decision: UUID) -> HttpResponse:
    """One decision: papers, caps, and the contracts that offices reported."""
    row, ward, on = get_decision_or_404(request, decision), active_ward(request), today(request)
    transfer = latest_transfer(row.client, ward.pk)
    is_offered = transfer is not None and not transfer.outcome
    sight = sight_of(row.client, ward.pk, on)
    name, standing = sight.name(), sight.standing()
    caps = list(row.client.cap_periods.filter(municipality=row.municipality))
    papers, shown = decision_papers(row, caps, on), joined_caps(caps, LISTED)
    may_write = row.keeper == ward and active_membership(request).may(Permission.APPLICATION_WRITE)
    is_still_valid = row.ends_on > on and not row.is_cancelled
    context = {
        "decision": row,
        "letter_buttons": letter_buttons(row, on),
        "letter_next": ending_letter(row, papers.letters, on) if may_write else None,
        "breadcrumbs": ward_trail(title_of(name, _("支給決定")), "admin:decision_list"),
        "sight": sight,
        "name": name,
        "home": sight.home(),
        "standing": standing,
        "papers": papers,
        "facts": decision_facts(row, papers, shown, standing, on),
        "disabilities": sight.disabilities(),
        "caps": shown,
        "is_still_valid": is_still_valid,
        # Of the months that have begun: the later ones are the yearly review's.
        "without_cap": None
        if row.is_cancelled
        else first_month_without_cap(
            row.client, Month.of(row.starts_on), Month.of(min(row.ends_on, on)) + 1
        ),
        "contracts": reported_contracts(row),
        "ward": ward,
        "changed_to": next_of(row),
        "is_changed": is_changed(row),
        "transfer": transfer,
        "may_write": may_write,
        **head_of(
            row, papers, on, is_kept=row.keeper == ward, may_write=may_write, is_changed=is_changed(row),
            is_valid=is_still_valid, may_hand_over=ward.city_id is not None and not is_offered,
        ),
    }  # fmt: skip
    return render(request, "plans/ward/decision_page.html", context)


def _decision_step(
    request: HttpRequest,
    row: Decision,
    form: Any,
    heading: str,
    run: Callable[..., Any],
    checked: tuple[type[models.Model], ...],
    lead: str = "",
    told: Sequence[str] = (),
    submit_label: str = "",
    **page: Any,
) -> HttpResponse:
    return form_flow(
        request,
        form,
        heading=heading,
        lead=lead,
        back=reverse("admin:decision_page", args=[row.public_id]),
        done=" ".join([_("記録しました。"), *told]),
        run=run,
        checked=checked,
        subject=subject_of(row.client, today(request)),
        submit_label=submit_label,
        **page,
    )


@WRITES
def decision_cap(request: HttpRequest, decision: UUID, closed: ClosedMonths) -> HttpResponse:
    """負担上限月額 from a month on; what it does beside itself is told before it is saved."""
    row = get_kept_decision_or_404(request, decision)

    def beside(data: dict[str, Any]) -> list[str]:
        if not data.get("first_month"):
            return []
        months = (data["first_month"], data.get("last_month"))
        return consequences(
            CapAsked(
                client=row.client, first_month=months[0], last_month=months[1], on=today(request),
                granted=granted_months(row.client, row.municipality, Month.of(months[0])),
                is_unmanaged=bool(data.get("cap_yen")) and not data.get("is_managed"),
            ),
            closed,
        )  # fmt: skip

    running = cap_for_or_before(row.client, Month.of(max(today(request), row.starts_on)))
    form = forms.WardCapForm(
        request.POST or None,
        # Whoever manages the cap goes on with it, unless somebody says otherwise.
        initial={name: getattr(running, name) for name in MANAGED} if running else None, consequences=beside,
        shown=lambda data: mark_on_file(row.client, data.get("first_month"), data.get("last_month")),
        checks=[*amount_checks(row.client, "first_month"), months_check(row.client, row.municipality)],
    )  # fmt: skip
    # Read before it is stored: afterwards nothing of the former cap is left to tell about.
    told = form.words if form.is_valid() else ()

    def run(**who: Any) -> CapPeriod:
        return add_cap_period(
            client=row.client, municipality=row.municipality, cap=form.cap(), seen=form.seen,
            **who,
        )  # fmt: skip

    return _decision_step(
        request, row, form, _("負担上限月額を決める"), run, (CapPeriod,), told=told,
        template="plans/ward/cap_form.html",
        caps=joined_caps(row.client.cap_periods.filter(municipality=row.municipality), LISTED),
        lead=_("前の上限額は、新しい最初の月の前月までになります。新しい最後の月のあとに残る月があれば、前の額が続きます。"),
    )  # fmt: skip


@WRITES
def decision_reissue(request: HttpRequest, decision: UUID) -> HttpResponse:
    """受給者証 changed or issued again; the old version stays readable."""
    row = get_kept_decision_or_404(request, decision)
    paper = row.certificates.select_related("recipient_number").last()
    initial = {
        "number": paper.recipient_number.number if paper else "",
        "issued_on": today(request),
        "applies_on": max(today(request), row.starts_on),
        # What stands on the last version stays, unless it is what changes.
        "consultation_office": paper.consultation_office_id if paper else None,
        "monitoring_months": paper.monitoring_months if paper else None,
        "remarks": paper.remarks if paper else "",
    }
    form = forms.ReissueForm(
        request.POST or None, initial=initial,
        about_number=lambda data: question_about(row.client, row.municipality, data["number"]),
        checks=_paper_checks(row, now(request)),
    )  # fmt: skip

    def run(**who: Any) -> Certificate:
        reason = form.cleaned_data["reason"]
        return certificates.issue_certificate(
            decision=row, paper=form.paper(), reason=reason, **who
        )

    checked = (Certificate, RecipientNumber)
    return _decision_step(
        request, row, form, _("受給者証を交付し直す"), run, checked, keeps=True,
        told=(_("次に、受給者証を作ります。"),),
    )  # fmt: skip


def _paper_checks(row: Decision, at: datetime) -> tuple[Check, ...]:
    """What the action refuses of a further paper, asked of as much as was typed well."""

    def days(data: dict[str, Any]) -> None:
        issued_on, applies_on = data.get("issued_on"), data.get("applies_on")
        refuse_future(at=at, issued_on=issued_on)
        if not row.is_transcribed:
            # A day that is missing is told as that: the other one is judged alone.
            certificates.refuse_paper(row, issued_on or row.decided_on, applies_on or row.starts_on)

    def number(data: dict[str, Any]) -> None:
        if data.get("number"):
            refuse_taken_by_other(row.client, row.municipality, data["number"])

    return (days, number)


@WRITES
def decision_revoke(request: HttpRequest, decision: UUID, closed: ClosedMonths) -> HttpResponse:
    """取消 ends the decision on a day."""
    row, on = get_kept_decision_or_404(request, decision), today(request)

    def beside(data: dict[str, Any]) -> list[str]:
        return (
            what_ends(row, data["revoked_on"], closed, today=on) if data.get("revoked_on") else []
        )

    form = RevokeForm(
        request.POST or None, initial={"revoked_on": on}, consequences=beside,
        check=lambda day: refuse_day(row, day, on), is_ahead=is_ahead(row, on),
    )  # fmt: skip

    def run(**who: Any) -> Decision:
        data = form.cleaned_data
        return end_decision(decision=row, on=data["revoked_on"], reason=data["reason"], **who)

    lead = " ".join(
        [
            what_it_is(row),
            _("取り消すと元に戻せません。日付や額の書き間違いは、本庁が訂正できます。"),
            *what_stays(row, on),
        ]
    )
    page: dict[str, Any] = {"submit_label": _("内容を確かめる"), "lead": lead}
    if row.revoked_on is None and is_to_be_looked_at(request, form):
        does = what_a_revocation_does(row, form.cleaned_data["revoked_on"], on)
        return look_at(request, form, _revoke_look(request, row), (*form.words, *does), **page)
    # Read before it is stored: which decision the day falls to.
    told = letter_after_revocation(row, form.cleaned_data["revoked_on"]) if form.is_valid() else ""
    return _decision_step(
        request, row, form, _("支給決定を取り消す"), run, (Decision,), told=(told,) if told else (),
        **page,
    )  # fmt: skip


def _revoke_look(request: HttpRequest, row: Decision) -> Look:
    return Look(
        form_heading=_("支給決定を取り消す"),
        heading=_("取消の内容を確かめる"),
        lead=what_it_is(row) + _("取り消すと元に戻せません。"),
        submit=_("この内容で取り消す"),
        subject=subject_of(row.client, today(request)),
        back=reverse("admin:decision_page", args=[row.public_id]),
        answers_title=_("この内容で取り消します"),
        told_title=_("取り消すと"),
        tone="danger",
    )
