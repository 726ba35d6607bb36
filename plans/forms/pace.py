"""面談の間隔の決定."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PaceForm(forms.Form):
    """間隔の決定: accept or decline the suggestion."""

    answer = forms.ChoiceField(
        label=_("決めること"),
        choices=[("yes", _("間隔をゆるめる")), ("no", _("見送る"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("理由"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].asked_when = _("見送るとき必須")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Declining needs a reason."""
        data = super().clean() or {}
        if data.get("answer") == "no" and not data.get("reason"):
            self.add_error("reason", _("見送る理由を入れてください。"))
        return data


class MonthlyForm(forms.Form):
    """毎月に戻す by hand, with its reason."""

    reason = forms.CharField(
        label=_("理由"), max_length=200,
        error_messages={"required": _("毎月に戻す理由を入れてください。")},
    )  # fmt: skip
