"""就労・休職・サービスの訂正 by the office: what it changes is read and ticked before it is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Leave
from plans.forms.certificate import TICK, KnownConsequences
from plans.forms.intake import EmploymentCorrectionForm, PriorServiceCorrectionForm
from plans.queries.life_correction import Told
from teikyaku.constraints import add_errors
from teikyaku.model_forms import FactForm, formfield

# Takes the values that should have been written: refuses days that cannot be, or tells what follows.
Refuse = Callable[[dict[str, Any]], None]
Tell = Callable[[dict[str, Any]], Told]


class LifeCorrection(KnownConsequences):
    """Asks about everything that the corrected days change; a tick counts for what was shown.

    `version` is the mark of the row as its sender read it: where somebody else has corrected it since,
    that is said, and what was typed stays.
    """

    unread = gettext_lazy("上の一覧を読んで、よければ印を入れてください。")
    version = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, version: str, refuse: Refuse, tell: Tell, **kwargs: Any) -> None:
        """`version` of the row as it is stored now."""
        self.current, self.refuse, self.tell = version, refuse, tell
        self.told = Told((), "")
        super().__init__(
            *args,
            consequences=lambda _data: self.told.words,
            shown=lambda _data: self.told.mark,
            **kwargs,
        )
        self.fields["version"].initial = version

    def clean(self) -> dict[str, Any]:
        """Stale or impossible first; then what follows from what was typed."""
        data = super().clean() or {}
        if data.get("version") != self.current:
            self._is_stale()
        if self._has_right_days(data):
            self.told = self.tell(self.values(data))
            self.ask_if_known(data)
            if self.told.words:
                # The list itself stands first on the page, where it is read before anything is sent.
                self["is_known"].label = _("上の一覧（%(n)d件）を確かめました") % {
                    "n": len(self.told.words)
                }
                self["is_known"].help_text = ""
        else:
            for name in TICK:
                self.fields.pop(name, None)
        return data

    def _is_stale(self) -> None:
        text = _(
            "この記録は、開いている間に別の人が訂正しました。書いた内容は残してあります。"
            "「すべての記録と訂正」でいまの内容を確かめてから、もう一度保存してください。"
        )
        self.add_error(None, text)
        sent: Any = self.data
        sent = sent.copy()
        sent[self.add_prefix("version")] = self.current
        self.data = sent

    def _has_right_days(self, data: dict[str, Any]) -> bool:
        if any(name in self.errors for name in self._own()) or not data.get("starts_on"):
            return False
        try:
            self.refuse(self.values(data))
        except forms.ValidationError as error:
            add_errors(self, error)
            return False
        return True

    def _own(self) -> list[str]:
        fields: Any = self
        return list(fields._meta.fields)

    def values(self, data: dict[str, Any]) -> dict[str, Any]:
        """The fact's own values among what was cleaned."""
        return {name: data[name] for name in self._own() if name in data}

    def changes(self) -> dict[str, Any]:
        """The fact's own values, for the action."""
        return self.values(self.cleaned_data)


class OfficeEmploymentCorrection(LifeCorrection, EmploymentCorrectionForm):
    """就労の訂正."""


class OfficeServiceCorrection(LifeCorrection, PriorServiceCorrectionForm):
    """サービス利用の訂正, before or during a job."""


class LeaveCorrection(LifeCorrection, FactForm):
    """休職の訂正."""

    class Meta:
        model = Leave
        fields = ["starts_on", "ends_on"]
        labels = {
            "starts_on": gettext_lazy("休職の開始日"), "ends_on": gettext_lazy("休職の最終日"),
        }  # fmt: skip
        formfield_callback = formfield
