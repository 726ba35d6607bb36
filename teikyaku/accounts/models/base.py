"""Bases that rows of every app share."""

from __future__ import annotations

from django.db import models

from teikyaku.ids import new_public_id
from teikyaku.quick_rows import QuickRows


class PublicModel(QuickRows):
    """A row that URLs and audit events name by a UUID, never by its key or by a person's data."""

    public_id = models.UUIDField("公開ID", default=new_public_id, unique=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        """The kind and a piece of the UUID: no personal data, ever."""
        return f"{self._meta.verbose_name} {str(self.public_id)[:8]}"


class RecordedModel(PublicModel):
    """A fact that somebody recorded: by whom, as which member, and when."""

    recorded_by = models.ForeignKey(
        "accounts.Membership",
        # Who wrote a fact stays known as long as the fact does.
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="記録者",
        editable=False,
    )
    recorded_at = models.DateTimeField("記録日時", editable=False)

    class Meta:
        abstract = True
