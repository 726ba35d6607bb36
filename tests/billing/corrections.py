"""What the tests of corrections share: a closed month that the facts say otherwise of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from billing.actions.correction import correct_month, withdraw_month
from billing.models import OfficeTier, PersonMonth
from clients.actions.client import open_enrolment
from clients.models import Enrolment
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.cast import Cast, meet, report, start_use

# Long enough for the next processing month, wherever in a month one begins.
LATER = timedelta(days=40)


def who(cast: Cast, key: str = "billing") -> dict[str, Any]:
    """By whom, and when."""
    # After the close of the cast, at whatever hour the tests run.
    at = cast.person_month.closing.closed_at + timedelta(hours=1)
    return {"by": cast.members[key], "at": at}


def later(cast: Cast, times: int = 1) -> dict[str, Any]:
    """By whom, and when: in a later processing month, when the files of before lie at 国保連."""
    given = who(cast)
    return {**given, "at": given["at"] + times * LATER}


def other_tier(cast: Cast, tier: str = "95") -> None:
    """The office's tier was another: 3,512 units at 95, 2,768 at 80, 1,690 at 50."""
    year = Month.of(cast.person_month.month).fiscal_year
    OfficeTier.objects.filter(office=cast.office, fiscal_year=year).update(tier=tier)


def corrected(cast: Cast, row: PersonMonth | None = None, **facts: Any) -> PersonMonth:
    """出し直す by today's facts."""
    return correct_month(
        **{"row": row or cast.person_month, "reason": "office", **who(cast), **facts}
    )


def withdrawn(cast: Cast, row: PersonMonth | None = None, **facts: Any) -> PersonMonth:
    """取り下げる."""
    return withdraw_month(
        **{"row": row or cast.person_month, "reason": "not_billable", **who(cast), **facts}
    )


def serve_too(cast: Cast, month: Month | None = None) -> Enrolment:
    """The other office served the same person in the closed month, or in `month`."""
    month, out = month or Month.of(cast.person_month.month), cast.members["outsider"]
    first = cast.enrolment.use_starts_on
    assert first is not None
    again = open_enrolment(
        client=cast.enrolment.client, office=cast.other_office, starts_on=first, by=out,
        at=at_noon(first),
    )  # fmt: skip
    start_use(again, out, out, first)
    day = month.first_day.replace(day=12)
    meet(again, out, day)
    report(again, out, day)
    return again
