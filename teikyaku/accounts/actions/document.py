"""Freezing a paper as it is issued: content, number and digest, tied to whom it is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from teikyaku.accounts.models import IssuedDocument, Membership
from teikyaku.frozen import canonical, digest


def freeze_document(
    *, kind: str, number: str, content: Mapping[str, Any], person_id: UUID,
    replaces: IssuedDocument | None = None, by: Membership, at: datetime,
) -> IssuedDocument:  # fmt: skip
    """文書 as it was issued; its template bears the name of its kind. `replaces`: the paper it mends.

    Raises IntegrityError where the number is taken, or another paper has replaced the same one.
    """
    frozen = canonical(content)
    document: IssuedDocument = IssuedDocument.objects.create(
        kind=kind, number=number, template=kind, content=frozen, digest=digest(frozen),
        person_id=person_id, issued_at=at, issued_by=by, replaces=replaces,
    )  # fmt: skip
    return document
