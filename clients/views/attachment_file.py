"""The bytes of a paper: the only way to them, after the same check as every page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from clients.access import attachments_for, get_attachment_or_404, may_look_at_papers
from clients.models import Attachment
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today

READS = requires(Permission.CLIENT_READ, scope=Scope.OFFICE)
JPEG = "image/jpeg"
# Whatever the bytes are, they may load, run, send and frame nothing.
PICTURE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
# The browser's own reader of PDFs does not open in a sandbox.
PDF_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"
)


@READS
def attachment_file(request: HttpRequest, attachment: UUID) -> HttpResponse:
    """The paper itself, picture or PDF; on the record."""
    row = _shown(request, get_attachment_or_404(request, attachment))
    return _answer(row, row.file, row.content_type)


@READS
def attachment_picture(request: HttpRequest, attachment: UUID) -> HttpResponse:
    """The paper as a picture to stand beside a form: of a PDF the first page; on the record."""
    row = _shown(request, get_attachment_or_404(request, attachment))
    return _answer(row, row.picture or row.file, JPEG)


@READS
def attachment_thumbnail(request: HttpRequest, attachment: UUID) -> HttpResponse:
    """The paper small, too small to be read: the list that shows it is on the record, it is not."""
    found = (
        attachments_for(active_membership(request), today(request))
        .kept()
        .select_related("enrolment__client")
        .filter(public_id=attachment)
        .first()
    )
    if found is None:
        raise Http404
    return _answer(_shown(request, found), found.thumbnail, JPEG)


def _shown(request: HttpRequest, row: Attachment) -> Attachment:
    if not may_look_at_papers(active_membership(request), row.enrolment.client, today(request)):
        raise PermissionDenied
    return row


def _answer(row: Attachment, stored: Any, content_type: str) -> HttpResponse:
    try:
        with stored.open("rb") as file:
            # A megabyte or so, bounded by the limit on uploads: nothing stays open while it is sent.
            body = file.read()
    except (FileNotFoundError, ValueError) as error:  # lost, see check_attachments
        raise Http404 from error
    is_pdf = content_type != JPEG
    name = f"{row.kind}-{row.public_id.hex[:8]}.{'pdf' if is_pdf else 'jpg'}"
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Content-Security-Policy"] = PDF_POLICY if is_pdf else PICTURE_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
