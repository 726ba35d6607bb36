"""Logging a contact, reading it, correcting it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from clients.access import (
    get_enrolment_for_edit,
    get_enrolment_or_404,
    last_seen,
)
from clients.models import Consent, Enrolment
from clients.queries.consent import withdrawn_on
from clients.queries.no_contact import must_not_contact
from clients.queries.summary import person_of
from plans.actions import life_change
from plans.actions.interview_draft import PageRecorded, refuse_recorded
from plans.enums import ContactOutcome, ContactWay, MeetingKind
from plans.forms.attempt import AttemptForm
from plans.forms.interview import InterviewForm
from plans.forms.interview_start import InterviewSource, copied_from, to_another, typed_day
from plans.models import Interview
from plans.queries.phrases import phrases_for
from plans.queries.refusal import refusal_of
from plans.queries.same_day import last_talk
from plans.queries.support_plan import goals_to_talk_over
from plans.rules import kinds
from plans.rules.interview import is_meeting, is_with_workplace
from plans.rules.refusal import standing_refusal
from plans.views.interview_again import day_context, day_of, refuse_untold, told_again
from plans.views.interview_draft import (
    draft_context,
    draft_named,
    kept_or_told,
    new_page,
    page_of,
    refuse_gone,
    seen_version,
    way_of,
)
from plans.views.interview_month import (
    late_context,
    late_month,
    proposed_staff,
    tell_another_month,
)
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.constraints import violations_as_form_errors
from teikyaku.era import both
from teikyaku.form_pages import form_page, stored, trail

# 地域連携会議 that an address asks to begin with: which of the two it is, the office says.
KIND_ASKED = {"1": MeetingKind.COMMUNITY_1.value, "2": MeetingKind.COMMUNITY_2.value}


def asked_of(request: HttpRequest, row: Enrolment, near: date) -> dict[str, Any]:
    """What the form of a contact asks of this person and offers to who writes, as keywords."""
    day = typed_day(request.POST.get("held_on"), near) or near
    membership = active_membership(request)
    return {
        "is_closed": any(must_not_contact(row.client, each) for each in {near, day}),
        "phrases": phrases_for(membership),
    }


@requires(Permission.INTERVIEW_WRITE, scope=Scope.OFFICE)
def interview_new(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Log a contact with one person; what was begun is kept as a draft.

    Also after the end of the use, for the days before it: the action keeps to them.
    """
    row = get_enrolment_or_404(request, enrolment)
    membership, on = active_membership(request), today(request)
    draft = draft_named(request, row)
    if begun_for := way_of(request, draft):
        return redirect(begun_for)
    last, late = last_talk(row), late_month(request, row, on)
    staff = late.staff if late else tuple(staff_of(row.office, on))
    initial = {
        # A month that is over has its own day, which nobody but the writer knows.
        "held_on": None if late else last_seen(row, on), "outcome": "met",
        "met_by": proposed_staff(request, row, staff, late.month.last_day if late else on),
        "way": "face", **_begun_with(request, last), **(draft.answers if draft else {}),
    }  # fmt: skip
    wants_draft, logged = "save_draft" in request.POST, None
    form = InterviewForm(
        request.POST or None, staff=staff, on=on,
        initial=initial, last=last, is_draft=wants_draft, goals=goals_to_talk_over(row, on),
        month=late.month if late else None, **asked_of(request, row, on),
    )  # fmt: skip
    seen = seen_version(request, draft)
    beside: list[Interview] = []
    page, afresh = page_of(request), {}
    if wants_draft:
        saved = kept_or_told(request, row, form)
        if saved is not None:
            return saved
    elif request.method == "POST" and form.is_valid():
        beside = _beside(request, row, form)
        try:
            with violations_as_form_errors(form, Interview):
                refuse_recorded(row, page)
                refuse_gone(request, draft)
                refuse_beside(request, beside)
                refuse_untold(request, row, form.cleaned_data, beside)
                logged = life_change.log_interview(
                    enrolment=row, **form.cleaned_data, draft=draft, version=seen, page=page,
                    by=membership, at=now(request),
                )  # fmt: skip
        except PageRecorded as error:
            if (again := told_again(request, row, form, error.interview)) is not None:
                return again
            # Pressed again, it is another page's.
            page, beside, afresh = None, [], {"kept": ""}
        if logged is not None:
            tell_another_month(request, late, logged)
            return logged_page(request, row, logged)
    return form_page(
        request,
        form,
        heading=_("面談・連絡を記録する"),
        cancel_url=reverse("client_page", args=[row.client.public_id]),
        submit_label=_("記録する"),
        template="plans/interview_form.html",
        keeps=True,
        sticky=True,
        person=person_of(row, on),
        last=last,
        enrolment=row,
        agreed_on=row.next_appointment(on),
        beside=beside,
        beside_key=_key_of(beside),
        **afresh,
        **late_context(request, late),
        **day_context(row, day_of(request, initial["held_on"], on)),
        **draft_context(request, row, draft, seen, page),
    )


def _begun_with(request: HttpRequest, last: Interview | None) -> dict[str, Any]:
    """What the form begins with on request: the last time, or a record of somebody else."""
    wrong = carried_over(request)
    if wrong is not None:
        return to_another(wrong)
    if (kind := KIND_ASKED.get(request.GET.get("meeting", ""))) is not None:
        return {
            "way": ContactWay.CONFERENCE,
            "outcome": ContactOutcome.OTHERS,
            "meeting_kind": kind,
        }
    return copied_from(last) if last is not None and "copy" in request.GET else {}


def carried_over(request: HttpRequest) -> Interview | None:
    """A record taken back (it was another person's) that the address names; of the own office."""
    named = InterviewSource(request.GET)
    source = named.cleaned_data.get("from") if named.is_valid() else None
    row = get_interview_or_404(request, source) if source else None
    return row if row is not None and row.withdrawn_at is not None else None


def _beside(request: HttpRequest, enrolment: Enrolment, form: InterviewForm) -> list[Interview]:
    """Meetings of the same day that colleagues have recorded: perhaps it is the same one."""
    if form.cleaned_data["outcome"] != ContactOutcome.MET:
        return []
    same = Interview.objects.standing().filter(
        enrolment=enrolment, held_on=form.cleaned_data["held_on"], outcome=ContactOutcome.MET,
        way=form.cleaned_data["way"],
    )  # fmt: skip
    others = same.exclude(recorded_by__user=request.user.pk)
    return list(others.select_related("recorded_by__user"))


def _key_of(beside: list[Interview]) -> str:
    return ",".join(str(row.public_id) for row in beside)


def refuse_beside(request: HttpRequest, beside: list[Interview]) -> None:
    """Told once, with the colleague's words: pressed again, it is another meeting.

    Raises ValidationError.
    """
    if beside and request.POST.get("beside") != _key_of(beside):
        raise ValidationError(
            _(
                "同じ日の面談を、%(who)sさんがもう記録しています。別の面談なら、もう一度押してください。"
            )
            % {"who": beside[0].recorded_by.user.name}
        )


def logged_page(request: HttpRequest, enrolment: Enrolment, row: Interview) -> HttpResponse:
    """Where the day of the next one stands, and a way back for a slip of the finger."""
    enrolment.refresh_from_db(fields=["interview_due_on", "last_met_on"])
    due, wish = enrolment.interview_due_on, _wish_words(enrolment, row, today(request))
    if wish and (not due or due < today(request)):
        # The person's wish is no reproach: the day that has passed is not held against anybody.
        text = "%(done)s"
    elif due and due < today(request):
        # An attempt moves nothing: a day that has passed is no "next".
        text = _("%(done)s面談の期限は%(due)sのままです。")
    elif due:
        text = _("%(done)s次の面談は%(due)sまでです。")
    else:
        text = "%(done)s"
    done = _("訂正しました。") if row.replaces_id else _("記録しました。")
    told = text % {"done": done + wish, "due": both(due) if due else ""}
    undo = reverse("interview_withdraw", args=[row.public_id])
    link = format_html('<a href="{}">{}</a>', undo, _("まちがえたので取り消す"))
    messages.success(request, format_html("{}　{}", told, link))
    if told := _uncounted(row):
        messages.warning(request, told)
    if is_with_workplace(row.way, row.spoke_with) and (told := _without_consent(row)):
        messages.warning(request, told)
    return redirect(reverse("client_page", args=[enrolment.client.public_id]) + stored(request))


def _uncounted(row: Interview) -> str:
    """What to tell of a meeting by somebody who is no 就労定着支援員: it counts for no month; "" else."""
    is_met = is_meeting(kinds.ContactWay(row.way), kinds.ContactOutcome(row.outcome))
    held = Interview.objects.filter(pk=row.pk)
    if not is_met or held.by_support_workers().exists():
        return ""
    text = _(
        "%(who)sさんは、その日は就労定着支援員ではないので、この面談は月の面談に数えません。"
        "就労定着支援員が会ったときは、会った職員を訂正してください。"
    )
    return text % {"who": row.met_by.user.name}


def _wish_words(enrolment: Enrolment, row: Interview, on: date) -> str:
    """What a refusal means, in the words that every list uses; "" for every other contact."""
    wish = refusal_of(row, on)
    if wish is None or row.outcome != ContactOutcome.REFUSED:
        return ""
    stands = standing_refusal([row], on, enrolment.last_met_on) is not None
    return _("%(wish)s。") % {"wish": wish.words} + (wish.cost if stands else "")


def _without_consent(row: Interview) -> str:
    """What to tell of a contact with the workplace to which the person has not agreed; "" else."""
    if must_not_contact(row.enrolment.client, row.held_on):
        # The banner of the page says it of whom it is forbidden.
        return ""
    scope = Consent.ConsentScope.CONTACT
    asked = list(row.enrolment.consents.filter(recipient=Consent.Recipient.EMPLOYER, scope=scope))
    if any(each.is_given(row.held_on) for each in asked):
        return ""
    if (day := withdrawn_on(asked, row.held_on)) is not None:
        text = _("職場に連絡することへの同意を、本人が%(day)sに撤回しています。")
        return text % {"day": both(day)}
    return _("職場に連絡してよいか、本人の同意の記録がまだありません。本人に確かめましょう。")


@requires(Permission.INTERVIEW_WRITE, scope=Scope.OFFICE)
def attempt_new(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Nobody was reached: the day is today, the button says how it was tried."""
    row = get_enrolment_for_edit(request, enrolment)
    membership, on = active_membership(request), today(request)
    form = AttemptForm(request.POST or None, on=on, initial={"held_on": on})
    page = page_of(request)
    if request.method == "POST" and form.is_valid():
        logged = None
        facts = {
            **form.cleaned_data, "outcome": ContactOutcome.ATTEMPT.value, "met_by": membership
        }  # fmt: skip
        try:
            with violations_as_form_errors(form, Interview):
                refuse_recorded(row, page)
                refuse_untold(request, row, facts)
                logged = life_change.log_interview(
                    enrolment=row, **facts, page=page, by=membership, at=now(request)
                )
        except PageRecorded as error:
            if (again := told_again(request, row, form, error.interview, facts)) is not None:
                return again
            page = None
        if logged is not None:
            return logged_page(request, row, logged)
    return form_page(
        request,
        form,
        heading=_("会えなかったことを記録する"),
        cancel_url=reverse("client_page", args=[row.client.public_id]),
        template="plans/attempt_form.html",
        person=person_of(row, on),
        ways=AttemptForm.WAYS,
        page=page or new_page(),
        **day_context(row, day_of(request, on, on)),
    )


def get_interview_or_404(request: HttpRequest, public_id: UUID) -> Interview:
    """The contact with this id, if the active office has it; the read is audited.

    Raises Http404 for everybody else's.
    """
    found = (
        Interview.objects.filter(public_id=public_id)
        .select_related(
            "enrolment__client",
            "enrolment__office",
            "met_by__user",
            "recorded_by__user",
            "withdrawn_by__user",
        )
        .first()
    )
    if found is None:
        raise Http404
    get_enrolment_or_404(request, found.enrolment.public_id)
    return found


@requires(Permission.INTERVIEW_READ, scope=Scope.OFFICE)
def interview_page(request: HttpRequest, interview: UUID) -> HttpResponse:
    """One contact, with what corrected it or what it corrects."""
    row = get_interview_or_404(request, interview)
    newer = Interview.objects.filter(replaces=row).first()
    person = person_of(row.enrolment, today(request))
    context = {
        "interview": row, "newer": newer, "person": person,
        "may_write": active_membership(request).may(Permission.INTERVIEW_WRITE),
        "ratings": row.goal_ratings.select_related("goal"),
        "breadcrumbs": trail(
            _("面談・連絡の記録"), reverse("client_page", args=[row.enrolment.client.public_id])
        ),
    }  # fmt: skip
    return render(request, "plans/interview_page.html", context)
