"""The day of the permission report."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from teikyaku.fields import DateField


class PermissionReportForm(forms.Form):
    """Of which day; it lives in the URL."""

    on = DateField(label=_("この日の権限"), required=False)
