"""口座振替: the contract, an account, the debit day, the result file, taking a file back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from billing.models.direct_debit import AccountKind
from teikyaku.fields import AHEAD, PAST, DateField, DigitsField

MAX_BYTES = 1024 * 1024


class _BankForm(forms.Form):
    bank_code = DigitsField(label=_("金融機関コード"), length=4)
    bank_name = forms.CharField(
        label=_("金融機関名（カナ）"),
        max_length=15,
        help_text=_("例：カクウ（「ギンコウ」は書きません）"),
    )
    branch_code = DigitsField(label=_("支店コード"), length=3)
    branch_name = forms.CharField(label=_("支店名（カナ）"), max_length=15)
    kind = forms.ChoiceField(
        label=_("預金種目"), choices=AccountKind.choices, initial=AccountKind.ORDINARY
    )
    number = DigitsField(label=_("口座番号"), length=7)


class DebitSettingForm(_BankForm):
    """What the bank gave the office with its contract."""

    collector_code = DigitsField(label=_("委託者コード"), length=10)
    collector_name = forms.CharField(label=_("委託者名（カナ）"), max_length=40)
    ends_lines = forms.BooleanField(
        label=_("レコードの終わりに改行（CR LF）を入れる"),
        required=False,
        help_text=_("金融機関に確かめてください。"),
    )
    field_order = ("collector_code", "collector_name")


class DebitAccountForm(_BankForm):
    """An account as the written consent says it."""

    holder_kana = forms.CharField(
        label=_("口座名義（カナ）"), max_length=30, help_text=_("通帳のとおりに。例：ミホン タロウ")
    )
    consented_on = DateField(label=_("依頼書の日付"), around=PAST)
    starts_on = DateField(label=_("使いはじめる日"))


class AccountEndForm(forms.Form):
    """The last day on which an account is debited."""

    ends_on = DateField(label=_("使いおわる日"))


class DebitDayForm(forms.Form):
    """The day of the debit."""

    debit_on = DateField(label=_("振替日"), around=AHEAD)

    def day(self, otherwise: date) -> date:
        """The day that was asked for; `otherwise` where it is nonsense."""
        return self.cleaned_data["debit_on"] if self.is_valid() else otherwise


class DebitResultForm(forms.Form):
    """The file that the bank sent back; it is read once and kept nowhere."""

    file = forms.FileField(
        label=_("結果ファイル"),
        help_text=_("金融機関から受け取ったままのファイル。1MBまで。保存しません。"),
        max_length=255,
        error_messages={"required": _("ファイルを選んでください。")},
    )

    def clean_file(self) -> Any:
        """The file; told before it is read where it is too large."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_t("ファイルが大きすぎます。1MBまでです。"))
        return file


class DebitWithdrawalForm(forms.Form):
    """Why a file does not count."""

    reason = forms.CharField(label=_("取り下げる理由"), max_length=200)
