"""May I call the workplace? May I send this to …? Consents as the questions that staff ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from clients.models import Consent
from clients.queries.dossier import ClientDossier
from clients.rules.names import search_key

Recipient, Scope = Consent.Recipient, Consent.ConsentScope


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
    withdrawn_on: date | None = None
    """The day on which the person took their consent back, where they did."""


def withdrawn_on(consents: Iterable[Consent], on: date) -> date | None:
    """撤回した日: when the person took back what these consents of one kind allowed, as of `on`.

    None where something is allowed again, where nobody was ever asked, and where the last of them
    has simply reached its end: that is no "no" (docs/rules.md §6).
    """
    rows = [row for row in consents if row.starts_on <= on]
    if any(row.is_given(on) for row in rows):
        return None
    over = [(day, row.starts_on, row) for row in rows if (day := row.over_on(on)) is not None]
    last = max(over, key=lambda each: each[:2], default=None)
    return last[2].withdrawn_on if last is not None and last[0] == last[2].withdrawn_on else None


def consents_for(consents: Iterable[Consent], recipient: str, name: str = "") -> list[Consent]:
    """Those that speak of a recipient: by this name, or for everybody of the kind."""
    key = search_key(name)
    return [
        row
        for row in consents
        if row.recipient == recipient and search_key(row.recipient_name) in ("", key)
    ]


def consent_answers(dossier: ClientDossier) -> tuple[ConsentAnswer, ...]:
    """The workplace first, asked always; then everybody for whom a consent is or was on file."""
    given = [row for row in dossier.consents if row.recipient != Recipient.EMPLOYER]
    refused = [row for row in dossier.former_consents if row.recipient != Recipient.EMPLOYER]
    return (
        *_workplace(dossier),
        *(_yes(row) for row in given),
        *_taken_back(refused, dossier.consents, dossier.on),
    )


def _workplace(dossier: ClientDossier) -> Iterator[ConsentAnswer]:
    if dossier.must_not_contact:
        note = _("職場連絡禁止です。電話・訪問・郵便のどれもしません。")
        yield ConsentAnswer(_("職場に連絡してよい？"), _("いいえ"), "danger", note)
        return
    told = {row.scope: row for row in dossier.consents if row.recipient == Recipient.EMPLOYER}
    former = [row for row in dossier.former_consents if row.recipient == Recipient.EMPLOYER]
    for scope in (Scope.CONTACT, Scope.REPORT):
        if scope in told:
            yield _yes(told.pop(scope))
            continue
        gone = [row for row in former if row.scope == scope]
        former = [row for row in former if row.scope != scope]
        if (day := withdrawn_on(gone, dossier.on)) is not None:
            yield _no(_question(_("職場"), scope), day)
        else:
            note = _("本人の同意の記録がありません。")
            yield ConsentAnswer(_question(_("職場"), scope), _("まだ"), "warning", note)
    for row in told.values():
        yield _yes(row)
    yield from _taken_back(former, dossier.consents, dossier.on)


def _taken_back(
    former: Iterable[Consent], given: Sequence[Consent], on: date
) -> Iterator[ConsentAnswer]:
    """One answer for each recipient and scope of which the last word is a withdrawal."""
    groups: dict[tuple[str, str, str], list[Consent]] = {}
    for row in former:
        key = (row.recipient, search_key(row.recipient_name), row.scope)
        groups.setdefault(key, []).append(row)
    for (recipient, _name, scope), rows in groups.items():
        whom = rows[-1]
        same = consents_for(
            (row for row in given if row.scope == scope), recipient, whom.recipient_name
        )
        if (day := withdrawn_on((*rows, *same), on)) is not None:
            yield _no(_question(_whom(whom), scope), day)


def _yes(row: Consent) -> ConsentAnswer:
    question = _question(_whom(row), row.scope)
    note = "・".join(str(item.label) for item in row.allowed_items) if row.items else ""
    return ConsentAnswer(question, _("はい"), "success", note, row.starts_on, row.public_id)


def _no(question: str, day: date) -> ConsentAnswer:
    return ConsentAnswer(question, _("いいえ"), "danger", withdrawn_on=day)


def _whom(row: Consent) -> str:
    return row.recipient_name or row.get_recipient_display()


def _question(whom: str, scope: str) -> str:
    asked = {
        Scope.CONTACT: _("%(whom)sに連絡してよい？"),
        Scope.REPORT: _("支援レポートを%(whom)sに渡してよい？"),
        Scope.HANDOVER: _("引き継ぎの情報を%(whom)sに渡してよい？"),
        Scope.SUPPORT_PLAN: _("個別支援計画を%(whom)sに渡してよい？"),
    }
    return asked[Scope(scope)] % {"whom": whom}
