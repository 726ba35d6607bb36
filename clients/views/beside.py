"""The paper beside the fields: chosen or attached while one copies from it, linked by saving.

Everything about papers happens by buttons of the same form, so that nothing typed is lost; a file
that came with the request is kept before the fields are looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clients.access import attachments_for, may_look_at_papers
from clients.actions.attachment import record_from_papers
from clients.forms.attachment import FilesForm
from clients.models import Attachment, Enrolment
from clients.queries.attachment import chosen_papers, offered_papers, papers_of, same_paper
from clients.views.keeping_files import keep_files
from teikyaku.accounts.access import active_membership
from teikyaku.clock import now, today

R = TypeVar("R", bound=models.Model)
# What the buttons and fields beside the form are called.
CHOSEN, TAKE, PUT_BACK, SEND = "paper", "paper_take", "paper_put_back", "paper_send"
REFUSED = 422


@dataclass
class Beside:
    """What stands beside a form about one enrolment, and what was asked of it."""

    kind: str
    label: str
    chosen: list[Attachment]
    offered: list[Attachment]
    upload: FilesForm
    may_look: bool
    is_about_papers: bool
    """A button beside the form was pressed, or a file was refused: the fields wait as typed."""
    posted: Any = field(repr=False, default=None)
    known: list[Attachment] = field(default_factory=list)
    """Papers that prove what the record is about already: to look at, not to be linked again."""

    @property
    def sheets(self) -> list[Attachment]:
        """Everything that is in sight beside the fields."""
        return [*self.chosen, *self.known]

    @property
    def is_asking(self) -> bool:
        """Choosing and attaching stand open: nothing is in sight yet, or a file was refused."""
        return not self.sheets or bool(self.upload.errors)

    @property
    def answers(self) -> Any:
        """The form's answers, where it was the form that was sent; None otherwise."""
        return None if self.is_about_papers else self.posted

    def keep_typed(self, form: Any) -> None:
        """Show `form` as it was typed, unchecked, while it is about papers."""
        if not self.is_about_papers:
            return
        for name, one in form.fields.items():
            form.initial[name] = one.widget.value_from_datadict(
                self.posted, {}, form.add_prefix(name)
            )

    def recording(self, record: Callable[[], R], dated_on: date | None, **who: Any) -> R:
        """Run `record` and link what was chosen: both or none. `who` is by and at."""
        return record_from_papers(record, papers=self.chosen, dated_on=dated_on, **who)

    def context(self) -> dict[str, Any]:
        """What the page needs."""
        return {"beside": self, "template": "clients/beside_form.html"}

    def finish(self, response: HttpResponse) -> HttpResponse:
        """A refused file is an error of the page, though the fields were not looked at."""
        if (
            self.upload.errors
            and response.status_code < REFUSED
            and not response.has_header("Location")
        ):
            response.status_code = REFUSED
        return response


def beside(
    request: HttpRequest,
    enrolment: Enrolment,
    kind: Attachment.Kind,
    about: models.Model | None = None,
) -> Beside:
    """Read what was chosen, take in what was sent, and offer what is still free.

    The papers that prove `about` already are shown too.
    """
    membership, on = active_membership(request), today(request)
    rows = attachments_for(membership, on)
    wanted = _ids((request.POST or request.GET).getlist(CHOSEN))
    wanted += _ids(request.POST.getlist(TAKE))
    gone = set(_ids(request.POST.getlist(PUT_BACK)))
    chosen = chosen_papers(rows, enrolment.client_id, [each for each in wanted if each not in gone])
    upload = FilesForm(request.POST, request.FILES) if request.FILES else FilesForm()
    if request.FILES and upload.is_valid():
        taken_in = _taken_in(request, enrolment, kind, upload)
        chosen += [each for each in taken_in if each not in chosen]
    asks = any(name in request.POST for name in (TAKE, PUT_BACK, SEND))
    if SEND in request.POST and not request.FILES:
        upload = FilesForm({})
        upload.add_error("papers", _("ファイルを選んでください。"))
    return Beside(
        kind=kind,
        label=str(kind.label),
        chosen=chosen,
        offered=offered_papers(rows, enrolment.client_id, kind, but=chosen),
        upload=upload,
        may_look=may_look_at_papers(membership, enrolment.client, on),
        is_about_papers=asks or bool(upload.errors),
        posted=request.POST or None,
        known=papers_of(rows, about) if about is not None else [],
    )


def _taken_in(
    request: HttpRequest, enrolment: Enrolment, kind: str, upload: FilesForm
) -> list[Attachment]:
    kept, refused = keep_files(
        upload.cleaned_data["papers"], enrolment=enrolment, kind=kind,
        by=active_membership(request), at=now(request),
    )  # fmt: skip
    for offered in refused:
        # Sent twice, by a reload or on another day: what is there and free is what was meant.
        if offered.scan and (same := same_paper(enrolment, kind, offered.scan.sha256)):
            kept.append(same)
            continue
        upload.add_error("papers", f"{offered.name}：{offered.problem}")
    if kept:
        messages.success(request, _("%(count)d個の書類を添付しました。") % {"count": len(kept)})
    return kept


def _ids(texts: list[str]) -> list[UUID]:
    """What can be read as ids; nonsense chooses nothing."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
