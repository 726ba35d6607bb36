"""移行時の事実: where a support stood when the office moved in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.models import OpeningFacts
from teikyaku.fields import DateField, MonthField

PACES = [("1", _("毎月")), ("2", _("2か月ごと")), ("3", _("3か月ごと"))]


class OpeningForm(forms.Form):
    """移行時の事実 of one person."""

    last_met_on = DateField(
        label=_("移行前の最後の面談日"), required=False,
        help_text=_("前の記録にある、最後に会った日。次の面談の期限を、ここから数えます。"),
    )  # fmt: skip
    pace_months = forms.TypedChoiceField(
        label=_("そのときの面談の間隔"), choices=PACES, coerce=int, initial="1",
        widget=forms.RadioSelect(attrs={"class": "chips"}),
    )  # fmt: skip
    settled_meetings = forms.IntegerField(
        label=_("続けて安定していた面談の回数"), min_value=0, max_value=60, initial=0,
        help_text=_("間隔をゆるめる提案に数えます。"),
    )  # fmt: skip
    without_plan_since = MonthField(
        label=_("個別支援計画のない月が続いている最初の月"), required=False,
        help_text=_("計画のない月が、移行の前から続いているときだけ。例：2026-03"),
    )  # fmt: skip

    def __init__(self, *args: Any, known: OpeningFacts | None = None, **kwargs: Any) -> None:
        """`known`: what is on file and is corrected, with a reason."""
        if known is not None:
            names = ("last_met_on", "pace_months", "settled_meetings", "without_plan_since")
            kwargs["initial"] = {name: getattr(known, name) for name in names}
        super().__init__(*args, **kwargs)
        if known is not None:
            self.fields["reason"] = forms.CharField(label=_("訂正の理由"), max_length=100)

    def clean(self) -> dict[str, Any]:
        """A longer pace and settled meetings hang on the last meeting."""
        data = super().clean() or {}
        has_more = (data.get("pace_months") or 1) > 1 or data.get("settled_meetings")
        if has_more and not data.get("last_met_on") and "last_met_on" not in self.errors:
            self.add_error("last_met_on", _("間隔や回数を入れるときは、最後の面談日が要ります。"))
        return data
