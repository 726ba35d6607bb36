"""保留 of one person's month: what is missing, where it is mended, or whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import PersonMonth
from billing.queries.city_links import answer_url
from billing.queries.mending import (
    able_roles,
    in_words,
    is_up_to,
    mend_label,
    mending_url,
    only_reduces,
)
from billing.queries.open_entry import open_entry
from clients.models import Enrolment
from plans.queries.caseload import staff_names
from plans.rules.month import MonthState
from teikyaku.accounts.models import Membership
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class Missing:
    """One reason: its sentence, and the page that mends it, or who does."""

    text: str
    url: str
    """Empty where the reader cannot mend it, or no page of ours does."""
    label: str
    roles: str
    """Whose turn it is; empty where it is the reader's, or nobody's here."""
    only_reduces: bool = False
    """It holds nothing back: the month is billed for less."""


@dataclass(frozen=True, slots=True)
class HeldMonth:
    """A month that is held, as the person's page tells of it."""

    month: Month
    url: str
    """The list that it stands in."""
    missing: tuple[Missing, ...]
    staff_name: str
    """Who is in charge of the person."""

    @property
    def is_with_others(self) -> bool:
        """The reader can do nothing about it."""
        return all(each.roles for each in self.missing if not each.only_reduces)


def held_month(
    enrolment: Enrolment, month: Month, on: date, reader: Membership
) -> HeldMonth | None:
    """The person's month where it is held; None where it is not (a constant number of queries)."""
    if month > Month.of(on):
        return None
    closed = PersonMonth.objects.standing().filter(enrolment=enrolment, month=month.first_day)
    if closed.exists():
        return None
    entry = open_entry(enrolment, month, on)
    if entry is None or entry.state != MonthState.HELD:
        return None
    support = entry.support
    found = []
    for reason in entry.reasons:
        roles = able_roles(reason, support)
        is_own = is_up_to(reader, roles)
        url = mending_url(reason, support, reader) if is_own else ""
        asked = "" if is_own else in_words(roles)
        reduces = only_reduces(reason, support)
        found.append(Missing(reason.text, url, mend_label(reason), asked, reduces))
    answer = answer_url(entry, reader)
    if answer and answer not in {each.url for each in found}:
        text = _("市町村に確かめたら、回答を記録します。")
        found.append(Missing(text, answer, _("回答を記録"), ""))
    return HeldMonth(
        month, reverse("month_page", args=[month]) + "?list=held", tuple(found),
        staff_names([enrolment.pk], on).get(enrolment.pk, ""),
    )  # fmt: skip
