"""期限: what ends next at an office, and what has ended and is not settled yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from clients.models import Enrolment
from clients.models.enrolment import EnrolmentQuerySet
from plans.models import Handover
from plans.queries.caseload import alive_q
from plans.queries.expiry_list import (
    EndList,
    Found,
    Source,
    Span,
    Tally,
    When,
    first_unsettled,
    span_of,
)
from plans.queries.expiry_rows import Expiry, expiries
from plans.queries.expiry_sources import (
    caps,
    consents,
    contracts,
    decisions,
    office_sources,
    preparations,
    shares,
    support_plans,
    unfinished,
    windows,
)
from plans.rules.expiry import EndKind, ExpiryStage
from teikyaku.accounts.models import Office
from teikyaku.accounts.queries.office_start import is_of_before
from teikyaku.periods import Month, day_before


def expiry_labels() -> dict[str, str]:
    """The kinds of what ends, with their words."""
    return {kind.value: kind.label for kind in EndKind}


class Expiries(EndList[Expiry]):
    """What ends at an office within `months` from `on`, and what has ended and is not settled yet.

    By day; of one kind where `kind` is given, of one month where `month` is, of one stage where
    `stage` is, only what has passed where `is_late` is, only of the people in charge of one member of
    staff (and of their own qualifications) where `user_id` is. Only the rows of a slice are read: one
    query for each kind, and twelve for what is said of them.
    """

    def __init__(
        self,
        office: Office,
        on: date,
        months: int,
        kind: str = "",
        month: Month | None = None,
        *,
        is_late: bool = False,
        stage: ExpiryStage | None = None,
        user_id: int | None = None,
        tally: Tally | None = None,
    ) -> None:
        """`tally`: of the same people, where one was made for the axis."""
        self.office = office
        span = span_of(When(months, month, is_late, stage), on)
        sources = office_sources(office, on, span, user_id=user_id)
        wanted = {key: source for key, source in sources.items() if kind in ("", key)}
        super().__init__(wanted, span, on, tally)

    def whose(self, found: Found) -> tuple[Any, ...]:
        """A person and a member of staff may bear the same key."""
        return (found[1] == EndKind.QUALIFICATION, found[2])

    def told(self, found: list[Found]) -> list[Expiry]:
        """The rows, with what comes next."""
        return expiries(self.office, found, self.on)


def unfinished_handovers(people: QuerySet[Enrolment], on: date) -> QuerySet[Handover]:
    """Of these people, whose last day has passed before the hand-over reached the new place."""
    running = people.filter(EnrolmentQuerySet.in_use_q(on), alive_q(on))
    rows: QuerySet[Handover] = unfinished(
        people, running, (first_unsettled(on), day_before(on))
    ).rows
    return rows


# Of what reminders tell: its rows, and where their day and their enrolment stand.
_REMINDED: dict[str, tuple[Callable[[QuerySet[Enrolment], Span], Source], str, str]] = {
    "window": (windows, "window_ends_on", "pk"),
    "support_plan": (support_plans, "review_by", "enrolment"),
    "contract": (contracts, "ends_on", "enrolment"),
    "consent": (consents, "ends_on", "enrolment"),
    "handover": (shares, "window_ends_on", "pk"),
}
# Of these the row is the person's, whichever office asks.
_SHARED: dict[str, Callable[[QuerySet[Enrolment], Span], Source]] = {
    "decision": decisions,
    "cap": caps,
}
PREPARE = EndKind.HANDOVER_PREPARE.value


def ends_of(
    people: QuerySet[Enrolment], on: date, ahead: Mapping[str, timedelta]
) -> Iterator[tuple[int, date, str]]:
    """(enrolment, day, kind) of what ends for these people, of each kind within its days ahead.

    The same rows as `Expiries`; what has passed unsettled too. One query for each kind, one for whose
    decisions they are, and one for what lies before an office's first month here.
    """
    firsts = first_days(people, on)
    for enrolment, day, kind in _every_end(people, on, ahead):
        if not is_of_before(day, firsts.get(enrolment)):
            yield enrolment, day, kind


def first_days(people: QuerySet[Enrolment], on: date) -> dict[int, date]:
    """By enrolment the first day of the first month billed here, where it matters on `on` (one query)."""
    rows = people.filter(office__start__first_month__gt=first_unsettled(on)).order_by()
    found = rows.values_list("pk", "office__start__first_month")
    return {key: day for key, day in found if day is not None}


def _every_end(
    people: QuerySet[Enrolment], on: date, ahead: Mapping[str, timedelta]
) -> Iterator[tuple[int, date, str]]:
    spans = {kind: (first_unsettled(on), on + days) for kind, days in ahead.items()}
    for kind, span in spans.items():
        if kind in _REMINDED:
            source_of, day_field, enrolment_field = _REMINDED[kind]
            source = source_of(people, span)
            for day, enrolment in source.rows.values_list(day_field, enrolment_field):
                yield enrolment, source.day_of(day), kind
    if PREPARE in spans:
        source = preparations(people, spans[PREPARE], on)
        for day, enrolment in source.rows.values_list("window_ends_on", "pk"):
            yield enrolment, source.day_of(day), PREPARE
    shared = [kind for kind in _SHARED if kind in spans]
    if shared:
        whose: dict[int, list[int]] = defaultdict(list)
        for enrolment, client in people.values_list("pk", "client"):
            whose[client].append(enrolment)
        for kind in shared:
            for day, _kind, client, _row in _SHARED[kind](people, spans[kind]).found(kind, None):
                for enrolment in whose[client]:
                    yield enrolment, day, kind
