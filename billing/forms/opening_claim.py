"""移行前の国保連への請求: the month and its sum, and what was paid for it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from teikyaku.accounts.models import Municipality
from teikyaku.fields import PAST, DateField, MonthField, YenField

_SUM = _(
    "ここで請求する最初の月の1日に、国保連からまだ支払われていなかった額。自治体の助成も、一緒に請求していたら含めます。"
)
# Who decides and pays: a city with wards is none.
_PAYING = Municipality.objects.exclude(kind="city").select_related("city")


class OpeningClaimForm(forms.Form):
    """What was still unpaid of a service month."""

    month = MonthField(label=_("サービスの月"))
    municipality = forms.ModelChoiceField(
        label=_("支給市町村"), queryset=_PAYING, required=False,
        empty_label=_("分けない（全部の市町村を合わせた額）"),
        help_text=_("国保連の通知は市町村ごとです。分けて入れると、市町村ごとに支払いを照らせます。"),
    )  # fmt: skip
    amount_yen = YenField(label=_("引き継いだ額"), min_value=1, help_text=_SUM)


class OpeningClaimCorrectionForm(forms.Form):
    """The sum, put right, and why."""

    amount_yen = YenField(label=_("引き継いだ額"), min_value=1, help_text=_SUM)
    reason = forms.CharField(label=_("訂正の理由"), max_length=200)


class OpeningClaimPaymentForm(forms.Form):
    """What was paid on a day."""

    paid_on = DateField(label=_("支払日"), around=PAST)
    amount_yen = YenField(label=_("支払われた額"), min_value=1)


class OpeningDeductionForm(forms.Form):
    """What was taken off a transfer for such a month."""

    month = MonthField(label=_("サービスの月"))
    municipality = forms.ModelChoiceField(
        label=_("支給市町村"), queryset=_PAYING, empty_label=_("選んでください")
    )
    deducted_on = DateField(label=_("差し引かれた日"), around=PAST)
    amount_yen = YenField(
        label=_("過誤調整額"), min_value=1,
        help_text=_("国保連の通知にある額。自治体の助成も、一緒に差し引かれていたら含めます。"),
    )  # fmt: skip


class OpeningClaimWithdrawalForm(forms.Form):
    """Why nothing was owed after all."""

    reason = forms.CharField(label=_("取り下げる理由"), max_length=200)
