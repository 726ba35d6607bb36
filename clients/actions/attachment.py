"""Papers: attached, corrected, linked to the record that they prove, taken back, erased."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from clients.actions.facts import correct_fact, refuse_future
from clients.models import Attachment, Client, Enrolment
from clients.rules.attachment import subject_type_of
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Office
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.scans import Scan, store

R = TypeVar("R", bound=models.Model)
CORRECTABLE = frozenset({"kind", "dated_on", "title"})
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg"}


def attach_scan(
    *,
    enrolment: Enrolment,
    scan: Scan,
    kind: str,
    by: Membership,
    at: datetime,
    dated_on: date | None = None,
    title: str = "",
    is_durable: bool = True,
) -> Attachment:
    """Keep a checked paper. What fails leaves no file behind.

    `is_durable` refuses to run inside another transaction, whose end could undo the row and not the
    file. Raises ValidationError for a day that lies ahead and for a file that is there already.
    """
    refuse_future(at=at, dated_on=dated_on)
    names: list[str] = []
    try:
        file, picture, thumbnail = _written(scan, names)
        row = Attachment(
            enrolment=enrolment, kind=kind, dated_on=dated_on, title=title.strip(),
            content_type=scan.content_type, size=len(scan.body), pages=scan.pages,
            sha256=scan.sha256, width=scan.width, height=scan.height,
            file=file, picture=picture, thumbnail=thumbnail,
        )  # fmt: skip
        with transaction.atomic(durable=is_durable), violations_as_validation_errors(Attachment):
            return save_record(
                row, verb="paper_attached", by=by, at=at, person_id=enrolment.client.public_id
            )
    except BaseException:
        store.remove(names)
        raise


def _written(scan: Scan, names: list[str]) -> tuple[str, str, str]:
    """Store all parts; `names` grows with each, so that a failure in the middle is cleaned too."""
    parts = (
        (scan.body, ENDINGS[scan.content_type]),
        (scan.picture, "jpg"),
        (scan.thumbnail, "jpg"),
    )
    found = []
    for body, ending in parts:
        name = store.write(body, ending) if body else ""
        names.append(name)
        found.append(name)
    file, picture, thumbnail = found
    return file, picture, thumbnail


@transaction.atomic
def complete_attachments(
    *,
    attachments: Iterable[Attachment],
    kind: str,
    dated_on: date,
    title: str,
    by: Membership,
    at: datetime,
) -> list[Attachment]:
    """What the papers are, of which day: said after they were kept, so that no picture is lost.

    Only papers without a day wait for it; one that was completed, linked or taken back meanwhile is
    left as it is. Raises ValidationError for a day that lies ahead.
    """
    refuse_future(at=at, dated_on=dated_on)
    wanted = [each.pk for each in attachments]
    rows = Attachment.objects.all().unlinked().select_for_update(of=("self",))
    waiting = list(rows.filter(pk__in=wanted, dated_on=None))
    for row in waiting:
        row.kind, row.dated_on, row.title = kind, dated_on, title.strip()
        _store(row, verb="paper_completed", by=by, at=at, fields=["kind", "dated_on", "title"])
    return waiting


@transaction.atomic
def correct_attachment(
    *,
    attachment: Attachment,
    changes: Mapping[str, Any],
    reason: str,
    by: Membership,
    at: datetime,
) -> Attachment:
    """Kind, date or heading were wrong; the paper itself never changes.

    Raises ValidationError without a reason or for a day that lies ahead, ValueError for a field
    that is no fact of the paper.
    """
    if not changes.keys() <= CORRECTABLE:
        raise ValueError("the content of a paper is frozen")
    refuse_future(at=at, dated_on=changes.get("dated_on"))
    correct_fact(attachment, changes=dict(changes), reason=reason, by=by, at=at)
    return attachment


@transaction.atomic
def link_attachments(
    *,
    attachments: Iterable[Attachment],
    subject: models.Model,
    dated_on: date | None,
    by: Membership,
    at: datetime,
) -> list[Attachment]:
    """These papers prove `subject`; a paper without a date takes `dated_on`, the record's own.

    Raises ValidationError when one of them was linked or taken back meanwhile.
    """
    wanted = [each.pk for each in attachments]
    rows = list(
        Attachment.objects.all().unlinked().select_for_update(of=("self",)).filter(pk__in=wanted)
    )
    if len(rows) != len(wanted):
        raise ValidationError(
            _(
                "選んだ書類は、いまの間にほかの記録に付いたか、取り消されました。選び直してください。"
            )
        )
    for row in rows:
        row.subject_type = subject_type_of(subject._meta.model_name or "")
        row.subject_id = subject.public_id  # type: ignore[attr-defined]
        changed = ["subject_type", "subject_id"]
        if row.dated_on is None and dated_on is not None:
            row.dated_on = dated_on
            changed.append("dated_on")
        _store(row, verb="paper_linked", by=by, at=at, fields=changed)
    return rows


@transaction.atomic
def record_from_papers(
    record: Callable[[], R],
    *,
    papers: Sequence[Attachment],
    dated_on: date | None,
    by: Membership,
    at: datetime,
) -> R:
    """Run `record`, which stores a fact, and link the papers that it was copied from: both or none."""
    row = record()
    if papers:
        link_attachments(attachments=papers, subject=row, dated_on=dated_on, by=by, at=at)
    return row


@transaction.atomic
def relink_attachment(
    *, attachment: Attachment, subject: models.Model | None, by: Membership, at: datetime
) -> Attachment:
    """The paper proves `subject` instead of what it was linked to; None: no record yet.

    Raises ValidationError when it was taken back meanwhile.
    """
    row = Attachment.objects.all().kept().filter(pk=attachment.pk).first()
    if row is not None and row.subject_id is not None:
        unlink_attachment(attachment=row, by=by, at=at)
    if subject is None:
        return row or attachment
    (linked,) = link_attachments(
        attachments=[attachment], subject=subject, dated_on=None, by=by, at=at
    )
    return linked


@transaction.atomic
def unlink_attachment(*, attachment: Attachment, by: Membership, at: datetime) -> Attachment:
    """The paper does not prove the record that it was linked to; it can be linked again."""
    attachment.subject_type, attachment.subject_id = "", None
    return _store(
        attachment, verb="paper_unlinked", by=by, at=at, fields=["subject_type", "subject_id"]
    )


@transaction.atomic
def withdraw_attachment(
    *, attachment: Attachment, reason: str, by: Membership, at: datetime
) -> Attachment:
    """Attached by mistake: the bytes go for good, the row stays and says who, when and why.

    Raises ValidationError without a reason, or when it was taken back before.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("取り消す理由を入れてください。")})
    row = Attachment.objects.select_for_update(of=("self",)).get(pk=attachment.pk)
    if row.withdrawn_at is not None:
        raise ValidationError(_("この添付は、すでに取り消されています。"))
    names = row.names
    row.file = row.picture = row.thumbnail = ""  # type: ignore[assignment]
    row.title = ""  # what was typed may tell what the picture told
    row.subject_type, row.subject_id = "", None
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = at, by, reason.strip()
    _store(
        row, verb="paper_withdrawn", by=by, at=at, fields=["file", "withdrawn_reason"],
        reason=reason.strip(),
    )  # fmt: skip
    # Only once the row says so for good; a crash in between leaves orphans, which the check finds.
    transaction.on_commit(lambda: store.remove(names))
    return row


@transaction.atomic
def erase_attachments(*, client: Client, office: Office, by: Membership, at: datetime) -> int:
    """Erase every paper of a person that an office holds: rows, history and bytes.

    For when the time of keeping is over, or the person is erased. Returns how many papers went.
    """
    rows = Attachment.objects.filter(enrolment__client=client, enrolment__office=office)
    found = list(rows)
    names = [name for row in found for name in row.names]
    Attachment.history.filter(id__in=[row.pk for row in found]).delete()
    rows.delete()
    # Deleting a row writes a last line of history, which holds its values.
    Attachment.history.filter(id__in=[row.pk for row in found]).delete()
    audit(verb="papers_erased", subject=client, by=by, at=at, person_id=client.public_id)
    transaction.on_commit(lambda: store.remove(names))
    return len(found)


def _store(
    row: Attachment,
    *,
    verb: str,
    by: Membership,
    at: datetime,
    fields: Sequence[str],
    reason: str = "",
) -> Attachment:
    return save_record(
        row, verb=verb, by=by, at=at, person_id=row.enrolment.client.public_id,
        fields=tuple(fields), reason=reason,
    )  # fmt: skip
