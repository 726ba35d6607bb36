"""移行の取込: codes and own words of a sheet (障害種別コード 3), answered once for all its lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from django import forms
from django.utils.translation import gettext as _

from plans.forms.move_in_fits import is_read
from plans.move_in_columns import BY_FIELD, BY_LABEL, WORD

# In one line it is a slip, to be mended there.
_OFTEN = 2
# So many are asked at once, those in most lines first.
ASKED_AT_ONCE = 12
STAFF = "staff"
# Of 担当 the office's own staff are the choices.
_CHOSEN = {STAFF, *(column.field for column in BY_LABEL.values() if column.choices)}


def code_name(field: str, text: str) -> str:
    """What the answer is kept by."""
    return f"{WORD}:{field}:{text}"


def codes_of(answers: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """For each field and text what somebody said that it means."""
    found = {}
    for name, value in answers.items():
        mark, _colon, rest = name.partition(":")
        field, _colon, text = rest.partition(":")
        if mark == WORD and field in _CHOSEN and value:
            found[field, text] = value
    return found


def unread_words(faults: Collection[Sequence[Sequence[str]]]) -> dict[str, int]:
    """The texts that no choice of their column was read from, where several lines hold such; name → lines."""
    count: Counter[str] = Counter()
    for found in faults:
        lacking = {
            code_name(BY_LABEL[label].field, value)
            for _cell, label, value, _expected in found
            if value and label in BY_LABEL and _is_unread(BY_LABEL[label].field, value)
        }
        count.update(lacking)
    lines: Counter[str] = Counter()
    for name, n in count.items():
        lines[_field_of(name)] += n
    asked = {name: n for name, n in count.items() if lines[_field_of(name)] >= _OFTEN}
    return dict(Counter(asked).most_common(ASKED_AT_ONCE))


def _is_unread(field: str, text: str) -> bool:
    """Whether a choice of the column is meant by it that nobody knows: of 「２か月毎」 something else is wrong."""
    return field in _CHOSEN and (field == STAFF or not is_read(field, text))


def _field_of(name: str) -> str:
    return name.split(":", 2)[1]


def code_field(name: str, count: int, staff: Sequence[tuple[str, str]] = ()) -> forms.ChoiceField:
    """What such a text means, with the words of its column; `staff`: address and name of who works here."""
    _mark, field, text = name.split(":", 2)
    column = BY_FIELD[field]
    words = staff if field == STAFF else [(word, word) for word in column.choices]
    label = _("%(label)s の「%(text)s」（%(n)s行）")
    return forms.ChoiceField(
        label=label % {"label": column.names[0], "text": text, "n": f"{count:,}"},
        choices=[("", _("人によってちがう・分からない")), *words],
        required=False,
    )  # fmt: skip
