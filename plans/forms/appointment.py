"""会う約束を変える・なくす."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.forms.interview import near_today
from teikyaku.fields import DateField


class AppointmentForm(forms.Form):
    """The new day, or none: the button says which."""

    next_on = DateField(
        label=_("新しい約束の日"), required=False,
        help_text=_("例：12/10、2026-12-10。約束をなくすときは空のままにします。"),
    )  # fmt: skip
    note = forms.CharField(
        label=_("メモ"), required=False, max_length=200,
        help_text=_("例：本人から電話。その日は通院のため。"),
    )  # fmt: skip

    def __init__(self, *args: Any, on: date, is_called_off: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_called_off = is_called_off
        near_today(self, on)

    def clean(self) -> dict[str, Any]:
        """A day, or none where the appointment is called off: both at once would lose one of them."""
        data = super().clean() or {}
        if self.is_called_off:
            if self.data.get("next_on", "").strip():
                self.errors.pop("next_on", None)
                text = _(
                    "約束をなくすときは、この欄を空にしてください。この日に変えるなら「この日にする」を押してください。"
                )
                self.add_error("next_on", text)
            return {**data, "next_on": None}
        if not data.get("next_on") and "next_on" not in self.errors:
            self.add_error("next_on", _("新しい日を入れるか、「約束をなくす」を押してください。"))
        return data
