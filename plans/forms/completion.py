"""The checklist of papers, and what is asked for again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.actions.completion import Ticked
from plans.forms.judged import Judged
from plans.models import Application, ApplicationDocument
from teikyaku.fields import PAST, DateField

OPEN, RECEIVED, WAIVED = "open", "received", "waived"
STATES = [
    (OPEN, gettext_lazy("まだ")),
    (RECEIVED, gettext_lazy("受け取った")),
    (WAIVED, gettext_lazy("いらない")),
]


class DocumentsForm(forms.Form):
    """提出書類 every kind with its state, day and note, saved in one go."""

    def __init__(self, *args: Any, application: Application, on: date, **kwargs: Any) -> None:
        """What is on file stands in the fields; `on` is the day of what is received today."""
        super().__init__(*args, **kwargs)
        self.on = on
        stored = {row.kind: row for row in application.documents.all()}
        for kind, label in ApplicationDocument.Kind.choices:
            row = stored.get(kind)
            self.fields[f"{kind}_state"] = forms.ChoiceField(
                label=label, choices=STATES, initial=_state(row), required=False,
                widget=forms.RadioSelect(attrs={"class": "chips"}),
            )  # fmt: skip
            self.fields[f"{kind}_on"] = DateField(
                label=_("受け取った日"), required=False, help_text="", around=PAST, offers=(0,),
                initial=row.received_on if row else None,
            )  # fmt: skip
            self.fields[f"{kind}_note"] = forms.CharField(
                label=_("メモ"),
                required=False,
                max_length=200,
                initial=row.note if row else "",
            )

            # The list of what is wrong stands far from the paper.
            for name in ("on", "note"):
                field: Any = self.fields[f"{kind}_{name}"]
                field.summary_label = _("%(paper)sの「%(field)s」") % {
                    "paper": label, "field": field.label,
                }  # fmt: skip

    def groups(self) -> Iterator[tuple[Any, Any, Any]]:
        """State, day and note of each kind, as the page shows them."""
        for kind in ApplicationDocument.Kind.values:
            yield self[f"{kind}_state"], self[f"{kind}_on"], self[f"{kind}_note"]

    def clean(self) -> dict[str, Any]:
        """A day says that the paper is there; without one it came today. A waived one has none."""
        data = super().clean() or {}
        for kind in ApplicationDocument.Kind.values:
            field = f"{kind}_on"
            if field in self.errors:
                continue
            if data.get(field) and data[field] > self.on:
                self.add_error(field, _("まだ来ていない日付です。"))
                continue
            state, day = data.get(f"{kind}_state") or OPEN, data.get(field)
            if state == WAIVED and day is not None:
                self.add_error(field, _("「いらない」書類には、日付を入れません。"))
            elif state == RECEIVED:
                data[field] = day or self.on
        return data

    def ticked(self) -> list[Ticked]:
        """Every kind as it was left."""
        data = self.cleaned_data
        return [
            Ticked(
                kind=kind,
                received_on=data[f"{kind}_on"],
                is_waived=data[f"{kind}_state"] == WAIVED,
                note=data[f"{kind}_note"].strip(),
            )
            for kind in ApplicationDocument.Kind.values
        ]


def _state(row: ApplicationDocument | None) -> str:
    if row is None:
        return OPEN
    return WAIVED if row.is_waived else RECEIVED if row.received_on else OPEN


class AskForm(Judged):
    """補正を求める."""

    asked_on = DateField(label=gettext_lazy("求めた日"), around=PAST)
    wanted = forms.CharField(
        label=gettext_lazy("補ってほしいこと"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "本人と事業所が読みます。何が、どうしていつまでに必要かを書きます。"
        ),
    )


class AnswerForm(forms.Form):
    """補正がそろった."""

    answered_on = DateField(label=gettext_lazy("そろった日"), around=PAST)
