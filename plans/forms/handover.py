"""引き継ぎ: the judgement, the steps one by one, their correction, and the package."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Organisation
from plans.rules.handover import HandoverStep
from teikyaku.fields import PAST, DateField


class JudgementForm(forms.Form):
    """引き継ぎの判断."""

    judged_on = DateField(label=_("判断した日"), around=PAST)
    is_needed = forms.TypedChoiceField(
        label=_("終わった後も支援が必要ですか"),
        choices=[("yes", _("必要")), ("no", _("必要ない"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    judgement = forms.CharField(
        label=_("判断の理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


def _centre() -> forms.ModelChoiceField[Organisation]:
    return forms.ModelChoiceField(
        label=_("引き継ぎ先"),
        queryset=Organisation.objects.filter(kind=Organisation.Kind.CENTRE),
        empty_label=_("選んでください"),
        help_text=_("一覧にないときは、「事業所の届出」のページの「関係機関」で登録します。"),
    )


class CentreForm(forms.Form):
    """引き継ぎ先."""

    centre = _centre()
    centre_note = forms.CharField(
        label=_("選んだ理由"),
        max_length=200,
        required=False,
        help_text=_("ほかの区域のセンターを選ぶときは、その理由を書きます。"),
    )


class AgreementForm(forms.Form):
    """本人の同意: yes on a day, or no on a day."""

    consented_on = DateField(label=_("同意した日"), around=PAST, required=False)
    not_consented_on = DateField(
        label=_("同意しなかった日"),
        around=PAST,
        required=False,
        help_text=_("同意しないのも本人の選択です。情報は渡しません。あとから同意もできます。"),
    )
    consent_note = forms.CharField(
        label=_("メモ（伝えたこと、代わりに提案したこと）"), max_length=200, required=False
    )


class SharingForm(forms.Form):
    """情報の共有."""

    shared_on = DateField(label=_("情報を共有した日"), around=PAST)


class MeetingForm(forms.Form):
    """引き継ぎ会議."""

    meeting_on = DateField(label=_("引き継ぎ会議の日"), around=PAST)


class AnswerForm(forms.Form):
    """受け入れ or refusal."""

    accepted_on = DateField(label=_("受け入れが決まった日"), around=PAST, required=False)
    declined_on = DateField(
        label=_("断られた日"),
        around=PAST,
        required=False,
        help_text=_("記録したあと、ほかのセンターを選べます。この記録は残ります。"),
    )
    decline_reason = forms.CharField(label=_("断られた理由"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """A refusal has its reason."""
        data = super().clean() or {}
        if data.get("declined_on") and not data.get("decline_reason"):
            self.add_error("decline_reason", _("断られた理由を入れてください。"))
        return data


class ContactForm(forms.Form):
    """引き継ぎ先での最初の相談."""

    first_contact_on = DateField(label=_("最初の相談日"), around=PAST)
    first_contact_note = forms.CharField(label=_("ようす"), max_length=200, required=False)


class LookForm(forms.Form):
    """6か月後の確かめ."""

    looked_on = DateField(label=_("確かめた日"), around=PAST)
    look_note = forms.CharField(
        label=_("その後のようす"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )


STEP_FORMS: dict[HandoverStep, type[forms.Form]] = {
    HandoverStep.CENTRE: CentreForm,
    HandoverStep.CONSENT: AgreementForm,
    HandoverStep.SHARING: SharingForm,
    HandoverStep.MEETING: MeetingForm,
    HandoverStep.ANSWER: AnswerForm,
    HandoverStep.CONTACT: ContactForm,
    HandoverStep.LOOK: LookForm,
}


class HandoverCorrectionForm(forms.Form):
    """引き継ぎの訂正: every step as it stands, and why it is changed."""

    centre = _centre()
    centre_note = forms.CharField(label=_("選んだ理由"), max_length=200, required=False)
    consented_on = DateField(label=_("本人の同意日"), required=False)
    not_consented_on = DateField(label=_("本人が同意しなかった日"), required=False)
    consent_note = forms.CharField(label=_("同意についてのメモ"), max_length=200, required=False)
    shared_on = DateField(label=_("情報を共有した日"), required=False)
    meeting_on = DateField(label=_("引き継ぎ会議の日"), required=False)
    accepted_on = DateField(label=_("受け入れの日"), required=False)
    declined_on = DateField(label=_("断られた日"), required=False)
    decline_reason = forms.CharField(label=_("断られた理由"), max_length=200, required=False)
    first_contact_on = DateField(label=_("引き継ぎ先での最初の相談日"), required=False)
    first_contact_note = forms.CharField(
        label=_("最初の相談のようす"), max_length=200, required=False
    )
    looked_on = DateField(label=_("その後を確かめた日"), required=False)
    look_note = forms.CharField(label=_("その後のようす"), max_length=400, required=False)
    reason = forms.CharField(
        label=_("訂正の理由"),
        max_length=100,
        help_text=_("例：書き間違い。元の値は履歴に残ります。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["centre"].required = False


class PackageTextsForm(forms.Form):
    """引き継ぎ書に書くこと."""

    what_works = forms.CharField(
        label=_("うまくいくこと・工夫"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    watch_for = forms.CharField(
        label=_("気をつけること"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    measures = forms.CharField(
        label=_("職場の配慮"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


class HandoverSystemForm(forms.Form):
    """引き継ぎの体制: which guideline holds, who is appointed, from a day on."""

    starts_on = DateField(label=_("この体制の開始日"), around=PAST)
    guideline = forms.CharField(
        label=_("指針の名前と、置いてある所"), max_length=200, required=False,
        help_text=_("指針がまだないときは空欄にします。"),
    )  # fmt: skip
    appointed: Any = forms.ModelChoiceField(
        label=_("引き継ぎの責任者"), queryset=None, required=False,
        empty_label=_("決まっていません"),
    )  # fmt: skip

    def __init__(self, *args: Any, team: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["appointed"]
        field.queryset = team
        field.label_from_instance = lambda row: row.user.name
