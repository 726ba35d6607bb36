"""Corrections of a decision and of a cap: the same questions as on the paper, and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.actions.correction import DecisionFacts, number_of
from plans.forms.certificate import CATEGORY_REASON, TICK, CapForm, KnownConsequences
from plans.forms.contact import ask_for_number
from plans.forms.judged import Check
from plans.models import Application, CapPeriod, Contract, Decision, Survey
from teikyaku.accounts.models import Municipality
from teikyaku.constraints import add_errors
from teikyaku.fields import DateField, DigitsField
from teikyaku.model_forms import FactForm, formfield

# What a correction asks beside the values themselves.
_ASIDE = ("reason", *TICK)


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("訂正の理由"),
        max_length=100,
        help_text=_("元の値は、この理由とともに履歴に残ります。"),
    )


class Checked(forms.Form):
    """Told of days that the action would refuse together with everything else that is wrong."""

    days: tuple[str, ...] = ()

    def __init__(self, *args: Any, check: Check | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.check = check

    def has_right_days(self, data: dict[str, Any]) -> bool:
        """Whether all days can be read and nothing refuses them; else what does is told at its field."""
        if not all(data.get(name) for name in self.days):
            return False
        try:
            if self.check is not None:
                self.check(data)
        except forms.ValidationError as error:
            add_errors(self, error)
            return False
        return True


class DecisionCorrectionForm(Checked, KnownConsequences):
    """支給決定の訂正; what the new days leave outside is told before it is stored."""

    days = ("decided_on", "starts_on", "ends_on")

    number = DigitsField(label=_("受給者証番号"), length=10, help_text=_("数字10桁"))
    decided_on = DateField(label=_("支給決定日"))
    starts_on = DateField(label=_("支給決定期間の開始日"))
    ends_on = DateField(label=_("支給決定期間の終了日"))
    amount = forms.CharField(label=_("支給量"), max_length=40)
    reason = _reason()

    @staticmethod
    def initial_of(decision: Decision) -> dict[str, Any]:
        """What is on file."""
        number = number_of(decision)
        names = ("decided_on", "starts_on", "ends_on", "amount")
        stored = {name: getattr(decision, name) for name in names}
        return {"number": number.number if number else "", **stored}

    def clean(self) -> dict[str, Any]:
        """Asked about once the days can be read."""
        data = super().clean() or {}
        if self.has_right_days(data) and data["starts_on"] <= data["ends_on"]:
            self.ask_if_known(data)
        else:
            self.fields.pop("is_known", None)
        return data

    def facts(self) -> DecisionFacts:
        """What should have been written."""
        return DecisionFacts(**{k: v for k, v in self.cleaned_data.items() if k not in _ASIDE})


class PaperCorrectionForm(Checked):
    """受給者証の日付の訂正."""

    days = ("issued_on", "applies_on")
    issued_on = DateField(label=_("交付日"))
    applies_on = DateField(label=_("適用日"))
    reason = _reason()

    def clean(self) -> dict[str, Any]:
        """With what is held against the decision."""
        data = super().clean() or {}
        self.has_right_days(data)
        return data


class CapCorrectionForm(CapForm):
    """負担上限月額の訂正."""

    reason = _reason()

    @classmethod
    def initial_of(cls, cap: CapPeriod) -> dict[str, Any]:
        """What is on file."""
        names = (name for name in cls.base_fields if name not in _ASIDE)
        return {name: getattr(cap, name) for name in names}

    def changes(self) -> dict[str, Any]:
        """What should have been written."""
        return {k: v for k, v in self.cleaned_data.items() if k not in _ASIDE}


class CityCapCorrectionForm(CapCorrectionForm):
    """負担上限月額の訂正 of what a ward decided: with why its category differs."""

    category_reason = forms.CharField(label=CATEGORY_REASON, max_length=200, required=False)
    field_order = ("category", "category_reason")


class FindDecisionForm(forms.Form):
    """One decision by ward and number: who corrects needs no names."""

    municipality = forms.ModelChoiceField(
        label=_("区"), queryset=Municipality.objects.none(), empty_label=_("選んでください")
    )
    number = DigitsField(label=_("受給者証番号"), length=10, help_text=_("数字10桁"))

    def __init__(self, *args: Any, wards: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = wards  # type: ignore[attr-defined]


class ContractCorrectionForm(FactForm):
    """利用契約の訂正."""

    class Meta:
        model = Contract
        fields = [
            "explained_on", "signed_on", "starts_on", "ends_on", "contracted_amount",
            "entry_number", "initial_addition_month", "reported_on",
        ]  # fmt: skip
        formfield_callback = formfield


class SurveyCorrectionForm(FactForm):
    """聞き取り調査の訂正."""

    class Meta:
        model = Survey
        fields = [
            "held_on", "held_by", "work", "living", "health", "support_around", "difficulties",
        ]  # fmt: skip
        formfield_callback = formfield


class ApplicationCorrectionForm(FactForm):
    """申請の受付の訂正."""

    class Meta:
        model = Application
        fields = [
            "received_on", "received_place", "handed_in_by", "contact_phone", "contact_name",
        ]  # fmt: skip
        formfield_callback = formfield

    def clean(self) -> dict[str, Any]:
        """As at the counter."""
        data = super().clean() or self.cleaned_data
        ask_for_number(self, data)
        return data
