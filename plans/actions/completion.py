"""Papers of an application are ticked off; an application goes back for what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.facts import refuse_future
from plans.actions.application import refuse_closed, refuse_over
from plans.actions.hold import hold_application
from plans.models import Application, ApplicationDocument, CompletionRequest
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of

FIELDS = ("received_on", "is_waived", "note")


@dataclass(frozen=True, slots=True)
class Ticked:
    """One kind of paper as the officer left it: neither a day nor waived means "not yet"."""

    kind: str
    received_on: date | None = None
    is_waived: bool = False
    note: str = ""


@transaction.atomic
def tick_documents(
    *, application: Application, ticked: Iterable[Ticked], by: Membership, at: datetime
) -> int:
    """Keep what changed of the checklist; how many papers did. Also while its decision stands.

    Raises ValidationError for a day that lies ahead, and once the application is over.
    """
    hold_application(application, by)
    refuse_over(application, date_of(at))
    stored = {row.kind: row for row in application.documents.all()}
    changed = 0
    for each in ticked:
        refuse_future(at=at, **{f"{each.kind}_on": each.received_on})
        row = stored.get(each.kind) or ApplicationDocument(application=application, kind=each.kind)
        before = [getattr(row, name) for name in FIELDS]
        after = [getattr(each, name) for name in FIELDS]
        if before == after:
            continue
        for name, value in zip(FIELDS, after, strict=True):
            setattr(row, name, value)
        _save(row, application, "application_document_ticked", by, at, FIELDS)
        changed += 1
    return changed


@transaction.atomic
def ask_completion(
    *, application: Application, asked_on: date, wanted: str, by: Membership, at: datetime
) -> CompletionRequest:
    """補正を求める: the application goes back with what is missing, in words that the other side reads.

    Raises ValidationError after the end of the application, and while another request is open.
    """
    hold_application(application, by)
    refuse_closed(application)
    refuse_asked_on(application, asked_on, at)
    row = CompletionRequest(application=application, asked_on=asked_on, wanted=wanted)
    return _save(row, application, "completion_asked", by, at)


def refuse_asked_on(application: Application, asked_on: date, at: datetime) -> None:
    """Raises ValidationError at `asked_on` for a day ahead, or before the application came in."""
    refuse_future(at=at, asked_on=asked_on)
    if asked_on < application.received_on:
        raise ValidationError({"asked_on": _("受付日以後の日付にしてください。")})


@transaction.atomic
def receive_completion(
    *, completion: CompletionRequest, answered_on: date, by: Membership, at: datetime
) -> CompletionRequest:
    """What was missing is there; it is the ward's turn again.

    Raises ValidationError for a request that was answered before, for a day before it, and where
    the application was refused or withdrawn meanwhile.
    """
    refuse_future(at=at, answered_on=answered_on)
    hold_application(completion.application, by)
    row = CompletionRequest.objects.select_for_update().get(pk=completion.pk)
    if row.application.has_come_to_nothing:
        refuse_closed(row.application)
    if row.answered_on is not None:
        raise ValidationError(_("この補正は、もうそろったと記録されています。"))
    row.answered_on = answered_on
    return _save(row, row.application, "completion_received", by, at, ("answered_on",))


def _save(
    row: Any,
    application: Application,
    verb: str,
    by: Membership,
    at: datetime,
    fields: tuple[str, ...] = (),
) -> Any:
    person = application.client.public_id
    return save_record(row, verb=verb, by=by, at=at, person_id=person, fields=fields)
