"""取消 of a decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.forms.certificate import KnownConsequences
from teikyaku.fields import DateField


class RevokeForm(KnownConsequences):
    """取消; what else ends with it is told before it is stored."""

    revoked_on = DateField(
        label=_("取消日"), help_text=_("この日まで使えます。支給決定期間の中の日付です。")
    )
    reason = forms.CharField(label=_("取消の理由"), max_length=200)

    def clean(self) -> dict[str, Any]:
        """Asked about once the day can be read."""
        data = super().clean() or {}
        self.ask_if_known(data)
        return data
