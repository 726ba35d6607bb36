"""運営指導の綴り: over which months, and what is bound."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from billing.rules.binder import BinderPart
from teikyaku.fields import MonthField
from teikyaku.filter_forms import FilterForm
from teikyaku.periods import Month

# Three years of use and the month in which the window closes.
MOST_MONTHS = 37


class BinderPartsForm(FilterForm):
    """What is bound of a month."""

    part = forms.MultipleChoiceField(
        label=_("入れるもの"),
        choices=[(part.value, part.label) for part in BinderPart],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}),
        error_messages={"required": _("入れるものを1つ以上選んでください。")},
    )

    @property
    def parts(self) -> tuple[BinderPart, ...]:
        """The chosen parts in their order."""
        chosen = self.cleaned_data["part"]
        return tuple(part for part in BinderPart if part.value in chosen)


class BinderForm(BinderPartsForm):
    """The span as well, both months included."""

    first = MonthField(label=_("最初の月"))
    last = MonthField(label=_("最後の月"))
    field_order = ("first", "last", "part")

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        """`on`: the day as of which it is bound; of months that have not come nothing is there."""
        super().__init__(*args, **kwargs)
        self.on = on

    @property
    def span(self) -> tuple[Month, Month]:
        """First and last month."""
        return Month.of(self.cleaned_data["first"]), Month.of(self.cleaned_data["last"])

    def clean(self) -> dict[str, Any]:
        """The months come in their order and are not too many."""
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if not first or not last:
            return data
        if Month.of(first) > Month.of(self.on):
            self.add_error("first", _now("まだ来ていない月です。"))
        elif last < first:
            self.add_error("last", _now("最後の月は、最初の月と同じか後にしてください。"))
        elif Month.of(last) - Month.of(first) >= MOST_MONTHS:
            text = _now("一度に綴れるのは%(n)sか月までです。期間を分けてつくってください。")
            self.add_error("last", text % {"n": MOST_MONTHS})
        return data
