"""The day of the permission report."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from teikyaku.fields import DateField
from teikyaku.filter_forms import FilterForm


class PermissionReportForm(FilterForm):
    """Of which day; it lives in the URL."""

    on = DateField(label=_("この日の権限"), required=False)
