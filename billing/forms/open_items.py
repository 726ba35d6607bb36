"""ある日の未入金: the day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from teikyaku.fields import PAST, DateField
from teikyaku.filter_forms import FilterForm


class OpenItemsForm(FilterForm):
    """The day as of which the page tells; not one to come."""

    on = DateField(label=_("基準日"), around=PAST)

    def __init__(self, data: Mapping[str, Any] | None, *, today: date) -> None:
        """`today` is the last day that can be asked for, and the one without an answer."""
        super().__init__(data)
        self._today = today

    def clean_on(self) -> date:
        """The day itself. Raises ValidationError for a day to come."""
        day: date = self.cleaned_data["on"]
        if day > self._today:
            raise ValidationError(_t("今日までの日を入れてください。"))
        return day

    @property
    def day(self) -> date:
        """The day that was asked for; today where it is nonsense."""
        if not self.is_valid():
            return self._today
        day: date = self.cleaned_data["on"]
        return day
