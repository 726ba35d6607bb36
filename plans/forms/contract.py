"""Contract, support plan, report, consent, pace, hand-over: the provider's papers."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Consent, Organisation
from plans.models import ReportShare, SupportPlan, SupportReport
from teikyaku.fields import DateField, MonthField
from teikyaku.model_forms import formfield


class ContractForm(forms.Form):
    """重要事項説明と利用契約."""

    explained_on = DateField(label=_("重要事項を説明した日"))
    signed_on = DateField(label=_("契約日"))
    starts_on = DateField(label=_("利用開始日"))
    contracted_amount = forms.CharField(label=_("契約支給量"), max_length=40, required=False)
    entry_number = forms.IntegerField(
        label=_("事業者記入欄の番号"), min_value=1, max_value=99, initial=1
    )
    initial_addition_month = MonthField(
        label=_("初期加算を算定する月"),
        required=False,
        help_text=_("算定しないときは空欄。ふつうは利用開始の月です。例：2026-04"),
    )

    def clean(self) -> dict[str, Any]:
        """Explained, signed, started: in this order."""
        data = super().clean() or {}
        explained, signed, starts = (
            data.get(name) for name in ("explained_on", "signed_on", "starts_on")
        )
        if explained and signed and signed < explained:
            self.add_error("signed_on", _("契約日は、重要事項を説明した日以後にしてください。"))
        if signed and starts and starts < signed:
            self.add_error("starts_on", _("利用開始日は契約日以後にしてください。"))
        return data


class ContractReportForm(forms.Form):
    """契約内容報告書 went to the municipality."""

    on = DateField(label=_("契約内容報告書を送った日"))


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


class ReportForm(forms.ModelForm):  # type: ignore[type-arg]
    """支援レポート of a month."""

    class Meta:
        model = SupportReport
        fields = ["goals", "done", "result", "next_steps", "roles", "to_share"]
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in fields}

    def _post_clean(self) -> None:
        """The action validates the whole row."""


class ShareForm(forms.Form):
    """レポートの共有 to one recipient."""

    recipient = forms.ChoiceField(
        label=_("相手"), choices=ReportShare.Recipient.choices, widget=forms.RadioSelect
    )
    recipient_name = forms.CharField(label=_("相手の名称"), max_length=80, required=False)
    shared_on = DateField(label=_("共有した日"))
    way = forms.ChoiceField(
        label=_("方法"), choices=ReportShare.Way.choices, widget=forms.RadioSelect
    )


class ConsentForm(forms.Form):
    """同意 for one recipient and scope."""

    recipient = forms.ChoiceField(label=_("相手"), choices=Consent.Recipient.choices)
    recipient_name = forms.CharField(label=_("相手の名称"), max_length=80, required=False)
    scope = forms.ChoiceField(label=_("何を"), choices=Consent.ConsentScope.choices)
    starts_on = DateField(label=_("同意した日"))
    ends_on = DateField(label=_("同意の最終日"), required=False)


class ConsentEndForm(forms.Form):
    """同意の撤回."""

    on = DateField(label=_("同意の最終日"), help_text=_("この日の翌日からは渡しません。"))


class PaceForm(forms.Form):
    """間隔の決定: accept or decline the suggestion."""

    answer = forms.ChoiceField(
        label=_("決めること"),
        choices=[("yes", _("間隔をゆるめる")), ("no", _("見送る"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("理由"), max_length=200, required=False, help_text=_("見送るときは必須です。")
    )

    def clean(self) -> dict[str, Any]:
        """Declining needs a reason."""
        data = super().clean() or {}
        if data.get("answer") == "no" and not data.get("reason"):
            self.add_error("reason", _("見送る理由を入れてください。"))
        return data


class JudgementForm(forms.Form):
    """引き継ぎの判断."""

    judged_on = DateField(label=_("判断した日"))
    is_needed = forms.TypedChoiceField(
        label=_("終わった後も支援が必要ですか"),
        choices=[("yes", _("必要")), ("no", _("必要ない"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    judgement = forms.CharField(
        label=_("判断の理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class HandoverForm(forms.Form):
    """引き継ぎの経過."""

    centre = forms.ModelChoiceField(
        label=_("引き継ぎ先"),
        queryset=Organisation.objects.filter(kind=Organisation.Kind.CENTRE),
        required=False,
    )
    consented_on = DateField(label=_("本人の同意日"), required=False)
    shared_on = DateField(label=_("情報を共有した日"), required=False)
    meeting_on = DateField(label=_("引き継ぎ会議の日"), required=False)
    accepted_on = DateField(label=_("受け入れの日"), required=False)
    declined_on = DateField(label=_("断られた日"), required=False)
    decline_reason = forms.CharField(label=_("断られた理由"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """Nothing is shared without consent; a refusal has its reason."""
        data = super().clean() or {}
        if data.get("shared_on") and not data.get("consented_on"):
            self.add_error("consented_on", _("情報の共有には、本人の同意日が必要です。"))
        if data.get("declined_on") and not data.get("decline_reason"):
            self.add_error("decline_reason", _("断られた理由を入れてください。"))
        return data
