"""移行の取込: one line of a sheet, read as the forms of the pages are read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.enums import Category, ServiceKind
from clients.models import Disability
from plans.forms.move_in_cells import (
    Book,
    KindsField,
    MayContactField,
    MustNotContactField,
    PaceField,
    WordField,
)
from plans.forms.move_in_ends import EndField, KnownMarkField
from plans.forms.network_before import NetworkField
from plans.move_in_columns import label_of
from plans.move_in_row import PersonRow
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.fields import (
    EARLIEST_BIRTH,
    DateField,
    DigitsField,
    KanaField,
    MonthField,
    PhoneField,
    PostalCodeField,
    WorkingHoursField,
    YenField,
)
from teikyaku.periods import day_before

# Of a sum that is the cap of no category, or of several.
OTHER_SUM = _("この額の区分を入れてください（生活保護・低所得・一般1・一般2）。")


class LineForm(forms.Form):
    """One line of the sheet: the same fields, and so the same messages, as the pages have."""

    name = forms.CharField(max_length=80)
    kana = KanaField(max_length=120)
    birth_date = DateField(earliest=EARLIEST_BIRTH)
    phone = PhoneField(required=False)
    postal_code = PostalCodeField(required=False)
    lives_in = forms.CharField(required=False)
    address = forms.CharField(max_length=160, required=False)
    lives_from = DateField(required=False)
    disabilities = KindsField(words=Disability.Kind.choices, required=False)
    disabled_from = DateField(required=False)
    employer = forms.CharField(max_length=120, required=False)
    employer_address = forms.CharField(max_length=160, required=False)
    employed_on = DateField(required=False)
    weekly_minutes = WorkingHoursField(required=False)
    left_on = DateField(required=False)
    left_reason = forms.CharField(max_length=120, required=False)
    improves = KnownMarkField(required=False)
    leave_from = DateField(required=False)
    leave_until = DateField(required=False)
    leave_reason = forms.CharField(max_length=120, required=False)
    must_not_contact = MustNotContactField(required=False)
    may_contact = MayContactField(required=False)
    service_kind = WordField(words=ServiceKind.choices, required=False)
    service_office = forms.CharField(max_length=80, required=False)
    service_from = DateField(required=False)
    service_until = DateField(required=False)
    municipality = forms.CharField(required=False)
    number = DigitsField(length=10, required=False)
    granted_from = DateField(required=False)
    granted_until = DateField(required=False)
    decided_on = DateField(required=False)
    issued_on = DateField(required=False)
    amount = forms.CharField(max_length=40, required=False)
    cap_yen = YenField(required=False)
    category = WordField(words=Category.choices, required=False)
    cap_first_month = MonthField(required=False)
    cap_last_month = MonthField(required=False)
    is_managed = KnownMarkField(required=False)
    managing_name = forms.CharField(max_length=80, required=False)
    managing_number = DigitsField(length=10, required=False)
    consulted_from = DateField(required=False)
    explained_on = DateField(required=False)
    signed_on = DateField(required=False)
    use_from = DateField(required=False)
    contracted_amount = forms.CharField(max_length=40, required=False)
    entry_number = forms.IntegerField(min_value=1, max_value=99, required=False)
    initial_month = MonthField(required=False)
    ended_on = DateField(required=False)
    end_reason = EndField(required=False)
    staff = forms.CharField(required=False)
    last_met_on = DateField(required=False)
    pace_months = PaceField(required=False)
    settled = forms.IntegerField(min_value=0, max_value=60, required=False)
    plan_made_on = DateField(required=False)
    plan_from = DateField(required=False)
    plan_review_by = DateField(required=False)
    plan_goal = forms.CharField(max_length=400, required=False)
    without_plan_since = MonthField(required=False)
    network_months = NetworkField(required=False)

    # A field that is filled, and what it needs beside it.
    NEEDS = (
        ("postal_code", "address"), ("address", "lives_in"), ("employer", "employed_on"), ("employed_on", "employer"),
        ("service_from", "service_kind"),
        ("number", "municipality"), ("number", "granted_from"), ("number", "granted_until"),
        ("granted_from", "number"), ("cap_yen", "granted_from"), ("use_from", "signed_on"),
        ("plan_from", "plan_made_on"), ("plan_review_by", "plan_made_on"),
        ("left_on", "employed_on"), ("left_reason", "left_on"), ("leave_from", "employed_on"),
        ("leave_until", "leave_from"), ("end_reason", "ended_on"),
    )  # fmt: skip
    ORDER = (
        ("service_from", "service_until"), ("granted_from", "granted_until"),
        ("cap_first_month", "cap_last_month"), ("signed_on", "use_from"),
        ("explained_on", "signed_on"), ("plan_from", "plan_review_by"),
        ("birth_date", "employed_on"), ("employed_on", "left_on"), ("employed_on", "leave_from"),
        ("leave_from", "leave_until"), ("leave_from", "left_on"), ("use_from", "ended_on"),
        ("signed_on", "ended_on"), ("last_met_on", "ended_on"), ("consulted_from", "ended_on"),
    )  # fmt: skip

    # What says nothing without the other: left out with it.
    LEANS = (
        *NEEDS, ("cap_yen", "category"), ("category", "cap_yen"), ("weekly_minutes", "employer"),
        ("must_not_contact", "employer"), ("may_contact", "employer"),
        ("employer_address", "employer"),
        ("service_office", "service_kind"), ("service_until", "service_kind"),
        ("granted_until", "number"), ("decided_on", "number"), ("issued_on", "number"),
        ("is_managed", "cap_yen"), ("cap_first_month", "cap_yen"), ("cap_last_month", "cap_yen"),
        ("plan_goal", "plan_made_on"),
    )  # fmt: skip
    # Read wrongly, these would make another case of the person: nothing of the line comes in.
    VITAL = frozenset(
        {
            "name",
            "kana",
            "birth_date",
            "ended_on",
            "end_reason",
            "left_on",
            "leave_from",
            "leave_until",
        }
    )

    HOME = frozenset({"postal_code", "lives_in", "address", "lives_from"})
    CAP = frozenset({"cap_yen", "category", "cap_first_month", "cap_last_month"})
    PAPER = frozenset({"municipality", "number", "decided_on", "issued_on", "is_managed"})
    # Of who has ended these are not missed, or not even stored.
    SPARED = HOME | CAP | frozenset({"staff", "phone", "pace_months", "settled"})

    def __init__(
        self, data: Any, *, book: Book, zero_category: str = "", service_kind: str = "",
        paid_by: str = "", signed_as_use: str = "",
    ) -> None:  # fmt: skip
        """What somebody answered for all lines that do not tell it; `paid_by`: the code of a municipality.

        `signed_as_use`: the contract was signed on the first day of use.
        """
        super().__init__(data)
        self._paid_by = paid_by
        self._book, self._zero_category = book, zero_category
        self._service_kind, self._signed_as_use = service_kind, bool(signed_as_use)
        self.assumed: set[str] = set()
        """signed_on where it is taken from the use; of who has ended number where the paper is left out."""

    def clean_staff(self) -> Membership | None:
        """By e-mail or name."""
        text = self.cleaned_data["staff"]
        return self._book.staff(text) if text else None

    def clean_municipality(self) -> Municipality | None:
        """By name or number."""
        text = self.cleaned_data["municipality"]
        return self._book.ward(text) if text else None

    def clean_lives_in(self) -> Municipality | None:
        """By name or number."""
        text = self.cleaned_data["lives_in"]
        return self._book.ward(text) if text else None

    def clean(self) -> dict[str, Any]:
        """What belongs together is there together, and in its order."""
        data = super().clean() or {}
        self._fill_contract(data)
        self._fill_ended(data)
        self._check_contact(data)
        if self._takes_answer(data):
            data["service_kind"] = self._service_kind
        self._fill_municipality(data)
        for given, wanted in self.NEEDS:
            is_given = data.get(given) not in (None, "")
            if is_given and wanted not in self.errors and not data.get(wanted):
                text = _("「%(given)s」を入れた行には要ります。")
                self.add_error(wanted, text % {"given": label_of(given)})
        for first, last in self.ORDER:
            if data.get(first) and data.get(last) and data[last] < data[first]:
                text = _("「%(first)s」以後にしてください。")
                self.add_error(last, text % {"first": label_of(first)})
        self._check_service(data)
        self._check_end(data)
        self._check_cap(data)
        self._check_managed(data)
        return data

    def _fill_contract(self, data: dict[str, Any]) -> None:
        """The day of the contract, where it was answered for all lines that do not tell it."""
        is_told = data.get("signed_on") or "signed_on" in self.errors
        if self._signed_as_use and data.get("use_from") and not is_told:
            data["signed_on"] = data["use_from"]
            self.assumed.add("signed_on")

    def _check_contact(self, data: dict[str, Any]) -> None:
        """Who may be called at work is told the one way or the other, and not both ways."""
        may = data.get("may_contact")
        if may is None:
            return
        if may and data.get("must_not_contact"):
            text = _("「%(other)s」と逆です。それまでは「連絡しない」としておきます。")
            self.add_error("may_contact", text % {"other": label_of("must_not_contact")})
            return
        data["must_not_contact"] = not may

    def _fill_ended(self, data: dict[str, Any]) -> None:
        """Of who has ended, as lists of them tell it: the contract began with the use, a paper without its period says nothing."""
        told = {name for name, value in data.items() if value not in (None, "")} | set(self.errors)
        if "ended_on" not in told:
            return
        if "use_from" in told and "signed_on" not in told:
            data["signed_on"] = data.get("use_from")
            self.assumed.add("signed_on")
        if told & (self.PAPER | self.CAP) and not told & {"granted_from", "granted_until"}:
            for name in self.PAPER | self.CAP:
                data.pop(name, None)
            self.assumed.add("number")

    def _takes_answer(self, data: dict[str, Any]) -> bool:
        """Whether the line tells the days of the service and not its kind, which was answered for all."""
        is_told = data.get("service_kind") or "service_kind" in self.errors
        return bool(self._service_kind and data.get("service_from") and not is_told)

    def _fill_municipality(self, data: dict[str, Any]) -> None:
        """Whose certificate it is, where the line does not tell it: as on file, else as answered for all."""
        number = data.get("number")
        if not number or data.get("municipality") or "municipality" in self.errors:
            return
        code = self._book.on_file.place(number, data.get("birth_date")) or self._paid_by
        if code:
            data["municipality"] = self._book.known_ward(code)

    def _check_service(self, data: dict[str, Any]) -> None:
        """Its days may lack where the first day of the job tells what they lie before."""
        days = ("service_from", "employed_on")
        if data.get("service_kind") and not any(
            data.get(name) or name in self.errors for name in days
        ):
            text = _("「%(given)s」を入れた行には要ります。")
            self.add_error("service_from", text % {"given": label_of("service_kind")})

    def _check_end(self, data: dict[str, Any]) -> None:
        """Whoever has ended had begun: one of the days of the beginning is there."""
        begins = ("consulted_from", "explained_on", "signed_on", "use_from", "last_met_on")
        if data.get("ended_on") and not any(
            data.get(name) or name in self.errors for name in begins
        ):
            text = _("「%(given)s」を入れた行には要ります。")
            self.add_error("signed_on", text % {"given": label_of("ended_on")})

    def _check_cap(self, data: dict[str, Any]) -> None:
        """The category follows from the sum, but for 0 yen."""
        yen, category = data.get("cap_yen"), data.get("category")
        if yen is None or category or {"cap_yen", "category"} & set(self.errors):
            return
        found = self._book.categories.get(yen)
        if found is not None:
            data["category"] = found
        elif yen == 0 and (
            known := self._book.on_file.zero(data.get("kana") or "", data.get("birth_date"))
            or self._zero_category
        ):
            data["category"] = known
        elif yen == 0:
            self.add_error("category", _("0円のときは、「生活保護」か「低所得」を入れてください。"))
        else:
            self.add_error("category", OTHER_SUM)

    def _check_managed(self, data: dict[str, Any]) -> None:
        """Who manages a cap is known where it is managed, and nobody where it is not."""
        is_managed, name = data.get("is_managed"), data.get("managing_name")
        if is_managed and data.get("cap_yen") and not name and "managing_name" not in self.errors:
            text = _("「%(given)s」が ○ の行には要ります。")
            self.add_error("managing_name", text % {"given": label_of("is_managed")})
        if is_managed is False and (name or data.get("managing_number")):
            text = _("× なのに、上限額管理事業所が入っています。どちらかを直してください。")
            self.add_error("is_managed", text)

    @property
    def is_refused(self) -> bool:
        """Whether nothing of the line can come in, for what is wrong in it.

        Who has ended comes in whole, for nobody mends it later; but for what is not missed of them.
        """
        wrong = set(self.errors)
        return bool(self.VITAL & wrong) or bool(wrong - self.SPARED and self.data.get("ended_on"))

    def row(self) -> PersonRow:
        """What the line says, without what could not be read."""
        data = self.read_data()
        data.pop("may_contact", None)
        return PersonRow(**data)

    def read_data(self) -> dict[str, Any]:
        """What was read; what leans on something that could not be read is left out with it."""
        data = dict(self.cleaned_data)
        while self.errors:
            loose = [
                given
                for given, wanted in self.LEANS
                if data.get(given) not in (None, "") and data.get(wanted) in (None, "")
            ]
            if not loose:
                break
            for name in loose:
                data.pop(name, None)
        if data.get("employer") and {"must_not_contact", "may_contact"} & set(self.errors):
            # What cannot be read is taken for the worse: nobody calls there until it is told.
            data["must_not_contact"] = True
        return data | self._assumed_service(data)

    def _assumed_service(self, data: dict[str, Any]) -> dict[str, Any]:
        """What was answered for all lines, on the day before the job where no day is told."""
        employed_on, kind = data.get("employed_on"), data.get("service_kind")
        if not kind and "service_kind" not in self.errors:
            kind = self._service_kind
        if data.get("service_from"):
            is_answered = bool(kind) and not self.data.get("service_kind")
            return {"is_service_assumed": True} if is_answered else {}
        if not kind or employed_on is None:
            return {}
        until = data.get("service_until") or day_before(employed_on)
        return {
            "service_kind": kind, "service_from": min(until, day_before(employed_on)),
            "service_until": until, "is_service_assumed": True,
        }  # fmt: skip


_LONG_AGO = {"birth_date", "lives_from", "disabled_from"}


def is_recent(field: str) -> bool:
    """Whether it is a day of this service, of the job or of the service before it."""
    return field not in _LONG_AGO and isinstance(LineForm.base_fields.get(field), DateField)
