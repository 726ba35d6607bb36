"""A crowd: the demo city over and over, straight into the tables, for measuring only.

Each copy is the whole city of 160 people: its four offices with their staff, settings and people, and
everything on file of these. The first fifty cities also bring wards and organisations of their own;
later copies live in those, so that wards grow to the size of real ones while offices stay as they are.
No copy lives in the original city: its pages show the same at every size.

The database copies its own rows (INSERT … SELECT) with shifted keys, some cities at a time; nothing
passes through Python. Left out: field histories, invoices with their papers, and of long histories
all but the latest rows (`LATEST`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.apps import apps
from django.db import connection, models

from benchmarks.bare_tables import bare_tables
from clients.models import Client, Employer, Organisation, RecipientNumber, Residence
from plans.models import Interview
from teikyaku.accounts.models import AuditEvent, Membership, Municipality, Office, User

CITIES = 50
# The copy whose wards grow; its staff sign in as `1.chuo@example.jp`.
GROWN = 1
# Some copies at a time: the temporary rows of one statement stay small.
COPIES_AT_A_TIME = 100
# Up to so many people, every reference is checked afterwards (SQLite).
CHECKED = 10_000
# By model: of whom, and how many of the latest rows a copy keeps.
LATEST: dict[str, tuple[str, int]] = {
    "plans.Interview": ("enrolment_id", 12),
    "plans.SupportReport": ("enrolment_id", 6),
    "billing.PersonMonth": ("enrolment_id", 6),
    "accounts.AuditEvent": ("person_id", 6),
}
LEFT_OUT = {
    "clients.FileToErase",  # files on their way out: a running city has none
    "accounts.CalendarFeed", "accounts.FigureOverride", "accounts.IssuedDocument",
    "accounts.JobRun", "accounts.OutboxMail", "accounts.SecondFactorReset", "billing.Invoice",
    "billing.TariffConfirmation", "billing.FeeTableImport", "billing.FeeTableRow",
}  # fmt: skip
# Which copies a row comes in: every one, those that bring a city, or none.
EVERY, CITY, NONE = "c.n", "c.city", "0"


@dataclass(frozen=True, slots=True)
class Step:
    """How keys move from one copy to the next, and which staff belong to offices and to wards."""

    stride: int
    office_staff: str
    public_staff: str
    office_users: str
    public_users: str


class Crowd:
    """The demo city and its copies; the same rows are repeated however often it grows."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.own = Client.objects.count()
        self.copies = 0
        self.kinds = list(_kinds())
        self.step = _step(self.kinds)
        with connection.cursor() as cursor:
            _seeds(cursor, self.kinds)

    def grow(self, wanted: int) -> None:
        """Copy the city until about `wanted` people are there; never fewer than there are."""
        copies = round(wanted / self.own) - 1
        if copies <= self.copies:
            return
        tables = [kind._meta.db_table for kind in self.kinds]
        with connection.cursor() as cursor:
            _number(cursor, self.copies + 1, copies)
            with bare_tables(cursor, tables, self.say):
                for first in range(self.copies + 1, copies + 1, COPIES_AT_A_TIME):
                    last = min(first + COPIES_AT_A_TIME - 1, copies)
                    for kind in self.kinds:
                        cursor.execute(_insert(kind, self.step), [first, last])
                    self.say(f"{self.own * (last + 1):,} people")
                self.say("building the indexes")
        self.copies = copies
        if wanted <= CHECKED:
            connection.check_constraints()

    def counts(self) -> dict[str, int]:
        """What is there, and how many people applied to the largest ward."""
        wards = Municipality.objects.filter(kind=Municipality.Kind.WARD)
        return {
            "people": Client.objects.count(),
            "offices": Office.objects.count(),
            "wards": wards.count(),
            "people_of_a_grown_ward": Residence.objects.filter(municipality=_grown_ward()).count(),
            "interviews": Interview.objects.count(),
            "audit_lines": AuditEvent.objects.count(),
        }


def _grown_ward() -> Municipality:
    """The ward of the pages that are measured as those of a grown one."""
    return Membership.objects.get(user__email=f"{GROWN}.chuo@example.jp").municipality


def _kinds() -> Iterator[type[models.Model]]:
    """Every table that a city fills, but for histories and what `LEFT_OUT` names."""
    configs = [apps.get_app_config(name) for name in ("accounts", "clients", "plans", "billing")]
    for model in chain.from_iterable(config.get_models() for config in configs):
        if not model.__name__.startswith("Historical") and not _is_left_out(model):
            yield model
    yield Organisation.areas.through


def _is_left_out(model: type[models.Model]) -> bool:
    """Whether `LEFT_OUT` names it, or something that it cannot be without."""
    needed = (
        f.related_model for f in model._meta.concrete_fields if f.related_model and not f.null
    )
    return model._meta.label in LEFT_OUT or any(
        _is_left_out(each) for each in needed if each is not model
    )


def _step(kinds: list[type[models.Model]]) -> Step:
    highest = max(kind._default_manager.order_by("-pk")[:1][0].pk for kind in _filled(kinds))
    office = Membership.objects.filter(office__isnull=False)
    public = Membership.objects.filter(municipality__isnull=False)
    return Step(
        # Ten times the highest key: what is written between two growths keeps out of the next band.
        stride=10 ** (len(str(highest)) + 1),
        office_staff=_listed(office.values_list("pk", flat=True)),
        public_staff=_listed(public.values_list("pk", flat=True)),
        office_users=_listed(office.values_list("user_id", flat=True)),
        public_users=_listed(public.values_list("user_id", flat=True)),
    )


def _filled(kinds: list[type[models.Model]]) -> Iterator[type[models.Model]]:
    return (kind for kind in kinds if kind._default_manager.exists())


def _listed(keys: Any) -> str:
    return ", ".join(str(key) for key in keys)


# --- What is copied ---------------------------------------------------------------------------------


def _seeds(cursor: Any, kinds: list[type[models.Model]]) -> None:
    """The rows that every copy repeats, set aside: the tables themselves grow."""
    for kind in kinds:
        table = kind._meta.db_table
        cursor.execute(
            f"CREATE TEMPORARY TABLE {_seed(kind)} AS SELECT s.* FROM {table} s{_kept(kind)}"
        )


def _seed(kind: type[models.Model]) -> str:
    return f"seed_{kind._meta.db_table}"


def _kept(kind: type[models.Model]) -> str:
    """The latest rows, and of other tables those whose parent was kept."""
    table, label = kind._meta.db_table, kind._meta.label
    if label in LATEST:
        whose, count = LATEST[label]
        current = " AND replaces_id IS NULL" if label == "plans.Interview" else ""
        return (
            f" WHERE s.id IN (SELECT id FROM (SELECT id, row_number() OVER "
            f"(PARTITION BY {whose} ORDER BY id DESC) AS place FROM {table} "
            f"WHERE {whose} IS NOT NULL{current}) AS ranked WHERE place <= {count})"
        )
    for field in kind._meta.concrete_fields:
        if field.related_model and field.related_model._meta.label in LATEST:
            return f" WHERE s.{field.column} IN (SELECT id FROM {_seed(field.related_model)})"
    return ""


def _number(cursor: Any, first: int, last: int) -> None:
    """The copies and the city that each lives in; the original is number 0."""
    cursor.execute("DROP TABLE IF EXISTS copies")
    cursor.execute(
        "CREATE TEMPORARY TABLE copies AS WITH RECURSIVE k(n) AS "
        f"(SELECT {first} UNION ALL SELECT n + 1 FROM k WHERE n < {last}) "
        f"SELECT n, (n - 1) % {CITIES - 1} + 1 AS city FROM k"
    )


# --- One statement a table --------------------------------------------------------------------------


def _insert(kind: type[models.Model], step: Step) -> str:
    quote = connection.ops.quote_name
    fields = kind._meta.concrete_fields
    columns = ", ".join(quote(field.column) for field in fields)
    values = ", ".join(_value(kind, field, step) for field in fields)
    return (
        f"INSERT INTO {quote(kind._meta.db_table)} ({columns}) "
        f"SELECT {values} FROM copies c CROSS JOIN {_seed(kind)} s "
        f"WHERE c.n BETWEEN %s AND %s AND {_which(kind, step)} ORDER BY c.n, s.id"
    )


def _which(kind: type[models.Model], step: Step) -> str:
    """Offices and people come with every copy, what is a city's own with the first of each."""
    if kind is Membership or kind is User:
        office, public = _staff(kind, step)
        return f"(s.id IN ({office}) OR (s.id IN ({public}) AND c.n = c.city))"
    return "c.n = c.city" if _moves_with(kind) == CITY else "1 = 1"


def _moves_with(kind: type[models.Model]) -> str:
    is_citys = kind in (Municipality, Organisation, Organisation.areas.through)
    return CITY if is_citys else EVERY


def _staff(kind: type[models.Model], step: Step) -> tuple[str, str]:
    if kind is Membership:
        return step.office_staff, step.public_staff
    return step.office_users, step.public_users


def _value(kind: type[models.Model], field: Any, step: Step) -> str:
    special = _SPECIAL.get((kind, field.name))
    if special:
        return special
    column = f"s.{connection.ops.quote_name(field.column)}"
    if isinstance(field, models.UUIDField):
        return _uuid(column)
    target = kind if field.primary_key else field.related_model
    if target is None:
        return column
    if _is_left_out(target):
        return "NULL"
    return f"{column} + CAST({step.stride} AS bigint) * {_shift(target, column, step)}"


def _shift(target: type[models.Model], column: str, step: Step) -> str:
    if target not in (Membership, User):
        return _moves_with(target)
    office, public = _staff(target, step)
    return (
        f"(CASE WHEN {column} IN ({office}) THEN {EVERY} "
        f"WHEN {column} IN ({public}) THEN {CITY} ELSE {NONE} END)"
    )


def _uuid(column: str) -> str:
    """Another UUID, the same for the same row and copy: the number of the copy in its first digits."""
    if connection.vendor == "postgresql":
        return f"CAST(lpad(to_hex(c.n), 8, '0') || substr(CAST({column} AS text), 9) AS uuid)"
    return f"printf('%%08x', c.n) || substr({column}, 9)"


def _digits(kind: type[models.Model], first: int, which: str, each: int) -> str:
    """A number of its own for each row: `each` of them a copy (or city), by the row's place."""
    place = f"s.id - (SELECT MIN(id) FROM {_seed(kind)})"
    return f"CAST({first} + {which} * {each} + {place} AS text)"


# What must differ from copy to copy.
_SPECIAL: dict[tuple[type[models.Model], str], str] = {
    (Office, "number"): _digits(Office, 2_000_000_000, EVERY, 10),
    (Municipality, "code"): _digits(Municipality, 500_000, CITY, 20),
    (User, "email"): "CAST(c.n AS text) || '.' || s.email",
    (Employer, "address"): "s.address || CAST(c.n AS text)",
    (Organisation, "name"): "s.name || CAST(c.n AS text)",
    (RecipientNumber, "number"): _digits(RecipientNumber, 3_000_000_000, EVERY, 1000),
}
