"""同意 given and withdrawn."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clients.access import get_enrolment_for_edit, get_enrolment_or_404
from clients.models import Attachment, Consent
from clients.views.beside import beside
from plans.actions.report import give_consent, withdraw_consent
from plans.forms import report as forms
from plans.views.flow import enrolment_form, form_beside
from teikyaku.accounts.access import requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today

CONTRACTS = requires(Permission.CONTRACT_WRITE, scope=Scope.OFFICE)


@CONTRACTS
def consent_new(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """The person consented."""
    row = get_enrolment_for_edit(request, enrolment)
    side = beside(request, row, Attachment.Kind.CONSENT)
    asked = {
        name: request.GET[name]
        for name, known in (("recipient", Consent.Recipient), ("scope", Consent.ConsentScope))
        if request.GET.get(name) in known.values
    }
    initial = {"starts_on": today(request), **asked}
    form = forms.ConsentForm(side.answers, initial=initial)

    def run(**who: Any) -> Consent:
        return give_consent(enrolment=row, **form.cleaned_data, **who)

    return form_beside(
        request, row, form, side, heading=_("同意を記録する"), run=run, checked=(Consent,),
        dated_by="starts_on",
        lead=_("相手ごと・内容ごとに記録します。"), done=_("同意を記録しました。"),
    )  # fmt: skip


@CONTRACTS
def consent_end(request: HttpRequest, enrolment: UUID, consent: UUID) -> HttpResponse:
    """The person withdrew a consent; after the end of the use too, since a hand-over goes on."""
    row = get_enrolment_or_404(request, enrolment)
    given = Consent.objects.filter(enrolment=row, public_id=consent, withdrawn_on=None).first()
    if given is None:
        raise Http404
    form = forms.ConsentEndForm(request.POST or None, initial={"withdrawn_on": today(request)})

    def run(**who: Any) -> Consent:
        on, words = form.cleaned_data["withdrawn_on"], form.cleaned_data["words"]
        return withdraw_consent(consent=given, on=on, words=words, **who)

    return enrolment_form(
        request, row, form, heading=_("同意の撤回を記録する"), run=run, checked=(Consent,),
        done=_("同意の撤回を記録しました。"),
    )  # fmt: skip
