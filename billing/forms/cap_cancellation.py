"""上限額管理結果票を取り消す: whose, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from billing.enums import CapCancelReason
from billing.queries.cap_sheets import SentSheet


class CapCancellationForm(forms.Form):
    """Which of the `sheets` that are due are cancelled in one file, with one reason."""

    people = forms.TypedMultipleChoiceField(
        label=_l("取り消す結果票"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.ChoiceField(
        label=_l("理由"), choices=[("", _l("選んでください")), *CapCancelReason.choices]
    )
    note = forms.CharField(label=_l("くわしい理由"), max_length=200, required=False)

    def __init__(self, *args: Any, sheets: Sequence[SentSheet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (each.entry.pk, self._told(each)) for each in sheets
        ]
        if "people" not in self.initial:
            self.initial["people"] = [each.entry.pk for each in sheets]
        reasons = {each.reason for each in sheets}
        if len(reasons) == 1:
            self.initial.setdefault("reason", reasons.pop())

    @staticmethod
    def _told(each: SentSheet) -> str:
        return _("%(name)s（受給者証 %(number)s、%(file)s で送付）　%(fault)s") % {
            "name": each.name, "number": each.row.certificate_number, "file": each.entry.file.name,
            "fault": each.fault,
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """その他 wants words."""
        data = super().clean() or {}
        if data.get("reason") == CapCancelReason.OTHER and not data.get("note"):
            self.add_error("note", _("「その他」のときは、くわしい理由を入れてください。"))
        return data
