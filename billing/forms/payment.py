"""入金: the list's filter, one payment, several at once, taking one back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.enums import PaymentWay
from billing.forms.asking import AskingForm
from billing.queries.payments import Show
from billing.rules.payment import Balance, changed_words, debit_words, surplus_words, surplus_yen
from teikyaku.fields import PAST, DateField, MonthField, YenField
from teikyaku.filter_forms import FilterForm


class PaymentListForm(FilterForm):
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


class TogetherForm(AskingForm):
    """One day and one way for several payments.

    `debit_on` is the last day of a 口座振替 that waits for its result: nothing is paid twice unasked.
    """

    paid_on = DateField(label=_("入金日"), around=PAST)
    way = forms.ChoiceField(label=_("方法"), choices=PaymentWay.choices)

    def __init__(self, *args: Any, debit_on: date | None = None, **kwargs: Any) -> None:
        self.debit_on = debit_on
        super().__init__(*args, **kwargs)

    def questions(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Whether it is paid, although it may be debited."""
        on = self.debit_on
        return {f"debit-{on.isoformat()}": debit_words(on)} if on else {}

    def clean(self) -> dict[str, Any]:
        """`knows_debit`: whoever sends it was asked."""
        return {**super().clean(), "knows_debit": self.debit_on is not None}


class PaymentForm(TogetherForm):
    """What came for one invoice; more than is open is asked about, and recorded all the same.

    `balance` is how the invoice stands; `seen_open_yen` what the page said was open.
    """

    amount_yen = YenField(label=_("入金額"), min_value=1)
    note = forms.CharField(label=_("メモ"), max_length=200, required=False)
    seen_open_yen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ("paid_on", "amount_yen", "way", "note")

    def __init__(self, *args: Any, balance: Balance, **kwargs: Any) -> None:
        self.balance = balance
        super().__init__(*args, **kwargs)

    def questions(self, data: Mapping[str, Any]) -> dict[str, str]:
        """And whether so much came."""
        amount = data.get("amount_yen") or 0
        words = surplus_words(self.balance, amount)
        over = {f"over-{surplus_yen(self.balance, amount)}": words} if words else {}
        return {**super().questions(data), **over}

    def clean(self) -> dict[str, Any]:
        """What is open is still what the page said; `over_yen` is what was ticked as too much."""
        data = super().clean()
        seen = data.get("seen_open_yen")
        if seen is not None and seen != self.balance.open_yen:
            self._tell_anew()
        data["over_yen"] = surplus_yen(self.balance, data.get("amount_yen") or 0)
        return data

    def _tell_anew(self) -> None:
        """The page that comes back says what is open now, so that the next press is about that."""
        self.add_error(None, changed_words(self.balance))
        told = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        told["seen_open_yen"] = str(self.balance.open_yen)
        self.data = told


class CancellationForm(forms.Form):
    """Why a payment is taken back."""

    reason = forms.CharField(label=_("取り消す理由"), max_length=200)
