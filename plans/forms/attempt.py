"""会えなかった in two taps, and 取り消す."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.enums import ContactWay
from plans.forms.interview import near_today
from teikyaku.fields import DateField


class AttemptForm(forms.Form):
    """会えなかった: two taps. The way is the button that sends the form."""

    WAYS = (
        (ContactWay.PHONE, _("電話に出なかった")),
        (ContactWay.FACE, _("訪ねたが会えなかった")),
        (ContactWay.MESSAGE, _("メッセージに返事がなかった")),
    )

    held_on = DateField(label=_("日付"))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        near_today(self, on)

    notes = forms.CharField(
        label=_("メモ"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "short"}),
    )
    way = forms.ChoiceField(
        label=_("方法"),
        choices=WAYS,
        widget=forms.HiddenInput,
        error_messages={"required": _("下のボタンから方法を選んでください。")},
    )


class WithdrawForm(forms.Form):
    """取り消す, with why."""

    withdrawal_reason = forms.CharField(
        label=_("取り消す理由"),
        max_length=200,
        help_text=_("例：別の方の記録だった。押しまちがえた。"),
    )
