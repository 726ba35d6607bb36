"""A person's name or birth date put right by the ward: somebody who looks the same is asked about.

As at the reception of an application (`ReceiveForm`), from the same names on file.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from clients.forms.fact import BirthDateForm, NameForm
from clients.models import Client, ClientName
from clients.rules.names import search_key
from plans.access import known_people
from teikyaku.era import both
from teikyaku.fields import DateField

ANOTHER = "is_another"


class WardNameForm(NameForm):
    """氏名の訂正; asks where the kana becomes that of somebody with the same birth date."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        client, kana = self.instance.client, search_key(self.data.get("kana", ""))
        is_changed = bool(kana) and kana != search_key(self.instance.kana)
        self.people = others_like(client, kana, client.birth_date) if is_changed else []
        _ask(self, self.people)

    def changes(self) -> dict[str, Any]:
        """The name's own values."""
        return {name: value for name, value in super().changes().items() if name != ANOTHER}


class WardBirthDateForm(BirthDateForm):
    """生年月日の訂正; asks where it becomes that of somebody with the same kana."""

    def __init__(self, *args: Any, client: Client, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people: list[ClientName] = []
        name, birth_date = client.name_in_force(on), self._typed()
        if name is not None and birth_date is not None and birth_date != client.birth_date:
            self.people = others_like(client, search_key(name.kana), birth_date)
        _ask(self, self.people)

    def clean(self) -> dict[str, Any]:
        """The date and why; the answer about the other person goes no further."""
        data = super().clean() or {}
        data.pop(ANOTHER, None)
        return data

    def _typed(self) -> date | None:
        try:
            return DateField().clean(self.data.get("birth_date", ""))
        except forms.ValidationError:
            return None


def others_like(client: Client, kana_key: str, birth_date: date) -> list[ClientName]:
    """Names of other people on file with this kana and birth date (one query)."""
    return [row for row in known_people(kana_key, birth_date) if row.client_id != client.pk]


def _ask(form: forms.Form | forms.ModelForm, people: list[ClientName]) -> None:  # type: ignore[type-arg]
    if not people:
        return
    # Name, kana and birth date only: the officer may have mistyped and not know this person.
    who = "、".join(f"{row.name}（{row.kana}）　{both(row.client.birth_date)}" for row in people)
    form.fields[ANOTHER] = forms.BooleanField(
        label=_("同じふりがなと生年月日の方がいますが、別の方です"),
        help_text=who,
        error_messages={
            "required": _("書き間違いでないか確かめて、別の方なら印を入れてください。")
        },
    )
