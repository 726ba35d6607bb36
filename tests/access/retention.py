"""就労定着率 and the call list in the access matrix, with one former user of the cast's office."""

from __future__ import annotations

from datetime import date
from typing import Any

from clients.actions.work_check import record_check
from clients.models import Enrolment, RetentionBefore, WorkCheck
from teikyaku.accounts.models import Office
from teikyaku.clock import at_noon
from teikyaku.periods import fiscal_year
from tests.cast import Cast, take_in

WRITERS = ("worker", "manager", "head")
READERS = ("manager", "head", "billing")
TABLE: dict[str, tuple[str, ...]] = {
    "work_checks_latest": (*WRITERS, "outsider"),
    "work_checks": (*WRITERS, "outsider"),
    "work_checks_xlsx": (*WRITERS, "outsider"),
    "work_check_new": WRITERS,
    "work_check_correct": WRITERS,
    "retention_before": ("head",),
    "retention_latest": (*READERS, "outsider"),
    "retention": (*READERS, "outsider"),
    "retention_forecast": (*READERS, "outsider"),
    "office_year": (*READERS, "outsider"),
    "office_year_xlsx": (*READERS, "outsider"),
    "staffing_set": ("head", "outsider"),
}


def former_user(
    cast: Cast, name: str = "元の 人", *, office: Office | None = None, **facts: Any
) -> Enrolment:
    """Somebody who used the office until the last day of the year before the last March 31."""
    year = fiscal_year(cast.today)
    member = cast.members["outsider" if office == cast.other_office else "worker"]
    row = take_in(office or cast.office, member, date(year - 2, 1, 10), name=name)
    row.use_starts_on = date(year - 2, 8, 1)
    row.ends_on, row.end_reason = date(year - 1, 12, 31), "own_wish"
    for key, value in facts.items():
        setattr(row, key, value)
    row.save()
    return row


def arguments(cast: Cast) -> dict[str, Any]:
    """An attempt to ask the former user."""
    year = fiscal_year(cast.today)
    known = WorkCheck.objects.first() or record_check(
        client=former_user(cast).client, office=cast.office, counted_on=date(year, 3, 31),
        outcome="not_reached", source="person", asked_on=date(year, 4, 1),
        by=cast.members["worker"], at=at_noon(cast.today),
    )  # fmt: skip
    RetentionBefore.objects.get_or_create(
        office=cast.office, fiscal_year=year,
        defaults={
            "people": 3, "employed": 2, "source": "届出書の別紙",
            "recorded_by": cast.members["head"], "recorded_at": at_noon(cast.today),
        },
    )  # fmt: skip
    return {"year": year, "check": known.public_id}


def asked(cast: Cast) -> Any:
    """The person of that attempt."""
    arguments(cast)
    return WorkCheck.objects.get().client.public_id
