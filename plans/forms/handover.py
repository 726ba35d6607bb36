"""引き継ぎ: the judgement and what follows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Organisation
from teikyaku.fields import DateField


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
        help_text=_("一覧にないときは、「事業所の届出」のページの「関係機関」で登録します。"),
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
