"""The ward's forms: receiving, hearing, plan, decision, end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.db.models import Max
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from clients.forms.address import address_inside
from clients.models import Client, ClientName, Organisation
from clients.rules.names import search_key
from plans.access import known_people
from plans.actions.certificate import Paper
from plans.forms.certificate import (
    CATEGORY_REASON,
    CapForm,
    NumberQuestion,
)
from plans.forms.contact import ask_for_number
from plans.forms.judged import Judged
from plans.models import Application, Certificate, Decision, ServiceUsePlan
from plans.queries.file_transfer import keeping_wards
from teikyaku.accounts.models import Municipality
from teikyaku.constraints import add_errors
from teikyaku.era import both
from teikyaku.fields import (
    EARLIEST_BIRTH,
    PAST,
    DateField,
    DigitsField,
    KanaField,
    PhoneField,
)
from teikyaku.periods import in_force

ANOTHER = "another"


class CounterForm(Judged):
    """What is written down at the counter of every application."""

    received_on = DateField(label=_("受付日"), around=PAST)
    received_place = forms.ChoiceField(
        label=_("受付場所"), choices=Application.Place.choices, widget=forms.RadioSelect
    )
    handed_in_by = forms.CharField(
        label=_("提出した人"),
        max_length=80,
        required=False,
        help_text=_("本人でないとき：氏名と続柄"),
    )
    contact_phone = PhoneField(
        label=_("連絡先の電話番号"),
        required=False,
        help_text=_("補正などで、区から電話するときの番号です。"),
    )
    contact_name = forms.CharField(
        label=_("連絡先の人"),
        max_length=80,
        required=False,
        help_text=_("本人でないとき：氏名と続柄"),
    )

    def clean(self) -> dict[str, Any]:
        """A person to ring up, with their number."""
        data = super().clean()
        ask_for_number(self, data)
        return data


class ReceiveForm(CounterForm):
    """申請の受付, of a new or a known person.

    Whoever is not on file applies for the first time (新規): the kind is asked of known people only.
    """

    field_order = (
        "name", "kana", "birth_date", "known", "address", "is_protected", "moved_on", "kind",
    )  # fmt: skip

    name = forms.CharField(label=_("氏名"), max_length=80)
    kana = KanaField()
    birth_date = DateField(
        label=_("生年月日"),
        earliest=EARLIEST_BIRTH,
        help_text=_("例：S60.4.1、昭和60年4月1日、1985-04-01"),
    )
    known = forms.ChoiceField(
        label=_("同じふりがなと生年月日の方がいます"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_("同じ方なら、その方の記録に続けます。"),
    )
    address = forms.CharField(
        label=_("区内の住所"), max_length=160, help_text=_("市と区の名前はいりません。")
    )
    is_protected = forms.BooleanField(
        label=_("支援措置の対象（住所を見せない）"), required=False,
    )  # fmt: skip
    moved_on = DateField(
        label=_("この住所になった日"), required=False,
        help_text=_("登録の住所と違うとき、またはほかの区に記録のある方のとき。"),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("種類"), choices=Application.Kind.choices,
        widget=forms.RadioSelect(attrs={"class": "chips"}),
        error_messages={"required": _("新規・更新・変更のどれかを選んでください。")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, ward: Municipality, on: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.ward, self.on = ward, on
        self.people = self._known()
        if not self.people:
            del self.fields["known"]
            del self.fields["moved_on"]
            del self.fields["kind"]
            return
        self.keepers = keeping_wards(name.client_id for name in self.people)
        # Somebody looks the same: the officer says whether they are.
        self.fields["known"].required = True
        self.fields["known"].error_messages["required"] = _("同じ方かどうかを選んでください。")
        self.fields["known"].choices = [  # type: ignore[attr-defined]
            *((str(name.client.public_id), self._label(name)) for name in self.people),
            (ANOTHER, _("別の方として登録する")),
        ]

    def clean_address(self) -> str:
        """Without city and ward, which the paper writes before it; another ward's is a slip."""
        return address_inside(self.cleaned_data["address"], self.ward)

    def _known(self) -> list[ClientName]:
        kana = search_key(self.data.get("kana", "")) if self.data else ""
        if not kana:
            return []
        try:
            birth_date = DateField().clean(self.data.get("birth_date", ""))
        except forms.ValidationError:
            return []
        return known_people(kana, birth_date)

    def _label(self, name: ClientName) -> str:
        # Name, kana and birth date only: the officer may have mistyped and not know this person.
        label = f"{name.name}（{name.kana}）　{both(name.client.birth_date)}"
        keeper = self.keepers.get(name.client_id)
        if keeper is None or keeper == self.ward:
            return label
        return _("%(person)s　%(ward)sに記録があります") % {"person": label, "ward": keeper.name}

    def keeper(self) -> Municipality | None:
        """Another ward of the city that holds the file of the person chosen, and has to pass it."""
        known = self.known_person()
        keeper = self.keepers.get(known.pk) if known else None
        if keeper is None or keeper == self.ward or keeper.city_id != self.ward.city_id:
            return None
        return keeper

    def clean(self) -> dict[str, Any]:
        """A known person's new address has a day; one that is on file is not written again."""
        data = super().clean()
        if not self.people:
            data["kind"] = Application.Kind.NEW
        if data.get("moved_on") and data["moved_on"] > self.on:
            self.add_error("moved_on", _("まだ来ていない日付です。"))
        known = self.known_person()
        if known is None:
            self._refuse_further_of_new_one(data)
        if known is None or "address" not in data or self.errors.get("moved_on"):
            data.pop("moved_on", None)
            return data
        self._refuse_second_new_one(known, data)
        keeper = self.keeper()
        if keeper is None and self._is_on_file(known, data["address"]):
            data["moved_on"] = None
        elif data.get("moved_on") is None:
            message = (
                _("%(ward)sに記録のある方です。この区に移った日を入れてください。") % {"ward": keeper.name}
                if keeper
                else _("登録の住所と違います。この住所になった日を入れるか、登録の住所に直してください。")
            )  # fmt: skip
            self.add_error("moved_on", message)
        return data

    def _refuse_further_of_new_one(self, data: dict[str, Any]) -> None:
        """Somebody who is registered now has nothing to renew or to change."""
        is_another = data.get("known") == ANOTHER
        if is_another and data.get("kind") in (Application.Kind.RENEWAL, Application.Kind.CHANGE):
            self.add_error("kind", _("はじめて登録する方です。「新規」を選んでください。"))

    def _refuse_second_new_one(self, known: Client, data: dict[str, Any]) -> None:
        """Whoever has a decision that runs asks for a renewal or a change of it."""
        running = (
            Decision.objects.standing()
            .kept_by(self.ward.pk)
            .filter(client=known, is_transcribed=False)
        )
        ends_on = running.filter(ends_on__gte=self.on).aggregate(last=Max("ends_on"))["last"]
        if data.get("kind") == Application.Kind.NEW and ends_on is not None:
            message = _("%(ends)sまでの支給決定がある方です。「更新」か「変更」を選んでください。")
            self.add_error("kind", message % {"ends": both(ends_on)})

    def _is_on_file(self, known: Client, address: str) -> bool:
        home = known.residences.filter(in_force(self.on), municipality=self.ward).first()
        return home is not None and search_key(home.address) == search_key(address)

    def known_person(self) -> Client | None:
        """The person on file who was chosen; None for somebody new."""
        chosen = self.cleaned_data.get("known")
        people = (name.client for name in self.people)
        return next((p for p in people if str(p.public_id) == chosen), None)


class RenewForm(CounterForm):
    """更新・変更の申請 of somebody whose decision the ward keeps: nothing is asked that is on file."""


class SurveyForm(Judged):
    """聞き取り調査."""

    held_on = DateField(label=_("調査日"), around=PAST)
    held_by = forms.CharField(label=_("調査した人"), max_length=80)
    work = forms.CharField(
        label=_("仕事の状況"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    living = forms.CharField(
        label=_("生活の状況"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    health = forms.CharField(
        label=_("健康・通院"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    support_around = forms.CharField(
        label=_("まわりの支え"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    difficulties = forms.CharField(
        label=_("就職してからの困りごと"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PlanForm(Judged):
    """サービス等利用計画 was handed in, as a proposal or the final one."""

    author = forms.ChoiceField(
        label=_("作成者"), choices=ServiceUsePlan.Author.choices, widget=forms.RadioSelect
    )
    organisation = forms.ModelChoiceField(
        label=_("相談支援事業所"),
        required=False,
        queryset=Organisation.objects.filter(kind=Organisation.Kind.CONSULTATION),
    )
    received_on = DateField(label=_("受け取った日"), around=PAST)
    monitoring_months = forms.IntegerField(
        label=_("モニタリングの間隔（月）"), required=False, min_value=1, max_value=12
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office = self.fields["organisation"]
        office.asked_when = _("相談支援事業所が作ったとき必須")  # type: ignore[attr-defined]
        told = str(_('一覧にないときは、先に<a href="{}">関係機関を登録</a>します。'))
        office.help_text = format_html(told, reverse("organisation_new"))

    def clean(self) -> dict[str, Any]:
        """A consultation office where one made it, none for a self-made plan."""
        data = super().clean() or {}
        is_office = data.get("author") == ServiceUsePlan.Author.CONSULTATION
        if is_office and not data.get("organisation"):
            self.add_error("organisation", _("相談支援事業所を選んでください。"))
        if data.get("author") == ServiceUsePlan.Author.SELF:
            data["organisation"] = None
        return data


class WardCapForm(CapForm):
    """負担上限月額 as a ward decides it."""

    category_reason = forms.CharField(label=CATEGORY_REASON, max_length=200, required=False)
    field_order = ("category", "category_reason")


class EndForm(forms.Form):
    """却下 or 取下げ with its reason; a wrong day is told with all that is wrong."""

    def __init__(
        self, *args: Any, check: Callable[[date], None] | None = None, **kwargs: Any
    ) -> None:
        """`check` takes the day and raises what the action would refuse."""
        super().__init__(*args, **kwargs)
        self.check = check

    def clean(self) -> dict[str, Any]:
        """Asked about once the day can be read."""
        data = super().clean() or {}
        if self.check is not None and data.get("outcome_on"):
            try:
                self.check(data["outcome_on"])
            except forms.ValidationError as error:
                add_errors(self, error)
        return data

    outcome = forms.ChoiceField(
        label=_("結果"),
        choices=[choice for choice in Application.Outcome.choices if choice[0] != "granted"],
        widget=forms.RadioSelect,
    )
    outcome_on = DateField(label=_("結果の日"), around=PAST)
    reason = forms.CharField(
        label=_("理由"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("本人に伝える言葉で。案内した窓口も書きます。"),
    )


class ReturnForm(forms.Form):
    """支給決定の案 handed back by who looked at it, or taken back by who wrote it."""

    reason = forms.CharField(
        label=_("戻す理由"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("どこを直すかを、書いた人に伝える言葉で。"),
    )


class ReissueForm(Judged, NumberQuestion):
    """受給者証 again: changed or reissued."""

    kind = forms.ChoiceField(
        label=_("区分"),
        choices=[c for c in Certificate.Kind.choices if c[0] in ("change", "reissue")],
        widget=forms.RadioSelect,
    )
    number = DigitsField(label=_("受給者証番号"), length=10)
    issued_on = DateField(label=_("交付日"))
    applies_on = DateField(label=_("適用日"))
    consultation_office = forms.ModelChoiceField(
        label=_("相談支援事業所"),
        required=False,
        queryset=Organisation.objects.filter(kind=Organisation.Kind.CONSULTATION),
        empty_label=_("なし（セルフプラン）"),
    )
    monitoring_months = forms.IntegerField(
        label=_("モニタリングの間隔（月）"), required=False, min_value=1, max_value=12
    )
    remarks = forms.CharField(label=_("特記事項"), max_length=200, required=False)
    reason = forms.CharField(label=_("理由"), max_length=200)
    # The paper's own reason tells it.
    number_reason = None  # type: ignore[assignment]

    def clean(self) -> dict[str, Any]:
        """A number other than the person's own is asked about."""
        data = super().clean() or {}
        self.ask_about_number(data)
        return data

    def paper(self) -> Paper:
        """The version that the form states."""
        data = dict(self.cleaned_data)
        reason = data.pop("reason")
        data["number_reason"] = reason if data.pop("number_changed") else ""
        return Paper(**data)
