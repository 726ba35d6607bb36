"""Forms of the dated facts about a person, one per kind."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.forms.address import address_inside
from clients.models import (
    ClientName,
    Disability,
    HouseholdFact,
    PriorService,
    RelatedPerson,
    Residence,
)
from teikyaku.fields import EARLIEST_BIRTH, DateField, PhoneField, YenField
from teikyaku.kana import plain_kana
from teikyaku.model_forms import FactForm, formfield


class NameForm(FactForm):
    """氏名: a new name from a day on."""

    class Meta:
        model = ClientName
        fields = ["name", "kana", "starts_on"]
        formfield_callback = formfield

    def clean_name(self) -> str:
        """Without blanks around it."""
        name: str = self.cleaned_data["name"]
        return name.strip()

    def clean_kana(self) -> str:
        """In hiragana, as lists show it."""
        return plain_kana(self.cleaned_data["kana"])


class BirthDateForm(forms.Form):
    """生年月日の訂正."""

    birth_date = DateField(label=_("生年月日"), earliest=EARLIEST_BIRTH)
    reason = forms.CharField(
        label=_("訂正の理由"),
        max_length=100,
        help_text=_("例：書き間違い。元の値は履歴に残ります。"),
    )


class ResidenceForm(FactForm):
    """住所: where the person lives from a day on."""

    class Meta:
        model = Residence
        fields = ["municipality", "postal_code", "address", "starts_on", "is_protected"]
        formfield_callback = formfield


class WardResidenceForm(FactForm):
    """住所 inside one's own ward, as its officer records it."""

    class Meta:
        model = Residence
        fields = ["postal_code", "address", "starts_on", "is_protected"]
        formfield_callback = formfield

    def clean_address(self) -> str:
        """Without city and ward; another ward's is a slip, as at the reception."""
        return address_inside(self.cleaned_data["address"], self.instance.municipality)


class DisabilityForm(FactForm):
    """障害種別 and handbook."""

    class Meta:
        model = Disability
        fields = ["kind", "handbook", "starts_on", "ends_on"]
        formfield_callback = formfield


class HouseholdForm(FactForm):
    """世帯の収入状況 for a span of months."""

    income_levy_yen = YenField(
        label=_("所得割額（円）"),
        required=False,
        help_text=_("政令市では調整後の額を入れます。通知書の額とは違うことがあります。"),
    )

    gross_salary_yen = YenField(
        label=_("前年の給与収入（円）"),
        required=False,
        help_text=_("課税かどうか分からないときだけ。手取りではなく、税や保険料を引く前の額です。"),
    )

    class Meta:
        model = HouseholdFact
        fields = [
            "first_month", "last_month", "receives_public_assistance", "lives_in_group_home",
            "is_in_facility", "is_taxed", "gross_salary_yen", "has_spouse", "is_spouse_taxed",
            "income_levy_yen",
        ]  # fmt: skip
        help_texts = {
            "is_in_facility": _("20歳以上のときだけ区分が変わります。年齢は生年月日から数えます。"),
        }
        formfield_callback = formfield


class RelatedPersonForm(FactForm):
    """関係者: guardian, family, payer."""

    class Meta:
        model = RelatedPerson
        fields = [
            "kind", "name", "kana", "phone", "postal_code", "address", "may_sign", "gets_post",
            "is_payer", "starts_on", "ends_on",
        ]  # fmt: skip
        formfield_callback = formfield


class PriorServiceForm(FactForm):
    """就職前のサービス利用."""

    class Meta:
        model = PriorService
        fields = ["kind", "office_name", "starts_on", "ends_on", "is_during_employment"]
        formfield_callback = formfield


class ContactForm(forms.Form):
    """連絡先と配慮: telephone, mail, what to mind."""

    phone = PhoneField(label=_("電話番号"), required=False)
    email = forms.EmailField(label=_("メールアドレス"), required=False)
    notes = forms.CharField(
        label=_("配慮すること"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例：朝は電話に出にくい。大きな声が苦手。"),
    )

    def changes(self) -> dict[str, Any]:
        """The cleaned values."""
        return dict(self.cleaned_data)
