"""結果票の連絡: the other offices of a changed sheet were told, and that it was recorded by mistake."""

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
from billing.models import CapTelling, ClaimFileEntry
from billing.queries.cap_tellings import is_revision, told_of
from billing.views.cap_management import WRITE
from billing.views.crumbs import crumbs, month_step
from clients.queries.subject import subject_seen
from teikyaku.accounts.access import active_office
from teikyaku.accounts.flow import form_flow
from teikyaku.clock import today
from teikyaku.periods import Month


@WRITE
def cap_tell(request: HttpRequest, changed: UUID) -> HttpResponse:
    """Which offices of a cancelled or revised sheet were told, when and how."""
    office, on = active_office(request), today(request)
    rows = ClaimFileEntry.objects.select_related(
        "file", "person_month__client", "cap_revision", "cap_cancellation"
    ).exclude(cap_cancellation=None, cap_revision=None)
    row = rows.filter(public_id=changed, file__office=office).first()
    if row is None:
        raise Http404
    month = Month.of(row.person_month.month)
    page = reverse("cap_month", args=[month])
    offices = [each for each in told_of([row])[row.pk] if each.telling is None]
    if not offices:
        messages.info(request, _("どの事業所にも、もう知らせてあります。"))
        return redirect(f"{page}#sent")
    form = CapTellingForm(request.POST or None, offices=offices, today=on)
    heading, lead = _words_of(row)
    return form_flow(
        request,
        form,
        heading=heading,
        lead=lead,
        back=f"{page}#sent",
        done=_("知らせた記録を残しました。"),
        run=lambda **who: tell_offices(change=row, **form.cleaned_data, **who),
        checked=(CapTelling,),
        submit_label=_("記録する"),
        subject=subject_seen(row.person_month.client, office.pk, on),
        breadcrumbs=crumbs(month_step(month), (_("上限額管理"), page), (heading, "")),
    )


def _words_of(row: ClaimFileEntry) -> tuple[str, str]:
    """Heading and lead."""
    if is_revision(row):
        return _("結果票の修正を知らせた記録"), _(
            "修正した結果票に載る事業所と、載らなくなった事業所に、いつ、どのように知らせたかを残します。"
        )
    return _("結果票の取り消しを知らせた記録"), _(
        "取り消した結果票で計算していた事業所に、いつ、どのように知らせたかを残します。"
    )


@WRITE
def cap_tell_back(request: HttpRequest, telling: UUID) -> HttpResponse:
    """It was recorded by mistake: the office is to be told yet."""
    row = (
        CapTelling.objects.filter(
            public_id=telling, cancels=None, entry__file__office=active_office(request)
        )
        .select_related(
            "cancelled_by", "line", "entry__file", "entry__person_month__client",
        )
        .first()
    )  # fmt: skip
    if row is None:
        raise Http404
    month = Month.of(row.entry.person_month.month)
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
