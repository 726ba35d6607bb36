"""請求ファイルの作り方, and the totals of other services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.enums import InvoiceWay
from teikyaku.accounts.models import Municipality
from teikyaku.fields import CountField, MonthField, YenField


class ClaimSettingForm(forms.Form):
    """What becomes of J111, and whether names are written."""

    invoice_way = forms.ChoiceField(label=_("請求書（J111）"), widget=forms.RadioSelect)
    omits_names = forms.BooleanField(
        label=_("明細書と結果票に氏名カナを書かない"),
        required=False,
        help_text=_("仕様書では、氏名カナは空欄でもよい項目です。受給者証番号で分かります。"),
    )

    first_month = MonthField(
        label=_("ここで請求する最初の月"),
        required=False,
        help_text=_(
            "それより前は、ほかのソフトで請求した月として、まだ請求していない人に数えません。"
            "空欄なら、締めた月はみな数えます。"
        ),
    )

    def __init__(self, *args: Any, shares_number: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [InvoiceWay.TOGETHER, InvoiceWay.APART] if shares_number else [InvoiceWay.OWN]
        self.fields["invoice_way"].choices = [(way.value, way.label) for way in ways]  # type: ignore[attr-defined]


ALONE, APART = "alone", "apart"


class ClaimAloneForm(forms.Form):
    """Asked once before J111 holds this service alone for municipalities without other sums.

    `is_further`: files of the month were made before, so that it may be the second J111.
    """

    way = forms.ChoiceField(
        label=_("上の市町村の、ほかのサービス"),
        widget=forms.RadioSelect,
        choices=[
            (ALONE, _("ほかのサービスの請求はない（就労定着支援だけの請求書にする）")),
            (APART, _("請求書（J111）は入れず、明細書（J121）と実績記録票（J611）だけを作る")),
        ],
        error_messages={
            "required": _("どちらかを選んでください。合計があるときは、先に入れてください。")
        },
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, is_further: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_further:
            way = self.fields["way"]
            way.label = _("上の市町村の請求書（J111）")
            way.choices = [  # type: ignore[attr-defined]
                (APART, _("請求書（J111）は入れず、明細書（J121）と実績記録票（J611）だけを作る")),
                (ALONE, _("就労定着支援だけの請求書（J111）も入れる（同じ受付の月に、同じ市町村の"
                          "請求書をほかに送らないとき）")),
            ]  # fmt: skip
            way.error_messages["required"] = _("どちらかを選んでください。")


class OtherSumForm(forms.Form):
    """ほかのサービスの合計 as the other software's 請求書 has it."""

    municipality = forms.ModelChoiceField(
        label=_("支給市町村"), queryset=Municipality.objects.paying(),
        empty_label=_("選んでください"),
    )  # fmt: skip
    service_type = forms.RegexField(
        r"^[0-9A-Z]{2}$",
        label=_("サービス種類"),
        max_length=2,
        help_text=_("請求書の2文字のコード。例：43"),
        error_messages={"invalid": _("英大文字か数字の2文字です。例：43")},
    )
    count = CountField(label=_("件数"), min_value=1, max_value=99_999)
    units = CountField(label=_("単位数"), min_value=0, max_value=999_999_999)
    total_cost_yen = YenField(label=_("費用合計"))
    benefit_yen = YenField(label=_("給付費請求額"))
    copayment_yen = YenField(
        label=_("利用者負担額"), help_text=_("自治体助成があるときは、引いたあとの額")
    )
    subsidy_yen = YenField(
        label=_("自治体助成額"), required=False, help_text=_("助成がなければ空欄")
    )

    def clean_service_type(self) -> str:
        """Another service than this one."""
        value: str = self.cleaned_data["service_type"]
        if value == "47":
            raise forms.ValidationError(
                _("47（就労定着支援）は、締めた月から計算します。入れなくてかまいません。")
            )
        return value
