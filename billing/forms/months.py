"""A span of months in a form: one check for every form that asks for first and last month."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _


def check_months(form: forms.Form, data: dict[str, Any]) -> None:
    """The last month is not before the first: told at `last_month`; a span may be open at its end."""
    first, last = data.get("first_month"), data.get("last_month")
    if first and last and last < first:
        form.add_error("last_month", _("最後の月は最初の月以後にしてください。"))
