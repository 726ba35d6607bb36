"""Note text: what was written of a contact, folded for search."""

from __future__ import annotations

from django.db import models

from plans.models.interview import Interview
from teikyaku.accounts.models import Office


class NoteText(models.Model):
    """記録の検索用の文 of a contact that stands: one narrow row, by office and day.

    Derived from the contact by plans.actions.note_text alone. Apart from it, so that a search reads
    nothing else, newest first, and stops where the page is full.
    """

    interview = models.OneToOneField(
        Interview,
        on_delete=models.CASCADE,  # goes with the contact
        related_name="note_text",
        verbose_name="面談・連絡",
    )
    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # the office's file
        related_name="+",
        verbose_name="事業所",
    )
    held_on = models.DateField("日付")
    text = models.TextField("検索用")

    class Meta:
        verbose_name = "記録の検索用の文"
        verbose_name_plural = "記録の検索用の文"
        ordering = ["-held_on", "-interview"]
        indexes = [
            models.Index(fields=["office", "-held_on", "-interview"], name="note_text_newest"),
        ]

    def __str__(self) -> str:
        """The contact, without a word of it."""
        return str(self.interview)
