"""地域連携会議 of before: one cell of a sheet, or one field of a page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from plans.rules.network_before import NetworkBefore, NotRead, read_months

LONGEST = 120


class NetworkField(forms.CharField):
    """Months with Ⅰ or Ⅱ, or a bare count; cleans to NetworkBefore."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST, **kwargs)

    def clean(self, value: Any) -> Any:
        """What was used; raises ValidationError saying what is read."""
        text = super().clean(value)
        try:
            return read_months(str(text or "")) if text else NetworkBefore()
        except NotRead as error:
            raise ValidationError(str(error)) from error
