"""取消 of a decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.forms.certificate import KnownConsequences
from teikyaku.constraints import add_errors
from teikyaku.fields import DateField


class RevokeForm(KnownConsequences):
    """取消; what else ends with it is told before it is stored, and a wrong day with all that is wrong."""

    def __init__(
        self, *args: Any, check: Callable[[date], None] | None = None, **kwargs: Any
    ) -> None:
        """`check` takes the last day and raises what the action would refuse."""
        super().__init__(*args, **kwargs)
        self.check = check

    revoked_on = DateField(
        label=_("取消日"), help_text=_("この日まで使えます。支給決定期間の中の日付です。")
    )
    reason = forms.CharField(label=_("取消の理由"), max_length=200)

    def clean(self) -> dict[str, Any]:
        """Asked about once the day can be read, and is one."""
        data = super().clean() or {}
        if self.check is not None and data.get("revoked_on"):
            try:
                self.check(data["revoked_on"])
            except forms.ValidationError as error:
                add_errors(self, error)
        self.ask_if_known(data)
        return data
