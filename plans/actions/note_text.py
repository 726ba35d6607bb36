"""The search text of a contact follows it: written with it, gone when another takes its place."""

from __future__ import annotations

from plans.models import Interview, NoteText
from plans.rules.note_text import note_key


def note_text_of(interview: Interview) -> NoteText:
    """What the search knows of a contact, not stored yet."""
    texts = (
        interview.notes, interview.agreed, interview.offered_instead, interview.participants,
        interview.place,
    )  # fmt: skip
    return NoteText(
        interview=interview,
        office_id=interview.enrolment.office_id,
        held_on=interview.held_on,
        text=note_key(texts),
    )


def index_note(interview: Interview) -> None:
    """A new contact is found, and the one that it corrects no longer."""
    if interview.replaces_id is not None:
        NoteText.objects.filter(interview=interview.replaces_id).delete()
    note_text_of(interview).save()


def forget_note(interview: Interview) -> None:
    """A contact that was taken back is not found."""
    NoteText.objects.filter(interview=interview).delete()
