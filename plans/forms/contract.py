"""利用契約 and its report to the municipality."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teikyaku.fields import NEAR, PAST, DateField, MonthField


class ContractForm(forms.Form):
    """重要事項説明と利用契約."""

    explained_on = DateField(label=_("重要事項を説明した日"), around=NEAR)
    signed_on = DateField(label=_("契約日"), around=NEAR)
    starts_on = DateField(label=_("利用開始日"), around=NEAR, offers=())
    contracted_amount = forms.CharField(label=_("契約支給量"), max_length=40, required=False)
    entry_number = forms.IntegerField(
        label=_("事業者記入欄の番号"), min_value=1, max_value=99, initial=1
    )
    initial_addition_month = MonthField(
        label=_("初期加算を算定する月"),
        required=False,
        help_text=_("算定しないときは空欄。ふつうは利用開始の月です。例：2026-04"),
    )

    def clean(self) -> dict[str, Any]:
        """Explained, signed, started: in this order."""
        data = super().clean() or {}
        explained, signed, starts = (
            data.get(name) for name in ("explained_on", "signed_on", "starts_on")
        )
        if explained and signed and signed < explained:
            self.add_error("signed_on", _("契約日は、重要事項を説明した日以後にしてください。"))
        if signed and starts and starts < signed:
            self.add_error("starts_on", _("利用開始日は契約日以後にしてください。"))
        return data


class ContractReportForm(forms.Form):
    """契約内容報告書 went to the municipality."""

    on = DateField(label=_("契約内容報告書を送った日"), around=PAST)
