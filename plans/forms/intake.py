"""Taking somebody in: who they are, what they used before, where they work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.enums import EmploymentKind, ServiceKind
from clients.models import ClientName, Employment, PriorService
from clients.rules.names import search_key
from teikyaku.accounts.models import Municipality
from teikyaku.fields import (
    EARLIEST_BIRTH,
    NEAR,
    DateField,
    DigitsField,
    KanaField,
    PhoneField,
    WorkingHoursField,
)
from teikyaku.model_forms import FactForm, formfield


class IntakeForm(forms.Form):
    """新しい利用者. Services and job can follow later; the window needs both."""

    name = forms.CharField(label=_("氏名"), max_length=80, help_text=_("例：髙橋 𠮷郎"))
    kana = KanaField()
    birth_date = DateField(
        label=_("生年月日"),
        earliest=EARLIEST_BIRTH,
        help_text=_("例：S60.4.1、昭和60年4月1日、1985-04-01"),
    )
    phone = PhoneField(label=_("電話番号"), required=False)
    starts_on = DateField(label=_("相談の開始日"), around=NEAR)
    service_kind = forms.ChoiceField(
        label=_("就職前に使っていたサービス"),
        choices=[("", _("まだ分からない")), *ServiceKind.choices],
        required=False,
    )
    service_office = forms.CharField(label=_("その事業所の名前"), max_length=80, required=False)
    service_starts_on = DateField(label=_("サービスの利用開始日"), required=False)
    service_ends_on = DateField(label=_("サービスの利用終了日"), required=False)
    employer = forms.CharField(
        label=_("就職先の名前"), max_length=120, required=False, help_text=_("就職していれば")
    )
    employer_address = forms.CharField(label=_("就職先の所在地"), max_length=160, required=False)
    employed_on = DateField(label=_("就職日"), required=False)
    must_not_contact = forms.BooleanField(
        label=_("職場に連絡しない（クローズ就労など）"),
        required=False,
        help_text=_("連絡先の横に必ず表示します。"),
    )
    is_another = forms.BooleanField(
        label=_("同じふりがなと生年月日の方がいますが、別の方です"),
        error_messages={"required": _("同じ方なら、その方のページで続けてください。別の方なら印を入れてください。")},
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, find: Callable[[str, date], list[ClientName]], **kwargs: Any
    ) -> None:
        """`find` gives the names at this office with a kana key and a birth date."""
        super().__init__(data, **kwargs)
        self.people = self._known(find)
        if not self.people:
            del self.fields["is_another"]

    def _known(self, find: Callable[[str, date], list[ClientName]]) -> list[ClientName]:
        kana = search_key(self.data.get("kana", "")) if self.data else ""
        try:
            birth_date = DateField().clean(self.data.get("birth_date", "")) if kana else None
        except forms.ValidationError:
            return []
        return find(kana, birth_date) if birth_date else []

    def clean(self) -> dict[str, Any]:
        """A service needs its first day, a job its employer and its first day."""
        data = super().clean() or {}
        if data.get("service_kind") and not self._has_day("service_starts_on"):
            self.add_error("service_starts_on", _("サービスの利用開始日を入れてください。"))
        if data.get("employer") and not self._has_day("employed_on"):
            self.add_error("employed_on", _("就職日を入れてください。"))
        typed = data.get("service_office") or data.get("service_starts_on")
        if not data.get("service_kind") and (typed or data.get("service_ends_on")):
            self.add_error("service_kind", _("使っていたサービスを選んでください。"))
        if data.get("must_not_contact") and not data.get("employer"):
            self.add_error("employer", _("「職場に連絡しない」職場の名前を入れてください。"))
        if data.get("employed_on") and not data.get("employer"):
            self.add_error("employer", _("就職先の名前を入れてください。"))
        starts, ends = data.get("service_starts_on"), data.get("service_ends_on")
        if starts and ends and ends < starts:
            self.add_error("service_ends_on", _("終了日は開始日以後にしてください。"))
        return data

    def _has_day(self, name: str) -> bool:
        """Whether a day was typed; one that is none is told already."""
        return bool(self.cleaned_data.get(name)) or name in self.errors

    def person(self) -> dict[str, Any]:
        """Fields of the person."""
        names = ("name", "kana", "birth_date", "phone")
        return {name: self.cleaned_data[name] for name in names}

    def services(self) -> list[dict[str, Any]]:
        """The service used before, where it is known."""
        data = self.cleaned_data
        if not data["service_kind"]:
            return []
        return [
            {
                "kind": data["service_kind"],
                "office_name": data["service_office"],
                "starts_on": data["service_starts_on"],
                "ends_on": data["service_ends_on"],
            }
        ]


class LinkForm(forms.Form):
    """受給者証で登録: somebody on file elsewhere, found by certificate and birth date."""

    municipality = forms.ModelChoiceField(
        label=_("支給市町村"),
        queryset=Municipality.objects.paying(),
        empty_label=_("選んでください"),
    )
    number = DigitsField(label=_("受給者証番号"), length=10, help_text=_("数字10桁"))
    birth_date = DateField(label=_("生年月日"), earliest=EARLIEST_BIRTH)
    starts_on = DateField(label=_("相談の開始日"), around=NEAR)


class EmploymentForm(forms.Form):
    """就労 a job began."""

    employer = forms.CharField(label=_("就職先の名前"), max_length=120)
    employer_address = forms.CharField(label=_("就職先の所在地"), max_length=160, required=False)
    employer_phone = PhoneField(label=_("就職先の電話番号"), required=False)
    kind = forms.ChoiceField(label=_("雇用の種類"), choices=EmploymentKind.choices)
    starts_on = DateField(label=_("就職日"))
    job_title = forms.CharField(label=_("仕事の内容"), max_length=80, required=False)
    weekly_minutes = WorkingHoursField(label=_("週の労働時間"), required=False)
    contact_name = forms.CharField(label=_("職場の担当者"), max_length=80, required=False)
    contact_phone = PhoneField(label=_("職場の電話番号"), required=False)
    must_not_contact = forms.BooleanField(
        label=_("職場に連絡しない（クローズ就労など）"),
        required=False,
        help_text=_("連絡先の横に必ず表示します。"),
    )
    is_second = forms.BooleanField(
        error_messages={
            "required": _(
                "前の就職先をやめているときは、先に離職日を記録してください。両方で働くときは印を入れてください。"
            )
        },
    )

    def __init__(self, data: Any = None, *, running: Sequence[str] = (), **kwargs: Any) -> None:
        """`running` names the employers of jobs without an end: then it is asked about them."""
        super().__init__(data, **kwargs)
        if not running:
            del self.fields["is_second"]
            return
        label = _("%(employers)sでも働き続けます") % {"employers": "・".join(running)}
        self.fields["is_second"].label = label

    def clean(self) -> dict[str, Any]:
        """The facts of the job; the question about the other one is answered with it."""
        data = super().clean() or {}
        data.pop("is_second", None)
        return data


class EmploymentEndForm(forms.Form):
    """離職 a job ended."""

    ends_on = DateField(
        label=_("離職日"), around=NEAR, help_text=_("最後に在籍していた日。例：12/10")
    )
    reason = forms.CharField(label=_("離職の理由"), max_length=120)
    changes_to_improve = forms.TypedChoiceField(
        label=_("労働条件をよくするための転職ですか"),
        choices=[("", _("まだ分からない")), ("yes", _("はい")), ("no", _("いいえ"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        help_text=_(
            "はいのとき、離職の翌日から1か月以内に再就職すれば、最初の1回だけ権利が続きます。"
        ),
    )


class LeaveForm(forms.Form):
    """休職 a leave began."""

    starts_on = DateField(label=_("休職の開始日"), around=NEAR)
    reason = forms.CharField(label=_("理由"), max_length=120, required=False)


class LeaveEndForm(forms.Form):
    """復職 a leave ended."""

    ends_on = DateField(label=_("休職の最終日"), around=NEAR)


class PriorServiceForm(forms.Form):
    """就職前のサービス利用 became known."""

    kind = forms.ChoiceField(
        label=_("サービス"), choices=[("", _("選んでください")), *ServiceKind.choices]
    )
    office_name = forms.CharField(label=_("事業所名"), max_length=80, required=False)
    starts_on = DateField(label=_("利用開始日"))
    ends_on = DateField(label=_("利用終了日"), required=False)
    is_during_employment = forms.BooleanField(
        label=_("働きながらの利用（復職・労働時間の延長）"),
        required=False,
        help_text=_("この場合、6か月は利用が終わった日の翌日から数えます。"),
    )


class EndUseForm(forms.Form):
    """利用の終了 with its reason."""

    ends_on = DateField(label=_("終了日"), around=NEAR)
    reason = forms.ChoiceField(label=_("終了の理由"))
    note = forms.CharField(label=_("経過"), max_length=200, required=False)

    def __init__(self, *args: Any, reasons: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("選んでください")), *reasons]
        self.fields["reason"].choices = choices  # type: ignore[attr-defined]


class EmploymentCorrectionForm(FactForm):
    """就労 written wrongly: dates and what a call would do."""

    weekly_minutes = WorkingHoursField(label=_("週の労働時間"), required=False)

    class Meta:
        model = Employment
        fields = [
            "kind", "starts_on", "ends_on", "end_reason", "changes_to_improve", "job_title",
            "weekly_minutes", "contact_name", "contact_phone", "must_not_contact",
        ]  # fmt: skip
        formfield_callback = formfield


class PriorServiceCorrectionForm(FactForm):
    """サービス利用 written wrongly."""

    class Meta:
        model = PriorService
        fields = ["kind", "office_name", "starts_on", "ends_on", "is_during_employment"]
        formfield_callback = formfield


class ReopenForm(forms.Form):
    """終了の取消し."""

    reason = forms.CharField(
        label=_("取り消す理由"), max_length=100, help_text=_("記録に残ります。")
    )
