"""Paper dispatch: an issued paper went into an envelope and out of the house."""

from __future__ import annotations

from django.db import models

from teikyaku.accounts.models import IssuedDocument
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.frozen import FrozenModel


class PaperDispatch(FrozenModel, RecordedModel):
    """発送の記録 an issued paper was sent, so that the next envelope leaves it out.

    Marked by mistake, the mark is taken back: it goes, and the audit trail says who set it and who
    took it back. Printed again it can be at any time: whoever packs says that sent papers go in too.
    """

    document = models.OneToOneField(
        IssuedDocument,
        on_delete=models.PROTECT,  # what was sent stays known
        related_name="dispatch",
        verbose_name="文書",
        error_messages={"unique": "この文書は、たったいま別の人が発送済みにしました。"},
    )
    sent_on = models.DateField("発送した日")

    class Meta:
        verbose_name = "発送の記録"
        verbose_name_plural = "発送の記録"
        ordering = ["pk"]
