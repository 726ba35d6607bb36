"""Choosing who is in charge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission
from teikyaku.fields import DateField


class StaffForm(forms.Form):
    """担当 from a day on."""

    staff = forms.ChoiceField(label=_("担当する職員"))
    starts_on = DateField(label=_("担当の開始日"))

    def __init__(self, *args: Any, staff: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # In charge is who meets people; who only bills or manages is no choice here.
        meets = [member for member in staff if member.may(Permission.INTERVIEW_WRITE)]
        self.members = {str(member.public_id): member for member in meets}
        self.fields["staff"].choices = [  # type: ignore[attr-defined]
            (key, f"{member.user.name}（{'・'.join(member.role_labels)}）")
            for key, member in self.members.items()
        ]

    def clean_staff(self) -> Membership:
        """The chosen member."""
        return self.members[self.cleaned_data["staff"]]
