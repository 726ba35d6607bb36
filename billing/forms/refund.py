"""返金: what went back for one invoice."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.enums import RefundWay
from teikyaku.fields import PAST, DateField, YenField


class RefundForm(forms.Form):
    """Day, sum and way. `seen_over_yen` is what the page said was to be given back."""

    refunded_on = DateField(label=_("返金した日"), around=PAST)
    amount_yen = YenField(label=_("返金額"), min_value=1)
    way = forms.ChoiceField(label=_("方法"), choices=RefundWay.choices)
    note = forms.CharField(label=_("メモ"), max_length=200, required=False)
    seen_over_yen = forms.IntegerField(widget=forms.HiddenInput, required=False)
