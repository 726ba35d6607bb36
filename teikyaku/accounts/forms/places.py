"""Offices with their terms, and municipalities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teikyaku.accounts.models import Municipality, Office, OfficeTerms
from teikyaku.accounts.rules.municipality import (
    PREFECTURES,
    bare_name,
    checks_itself,
    prefecture_of,
)
from teikyaku.accounts.rules.terms import doubts
from teikyaku.fields import DateField, DigitsField, KanaField, PhoneField
from teikyaku.model_forms import formfield
from teikyaku.reasons import Certainty


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
    area_class = forms.ChoiceField(
        label=_("級地"), choices=[("", _("選んでください")), *OfficeTerms.AreaClass.choices]
    )
    unit_price = forms.DecimalField(
        label=_("1単位の単価（円）"),
        min_value=1,
        max_digits=5,
        decimal_places=3,
        help_text=_("例：10.00。級地が「その他」なら10.00円です。"),
    )
    source = forms.CharField(label=_("根拠"), max_length=120, help_text=_("告示や通知の名前と日付"))
    certainty = forms.ChoiceField(
        label=_("確かさ"),
        choices=[("", _("選んでください")), *((each.value, each.label) for each in Certainty)],
        help_text=_("告示で確かめるまでは「未確認」にします。画面に印が出ます。"),
    )
    is_sure = forms.BooleanField(label=_("確かめました。このまま記録します"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The tick comes only where something is unusual."""
        super().__init__(*args, **kwargs)
        self._tick = self.fields.pop("is_sure")
        if self.is_bound:
            self.fields["is_sure"] = self._tick

    def clean(self) -> dict[str, Any]:
        """What is unusual is told at its field, until it is ticked."""
        data = super().clean() or {}
        is_sure = data.pop("is_sure", False)
        found = list(doubts(*(data.get(n) for n in ("area_class", "unit_price", "starts_on"))))
        if not found:
            self.fields.pop("is_sure", None)
        for name, words in () if is_sure else found:
            self.add_error(
                name, _("%(doubt)sよければ、下の印を入れてください。") % {"doubt": words}
            )
        return data


class TermsCorrectionForm(TermsForm):
    """地域区分と単価の訂正: the same questions, the end, and why."""

    ends_on = DateField(label=_("適用終了日"), required=False)
    reason = forms.CharField(label=_("訂正の理由"), max_length=100)

    field_order = (
        "starts_on",
        "ends_on",
        "area_class",
        "unit_price",
        "source",
        "certainty",
        "reason",
        "is_sure",
    )

    def clean(self) -> dict[str, Any]:
        """The end is not before the start."""
        data = super().clean() or {}
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("終了日は開始日以後にしてください。"))
        return data


class MunicipalityForm(forms.ModelForm):  # type: ignore[type-arg]
    """支給市町村."""

    code = DigitsField(label=_("市町村番号"), length=6, help_text=_("受給者証にある数字6桁"))
    kana = KanaField(max_length=80)
    phone = PhoneField(label=_("電話番号"), required=False)

    class Meta:
        model = Municipality
        fields = [
            "code",
            "name",
            "kana",
            "kind",
            "city",
            "department",
            "phone",
            "needs_second_officer",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cities = Municipality.objects.filter(kind=Municipality.Kind.CITY)
        self.fields["city"].queryset = cities  # type: ignore[attr-defined]
        self.fields["city"].help_text = _("区のときだけ選びます。")

    def clean(self) -> dict[str, Any]:
        """A ward has its city, nothing else has one."""
        data = super().clean() or {}
        is_ward = data.get("kind") == Municipality.Kind.WARD
        if is_ward and not data.get("city"):
            self.add_error("city", _("区には政令市を選んでください。"))
        elif not is_ward and data.get("city"):
            self.add_error("city", _("区でないときは空欄にしてください。"))
        return data


class ProposalForm(forms.Form):
    """自治体の仮登録, as it stands on the certificate."""

    prefecture = forms.ChoiceField(
        label=_("都道府県"),
        choices=[("", _("選んでください")), *((name, name) for name in PREFECTURES)],
    )
    name = forms.CharField(
        label=_("市区町村の名前"),
        max_length=40,
        help_text=_("例：聖籠町。政令市の区は「札幌市北区」のように、市の名前から入れます。"),
    )
    kana = KanaField(label=_("ふりがな"), max_length=80)
    code = DigitsField(
        label=_("市町村番号"), length=6, help_text=_("受給者証の「支給市町村」にある数字6桁")
    )
    is_sure = forms.BooleanField(label=_("確かめました。このまま登録します"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The tick comes only where something is unusual."""
        super().__init__(*args, **kwargs)
        self._tick = self.fields.pop("is_sure")
        if self.is_bound:
            self.fields["is_sure"] = self._tick

    def clean_name(self) -> str:
        """Without prefecture and 郡; raises ValidationError for what is no name of a place."""
        name = bare_name(self.cleaned_data["name"])
        if name[-1:] not in set("市区町村") or len(name) < len("某市"):
            raise forms.ValidationError(_("市・区・町・村までの名前を入れてください。"))
        return name

    def clean_code(self) -> str:
        """Raises ValidationError for a number that is on file, naming the place."""
        code = str(self.cleaned_data["code"])
        known = Municipality.objects.filter(code=code).first()
        if known is not None:
            text = _("この番号は「%(name)s」として登録済みです。表では、その名前を使ってください。")
            raise forms.ValidationError(text % {"name": known.full_name})
        return code

    def clean(self) -> dict[str, Any]:
        """What is unusual is told at its field, until it is ticked."""
        data = super().clean() or {}
        is_sure = data.pop("is_sure", False)
        found = list(_doubts(data))
        if not found:
            self.fields.pop("is_sure", None)
        for field, words in () if is_sure else found:
            self.add_error(
                field, _("%(doubt)sよければ、下の印を入れてください。") % {"doubt": words}
            )
        return data

    def municipality(self) -> Municipality:
        """The row, not stored yet."""
        data = self.cleaned_data
        return Municipality(code=data["code"], name=data["name"], kana=data["kana"])


def _doubts(data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The field and what is unusual there. docs/rules.md §4: a wrong check digit warns at most."""
    code, name, prefecture = (str(data.get(key) or "") for key in ("code", "name", "prefecture"))
    if code and not checks_itself(code):
        yield "code", _("最後の数字（検査用）が計算と合いません。受給者証で確かめてください。")
    if code and prefecture and prefecture_of(code) != prefecture:
        begins = prefecture_of(code) or _("どの都道府県でもありません")
        yield (
            "code",
            _("はじめの2桁が、選んだ都道府県と合いません（%(begins)s）。") % {"begins": begins},
        )
    alike = [each for each in Municipality.objects.paying() if name in (each.name, each.full_name)]
    if name and alike:
        codes = "、".join(each.code for each in alike)
        text = _(
            "同じ名前の市区町村が、番号 %(codes)s で登録されています。別の自治体か確かめてください。"
        )
        yield "name", text % {"codes": codes}
