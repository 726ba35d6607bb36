"""移行の取込: cells that tell how a use or a job ended, as people write them."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clients.enums import EndReason
from plans.forms.move_in_cells import MarkField

# What stands in a cell, also inside a sentence, and which reason it means.
_REASONS = (
    ("満了", EndReason.EXPIRED), ("離職", EndReason.LEFT_JOB), ("退職", EndReason.LEFT_JOB),
    ("転出", EndReason.MOVED), ("転居", EndReason.MOVED), ("他事業所", EndReason.OTHER_OFFICE),
    ("事業所変更", EndReason.OTHER_OFFICE), ("希望", EndReason.OWN_WISH),
    ("死亡", EndReason.DIED), ("逝去", EndReason.DIED),
)  # fmt: skip


class EndField(forms.CharField):
    """利用終了の理由, one of its words, alone or inside a sentence; cleans to the stored value."""

    def to_python(self, value: Any) -> str:
        """The stored value; raises ValidationError where none or several of the words stand there."""
        text = unicodedata.normalize("NFKC", super().to_python(value) or "")
        if not text:
            return ""
        found = {str(reason.value) for word, reason in _REASONS if word in text}
        if len(found) != 1:
            raise ValidationError(
                _("%(names)s のどれかを入れてください。")
                % {"names": "・".join(map(str, EndReason.labels))}
            )
        return found.pop()


class KnownMarkField(MarkField):
    """○ or ×, and nothing where it is not known; cleans to bool or None."""

    def to_python(self, value: Any) -> Any:
        """Whether it is marked; None for an empty cell. Raises ValidationError for another word."""
        return None if not str(value or "").strip() else super().to_python(value)
