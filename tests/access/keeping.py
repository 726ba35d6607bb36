"""Files whose time of keeping is over in the access matrix."""

from __future__ import annotations

from datetime import date
from typing import Any

from clients.actions.keeping import hold_file
from clients.models import Client, Enrolment
from clients.queries.keeping import standing_hold
from plans.models import Application
from teikyaku.clock import at_noon
from tests.cast import Cast

TABLE: dict[str, tuple[str, ...]] = {
    "keeping": ("head", "outsider"),
    "keeping_file": ("head",),
    "keeping_hold": ("head",),
    "keeping_lift": ("head",),
    "keeping_erase": ("head",),
    "admin:ward_keeping": ("officer", "other_officer"),
    "admin:ward_keeping_file": ("officer",),
    "admin:ward_keeping_hold": ("officer",),
    "admin:ward_keeping_lift": ("officer",),
    "admin:ward_keeping_erase": ("officer",),
}
BORN = date(1950, 1, 1)


def arguments(cast: Cast) -> dict[str, Any]:
    """Somebody whose service ended long ago, at the office and the ward of the cast."""
    return {"client": long_gone(cast).public_id}


def long_gone(cast: Cast) -> Client:
    """The person, made once."""
    known = Client.objects.filter(birth_date=BORN).first()
    if known is not None:
        return known
    worker, officer = cast.members["worker"], cast.members["officer"]
    at = at_noon(date(2014, 4, 1))
    own = {"recorded_by": worker, "recorded_at": at}
    person = Client.objects.create(birth_date=BORN, **own)
    person.names.create(
        name="昔 の人", kana="むかし のひと", search_text="むかしのひと 昔の人",
        starts_on=BORN, **own,
    )  # fmt: skip
    Enrolment.objects.create(
        client=person, office=cast.office, starts_on=date(2014, 4, 1),
        use_starts_on=date(2014, 5, 1), ends_on=date(2017, 3, 31), end_reason="expired", **own,
    )  # fmt: skip
    Application.objects.create(
        client=person, municipality=cast.wards[2], received_on=date(2014, 4, 1),
        received_place="ward_office", outcome="withdrawn", outcome_on=date(2014, 5, 1),
        outcome_reason="取下げ", outcome_by=officer, outcome_at=at, recorded_by=officer,
        recorded_at=at,
    )  # fmt: skip
    return person


def held(cast: Cast, key: str = "head") -> Client:
    """The same person, held back by the member's office or ward."""
    person, member = long_gone(cast), cast.members[key]
    if standing_hold(person, office=member.office, ward=member.municipality) is None:
        hold_file(
            client=person, reason="資料として必要", until=None, by=member, at=at_noon(cast.today)
        )
    return person
