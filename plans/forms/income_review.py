"""収入状況の見直し: one row of the table is one form; a row that nobody touched says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.enums import Category
from plans.actions.caps import Cap
from plans.models import CapPeriod
from plans.queries.income_review import ReviewRow
from teikyaku.fields import MonthField, YenField

TYPED = ("category", "cap_yen", "category_reason")
# What the category and the tax year give already: folded away until somebody needs it.
RARE = ("cap_yen", "first_month", "last_month", "category_reason")


def prefix_of(cap: CapPeriod) -> str:
    """What the fields of a cap's row begin with."""
    return f"c{cap.pk}"


class ReviewRowForm(forms.Form):
    """次の負担上限月額 of one person. Its prefix is the key of the cap that runs out.

    It is short because it stands fifteen times in a row; the id beside it says which caps are meant.
    """

    is_saved = False
    """Whether the row was stored a moment ago, while others came back."""

    category = forms.ChoiceField(label=_("区分"), required=False)
    cap_yen = YenField(label=_("上限月額（円）"), required=False)
    first_month = MonthField(label=_("最初の月"), help_text="")
    last_month = MonthField(label=_("最後の月"), help_text="")
    category_reason = forms.CharField(label=_("計算とちがう理由"), max_length=200, required=False)

    def __init__(
        self, row: ReviewRow, caps_yen: Mapping[Any, int], data: Any = None, *, fill: bool = False
    ) -> None:
        """`caps_yen`: the usual cap of each category; `fill`: propose what the household leads to."""
        self.row, self.caps_yen = row, {str(key): value for key, value in caps_yen.items()}
        initial = _proposed(row) if fill and row.is_suggested else {}
        if row.months is not None:
            initial["first_month"] = row.months.first_month.first_day
            initial["last_month"] = row.months.last_month.first_day
        super().__init__(data, prefix=prefix_of(row.cap), initial=initial)
        field: Any = self.fields["category"]
        field.choices = [
            ("", _("そのまま")),
            *((key, f"{label} {self.caps_yen[key]:,}円") for key, label in Category.choices),
        ]
        self.fields["cap_yen"].widget.attrs["placeholder"] = _("区分の額")

    def is_touched(self) -> bool:
        """Whether anything was entered; months alone count where they were changed."""
        if any(self.data.get(self.add_prefix(name), "").strip() for name in TYPED):
            return True
        months = ("first_month", "last_month")
        return any(
            self.fields[name].has_changed(self.initial.get(name), self[name].data)
            for name in months
        )

    @property
    def rarely_changed(self) -> list[forms.BoundField]:
        """The fields that are mostly left as they are."""
        return [self[name] for name in RARE]

    @property
    def is_wrong(self) -> bool:
        """Whether the row came back with something to mend: it is not folded away."""
        return self.is_bound and bool(self.errors)

    @property
    def chosen_label(self) -> str:
        """The category that stands in the row, in its words; "" where it is left as it is."""
        field: Any = self.fields["category"]
        value = self["category"].value() or ""
        return str(dict(field.choices).get(value, "")) if value else ""

    @property
    def is_unfolded(self) -> bool:
        """Whether one of them holds something of its own, or is wrong."""
        if not self.is_bound:
            return False
        return any(
            self.errors.get(name) or self.fields[name].has_changed(self.initial.get(name), self[name].data)
            for name in RARE
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A category is chosen; without an amount it is the category's own."""
        data = super().clean() or {}
        if not data.get("category"):
            self.add_error("category", _("区分を選んでください。"))
        elif data.get("cap_yen") is None and "cap_yen" not in self.errors:
            data["cap_yen"] = self.caps_yen[data["category"]]
        first, last = data.get("first_month"), data.get("last_month")
        if first and last and last < first:
            self.add_error("last_month", _("終わりは始まり以後にしてください。"))
        return data

    def cap(self) -> Cap:
        """The next cap; who manages it stays, except for 0 yen."""
        data, known = self.cleaned_data, self.row.cap
        cap = Cap(
            first_month=data["first_month"],
            last_month=data["last_month"],
            category=data["category"],
            cap_yen=data["cap_yen"],
            category_reason=data["category_reason"],
        )
        return cap.managed_as(known)


def _proposed(row: ReviewRow) -> dict[str, Any]:
    found = row.household.result
    return {"category": found.category.value} if found.category else {}
