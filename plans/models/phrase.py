"""Phrase: words that staff write again and again, to put in with one tap."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from teikyaku.accounts.models import Office, User
from teikyaku.accounts.models.base import RecordedModel


class PhraseQuerySet(models.QuerySet["Phrase"]):
    """Questions about phrases."""

    def of(self, office_id: int | None, user_id: int) -> PhraseQuerySet:
        """What somebody may use at an office: the office's, then the own."""
        return self.filter(office=office_id).filter(Q(owner=None) | Q(owner=user_id))


class Phrase(RecordedModel):
    """定型文 for one field of a contact; the office's, or one person's own at that office.

    It holds nobody's data: what was put into a record is a copy, and stays when the phrase goes.
    """

    class Field(models.TextChoices):
        """入れる欄: the field of the contact that it belongs to."""

        NOTES = "notes", "話したこと"
        AGREED = "agreed", "決めたこと"
        OFFERED = "offered_instead", "代わりに提案したこと"

    office = models.ForeignKey(
        Office,
        on_delete=models.CASCADE,  # of no use elsewhere
        related_name="phrases",
        verbose_name="事業所",
    )
    owner = models.ForeignKey(
        User,
        on_delete=models.CASCADE,  # the own ones go with the person
        null=True,
        blank=True,
        related_name="+",
        verbose_name="自分だけの人",
    )
    field = models.CharField("入れる欄", max_length=20, choices=Field, default=Field.NOTES)
    text = models.CharField("文", max_length=200)
    position = models.PositiveSmallIntegerField("順番")

    objects = PhraseQuerySet.as_manager()

    class Meta:
        verbose_name = "定型文"
        verbose_name_plural = "定型文"
        ordering = ["position", "pk"]
