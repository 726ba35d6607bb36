"""A form that asks before it records what is unusual: a box for each question, ticked to go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AskingForm(forms.Form):
    """Whoever sends it is asked once; everything that was typed stays.

    A tick holds for its question alone: what is typed anew afterwards is asked about again.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer(self.questions({}))

    def questions(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Mark of a question → its words, for what was typed; nothing typed yet is an empty `data`."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """Every question has its tick."""
        data: dict[str, Any] = super().clean() or {}
        asked = self.questions(data)
        self._offer(asked)
        if asked.keys() - set(self.ticked()):
            self.add_error("confirmed", _("確かめて、よければチェックを入れてください。"))
        data.pop("confirmed", None)
        return data

    def _offer(self, asked: dict[str, str]) -> None:
        self.fields.pop("confirmed", None)
        if asked:
            # No choice is refused here: the tick of an earlier question is no error.
            self.fields["confirmed"] = _Ticks(
                label=_("記録する前に"), choices=list(asked.items()),
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip

    def ticked(self) -> list[str]:
        """The marks of the questions that were answered."""
        name = self.add_prefix("confirmed")
        read = forms.CheckboxSelectMultiple().value_from_datadict
        return list(read(self.data, self.files, name) or [])


class _Ticks(forms.MultipleChoiceField):
    """The boxes that were ticked, also those of questions that are not asked any more."""

    def validate(self, value: list[str]) -> None:
        """Nothing here: `AskingForm.clean` says it once, of every question together."""

    def valid_value(self, value: str) -> bool:
        """Any: `AskingForm.clean` compares them with what is asked."""
        return True
