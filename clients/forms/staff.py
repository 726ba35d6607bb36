"""Choosing who is in charge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import StaffAssignment
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission
from teikyaku.era import both
from teikyaku.fields import NEAR, DateField


class StaffForm(forms.Form):
    """担当 from a day on."""

    staff = forms.ChoiceField(label=_("担当する職員"))
    starts_on = DateField(label=_("担当の開始日"), around=NEAR)

    def __init__(
        self, *args: Any, staff: list[Membership], now: StaffAssignment | None, **kwargs: Any
    ) -> None:
        """`now`: who is in charge today; None for nobody."""
        super().__init__(*args, **kwargs)
        self.now = now
        # In charge is who meets people; who only bills or manages is no choice here.
        meets = [member for member in staff if member.may(Permission.INTERVIEW_WRITE)]
        self.members = {str(member.public_id): member for member in meets}
        # Nobody stands first by chance: saved untouched, the person keeps who is in charge.
        self.fields["staff"].choices = [  # type: ignore[attr-defined]
            ("", _("選んでください")),
            *(self._choices()),
        ]
        if now is not None:
            self.fields["staff"].initial = str(now.staff.public_id)

    def _choices(self) -> list[tuple[str, str]]:
        return [
            (key, f"{member.user.name}（{'・'.join(member.role_labels)}）")
            for key, member in self.members.items()
        ]

    def clean_staff(self) -> Membership:
        """The chosen member; not the one who is in charge already."""
        chosen = self.members[self.cleaned_data["staff"]]
        if self.now is not None and self.now.staff_id == chosen.pk:
            message = _("%(since)sから担当しています。代わる人を選んでください。")
            raise forms.ValidationError(message % {"since": both(self.now.starts_on)})
        return chosen
