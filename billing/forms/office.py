"""The office's own answers: tier of the year, notified additions and reductions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.enums import NotifiedItem, Tier
from teikyaku.fields import DateField, MonthField


class TierForm(forms.Form):
    """就労定着率の区分 of a fiscal year, with the date of the 届出."""

    fiscal_year = forms.IntegerField(label=_("年度（西暦）"), min_value=2018, max_value=2100)
    tier = forms.ChoiceField(label=_("区分"), choices=[("", _("選んでください")), *Tier.choices])
    numerator = forms.IntegerField(label=_("3月31日に続いている人"), min_value=0, required=False)
    denominator = forms.IntegerField(label=_("対象の人"), min_value=1, required=False)
    notified_on = DateField(label=_("届出日"))

    def clean(self) -> dict[str, Any]:
        """The share is at most the whole."""
        data = super().clean() or {}
        part, whole = data.get("numerator"), data.get("denominator")
        if part is not None and whole is not None and part > whole:
            self.add_error("numerator", _("対象の人より多くできません。"))
        return data


class NotificationForm(forms.Form):
    """加算・減算の届出 for a span of months."""

    item = forms.ChoiceField(
        label=_("項目"), choices=[("", _("選んでください")), *NotifiedItem.choices]
    )
    first_month = MonthField(label=_("最初の月"))
    last_month = MonthField(label=_("最後の月"), required=False)
    notified_on = DateField(label=_("届出日"))

    def clean(self) -> dict[str, Any]:
        """The last month is not before the first."""
        data = super().clean() or {}
        first, last = data.get("first_month"), data.get("last_month")
        if first and last and last < first:
            self.add_error("last_month", _("最後の月は最初の月以後にしてください。"))
        return data
