"""A form in words: what was answered, and what is wrong with it, each with its question."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms as fields
from django.utils.translation import gettext as _

from plans.forms.grant import GrantForm
from teikyaku.tags import both_eras, month_label


def answers_shown(form: fields.BaseForm) -> list[dict[str, str]]:
    """Every question with its answer as people read it, for a page of facts."""
    return [
        {"label": str(field.label), "value": _shown(field, form)} for field in form.visible_fields()
    ]


def told_by_field(form: GrantForm) -> list[str]:
    """What is wrong with the draft, each with the question that it is about."""
    names = {field.name: str(field.label) for field in form}
    return [
        f"{names[name]}：{each}" if name in names else str(each)
        for name, errors in form.errors.items()
        for each in errors
    ]


def _shown(field: fields.BoundField, form: fields.BaseForm) -> str:
    """An answer as people read it: the words of a choice, a date in both eras, nothing as a dash."""
    kind = field.field
    if field.name == "is_known":
        return str(field.help_text)
    if isinstance(kind, fields.ModelChoiceField | fields.ChoiceField):
        choices: Any = kind.choices
        words = {str(key): str(label) for key, label in choices}
        return words.get(str(field.value()), "") or "—"
    value = form.cleaned_data.get(field.name, field.value())
    if isinstance(value, bool):
        return _("はい") if value else _("いいえ")
    if isinstance(value, date):
        return month_label(value) if "month" in field.name else both_eras(value)
    if isinstance(value, int):
        return f"{value:,}"
    return str(value) if value else "—"
