"""Questions in groups: what nearly everybody answers stands open, the rest is folded till it matters."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField

from teikyaku.era import both
from teikyaku.money import yen

Groups = Sequence[tuple[Any, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Group:
    """Some fields under one title; without a title they stand open."""

    title: str
    fields: tuple[BoundField, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Told:
    """書いたこと: a question with its answer in words, for the sheet of paper."""

    label: str
    words: str


class GroupedForm(forms.Form):
    """A form whose rarer questions are folded: opened by a value, an error, or when asked for."""

    template_name = "desk/guide/fields.html"
    GROUPS: ClassVar[Groups] = ()
    ON_PAPER: ClassVar[Mapping[str, Any]] = {}
    """Questions in few words, where the whole one would not fit a line of the sheet."""
    asked: Collection[str] = ()
    """Names of the fields that the answer hangs on."""

    def groups(self) -> list[Group]:
        """The groups in order."""
        return [self._group(title, self._fields(names)) for title, names in self.GROUPS]

    def told(self) -> list[Told]:
        """What was answered, in the order of the questions; what stayed open is left out."""
        fields = [field for _title, names in self.GROUPS for field in self._fields(names)]
        answers = [(field, self._in_words(field)) for field in fields]
        return [
            Told(str(self.ON_PAPER.get(field.name, field.label)), words)
            for field, words in answers
            if words
        ]

    def _in_words(self, field: BoundField) -> str:
        answer = self.cleaned_data.get(field.name)
        if isinstance(answer, date):
            return both(answer)
        if isinstance(field.field, forms.ChoiceField):
            chosen = field.data if isinstance(field.data, list) else [field.data]
            choices: Any = field.field.choices
            return "・".join(str(label) for each, label in choices if each and each in chosen)
        return "" if answer is None else yen(answer)

    def _fields(self, names: Sequence[str]) -> list[BoundField]:
        """Those that this form asks."""
        return [self[name] for name in names if name in self.fields]

    def _group(self, title: Any, fields: list[BoundField]) -> Group:
        is_open = any(field.value() or field.errors or field.name in self.asked for field in fields)
        return Group(str(title), tuple(fields), is_open)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the field that answers it."""

    text: str
    field: BoundField

    @property
    def anchor(self) -> str:
        """Where the field stands on the page."""
        return self.field.id_for_label or f"{self.field.auto_id}_0"


def sort_questions(
    questions: Mapping[str, Sequence[str]], form: GroupedForm
) -> tuple[tuple[Asked, ...], tuple[str, ...]]:
    """What the person can still answer here, and what only the window can settle.

    `questions`: each text with the fields that could answer it; one that is empty still can.
    """
    told = form.cleaned_data
    asked, at_office = [], []
    for text, names in questions.items():
        name = next((each for each in names if told[each] in (None, "", [])), None)
        if name is None:
            at_office.append(text)
        else:
            asked.append(Asked(text, form[name]))
    form.asked = {each.field.name for each in asked}
    return tuple(asked), tuple(at_office)
