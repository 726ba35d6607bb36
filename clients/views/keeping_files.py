"""Files as they came with a request: the good ones are kept, the others named with their reasons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from clients.actions.attachment import attach_scan, complete_attachments
from clients.forms.attachment import AttachmentForm, Offered, checked
from clients.models import Attachment, Enrolment
from clients.queries.attachment import waiting_papers
from teikyaku.accounts.access import active_membership
from teikyaku.accounts.models import Membership
from teikyaku.clock import now

# What the page calls the files that it keeps until their kind and day are said.
HELD = "held"
FACTS = ("kind", "dated_on", "title")


def keep_files(files: list[UploadedFile], **facts: Any) -> tuple[list[Attachment], list[Offered]]:
    """Attach each good file by itself: one that is refused costs the others nothing.

    `facts` are what `attach_scan` takes beside the scan.
    """
    kept: list[Attachment] = []
    refused: list[Offered] = []
    for offered in checked(files):
        if offered.scan is None:
            refused.append(offered)
            continue
        try:
            kept.append(attach_scan(scan=offered.scan, **facts))
        except ValidationError as error:
            refused.append(replace(offered, problem=" ".join(error.messages)))
    return kept, refused


def held_papers(enrolment: Enrolment, by: Membership, ids: list[str]) -> list[Attachment]:
    """The papers that the page keeps for its sender; whatever else is named is left out."""
    waiting = {str(row.public_id): row for row in waiting_papers(enrolment, by)} if ids else {}
    return [waiting[each] for each in dict.fromkeys(ids) if each in waiting]


def attach_sent(
    request: HttpRequest, enrolment: Enrolment, form: AttachmentForm, held: list[Attachment]
) -> tuple[list[Attachment], list[Attachment]]:
    """Keep what came with `form`: the papers that are done, and those that wait for its answers.

    A file that cannot be kept stands at its field with the reason, beside all else that is wrong.
    """
    who: dict[str, Any] = {"by": active_membership(request), "at": now(request)}
    is_whole = form.is_valid()
    facts = {name: form.cleaned_data[name] for name in FACTS} if is_whole else {}
    given = facts or {"kind": form.kind_so_far}
    kept, refused = keep_files(form.sent, enrolment=enrolment, **given, **who)
    for offered in refused:
        # Sent twice, by going back: what waits already is what was meant.
        if offered.scan and (same := _waiting(enrolment, who["by"], offered.scan.sha256)):
            held = [*held, same]
        else:
            form.add_error("papers", f"{offered.name}：{offered.problem}")
    held = list(dict.fromkeys(held))
    form.fields["papers"].required = not (held or kept)
    if not is_whole:
        return [], [*held, *kept]
    return [*complete_attachments(attachments=held, **facts, **who), *kept], []


def _waiting(enrolment: Enrolment, by: Membership, sha256: str) -> Attachment | None:
    return waiting_papers(enrolment, by).filter(sha256=sha256).first()
