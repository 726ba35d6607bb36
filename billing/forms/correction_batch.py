"""まとめて直す: which of the months, one reason, and the petition where old claims are taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from billing.enums import CorrectionReason
from billing.forms.correction import PetitionForm
from billing.queries.correction_batch import BatchRow


class CorrectionBatchForm(PetitionForm):
    """The ticks stand in the table; `agreed` is the mark of what was shown with them."""

    rows = forms.MultipleChoiceField(
        label=_l("直す月"), error_messages={"required": _l("直す月を選んでください。")}
    )
    reason = forms.ChoiceField(
        label=_l("理由"), choices=[("", _l("選んでください")), *CorrectionReason.choices]
    )
    note = forms.CharField(label=_l("くわしい理由"), max_length=200, required=False)
    agreed = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ("rows", "reason", "note", "filed_on", "claim_month")

    def __init__(
        self, *args: Any, rows: Sequence[BatchRow], asks_petition: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rows"].choices = [(row.key, row.key) for row in rows]  # type: ignore[attr-defined]
        self.fields["filed_on"].required = False
        self.fields["filed_on"].help_text = _(
            "例：11/26。まだのときは空けておき、あとで月ごとに記録できます。前の請求が残っている月だけに入ります。"
        )
        if not asks_petition:
            del self.fields["filed_on"], self.fields["claim_month"]

    def clean(self) -> dict[str, Any]:
        """その他 wants words; a month for the new claims comes with the petition."""
        data = super().clean() or {}
        if data.get("reason") == CorrectionReason.OTHER and not data.get("note"):
            self.add_error("note", _("「その他」のときは、くわしい理由を入れてください。"))
        if data.get("claim_month") and not data.get("filed_on"):
            self.add_error(
                "filed_on", _("再請求する処理月を入れるときは、過誤申立の日も入れてください。")
            )
        return data
