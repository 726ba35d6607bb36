"""Confirming that a fee table goes on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.forms.months import check_months
from billing.tariffs import FeeTables
from teikyaku.fields import MonthField


class SpanForm(forms.Form):
    """Months and source."""

    first_month = MonthField(label=_("最初の月"))
    last_month = MonthField(label=_("最後の月"), required=False, help_text=_("分かるときだけ"))
    source = forms.CharField(
        label=_("根拠"), max_length=200, help_text=_("告示や通知の名前と日付、確かめた人")
    )

    def clean(self) -> dict[str, Any]:
        """The last month is not before the first."""
        data = super().clean() or {}
        check_months(self, data)
        return data


class ConfirmationForm(SpanForm):
    """報酬表の確認."""

    tariff = forms.ChoiceField(label=_("報酬表"))
    field_order = ("tariff",)

    def __init__(self, *args: Any, tables: FeeTables, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._tables = tables
        choices = [(table.name, table.title) for table in tables.tables]
        self.fields["tariff"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """It goes on after its own end, not inside it: two tables for a month are none."""
        data = super().clean()
        own = self._tables.named(data.get("tariff", ""))
        first = data.get("first_month")
        if own is not None and first is not None and first <= own.last_month.last_day:
            message = _("この報酬表は%(month)sまで定められています。その次の月からにしてください。")
            self.add_error("first_month", message % {"month": own.last_month.label})
        return data


class ConfirmationCorrectionForm(SpanForm):
    """報酬表の確認の書き直し, and why."""

    reason = forms.CharField(label=_("書き直す理由"), max_length=100)
