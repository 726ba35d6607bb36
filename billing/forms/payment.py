"""入金: the list's filter, one payment, several at once, taking one back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.enums import PaymentWay
from billing.queries.payments import Show
from teikyaku.fields import PAST, DateField, MonthField, YenField


class PaymentListForm(forms.Form):
    """Search and filters of the list; everything lives in the URL."""

    q = forms.CharField(label=_("氏名・かな"), required=False, max_length=80)
    show = forms.ChoiceField(label=_("表示"), required=False, choices=Show.choices)
    month = MonthField(label=_("サービスの月"), required=False, help_text=_("例：2026-04"))

    @property
    def chosen(self) -> dict[str, Any]:
        """`show`, `text` and `month` as the query takes them; nonsense is left out."""
        self.is_valid()
        data = self.cleaned_data
        month: date | None = data.get("month")
        return {"show": data.get("show") or Show.OPEN, "text": data.get("q", ""), "month": month}


class TogetherForm(forms.Form):
    """One day and one way for several payments."""

    paid_on = DateField(label=_("入金日"), around=PAST)
    way = forms.ChoiceField(label=_("方法"), choices=PaymentWay.choices)


class PaymentForm(TogetherForm):
    """What came for one invoice. `seen_open_yen` is what the page said was open."""

    amount_yen = YenField(label=_("入金額"), min_value=1)
    note = forms.CharField(label=_("メモ"), max_length=200, required=False)
    seen_open_yen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ("paid_on", "amount_yen", "way", "note")


class CancellationForm(forms.Form):
    """Why a payment is taken back."""

    reason = forms.CharField(label=_("取り消す理由"), max_length=200)
