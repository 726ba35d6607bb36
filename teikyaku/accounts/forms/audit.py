"""The filter of the audit log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teikyaku.accounts.models import AuditEvent
from teikyaku.fields import DateField
from teikyaku.filter_forms import FilterForm


class AuditLogForm(FilterForm):
    """Who, from which day, up to which day, and of which outcome; everything lives in the URL."""

    who = forms.CharField(label=_("職員の氏名かメールアドレス"), required=False, max_length=100)
    since = DateField(label=_("この日からの記録"), required=False)
    until = DateField(label=_("この日までの記録"), required=False)
    outcome = forms.ChoiceField(
        choices=[("", ""), *AuditEvent.Outcome.choices], required=False, widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        """The first day is not after the last one."""
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("始まりの日以後の日付にしてください。"))
        return data
