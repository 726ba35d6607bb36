"""The search in what was written of contacts; everything lives in the URL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.rules.note_text import MOST_WORDS, words_of
from teikyaku.accounts.models import Membership
from teikyaku.fields import PAST, DateField
from teikyaku.filter_forms import FilterForm
from teikyaku.periods import Period
from teikyaku.service_start import SERVICE_BEGAN

MOST_LETTERS = 100


class NoteSearchForm(FilterForm):
    """記録を探す."""

    q = forms.CharField(
        label=_("探す言葉"),
        required=False,
        max_length=MOST_LETTERS,
        help_text=_("空白で区切ると、どれもある記録を探します。漢字・ひらがなは書いたとおりに。"),
    )
    staff = forms.ChoiceField(label=_("面談した職員"), required=False)
    since = DateField(label=_("この日から"), required=False, around=PAST, offers=())
    until = DateField(label=_("この日まで"), required=False, around=PAST, offers=())

    def __init__(self, data: Any, *, staff: Sequence[Membership]) -> None:
        super().__init__(data)
        self.members = {str(member.public_id): member for member in staff}
        self.fields["staff"].choices = [  # type: ignore[attr-defined]
            ("", _("全員")),
            *((key, member.user.name) for key, member in self.members.items()),
        ]

    def clean_q(self) -> str:
        """No word is left out without a word: too many are told with their number."""
        typed: str = self.cleaned_data["q"]
        if (number := len(words_of(typed))) > MOST_WORDS:
            text = _("%(most)s語までです（いま%(number)s語）。言葉を減らしてください。")
            raise forms.ValidationError(text % {"most": MOST_WORDS, "number": number})
        return typed

    def clean(self) -> dict[str, Any]:
        """From a day to one that is not before it."""
        data: dict[str, Any] = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("「この日から」より後の日にしてください。"))
        return data

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but words was asked for: that part of the form stands open then."""
        return any(self.data.get(name) for name in ("staff", "since", "until"))

    @property
    def words(self) -> list[str]:
        """The words to find, folded; [] where the form is wrong."""
        return words_of(self.cleaned_data.get("q", "")) if self.is_valid() else []

    @property
    def narrowed(self) -> dict[str, Any]:
        """What else was chosen, as plans.queries.note_search takes it."""
        data = self.cleaned_data
        member = self.members.get(data.get("staff", ""))
        found: dict[str, Any] = {"staff_user": member.user_id} if member else {}
        since, until = data.get("since"), data.get("until")
        if since or until:
            found["span"] = Period(since or SERVICE_BEGAN.first_day, until)
        return found
