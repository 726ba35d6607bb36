"""As of: the date as of which the demo is looked at."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from teikyaku.fields import DateField


class AsOfForm(forms.Form):
    """The date; empty for today."""

    as_of = DateField(label=_("見る日"), required=False)
