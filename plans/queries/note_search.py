"""記録を探す: the office's contacts by what was written of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Value
from django.db.models.functions import StrIndex
from django.utils.translation import gettext as _

from clients.queries.subject import names_seen
from plans.models import Interview, NoteText
from plans.rules.note_text import Piece, pieces
from teikyaku.accounts.models import Office
from teikyaku.periods import Period

ROWS = 30
# How much of a note is shown where what was found stands in another field.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One contact that was found."""

    interview_id: UUID
    client_id: UUID
    name: str
    kana: str
    held_on: date
    words: str
    """Way and outcome."""
    met_by: str
    pieces: tuple[Piece, ...]


def found_notes(
    office: Office,
    words: Sequence[str],
    on: date,
    *,
    span: Period | None = None,
    staff_user: int | None = None,
    client: int | None = None,
) -> QuerySet[NoteText]:
    """The contacts up to `on` in which all the words stand, the newest first.

    `words` come from plans.rules.note_text.words_of. Asks for nothing where there is no word.
    """
    if not words:
        return NoteText.objects.none()
    found = NoteText.objects.filter(office=office, held_on__lte=on)
    if span is not None:
        found = found.filter(held_on__gte=span.starts_on)
        if span.ends_on is not None:
            found = found.filter(held_on__lte=span.ends_on)
    if staff_user is not None:
        found = found.filter(interview__met_by__user=staff_user)
    if client is not None:
        found = found.filter(interview__enrolment__client=client)
    # Not LIKE: the key is folded already, and % and _ are letters like any other.
    for place, word in enumerate(words):
        found = found.alias(**{f"at_{place}": StrIndex("text", Value(word))}).filter(
            **{f"at_{place}__gt": 0}
        )
    return found.order_by("-held_on", "-interview")


def note_rows(
    page: QuerySet[NoteText] | Sequence[NoteText], words: Sequence[str], on: date
) -> list[NoteRow]:
    """The rows of a page (three queries)."""
    keys = [row.interview_id for row in page]
    contacts = Interview.objects.select_related("enrolment__client", "met_by__user").in_bulk(keys)
    names = names_seen([row.enrolment for row in contacts.values()], on)
    return [_row(contacts[key], names, words) for key in keys]


def _row(contact: Interview, names: Any, words: Sequence[str]) -> NoteRow:
    client = contact.enrolment.client
    name = names.get(contact.enrolment_id)
    return NoteRow(
        interview_id=contact.public_id,
        client_id=client.public_id,
        name=name.name if name else "",
        kana=name.kana if name else "",
        held_on=contact.held_on,
        words=f"{contact.get_way_display()}・{contact.get_outcome_display()}",
        met_by=contact.met_by.user.name,
        pieces=_pieces(contact, words),
    )


def _pieces(contact: Interview, words: Sequence[str]) -> tuple[Piece, ...]:
    """Around what was found: of the first field that holds a word, else how the note begins."""
    fields = {
        "": contact.notes, _("決めたこと"): contact.agreed,
        _("代わりに提案したこと"): contact.offered_instead, _("同席した人"): contact.participants,
        _("場所"): contact.place,
    }  # fmt: skip
    for label, text in fields.items():
        if found := pieces(text, words):
            return (Piece(f"{label}：", False), *found) if label else tuple(found)
    return (Piece(contact.notes[:SHOWN], False),)
