"""Handing people over: who goes, to whom, from when, and what the other must know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from clients.queries.case_move import Going, MovablePerson
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission
from teikyaku.fields import NEAR, DateField


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """One person in the form: the tick, and the line about them."""

    person: MovablePerson
    tick_id: str
    is_chosen: bool
    note: forms.BoundField


class CaseMoveForm(forms.Form):
    """担当の引き継ぎ of several people at once."""

    to_staff = forms.ChoiceField(label=_("新しい担当"))
    starts_on = DateField(label=_("担当の開始日"), around=NEAR, offers=())
    note = forms.CharField(
        label=_("引き継ぎのメモ（全員について）"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("新しい担当のホームに出ます。"),
    )
    people = forms.MultipleChoiceField(
        label=_("引き継ぐ人"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("引き継ぐ人を選んでください。")},
    )

    def __init__(
        self,
        *args: Any,
        people: Sequence[MovablePerson],
        staff: Sequence[Membership],
        loads: Mapping[int, int],
        standard: int,
        on: date,
        ticks_nobody: bool = False,
        **kwargs: Any,
    ) -> None:
        """`loads`: how many people each user is in charge of today; `standard`: people per full post.

        `ticks_nobody`: the form begins without anybody chosen, else with everybody.
        """
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = on
        self.listed = list(people)
        # In charge is who meets people; who only bills or manages is no choice here.
        self.members = {
            str(member.public_id): member
            for member in staff
            if member.may(Permission.INTERVIEW_WRITE)
        }
        self.fields["to_staff"].choices = [  # type: ignore[attr-defined]
            ("", _t("選んでください")),
            *(
                (
                    key,
                    _t("%(name)s（いま%(n)d人）")
                    % {"name": member.user.name, "n": loads.get(member.user_id, 0)},
                )
                for key, member in self.members.items()
            ),
        ]
        self.fields["people"].choices = [(each.key, each.name) for each in people]  # type: ignore[attr-defined]
        self.fields["people"].initial = [] if ticks_nobody else [each.key for each in people]
        self.fields["to_staff"].help_text = _t(
            "担当の人数のめやすは、常勤1人あたり%(n)d人です。"
        ) % {"n": standard}
        for each in people:
            self.fields[f"note_{each.key}"] = forms.CharField(
                label=_t("%(name)sさんについて") % {"name": each.name},
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def rows(self) -> Iterator[PersonChoice]:
        """The people with their tick and their line, as typed."""
        chosen = set(self["people"].value() or [])
        for place, each in enumerate(self.listed):
            yield PersonChoice(
                person=each,
                tick_id=f"id_people_{place}",
                is_chosen=each.key in chosen,
                note=self[f"note_{each.key}"],
            )

    def clean_to_staff(self) -> Membership:
        """The chosen member."""
        return self.members[self.cleaned_data["to_staff"]]

    def in_use(self) -> int:
        """How many of the chosen are in use: those who count for the load."""
        chosen = set(self.cleaned_data["people"])
        return sum(each.key in chosen and not each.is_waiting for each in self.listed)

    def facts(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        chosen = set(data["people"])
        return {
            "to_staff": data["to_staff"],
            "starts_on": data["starts_on"],
            "note": data["note"],
            "people": [
                Going(each.enrolment, data[f"note_{each.key}"])
                for each in self.listed
                if each.key in chosen
            ],
        }
