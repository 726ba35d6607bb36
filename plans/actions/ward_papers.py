"""The ward's papers: frozen, numbered copies of what was printed, and how they are made out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.facts import refuse_future
from clients.models import Client
from plans import documents
from plans.actions.certificate import refuse_revoked
from plans.documents import DRAFT, LetterHead
from plans.models import Application, Certificate, Decision, PaperSetting, WardPaper
from plans.queries.decision_change import is_changed
from plans.queries.ward_papers import latest_paper
from plans.rules.certificate_copy import says_the_same
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.document import freeze_document
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import IssuedDocument, Membership, Municipality
from teikyaku.clock import date_of
from teikyaku.constraints import ConstraintViolation, violations_as_validation_errors
from teikyaku.era import wareki
from teikyaku.frozen import canonical
from teikyaku.printing import UnprintableError, pdf

Kind = WardPaper.Kind
# The letter in a paper's number: certificate, grant, refusal, revocation, reminder.
LETTERS = {
    Kind.CERTIFICATE: "C", Kind.GRANT: "G", Kind.REFUSAL: "R", Kind.REVOCATION: "V",
    Kind.REMINDER: "N",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a paper is about, in the columns of WardPaper."""

    kind: WardPaper.Kind
    municipality: Municipality
    client: Client
    about: Application | Certificate | Decision
    links: Mapping[str, Any]

    @property
    def number(self) -> str:
        """The paper's number without its count."""
        return f"{self.municipality.code}-{LETTERS[self.kind]}{self.about.pk:06d}"

    def papers(self) -> Any:
        """What was made of it before."""
        return WardPaper.objects.filter(kind=self.kind, **self.links).select_related("document")


def issue_certificate_copy(*, certificate: Certificate, by: Membership, at: datetime) -> WardPaper:
    """One version as PDF; made once: asked again, also by somebody else at once, the same paper.

    Raises ValidationError for characters that cannot be printed, and where the decision was
    cancelled before it began: nobody is handed a paper of it.
    """
    known = latest_paper(certificate)
    if known is not None:
        return known
    if certificate.decision.is_cancelled:
        refuse_revoked(certificate.decision)
    try:
        return _issue(_of_certificate(certificate), _certificate(certificate, at), None, by, at)
    except ConstraintViolation:
        # Somebody else was a moment earlier.
        known = latest_paper(certificate)
        if known is None:
            raise
        return known


def remake_certificate_copy(
    *, certificate: Certificate, reason: str, by: Membership, at: datetime
) -> WardPaper:
    """The version again after what stands on it was corrected; the former copy stays readable.

    Raises ValidationError when nothing changed, or for characters that cannot be printed.
    """
    before = latest_paper(certificate)
    if before is None:
        return issue_certificate_copy(certificate=certificate, by=by, at=at)
    build = _certificate(certificate, at)
    if says_the_same(before.document.content, canonical(build(before.document.number))):
        raise ValidationError(_("内容は前のPDFと同じです。前のPDFをそのまま使えます。"))
    return _issue(_of_certificate(certificate), build, before.document, by, at, reason)


def issue_grant_notice(
    *, decision: Decision, head: LetterHead, reason: str = "", by: Membership, at: datetime
) -> WardPaper:
    """支給決定通知書. A second one replaces the first and says why.

    Raises ValidationError by field: a day before the decision or ahead, no reason for the second;
    and where the decision was cancelled before it began.
    """
    if decision.is_cancelled:
        refuse_revoked(decision)
    subject = _of_decision(Kind.GRANT, decision)
    build = _dated(head, decision.decided_on, lambda h: documents.grant_notice(decision, h), at)
    return _issue_letter(subject, build, reason, by, at)


def issue_refusal_notice(
    *, application: Application, head: LetterHead, reason: str = "", by: Membership, at: datetime
) -> WardPaper:
    """申請却下通知書 of a refused application; as `issue_grant_notice`."""
    if application.outcome != Application.Outcome.REFUSED or application.outcome_on is None:
        raise ValidationError(_("却下した申請ではありません。"))
    subject = _Subject(
        Kind.REFUSAL, application.municipality, application.client, application,
        {"application": application},
    )  # fmt: skip
    build = _dated(
        head, application.outcome_on, lambda h: documents.refusal_notice(application, h), at
    )
    return _issue_letter(subject, build, reason, by, at)


def issue_revocation_notice(
    *, decision: Decision, head: LetterHead, reason: str = "", by: Membership, at: datetime
) -> WardPaper:
    """支給決定取消通知書 of a revoked decision; as `issue_grant_notice`.

    Its day may lie before the last day of use: people are told ahead.
    """
    if decision.revoked_on is None:
        raise ValidationError(_("取り消した支給決定ではありません。"))
    subject = _of_decision(Kind.REVOCATION, decision)
    build = _dated(
        head, decision.decided_on, lambda h: documents.revocation_notice(decision, h), at
    )
    return _issue_letter(subject, build, reason, by, at)


def issue_renewal_reminder(
    *,
    decision: Decision,
    head: LetterHead,
    apply_by: date,
    last_usable_on: date | None,
    by: Membership,
    at: datetime,
) -> WardPaper:
    """更新のお知らせ; each is a letter of its own and replaces none.

    Raises ValidationError by field: a revoked or changed decision, one that ends with the right itself, or a
    day to apply that lies before the letter or after the end.
    """
    if decision.revoked_on is not None:
        raise ValidationError(_("取り消した支給決定です。"))
    if is_changed(decision):
        raise ValidationError(_("変更した支給決定です。お知らせは、変更後の支給決定から作ります。"))
    if last_usable_on is not None and last_usable_on <= decision.ends_on:
        text = _("利用可能期間は%(on)sまでです。そのあとへの更新はできません。")
        raise ValidationError(text % {"on": wareki(last_usable_on)})
    refuse_apply_by(decision, head.issued_on, apply_by)

    def build(h: LetterHead) -> dict[str, Any]:
        return documents.renewal_reminder(
            decision, h, apply_by=apply_by, last_usable_on=last_usable_on
        )

    subject = _of_decision(Kind.REMINDER, decision)
    _refuse_dead(subject.client)
    return _issue(subject, _dated(head, decision.decided_on, build, at), None, by, at)


@transaction.atomic
def set_paper_setting(*, setting: PaperSetting, by: Membership, at: datetime) -> PaperSetting:
    """How the ward's papers are made out from now on; the history keeps what held before."""
    is_new = setting._state.adding
    verb = "paper_setting_registered" if is_new else "paper_setting_changed"
    return save_record(setting, verb=verb, by=by, at=at)


Build = Callable[[str], dict[str, Any]]


def _certificate(certificate: Certificate, at: datetime) -> Build:
    issued_on = date_of(at)
    return lambda number: documents.certificate_document(
        certificate, number=number, issued_on=issued_on
    )


def refuse_letter_day(issued_on: date, not_before: date, at: datetime) -> None:
    """Refuse a letter of a day to come or before its decision, at `issued_on`; asked by the page too."""
    refuse_future(at=at, issued_on=issued_on)
    if issued_on < not_before:
        text = _("決定の日（%(on)s）以後の日付にしてください。")
        raise ValidationError({"issued_on": text % {"on": wareki(not_before)}})


def refuse_apply_by(decision: Decision, issued_on: date, apply_by: date) -> None:
    """Refuse a day to apply before the letter or after the end, at `apply_by`; asked by the page too."""
    if not issued_on <= apply_by <= decision.ends_on:
        text = _("文書の日付から、支給決定の終わり（%(on)s）までの日付にしてください。")
        raise ValidationError({"apply_by": text % {"on": wareki(decision.ends_on)}})


def _dated(
    head: LetterHead,
    not_before: date,
    build: Callable[[LetterHead], dict[str, Any]],
    at: datetime,
) -> Build:
    refuse_letter_day(head.issued_on, not_before, at)

    def numbered(number: str) -> dict[str, Any]:
        return build(LetterHead(number, head.issued_on, head.reference, head.note, head.addressee))

    return numbered


def _issue_letter(
    subject: _Subject, build: Build, reason: str, by: Membership, at: datetime
) -> WardPaper:
    _refuse_dead(subject.client)
    before = subject.papers().filter(document__replaced_by__isnull=True).first()
    if before is not None and before.document.content["edition"] != DRAFT and not reason:
        raise ValidationError({"reason": _("作り直す理由を入れてください。")})
    try:
        return _issue(subject, build, before.document if before else None, by, at, reason)
    except ConstraintViolation as violation:
        text = _("同じ文書が、いま作られました。前のページの一覧を見てください。")
        raise ValidationError(text) from violation


def _issue(
    subject: _Subject,
    build: Build,
    before: IssuedDocument | None,
    by: Membership,
    at: datetime,
    reason: str = "",
) -> WardPaper:
    number = f"{subject.number}-{subject.papers().count() + 1}"
    content = build(number)
    # A copy or a draft was nobody's paper yet: only what was final is told to be corrected.
    if before is not None and not before.content["edition"]:
        content["replaces"] = {
            "number": before.number, "issued_on": before.content["issued_on"], "note": reason,
        }  # fmt: skip
    content = canonical(content)
    try:
        pdf(subject.kind.value, content)
    except UnprintableError as error:
        raise ValidationError(str(error)) from error
    with violations_as_validation_errors(IssuedDocument, WardPaper):
        document = freeze_document(
            kind=subject.kind.value, number=number, content=content, person_id=subject.client.public_id,
            replaces=before, by=by, at=at,
        )  # fmt: skip
        paper: WardPaper = WardPaper.objects.create(
            kind=subject.kind, municipality=subject.municipality, document=document,
            **subject.links,
        )  # fmt: skip
        person = subject.client.public_id
        audit(verb="ward_paper_issued", subject=paper, by=by, at=at, person_id=person)
    return paper


def _of_certificate(certificate: Certificate) -> _Subject:
    decision = certificate.decision
    links = {"certificate": certificate, "decision": decision}
    return _Subject(Kind.CERTIFICATE, decision.keeper, decision.client, certificate, links)


def _of_decision(kind: WardPaper.Kind, decision: Decision) -> _Subject:
    return _Subject(kind, decision.keeper, decision.client, decision, {"decision": decision})


def _refuse_dead(client: Client) -> None:
    """After a death no letter goes out (docs/rules.md §9)."""
    if client.died_on is not None:
        raise ValidationError(_("亡くなった方です。文書は作りません。"))
