"""移行の取込: the file, its columns as somebody tells them, and each line read as a form is."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import IO, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clients.enums import Category, ServiceKind
from clients.models import Disability
from clients.rules.names import search_key
from plans.actions.move_in_people import PersonRow
from plans.move_in_columns import BY_FIELD, COLUMNS, NAMES, REQUIRED, label_of
from plans.rules.move_in import Head, find_head
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.fields import (
    EARLIEST_BIRTH,
    DateField,
    DigitsField,
    KanaField,
    MonthField,
    PhoneField,
    WorkingHoursField,
    YenField,
)
from teikyaku.sheet_files import MAX_BYTES, SheetFile, cell_name, sheets_in

NAME_LENGTH = 120
SAMPLE_LINES = 3
_NO = {"", "×", "x", "✕", "✖", "-", "いいえ", "なし", "無", "no", "可", "オープン", "0", "false"}
_YES = {
    "○",
    "〇",
    "◯",
    "●",
    "はい",
    "あり",
    "有",
    "yes",
    "不可",
    "クローズ",
    "1",
    "true",
    "レ",
    "✓",
    "✔",
}
_PACES = {
    "毎月": 1,
    "1": 1,
    "月1": 1,
    "月1回": 1,
    "隔月": 2,
    "2": 2,
    "2か月": 2,
    "3": 3,
    "3か月": 3,
}


class MoveInFileForm(forms.Form):
    """移行の取込 the file of an office."""

    file = forms.FileField(
        label=_("ファイル"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,text/csv"}),
        help_text=_("XLSXかCSV（UTF-8でもシフトJISでも）。10,000行、15MBまで。"),
        error_messages={"required": _("ファイルを選んでください。"),
                        "empty": _("ファイルに何も入っていません。"),
                        "invalid": _("ファイルを選んでください。")},
    )  # fmt: skip

    sheet: SheetFile
    head: Head
    digest: str

    def clean_file(self) -> Any:
        """Finds the sheet and its headings; raises ValidationError that names what is wrong with it."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("ファイルが大きすぎます（15MBまで）。"))
        sheets = sheets_in(file.file)
        found = [(find_head(sheet.top, NAMES), sheet) for sheet in sheets]
        self.head, self.sheet = max(found, key=lambda each: each[0].score)
        if not self.head.score:
            raise ValidationError(
                _("見出しの行が見つかりません。氏名・ふりがな・生年月日などの見出しを、いちばん上に入れてください。")
            )  # fmt: skip
        self.digest = _digest(file.file)
        return file

    @property
    def file_name(self) -> str:
        """As the person calls it, cut to what is kept."""
        return str(self.cleaned_data["file"].name)[:NAME_LENGTH]


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    found = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return found


class ColumnsForm(forms.Form):
    """列の対応: for each column of the file what it means."""

    def __init__(
        self,
        *args: Any,
        headings: Sequence[str],
        samples: Sequence[Sequence[str]],
        guessed: Mapping[str, int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._columns: dict[str, int] = {}
        fields = {position: field for field, position in guessed.items()}
        for position, heading in enumerate(headings):
            shown = _samples(samples, position)
            if not heading and not shown:
                continue
            name = f"column_{position}"
            self._columns[name] = position
            letter = cell_name(position, 1).rstrip("1")
            self.fields[name] = forms.ChoiceField(
                label=_("%(letter)s列　%(heading)s")
                % {"letter": letter, "heading": heading or _("（見出しなし）")},
                choices=_choices(),
                required=False,
                initial=fields.get(position, ""),
                help_text=_("例：%(shown)s") % {"shown": shown} if shown else "",
            )

    def clean(self) -> dict[str, Any]:
        """Each meaning once, and the three that tell who a line is about."""
        data = super().clean() or {}
        taken: dict[str, str] = {}
        for name in self._columns:
            field = data.get(name)
            if not field:
                continue
            if field in taken:
                text = _(
                    "「%(label)s」の列が二つあります。どちらかを「取り込まない」にしてください。"
                )
                self.add_error(name, text % {"label": label_of(field)})
            taken.setdefault(field, name)
        missing = [label_of(field) for field in REQUIRED if field not in taken]
        if missing and not self.errors:
            text = _("%(names)s の列を選んでください。")
            raise ValidationError(text % {"names": "・".join(missing)})
        return data

    def columns(self) -> dict[str, int]:
        """For each field its column."""
        return {
            self.cleaned_data[name]: position
            for name, position in self._columns.items()
            if self.cleaned_data.get(name)
        }


def _samples(rows: Sequence[Sequence[str]], position: int) -> str:
    found = [row[position] for row in rows if position < len(row) and row[position]]
    return "、".join(text[:20] for text in found[:SAMPLE_LINES])


def _choices() -> list[Any]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for column in COLUMNS:
        groups.setdefault(str(column.group), []).append((column.field, column.names[0]))
    return [("", _("取り込まない")), *groups.items()]


# --- Cells ----------------------------------------------------------------------------------------


def _key(value: Any) -> str:
    """As words of a sheet are compared."""
    text = unicodedata.normalize("NFKC", str(value or ""))
    return (
        text.replace(" ", "")
        .replace("カ月", "か月")
        .replace("ヶ月", "か月")
        .replace("ヵ月", "か月")
        .casefold()
    )


class WordField(forms.CharField):
    """One of some words, full-width or half-width; cleans to the stored value."""

    def __init__(self, *, words: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._labels = [str(label) for _value, label in words]
        self._values = {_key(label): str(value) for value, label in words}

    def to_python(self, value: Any) -> str:
        """The stored value; raises ValidationError naming the words that are read."""
        key = _key(super().to_python(value))
        if not key:
            return ""
        found = self._values.get(key)
        if found is None:
            text = _("%(names)s のどれかを入れてください。")
            raise ValidationError(text % {"names": "・".join(self._labels)})
        return found


class KindsField(WordField):
    """障がい種別, several of them between ・ or commas; cleans to a tuple."""

    def to_python(self, value: Any) -> Any:
        """The stored values; raises ValidationError naming the words that are read."""
        text = str(value or "")
        for mark in "、,，/／・ 　":
            text = text.replace(mark, "・")
        parts = [
            part.removesuffix("障がい").removesuffix("障害") for part in text.split("・") if part
        ]
        return tuple(dict.fromkeys(super(KindsField, self).to_python(part) for part in parts))


class MarkField(forms.CharField):
    """○ or ×, はい or いいえ; cleans to bool."""

    def to_python(self, value: Any) -> Any:
        """Whether it is marked; raises ValidationError for another word."""
        key = _key(value)
        if key in {_key(word) for word in _NO}:
            return False
        if key in {_key(word) for word in _YES}:
            return True
        raise ValidationError(_("○ か × を入れてください。"))


class PaceField(forms.CharField):
    """面談の間隔 as people write it; cleans to months."""

    def to_python(self, value: Any) -> Any:
        """1 to 3; raises ValidationError naming what is read."""
        key = (
            _key(value)
            .removesuffix("に1回")
            .removesuffix("に1度")
            .removesuffix("ごと")
            .removesuffix("毎")
        )
        if not key:
            return None
        found = _PACES.get(key)
        if found is None:
            raise ValidationError(_("毎月・2か月・3か月 のどれかを入れてください。"))
        return found


class Book:
    """名簿: who and what a cell can name, read once for a whole file."""

    def __init__(
        self,
        staff: Sequence[Membership],
        municipalities: Sequence[Municipality],
        categories: Mapping[int, str],
    ) -> None:
        """`categories`: by sum in yen the category of a cap, where one alone has it."""
        self.categories = categories
        self._staff: dict[str, list[Membership]] = {}
        for member in staff:
            for text in (member.user.email, member.user.name):
                self._staff.setdefault(search_key(text), []).append(member)
        self._wards: dict[str, list[Municipality]] = {}
        for ward in municipalities:
            for text in {ward.full_name, ward.name, ward.code}:
                self._wards.setdefault(search_key(text), []).append(ward)

    def staff(self, text: str) -> Membership:
        """The member; raises ValidationError where there is none, or several."""
        found = self._staff.get(search_key(text), [])
        if len({each.user_id for each in found}) != 1:
            raise ValidationError(
                _("同じ氏名の職員が何人かいます。メールアドレスを入れてください。")
                if found
                else _("この事業所の職員に見つかりません。メールアドレスか、登録の氏名を入れてください。")
            )  # fmt: skip
        return found[0]

    def ward(self, text: str) -> Municipality:
        """The municipality; raises ValidationError where there is none, or several."""
        found = self._wards.get(search_key(text), [])
        if len(found) != 1:
            raise ValidationError(
                _("同じ名前の市区町村が何か所かあります。市の名前から入れてください。")
                if found
                else _("登録にない市区町村です。「新潟市中央区」のように入れるか、システム管理者に登録を頼んでください。")
            )  # fmt: skip
        return found[0]


class LineForm(forms.Form):
    """One line of the sheet: the same fields, and so the same messages, as the pages have."""

    name = forms.CharField(max_length=80)
    kana = KanaField(max_length=120)
    birth_date = DateField(earliest=EARLIEST_BIRTH)
    phone = PhoneField(required=False)
    lives_in = forms.CharField(required=False)
    address = forms.CharField(max_length=160, required=False)
    lives_from = DateField(required=False)
    disabilities = KindsField(words=Disability.Kind.choices, required=False)
    disabled_from = DateField(required=False)
    employer = forms.CharField(max_length=120, required=False)
    employer_address = forms.CharField(max_length=160, required=False)
    employed_on = DateField(required=False)
    weekly_minutes = WorkingHoursField(required=False)
    must_not_contact = MarkField(required=False)
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
    managing_name = forms.CharField(max_length=80, required=False)
    managing_number = DigitsField(length=10, required=False)
    consulted_from = DateField(required=False)
    explained_on = DateField(required=False)
    signed_on = DateField(required=False)
    use_from = DateField(required=False)
    contracted_amount = forms.CharField(max_length=40, required=False)
    entry_number = forms.IntegerField(min_value=1, max_value=99, required=False)
    initial_month = MonthField(required=False)
    staff = forms.CharField(required=False)
    last_met_on = DateField(required=False)
    pace_months = PaceField(required=False)
    settled = forms.IntegerField(min_value=0, max_value=60, required=False)
    plan_made_on = DateField(required=False)
    plan_from = DateField(required=False)
    plan_review_by = DateField(required=False)
    plan_goal = forms.CharField(max_length=400, required=False)
    without_plan_since = MonthField(required=False)

    # A field that is filled, and what it needs beside it.
    NEEDS = (
        ("address", "lives_in"), ("employer", "employed_on"), ("employed_on", "employer"),
        ("service_kind", "service_from"), ("service_from", "service_kind"),
        ("number", "municipality"), ("number", "granted_from"), ("number", "granted_until"),
        ("granted_from", "number"), ("cap_yen", "granted_from"), ("use_from", "signed_on"),
        ("pace_months", "last_met_on"), ("settled", "last_met_on"),
        ("plan_from", "plan_made_on"), ("plan_review_by", "plan_made_on"),
    )  # fmt: skip
    ORDER = (
        ("service_from", "service_until"), ("granted_from", "granted_until"),
        ("cap_first_month", "cap_last_month"), ("signed_on", "use_from"),
        ("explained_on", "signed_on"), ("plan_from", "plan_review_by"),
        ("birth_date", "employed_on"),
    )  # fmt: skip

    def __init__(self, data: Any, *, book: Book) -> None:
        super().__init__(data)
        self._book = book

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
        for given, wanted in self.NEEDS:
            is_given = data.get(given) not in (None, "")
            if is_given and wanted not in self.errors and not data.get(wanted):
                text = _("「%(given)s」を入れた行には要ります。")
                self.add_error(wanted, text % {"given": label_of(given)})
        for first, last in self.ORDER:
            if data.get(first) and data.get(last) and data[last] < data[first]:
                text = _("「%(first)s」以後にしてください。")
                self.add_error(last, text % {"first": label_of(first)})
        self._check_cap(data)
        return data

    def _check_cap(self, data: dict[str, Any]) -> None:
        """The category follows from the sum, but for 0 yen."""
        yen, category = data.get("cap_yen"), data.get("category")
        if yen is None or category or {"cap_yen", "category"} & set(self.errors):
            return
        found = self._book.categories.get(yen)
        if found is not None:
            data["category"] = found
        elif yen == 0:
            self.add_error("category", _("0円のときは、「生活保護」か「低所得」を入れてください。"))
        else:
            self.add_error(
                "category", _("この額の区分を入れてください（生活保護・低所得・一般1・一般2）。")
            )

    def row(self) -> PersonRow:
        """What the line says."""
        return PersonRow(**self.cleaned_data)


class LineReader:
    """Reads the lines of one file: cells by position in, a row or its faults out."""

    def __init__(self, columns: Mapping[str, int], book: Book) -> None:
        self.columns, self._book = dict(columns), book

    def is_empty(self, cells: Sequence[str]) -> bool:
        """Whether nothing stands in the columns that are read."""
        return not any(self.text(cells, field) for field in self.columns)

    def text(self, cells: Sequence[str], field: str) -> str:
        """What stands in the column of a field; "" where there is none."""
        position = self.columns.get(field)
        return cells[position] if position is not None and position < len(cells) else ""

    def key(self, cells: Sequence[str]) -> tuple[str, date] | None:
        """Kana and birth date as people are told apart by; None where one cannot be read."""
        try:
            born = DateField().clean(self.text(cells, "birth_date"))
        except ValidationError:
            return None
        kana = search_key(self.text(cells, "kana"))
        return (kana, born) if kana else None

    def read(self, line: int, cells: Sequence[str]) -> tuple[PersonRow | None, list[list[str]]]:
        """The row, or [cell, column, value, what is expected] of all that is wrong in it."""
        form = LineForm({field: self.text(cells, field) for field in self.columns}, book=self._book)
        if form.is_valid():
            return form.row(), []
        return None, [
            self.fault(line, cells, field, str(message))
            for field, messages in form.errors.items()
            for message in messages
        ]

    def fault(self, line: int, cells: Sequence[str], field: str, message: str) -> list[str]:
        """One thing that is wrong, at its cell; without a cell where the file has no such column."""
        position = self.columns.get(field)
        cell = cell_name(position, line) if position is not None else ""
        expected = message
        column = BY_FIELD.get(field)
        if column is not None and column.example:
            expected = _("%(message)s 例：%(example)s") % {
                "message": message, "example": column.example
            }  # fmt: skip
        return [cell, label_of(field), self.text(cells, field), str(expected)]
