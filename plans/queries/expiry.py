"""What ends next: windows, decisions, caps, support plans, hand-over days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import merge
from itertools import islice
from typing import Any, overload
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from clients.models import Client, ClientName, Enrolment, StaffAssignment
from plans.models import Application, CapPeriod, Decision, Handover, Proposal, SupportPlan
from plans.queries.caseload import alive_q, in_charge_q
from plans.rules.handover import SHARING_MONTHS, handover_days
from teikyaku.accounts.models import Office
from teikyaku.periods import Month, day_after, day_before, in_force, months_later

# What has ended stays in sight until it is settled: longer than any window, and what came before it.
UNSETTLED_MONTHS = 60


@dataclass(frozen=True, slots=True)
class Expiry:
    """One thing that ends for one person, on its day; `is_late` when the day has passed."""

    on: date
    kind: str
    label: str
    client_id: UUID
    name: str
    kana: str
    is_late: bool
    staff: str = ""
    """Who is in charge at the office; "" for nobody."""
    renewal: str = ""
    """Of a decision: how far its renewal is, in words."""


# One thing that ends: its day, kind, and whose it is.
Found = tuple[date, str, int]


def expiry_labels() -> dict[str, str]:
    """The kinds of what ends, with their words."""
    return {
        "window": _("利用可能期間の最終日"),
        "decision": _("支給決定期間の終了"),
        "cap": _("負担上限月額の適用の終わり"),
        "support_plan": _("個別支援計画の見直し"),
        "handover": _("引き継ぎの情報共有の最終日"),
        "handover_look": _("引き継ぎ後のようすを確かめる日"),
    }


class Expiries(Sequence[Expiry]):
    """What ends at an office within `months` from `on`, and what has ended and is not settled yet.

    By day; of one kind where `kind` is given, of one month where `month` is, only what has passed
    where `is_late` is, only of the people in charge of one member of staff where `user_id` is. Only the rows of a slice are read: one query for each kind, and five for the
    people, their names, who is in charge of them, and their renewals. A paginator can hold it.
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
        user_id: int | None = None,
    ) -> None:
        self.office, self.on = office, on
        span = (_first_unsettled(on), months_later(on, months))
        if is_late:
            span = (span[0], day_before(on))
        elif month is not None:
            # Of the running month what lies ahead: what has passed is asked without a month.
            span = (max(on, month.first_day), max(on, month.last_day))
        people = Enrolment.objects.filter(office=office)
        if user_id is not None:
            people = people.filter(in_charge_q(on, user=user_id))
        # After a death nothing waits for anybody, from that day on.
        running = people.in_use(on).filter(alive_q(on))
        sources = {
            "window": _windows(running, span),
            "decision": _decisions(running, span),
            "cap": _caps(running, span),
            "support_plan": _plans(running, span),
            "handover": _shares(running, span),
            "handover_look": _looks(people, span),
        }
        self.sources = {key: rows for key, rows in sources.items() if kind in ("", key)}

    def __len__(self) -> int:
        return sum(rows.count() for rows, _day_of in self.sources.values())

    def days(self) -> Iterator[tuple[date, str]]:
        """(day, kind) of each, without people: for counting (one query for each kind)."""
        for kind, (rows, day_of) in self.sources.items():
            for day, _client in rows:
                yield day_of(day), kind

    @overload
    def __getitem__(self, index: int) -> Expiry: ...
    @overload
    def __getitem__(self, index: slice) -> list[Expiry]: ...

    def __getitem__(self, index: int | slice) -> Expiry | list[Expiry]:
        if isinstance(index, int):
            return self[index : index + 1][0]
        start, stop = index.start or 0, index.stop
        streams = [_stream(kind, source, stop) for kind, source in self.sources.items()]
        return self._told(list(islice(merge(*streams), start, stop)))

    def _told(self, found: list[Found]) -> list[Expiry]:
        clients = {client for _day, _kind, client in found}
        people = dict(Client.objects.filter(pk__in=clients).values_list("pk", "public_id"))
        names = ClientName.objects.filter(in_force(self.on), client__in=clients)
        known = {name.client_id: name for name in names}
        labels, renewals = expiry_labels(), self._renewals(clients)
        staff, last_days = self._staff(clients), self._last_days(clients)
        return [
            Expiry(
                on=day,
                kind=kind,
                label=labels[kind],
                client_id=people[client],
                name=known[client].name if client in known else "",
                kana=known[client].kana if client in known else "",
                is_late=day < self.on,
                staff=staff.get(client, ""),
                # Nothing is renewed where the right ends with the decision.
                renewal=renewals.get(client, "")
                if kind == "decision" and day < last_days.get(client, date.max)
                else "",
            )
            for day, kind, client in found
        ]

    def _last_days(self, clients: set[int]) -> dict[int, date]:
        """The last usable day of each, where one is known."""
        rows = Enrolment.objects.filter(client__in=clients, office=self.office).order_by("pk")
        found = rows.values_list("client", "window_ends_on")
        return {client: last_on for client, last_on in found if last_on is not None}

    def _staff(self, clients: set[int]) -> dict[int, str]:
        held = StaffAssignment.objects.in_charge(self.on).filter(
            enrolment__client__in=clients, enrolment__office=self.office
        )
        return dict(held.values_list("enrolment__client", "staff__user__name"))

    def _renewals(self, clients: set[int]) -> dict[int, str]:
        """How far each one's renewal is, as far as it is known here."""
        found = dict.fromkeys(clients, _("未申請"))
        proposed = Proposal.objects.filter(
            enrolment__client__in=clients,
            enrolment__office=self.office,  # what another office asked is not told here
            kind=Proposal.Kind.RENEWAL,
            state__in=(Proposal.State.WARD, Proposal.State.OFFICE),
        )
        for client in proposed.values_list("enrolment__client", flat=True):
            found[client] = _("区に提案中")
        applied = Application.objects.filter(client__in=clients, outcome="")
        for client in applied.values_list("client", flat=True):
            found[client] = _("申請中")
        return found


def ends_of(
    people: QuerySet[Enrolment], on: date, ahead: Mapping[str, timedelta]
) -> Iterator[tuple[int, date, str]]:
    """(enrolment, day, kind) of what ends for these people, of each kind within its days ahead.

    The same rows as `Expiries`; what has passed unsettled too. One query for each kind, and one for
    whose decisions they are.
    """
    sources: dict[str, Callable[[QuerySet[Enrolment], tuple[date, date]], Source]] = {
        "window": _windows, "support_plan": _plans, "handover": _shares,
    }  # fmt: skip
    columns = {"support_plan": ("review_by", "enrolment")}
    for kind, span in _spans(on, ahead).items():
        if kind in sources:
            rows, day_of = sources[kind](people, span)
            for day, enrolment in rows.values_list(*columns.get(kind, ("window_ends_on", "pk"))):
                yield enrolment, day_of(day), kind
    if "decision" in ahead:
        whose: dict[int, list[int]] = defaultdict(list)
        for enrolment, client in people.values_list("pk", "client"):
            whose[client].append(enrolment)
        rows, day_of = _decisions(people, _spans(on, ahead)["decision"])
        for day, client in rows:
            for enrolment in whose[client]:
                yield enrolment, day_of(day), "decision"


def _first_unsettled(on: date) -> date:
    return months_later(on, -UNSETTLED_MONTHS)


def _spans(on: date, ahead: Mapping[str, timedelta]) -> dict[str, tuple[date, date]]:
    first = _first_unsettled(on)
    return {kind: (first, on + days) for kind, days in ahead.items()}


# Rows of (stored day, client) by day, and how the day that counts follows from the stored one.
Source = tuple[QuerySet[Any, tuple[Any, int]], Callable[[date], date]]


def _stream(kind: str, source: Source, stop: int | None) -> list[Found]:
    rows, day_of = source
    return [(day_of(day), kind, client) for day, client in rows[:stop]]


def _itself(day: date) -> date:
    return day


def _windows(running: QuerySet[Enrolment], span: tuple[date, date]) -> Source:
    rows = running.filter(window_ends_on__range=span)
    return rows.order_by("window_ends_on", "client").values_list(
        "window_ends_on", "client"
    ), _itself


def _shares(running: QuerySet[Enrolment], span: tuple[date, date]) -> Source:
    known = Handover.objects.filter(enrolment=OuterRef("pk"))
    # Shared with a centre that then declined: that was in time, whoever is asked next. Who does not
    # want it to be shared is not asked again and again.
    waiting = known.filter(is_needed=True, shared_on=None, not_consented_on=None).exclude(
        refusals__shared_on__isnull=False
    )
    rows = running.filter(window_ends_on__range=_ends_shared_in(span))
    rows = rows.filter(~Exists(known) | Exists(waiting))
    found = rows.order_by("window_ends_on", "client").values_list("window_ends_on", "client")
    return found, _share_by


def _looks(people: QuerySet[Enrolment], span: tuple[date, date]) -> Source:
    """How it goes at the new place, after the end of the use too: until somebody has looked."""
    rows = Handover.objects.filter(
        enrolment__in=people.values("pk"),
        look_due_on__range=span,
        looked_on=None,
        enrolment__client__died_on=None,
    ).order_by("look_due_on", "enrolment__client")
    return rows.values_list("look_due_on", "enrolment__client"), _itself


def _share_by(window_ends_on: date) -> date:
    return handover_days(window_ends_on).share_by


def _ends_shared_in(span: tuple[date, date]) -> tuple[date, date]:
    """The window ends whose latest day for sharing lies in `span`: it never falls as ends rise."""
    # Three months before an end lies at most so many days from the same day of the month.
    slack = timedelta(days=4)
    first = months_later(span[0], SHARING_MONTHS) - slack
    while _share_by(first) < span[0]:
        first = day_after(first)
    last = months_later(span[1], SHARING_MONTHS) + slack
    while _share_by(last) > span[1]:
        last = day_before(last)
    return first, last


def _decisions(running: QuerySet[Enrolment], span: tuple[date, date]) -> Source:
    later = Decision.objects.standing().filter(
        client=OuterRef("client"), starts_on__gt=OuterRef("ends_on")
    )
    last = Decision.objects.standing().filter(
        client__in=running.values("client"), ends_on__range=span, revoked_on__isnull=True
    )
    rows = last.exclude(Exists(later)).order_by("ends_on", "client")
    return rows.values_list("ends_on", "client"), _itself


def _caps(running: QuerySet[Enrolment], span: tuple[date, date]) -> Source:
    later = CapPeriod.objects.filter(
        client=OuterRef("client"), first_month__gt=OuterRef("last_month")
    )
    # By the last day of their last month: of the month that `span` ends in, only where it ends whole.
    whole = Month.of(day_after(span[1])) - 1
    last = CapPeriod.objects.filter(
        client__in=running.values("client"),
        last_month__range=(Month.of(span[0]).first_day, whole.first_day),
    )
    rows = last.exclude(Exists(later)).order_by("last_month", "client")
    return rows.values_list("last_month", "client"), _month_end


def _month_end(first_day: date) -> date:
    return Month.of(first_day).last_day


def _plans(running: QuerySet[Enrolment], span: tuple[date, date]) -> Source:
    later = SupportPlan.objects.complete().filter(
        enrolment=OuterRef("enrolment"), starts_on__gt=OuterRef("starts_on")
    )
    last = SupportPlan.objects.complete().filter(
        enrolment__in=running.values("pk"), review_by__range=span
    )
    rows = last.exclude(Exists(later)).order_by("review_by", "enrolment__client")
    return rows.values_list("review_by", "enrolment__client"), _itself
