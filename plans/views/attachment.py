"""Linking a paper to a record that was there before it, or to another one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.access import get_attachment_for_edit
from clients.actions.attachment import relink_attachment
from clients.models import Attachment
from clients.queries.subject import subject_of
from plans.forms.attachment import NONE, PaperLinkForm
from plans.queries.paper_subjects import subjects_for
from teikyaku.accounts.access import requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today


@requires(Permission.CLIENT_WRITE, scope=Scope.OFFICE)
def attachment_link(request: HttpRequest, attachment: UUID) -> HttpResponse:
    """Choose the record that a paper proves."""
    row = get_attachment_for_edit(request, attachment)
    linked = f"{row.subject_type}:{row.subject_id}" if row.subject_id else NONE
    form = PaperLinkForm(
        request.POST or None, subjects=subjects_for(row), initial={"subject": linked}
    )

    def run(**who: Any) -> Attachment:
        return relink_attachment(attachment=row, subject=form.chosen, **who)

    return form_flow(
        request,
        form,
        heading=_("書類を記録に付ける"),
        lead=_("どの記録の紙かを選びます。記録そのものは変わりません。"),
        back=reverse("attachment_page", args=[row.public_id]),
        done=_("書類と記録の関係を保存しました。"),
        run=run,
        checked=(Attachment,),
        subject=subject_of(row.enrolment.client, today(request)),
    )
