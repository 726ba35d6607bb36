"""面談の間隔の設定 of an office."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.models import PaceSetting
from plans.queries.pace import SETTING_KEYS
from teikyaku.fields import DateField
from teikyaku.filter_forms import FilterForm

# The whole time of use: three years.
_MOST = 36
_LONGEST = 3


class PaceSettingForm(FilterForm):
    """適用開始日 and the five values of the rule; a day that is past is refused here already."""

    starts_on = DateField(label=_("いつから"))
    monthly_first_months = forms.IntegerField(
        label=_("利用開始から毎月会う期間（月）"), min_value=0, max_value=_MOST
    )
    monthly_last_months = forms.IntegerField(
        label=_("利用期間の終わりに毎月会う期間（月）"), min_value=0, max_value=_MOST
    )
    settled_meetings = forms.IntegerField(
        label=_("ゆるめる提案までの、安定した面談の回数"), min_value=1, max_value=_MOST
    )
    attempts_to_tighten = forms.IntegerField(
        label=_("毎月に戻すまでの、会えなかった回数"), min_value=1, max_value=_MOST
    )
    longest_months = forms.IntegerField(
        label=_("最も長い間隔（月）"), min_value=1, max_value=_LONGEST
    )

    def __init__(self, *args: Any, on: date, last: PaceSetting | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        self.last = last
        self.fields["starts_on"].near = on  # type: ignore[attr-defined]

    def clean_starts_on(self) -> date:
        """From today on, and after the row before."""
        day: date = self.cleaned_data["starts_on"]
        if day < self.on:
            raise forms.ValidationError(
                _("今日か、これからの日にしてください。過ぎた日の期限は変わりません。")
            )
        if self.last is not None and day <= self.last.starts_on:
            raise forms.ValidationError(_("いちばん新しい設定の初日より、後の日にしてください。"))
        return day

    @property
    def values(self) -> dict[str, Any]:
        """The five values."""
        return {key: self.cleaned_data[key] for key in SETTING_KEYS}
