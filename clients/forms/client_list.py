"""The filter of the client list; everything lives in the URL."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Replace
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from clients.models import Client, Employment, RecipientNumber, StaffAssignment
from clients.queries.client_list import Show, show_q
from clients.queries.subject import named_q
from teikyaku.accounts.models import Membership
from teikyaku.fields import normal
from teikyaku.filter_forms import FilterForm
from teikyaku.periods import in_force
from teikyaku.searched import LONGEST

# As many as people remember of a telephone number.
PHONE_DIGITS = 4
BY_KANA = "kana"


class ClientListForm(FilterForm):
    """Search and filters of the client list; everything lives in the URL."""

    q = forms.CharField(
        label=_("氏名・かな・受給者証番号・電話番号（職場も）"), required=False, max_length=LONGEST
    )
    show = forms.ChoiceField(label=_("表示"), required=False, choices=Show.choices)
    staff = forms.ChoiceField(label=_("担当"), required=False)
    order = forms.ChoiceField(
        label=_("並べ方"),
        required=False,
        choices=[("", _("面談の期限の順")), (BY_KANA, _("かなの順"))],
    )

    def __init__(self, data: Any, *, staff: list[Membership], on: date) -> None:
        # Who searches means everybody: the list says so, and goes on doing so with the next filter.
        if data.get("q") and not data.get("show"):
            data = {**data.dict(), "show": Show.ALL}
        super().__init__(data)
        self.on = on
        self.fields["staff"].choices = [  # type: ignore[attr-defined]
            ("", _("全員")),
            *((str(member.public_id), member.user.name) for member in staff),
        ]

    @property
    def chosen(self) -> str:
        """The chosen condition; people in use where nothing or nonsense was chosen."""
        show = self.cleaned_data.get("show") if self.is_valid() else None
        return str(show) if show else Show.IN_USE.value

    @property
    def conditions(self) -> str:
        """The query of what was chosen from the lists; a name that was typed is nobody's to keep."""
        more = [("staff", self._staff), ("order", BY_KANA if self.is_by_kana else "")]
        return urlencode([("show", self.chosen), *(pair for pair in more if pair[1])])

    @property
    def conditions_words(self) -> str:
        """The same in words."""
        choices: Any = self.fields["staff"].choices  # type: ignore[attr-defined]
        order = "・" + _("かなの順") if self.is_by_kana else ""
        return f"{Show(self.chosen).label}（{dict(choices)[self._staff]}）{order}"

    @property
    def is_by_kana(self) -> bool:
        """Whether the list stands by kana; by due date where nothing or nonsense was chosen."""
        self.is_valid()
        return self.cleaned_data.get("order") == BY_KANA

    @property
    def _staff(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("staff") or "")

    @property
    def text(self) -> str:
        """What was typed to look for; "" where that was nothing or nonsense."""
        self.is_valid()
        return str(self.cleaned_data.get("q") or "")

    def condition(self) -> Q:
        """All that was chosen, as one condition on enrolments."""
        self.is_valid()
        condition = show_q(self.chosen, self.on)
        if text := self.text:
            condition &= self._matching(text)
        if staff := self.cleaned_data.get("staff"):
            condition &= Q(
                Exists(
                    StaffAssignment.objects.in_charge(self.on).filter(
                        enrolment=OuterRef("pk"),
                        # Of the person: changed roles are a new membership, the caseload stays.
                        staff__user__memberships__public_id=staff,
                    )
                )
            )
        return condition

    def _matching(self, text: str) -> Q:
        digits = normal(text).replace("-", "").replace(" ", "")
        if not digits.isdigit() or len(digits) < PHONE_DIGITS:
            return named_q(text)
        # 025-… has ten digits like a certificate number: both are looked for.
        numbers = RecipientNumber.objects.filter(number=digits, client=OuterRef("client"))
        phones = Client.objects.annotate(digits=_digits("phone")).filter(
            pk=OuterRef("client"), digits__contains=digits
        )
        # The number of where somebody works now: whoever calls from there is about them.
        workplaces = Employment.objects.annotate(
            own=_digits("contact_phone"), place=_digits("employer__phone")
        ).filter(
            Q(own__contains=digits) | Q(place__contains=digits),
            in_force(self.on),
            client=OuterRef("client"),
        )
        return Q(Exists(numbers)) | Q(Exists(phones)) | Q(Exists(workplaces))


def _digits(field: str) -> Replace:
    return Replace(field, Value("-"), Value(""))
