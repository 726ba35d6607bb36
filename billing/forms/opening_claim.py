"""移行前の国保連への請求: the month and its sum, and what was paid for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.forms.asking import AskingForm
from billing.queries.opening_claims import deduction_questions
from teikyaku.accounts.models import Municipality, Office
from teikyaku.fields import PAST, DateField, MonthField, YenField
from teikyaku.periods import Month

_SUM = _(
    "ここで請求する最初の月の1日に、国保連からまだ支払われていなかった額。自治体の助成も、一緒に請求していたら含めます。"
)
_DEDUCTION = ("month", "municipality", "deducted_on", "amount_yen")


class OpeningClaimForm(forms.Form):
    """What was still unpaid of a service month."""

    month = MonthField(label=_("サービスの月"))
    municipality = forms.ModelChoiceField(
        label=_("支給市町村"), queryset=Municipality.objects.paying(), required=False,
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


class OpeningDeductionForm(AskingForm):
    """What was taken off a transfer for such a month of an office; what is unusual is asked about."""

    month = MonthField(label=_("サービスの月"))
    municipality = forms.ModelChoiceField(
        label=_("支給市町村"),
        queryset=Municipality.objects.paying(),
        empty_label=_("選んでください"),
    )
    deducted_on = DateField(label=_("差し引かれた日"), around=PAST)
    amount_yen = YenField(
        label=_("過誤調整額"), min_value=1,
        help_text=_("国保連の通知にある額。自治体の助成も、一緒に差し引かれていたら含めます。"),
    )  # fmt: skip

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        self.office = office
        super().__init__(*args, **kwargs)

    def questions(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Whether it is another one of the same, and whether so much was claimed."""
        if any(data.get(name) is None for name in _DEDUCTION):
            return {}
        return deduction_questions(
            self.office, Month.of(data["month"]), data["municipality"], data["deducted_on"],
            data["amount_yen"],
        )  # fmt: skip


class OpeningClaimWithdrawalForm(forms.Form):
    """Why nothing was owed after all."""

    reason = forms.CharField(label=_("取り下げる理由"), max_length=200)
