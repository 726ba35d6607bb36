"""Letters, the settings of a ward's papers, and its range of certificate numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.documents import Addressee, LetterHead
from plans.forms.judged import Check
from plans.models import PaperSetting
from plans.models.number_range import NUMBER_DIGITS
from teikyaku.constraints import add_errors
from teikyaku.fields import DateField, DigitsField, PostalCodeField
from teikyaku.model_forms import formfield


class LetterForm(forms.Form):
    """A letter's day, reference and addressee; `is_again` asks why it is made again."""

    issued_on = DateField(label=_("文書の日付"))
    reference = forms.CharField(
        label=_("文書番号"),
        max_length=40,
        required=False,
        help_text=_("区の番号を付けるとき。例：見本第123号"),
    )
    to_name = forms.CharField(
        label=_("宛名（本人でないとき）"),
        max_length=80,
        required=False,
        help_text=_("空欄なら、本人の住所あてです。支援措置の住所は印刷しません。"),
    )
    to_postal_code = PostalCodeField(label=_("宛先の郵便番号"), required=False)
    to_address = forms.CharField(label=_("宛先の住所"), max_length=160, required=False)
    note = forms.CharField(
        label=_("書き添えること"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reason = forms.CharField(
        label=_("作り直す理由"),
        max_length=200,
        help_text=_("前の文書を訂正したものとして、文書に入ります。"),
    )

    def __init__(
        self, *args: Any, is_again: bool = False, checks: Sequence[Check] = (), **kwargs: Any
    ) -> None:
        """`checks` raise what the action would refuse of the days that were typed well."""
        super().__init__(*args, **kwargs)
        self.checks = checks
        if not is_again:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        """An address without a name is nobody's."""
        data = super().clean() or {}
        if (data.get("to_address") or data.get("to_postal_code")) and not data.get("to_name"):
            self.add_error("to_name", _("宛名を入れてください。"))
        for check in self.checks:
            try:
                check(data)
            except forms.ValidationError as error:
                add_errors(self, error)
        return data

    def head(self) -> LetterHead:
        """The letter's own facts; it gets its number when it is made."""
        data = self.cleaned_data
        to = None
        if data["to_name"]:
            lines = (data["to_address"],) if data["to_address"] else ()
            to = Addressee(data["to_name"], data["to_postal_code"], lines)
        return LetterHead("", data["issued_on"], data["reference"], data["note"], to)


class ReminderForm(LetterForm):
    """更新のお知らせ: also until when to apply."""

    apply_by = DateField(label=_("この日までに申請"))

    field_order = ("issued_on", "apply_by")


class RemakeForm(forms.Form):
    """受給者証のPDFを作り直す."""

    reason = forms.CharField(
        label=_("作り直す理由"), max_length=200, help_text=_("例：氏名の漢字を直した")
    )


class PaperSettingForm(forms.ModelForm):  # type: ignore[type-arg]
    """文書の設定."""

    class Meta:
        model = PaperSetting
        fields = [
            "seals_certificate", "signer", "postal_code", "address", "phone", "rights_text",
            "is_rights_confirmed",
        ]  # fmt: skip
        widgets = {"rights_text": forms.Textarea(attrs={"rows": 8})}
        formfield_callback = formfield

    def clean(self) -> dict[str, Any]:
        """A draft that nobody touched stays a draft: it follows the figures."""
        data = super().clean() or {}
        typed = data.get("rights_text", "").replace("\r\n", "\n").strip()
        is_untouched = typed == str(self.initial.get("rights_text", "")).strip()
        is_stored = bool(self.instance.rights_text)
        if is_untouched and not is_stored and not data.get("is_rights_confirmed"):
            data["rights_text"] = ""
        return data


class NumberRangeForm(forms.Form):
    """受給者証番号の範囲."""

    first_number = DigitsField(label=_("最初の番号"), length=NUMBER_DIGITS, help_text=_("数字10桁"))
    last_number = DigitsField(label=_("最後の番号"), length=NUMBER_DIGITS, help_text=_("数字10桁"))

    def clean(self) -> dict[str, Any]:
        """The last number is not before the first."""
        data = super().clean() or {}
        first, last = data.get("first_number"), data.get("last_number")
        if first and last and last < first:
            self.add_error("last_number", _("最後の番号は最初の番号以後にしてください。"))
        return data
