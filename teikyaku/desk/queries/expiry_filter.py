"""The conditions of 期限: how far ahead, of one month or what has passed; of which kind, and whose.

Read out of the address and written back into it: a condition that nobody knows is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from plans.queries.expiry import expiry_labels
from teikyaku.accounts.models import Membership
from teikyaku.periods import Month

SPANS = (1, 3, 6, 12)
USUAL = 3


@dataclass(frozen=True, slots=True)
class ExpiryFilter:
    """What the board is narrowed down to."""

    span: int = USUAL
    """Months ahead, where neither one month nor what has passed was asked for."""
    kind: str = ""
    month: Month | None = None
    is_late: bool = False
    staff: Membership | None = None

    @property
    def when(self) -> str:
        """The part of the query that says when."""
        if self.is_late:
            return "late=1"
        return f"month={self.month}" if self.month else f"months={self.span}"

    @property
    def conditions(self) -> str:
        """The query that asks for this."""
        more = [("kind", self.kind), ("staff", str(self.staff.public_id) if self.staff else "")]
        rest = urlencode([pair for pair in more if pair[1]])
        return f"{self.when}&{rest}" if rest else self.when

    @property
    def words(self) -> str:
        """The same in words."""
        when = _("%(n)sか月以内") % {"n": self.span}
        if self.month:
            when = self.month.label
        if self.is_late:
            when = _("過ぎたまま")
        kind = expiry_labels().get(self.kind, _("すべて"))
        return f"{when}・{kind}（{self.staff.user.name if self.staff else _('全員')}）"


def expiry_filter(query: QueryDict, team: list[Membership]) -> ExpiryFilter:
    """What an address asks for; `team`: whose ends can be asked for."""
    is_late = query.get("late") == "1"
    kind = str(query.get("kind", ""))
    return ExpiryFilter(
        span=_span(str(query.get("months", ""))),
        kind=kind if kind in expiry_labels() else "",
        month=None if is_late else _month(str(query.get("month", ""))),
        is_late=is_late,
        staff=next((m for m in team if str(m.public_id) == query.get("staff")), None),
    )


def _month(text: str) -> Month | None:
    try:
        return Month.parse(text)
    except ValueError:
        return None


def _span(text: str) -> int:
    return int(text) if text in {str(n) for n in SPANS} else USUAL
