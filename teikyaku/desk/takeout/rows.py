"""The rows of an office, table by table, with all that they refer to: nothing of anybody else.

Read inside one transaction (`snapshot`), so that what refers and what is referred to fit together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from clients.access import not_of_another_office
from clients.models import Enrolment, Organisation
from teikyaku.accounts.models import AuditEvent, Membership, Municipality, Office, User
from teikyaku.clock import TOKYO
from teikyaku.desk.takeout.errors import TakeoutError
from teikyaku.desk.takeout.tables import (
    OWN,
    POINTED,
    SEEN,
    Seen,
    is_history,
    label_of,
    references,
    tables,
)

CHUNK = 2_000
TOGETHER = 500
Row = dict[str, Any]
# Pointed to from outside, these come along; of staff elsewhere without name or place.
STAFF = ("accounts.Membership", "accounts.User")
CLIENT, AREAS = "clients.Client", "clients.Organisation_areas"
# Mail that waits is sent by the server on which it waits.
_SETTLED = Q(sent_at__isnull=False) | Q(withdrawn_at__isnull=False)
_OF_SETTLED = Q(mail__sent_at__isnull=False) | Q(mail__withdrawn_at__isnull=False)
_DATES = Seen("id", "history_day")


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read in the block is of one moment; nobody who writes has to wait for it."""
    if connection.in_atomic_block:
        yield
        return
    # SQLite: reads alone need no write lock, which our transactions take otherwise.
    mode = getattr(connection, "transaction_mode", None)
    if connection.vendor == "sqlite":
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = mode  # type: ignore[attr-defined]


@dataclass(slots=True)
class OfficeRows:
    """Everything of `office` as it may see it on `on`."""

    office: Office
    on: date
    seen_until: dict[int, date] = field(default_factory=dict)
    """Of people with whom the office works no more: the last day (by client)."""
    users: set[int] = field(default_factory=set)
    """Who belongs, or belonged, to the office."""
    members: set[int] = field(default_factory=set)
    """Their memberships here."""
    chosen: dict[str, QuerySet[Any]] = field(default_factory=dict)
    """By the label of the model."""

    def choose(self) -> list[Any]:
        """Find the rows of every table; the models in the order in which they can be stored.

        Raises TakeoutError where a row of the office refers to somebody else's.
        """
        here = Membership.objects.filter(office=self.office).values_list("pk", "user_id")
        self.members, self.users = {pk for pk, _user in here}, {user for _pk, user in here}
        self.seen_until = self._former()
        models, wanted = tables(), defaultdict[Any, set[Any]](set)
        for model in reversed(models):
            if label_of(model) == AREAS:
                continue  # with the organisations
            rows = self.chosen[model._meta.label] = self._with(model, wanted[model])
            _want(model, rows, wanted)
            if model is Organisation:
                areas = Organisation.areas.through
                rows = areas._base_manager.filter(organisation__in=rows.order_by().values("pk"))
                self.chosen[AREAS] = rows.order_by("pk")
                _want(areas, rows, wanted)
        return models

    def _former(self) -> dict[int, date]:
        last: dict[int, date | None] = {}
        own = Enrolment.objects.filter(office=self.office).values_list("client_id", "ends_on")
        for client, ends_on in own:
            day = None if ends_on is None or ends_on >= self.on else ends_on
            known = last.get(client, day)
            last[client] = None if day is None or known is None else max(day, known)
        return {client: day for client, day in last.items() if day is not None}

    def _with(self, model: Any, wanted: set[Any]) -> QuerySet[Any]:
        """The office's own rows of a model, and those of others that are wanted."""
        base = self._base(model)
        missing = _missing(model, base, wanted)
        label = label_of(model)
        if missing and not (label in SEEN or label in POINTED or label in (*STAFF, CLIENT)):
            raise TakeoutError(
                f"{model._meta.verbose_name}に、ほかの事業所の記録につながるものがあります。"
                "システム管理者に知らせてください。"
            )
        if model is Municipality:
            above = Municipality.objects.filter(pk__in=missing, city__isnull=False)
            missing |= set(above.values_list("city_id", flat=True))
        found = Q(pk__in=base.order_by().values("pk")) | Q(pk__in=missing)
        rows: QuerySet[Any] = model._base_manager.filter(found).order_by("pk")
        return rows

    def _base(self, model: Any) -> QuerySet[Any]:
        label, rows = label_of(model), model._base_manager.all()
        if label in POINTED:
            return rows.none()
        if label in SEEN or (label == CLIENT and is_history(model)):
            return self._seen(model, SEEN.get(label, _DATES))
        return rows.filter(self._own_q(model, OWN[label]))

    def _own_q(self, model: Any, path: str) -> Q:
        if not path:
            return Q(**{"id" if is_history(model) else "pk": self.office.pk})
        found = Q(**{path: self.office})
        names = {column.name for column in model._meta.get_fields()}
        steps = path.split("__")
        if steps[-2:-1] and steps[-2] in ("enrolment", "enrolments"):
            found &= Q(**{"__".join([*steps[:-1], "is_erased"]): False})
        if "is_erased" in names:
            found &= Q(is_erased=False)
        if model._meta.label == "accounts.OutboxMail":
            found &= _SETTLED
        if model._meta.label in ("plans.ReminderMention", "plans.EndNotice"):
            found &= _OF_SETTLED & Q(mail__membership__office=self.office)
        return found

    def _seen(self, model: Any, seen: Seen) -> QuerySet[Any]:
        """Shared facts of the office's people that began before it last worked with them."""
        day, rows = seen.starts, model._base_manager.all()
        if is_history(model):
            # Former values: those that the office itself wrote.
            rows = rows.filter(history_user__in=self.users)
            day = "history_day"
            rows = rows.annotate(history_day=TruncDate("history_date", tzinfo=TOKYO))
        own = Enrolment.objects.filter(office=self.office, client=OuterRef(seen.client))
        known = Q(ends_on=None) | Q(ends_on__gte=self.on) | Q(ends_on__gte=OuterRef(day))
        told = Q(Exists(own.filter(known))) | (Q(**{f"{day}__isnull": True}) & Q(Exists(own)))
        if is_history(model):
            told |= Q(Exists(self._written_here())) & Q(Exists(own))
        rows = rows.filter(told)
        return rows.filter(not_of_another_office(self.office.pk)) if seen.is_named else rows

    def _written_here(self) -> QuerySet[Any]:
        """What somebody did for this office at the instant of a former value, whenever that was.

        People who had ended before the office moved in are written down after their last day: without these
        lines a correction would take away what stood before it.
        """
        return AuditEvent.objects.filter(
            membership__in=self.members, user=OuterRef("history_user"), at=OuterRef("history_date"),
            outcome=AuditEvent.Outcome.DONE,
        ).order_by()  # fmt: skip

    def of(self, model: Any) -> Iterator[Row]:
        """The rows of a model in the order of their keys, as the office may see them."""
        columns = [column.attname for column in model._meta.local_concrete_fields]
        seen = None if is_history(model) else SEEN.get(label_of(model))
        extra = [F(f"{seen.client}_id")] if seen else []
        rows = self.chosen[model._meta.label].values_list(*columns, *extra)
        for values in rows.iterator(chunk_size=CHUNK):
            row = dict(zip(columns, values, strict=False))
            if seen:
                _hide_later(row, seen, self.seen_until.get(values[-1]))
                if row["recorded_by_id"] not in self.members:
                    row.update(dict.fromkeys(seen.words, ""))
            elif model._meta.label == CLIENT:
                _hide_later(row, Seen("", "", ("died_on",)), self.seen_until.get(row["id"]))
            yield row


def _want(model: Any, rows: QuerySet[Any], wanted: dict[Any, set[Any]]) -> None:
    """Note what the chosen rows of a model refer to."""
    for column in references(model):
        if _is_followed(model, column.related_model) and not _is_their_place(model, column):
            keys = rows.order_by().values_list(column.attname, flat=True).distinct()
            wanted[column.related_model].update(key for key in keys if key is not None)


def _is_followed(model: Any, target: Any) -> bool:
    """A history refers to what may be gone; who wrote and where it was has to be there."""
    if not is_history(model):
        return True
    return target in (User, Membership) or label_of(target) in POINTED


def _is_their_place(model: Any, column: Any) -> bool:
    """Of staff elsewhere the office is not told."""
    return model is Membership and column.related_model is Office


def _missing(model: Any, base: QuerySet[Any], wanted: set[Any]) -> set[Any]:
    """Those of the wanted keys that are on file and not among the office's own."""
    keys, found = sorted(wanted), set()
    for first in range(0, len(keys), TOGETHER):
        some = keys[first : first + TOGETHER]
        there = set(model._base_manager.filter(pk__in=some).values_list("pk", flat=True))
        found |= there - set(base.filter(pk__in=some).values_list("pk", flat=True))
    return found


def _hide_later(row: Row, seen: Seen, until: date | None) -> None:
    """Leave out what came after the last day of the office's work."""
    if until is None:
        return
    late = [name for name in seen.ends if row[name] is not None and row[name] > until]
    for name in late:
        row[name] = None
    if late:
        row.update({name: value for name, value in seen.with_ends if name in row})
        if "granted_until" in row:
            # Revoked later: to the office it runs as it was granted.
            row["ends_on"] = row["granted_until"]
