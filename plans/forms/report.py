"""支援レポート, its sharing, and the consent that sharing needs."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Consent
from plans.models import ReportShare, SupportReport
from teikyaku.fields import DateField


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

    recipient = forms.ChoiceField(
        label=_("相手"), choices=[("", _("選んでください")), *Consent.Recipient.choices]
    )
    recipient_name = forms.CharField(label=_("相手の名称"), max_length=80, required=False)
    scope = forms.ChoiceField(
        label=_("何を"), choices=[("", _("選んでください")), *Consent.ConsentScope.choices]
    )
    starts_on = DateField(label=_("同意した日"))
    ends_on = DateField(label=_("同意の最終日"), required=False)


class ConsentEndForm(forms.Form):
    """同意の撤回."""

    on = DateField(label=_("同意の最終日"), help_text=_("この日の翌日からは渡しません。"))
