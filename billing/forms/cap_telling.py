"""結果票の連絡: which offices were told, when and how."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.enums import CapTellWay
from billing.queries.cap_tellings import Told
from teikyaku.fields import PAST, DateField


class CapTellingForm(forms.Form):
    """The `offices` that were not told yet; all of them are ticked."""

    lines = forms.TypedMultipleChoiceField(
        label=_("知らせた事業所"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    told_on = DateField(label=_("知らせた日"), around=PAST)
    way = forms.ChoiceField(
        label=_("知らせた方法"), choices=CapTellWay.choices,
        widget=forms.RadioSelect(attrs={"class": "chips"}),
    )  # fmt: skip
    note = forms.CharField(
        label=_("メモ"), max_length=200, required=False, help_text=_("相手の名前など")
    )

    def __init__(self, *args: Any, offices: Sequence[Told], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (each.line.pk, _gone(each) if each.is_gone else each.line.office_name)
            for each in offices
        ]
        self.fields["lines"].choices = choices  # type: ignore[attr-defined]
        self.initial.setdefault("lines", [key for key, _name in choices])
        self.initial.setdefault("told_on", today)


def _gone(each: Told) -> str:
    return gettext("%(name)s（結果票に載らなくなった）") % {"name": each.line.office_name}
