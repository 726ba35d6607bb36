"""使い始め: the first month that an office bills here."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from teikyaku.fields import MonthField


class FirstMonthForm(forms.Form):
    """ここで請求する最初の月."""

    first_month = MonthField(
        label=_("ここで請求する最初の月"),
        help_text=_("この月の面談から、ここで記録して請求します。例：2026-12、令和8年12月"),
    )
