"""返戻の事由 of one claim that came back: recorded later, or put right."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.claim_return import record_return_reason
from billing.forms.claim_return import ReturnReasonForm
from billing.models import ClaimReturn, ClaimReturnReason
from billing.views.crumbs import crumbs, month_step
from clients.queries.subject import subject_seen
from teikyaku.accounts.access import active_office, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.periods import Month


@requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)
def claim_return_reason(request: HttpRequest, claim_return: UUID) -> HttpResponse:
    """What the list says; what was said before stands in the fields, and stays on file."""
    found = (
        ClaimReturn.objects.filter(
            public_id=claim_return, entry__file__office=active_office(request)
        )
        .select_related("entry__file", "entry__person_month__client")
        .first()
    )
    if found is None:
        raise Http404
    month = Month.of(found.entry.file.month)
    page = reverse("claim_export", args=[month])
    last = found.reasons.last()
    initial = {}  # the day is read off the list, as every day of 国保連
    if last is not None:
        initial = {"returned_on": last.returned_on, "code": last.code, "words": last.words}
    form = ReturnReasonForm(request.POST or None, initial=initial)
    heading = _("返戻の事由を訂正する") if last else _("返戻の事由を記録する")
    return form_flow(
        request,
        form,
        heading=heading,
        subject=subject_seen(
            found.entry.person_month.client, active_office(request).pk, today(request)
        ),
        lead=_("国保連の返戻等一覧表にある事由を、この方の分だけ入れます。"),
        back=f"{page}#returned",
        done=_("返戻の事由を記録しました。"),
        run=lambda **who: record_return_reason(claim_return=found, reason=form.reason, **who),
        checked=(ClaimReturnReason,),
        submit_label=_("記録する"),
        breadcrumbs=crumbs(month_step(month), (_("国保連への請求ファイル"), page), (heading, "")),
    )
