"""Which record a paper proves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.queries.paper_subjects import PaperSubject
from teikyaku.era import both

NONE = "none"


class PaperLinkForm(forms.Form):
    """添付を記録に付ける."""

    subject = forms.ChoiceField(label=_("この書類が証明する記録"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, subjects: list[PaperSubject], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subjects = {each.key: each for each in subjects}
        choices = [(each.key, _words(each)) for each in subjects]
        field: Any = self.fields["subject"]
        field.choices = [*choices, (NONE, _("どの記録にも付けない"))]

    @property
    def chosen(self) -> Any:
        """The row that was chosen; None for no record."""
        found = self.subjects.get(self.cleaned_data["subject"])
        return found.row if found else None


def _words(subject: PaperSubject) -> str:
    details = f"（{subject.details}）" if subject.details else ""
    return f"{subject.kind.label}{details}　{both(subject.on)}"
