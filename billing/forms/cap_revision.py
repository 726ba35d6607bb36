"""上限額管理結果票の修正: whose sheets are put right in one file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from billing.queries.cap_revisions import RevisedSheet


class CapRevisionForm(forms.Form):
    """Which of the `sheets` go into the file; all of them, as long as nobody says otherwise."""

    people = forms.TypedMultipleChoiceField(
        label=_l("修正を送る結果票"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, sheets: Sequence[RevisedSheet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (each.sent.entry.pk, self._told(each)) for each in sheets
        ]
        if "people" not in self.initial:
            self.initial["people"] = [each.sent.entry.pk for each in sheets]

    @staticmethod
    def _told(each: RevisedSheet) -> str:
        return _("%(name)s（受給者証 %(number)s、%(file)s で送付）") % {
            "name": each.sent.name, "number": each.sent.row.certificate_number,
            "file": each.sent.entry.file.name,
        }  # fmt: skip
