"""添付 as lists: of a person, of what no record has taken yet, and whether the bytes are whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import F, QuerySet

from clients.models import Attachment, Enrolment
from clients.models.attachment import AttachmentQuerySet
from clients.rules.attachment import subject_type_of
from teikyaku.accounts.models import Membership
from teikyaku.scans import store

CHUNK = 500
# Beside a form stand so many papers to choose from; older ones are on the list.
OFFERED = 12


def newest_papers(rows: AttachmentQuerySet) -> AttachmentQuerySet:
    """Papers, the newest first by their own date; those without one stand on top, to be completed.

    What was sent together keeps its order: the faces of a certificate follow one another.
    """
    return rows.order_by(F("dated_on").desc(nulls_first=True), "-recorded_at", "pk")


def offered_papers(
    rows: AttachmentQuerySet, client_id: int, kind: str, but: Iterable[Attachment] = ()
) -> list[Attachment]:
    """The person's papers of a kind that no record has taken yet."""
    free = rows.unlinked().filter(enrolment__client=client_id, kind=kind)
    return list(newest_papers(free).exclude(pk__in=[each.pk for each in but])[:OFFERED])


def chosen_papers(rows: AttachmentQuerySet, client_id: int, ids: list[UUID]) -> list[Attachment]:
    """Those of `ids` that may be chosen for a record of the person, in the order of `ids`."""
    free = rows.unlinked().filter(enrolment__client=client_id, public_id__in=ids)
    found = {each.public_id: each for each in free}
    return [found[each] for each in dict.fromkeys(ids) if each in found]


def papers_of(rows: AttachmentQuerySet, subject: models.Model) -> list[Attachment]:
    """The kept papers that prove a record, as many as stand beside a form."""
    kind, key = subject_type_of(subject._meta.model_name or ""), subject.public_id  # type: ignore[attr-defined]
    found = rows.kept().filter(subject_type=kind, subject_id=key)
    return list(newest_papers(found)[:OFFERED])


def same_paper(enrolment: Enrolment, kind: str, sha256: str) -> Attachment | None:
    """The paper of the same bytes and kind that no record has taken yet."""
    free = Attachment.objects.all().unlinked()
    return free.filter(enrolment=enrolment, kind=kind, sha256=sha256).first()


def waiting_papers(enrolment: Enrolment, by: Membership) -> AttachmentQuerySet:
    """What somebody sent for an enrolment and has not said the day of."""
    free = Attachment.objects.all().unlinked()
    return free.filter(enrolment=enrolment, dated_on=None, recorded_by=by).order_by("pk")


@dataclass(frozen=True, slots=True)
class StoredFault:
    """What is wrong with the bytes of one paper."""

    public_id: UUID
    what: str
    """"missing" or "changed"."""


def stored_faults(rows: QuerySet[Attachment]) -> Iterator[StoredFault]:
    """Every kept paper whose bytes are not what was stored, or of which a part is gone."""
    for row in rows.filter(withdrawn_at=None).order_by("pk").iterator(chunk_size=CHUNK):
        digest = store.digest_of(str(row.file.name))
        if digest is None or any(not store.exists(name) for name in row.names[1:]):
            yield StoredFault(row.public_id, "missing")
        elif digest != row.sha256:
            yield StoredFault(row.public_id, "changed")


def orphans(written_before: datetime) -> list[str]:
    """Names in the storage that no row holds, written before an instant (a save may be under way)."""
    held: set[str] = set()
    parts = Attachment.objects.values_list("file", "picture", "thumbnail")
    for names in parts.iterator(chunk_size=CHUNK):
        held.update(names)
    return [name for name in store.names_before(written_before) if name not in held]
