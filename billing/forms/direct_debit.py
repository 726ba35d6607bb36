"""口座振替: the contract, an account, the debit day, the result file, taking a file back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from billing.models.direct_debit import AccountKind
from billing.rules.direct_debit import DebitCode
from teikyaku.fields import AHEAD, PAST, DateField, DigitsField
from teikyaku.filter_forms import FilterForm

MAX_BYTES = 1024 * 1024
MOST_AHEAD = 366


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
    usual_day = forms.IntegerField(
        label=_("毎月の振替日（日）"), min_value=1, max_value=31, initial=27,
        help_text=_("休みの日にあたる月は、次の営業日を出します。金融機関に確かめてください。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-short"}),
    )  # fmt: skip
    lead_days = forms.IntegerField(
        label=_("ファイルを送る期限（振替日の何日前）"), min_value=0, max_value=31,
        help_text=_(
            "金融機関との契約にある日数を、休みの日も数えて入れます。請求書に書く振替日も、これで決まります。"
            "0は、振替日の当日まで受け付ける契約のときだけです。"
        ),
        error_messages={
            "required": _("契約にある日数を入れてください。分からないときは、金融機関に確かめてください。")
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-short"}),
    )  # fmt: skip
    field_order = ("collector_code", "collector_name")


class DebitAccountForm(_BankForm):
    """An account as the written consent says it."""

    holder_kana = forms.CharField(
        label=_("口座名義（カナ）"), max_length=30, help_text=_("通帳のとおりに。例：ミホン タロウ")
    )
    consented_on = DateField(label=_("依頼書の日付"), around=PAST)
    starts_on = DateField(label=_("使いはじめる日"))
    was_debited_before = forms.BooleanField(
        label=_("ほかのソフトで、この口座から振り替えたことがある"),
        required=False,
        help_text=_("チェックすると、最初のファイルでも新規コードを「0」にします。"),
    )


class AccountEndForm(forms.Form):
    """The last day on which an account is debited."""

    ends_on = DateField(
        label=_("使いおわる日"),
        required=False,
        help_text=_("空にして保存すると、やめずに使い続けます。例：12/10、2026-12-10"),
    )


class DebitDayForm(FilterForm):
    """The day of the debit: today at the earliest, and within a year."""

    debit_on = DateField(label=_("振替日"), around=AHEAD)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_debit_on(self) -> date:
        """Raises ValidationError for a day that no file is made for."""
        day: date = self.cleaned_data["debit_on"]
        if day < self._today:
            raise ValidationError(_t("振替日は今日以後にしてください。"))
        if (day - self._today).days > MOST_AHEAD:
            raise ValidationError(_t("1年先までの日にしてください。"))
        return day

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


class DebitTypedForm(forms.Form):
    """What the bank says on paper of each debit: done, unless one says otherwise.

    `rows`: key of the debit, whose it is, and the debit itself for the page.
    """

    def __init__(self, *args: Any, rows: Sequence[tuple[UUID, str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = rows
        for key, name, _entry in rows:
            label = _("%(name)sの結果") % {"name": name}
            self.fields[f"code_{key}"] = forms.ChoiceField(
                label=label,
                choices=[(each.value, each.label) for each in DebitCode],
                initial=DebitCode.PAID.value,
                widget=forms.Select(attrs={"aria-label": label, "class": "w-medium"}),
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each debit with its field."""
        return [
            {"entry": entry, "name": name, "code": self[f"code_{key}"]}
            for key, name, entry in self.entries
        ]

    @property
    def codes(self) -> dict[UUID, str]:
        """Key of the debit → its code."""
        return {key: self.cleaned_data[f"code_{key}"] for key, _name, _entry in self.entries}


class DebitWithdrawalForm(forms.Form):
    """Why a file does not count."""

    reason = forms.CharField(label=_("取り下げる理由"), max_length=200)
