"""返戻の事由: the code and the words as 国保連's list prints them, and its day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.rules.claim_return import CODE_LENGTH, WORDS_LENGTH, ReturnReason
from teikyaku.fields import PAST, DateField


def code_field(**how: Any) -> forms.CharField:
    """事由のコード as it is printed."""
    return forms.CharField(
        **{"label": _("事由のコード"), "max_length": CODE_LENGTH, "required": False, **how}
    )


def words_field(**how: Any) -> forms.CharField:
    """事由の内容 as it is printed."""
    return forms.CharField(
        **{"label": _("事由の内容"), "max_length": WORDS_LENGTH, "required": False, **how}
    )


def day_field(**how: Any) -> DateField:
    """The day of the list."""
    words = _("国保連の返戻等一覧表の日です。")
    return DateField(**{"label": _("返戻の日"), "around": PAST, "help_text": words, **how})


class ReturnReasonForm(forms.Form):
    """Of one returned claim."""

    returned_on = day_field()
    code = code_field(help_text=_("返戻等一覧表のとおりに入れます。"))
    words = words_field()

    def clean(self) -> dict[str, Any]:
        """One of the two at least."""
        data = super().clean() or {}
        if not self.errors and not (data.get("code") or data.get("words")):
            self.add_error("words", _("事由のコードか内容を入れてください。"))
        return data

    @property
    def reason(self) -> ReturnReason:
        """What was typed."""
        data = self.cleaned_data
        return ReturnReason(data["returned_on"], data["code"], data["words"])
