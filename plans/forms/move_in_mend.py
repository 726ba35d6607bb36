"""移行の取込: a few cells of one line put right on the page, and what is answered for all lines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.enums import Category, ServiceKind
from plans.forms.move_in_by_name import choices_of
from plans.forms.move_in_codes import code_field
from plans.forms.move_in_line import OTHER_SUM
from plans.forms.move_in_reader import LineReader
from plans.models import MoveIn, MoveInRow
from plans.move_in_columns import BY_FIELD, BY_LABEL, WHICH, label_of
from plans.rules.move_in_periods import other_end, seems_period
from teikyaku.accounts.models import Municipality
from teikyaku.table_files import CELL_LENGTH

# Several words may stand in one cell.
_SEVERAL = {"disabilities"}
# Where two periods overlap, the end of the one may be what is to be told, though its begin is refused.
_WINDOW = (
    "利用可能期間の外"  # as `plans.rules.path` says it: a slip in the days of the job is as likely
)
_MANAGED = "管理"
# 「R8.7から9,300円」, 「0→R8.7～9,300」: since when, beside the sum.
_SINCE = re.compile(r"から|より|[~〜～→⇒]|[0-9元]年|[0-9][./][0-9]")
_OTHER_END = {"cap_first_month": "cap_last_month", "granted_from": "granted_until"}


def wrong_fields(row: MoveInRow) -> list[str]:
    """The fields in which something is wrong, or is to be looked at, each once."""
    found = [_field_of(column) for _cell, column, _value, _expected in row.faults]
    found = [name for field in found for name in (field, _OTHER_END.get(field, ""))]
    found += _in_cell_of_cap(row) + _of_periods(row)
    if any(_WINDOW in expected for _cell, _column, _value, expected in row.faults):
        found += ["employed_on", "left_on"]
    return [field for field in dict.fromkeys([*found, *row.asks]) if field]


def _field_of(label: str) -> str:
    return BY_LABEL[label].field if label in BY_LABEL else ""


def _in_cell_of_cap(row: MoveInRow) -> list[str]:
    """What a cell of the cap says beside the sum, 「R8.7から9,300円（管理：当事業所）」: it has fields of its own."""
    cells = [value for _c, column, value, _e in row.faults if _field_of(column) == "cap_yen"]
    found = []
    if any(_SINCE.search(text) for text in cells):
        found.append("cap_first_month")
    if any(_MANAGED in text for text in cells):
        found += ["is_managed", "managing_name", "managing_number"]
    return found


def _of_periods(row: MoveInRow) -> list[str]:
    """The other ends of periods in one cell that cannot be read: mended alone, one would lose the other."""
    fields = [_field_of(column) for _c, column, value, _e in row.faults if seems_period(value)]
    return [other_end(field) for field in fields]


class MendForm(forms.Form):
    """直すセル: the cells of a line in which something is wrong, as they stand in the file.

    Sent, it holds just what was sent of the fields of a line: what somebody typed is never dropped because
    the line stands otherwise by now, and a cell that was not asked keeps what is in it.
    """

    def __init__(self, *args: Any, row: MoveInRow, reader: LineReader, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "auto_id": f"line{row.line}_%s"})
        self._reader, self._cells = reader, row.cells
        for field in (
            [name for name in BY_FIELD if name in self.data] if self.is_bound else wrong_fields(row)
        ):
            self.fields[field] = _field(field, reader.text(row.cells, field))
        if len(found := reader.namesakes(row.cells)) > 1 and (
            WHICH.field in self.data or not self.is_bound
        ):
            self.fields[WHICH.field] = _which(found, reader.text(row.cells, WHICH.field))

    @property
    def is_urgent(self) -> bool:
        """Whether there is more wrong than what can be answered for all lines at once."""
        return bool(set(self.fields) - set(ASKED))

    def values(self) -> dict[str, str]:
        """For each field that was touched what stands there now; the end beside it of a period in one cell too.

        What stands as it was is not written: a month within a period in one cell is no day by itself.
        """
        typed = {field: str(self.cleaned_data[field]) for field in self.fields}
        found = {
            field: text
            for field, text in typed.items()
            if text != _as_sent(str(self.fields[field].initial or ""))
        }
        return {**self._reader.other_ends(self._cells, found), **found}


def _as_sent(text: str) -> str:
    """A cell as an untouched field of one line sends it back."""
    return text.replace("\r", "").replace("\n", "").strip()


def _which(found: list[tuple[str, date]], chosen: str) -> forms.Field:
    return forms.ChoiceField(
        label=WHICH.names[0], initial=chosen, required=False,
        choices=[("", _("（空欄）")), *choices_of(found)],
    )  # fmt: skip


def _field(field: str, text: str) -> forms.Field:
    column = BY_FIELD[field]
    if not column.choices or field in _SEVERAL:
        return forms.CharField(
            label=column.names[0], initial=text, max_length=CELL_LENGTH, required=False
        )
    words = list(dict.fromkeys([text, *column.choices] if text else column.choices))
    return forms.ChoiceField(
        label=column.names[0], initial=text, required=False,
        choices=[("", _("（空欄）")), *((word, word) for word in words)],
    )  # fmt: skip


def zero_category(answers: Mapping[str, str]) -> forms.ChoiceField:
    """Asked once where the file has no 負担区分: the sum tells the others, but not 0 yen."""
    zero = (Category.LOW_INCOME, Category.PUBLIC_ASSISTANCE)
    return forms.ChoiceField(
        label=_("上限月額が0円の方の区分"),
        choices=[
            ("", _("人によってちがう・分からない")),
            *((each.value, each.label) for each in zero),
        ],
        required=False,
        initial=answers.get("zero_category", ""),
        help_text=_(
            "負担区分の列がないときの、0円の方の区分です。分からないときは、0円の上限額を取り込まず、あとで入れます。"
        ),
    )


def service_kind(answers: Mapping[str, str]) -> forms.ChoiceField:
    """Asked once where the file does not tell it: without it nobody has a right to use."""
    return forms.ChoiceField(
        label=_("就職前に使っていたサービス"),
        choices=[("", _("人によってちがう・分からない")), *ServiceKind.choices],
        required=False,
        initial=answers.get("service_kind", ""),
        help_text=_(
            "表にない方の、就職前のサービスです。利用する権利は、このサービスと就職日から分かります。"
            "日付は就職日の前日を仮に入れ、「仮の記録」の印を付けます。人によってちがうときは、あとでその人のページで訂正できます。"
        ),
    )


def paid_by(answers: Mapping[str, str]) -> forms.ChoiceField:
    """Asked once where the file has no 支給決定市町村: most offices have people of one or two."""
    places = [(row.code, row.full_name) for row in Municipality.objects.paying()]
    return forms.ChoiceField(
        label=_("受給者証の支給決定市町村"),
        choices=[("", _("人によってちがう・分からない")), *places],
        required=False,
        initial=answers.get("paid_by", ""),
        help_text=_(
            "受給者証番号があり、支給決定市町村が表にない行の、市町村です。人によってちがうときは、表に列を足すか、行ごとに入れてください。"
        ),
    )


def signed_as_use(answers: Mapping[str, str]) -> forms.ChoiceField:
    """Asked once where the file tells when use began and not when the contract was signed."""
    return forms.ChoiceField(
        label=_("契約した日"),
        choices=[
            ("", _("人によってちがう・分からない")),
            ("yes", _("利用開始日と同じ日")),
        ],
        required=False,
        initial=answers.get("signed_as_use", ""),
        help_text=_(
            "契約日が表にない方の、契約日です。正しい日は、あとからその人のページで訂正できます。"
        ),
    )


ASKED = {
    "category": ("zero_category", zero_category),
    "service_kind": ("service_kind", service_kind),
    "municipality": ("paid_by", paid_by),
    "signed_on": ("signed_as_use", signed_as_use),
}


def faults_in(move_in: MoveIn) -> list[list[list[str]]]:
    """What is wrong, line by line (one query)."""
    return [faults for _line, faults in faults_by_line(move_in)]


def faults_by_line(move_in: MoveIn) -> list[tuple[int, list[list[str]]]]:
    """The number of each line with something wrong, and what it is (one query)."""
    return list(move_in.people.exclude(faults=[]).values_list("line", "faults"))


def lacking_of(wrong: Sequence[Sequence[Sequence[str]]]) -> dict[str, int]:
    """Of what can be answered for all lines, how many lack it; `wrong`: the faults of each line."""
    labels = {label_of(field): field for field in ASKED}
    found = dict.fromkeys(ASKED, 0)
    for faults in wrong:
        # The category of another sum than 0 yen is asked at its line.
        empty = {
            column
            for _cell, column, value, expected in faults
            if not value and str(OTHER_SUM) not in expected
        }
        for column in empty & set(labels):
            found[labels[column]] += 1
    return {field: count for field, count in found.items() if count}


class AnswersForm(forms.Form):
    """まとめての答え: for all lines that do not tell it themselves."""

    def __init__(
        self, *args: Any, wanted: Sequence[str], answers: Mapping[str, str],
        codes: Mapping[str, int], staff: Sequence[tuple[str, str]] = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        """`wanted`: fields that lines lack; `codes`: words that nobody could read, as `unread_words` names them.

        `staff`: address and name of who works here.
        """
        super().__init__(*args, **kwargs)
        self._answered = {name for name, value in answers.items() if value}
        for field in wanted:
            name, made = ASKED[field]
            self.fields[name] = made(answers)
        for name, count in codes.items():
            self.fields[name] = code_field(name, count, staff)

    def answers(self) -> dict[str, str]:
        """What was said; "" where an answer was taken back."""
        sent = {name: value for name, value in self.cleaned_data.items() if name in self.data}
        return {name: value for name, value in sent.items() if value or name in self._answered}


@dataclass(frozen=True, slots=True)
class Held:
    """An answer that holds for all lines of a file that are silent, in words."""

    label: str
    value: str
    source: MoveIn | None
    """The earlier file that has it too; None where it was said of this one."""


def held_fields(answers: Mapping[str, str]) -> list[str]:
    """Of what was answered for all silent lines, the fields."""
    return [field for field, (name, _made) in ASKED.items() if answers.get(name)]


def held_answers(form: AnswersForm, sources: Mapping[str, MoveIn]) -> list[Held]:
    """Each answer of a form of those that hold; `sources`: by name, as `answers_from` gives them."""
    found = []
    for name, field in form.fields.items():
        words = dict(field.choices)  # type: ignore[attr-defined]
        value = str(words.get(field.initial, field.initial))
        found.append(Held(str(field.label), value, sources.get(name)))
    return found
