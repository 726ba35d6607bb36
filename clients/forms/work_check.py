"""What came of asking about a March 31."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from clients.enums import CheckOutcome, CheckSource
from clients.models import WorkCheck
from clients.queries.work_check import CallRow, CallState
from clients.rules.work_check import is_surprising
from teikyaku.era import both
from teikyaku.fields import PAST, DateField
from teikyaku.filter_forms import FilterForm


class CheckListForm(FilterForm):
    """Which people the list shows."""

    state = forms.ChoiceField(
        label=_("ようす"), required=False, choices=[("", _("すべて")), *CallState.choices]
    )

    @property
    def chosen(self) -> str:
        """The state asked for; "" for all, and for nonsense."""
        return str(self.cleaned_data.get("state", "")) if self.is_valid() else ""


class WorkCheckForm(forms.Form):
    """3月31日の就労の確認 of one person."""

    outcome = forms.ChoiceField(
        label=_("結果"), choices=CheckOutcome.choices, widget=forms.RadioSelect
    )
    is_sure = forms.BooleanField(
        label=_("離職の記録があることを知ったうえで、働いていると確かめました"),
        required=False,
    )
    source = forms.ChoiceField(
        label=_("だれから・何から"), choices=[("", _("選んでください")), *CheckSource.choices]
    )
    asked_on = DateField(label=_("確かめた日"), around=PAST)
    note = forms.CharField(
        label=_("メモ"), required=False, max_length=200,
        help_text=_("例：夕方にかけ直す。"),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("訂正の理由"), max_length=100,
        help_text=_("例：書き間違い。元の値は履歴に残ります。"),
    )  # fmt: skip

    def __init__(
        self, *args: Any, row: CallRow, counted_on: date, check: WorkCheck | None, **kwargs: Any
    ) -> None:
        """`check` is what is corrected; None for a new one."""
        super().__init__(*args, **kwargs)
        self.row, self.counted_on = row, counted_on
        if check is None:
            del self.fields["reason"]
        # Asked only of who has an end of the job on file: others have nothing to look at twice.
        if row.user.left_on is None:
            del self.fields["is_sure"]

    def clean_source(self) -> str:
        """Never the workplace of a クローズ就労."""
        source: str = self.cleaned_data["source"]
        if source == CheckSource.WORKPLACE and self.row.must_not_contact:
            raise forms.ValidationError(
                _("職場に連絡しない人です。職場のほかの聞き方を選んでください。")
            )
        return source

    def clean(self) -> dict[str, Any]:
        """就労 against an end of the job on file is asked about."""
        data = super().clean() or {}
        left_on, outcome = self.row.user.left_on, data.get("outcome", "")
        is_odd = is_surprising(outcome, left_on, self.counted_on)
        if left_on is not None and is_odd and not data.get("is_sure"):
            self.add_error(
                "is_sure",
                _t("%(on)sに離職した記録があります。まちがいがないか、もう一度確かめてください。")
                % {"on": both(left_on)},
            )
        return data

    def facts(self) -> dict[str, Any]:
        """What the actions take."""
        return {name: self.cleaned_data[name] for name in ("outcome", "source", "asked_on", "note")}
