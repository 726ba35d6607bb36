"""The filter of the audit log."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from teikyaku.accounts.models import AuditEvent
from teikyaku.fields import DateField


class AuditLogForm(forms.Form):
    """Up to which day, and of which outcome; everything lives in the URL."""

    until = DateField(label=_("この日までの記録"), required=False)
    outcome = forms.ChoiceField(
        choices=[("", ""), *AuditEvent.Outcome.choices], required=False, widget=forms.HiddenInput
    )
