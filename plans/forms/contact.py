"""連絡先 of an application: asked alike at the counter and when it is corrected."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def ask_for_number(form: forms.BaseForm, data: dict[str, Any]) -> None:
    """Whose number it is says nothing without the number; one that cannot be read is told by itself."""
    if data.get("contact_name") and data.get("contact_phone") == "":
        form.add_error("contact_phone", _("連絡先の人の電話番号を入れてください。"))
