"""却下・取下げ: the end of an application without a decision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from plans.access import active_ward, get_application_or_404
from plans.actions import application as applications
from plans.actions.referral import end_application
from plans.forms.ward import EndForm
from plans.models import Application
from plans.queries.ending_words import letter_after_end, what_an_end_does
from plans.queries.ward_sight import sight_of
from plans.views.look import Look, is_to_be_looked_at, look_at
from plans.views.ward import WRITES, application_step
from teikyaku.clock import now, today


@WRITES
def application_end(request: HttpRequest, application: UUID) -> HttpResponse:
    """却下 or 取下げ with its reason; looked at once more, for it cannot be taken back."""
    row = get_application_or_404(request, application)
    form = EndForm(
        request.POST or None, initial={"outcome_on": today(request)},
        check=lambda on: applications.refuse_end_on(row, on, now(request)),
    )  # fmt: skip

    def run(**who: Any) -> Application:
        data = form.cleaned_data
        return end_application(
            application=row, outcome=data["outcome"], on=data["outcome_on"],
            reason=data["reason"], **who,
        )  # fmt: skip

    page: dict[str, Any] = {"submit_label": _("内容を確かめる")}
    if not row.outcome and is_to_be_looked_at(request, form):
        outcome = form.cleaned_data["outcome"]
        return look_at(
            request, form, _end_look(request, row, outcome), what_an_end_does(row, outcome), **page
        )
    return application_step(
        request, row, form, _("申請を終える"), run, (Application,),
        done=" ".join([_("記録しました。"), letter_after_end(form["outcome"].value() or "")]).strip(),
        needs=lambda row: row.get_outcome_display() and _("この申請は、すでに終わっています。"),
        **page,
    )  # fmt: skip


def _end_look(request: HttpRequest, row: Application, outcome: str) -> Look:
    is_refused = outcome == Application.Outcome.REFUSED
    return Look(
        form_heading=_("申請を終える"),
        heading=_("却下の内容を確かめる") if is_refused else _("取下げの内容を確かめる"),
        lead=_("終えた申請は、元に戻せません。"),
        submit=_("この内容で却下する") if is_refused else _("取下げとして終える"),
        subject=sight_of(row.client, active_ward(request).pk, today(request)).subject(),
        back=reverse("admin:application_page", args=[row.public_id]),
        answers_title=_("この内容で終えます"),
        told_title=_("終えると"),
        tone="danger",
    )
