"""移行時の事実: where a support stood when the office moved in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.forms.network_before import NetworkField
from plans.models import OpeningFacts
from plans.queries.opening import network_of
from plans.rules.network_before import NetworkBefore
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

    network_months = NetworkField(
        label=_("地域連携会議実施加算を、前に算定した月"), required=False,
        help_text=_("この1年のもの。例：2026-05、2026-09(Ⅱ)。月が分からなければ「2回」。1年に4回までの数に入れます。"),
    )  # fmt: skip

    def __init__(self, *args: Any, known: OpeningFacts | None = None, **kwargs: Any) -> None:
        """`known`: what is on file and is corrected, with a reason."""
        if known is not None:
            names = ("last_met_on", "pace_months", "settled_meetings", "without_plan_since")
            before = network_of(known)
            kwargs["initial"] = {
                **{name: getattr(known, name) for name in names},
                "network_months": before.text or (before.unknown and f"{before.unknown}回") or "",
            }
        super().__init__(*args, **kwargs)
        if known is not None:
            self.fields["reason"] = forms.CharField(label=_("訂正の理由"), max_length=100)

    def clean(self) -> dict[str, Any]:
        """A longer pace and settled meetings hang on the last meeting."""
        data = super().clean() or {}
        has_more = (data.get("pace_months") or 1) > 1 or data.get("settled_meetings")
        if has_more and not data.get("last_met_on") and "last_met_on" not in self.errors:
            self.add_error("last_met_on", _("間隔や回数を入れるときは、最後の面談日が要ります。"))
        before = data.pop("network_months", None) or NetworkBefore()
        return {**data, "network_months": before.text, "network_count": before.unknown}
