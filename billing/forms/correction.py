"""過誤・再請求: putting a closed month right or withdrawing it, and the day of the petition."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from billing.enums import CorrectionReason
from billing.queries.correction import Redo
from teikyaku.fields import PAST, DateField, MonthField

REDO, WITHDRAW = "redo", "withdraw"

# Of what a correction says beyond its reason, as its column takes it.
NOTE_LENGTH = 200


class PetitionForm(forms.Form):
    """過誤申立: when, and from which month on the new claim is let in."""

    filed_on = DateField(label=_l("過誤申立の日"), around=PAST, help_text=_l("例：11/26"))
    claim_month = MonthField(
        label=_l("再請求する処理月"), required=False,
        help_text=_l("市町村に決められたときだけ、年と月を入れます（西暦でも和暦でも）。"),
    )  # fmt: skip


class CorrectionForm(PetitionForm):
    """出し直す or 取り下げる, why, and the petition where it is filed already."""

    what = forms.ChoiceField(label=_l("どうするか"), widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label=_l("理由"), choices=[("", _l("選んでください")), *CorrectionReason.choices]
    )
    note = forms.CharField(label=_l("くわしい理由"), max_length=NOTE_LENGTH, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ("what", "reason", "note", "filed_on", "claim_month")

    def __init__(self, *args: Any, redo: Redo, asks_petition: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = []
        if redo.can_redo:
            choices.append((REDO, _("出し直す（いまの記録の金額にする）")))
        if redo.can_withdraw:
            choices.append((WITHDRAW, _("取り下げるだけ（この月は請求しない）")))
        self.fields["what"].choices = choices  # type: ignore[attr-defined]
        self.fields["filed_on"].required = False
        self.fields["filed_on"].help_text = _(
            "例：11/26。まだのときは空けておき、あとで記録できます。"
        )
        if not asks_petition:
            del self.fields["filed_on"], self.fields["claim_month"]

    def clean(self) -> dict[str, Any]:
        """その他 wants words; a month for the new claim comes with the petition."""
        data = super().clean() or {}
        if data.get("reason") == CorrectionReason.OTHER and not data.get("note"):
            self.add_error("note", _("「その他」のときは、くわしい理由を入れてください。"))
        if data.get("claim_month") and not data.get("filed_on"):
            self.add_error(
                "filed_on", _("再請求する処理月を入れるときは、過誤申立の日も入れてください。")
            )
        return data
