"""口座振替の口座: of one person, by a written consent; pages show the last digits alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.direct_debit import end_account, record_account
from billing.forms.direct_debit import AccountEndForm, DebitAccountForm
from billing.models import DebitAccount
from billing.views.crumbs import crumbs, payments_step
from clients.access import get_enrolment_or_404
from clients.queries.subject import subject_seen
from teikyaku.accounts.access import active_office, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today

FACTS = (
    "bank_code", "bank_name", "branch_code", "branch_name", "kind", "number", "holder_kana",
    "consented_on", "starts_on", "was_debited_before",
)  # fmt: skip
WRITE = requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)


@WRITE
def debit_account(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """An account of the person: the first one, another one, or the running one put right."""
    row, office, on = (
        get_enrolment_or_404(request, enrolment),
        active_office(request),
        today(request),
    )
    known = DebitAccount.objects.filter(client=row.client, office=office, ends_on=None).last()
    form = DebitAccountForm(request.POST or None, initial={"starts_on": on, **_facts(known)})
    heading = _("口座振替の口座")
    lead = _("口座振替依頼書のとおりに入れます。")
    if known is not None:
        lead += _(
            "いまの口座（%(number)s）のことが入っています。口座を変えるときは、使いはじめる日も変えます。"
            "いまの口座は、その前日で終わります。"
        ) % {"number": known.masked}
    return form_flow(
        request,
        form,
        heading=heading,
        lead=lead,
        submit_label=_("保存する"),
        back=reverse("debits"),
        done=_("口座を記録しました。"),
        run=lambda **who: record_account(
            client=row.client, office=office, **form.cleaned_data, **who
        ),
        checked=(DebitAccount,),
        subject=subject_seen(row.client, office.pk, on),
        breadcrumbs=crumbs(payments_step(), (_("口座振替"), reverse("debits")), (heading, "")),
    )


def _facts(known: DebitAccount | None) -> dict[str, Any]:
    """The running account, so that what is not changed is not typed again."""
    return {name: getattr(known, name) for name in FACTS} if known else {}


@WRITE
def debit_account_end(request: HttpRequest, debit_account: UUID) -> HttpResponse:
    """The account is not debited any more after a day."""
    office, on = active_office(request), today(request)
    row = (
        DebitAccount.objects.filter(public_id=debit_account, office=office)
        .select_related("client")
        .first()
    )
    if row is None:
        raise Http404
    form = AccountEndForm(request.POST or None, initial={"ends_on": row.ends_on or on})
    heading = _("口座振替をやめる")
    return form_flow(
        request,
        form,
        heading=heading,
        lead=_("口座（%(number)s）からの振替をやめます。") % {"number": row.masked},
        submit_label=_("保存する"),
        back=reverse("debits"),
        done=_("口座の最後の日を記録しました。"),
        run=lambda **who: end_account(account=row, **form.cleaned_data, **who),
        checked=(DebitAccount,),
        subject=subject_seen(row.client, office.pk, on),
        breadcrumbs=crumbs(payments_step(), (_("口座振替"), reverse("debits")), (heading, "")),
    )
