"""移行前の請求: rows that are typed or read from a sheet, one that is corrected or withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from billing.actions.opening_invoice import Before
from billing.forms.opening_rest import REST, is_settled, refuse_unclear, rest_of, without_rest
from billing.queries.opening_invoice import Finder, Person
from billing.rules.opening_invoice import last_month_named, refusal
from plans.rules.move_in_words import day_text, digits_text, month_text
from teikyaku.era import DateInputError, parse_date
from teikyaku.fields import NEAR, PAST, DateField, MonthField, YenField, normal
from teikyaku.money import yen
from teikyaku.periods import Month
from teikyaku.table_files import Table
from teikyaku.typed_rows import BaseRows, RowForm, TableFileForm, filled, rows_class

NUMBER_DIGITS = 10
# For each column the headings that mean it; the first is that of the sample file.
NAMES: dict[str, Sequence[str]] = {
    "name": ("氏名", "名前", "利用者名", "利用者"),
    "kana": ("ふりがな", "フリガナ", "かな", "カナ"),
    "birth_date": ("生年月日", "誕生日"),
    "certificate": ("受給者証番号", "受給者番号"),
    "month": ("サービスの月", "サービス提供月", "提供月", "利用月", "対象月", "月分", "請求月"),
    "amount_yen": REST,
    "number": ("請求書の番号", "請求書番号", "請求番号", "請求No", "請求No.", "請求書No", "請求書No.", "番号", "No", "No.", "伝票番号"),
    "issued_on": ("発行日", "請求日", "請求書発行日"),
    "due_on": (
        "支払期限", "期限", "支払期日", "入金期限", "納期限", "支払い期限", "お支払期限", "お支払い期限", "お支払期日",
    ),
}  # fmt: skip
REQUIRED = ("month", "amount_yen")
_SUMS = {"計", "合計", "小計", "総計", "総合計"}
_READ = ("month", "number", "issued_on", "due_on")


class Figures(forms.Form):
    """What stands on the paper."""

    amount_yen = YenField(label=_("残っている金額"), min_value=1,
                          help_text=_("一部が入金済みなら、残りの額。"))  # fmt: skip
    number = forms.CharField(label=_("前の請求書の番号"), required=False, max_length=40)
    issued_on = DateField(label=_("発行日"), around=PAST)
    due_on = DateField(label=_("支払期限"), around=PAST)


class OpeningInvoiceForm(RowForm):
    """One invoice of before. `said`: whom the file names."""

    enrolment = forms.ChoiceField(label=_("利用者"))
    month = MonthField(label=_("サービスの月"))
    amount_yen = Figures.base_fields["amount_yen"]
    number = Figures.base_fields["number"]
    issued_on = DateField(label=_("発行日"), required=False, around=PAST,
                          help_text=_("空欄なら、サービスの月の末日とします。"))  # fmt: skip
    due_on = DateField(label=_("支払期限"), around=NEAR, offers=())
    said = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    by_name = forms.CharField(required=False, max_length=1, widget=forms.HiddenInput)
    field_order = ("enrolment", "month", "amount_yen", "due_on", "issued_on", "number")

    def __init__(
        self, *args: Any, people: Mapping[str, Person], first_month: Month | None,
        known: Mapping[tuple[int, date], int], on: date, **kwargs: Any,
    ) -> None:  # fmt: skip
        """`people` by public id; `known`: what is told already, by person and month."""
        super().__init__(*args, **kwargs)
        self._people, self._first, self._known, self._on = people, first_month, known, on
        self.number_of = ""
        field: Any = self.fields["enrolment"]
        field.choices = [
            ("", "—"), *((key, f"{each.name}（{each.kana}）") for key, each in people.items()),
        ]  # fmt: skip
        if said := str(self["said"].value() or ""):
            text = _t("「%(who)s」に当たる人を選んでください。見つからないか、二人います。")
            field.error_messages["required"] = text % {"who": said}

    def clean(self) -> dict[str, Any]:
        """As the action refuses it, so that every slip of a sheet is told at once."""
        data: dict[str, Any] = super().clean() or {}
        day = data.get("month")
        if day and "issued_on" not in self.errors and not data.get("issued_on"):
            data["issued_on"] = min(Month.of(day).last_day, self._on)
        wanted = ("enrolment", "month", "amount_yen", "issued_on", "due_on")
        if any(data.get(name) is None or name in self.errors for name in wanted):
            return data
        row = self._people[data["enrolment"]].enrolment
        found = refusal(
            month=Month.of(data["month"]), first_month=self._first, began=row.starts_on,
            amount_yen=data["amount_yen"], issued_on=data["issued_on"], due_on=data["due_on"],
            on=self._on,
        )  # fmt: skip
        if found:
            self.add_error(found[0] or None, found[1])
            return data
        amount = self._known.get((row.pk, data["month"]))
        if amount is not None and amount != data["amount_yen"]:
            text = _t("この方のこの月の請求（%(yen)s）は、もう入っています。")
            self.add_error("month", text % {"yen": yen(amount)})
        return data

    def words(self, name: str, value: Any) -> str:
        """Names, months and days as people read them."""
        if name == "enrolment":
            return self._people[value].name if value in self._people else ""
        if name == "month":
            return Month.of(value).label
        if name == "amount_yen":
            return yen(value)
        return date_words(value) if isinstance(value, date) else super().words(name, value)

    @property
    def is_known(self) -> bool:
        """Whether just this stands there already, as when a file is read again."""
        data = getattr(self, "cleaned_data", {})
        person, day = self._people.get(data.get("enrolment", "")), data.get("month")
        if person is None or day is None:
            return False
        return self._known.get((person.enrolment.pk, day)) == data.get("amount_yen", -1)

    @property
    def note(self) -> str:
        """What the list says beside the row."""
        if self.is_known:
            return _t("もう入っています。入れません。")
        if self.is_left_out and is_settled(str(self["amount_yen"].value() or "")):
            return _t("残りが0円です。入れません。")
        guessed = bool(self["by_name"].value())
        words = [_t("氏名だけで選びました。確かめてください。")] if guessed else []
        if self.number_of:
            text = _t("請求書の番号が、%(line)s行目の別の方と同じです。確かめてください。")
            words.append(text % {"line": self.number_of})
        return "".join(words)

    @property
    def before(self) -> Before:
        """As the action takes it."""
        data = self.cleaned_data
        return Before(
            enrolment=self._people[data["enrolment"]].enrolment, month=Month.of(data["month"]),
            amount_yen=data["amount_yen"], issued_on=data["issued_on"], due_on=data["due_on"],
            number=data["number"],
        )  # fmt: skip


class InvoiceRows(BaseRows):
    """The rows of a page: nobody's month comes twice."""

    def clean(self) -> None:
        """Twice the same is told at the second row."""
        super().clean()
        seen: dict[Any, Any] = {}
        for form in self.rows:
            key = form.cleaned_data.get("enrolment"), form.cleaned_data.get("month")
            if None in key:
                continue
            if key in seen:
                form.add_error("month", _twice(seen[key], form))
            seen.setdefault(key, form)
        _mark_shared_numbers(self.rows)


def _mark_shared_numbers(rows: Iterable[OpeningInvoiceForm]) -> None:
    """A paper is one person's: where two have its number, one of them may be a slip."""
    seen: dict[str, OpeningInvoiceForm] = {}
    for form in rows:
        who, number = form.cleaned_data.get("enrolment"), form.cleaned_data.get("number")
        if not number or not who:
            continue
        first = seen.setdefault(normal(number), form)
        if first.cleaned_data["enrolment"] != who and first.line_text:
            form.number_of = first.line_text


def _twice(first: OpeningInvoiceForm, form: OpeningInvoiceForm) -> str:
    """Of a second row for somebody's month, whether it is the same one."""
    is_same = first.cleaned_data.get("amount_yen") == form.cleaned_data.get("amount_yen")
    what = (
        _t("同じ人・同じ月・同じ額の行が、上にもあります。「この行は入れない」を選んでください。")
        if is_same
        else _t("同じ人の同じ月の行が、上にもあります。額がちがいます。")
    )
    line = first.line_text
    return what if not line else _t("%(what)s（%(line)s行目）") % {"what": what, "line": line}


OpeningInvoiceRows = rows_class(OpeningInvoiceForm, InvoiceRows)


class InvoiceFileForm(TableFileForm):
    """The file, and the day by which all of it is asked for where the file does not say."""

    due_on = DateField(
        label=_("全員の支払期限"), required=False, around=NEAR, offers=(),
        help_text=_("支払期限の列がないとき、空欄の行に使います。"),
    )  # fmt: skip

    field_order = ("file", "sheet", "due_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, names=NAMES, required=REQUIRED, **kwargs)

    def _read(self, body: bytes, sheet: str) -> Table:
        """The rest of each invoice; of a file without one, what was asked for and paid."""
        try:
            return super()._read(body, sheet)
        except ValidationError as error:
            self._names = without_rest(NAMES)
            try:
                table = super()._read(body, sheet)
            except ValidationError:
                raise error from None
        refuse_unclear(table)
        return table


def rows_of(table: Table, finder: Finder, due_on: date | None = None) -> list[dict[str, str]]:
    """The lines of a file as the page's rows, each with the person who is meant; sums are nobody's."""
    found = []
    for line, row in zip(table.lines, filled(table, _READ), strict=True):
        cells = line.cells
        if _is_sum(cells):
            continue
        names = [cells.get("name", ""), cells.get("kana", "")]
        number = digits_text(cells.get("certificate", ""), NUMBER_DIGITS)
        who = finder.find(names, _day(cells.get("birth_date", "")), number)
        said = " ".join(filter(None, (*names, cells.get("birth_date", ""), number)))
        has_more = bool(number or cells.get("birth_date"))
        guessed = None if who or has_more else finder.find_by_name(names)
        row["by_name"] = "1" if guessed else ""
        who = who or guessed
        row["enrolment"] = str(who.public_id) if who else ""
        row["said"] = "" if who else said or _t("名前も番号もない行")
        row["amount_yen"] = rest_of(cells)
        if is_settled(row["amount_yen"]):
            row["leave_out"] = "on"
        row["issued_on"], row["due_on"] = day_text(row["issued_on"]), day_text(row["due_on"])
        row["month"] = _month(row)
        if due_on is not None and not row["due_on"]:
            row["due_on"] = due_on.isoformat()
        found.append(row)
    return found


def _is_sum(cells: Mapping[str, str]) -> bool:
    """「計」 below the people."""
    told = "".join(cells.get(name, "") for name in ("name", "kana", "birth_date", "certificate"))
    words = "".join(normal(told).split())
    return (not words and not cells.get("month")) or words in _SUMS


def _month(row: Mapping[str, str]) -> str:
    """The month as its field reads it; 「8月分」 is the last August before the day of the paper."""
    told = month_text(row["month"])
    day = _day(row["issued_on"]) or _day(row["due_on"])
    found = last_month_named(told, day) if day else None
    return str(found) if found else told


def _day(text: str) -> date | None:
    try:
        return parse_date(day_text(text))
    except DateInputError:
        return None


def date_words(day: date) -> str:
    """2026年5月31日: narrow, for a table."""
    return f"{day.year}年{day.month}月{day.day}日"


class CorrectionForm(Figures):
    """What stands on the paper, put right, and why."""

    # Payments recorded here go on counting: the rest after them would be asked for twice less.
    amount_yen = YenField(
        label=_("移行したときに残っていた金額"), min_value=1,
        help_text=_("ここで記録した入金を引く前の金額。入金は、そのまま数えます。"),
    )  # fmt: skip
    reason = forms.CharField(label=_("訂正の理由"), max_length=200)


class WithdrawalForm(forms.Form):
    """Why it is taken back."""

    reason = forms.CharField(label=_("取り下げる理由"), max_length=200)
