"""Papers in the access matrix: who opens what, and the objects in their addresses."""

from __future__ import annotations

from typing import Any

from clients.models import Attachment
from tests.cast import Cast
from tests.papers import attached

OFFICE = ("worker", "manager", "head", "billing")
WRITERS = ("worker", "manager", "head")
TABLE: dict[str, tuple[str, ...]] = {
    "attachment_list": OFFICE,
    "attachment_page": OFFICE,
    "attachment_file": OFFICE,
    "attachment_picture": OFFICE,
    "attachment_thumbnail": OFFICE,
    "attachment_new": WRITERS,
    "attachment_correct": WRITERS,
    "attachment_withdraw": WRITERS,
    "attachment_link": WRITERS,
}


def arguments(cast: Cast) -> dict[str, Any]:
    """The cast's person has one paper on file."""
    known = Attachment.objects.filter(enrolment=cast.enrolment, withdrawn_at=None).first()
    return {"attachment": (known or attached(cast)).public_id}
