"""The conditions of 今月の担当: one question, further ones that must hold too, whose, chosen people.

Read out of the address, and written back into it: a condition that nobody knows is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from operator import and_
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from clients.models import Enrolment
from plans.queries.caseload import ASK_NOTES, Ask, ask_q, in_charge_q
from teikyaku.accounts.models import Membership
from teikyaku.desk.queries.home import EVERYBODY
from teikyaku.ids import MOST_CHOSEN, uuids_in


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What the list is narrowed down to."""

    ask: Ask
    also: tuple[Ask, ...] = ()
    """Further questions that must be answered too, in the order of the questions."""
    staff: Membership | None = None
    """Whose people; None for everybody's."""
    chosen: tuple[UUID, ...] = ()
    """Public ids of the people who are shown alone; empty for all."""
    back: str = ""
    """The conditions that were left for the chosen people."""

    def among(self, people: QuerySet[Enrolment], on: date) -> QuerySet[Enrolment]:
        """Those of `people` who meet all but the main question."""
        found = people.filter(reduce(and_, (ask_q(each, on) for each in self.also), Q()))
        if self.staff is not None:
            found = found.filter(in_charge_q(on, user=self.staff.user_id))
        return found.filter(client__public_id__in=self.chosen) if self.chosen else found

    def asked(self, ask: Ask) -> CaseFilter:
        """The same with another main question, which then need not be asked twice."""
        return replace(self, ask=ask, also=tuple(each for each in self.also if each != ask))

    @property
    def conditions(self) -> str:
        """The query without the chosen people: what can be kept and come back to."""
        return urlencode(self._conditions())

    @property
    def query(self) -> str:
        """The whole query."""
        chosen = [("person", str(each)) for each in self.chosen]
        back = [("back", self.back)] if self.chosen and self.back else []
        return urlencode([*self._conditions(), *chosen, *back])

    @property
    def note(self) -> str:
        """What the list of the main question holds, where its name leaves that open; else ""."""
        return str(ASK_NOTES.get(self.ask, ""))

    def _conditions(self) -> list[tuple[str, str]]:
        staff = str(self.staff.public_id) if self.staff else EVERYBODY
        also = [("also", each.value) for each in self.also]
        return [("ask", self.ask.value), *also, ("staff", staff)]

    @property
    def questions(self) -> str:
        """The questions in words: every one of them holds."""
        return _("、かつ ").join(str(each.label) for each in (self.ask, *self.also))

    @property
    def whose(self) -> str:
        """Whose people, in words."""
        if self.staff is None and self.chosen:
            return _("選んだ人")
        return self.staff.user.name if self.staff else _("全員")


def case_filter(query: QueryDict, team: list[Membership], own: Membership | None) -> CaseFilter:
    """What an address asks for. `team`: who can be asked for; `own`: whose where nobody is named.

    Chosen people are everybody's unless somebody is named, and of no question but being in use.
    """
    chosen = tuple(uuids_in(query.getlist("person"), MOST_CHOSEN))
    asks = _asks([query.get("ask", "")])
    ask = asks[0] if asks else Ask.IN_USE if chosen else Ask.OVERDUE
    also = tuple(each for each in _asks(query.getlist("also")) if each != ask)
    named = query.get("staff")
    staff = _member(named, team) if named is not None else None if chosen else own
    left = query.get("back", "") if chosen else ""
    back = case_filter(QueryDict(str(left)), team, own).conditions if left else ""
    return CaseFilter(ask, also, staff, chosen, back)


def _asks(texts: list[str]) -> list[Ask]:
    return [each for each in Ask if each.value in texts]


def _member(public_id: str, team: list[Membership]) -> Membership | None:
    """The member of staff; after a change of roles also by the former membership's id."""
    found = next((member for member in team if str(member.public_id) == public_id), None)
    if found is not None or not (former := list(uuids_in([public_id], 1))):
        return found
    users = Membership.objects.filter(public_id=former[0]).values_list("user_id", flat=True)
    wanted = users.first()
    return next((member for member in team if member.user_id == wanted), None)


def other_asks(chosen: CaseFilter) -> list[dict[str, Any]]:
    """The questions that can be asked beside the main one, with whether they are."""
    return [
        {"value": each.value, "label": each.label, "is_on": each in chosen.also}
        for each in Ask
        if each not in (chosen.ask, Ask.IN_USE)
    ]
