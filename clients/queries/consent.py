"""May I call the workplace? May I send this to …? Consents as the questions that staff ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from clients.models import Consent
from clients.queries.dossier import ClientDossier


@dataclass(frozen=True, slots=True)
class ConsentAnswer:
    """One question with its answer on the dossier's day."""

    question: str
    answer: str
    tone: str
    note: str = ""
    since: date | None = None
    consent_id: UUID | None = None
    """The consent that says so; it can be withdrawn."""


def consent_answers(dossier: ClientDossier) -> tuple[ConsentAnswer, ...]:
    """The workplace first, asked always; then everybody for whom a consent is on file."""
    employer = Consent.Recipient.EMPLOYER
    others = [row for row in dossier.consents if row.recipient != employer]
    return (*_workplace(dossier), *(_yes(row) for row in others))


def _workplace(dossier: ClientDossier) -> Iterator[ConsentAnswer]:
    if dossier.must_not_contact:
        note = _("職場連絡禁止です。電話・訪問・郵便のどれもしません。")
        yield ConsentAnswer(_("職場に連絡してよい？"), _("いいえ"), "danger", note)
        return
    told = {
        row.scope: row for row in dossier.consents if row.recipient == Consent.Recipient.EMPLOYER
    }
    for scope in (Consent.ConsentScope.CONTACT, Consent.ConsentScope.REPORT):
        if scope in told:
            yield _yes(told.pop(scope))
        else:
            yield ConsentAnswer(
                _question(_("職場"), scope),
                _("まだ"),
                "warning",
                _("本人の同意の記録がありません。"),
            )
    for row in told.values():
        yield _yes(row)


def _yes(row: Consent) -> ConsentAnswer:
    whom = row.recipient_name or row.get_recipient_display()
    question = _question(whom, row.scope)
    note = "・".join(str(item.label) for item in row.allowed_items) if row.items else ""
    return ConsentAnswer(question, _("はい"), "success", note, row.starts_on, row.public_id)


def _question(whom: str, scope: str) -> str:
    asked = {
        Consent.ConsentScope.CONTACT: _("%(whom)sに連絡してよい？"),
        Consent.ConsentScope.REPORT: _("支援レポートを%(whom)sに渡してよい？"),
        Consent.ConsentScope.HANDOVER: _("引き継ぎの情報を%(whom)sに渡してよい？"),
        Consent.ConsentScope.SUPPORT_PLAN: _("個別支援計画を%(whom)sに渡してよい？"),
    }
    return asked[Consent.ConsentScope(scope)] % {"whom": whom}
