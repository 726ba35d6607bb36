"""個別支援計画."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.models import SupportPlan
from teikyaku.model_forms import formfield


class SupportPlanForm(forms.ModelForm):  # type: ignore[type-arg]
    """個別支援計画 with its steps in order."""

    class Meta:
        model = SupportPlan
        fields = [
            "wishes", "goals", "support", "assessed_on", "drafted_on", "meeting_on",
            "consented_on", "handed_over_on", "starts_on", "review_by",
        ]  # fmt: skip
        formfield_callback = formfield
        widgets = {
            name: forms.Textarea(attrs={"rows": 3}) for name in ("wishes", "goals", "support")
        }

    def clean(self) -> dict[str, Any]:
        """Each step on or after the one before."""
        data = super().clean() or {}
        order = ("assessed_on", "drafted_on", "meeting_on", "consented_on", "handed_over_on")
        for first, last in pairwise(order):
            if data.get(first) and data.get(last) and data[last] < data[first]:
                self.add_error(last, _("前の手順の日付より前になっています。"))
        return data

    def _post_clean(self) -> None:
        """The action validates the whole row."""


class SupportPlanCorrectionForm(SupportPlanForm):
    """個別支援計画の訂正, and why."""

    reason = forms.CharField(
        label=_("訂正の理由"), max_length=100, help_text=_("元の値は履歴に残ります。")
    )

    def changes(self) -> dict[str, Any]:
        """What should have been written."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}
