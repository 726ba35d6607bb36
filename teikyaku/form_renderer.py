"""How forms are drawn: `templates/django/forms/` for the form and each field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

from teikyaku.searched import LONGEST


class NamedBoundField(BoundField):
    """A field that tells the template what it holds, so that a date is drawn as wide as a date."""

    @property
    def kind(self) -> str:
        """The field's class in small letters without `field`: date, month, char, boolean …"""
        return type(self.field).__name__.lower().removesuffix("field")

    @property
    def asked_when(self) -> str:
        """When an answer is asked for, where that hangs on another answer (set on the field)."""
        return str(getattr(self.field, "asked_when", ""))

    @property
    def offered(self) -> list[tuple[Any, Any]]:
        """Days to choose beside a date, each with its word (see near_days)."""
        return getattr(self.field, "offered", [])

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Any = None) -> dict[str, Any]:
        """No maxlength: a browser would cut what is pasted without a word.

        The server answers how long the text is and may be, and everything typed stays. Where it travels
        in the address (teikyaku.filter_forms) every text has an end, or no server would answer at all.
        """
        given = super().build_widget_attrs(attrs, widget)
        travels = getattr(self.form, "lives_in_url", False)
        if not travels or not isinstance(widget or self.field.widget, forms.TextInput):
            return {**given, "maxlength": False}
        return {**given, "maxlength": getattr(self.field, "max_length", None) or LONGEST}


class Renderer(TemplatesSetting):
    """Looks templates up like pages do, so that ours stand before Django's."""

    bound_field_class = NamedBoundField
