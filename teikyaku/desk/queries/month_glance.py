"""How a month stands: ready, held, not billable, closed, each with the list that agrees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.queries.month import MonthBoard
from billing.queries.month_cuts import cut_people, cut_yen
from billing.queries.month_lists import month_lists, reason_counts
from billing.queries.month_lost import lost_yen
from billing.queries.month_turns import Turns, turns_of
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class MonthCount:
    """A number and the list that agrees with it."""

    label: str
    count: int
    url: str
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class MonthGlance:
    """How a month stands. Yen are total costs (総費用)."""

    month: Month
    url: str
    close_url: str
    """Empty where nothing can be closed, or not by this reader."""
    counts: tuple[MonthCount, ...]
    ready: int
    held: int
    closed: int
    ready_yen: int
    held_yen: int | None
    """None while the office's own answers are missing: then nobody can say."""
    turns: Turns
    """Who can mend what holds people."""
    not_billable: int = 0
    lost_yen: int | None = None
    """What those who cannot be billed would have brought; None where nobody is, or can say."""

    cut_yen: int | None = None
    """What the reductions take off who is not closed; None where nobody is reduced, or nobody can say."""
    cut_people: int = 0
    """How many of them are reduced: of who is ready, and of who is held."""

    @property
    def left(self) -> int:
        """How many people can still be claimed, at once or after something is mended."""
        return self.ready + self.held

    @property
    def ready_url(self) -> str:
        """The list of who is ready."""
        return f"{self.url}?list=ready"

    @property
    def held_url(self) -> str:
        """The list of who is held."""
        return f"{self.url}?list=held"


def glance_of(board: MonthBoard, on: date, reader: Membership) -> MonthGlance:
    """A board in a few numbers, and whose turn it is for this reader."""
    month = board.office_month.month
    url = reverse("month_page", args=[month])
    ready, held, not_billable, closed = month_lists(board)
    cuts = [
        MonthCount(
            _("うち減算：%(why)s") % {"why": row.label}, row.count, f"{url}{row.url}", "warning"
        )
        for row in reason_counts(ready)
    ]
    turns = turns_of(board.held, reader)
    held_tone = "info" if turns.is_with_others else "warning"
    counts = (
        MonthCount(
            ready.label, ready.count, url + ready.url, "success" if ready.count else "neutral"
        ),
        *cuts,
        MonthCount(held.label, held.count, url + held.url, held_tone if held.count else "neutral"),
        MonthCount(not_billable.label, not_billable.count, url + not_billable.url),
        MonthCount(
            closed.label, closed.count, url + closed.url, "info" if closed.count else "neutral"
        ),
    )
    can_close = reader.may(Permission.MONTH_CLOSE) and ready.count > 0 and on > month.last_day
    return MonthGlance(
        month=month,
        url=url,
        close_url=reverse("month_close", args=[month]) if can_close else "",
        counts=counts,
        ready=ready.count,
        held=held.count,
        closed=closed.count,
        ready_yen=board.ready_yen,
        held_yen=board.held_yen,
        not_billable=not_billable.count,
        lost_yen=lost_yen(board),
        cut_yen=cut_yen(board),
        cut_people=cut_people(board),
        turns=turns,
    )


def held_counts(board: MonthBoard) -> tuple[MonthCount, ...]:
    """What holds people of a month, the most frequent first; one may lack several things."""
    page = reverse("month_page", args=[board.office_month.month])
    shown = next(each for each in month_lists(board) if each.key == "held")
    return tuple(
        MonthCount(row.label, row.count, f"{page}{row.url}", "warning")
        for row in reason_counts(shown)
    )
