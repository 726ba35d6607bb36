"""Offices with their terms, and corrections of figures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teikyaku import figures
from teikyaku.accounts.models import Office, OfficeTerms
from teikyaku.fields import DateField, DigitsField, MonthField, PhoneField
from teikyaku.model_forms import formfield
from teikyaku.periods import Month


class OfficeForm(forms.ModelForm):  # type: ignore[type-arg]
    """事業所."""

    number = DigitsField(label=_("事業所番号"), length=10, help_text=_("数字10桁"))
    phone = PhoneField(label=_("電話番号"), required=False)

    class Meta:
        model = Office
        fields = [
            "number", "name", "kana", "corporation", "postal_code", "address", "phone",
            "bank_account", "shares_number", "opened_on", "closed_on",
        ]  # fmt: skip
        formfield_callback = formfield


class TermsForm(forms.Form):
    """地域区分と単価 from a day on."""

    starts_on = DateField(label=_("適用開始日"))
    area_class = forms.ChoiceField(label=_("級地"), choices=OfficeTerms.AreaClass.choices)
    unit_price = forms.DecimalField(
        label=_("1単位の単価（円）"),
        min_value=1,
        max_digits=5,
        decimal_places=3,
        help_text=_("例：10.00"),
    )
    source = forms.CharField(label=_("根拠"), max_length=120, help_text=_("告示や通知の名前と日付"))


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

    def clean_value(self) -> str:
        """The value in the form that the figure has."""
        try:
            figures.typed_value(self.key, self.cleaned_data["value"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return str(self.cleaned_data["value"]).strip()

    def clean(self) -> dict[str, Any]:
        """The last month is not before the first."""
        data = super().clean() or {}
        first, last = data.get("first_month"), data.get("last_month")
        if first and last and Month.of(last) < Month.of(first):
            self.add_error("last_month", _("最後の月は最初の月以後にしてください。"))
        return data
