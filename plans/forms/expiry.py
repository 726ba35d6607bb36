"""Laying aside what has passed: why; and taking that back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SettleForm(forms.Form):
    """済みにする with the reason."""

    reason = forms.CharField(
        label=_("済みにする理由"),
        max_length=200,
        help_text=_("例：本人がもう続けないと決めた。/ 別の人が更新したので要らなくなった。"),
        error_messages={"required": _("済みにする理由を入れてください。")},
    )


class UndoForm(forms.Form):
    """取り消す nothing to fill in."""
