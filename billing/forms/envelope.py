"""封筒: which papers go in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.rules.envelope import PaperKind
from teikyaku.filter_forms import FilterForm


class EnvelopeForm(FilterForm):
    """The kinds of papers, and whether sent ones go in again. `kinds`: those that the reader may print."""

    paper = forms.MultipleChoiceField(
        label=_("入れるもの"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}),
        error_messages={"required": _("入れるものを1つ以上選んでください。")},
    )
    again = forms.BooleanField(
        label=_("この月の、発送済みの文書も入れる（印刷し直すとき）"), required=False
    )

    def __init__(self, *args: Any, kinds: Sequence[PaperKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(kind.value, kind.label) for kind in kinds]
        self.fields["paper"].choices = choices  # type: ignore[attr-defined]

    @property
    def kinds(self) -> tuple[PaperKind, ...]:
        """The chosen kinds in the order to fold."""
        chosen = self.cleaned_data["paper"]
        return tuple(kind for kind in PaperKind if kind.value in chosen)
