"""つなぎ: leading somebody to a centre, what came of it, and telling them when they can use it after all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from clients.enums import CentreKind, FollowUp, ReferralOutcome
from clients.models import Referral
from clients.rules.centres import Referral as Place
from plans.queries.referral import ReferralAsk
from teikyaku.fields import PAST, DateField
from teikyaku.filter_forms import FilterForm
from teikyaku.model_forms import FactForm, formfield


class ReferralListForm(FilterForm):
    """Search of the list; which question is asked stands in the address too."""

    q = forms.CharField(label=_("氏名・かな"), required=False, max_length=80)
    ask = forms.ChoiceField(
        label=_("表示"), required=False, choices=ReferralAsk.choices, widget=forms.HiddenInput
    )

    @property
    def chosen(self) -> ReferralAsk:
        """The question; all of them for nothing and for nonsense."""
        self.is_valid()
        value = self.cleaned_data.get("ask")
        return ReferralAsk(value) if value else ReferralAsk.ALL

    @property
    def text(self) -> str:
        """What was searched for."""
        self.is_valid()
        return str(self.cleaned_data.get("q") or "").strip()


class ReferralForm(FactForm):
    """つなぎ; the centres that fit the person come first, each with why."""

    referred_on = DateField(label=_("つないだ日"), around=PAST)
    consented_on = DateField(
        label=_("本人が同意した日"), around=PAST, required=False,
        help_text=_("渡したもの・伝えたことがあるときは、必ず入れます。"),
    )  # fmt: skip
    outcome_on = DateField(
        label=_("結果の日"), around=PAST, required=False,
        help_text=_("返事待ちのあいだは空けておきます。"),
    )  # fmt: skip

    class Meta:
        model = Referral
        fields = [
            "centre", "centre_name", "referred_on", "why", "handed_over", "consented_on", "outcome",
            "outcome_on", "outcome_note",
        ]  # fmt: skip
        widgets = {
            "why": forms.Textarea(attrs={"rows": 3}),
            "handed_over": forms.Textarea(attrs={"rows": 3}),
            "outcome": forms.RadioSelect(attrs={"class": "chips"}),
            "centre": forms.RadioSelect,
        }
        help_texts = {
            "centre_name": _("分かっていれば。例：上越の障害者就業・生活支援センター、担当の方。"),
            "handed_over": _("例：連絡先と、困っていること。紙で渡したものがあれば、その名前も。"),
        }
        formfield_callback = formfield

    def __init__(self, *args: Any, fitting: Sequence[Place] = (), **kwargs: Any) -> None:
        """`fitting`: the places that the screening named for this person, in its order."""
        super().__init__(*args, **kwargs)
        centre: Any = self.fields["centre"]
        named = {place.kind.value: place for place in fitting}
        others = [(key, label) for key, label in CentreKind.choices if key not in named]
        centre.choices = [
            *((key, f"{place.name}：{place.reason.text}") for key, place in named.items()),
            *others,
        ]
        outcome: Any = self.fields["outcome"]
        outcome.choices = ReferralOutcome.choices
        outcome.required = True

    def clean(self) -> dict[str, Any]:
        """Nothing is handed over without a consent; a result has its day."""
        data = super().clean() or {}
        if data.get("handed_over") and not data.get("consented_on"):
            text = _t("渡したもの・伝えたことがあるときは、本人が同意した日を入れてください。")
            self.add_error("consented_on", text)
        _day_of_outcome(self, data)
        return data

    def values(self) -> dict[str, Any]:
        """The record's own values as cleaned."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


def _day_of_outcome(form: forms.BaseForm, data: dict[str, Any]) -> None:
    """A result without its day, or a day without a result, is said at the day."""
    outcome, on = data.get("outcome"), data.get("outcome_on")
    if not outcome or "outcome_on" in form.errors:
        return
    is_waiting = outcome == ReferralOutcome.WAITING
    if not is_waiting and on is None:
        form.add_error("outcome_on", _t("結果が分かった日を入れてください。"))
    elif is_waiting and on is not None:
        form.add_error("outcome_on", _t("返事待ちのあいだは空けておきます。"))


class ReferralAnswerForm(forms.Form):
    """結果 of a referral."""

    outcome = forms.ChoiceField(
        label=_("結果"), choices=ReferralOutcome.choices,
        widget=forms.RadioSelect(attrs={"class": "chips"}),
    )  # fmt: skip
    outcome_on = DateField(
        label=_("結果の日"), around=PAST, required=False,
        help_text=_("返事待ちに戻すときは空けておきます。"),
    )  # fmt: skip
    outcome_note = forms.CharField(
        label=_("メモ"), required=False, max_length=300,
        help_text=_("例：初回の面談は来月10日。電話がつながらず、折り返し待ち。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A result has its day."""
        data = super().clean() or {}
        _day_of_outcome(self, data)
        return data


class ReferralFollowForm(forms.Form):
    """もう一度声をかけた: the person can use the service after all."""

    follow_up = forms.ChoiceField(
        label=_("どうなりましたか"), choices=FollowUp.choices,
        widget=forms.RadioSelect(attrs={"class": "chips"}),
    )  # fmt: skip
    follow_up_on = DateField(label=_("声をかけた日"), around=PAST)
    follow_up_note = forms.CharField(label=_("メモ"), required=False, max_length=300)


class ReferralWithdrawForm(forms.Form):
    """取消し of a referral that never was."""

    reason = forms.CharField(
        label=_("取消しの理由"), max_length=100, help_text=_("例：別の人の記録と取り違えた。")
    )
