"""Freezing a paper as it is issued: content, number and digest, tied to whom it is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from teikyaku.accounts.models import IssuedDocument, Membership
from teikyaku.frozen import canonical, digest_of_canonical


def freeze_document(
    *, kind: str, number: str, content: Mapping[str, Any], person_id: UUID,
    replaces: IssuedDocument | None = None, by: Membership, at: datetime,
) -> IssuedDocument:  # fmt: skip
    """文書 as it was issued; its template bears the name of its kind. `replaces`: the paper it mends.

    Raises IntegrityError where the number is taken, or another paper has replaced the same one.
    """
    document = frozen_document(
        kind=kind, number=number, content=content, person_id=person_id, replaces=replaces, by=by,
        at=at,
    )  # fmt: skip
    document.save()
    return document


def frozen_document(
    *, kind: str, number: str, content: Mapping[str, Any], person_id: UUID,
    replaces: IssuedDocument | None = None, by: Membership, at: datetime,
) -> IssuedDocument:  # fmt: skip
    """The same, not stored yet: many are stored together (`teikyaku.bulk.insert_all`)."""
    frozen = canonical(content)
    return IssuedDocument(
        kind=kind, number=number, template=kind, content=frozen, digest=digest_of_canonical(frozen),
        person_id=person_id, issued_at=at, issued_by=by, replaces=replaces,
    )  # fmt: skip
