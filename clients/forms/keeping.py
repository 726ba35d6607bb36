"""Holding a file back from erasing, and the last word before it goes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from teikyaku.fields import DateField


class HoldForm(forms.Form):
    """消去の保留 why, and until when."""

    reason = forms.CharField(
        label=_("保留の理由"),
        max_length=200,
        help_text=_("例：訴訟の資料として必要なため。記録を消去するとき、この理由も消えます。"),
        error_messages={"required": _("保留の理由を入れてください。")},
    )
    until = DateField(
        label=_("保留の最終日"),
        required=False,
        help_text=_("空欄なら、だれかが解くまで保留にします。"),
    )


class EraseForm(forms.Form):
    """消去 the reader says that they know what goes."""

    is_sure = forms.BooleanField(
        label=_("上の記録が消え、元に戻せないことを確かめました"),
        error_messages={
            "required": _("消える記録を見て、確かめてください。確かめたら印を付けます。")
        },
    )


class LiftForm(forms.Form):
    """保留を解く nothing to fill in."""
