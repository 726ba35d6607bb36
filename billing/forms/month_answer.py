"""The office's answers of one person's months, and the subsidy of a municipality."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.enums import AnswerKind, SubsidyKind
from billing.forms.months import check_months
from billing.rules.subsidy import PERCENT, WHOLE
from teikyaku.accounts.models import Municipality
from teikyaku.fields import PAST, DateField, MonthField, YenField


class _Months(forms.Form):
    """A span of months of one person."""

    first_month = MonthField(label=_("最初の月"))
    last_month = MonthField(
        label=_("最後の月"), required=False, help_text=_("続いているときは空欄。例：2027-03")
    )

    def clean(self) -> dict[str, Any]:
        """The last month is not before the first."""
        data = super().clean() or {}
        check_months(self, data)
        return data


class MonthAnswerForm(_Months):
    """月の答え: what the office made sure of, and with whom."""

    kind = forms.ChoiceField(label=_("答え"), choices=AnswerKind.choices, widget=forms.RadioSelect)
    why = forms.CharField(
        label=_("わけ・確かめた相手"),
        max_length=200,
        help_text=_("例：市の障がい福祉課に電話で確認"),
    )
    told_on = DateField(label=_("確かめた日"), around=PAST)
    field_order: tuple[str, ...] = ("kind", "first_month", "last_month", "why", "told_on")


class RateOrYenField(YenField):
    """A rate or yen, by another answer: so no 円 stands behind it."""


class SubsidyForm(_Months):
    """自治体助成: who pays, how it is reckoned, from when, by which rule."""

    municipality = forms.ModelChoiceField(
        label=_("助成する市町村"), queryset=Municipality.objects.standing(),
        empty_label=_("選んでください"),
        help_text=_("請求ファイルには、この市町村の番号を書きます。"),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("助成のしかた"), choices=SubsidyKind.choices, widget=forms.RadioSelect
    )
    amount = RateOrYenField(
        label=_("率（％）か額（円）"),
        help_text=_("率のときは0〜100。1円に満たない分は切り捨てます。"),
    )
    source = forms.CharField(label=_("根拠（要綱・通知など）"), max_length=200)
    field_order: tuple[str, ...] = (
        "municipality",
        "kind",
        "amount",
        "first_month",
        "last_month",
        "source",
    )

    def clean(self) -> dict[str, Any]:
        """Percent up to 100."""
        data = super().clean()
        amount = data.get("amount")
        if data.get("kind") == PERCENT and amount is not None and amount > WHOLE:
            self.add_error("amount", _("率は100％までです。"))
        return data


class _Correction(forms.Form):
    """Why, and whether it never was."""

    is_void = forms.BooleanField(
        label=_("書き間違いなので、なかったことにする（取り消す）"), required=False
    )
    reason = forms.CharField(
        label=_("訂正の理由"), max_length=100, help_text=_("前の値は、理由と一緒に残ります。")
    )


class MonthAnswerCorrectionForm(_Correction, MonthAnswerForm):
    """月の答えの訂正."""

    kind = None  # type: ignore[assignment]  # another question is another answer
    field_order = ("first_month", "last_month", "why", "told_on", "is_void", "reason")


class SubsidyCorrectionForm(_Correction, SubsidyForm):
    """自治体助成の訂正."""

    field_order = (*SubsidyForm.field_order, "is_void", "reason")
