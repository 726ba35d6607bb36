"""What must not overlap: the rows themselves, and whether the database still refuses it.

The database holds it from the first day. A copy made by hand, a restore of something else or a
table altered by hand may have lost the guard, and nobody would notice before money is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from teikyaku.constraints import NoOverlap
from teikyaku.constraints.overlap_sql import trigger_names
from teikyaku.desk.inconsistencies.found import Found

OURS = ("accounts", "clients", "plans", "billing")
# How many rows of one constraint are told: where the guard is gone there may be thousands.
MOST = 50


def guarded() -> Iterator[tuple[Any, NoOverlap]]:
    """Every model of ours with each of its constraints of this kind."""
    for app in OURS:
        for model in apps.get_app_config(app).get_models():
            for each in model._meta.constraints:
                if isinstance(each, NoOverlap):
                    yield model, each


def overlaps(at: datetime) -> Iterator[Found]:
    """Rows that share a day with an earlier one of the same owner, by constraint (a query each)."""
    for model, constraint in guarded():
        for row in overlapping(model, constraint)[:MOST]:
            name = getattr(row, "public_id", row.pk)
            yield Found(f"{constraint.name}:{name}", _office_of(row), str(model._meta.verbose_name))


def overlapping(model: Any, constraint: NoOverlap) -> QuerySet[Any]:
    """The later rows of the pairs that break a constraint."""
    starts, ends = constraint.starts, constraint.ends
    counts = Q(**{f"{name}__isnull": False for name in (*constraint.fields, starts)})
    if constraint.condition is not None:
        counts &= constraint.condition
    rows = model._base_manager.filter(counts)
    last = Coalesce(F(ends), date.max)
    before = rows.annotate(last_day=last).filter(
        **{name: OuterRef(name) for name in constraint.fields},
        **{f"{starts}__lte": OuterRef("last_day"), "last_day__gte": OuterRef(starts)},
        pk__lt=OuterRef("pk"),
    )
    return rows.annotate(last_day=last).filter(Exists(before)).order_by("pk")


def missing_guards(at: datetime) -> Iterator[Found]:
    """Constraints of this kind that the database does not hold (one query)."""
    held = _names_in_database()
    for _model, constraint in guarded():
        is_sqlite = connection.vendor == "sqlite"
        names = trigger_names(constraint) if is_sqlite else [constraint.name]
        if not held.issuperset(names):
            yield Found(constraint.name, detail=str(constraint.name))


def _names_in_database() -> set[str]:
    sql = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT conname FROM pg_constraint WHERE contype = 'x'"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {row[0] for row in cursor.fetchall()}


def _office_of(row: Any) -> int | None:
    """Whose row it is, where the row or its enrolment says so."""
    if hasattr(row, "office_id"):
        return row.office_id  # type: ignore[no-any-return]
    enrolment = getattr(row, "enrolment", None)
    return enrolment.office_id if enrolment is not None else None
