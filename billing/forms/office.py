"""The office's own answers: tier of the year, notified additions and reductions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.enums import NotifiedItem, Tier
from billing.forms.months import check_months
from billing.models import OfficeNotification
from billing.queries.fee_tables import tier_of_share
from plans.forms.certificate import TICK, Consequences, KnownConsequences
from plans.queries.life_correction import Told
from teikyaku.fields import DateField, MonthField
from teikyaku.periods import Month
from teikyaku.service_start import SERVICE_BEGAN


class TierForm(forms.Form):
    """就労定着率の区分 of a fiscal year, with the date of the 届出."""

    fiscal_year = forms.IntegerField(
        label=_("年度（西暦）"), min_value=SERVICE_BEGAN.fiscal_year, max_value=2100
    )
    tier = forms.ChoiceField(label=_("区分"), choices=[("", _("選んでください")), *Tier.choices])
    numerator = forms.IntegerField(label=_("3月31日に続いている人"), min_value=0, required=False)
    denominator = forms.IntegerField(label=_("対象の人"), min_value=1, required=False)
    notified_on = DateField(label=_("届出日"))

    def clean(self) -> dict[str, Any]:
        """The share is at most the whole."""
        data = super().clean() or {}
        _check_share(self, data, data.get("fiscal_year"))
        return data


def _check_share(form: forms.Form, data: dict[str, Any], year: int | None) -> None:
    part, whole = data.get("numerator"), data.get("denominator")
    if part is None or whole is None:
        return
    if part > whole:
        form.add_error("numerator", _("対象の人より多くできません。"))
        return
    counted = tier_of_share(part, whole, year) if year is not None and data.get("tier") else None
    if counted is not None and data["tier"] != counted:
        message = _(
            "%(part)d人／%(whole)d人は「%(tier)s」です。区分か人数を直してください。"
            "ほかの数え方で届け出たときは、人数を空欄にしてください。"
        )
        words = {"part": part, "whole": whole, "tier": Tier(counted).label}
        form.add_error("tier", message % words)


class ClosedMonthsForm(KnownConsequences):
    """A correction that touches closed months: they are read and ticked before it is stored."""

    unread = _("上の一覧を読んで、よければ印を入れてください。")

    def __init__(self, *args: Any, tell: Callable[[dict[str, Any]], Told], **kwargs: Any) -> None:
        """`tell` takes the cleaned data and says which closed months they touch."""
        self.told = Told((), "")
        super().__init__(
            *args,
            consequences=lambda _data: self.told.words,
            shown=lambda _data: self.told.mark,
            **kwargs,
        )
        self.tell = tell

    def ask_about_months(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is touched is read and ticked, once everything else is in order."""
        if self.errors:
            # Of what could not be read nothing is foretold.
            data.pop("known_of", None)
            for name in TICK:
                self.fields.pop(name, None)
            return data
        self.told = self.tell(data)
        self.ask_if_known(data)
        if self.told.words:
            self["is_known"].label = _("上の一覧を確かめました")
            self["is_known"].help_text = ""
        return data


class TierCorrectionForm(ClosedMonthsForm):
    """区分の訂正: the values as they should be, why, and the closed months that this touches."""

    tier = forms.ChoiceField(label=_("区分"), choices=Tier.choices)
    numerator = forms.IntegerField(label=_("3月31日に続いている人"), min_value=0, required=False)
    denominator = forms.IntegerField(label=_("対象の人"), min_value=1, required=False)
    notified_on = DateField(label=_("届出日"))
    reason = forms.CharField(
        label=_("訂正の理由"), max_length=100,
        help_text=_("例：届出の書き間違い。前の値は、理由と一緒に残ります。"),
    )  # fmt: skip

    def __init__(self, *args: Any, fiscal_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fiscal_year = fiscal_year

    def clean(self) -> dict[str, Any]:
        """The share is at most the whole; then what another tier touches is read and ticked."""
        data = super().clean() or {}
        _check_share(self, data, self.fiscal_year)
        return self.ask_about_months(data)


class NotificationForm(KnownConsequences):
    """加算・減算の届出 for a span of months; a tick ends what excludes it and runs on, and takes closed months."""

    unread = _("上のことを確かめて、よければ印を入れてください。違うときは、月を直してください。")

    item = forms.ChoiceField(
        label=_("項目"), choices=[("", _("選んでください")), *NotifiedItem.choices]
    )
    first_month = MonthField(label=_("最初の月"))
    last_month = MonthField(label=_("最後の月"), required=False)
    numerator = forms.IntegerField(
        label=_("42か月以上78か月未満働いた人"), min_value=0, required=False,
        help_text=_("就労定着実績体制加算だけ。届出に書いた人数です。"),
    )  # fmt: skip
    denominator = forms.IntegerField(
        label=_("数える人"), min_value=1, required=False,
        help_text=_("就労定着実績体制加算だけ。"),
    )  # fmt: skip
    notified_on = DateField(label=_("届出日"))

    def __init__(
        self,
        *args: Any,
        ends: Consequences,
        lacks: Consequences,
        touches: Consequences,
        **kwargs: Any,
    ) -> None:
        """All take what was cleaned: what would end, what the facts say against it, which closed months change."""
        self.ends, self.lacks, self.touches = ends, lacks, touches
        self.told: tuple[str, ...] = ()
        super().__init__(
            *args, consequences=lambda _data: self.told, shown=self._mark_of_told, **kwargs
        )

    def clean(self) -> dict[str, Any]:
        """The last month is not before the first; people only where people are counted."""
        data = super().clean() or {}
        check_months(self, data)
        self._check_people(data)
        if self.errors:
            self.leave_tick_out()
            return data
        ends = tuple(self.ends(data))
        lacks = tuple(self.lacks(data))
        self.told = (*ends, *lacks, *self.touches(data))
        self.ask_if_known(data)
        if "is_known" in self.fields:
            self["is_known"].label = _tick(has_ends=bool(ends), has_lacks=bool(lacks))
        data["ends_former"] = bool(data.pop("is_known", False)) and bool(ends)
        return data

    def _mark_of_told(self, data: dict[str, Any]) -> str:
        # "この届出" is another one with another item, also where the sentences are the same.
        return sha256(repr((data["item"], self.told)).encode()).hexdigest()

    def _check_people(self, data: dict[str, Any]) -> None:
        part, whole = data.get("numerator"), data.get("denominator")
        if data.get("item") != NotifiedItem.RETENTION_RECORD:
            for name in ("numerator", "denominator"):
                if data.get(name) is not None:
                    self.add_error(name, _("就労定着実績体制加算のときだけ入れてください。"))
        elif (part is None) != (whole is None):
            missing = "numerator" if part is None else "denominator"
            self.add_error(missing, _("人数は、両方入れるか、両方空欄にしてください。"))
        elif part is not None and whole is not None and part > whole:
            self.add_error("numerator", _("数える人より多くできません。"))


def _tick(*, has_ends: bool, has_lacks: bool) -> str:
    if has_ends:
        return gettext("前の届出を、その前の月で終える")
    if has_lacks:
        return gettext("確かめました。このまま記録する")
    return gettext("締めた月を確かめました")


class NotificationCorrectionForm(ClosedMonthsForm):
    """届出の訂正: the months as they should be, or that it was never notified, and why."""

    first_month = MonthField(label=_("最初の月"))
    last_month = MonthField(label=_("最後の月"), required=False)
    notified_on = DateField(label=_("届出日"))
    is_void = forms.BooleanField(
        label=_("この届出はしていない（書き間違いなので、なかったことにする）"), required=False
    )
    reopens = forms.BooleanField(
        required=False,
        help_text=_("この届出をなかったことにするか、最初の月を後ろにするときに選べます。"),
    )
    reason = forms.CharField(
        label=_("訂正の理由"), max_length=100, help_text=_("前の値は、理由と一緒に残ります。")
    )

    def __init__(
        self, *args: Any, row: OfficeNotification, formers: Sequence[OfficeNotification],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        """`formers` ended the month before `row`: it is offered that they go on; without one, not."""
        super().__init__(*args, **kwargs)
        self.begins = row.first_month
        if not formers:
            del self.fields["reopens"]
            return
        names = "」「".join(each.get_item_display() for each in formers)
        words = {"items": names, "month": (Month.of(row.first_month) - 1).label}
        text = gettext("%(month)sで終えた「%(items)s」を、終えずに続いていたことにする")
        self.fields["reopens"].label = text % words

    def clean(self) -> dict[str, Any]:
        """The last month is not before the first; then what is touched is read and ticked."""
        data = super().clean() or {}
        check_months(self, data)
        first = data.get("first_month")
        if data.get("reopens") and not data.get("is_void") and first and first <= self.begins:
            text = _(
                "この届出がこの月から続くので、前の届出は続けられません。月を直すか、印を外してください。"
            )
            self.add_error("reopens", text)
        return self.ask_about_months(data)
