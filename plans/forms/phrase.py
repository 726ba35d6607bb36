"""定型文: the words, their field, and for whom they are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.models import Phrase


class PhraseForm(forms.Form):
    """One phrase."""

    text = forms.CharField(
        label=_("文"), max_length=200,
        help_text=_("例：体調に変わりはないとのこと。人の名前や病名は書きません。"),
    )  # fmt: skip
    field = forms.ChoiceField(
        label=_("入れる欄"), choices=Phrase.Field.choices, widget=forms.RadioSelect
    )
    whose = forms.ChoiceField(
        label=_("だれが使いますか"),
        choices=[("own", _("自分だけ")), ("office", _("事業所のみんな"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, may_office: bool, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Nobody asks what has one answer.
        if not may_office or not is_new:
            del self.fields["whose"]

    @property
    def is_office(self) -> bool:
        """Whether it is for everybody at the office."""
        return self.cleaned_data.get("whose") == "office"
