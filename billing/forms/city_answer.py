"""市町村の回答: what was said, when, how and by whom."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.enums import CityWay
from billing.models import CityAnswer
from teikyaku.fields import PAST, DateField

YES, NO = "yes", "no"


class CityAnswerForm(forms.Form):
    """市町村の回答 of one month; another one, where there is one already, says why."""

    said = forms.ChoiceField(
        label=_("市町村の回答"), widget=forms.RadioSelect,
        choices=((YES, _("この月は請求できる")), (NO, _("この月は請求できない"))),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("市町村が言った理由"), max_length=200, required=False,
        help_text=_("「請求できない」のときは必ず入れます。月の一覧に出ます。"),
    )  # fmt: skip
    answered_on = DateField(label=_("回答の日"), around=PAST)
    report_on = DateField(
        label=_("支援レポート共有日（市町村の回答）"), around=PAST, required=False,
        help_text=_(
            "本人に渡した記録がないので、「請求できる」のときは、実績記録票に書く日を市町村に聞いて入れます。"
            "請求ファイルに、この日が入ります。"
        ),
    )  # fmt: skip
    way = forms.ChoiceField(
        label=_("回答の方法"), choices=CityWay.choices, widget=forms.RadioSelect
    )
    respondent = forms.CharField(
        label=_("答えた人（課・氏名）"), max_length=80, help_text=_("例：障がい福祉課 給付係")
    )
    note = forms.CharField(label=_("メモ"), max_length=200, required=False)
    why_again = forms.CharField(
        label=_("書き直す理由"), max_length=200,
        help_text=_("例：回答が変わった、書き間違い。前の回答は、そのまま残ります。"),
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, former: CityAnswer | None, asks_report_day: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if former is None:
            del self.fields["why_again"]
        if not asks_report_day:
            del self.fields["report_on"]

    def clean(self) -> dict[str, Any]:
        """A no has its reason."""
        data = super().clean() or {}
        if data.get("said") == NO and not data.get("reason"):
            self.add_error("reason", _("請求できないと言われた理由を入れてください。"))
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, as the action takes it."""
        facts = dict(self.cleaned_data)
        facts["is_billable"] = facts.pop("said") == YES
        return facts


class CityAnswerWithdrawForm(forms.Form):
    """Why there was no such answer."""

    reason = forms.CharField(label=_("取り消す理由"), max_length=200)
