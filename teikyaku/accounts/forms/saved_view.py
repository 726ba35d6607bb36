"""The name of a saved view."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from teikyaku.accounts.models import SavedView


class SavedViewForm(forms.Form):
    """What the conditions are called."""

    name = forms.CharField(
        label=_("名前"),
        max_length=SavedView._meta.get_field("name").max_length,
        help_text=_("例：今週まわる人。自分にだけ見えます。利用者の氏名は書かないでください。"),
    )
