"""What closed months ask of whoever does the money: told since, corrected, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from billing.queries.after_change import AfterChange, due_after
from billing.queries.cap_tellings import untold_months
from billing.queries.claim_payment_sums import claim_payment_sums
from billing.queries.differences import causes_of, fresh_differences
from billing.queries.lost_meetings import OfMonth, by_month, lost_meetings
from billing.queries.open_corrections import open_corrections
from teikyaku.accounts.models import Membership, Office
from teikyaku.accounts.roles import Permission
from teikyaku.desk.queries.month_glance import MonthCount
from teikyaku.rehearsal import asked_once


@dataclass(frozen=True, slots=True)
class AfterClose:
    """All closed months of an office that somebody has to turn to again."""

    lost: tuple[MonthCount, ...]
    """Closed months that hold no meeting any more, newest first."""
    fresh: tuple[MonthCount, ...]
    """Closed months that differ otherwise by something told since, newest first."""
    fresh_causes: str
    """What was told, in words; "" where nothing was."""
    untold: tuple[MonthCount, ...]
    """Offices that are to be told that a sheet of the month was cancelled or put right, newest month first."""
    after: tuple[AfterChange, ...]
    """What follows months that were corrected or withdrawn: money to be taken off, notices to take back."""
    corrections: int
    """Corrected months with something to do."""

    def __bool__(self) -> bool:
        """Whether anything is to do."""
        return bool(self.lost or self.fresh or self.untold or self.after or self.corrections)


@asked_once()
def after_close(membership: Membership, on: date) -> AfterClose:
    """What there is to do about closed months.

    Some 15 queries, and those of `differing_months` where something was told after a close: months are judged
    again then, which is why the billing home asks for it as a part. Raises PermissionDenied for who may not
    see the office's months.
    """
    office = membership.office
    if office is None or not membership.may(Permission.MONTH_READ):
        raise PermissionDenied
    lost, fresh, causes = told_since(office, on)
    claims = claim_payment_sums(office)
    return AfterClose(
        lost=lost,
        fresh=fresh,
        fresh_causes=causes,
        untold=tuple(
            MonthCount(month.label, count, reverse("cap_month", args=[month]) + "#sent")
            for month, count in untold_months(office)
        ),
        after=due_after(office, claims.to_deduct, claims.to_deduct_yen),
        corrections=open_corrections(office),
    )


_Counts = tuple[MonthCount, ...]


def told_since(office: Office, on: date) -> tuple[_Counts, _Counts, str]:
    """Closed months that lost their meeting, and those that differ otherwise, with what was told.

    Nobody is told twice.
    """
    lost = lost_meetings(office, on)
    known = {each.person_month for each in lost}
    fresh = fresh_differences(office, on, apart_from=known)
    return _by_month(lost), _by_month(fresh), causes_of(fresh)


def _by_month(rows: Iterable[OfMonth]) -> _Counts:
    return tuple(
        MonthCount(month.label, count, reverse("month_page", args=[month]))
        for month, count in by_month(rows)
    )
