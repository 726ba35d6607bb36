"""Plain words where Django's own messages are stiff; set once, when the product starts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext_lazy as _


def use_plain_words() -> None:
    """Replace 「このフィールドは必須です。」 and its sisters on all form and model fields."""
    missing, unchosen = _("入れてください。"), _("選んでください。")
    forms.Field.default_error_messages["required"] = missing
    for kind in (forms.ChoiceField, forms.ModelChoiceField, forms.MultipleChoiceField):
        kind.default_error_messages = {
            **kind.default_error_messages,
            "required": unchosen,
            "invalid_choice": _("選択肢の中から選んでください。"),
        }
    forms.EmailField.default_error_messages = {
        **forms.EmailField.default_error_messages,
        "invalid": _("メールアドレスの形で入れてください。例：name@example.jp"),
    }
    forms.IntegerField.default_error_messages = {
        **forms.IntegerField.default_error_messages,
        "invalid": _("数字だけで入れてください。例：12"),
        "min_value": _("%(limit_value)s以上で入れてください。"),
        "max_value": _("%(limit_value)sまでで入れてください。"),
    }
    forms.CharField.default_error_messages = {
        **forms.CharField.default_error_messages,
        "max_length": _("%(limit_value)s字までです（いま%(show_value)s字）。"),
    }
    # 「---------」 says nothing. Both are defaults of Django that have no setting.
    unasked = _("選んでください")
    BLANK_CHOICE_DASH[:] = [("", unasked)]  # type: ignore[list-item]
    defaults: Any = forms.ModelChoiceField.__init__.__kwdefaults__
    defaults["empty_label"] = unasked
    models.Field.default_error_messages = {  # type: ignore[misc]
        **models.Field.default_error_messages,
        "null": missing,
        "blank": missing,
    }
