"""請求ファイルを取り下げる: the whole file, or those whose claims came back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.enums import ClaimFileReason

RETURNED = "returned"


class ClaimWithdrawalForm(forms.Form):
    """Why it does not count; with 返戻, of whom. `people`: (key, name) of those in the file."""

    reason = forms.ChoiceField(
        label=_("理由"),
        choices=[*ClaimFileReason.choices, (RETURNED, _("返戻になった方がいる"))],
        widget=forms.RadioSelect,
    )
    people = forms.MultipleChoiceField(
        label=_("返戻になった方"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("返戻のときだけ選びます。選んだ方だけが、次に作るファイルに入ります。"),
    )

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = people  # type: ignore[attr-defined]
        if not people:  # a file without claims: nothing of it comes back for one person
            self.fields["reason"].choices = ClaimFileReason.choices  # type: ignore[attr-defined]
            del self.fields["people"]

    def clean(self) -> dict[str, Any]:
        """返戻 is of somebody; the whole file is of everybody."""
        data = super().clean() or {}
        chosen = data.get("people") or []
        if data.get("reason") == RETURNED and not chosen:
            self.add_error("people", _("返戻になった方を選んでください。"))
        if data.get("reason") in ClaimFileReason.values and chosen:
            self.add_error(
                "people", _("取り下げはファイル全体です。返戻の方だけなら、理由を返戻にします。")
            )
        return data
