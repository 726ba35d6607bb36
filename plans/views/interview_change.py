"""A contact is corrected by a new row, or taken back; both also after the end of the use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from clients.queries.subject import subject_of
from clients.queries.summary import person_of
from plans.actions import life_change
from plans.enums import ContactOutcome
from plans.forms.attempt import WithdrawForm
from plans.forms.interview import CorrectionForm
from plans.forms.interview_start import initial_of, typed_day
from plans.models import Interview, SupportPlanGoal
from plans.queries.caps import ClosedFor
from plans.queries.report_meetings import gone_from, version_of_day
from plans.queries.support_plan import goals_to_talk_over
from plans.views.interview import asked_of, get_interview_or_404, logged_page
from plans.views.interview_draft import words
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.models import Membership
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.constraints import violations_as_form_errors
from teikyaku.era import both
from teikyaku.form_pages import form_page, trail
from teikyaku.periods import Month

# Within this time an own record that is taken back was a slip of the finger.
SLIP = timedelta(minutes=30)


@requires(Permission.INTERVIEW_WRITE, scope=Scope.OFFICE)
def interview_withdraw(request: HttpRequest, interview: UUID, closed: ClosedFor) -> HttpResponse:
    """Take a contact back that never was; it stays readable with the reason."""
    row = get_interview_or_404(request, interview)
    # Right after one's own tap it is a slip of the finger: two taps undo it.
    age = now(request) - row.recorded_at
    is_slip = row.recorded_by.user_id == request.user.pk and age < SLIP
    initial = {"withdrawal_reason": _("押しまちがえた。")} if is_slip else {}
    form = WithdrawForm(request.POST or None, initial=initial)

    def withdraw(**who: Any) -> Interview:
        reason = form.cleaned_data["withdrawal_reason"]
        withdrawn = life_change.withdraw_interview(interview=row, reason=reason, **who)
        _tell_of_report(request, row)
        return withdrawn

    return form_flow(
        request, form, heading=_("記録を取り消す"), run=withdraw, checked=(Interview,),
        back=_after_withdrawal(row),
        done=_("取り消しました。面談の期限を計算し直しました。"), submit_label=_("取り消す"),
        lead=_(
            "%(on)s、%(way)s、%(outcome)sの記録です。消えずに、取り消したものとして残ります。"
        ) % {
            "on": both(row.held_on), "way": row.get_way_display(),
            "outcome": row.get_outcome_display(),
        } + _of_closed_month(request, row, closed),
        subject=subject_of(row.enrolment.client, today(request)),
        breadcrumbs=trail(_("記録を取り消す"), reverse("interview_page", args=[row.public_id])),
    )  # fmt: skip


def _of_closed_month(request: HttpRequest, row: Interview, closed: ClosedFor) -> str:
    """What it means that the day lies in a month that the office has closed; "" where it does not."""
    month = Month.of(row.held_on)
    if not closed(active_membership(request))(row.enrolment.client, month, month):
        return ""
    return _(
        "%(month)sはすでに締めた月です。締めた請求は変わりません。"
        "数えられる面談がこの月になくなったときは、請求担当のページに「締めたあとに面談がなくなった」と出ます。"
    ) % {"month": month.label}


def _tell_of_report(request: HttpRequest, row: Interview) -> None:
    """An issued report keeps what it told: whoever changed the record is shown the way to mend it."""
    version = version_of_day(row.enrolment, row.held_on)
    # Only the day of this record: another one that is gone was told when it went.
    if version is None or row.held_on not in gone_from(version):
        return
    month = Month.of(row.held_on)
    page = reverse("report_page", args=[row.enrolment.public_id, month])
    text = _("発行した%(month)sのレポートには、前の記録のまま書いてあります。") % {
        "month": month.label
    }
    link = format_html('<a href="{}">{}</a>', page, _("レポートを確かめる"))
    messages.warning(request, format_html("{}　{}", text, link))


def _goals_of(row: Interview) -> list[SupportPlanGoal]:
    """The goals of its day, and those that were talked over in it."""
    told = [rating.goal for rating in row.goal_ratings.select_related("goal")]
    return list(dict.fromkeys([*goals_to_talk_over(row.enrolment, row.held_on), *told]))


def _after_withdrawal(row: Interview) -> str:
    """Its words stand on its page, to be carried over where it was another person's."""
    if row.outcome == ContactOutcome.ATTEMPT:
        return reverse("client_page", args=[row.enrolment.client.public_id])
    return reverse("interview_page", args=[row.public_id])


def newest_of(row: Interview) -> Interview:
    """The row that holds in the place of this one; itself where nothing corrected it."""
    while (newer := Interview.objects.filter(replaces=row).first()) is not None:
        row = newer
    return row


def _staff_then(request: HttpRequest, row: Interview) -> list[Membership]:
    """Who worked there on the day of the record, and on the day that it is moved to."""
    day = typed_day(request.POST.get("held_on"), row.held_on) or row.held_on
    office = row.enrolment.office
    staff = {member.pk: member for each in (row.held_on, day) for member in staff_of(office, each)}
    return list(staff.values())


def _aimed_at(row: Interview, newer: Interview) -> dict[str, Any]:
    """Where somebody else was quicker: their words beside one's own, and the form aims at their row."""
    if newer == row or newer.withdrawn_at is not None:
        return {}
    days = {name: both(day) for name in ("held_on", "next_on") if (day := getattr(newer, name))}
    return {
        "newer": newer,
        "theirs": words({**initial_of(newer), **days}),
        "action_url": reverse("interview_correct", args=[newer.public_id]),
    }


@requires(Permission.INTERVIEW_WRITE, scope=Scope.OFFICE)
def interview_correct(request: HttpRequest, interview: UUID, closed: ClosedFor) -> HttpResponse:
    """Correct a contact: a new row that refers to the old one and says why."""
    row = get_interview_or_404(request, interview)
    newer = newest_of(row)
    if newer != row and request.method != "POST":
        messages.info(request, _("この記録は訂正されています。新しい方を開きました。"))
        page = "interview_page" if newer.withdrawn_at else "interview_correct"
        return redirect(page, newer.public_id)
    form = CorrectionForm(
        request.POST or None, staff=_staff_then(request, row), on=today(request), near=row.held_on,
        initial=initial_of(row), goals=_goals_of(row),
        **asked_of(request, row.enrolment, row.held_on),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        reason = facts.pop("correction_reason")
        corrected = None
        with violations_as_form_errors(form, Interview):
            corrected = life_change.correct_interview(
                interview=row, reason=reason, **facts,
                by=active_membership(request), at=now(request),
            )  # fmt: skip
        if corrected is not None:
            _tell_of_report(request, row)
            return logged_page(request, row.enrolment, corrected)
        newer = newest_of(row)
    return form_page(
        request,
        form,
        heading=_("記録を訂正する"),
        lead=_("元の記録は消えず、訂正の前として残ります。")
        + _of_closed_month(request, row, closed),
        cancel_url=reverse("interview_page", args=[row.public_id]),
        submit_label=_("訂正する"),
        template="plans/interview_form.html",
        keeps=True,
        sticky=True,
        person=person_of(row.enrolment, today(request)),
        last=None,
        enrolment=row.enrolment,
        may_draft=False,
        **_aimed_at(row, newer),
    )
