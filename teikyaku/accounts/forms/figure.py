"""Corrections of figures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teikyaku import figures
from teikyaku.fields import MonthField
from teikyaku.periods import Month


class FigureForm(forms.Form):
    """制度の数値の訂正 for a span of months."""

    value = forms.CharField(label=_("値"), max_length=80)
    first_month = MonthField(label=_("最初の月"))
    last_month = MonthField(label=_("最後の月"), required=False)
    source = forms.CharField(
        label=_("根拠"), max_length=200, help_text=_("通知の名前と日付、確かめた相手")
    )

    def __init__(self, *args: Any, key: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key = key
        words = figures.choices_of(key)
        if words:
            self.fields["value"].help_text = _("%(words)sのどれか") % {"words": "・".join(words)}

    def clean_value(self) -> str:
        """The value as the figure has it: whole numbers in plain digits."""
        try:
            return str(figures.typed_value(self.key, self.cleaned_data["value"]))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """The last month is not before the first."""
        data = super().clean() or {}
        first, last = data.get("first_month"), data.get("last_month")
        if first and last and Month.of(last) < Month.of(first):
            self.add_error("last_month", _("最後の月は最初の月以後にしてください。"))
        return data


class FigureCorrectionForm(FigureForm):
    """A correction that was itself written wrongly, and why."""

    reason = forms.CharField(
        label=_("書き直す理由"), max_length=100, help_text=_("元の値は履歴に残ります。")
    )


class WithdrawForm(forms.Form):
    """訂正の取消し and why."""

    reason = forms.CharField(label=_("取り消す理由"), max_length=100)
