"""請求ファイルを確かめる: the file, and from which line on it is shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Some 2,000 people's statements: more than any office has.
MAX_BYTES = 1024 * 1024
_NOT_A_LINE = _("行の番号を、1以上の数字で入れてください。")


class ClaimFileForm(forms.Form):
    """The file is read once and kept nowhere."""

    file = forms.FileField(
        label=_("請求ファイル"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=_(
            "国保連に送るCSV（請求書・明細書、実績記録票、上限額管理結果票）。1MBまで。保存しません。"
        ),
        allow_empty_file=True,
        max_length=255,
        error_messages={
            "required": _("ファイルを選んでください。"),
            "invalid": _("ファイルを選んでください。"),
            "max_length": _("ファイルの名前が長すぎます。短くしてから選んでください。"),
        },
    )
    first = forms.IntegerField(
        label=_("何行目から見るか"),
        required=False,
        min_value=1,
        max_value=9_999_999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-short"}),
        help_text=_("空欄なら、指摘のある最初の行から見せます。"),
        error_messages={
            "invalid": _NOT_A_LINE,
            "min_value": _NOT_A_LINE,
            "max_value": _("行の番号が大きすぎます。"),
        },
    )

    def clean_file(self) -> Any:
        """The file; told before it is read where it is too large."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(
                _(
                    "ファイルが大きすぎます（1MBまで）。分けるか、システム管理者に check_claim_file を頼んでください。"
                ),
                code="size",
            )
        return file
