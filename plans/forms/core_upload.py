"""基幹システムからの取込: the file, its columns, and each of its lines read as a form is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clients.enums import Category
from plans.actions.core_upload import UploadLine
from plans.rules.core_upload import CoreRow
from teikyaku.fields import DateField, DigitsField, KanaField, MonthField, YenField, normal
from teikyaku.table_files import MAX_BYTES, MAX_ROWS, Line, Table, read_table


@dataclass(frozen=True, slots=True)
class CoreColumn:
    """列: the heading that the template has, others that are read too, and what stands in it."""

    field: str
    names: tuple[str, ...]
    is_required: bool
    meaning: Promise
    example: str


COLUMNS = (
    CoreColumn("number", ("受給者証番号", "証番号"), True,
               _("数字10桁。この区の記録にある方の番号です。"), "1234567890"),
    CoreColumn("kana", ("カナ氏名", "氏名カナ", "フリガナ", "ふりがな"), True,
               _("登録のふりがな（今のものか、前のもの）と同じ。ひらがな・半角カナでもかまいません。"),
               "ヤマダ タロウ"),
    CoreColumn("birth_date", ("生年月日",), True, _("登録と同じ。西暦でも和暦でも。"), "S60.4.1"),
    CoreColumn("starts_on", ("支給決定期間開始", "支給決定期間開始日", "支給決定開始日"), True,
               _("登録にあれば、その支給決定の行として読みます。なければ新しい支給決定です。"),
               "2026/04/01"),
    CoreColumn("ends_on", ("支給決定期間終了", "支給決定期間終了日", "支給決定終了日"), True,
               _("登録の支給決定なら、登録と同じ日。"), "2027/03/31"),
    CoreColumn("decided_on", ("支給決定日", "決定日"), False,
               _("空欄なら、新しい支給決定では交付日と同じ。"), ""),
    CoreColumn("amount", ("支給量",), False,
               _("空欄なら、前の支給決定と同じ。はじめての方は「当該月の日数」。"), ""),
    CoreColumn("issued_on", ("交付日", "受給者証交付日"), False,
               _("登録にない日なら、新しい受給者証になります。新しい支給決定には要ります。"), "2026/06/25"),
    CoreColumn("cap_yen", ("負担上限月額", "上限月額", "利用者負担上限月額"), False,
               _("円。0円も入れます。空欄なら上限額は変えません。"), "9300"),
    CoreColumn("cap_first_month", ("適用開始月", "適用開始年月", "上限額適用開始月"), False,
               _("上限額を入れた行に要ります。月だけ（日は入れません）。"), "2026/07"),
    CoreColumn("cap_last_month", ("適用終了月", "適用終了年月", "上限額適用終了月"), False,
               _("月だけ。空欄なら終わりなし。"), "2027/03"),
    CoreColumn("category", ("区分", "負担区分", "所得区分", "利用者負担区分"), False,
               _("上限額を入れた行に要ります。生活保護・低所得・一般1・一般2のどれか。"), "一般1"),
    CoreColumn("category_reason", ("区分の理由", "理由"), False,
               _("世帯の記録から決まる区分とちがうときに要ります。"), ""),
)  # fmt: skip
LABELS = {column.field: column.names[0] for column in COLUMNS}


class CategoryField(forms.CharField):
    """区分 by its words, full-width or half-width; cleans to the stored value."""

    def to_python(self, value: Any) -> str:
        """The category; raises ValidationError naming the words that are read."""
        text = normal(super().to_python(value) or "").replace(" ", "")
        if not text:
            return ""
        for key, label in Category.choices:
            if text == normal(str(label)):
                return str(key)
        names = "・".join(str(label) for _key, label in Category.choices)
        raise ValidationError(_("%(names)s のどれかを入れてください。") % {"names": names})


class CoreRowForm(forms.Form):
    """One line: the same fields, and so the same messages, as the pages have."""

    number = DigitsField(length=10)
    kana = KanaField(max_length=120)
    birth_date = DateField()
    starts_on = DateField()
    ends_on = DateField()
    decided_on = DateField(required=False)
    amount = forms.CharField(max_length=40, required=False)
    issued_on = DateField(required=False)
    cap_yen = YenField(required=False)
    cap_first_month = MonthField(required=False)
    cap_last_month = MonthField(required=False)
    category = CategoryField(required=False)
    category_reason = forms.CharField(max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """Ends after starts; a cap has its category and its first month, and nothing else has."""
        data = super().clean() or {}
        for first, last in (("starts_on", "ends_on"), ("cap_first_month", "cap_last_month")):
            if data.get(first) and data.get(last) and data[last] < data[first]:
                self.add_error(last, _("終わりは始まり以後にしてください。"))
        if "cap_yen" in self.errors:
            return data
        has_cap = data.get("cap_yen") is not None
        for name in ("category", "cap_first_month"):
            if has_cap and name not in self.errors and not data.get(name):
                self.add_error(name, _("負担上限月額を入れた行には要ります。"))
        if not has_cap and any(
            data.get(name) for name in ("category", "cap_first_month", "cap_last_month")
        ):
            self.add_error(
                "cap_yen", _("区分か適用の月だけが入っています。上限月額を入れてください。")
            )
        return data

    def line(self, number: int) -> UploadLine:
        """The line as the action takes it: its values, or what is wrong in which column."""
        if self.is_valid():
            return UploadLine(number, dict(self.data), CoreRow(**self.cleaned_data))
        faults = [
            [LABELS.get(name, ""), str(self.data.get(name, "")), str(message)]
            for name, messages in self.errors.items()
            for message in messages
        ]
        return UploadLine(number, dict(self.data), None, faults)


class UploadForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=_("CSVファイル"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=_("UTF-8でもシフトJISでも読めます。2,000行、1MBまで。"),
        error_messages={"required": _("ファイルを選んでください。"),
                        "empty": _("ファイルに何も入っていません。"),
                        "invalid": _("ファイルを選んでください。")},
    )  # fmt: skip

    table: Table

    def clean_file(self) -> Any:
        """The lines of the file; raises ValidationError that names what is wrong with it."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            # Told before it is read.
            raise ValidationError(
                _("ファイルが大きすぎます（1MBまで）。%(most)s行までに分けてください。")
                % {"most": f"{MAX_ROWS:,}"}
            )
        names = {column.field: column.names for column in COLUMNS}
        required = [column.field for column in COLUMNS if column.is_required]
        self.table = read_table(file.read(), names, required)
        return file

    def lines(self) -> list[UploadLine]:
        """Every line as it was read."""
        return list(_read(self.table.lines))


def _read(lines: Iterable[Line]) -> Iterable[UploadLine]:
    for line in lines:
        yield CoreRowForm(line.cells).line(line.number)
