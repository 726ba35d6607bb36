"""A share recorded by mistake: taken back with its reason. Says what it means for the month's money."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import PersonMonth
from clients.queries.subject import subject_of
from plans.access import get_share_or_404
from plans.actions.report_share import take_back_share
from plans.models import ReportShare
from plans.views.report import person_page
from teikyaku.accounts.access import requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.form_pages import trail
from teikyaku.periods import Month


class TakeBackForm(forms.Form):
    """取り消し of a share; for a month that is closed, knowingly."""

    reason = forms.CharField(label=gettext_lazy("取り消す理由"), max_length=200)
    is_known = forms.BooleanField(
        label=gettext_lazy("締めた請求は変わらないことを、請求担当と確かめた")
    )

    def __init__(self, *args: Any, is_closed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_closed:
            del self.fields["is_known"]


@requires(Permission.INTERVIEW_WRITE, scope=Scope.OFFICE)
def share_take_back(request: HttpRequest, share: UUID) -> HttpResponse:
    """Mark a share as never happened; the record and what is closed stay as they are."""
    row = get_share_or_404(request, share)
    enrolment, month = row.report.enrolment, Month.of(row.report.month)
    back = reverse("report_page", args=[enrolment.public_id, month])
    if row.taken_back_at is not None:
        return redirect(back)
    earns = row.recipient == ReportShare.Recipient.PERSON
    closed = PersonMonth.objects.standing().filter(enrolment=enrolment, month=month.first_day)
    is_closed = earns and closed.exists()
    form = TakeBackForm(request.POST or None, is_closed=is_closed)

    def run(**who: Any) -> ReportShare:
        return take_back_share(share=row, reason=form.cleaned_data["reason"], **who)

    heading = _("渡した記録を取り消す")
    return form_flow(
        request, form, heading=heading, run=run, checked=(ReportShare,), back=back,
        lead=_lead(row, month, earns=earns, is_closed=is_closed), submit_label=_("取り消す"),
        done=_("取り消しました。記録には、取り消しとして残ります。"),
        breadcrumbs=trail(heading, person_page(enrolment)),
        subject=subject_of(enrolment.client, today(request)),
    )  # fmt: skip


def _lead(share: ReportShare, month: Month, *, earns: bool, is_closed: bool) -> str:
    day = f"{share.shared_on.month}月{share.shared_on.day}日"
    what = _("%(day)sに%(whom)sへ渡したという記録を取り消します。消さずに、理由とともに残します。")
    said = what % {"day": day, "whom": share.whom}
    if is_closed:
        more = _(
            "%(month)sの請求は締めてあります。締めた内容は変わりません。"
            "渡していなかったのなら、過誤の申立てが要るかを請求担当と確かめてください。"
        )
        return said + more % {"month": month.label}
    if earns:
        return said + _("ほかに本人に渡した記録がなければ、この月の請求は保留になります。")
    return said
