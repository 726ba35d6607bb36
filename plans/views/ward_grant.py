"""支給決定: granted at once, or where the ward asks for it by two officers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from clients.actions.client import refuse_taken_by_other
from clients.actions.facts import refuse_future
from clients.models import RecipientNumber
from plans.access import active_ward, get_application_or_404
from plans.actions import caps, second_officer
from plans.actions import certificate as certificates
from plans.actions.application import refuse_missing
from plans.actions.decision_change import refuse_no_change, refuse_nothing_changed
from plans.actions.number_range import question_about, refuse_used_up
from plans.forms.grant import GrantForm
from plans.forms.judged import Check
from plans.forms.ward import ReturnForm
from plans.models import Application, CapPeriod, Certificate, Decision, PendingGrant
from plans.queries import cap_words as caps_told
from plans.queries.caps import ClosedMonths, mark_on_file, none_closed
from plans.queries.completion import OpenPoint, open_points
from plans.queries.decision_change import own_decisions
from plans.queries.grant_prefill import GrantPrefill, grant_prefill, longest_for, paper_kind
from plans.queries.number_range import next_free_number
from plans.queries.proposal import asked_by_office
from plans.queries.reach_back import reaching_back
from plans.queries.renewal import early_renewal
from plans.queries.second_officer import open_grant, returned_grant
from plans.queries.ward_sight import sight_of
from plans.rules.caps import joined_with, months_of_decision
from plans.rules.path import PathStep
from plans.views.cap_checks import amount_checks
from plans.views.grant_words import answers_shown, told_by_field
from plans.views.look import Look, is_to_be_looked_at, look_at
from plans.views.ward import WRITES, application_step, step_problem
from teikyaku.accounts.access import active_membership
from teikyaku.accounts.flow import form_flow
from teikyaku.clock import date_of, now, today
from teikyaku.form_pages import trail

# What a cap says beside its months, category and amount.
TERMS = ("category_reason", "managing_office_name", "managing_office_number")


@WRITES
def decision_grant(request: HttpRequest, application: UUID, closed: ClosedMonths) -> HttpResponse:
    """支給決定 with certificate and cap; the longest period is proposed with its arithmetic."""
    row = get_application_or_404(request, application)
    on = today(request)
    proposed = grant_prefill(row, on)
    needs_two = row.municipality.needs_second_officer
    # Also where the ward asks for one officer only: nobody types again what was handed back.
    returned = returned_grant(row)
    initial = _initial(proposed, returned, on)
    form = _form(row, proposed, closed, now(request), request.POST or None, initial)
    # Read before it is stored: afterwards nothing of the former cap is left to tell about.
    told = (*form.words, *form.followed) if form.is_valid() else ()

    def run(**who: Any) -> Decision | PendingGrant:
        grant = _granting(row, form)
        if not needs_two:
            return grant(**who)
        answers = {name: form.data.get(name, "") for name in form.fields}
        return second_officer.propose_grant(application=row, answers=answers, grant=grant, **who)

    page: dict[str, Any] = {
        "template": "plans/ward/grant_form.html",
        "proposed": proposed,
        "cap_told": "",
        "asked": asked_by_office(row),
        "open_points": open_points(row, on),
        "application_id": row.public_id,
        "returned": returned,
        "needs_two": needs_two,
        "keeps": True,
        "submit_label": _("確認に回す") if needs_two else _("内容を確かめる"),
    }
    if not needs_two and is_to_be_looked_at(request, form):
        look = _look(request, row, page["open_points"])
        return look_at(request, form, look, (*told, _cap_told(row, form)), **page)
    return application_step(
        request, row, form, _("支給決定をする"), run,
        (Decision, CapPeriod, RecipientNumber, Certificate, PendingGrant),
        needs=_grant_problem, onward=None if needs_two else _papers_of,
        done=_("ほかの職員の確認を待っています。") if needs_two else " ".join([_("支給決定を記録しました。次は、受給者証と通知です。"), *told]),
        **page,
    )  # fmt: skip


def _look(request: HttpRequest, row: Application, open_points: Sequence[OpenPoint]) -> Look:
    """One officer looks once more; where a ward asks for two, the second one does (`decision_confirm`)."""
    return Look(
        form_heading=_("支給決定をする"),
        heading=_("支給決定の内容を確かめる"),
        lead=_("決定すると、期間・支給量・交付日を直せるのは本庁だけになります。"),
        submit=_("この内容で支給決定する"),
        # By the name that the ward knows, as on the form before.
        subject=sight_of(row.client, active_ward(request).pk, today(request)).subject(),
        back=reverse("admin:application_page", args=[row.public_id]),
        answers_title=_("この内容で決定します"),
        told_title=_("決定すると"),
        open_points=[each.text for each in open_points],
    )


def _papers_of(decision: Decision) -> str:
    """Where certificate and letters of a new decision are made."""
    return reverse("admin:decision_page", args=[decision.public_id])


@WRITES
def decision_confirm(request: HttpRequest, application: UUID, closed: ClosedMonths) -> HttpResponse:
    """Everything that will be decided; confirmed by a POST of another officer."""
    row = get_application_or_404(request, application)
    pending, on = open_grant(row), today(request)
    if pending is None:
        return _nothing_waits(request, row)
    proposed = grant_prefill(row, on)
    form = _form(row, proposed, closed, now(request), pending.answers)
    page = reverse("admin:application_page", args=[row.public_id])
    if request.method == "POST":
        if (decision := _confirm(request, pending, form)) is not None:
            return redirect(_papers_of(decision))
        return redirect("admin:decision_confirm", row.public_id)
    form.is_valid()
    proposed = _as_drafted(proposed, row, form.cleaned_data.get("starts_on"), on)
    written = {
        "who": pending.recorded_by.user.name,
        "at": date_format(localtime(pending.recorded_at), "Y年n月j日 G:i"),
    }
    subject = sight_of(row.client, active_ward(request).pk, on).subject()
    context = {
        "heading": _("支給決定を確認する"),
        "subject": subject,
        "breadcrumbs": trail(_("支給決定を確認する"), page, subject.name),
        "lead": _("%(who)s が %(at)s に書きました。") % written,
        "form": form,
        "submit": _("この内容で支給決定する"),
        "proposed": proposed,
        "asked": asked_by_office(row),
        "cap_told": _cap_told(row, form),
        "open_points": open_points(row, on),
        "application_id": row.public_id,
        "facts": answers_shown(form),
        "is_own": pending.recorded_by.user_id == request.user.pk,
        "return_url": reverse("admin:decision_return", args=[row.public_id]),
        "cancel_url": page,
    }
    return render(request, "plans/ward/confirm_grant.html", context)


@WRITES
def decision_return(request: HttpRequest, application: UUID) -> HttpResponse:
    """Handed back with a reason, by the second officer or by who wrote it."""
    row = get_application_or_404(request, application)
    pending = open_grant(row)
    if pending is None:
        return _nothing_waits(request, row)
    form = ReturnForm(request.POST or None)

    def run(**who: Any) -> PendingGrant:
        return second_officer.return_grant(pending=pending, **form.cleaned_data, **who)

    return form_flow(
        request, form, heading=_("支給決定の案を戻す"), run=run, checked=(PendingGrant,),
        back=reverse("admin:application_page", args=[row.public_id]),
        done=_("戻しました。書いたものは、支給決定の画面に残っています。"),
        subject=sight_of(row.client, active_ward(request).pk, today(request)).subject(),
        submit_label=_("戻す"),
    )  # fmt: skip


def _form(
    row: Application,
    proposed: GrantPrefill,
    closed: ClosedMonths,
    at: datetime,
    data: Any,
    initial: dict[str, Any] | None = None,
) -> GrantForm:
    on = date_of(at)
    # Who has a number here keeps it: the range is offered to newcomers.
    free = None if proposed.number else next_free_number(row.municipality)

    def beside(data: dict[str, Any]) -> list[str]:
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        granted = joined = None
        found = early_renewal(row, starts_on, on) if starts_on else []
        found += reaching_back(row, starts_on, on, closed) if starts_on else []
        if not data.get("cap_first_month") or _goes_on(row, data):
            return found
        if starts_on and ends_on and starts_on <= ends_on:
            granted = months_of_decision(starts_on, ends_on)
            own = [(each.starts_on, each.ends_on) for each in own_decisions(row)]
            joined = joined_with(own, starts_on, ends_on)
        asked = caps_told.CapAsked(
            client=row.client, first_month=data["cap_first_month"],
            last_month=data.get("cap_last_month"), on=on, ends_on=ends_on,
            granted=granted, joined=joined,
            is_unmanaged=bool(data.get("cap_yen")) and not data.get("is_managed"),
        )  # fmt: skip
        # The cap lies in the decision's months: those that are closed have been told.
        seen = none_closed if starts_on else closed
        return [*found, *caps_told.consequences(asked, seen)]

    return GrantForm(
        data, initial=initial, next_number=free, checks=_checks(row, at), consequences=beside,
        shown=lambda data: mark_on_file(row.client, data.get("cap_first_month"), data.get("cap_last_month")),
        about_number=lambda data: question_about(row.client, row.municipality, data["number"]),
    )  # fmt: skip


def _checks(row: Application, at: datetime) -> tuple[Check, ...]:
    """What the action refuses, asked of as much as was typed well."""

    def days(data: dict[str, Any]) -> None:
        refuse_future(at=at, decided_on=data.get("decided_on"), issued_on=data.get("issued_on"))

    def change(data: dict[str, Any]) -> None:
        if data.get("starts_on"):
            refuse_no_change(row, data["starts_on"])

    def period(data: dict[str, Any]) -> None:
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on:
            # While the last day is missing or wrong, the first one is judged alone.
            certificates.check_period(row.client, starts_on, ends_on or starts_on, date_of(at))
            # A change takes over from the running decision; any other one stands beside it.
            if row.kind != Application.Kind.CHANGE:
                certificates.refuse_overlap(row.client, starts_on, ends_on or starts_on)
        elif ends_on:
            certificates.refuse_end_outside(row.client, ends_on)

    def paper(data: dict[str, Any]) -> None:
        if data.get("decided_on") and data.get("issued_on"):
            certificates.refuse_issued_before(data["decided_on"], data["issued_on"])

    def number(data: dict[str, Any]) -> None:
        if data.get("number"):
            refuse_taken_by_other(row.client, row.municipality, data["number"])
        elif "number" in data and next_free_number(row.municipality) == "":
            refuse_used_up()

    def order(data: dict[str, Any]) -> None:
        if data.get("decided_on"):
            refuse_missing(PathStep.DECISION, row, decided_on=data["decided_on"])

    def cap_months(data: dict[str, Any]) -> None:
        found, starts, ends = _typed_cap(data), data.get("starts_on"), data.get("ends_on")
        if found and starts and ends and starts <= ends and not _goes_on(row, data):
            caps.refuse_cap_of_grant(row.client, starts, ends, found)
            return
        # Told also while something else of the period or the cap is wrong.
        first = data.get("cap_first_month")
        if starts and first and not (found and _goes_on(row, data)):
            caps.refuse_cap_before(starts, first)

    def nothing(data: dict[str, Any]) -> None:
        if data.get("ends_on") and data.get("amount") and _goes_on(row, data):
            refuse_nothing_changed(row, data["starts_on"], data["ends_on"], data["amount"])

    def unless_it_goes_on(check: Check) -> Check:
        return lambda data: None if _goes_on(row, data) else check(data)

    of_cap = [unless_it_goes_on(each) for each in amount_checks(row.client, "cap_first_month")]
    return (days, order, paper, change, period, number, *of_cap, cap_months, nothing)


def _goes_on(row: Application, data: dict[str, Any]) -> bool:
    """Whether a change leaves the cap on file as it is."""
    cap, starts_on = _typed_cap(data), data.get("starts_on")
    return bool(cap and starts_on and certificates.goes_on_as_it_is(row, starts_on, cap))


def _cap_told(row: Application, form: GrantForm) -> str:
    """What becomes of the cap by what was written, in words; "" while it cannot be read."""
    cap = _typed_cap(form.cleaned_data)
    if cap is None:
        return ""
    if _goes_on(row, form.cleaned_data):
        return _("負担上限月額はそのまま続きます。")
    return _("負担上限月額は、この決定で %(cap)s になります。") % {"cap": caps_told.cap_words(cap)}


def _typed_cap(data: dict[str, Any]) -> caps.Cap | None:
    """The cap, where as much of it was typed well as the checks need."""
    names = ("cap_first_month", "category", "cap_yen")
    if any(data.get(name) in (None, "") for name in names):
        return None
    return caps.Cap(
        data["cap_first_month"], data.get("cap_last_month"), data["category"], data["cap_yen"],
        **{name: data.get(name, "") for name in TERMS}, is_managed=bool(data.get("is_managed")),
    )  # fmt: skip


def _initial(
    proposed: GrantPrefill, returned: PendingGrant | None, on: date
) -> dict[str, Any]:  # fmt: skip
    """What the facts suggest, and over it what was written and handed back."""
    return proposed.initial(on) | (returned.answers if returned else {})


def _granting(application: Application, form: GrantForm) -> Callable[..., Decision]:
    """The grant that a valid form states, to be run with `by` and `at`."""

    def grant(**who: Any) -> Decision:
        return certificates.grant_decision(
            application=application, grant=form.grant(), paper=form.paper(paper_kind(application)),
            cap=form.cap(), seen=form.seen, **who,
        )  # fmt: skip

    return grant


def _grant_problem(row: Application) -> str:
    problem = step_problem(PathStep.DECISION)(row)
    if not problem and open_grant(row) is not None:
        return _("この支給決定は、もう確認を待っています。")
    return problem


def _nothing_waits(request: HttpRequest, row: Application) -> HttpResponse:
    """Somebody was quicker: told on the application's page, where what became of it stands."""
    messages.info(request, _("確認を待っている案はありません。もう確認されたか、戻されています。"))
    return redirect("admin:application_page", row.public_id)


def _confirm(request: HttpRequest, pending: PendingGrant, form: GrantForm) -> Decision | None:
    """What was granted; None where something stands in the way, which is told: nothing is lost."""
    try:
        if not form.is_valid():
            raise ValidationError(told_by_field(form))
        decision = second_officer.confirm_grant(
            pending=pending, grant=_granting(pending.application, form),
            by=active_membership(request), at=now(request),
        )  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return None
    messages.success(request, _("支給決定をしました。次は、受給者証と通知です。"))
    return decision


def _as_drafted(
    proposed: GrantPrefill, row: Application, starts_on: date | None, on: date
) -> GrantPrefill:
    """With the longest period from the day that was written, which is what the second officer confirms."""
    if starts_on is None:
        return proposed
    standing, leaving, longest = longest_for(row.client, starts_on, on)
    return replace(proposed, standing=standing, leaving=leaving, longest=longest)
