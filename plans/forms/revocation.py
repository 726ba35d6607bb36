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

AHEAD = _(
    "まだ始まっていない支給決定です。今日までの日付にすると、始まる前に取り消します。"
    "始まってから終わりにするときは、支給決定期間の中の日付（この日まで使えます）にします。"
)


class RevokeForm(KnownConsequences):
    """取消; what else ends with it is told before it is stored, and a wrong day with all that is wrong."""

    def __init__(
        self, *args: Any, check: Callable[[date], None] | None = None, is_ahead: bool = False,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        """`check` takes the day and raises what the action would refuse; `is_ahead`: not begun yet."""
        super().__init__(*args, **kwargs)
        self.check = check
        if is_ahead:
            self.fields["revoked_on"].help_text = AHEAD

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
