"""Return reason: what 国保連's list says of a claim that came back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from billing.models.claim_file import ClaimReturn
from billing.rules.claim_return import CODE_LENGTH, WORDS_LENGTH, ReturnReason
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.frozen import FrozenModel


class ClaimReturnReason(FrozenModel, RecordedModel):
    """返戻の事由 the code and the words of the 返戻等一覧表, and the day of that list.

    A row never changes: what was copied wrongly is put right by the next row, and the last one holds.
    """

    claim_return = models.ForeignKey(
        ClaimReturn,
        on_delete=models.PROTECT,  # money
        related_name="reasons",
        verbose_name="返戻",
    )
    returned_on = models.DateField("返戻の日")
    code = models.CharField("事由のコード", max_length=CODE_LENGTH, blank=True)
    words = models.CharField("事由の内容", max_length=WORDS_LENGTH, blank=True)

    class Meta:
        verbose_name = "返戻の事由"
        verbose_name_plural = "返戻の事由"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(code="") | ~Q(words=""),
                name="claim_return_reason_said",
                violation_error_message="事由のコードか内容を入れてください。",
            )
        ]

    @property
    def value(self) -> ReturnReason:
        """The row as the rules take it."""
        return ReturnReason(self.returned_on, self.code, self.words)
