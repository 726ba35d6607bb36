"""辞退 as lists and pages say it: without a reproach, with what was offered instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from plans.models import Interview
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class Refusal:
    """本人が希望しなかった: when, and what was offered instead ("" where nothing is on file)."""

    on: date
    offered: str
    is_running: bool
    """The month is not over: a meeting in it would still earn it."""

    @property
    def words(self) -> str:
        """The person's wish, with what was offered."""
        return "".join([_("本人が希望しませんでした"), offered_words(self.offered)])

    @property
    def cost(self) -> str:
        """What it means for the bill of the month."""
        month = {"month": Month.of(self.on).month}
        if self.is_running:
            return _("面談がなければ、%(month)d月は請求できません。") % month
        return _("請求できない月です。")


def refusal_of(row: Interview | None, on: date) -> Refusal | None:
    """The same of a contact at hand."""
    if row is None:
        return None
    return Refusal(row.held_on, row.offered_instead, Month.of(row.held_on) == Month.of(on))


def offered_words(offered: str) -> str:
    """（代わりに：…）; "" where nothing is on file."""
    return _("（代わりに：%(offered)s）") % {"offered": offered} if offered else ""
