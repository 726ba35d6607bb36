"""取り消しの連絡: the other offices of a cancelled sheet were told, and that it was recorded by mistake."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.cap_telling import take_telling_back, tell_offices
from billing.forms.cap_telling import CapTellingForm
from billing.forms.payment import CancellationForm
from billing.models import CapSheetCancellation, CapTelling
from billing.queries.cap_tellings import told_of
from billing.views.cap_management import WRITE
from billing.views.crumbs import crumbs, month_step
from clients.queries.subject import subject_seen
from teikyaku.accounts.access import active_office
from teikyaku.accounts.flow import form_flow
from teikyaku.clock import today
from teikyaku.periods import Month


@WRITE
def cap_tell(request: HttpRequest, cancellation: UUID) -> HttpResponse:
    """Which offices of a cancelled sheet were told, when and how."""
    office, on = active_office(request), today(request)
    row = (
        CapSheetCancellation.objects.filter(public_id=cancellation, entry__file__office=office)
        .select_related("entry__file", "entry__person_month__client")
        .first()
    )
    if row is None:
        raise Http404
    month = Month.of(row.entry.person_month.month)
    page = reverse("cap_month", args=[month])
    offices = [each for each in told_of([row])[row.pk] if each.telling is None]
    if not offices:
        messages.info(request, _("どの事業所にも、もう知らせてあります。"))
        return redirect(f"{page}#sent")
    form = CapTellingForm(request.POST or None, offices=offices, today=on)
    heading = _("結果票の取り消しを知らせた記録")
    return form_flow(
        request,
        form,
        heading=heading,
        lead=_("取り消した結果票で計算していた事業所に、いつ、どのように知らせたかを残します。"),
        back=f"{page}#sent",
        done=_("知らせた記録を残しました。"),
        run=lambda **who: tell_offices(cancellation=row, **form.cleaned_data, **who),
        checked=(CapTelling,),
        submit_label=_("記録する"),
        subject=subject_seen(row.entry.person_month.client, office.pk, on),
        breadcrumbs=crumbs(month_step(month), (_("上限額管理"), page), (heading, "")),
    )


@WRITE
def cap_tell_back(request: HttpRequest, telling: UUID) -> HttpResponse:
    """It was recorded by mistake: the office is to be told yet."""
    row = (
        CapTelling.objects.filter(
            public_id=telling, cancels=None, cancellation__entry__file__office=active_office(request)
        )
        .select_related(
            "cancelled_by", "line", "cancellation__entry__file",
            "cancellation__entry__person_month__client",
        )
        .first()
    )  # fmt: skip
    if row is None:
        raise Http404
    month = Month.of(row.cancellation.entry.person_month.month)
    page = reverse("cap_month", args=[month])
    if hasattr(row, "cancelled_by"):
        messages.error(request, _("この連絡の記録は、すでに取り消されています。"))
        return redirect(f"{page}#sent")
    form, heading = CancellationForm(request.POST or None), _("知らせた記録を取り消す")
    lead = _(
        "%(who)sに知らせた記録を取り消します。記録は理由と一緒に残り、また「まだ」になります。"
    )
    return form_flow(
        request,
        form,
        heading=heading,
        lead=lead % {"who": row.line.office_name},
        back=f"{page}#sent",
        done=_("知らせた記録を取り消しました。"),
        run=lambda **who: take_telling_back(telling=row, **form.cleaned_data, **who),
        checked=(CapTelling,),
        submit_label=heading,
        breadcrumbs=crumbs(month_step(month), (_("上限額管理"), page), (heading, "")),
    )
