"""仕訳: from which day to which."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from teikyaku.fields import PAST, DateField
from teikyaku.filter_forms import FilterForm
from teikyaku.periods import Month

MOST_DAYS = 366


class JournalForm(FilterForm):
    """The first and last day; without an answer the month before."""

    first = DateField(label=_("最初の日"), around=PAST)
    last = DateField(label=_("最後の日"), around=PAST)

    def __init__(self, data: Any, *, today: date) -> None:
        month = Month.of(today) - 1
        self._days = month.first_day, month.last_day
        first, last = self._days
        super().__init__(
            data if data.keys() & {"first", "last"}
            else {"first": first.isoformat(), "last": last.isoformat()}
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The days in order, a year at most: each on its own error."""
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            raise ValidationError({"last": _t("最後の日は最初の日以後にしてください。")})
        if first and last and last - first >= timedelta(days=MOST_DAYS):
            raise ValidationError({"last": _t("1年分までにしてください。")})
        return data

    @property
    def days(self) -> tuple[date, date]:
        """The days that were asked for; the month before where they are nonsense."""
        if not self.is_valid():
            return self._days
        return self.cleaned_data["first"], self.cleaned_data["last"]
