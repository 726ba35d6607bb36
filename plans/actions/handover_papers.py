"""引き継ぎ書: frozen, numbered; made again after a change it refers to the one before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import Consent
from plans.documents_handover import package, plain_sheet, recipients
from plans.models import Handover, HandoverPaper
from plans.queries.handover import is_after_death
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.document import freeze_document
from teikyaku.accounts.models import IssuedDocument, Membership
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.frozen import canonical, digest
from teikyaku.printing import UnprintableError, pdf

LETTERS = {HandoverPaper.Kind.PACKAGE: "H", HandoverPaper.Kind.PLAIN: "K"}
# What a paper carries of itself; the rest is what it says.
OWN = ("number", "dated", "issued_on", "replaces", "replaced_by")


@transaction.atomic
def issue_package(
    *,
    handover: Handover,
    consent: Consent,
    without: frozenset[str],
    seen: str,
    by: Membership,
    at: datetime,
) -> HandoverPaper:
    """The package for whom the consent names. `seen` is `preview_key` of what was looked at.

    Raises ValidationError after a death, without a consent of today, and where what would go is no
    longer what was looked at.
    """
    row = _locked(handover)
    _refuse_after_death(row, at)
    on = date_of(at)
    if consent.pk not in {each.pk for each in recipients(row.enrolment, on)}:
        raise ValidationError(_("この相手に渡してよいという同意が、いまはありません。"))
    kind = HandoverPaper.Kind.PACKAGE
    number = _number(row, kind)
    content = package(row, consent, number=number, issued_on=on, without=without).content
    if preview_key(content) != seen:
        message = _("確かめたあとに内容が変わりました。もう一度、内容を確かめてください。")
        raise ValidationError(message)
    recipient = f"{consent.recipient}:{content['addressee']['name']}"
    return _issue(row, kind, recipient, content, by, at)


@transaction.atomic
def issue_plain_sheet(*, handover: Handover, by: Membership, at: datetime) -> HandoverPaper:
    """The person's own sheet. Raises ValidationError after a death or before a centre is chosen."""
    row = _locked(handover)
    _refuse_after_death(row, at)
    if row.centre_id is None:
        raise ValidationError(_("先に、引き継ぎ先を選んでください。"))
    kind = HandoverPaper.Kind.PLAIN
    content = plain_sheet(row, number=_number(row, kind), issued_on=date_of(at))
    return _issue(row, kind, "", content, by, at)


def preview_key(content: dict[str, Any]) -> str:
    """A mark of what a paper says, whatever its number and day."""
    return digest(_says(canonical(content)))


def reprint(paper: HandoverPaper) -> dict[str, Any]:
    """The frozen content, and which paper has taken its place."""
    content: dict[str, Any] = {**paper.document.content}
    after = getattr(paper.document, "replaced_by", None)
    if after is not None:
        content["replaced_by"] = {"number": after.number, "issued_on": after.content["issued_on"]}
    return content


def _locked(handover: Handover) -> Handover:
    rows = Handover.objects.select_for_update(of=("self",))
    return rows.select_related("enrolment__client", "enrolment__office", "centre").get(
        pk=handover.pk
    )


def _refuse_after_death(row: Handover, at: datetime) -> None:
    if is_after_death(row.enrolment, at):
        raise ValidationError(_("亡くなった方です。文書は作りません。"))


def _number(row: Handover, kind: HandoverPaper.Kind) -> str:
    count = row.papers.filter(kind=kind).count()
    return f"{row.enrolment.office.number}-{LETTERS[kind]}{row.pk:06d}-{count + 1}"


def _says(content: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key not in OWN}


def _issue(
    row: Handover,
    kind: HandoverPaper.Kind,
    recipient: str,
    content: dict[str, Any],
    by: Membership,
    at: datetime,
) -> HandoverPaper:
    """Unchanged since the last one for this recipient, the same paper."""
    content = canonical(content)
    papers = row.papers.filter(kind=kind, recipient=recipient).select_related("document")
    before: HandoverPaper | None = papers.filter(document__replaced_by__isnull=True).last()
    if before is not None and _says(before.document.content) == _says(content):
        return before
    if before is not None:
        old = before.document
        content["replaces"] = {
            "number": old.number, "issued_on": old.content["issued_on"], "note": "",
        }  # fmt: skip
    try:
        pdf(kind.value, content)
    except UnprintableError as error:
        raise ValidationError(str(error)) from error
    person = row.enrolment.client.public_id
    with violations_as_validation_errors(IssuedDocument, HandoverPaper):
        document = freeze_document(
            kind=kind.value, number=content["number"], content=content, person_id=person,
            replaces=before.document if before else None, by=by, at=at,
        )  # fmt: skip
        paper: HandoverPaper = HandoverPaper.objects.create(
            kind=kind, handover=row, recipient=recipient, document=document
        )
        audit(verb="handover_printed", subject=paper, by=by, at=at, person_id=person)
    return paper
