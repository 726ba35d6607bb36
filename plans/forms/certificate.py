"""Decision, certificate and cap as they stand on the paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from clients.enums import Category
from clients.models import Organisation
from plans.actions.caps import Cap
from plans.actions.certificate import Grant, Paper
from plans.forms.judged import Judged
from plans.models import Certificate
from teikyaku.accounts.models import Municipality
from teikyaku.fields import DateField, DigitsField, MonthField, YenField

AboutNumber = Callable[[dict[str, Any]], str]
TICK = ("is_known", "known_of")
QUESTION = ("number_changed", "number_reason")
CATEGORY_REASON = _("世帯の記録とちがう区分や額にするときの理由")
# Nothing is chosen for the reader: the first one would be 0 yen.
CATEGORIES = [("", _("選んでください")), *Category.choices]


class NumberQuestion(forms.Form):
    """Asks about a certificate number other than the person's own: a slip, or has it changed?

    The question comes only where they differ, with everything that was typed.
    """

    number_changed = forms.BooleanField(label=_("番号が変わった"), required=False)
    number_reason = forms.CharField(
        label=_("番号が変わった理由"), max_length=180, required=False,
        help_text=_("受給者証の記録に残ります。"),
    )  # fmt: skip

    def __init__(self, *args: Any, about_number: AboutNumber | None = None, **kwargs: Any) -> None:
        """`about_number` takes what was cleaned and gives the question; "" where there is none."""
        super().__init__(*args, **kwargs)
        self.about_number = about_number
        if not self.is_bound:
            self._leave_out()
            return
        # Right below the number that it is about.
        names = [name for name in self.fields if name not in QUESTION]
        at = names.index("number") + 1
        self.order_fields([*names[:at], *QUESTION, *names[at:]])

    def ask_about_number(self, data: dict[str, Any]) -> None:
        """Ask where the number differs, else leave the question out."""
        question = self.about_number(data) if self.about_number and data.get("number") else ""
        if not question:
            data |= {"number_changed": False, "number_reason": ""}
            self._leave_out()
        elif not data.get("number_changed"):
            data["number_reason"] = ""
            self.add_error("number", question)
        elif not data.get("number_reason") and "number_reason" in self.fields:
            self.add_error("number_reason", _("番号が変わった理由を入れてください。"))

    def _leave_out(self) -> None:
        for name in QUESTION:
            self.fields.pop(name, None)


class PaperForm(NumberQuestion):
    """受給者証 the faces of the paper, in their order."""

    number = DigitsField(label=_("受給者証番号"), length=10, help_text=_("数字10桁"))
    issued_on = DateField(label=_("交付日"))
    decided_on = DateField(label=_("支給決定日"))
    starts_on = DateField(label=_("支給決定期間の開始日"))
    ends_on = DateField(label=_("支給決定期間の終了日"))
    amount = forms.CharField(
        label=_("支給量"),
        max_length=40,
        initial=_("当該月の日数"),
        help_text=_("受給者証に書くとおりに。"),
    )
    consultation_office = forms.ModelChoiceField(
        label=_("相談支援事業所"),
        required=False,
        queryset=Organisation.objects.filter(kind=Organisation.Kind.CONSULTATION),
        empty_label=_("なし（セルフプラン）"),
    )
    monitoring_months = forms.IntegerField(
        label=_("モニタリングの間隔（月）"), required=False, min_value=1, max_value=12
    )
    category = forms.ChoiceField(label=_("負担の区分"), choices=CATEGORIES)
    cap_yen = YenField(label=_("負担上限月額（円）"), help_text=_("0円も入れます。例：9,300"))
    cap_first_month = MonthField(label=_("上限額の最初の月"))
    cap_last_month = MonthField(label=_("上限額の最後の月"), required=False)
    is_managed = forms.BooleanField(label=_("上限額管理の対象"), required=False)
    managing_office_name = forms.CharField(
        label=_("上限額管理事業所"), max_length=80, required=False
    )
    managing_office_number = DigitsField(
        label=_("上限額管理事業所の番号"), length=10, required=False
    )

    def clean(self) -> dict[str, Any]:
        """Ends after starts; cap management names its office."""
        data = super().clean() or {}
        _order(self, data, "starts_on", "ends_on")
        _order(self, data, "cap_first_month", "cap_last_month")
        _manager(self, data)
        self.ask_about_number(data)
        return data

    def grant(self) -> Grant:
        """The decision."""
        data = self.cleaned_data
        names = ("decided_on", "starts_on", "ends_on", "amount")
        return Grant(**{name: data[name] for name in names}, reason=data.get("reason", ""))

    def paper(self, kind: str = Certificate.Kind.NEW) -> Paper:
        """The certificate."""
        data = self.cleaned_data
        return Paper(
            number=data["number"],
            issued_on=data["issued_on"],
            applies_on=data["starts_on"],
            kind=kind,
            consultation_office=data["consultation_office"],
            monitoring_months=data["monitoring_months"],
            number_reason=data["number_reason"],
        )

    def cap(self) -> Cap:
        """The cap."""
        data = self.cleaned_data
        return Cap(
            first_month=data["cap_first_month"],
            last_month=data["cap_last_month"],
            category=data["category"],
            cap_yen=data["cap_yen"],
            is_managed=data["is_managed"],
            managing_office_number=data["managing_office_number"],
            managing_office_name=data["managing_office_name"],
        )


def _order(form: forms.Form, data: dict[str, Any], first: str, last: str) -> None:
    if data.get(first) and data.get(last) and data[last] < data[first]:
        form.add_error(last, _("終わりは始まり以後にしてください。"))


def _manager(form: forms.Form, data: dict[str, Any]) -> None:
    # A name that is wrong is told already.
    if "managing_office_name" in form.errors:
        return
    if data.get("is_managed") and not data.get("managing_office_name"):
        form.add_error("managing_office_name", _("上限額管理事業所の名前を入れてください。"))


class TranscriptionForm(PaperForm):
    """紙の受給者証の転記, of any municipality."""

    municipality = forms.ModelChoiceField(
        label=_("支給市町村"),
        queryset=Municipality.objects.paying(),
        empty_label=_("選んでください"),
    )
    field_order = ("municipality",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """A place that is not in the list is entered on a page of its own; what was typed here is kept."""
        super().__init__(*args, **kwargs)
        self.fields["municipality"].help_text = format_html(
            str(_('一覧にないときは、<a href="{}">自治体を仮登録</a>できます。')),
            reverse("municipality_propose"),
        )


Consequences = Callable[[dict[str, Any]], Sequence[str]]
Shown = Callable[[dict[str, Any]], str]


class KnownConsequences(forms.Form):
    """Asks for a tick before a cap is saved that does more than stand there, and says what.

    The question comes only where there is something to say, with everything that was typed. Where
    `shown` gives a mark of what is on file, a tick counts only for what its sender was shown.
    """

    unread = _("下のことを確かめて、よければ印を入れてください。")
    """Said at the tick while it is missing."""
    is_known = forms.BooleanField(label=_("次のことを確かめました"), required=False)
    known_of = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        consequences: Consequences | None = None,
        shown: Shown | None = None,
        **kwargs: Any,
    ) -> None:
        """`consequences` and `shown` take what was cleaned; they give the sentences, and the mark."""
        super().__init__(*args, **kwargs)
        self.consequences, self.shown = consequences, shown
        self.words: tuple[str, ...] = ()
        self.seen: str | None = None
        # The last question: what was typed above is what it is about.
        asked = [(name, self.fields.pop(name)) for name in TICK]
        if self.is_bound:
            self.fields |= dict(asked if shown else asked[:1])

    def ask_if_known(self, data: dict[str, Any]) -> None:
        """Ask where there is something to know, else leave the question out."""
        # The mark first: what changes after it is refused when it is saved.
        self.seen = self.shown(data) if self.shown else None
        self.words = tuple(self.consequences(data)) if self.consequences else ()
        sent = data.pop("known_of", None)
        if not self.words:
            self.leave_tick_out()
            return
        if self.seen is not None and sent != self.seen:
            self._take_tick_back(self.seen)
            data["is_known"] = False
        # The bound field has taken its words already.
        self["is_known"].help_text = " ".join(self.words)
        if not data.get("is_known"):
            self.add_error("is_known", self.unread)

    def leave_tick_out(self) -> None:
        """Nothing is asked this time."""
        for name in TICK:
            self.fields.pop(name, None)

    def _take_tick_back(self, mark: str) -> None:
        # What was typed stays; only the tick is asked anew, for what is shown now.
        data: Any = self.data
        data = data.copy()
        data[self.add_prefix("known_of")] = mark
        data.pop(self.add_prefix("is_known"), None)
        self.data = data


class CapForm(Judged, KnownConsequences):
    """負担上限月額 from a month on."""

    category = forms.ChoiceField(label=_("負担の区分"), choices=CATEGORIES)
    cap_yen = YenField(label=_("負担上限月額（円）"), help_text=_("0円も入れます。例：9,300"))
    first_month = MonthField(label=_("適用の最初の月"))
    last_month = MonthField(label=_("適用の最後の月"), required=False)
    is_managed = forms.BooleanField(label=_("上限額管理の対象"), required=False)
    managing_office_name = forms.CharField(
        label=_("上限額管理事業所"), max_length=80, required=False
    )
    managing_office_number = DigitsField(
        label=_("上限額管理事業所の番号"), length=10, required=False
    )

    def clean(self) -> dict[str, Any]:
        """The last month is not before the first; cap management names its office."""
        data = super().clean() or {}
        _order(self, data, "first_month", "last_month")
        _manager(self, data)
        # What follows from months that are wrong is nothing that anybody could agree to.
        if self.errors.keys() & {"first_month", "last_month"}:
            self.leave_tick_out()
        else:
            self.ask_if_known(data)
        return data

    def cap(self) -> Cap:
        """The cap."""
        return Cap(**{k: v for k, v in self.cleaned_data.items() if k not in TICK})
