"""移行前の国保連への請求: the month and its sum, and what was paid for it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from teikyaku.fields import PAST, DateField, MonthField, YenField

_SUM = _(
    "支給市町村を合わせた、ここで請求する最初の月の1日に、国保連からまだ支払われていなかった額。自治体の助成も、一緒に請求していたら含めます。"
)


class OpeningClaimForm(forms.Form):
    """What was still unpaid of a service month."""

    month = MonthField(label=_("サービスの月"))
    amount_yen = YenField(label=_("引き継いだ額"), min_value=1, help_text=_SUM)


class OpeningClaimCorrectionForm(forms.Form):
    """The sum, put right, and why."""

    amount_yen = YenField(label=_("引き継いだ額"), min_value=1, help_text=_SUM)
    reason = forms.CharField(label=_("訂正の理由"), max_length=200)


class OpeningClaimPaymentForm(forms.Form):
    """What was paid on a day."""

    paid_on = DateField(label=_("支払日"), around=PAST)
    amount_yen = YenField(label=_("支払われた額"), min_value=1)


class OpeningClaimWithdrawalForm(forms.Form):
    """Why nothing was owed after all."""

    reason = forms.CharField(label=_("取り下げる理由"), max_length=200)
