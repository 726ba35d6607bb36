"""支援レポート: what may go to whom on a day. Pure.

docs/rules.md §6 S: the report goes to the person, and to everybody else only with the person's
consent for that recipient; §6: nothing reaches a workplace that must not know; §9 G: after a death
nothing goes out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from clients.rules.kinds import ReportItem
from teikyaku.reasons import Certainty, Reason

PERSON, EMPLOYER = "person", "employer"
ALL_ITEMS = tuple(ReportItem)
RULE, END_RULE = "docs/rules.md §6", "docs/rules.md §9"

DIED = Reason("died", "亡くなった方です。だれにも渡せません。", END_RULE, Certainty.GUIDANCE)
CLOSED_JOB = Reason("no_contact", "職場連絡禁止の方です。職場には何も渡せません。", RULE)
NO_CONSENT = Reason("no_consent", "この相手に支援レポートを渡す、本人の同意がありません。", RULE)


def is_after_death(recipient: str, died_on: date | None, on: date) -> bool:
    """Whether nothing may go to the recipient on `on` any more, because the person has died.

    The person may have had the report on their last day; to others nothing goes on that day.
    """
    if died_on is None:
        return False
    return on > died_on if recipient == PERSON else on >= died_on


@dataclass(frozen=True, slots=True)
class Given:
    """One consent for reports that is in force on the day asked about."""

    key: int
    recipient: str
    name_key: str
    """The search key of whom it names; "" covers everybody of its kind."""
    items: tuple[ReportItem, ...]


@dataclass(frozen=True, slots=True)
class Sharing:
    """What may go to one recipient: items in their order, or why nothing may."""

    items: tuple[ReportItem, ...] = ()
    refusal: Reason | None = None
    consent: int | None = None
    """Of the consents that allow it the latest; None for the person."""

    @property
    def is_whole(self) -> bool:
        """Whether every item may go."""
        return self.items == ALL_ITEMS


def sharing(
    recipient: str,
    name_key: str,
    consents: Iterable[Given],
    *,
    must_not_contact: bool,
    is_dead: bool,
) -> Sharing:
    """What of a report may go to a recipient under the consents of that day, latest last.

    A consent that names somebody covers that one only and goes before one for the kind. Several
    alike add up: each allowed something, and what should not go any more is withdrawn.
    """
    if is_dead:
        return Sharing(refusal=DIED)
    if recipient == PERSON:
        return Sharing(ALL_ITEMS)
    if recipient == EMPLOYER and must_not_contact:
        return Sharing(refusal=CLOSED_JOB)
    of_kind = [each for each in consents if each.recipient == recipient]
    named = [each for each in of_kind if each.name_key and each.name_key == name_key]
    holding = named or [each for each in of_kind if not each.name_key]
    if not holding:
        return Sharing(refusal=NO_CONSENT)
    allowed = {item for each in holding for item in each.items}
    return Sharing(tuple(item for item in ALL_ITEMS if item in allowed), None, holding[-1].key)


@dataclass(frozen=True, slots=True)
class ToldMeeting:
    """A meeting as a report tells of it: a day, and the way in the words that are printed."""

    on: date
    way: str


def days_gone(tells_of: Iterable[ToldMeeting], met: Collection[ToldMeeting]) -> tuple[date, ...]:
    """The days of meetings that are no longer on file as a report tells of them (docs/rules.md §6).

    `met`: the standing contacts in which the person was reached. A call earns no month, so that
    another way is another meeting.
    """
    return tuple(told.on for told in tells_of if told not in met)
