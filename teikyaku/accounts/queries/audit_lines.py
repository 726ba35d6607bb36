"""Which lines of the audit log concern a place, newest first, without reading everybody's.

The log holds every read of the whole installation. Each place's lines come from an index in the
order of their time; only the lines of the page that is shown are read in full.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from heapq import merge
from itertools import islice
from typing import Any, overload

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Replace

from teikyaku.accounts.models import AuditEvent, Membership, User
from teikyaku.clock import at_start_of, end_of

# The page turns over so many lines at most; what lies before them is reached by its day.
MOST = 10_000
# A few letters of a name mean no more people than these.
MOST_PEOPLE = 200
# When it happened and its key.
Found = tuple[datetime, int]


class AuditLines(Sequence[AuditEvent]):
    """操作の記録 of the reader's own place, newest first, from `since` to `until`; of one outcome.

    `who` is part of a name or an address of who did it.

    A paginator can hold it: at most `MOST` lines are counted, and only a slice is read.
    """

    def __init__(
        self, reader: Membership, *, outcome: str = "", who: str = "",
        since: date | None = None, until: date | None = None,
    ) -> None:  # fmt: skip
        chosen = Q(outcome=outcome) if outcome else Q()
        if since is not None:
            chosen &= Q(at__gte=at_start_of(since))
        if until is not None:
            chosen &= Q(at__lt=end_of(until))
        self.sources = [
            rows.filter(chosen).order_by("-at", "-pk").values_list("at", "pk")
            for rows in _sources(reader, _users(who))
        ]
        self._count: int | None = None

    @property
    def is_cut(self) -> bool:
        """Whether there are older lines than the page turns over."""
        return len(self) == MOST

    def __len__(self) -> int:
        if self._count is None:
            self._count = min(sum(map(_counted, self.sources)), MOST)
        return self._count

    @overload
    def __getitem__(self, index: int) -> AuditEvent: ...
    @overload
    def __getitem__(self, index: slice) -> list[AuditEvent]: ...

    def __getitem__(self, index: int | slice) -> AuditEvent | list[AuditEvent]:
        if isinstance(index, int):
            return self[index : index + 1][0]
        stop = MOST if index.stop is None else min(index.stop, MOST)
        streams: list[Iterator[Found]] = [iter(rows[:stop]) for rows in self.sources]
        newest = islice(merge(*streams, reverse=True), index.start or 0, stop)
        keys = [key for _at, key in newest]
        found = AuditEvent.objects.select_related("user").in_bulk(keys)
        return [found[key] for key in keys]


def _users(who: str) -> list[int] | None:
    """The users whom the words mean; None where nobody is asked for."""
    # Names stand with a blank between their parts, or without: it is no matter how one types them.
    text = "".join(unicodedata.normalize("NFKC", who).split())
    if not text:
        return None
    name: Any = F("name")
    for blank in (" ", "\u3000"):
        name = Replace(name, Value(blank), Value(""))
    named = User.objects.annotate(closed_up=name)
    found = named.filter(Q(closed_up__icontains=text) | Q(email__icontains=text.casefold()))
    return list(found.values_list("pk", flat=True)[:MOST_PEOPLE])


def _sources(reader: Membership, users: list[int] | None) -> list[QuerySet[AuditEvent]]:
    """The lines that concern the reader's own place and no other's; no line is in two of them.

    An office also sees what administrators did to its memberships. Administrators see their own acts
    and what nobody's membership did: sign-ins.
    """
    place = Q(office=reader.office_id, municipality=reader.municipality_id)
    members = dict(Membership.objects.filter(place).values_list("pk", "public_id"))
    by_whom = Q() if users is None else Q(user__in=users)
    by_them = AuditEvent.objects.filter(by_whom, membership__in=list(members))
    if reader.office_id is not None:
        about_them = AuditEvent.objects.filter(
            by_whom, subject_type="membership", subject_id__in=list(members.values())
        )
        return [by_them, about_them.exclude(membership__in=list(members))]
    if reader.municipality_id is not None:
        return [by_them]
    return [by_them, AuditEvent.objects.filter(by_whom, membership=None)]


def _counted(rows: QuerySet[AuditEvent, Any]) -> int:
    return rows.order_by()[:MOST].count()
