"""The filter of the client list, and the one condition behind each choice.

Counts elsewhere (home, month page) link here and ask the same conditions, so they agree.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from clients.models import Client, RecipientNumber, StaffAssignment
from clients.models.enrolment import EnrolmentQuerySet
from clients.rules.names import search_key
from teikyaku.accounts.models import Membership
from teikyaku.fields import normal
from teikyaku.periods import day_before, in_force, months_later

ENDING_SOON_MONTHS = 6
NUMBER_DIGITS = 10


class Show(models.TextChoices):
    """表示 which people the list shows; each is one condition on enrolments."""

    IN_USE = "in_use", _("利用中")
    OVERDUE = "overdue", _("面談の期限が過ぎた")
    DUE_THIS_WEEK = "due_week", _("7日以内が期限")
    DUE_THIS_MONTH = "due_month", _("今月が期限")
    NEW = "new", _("利用開始から6か月以内")
    ENDING = "ending", _("6か月以内に期間が終わる")
    WAITING = "waiting", _("利用の開始前")
    NO_STAFF = "no_staff", _("担当がいない")
    ENDED = "ended", _("終了した")
    ALL = "all", _("すべて")


def show_q(show: str, on: date) -> Q:
    """The condition behind one choice, as of `on`."""
    in_use = EnrolmentQuerySet.in_use_q(on)
    week = in_use & Q(interview_due_on__range=(on, on + timedelta(days=6)))
    month_end = months_later(on.replace(day=1), 1)
    assigned = Exists(StaffAssignment.objects.filter(in_force(on), enrolment=OuterRef("pk")))
    conditions = {
        Show.IN_USE: in_use,
        Show.OVERDUE: EnrolmentQuerySet.overdue_q(on),
        Show.DUE_THIS_WEEK: week,
        Show.DUE_THIS_MONTH: in_use & Q(interview_due_on__range=(on, day_before(month_end))),
        Show.NEW: in_use & Q(use_starts_on__gt=months_later(on, -6)),
        Show.ENDING: in_use & Q(window_ends_on__lt=months_later(on, ENDING_SOON_MONTHS)),
        Show.WAITING: in_force(on) & (Q(use_starts_on=None) | Q(use_starts_on__gt=on)),
        Show.NO_STAFF: in_use & ~Q(assigned),
        Show.ENDED: Q(ends_on__lt=on),
        Show.ALL: Q(),
    }
    return conditions.get(Show(show), Q()) if show in Show.values else in_use


class ClientListForm(forms.Form):
    """Search and filters of the client list; everything lives in the URL."""

    q = forms.CharField(label=_("氏名・かな・受給者証番号"), required=False, max_length=80)
    show = forms.ChoiceField(label=_("表示"), required=False, choices=Show.choices)
    staff = forms.ChoiceField(label=_("担当"), required=False)

    def __init__(self, data: Any, *, staff: list[Membership], on: date) -> None:
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
        if not show:
            return Show.ALL if self.data.get("q") else Show.IN_USE
        return str(show)

    def condition(self) -> Q:
        """All that was chosen, as one condition on enrolments."""
        self.is_valid()
        condition = show_q(self.chosen, self.on)
        if text := self.cleaned_data.get("q"):
            condition &= self._matching(text)
        if staff := self.cleaned_data.get("staff"):
            condition &= Q(
                Exists(
                    StaffAssignment.objects.filter(
                        in_force(self.on), enrolment=OuterRef("pk"), staff__public_id=staff
                    )
                )
            )
        return condition

    @staticmethod
    def _matching(text: str) -> Q:
        digits = normal(text).replace("-", "").replace(" ", "")
        if digits.isdigit() and len(digits) == NUMBER_DIGITS:
            numbers = RecipientNumber.objects.filter(number=digits, client=OuterRef("client"))
            return Q(Exists(numbers))
        if not search_key(text):
            return Q()
        return Q(Exists(Client.objects.matching(text).filter(pk=OuterRef("client"))))
