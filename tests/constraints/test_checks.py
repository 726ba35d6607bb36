"""DateOrder, FirstOfMonth, LastOfMarch, Together: the same answer from Python and from the database."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from teikyaku.constraints import LastOfMarch
from tests.constraints.app.models import Rate, Ruling, Stay

DAY = date(2026, 4, 2)


def answers(row) -> tuple[dict[str, list[str]], bool]:
    """What full_clean says by field, and whether the database takes the row."""
    messages = {}
    try:
        row.full_clean()
    except ValidationError as error:
        messages = error.message_dict
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return messages, False
    return messages, True


@pytest.mark.parametrize(
    ("starts", "ends", "passes"),
    [
        (DAY, DAY, True),
        (DAY, date(2026, 4, 3), True),
        (DAY, None, True),
        (DAY, date(2026, 4, 1), False),
    ],
    ids=["same day", "day after", "open", "day before"],
)
def test_date_order(owner, starts, ends, passes):
    messages, is_stored = answers(Stay(owner=owner, starts_on=starts, ends_on=ends))
    assert is_stored is passes
    assert messages == ({} if passes else {"ends_on": ["終了日は開始日以後です。"]})


@pytest.mark.parametrize(
    ("month", "passes"),
    [
        (date(2026, 4, 1), True),
        (date(2026, 4, 2), False),
        (date(2026, 4, 30), False),
        (date(2026, 4, 11), False),
        (date(2024, 2, 29), False),
    ],
)
def test_first_of_month(owner, month, passes):
    messages, is_stored = answers(Rate(owner=owner, first_month=month))
    assert is_stored is passes
    assert messages == ({} if passes else {"first_month": ["月の初日で保存します。"]})


@pytest.mark.parametrize(
    ("has_day", "has_author", "passes"),
    [(True, True, True), (False, False, True), (True, False, False), (False, True, False)],
)
def test_together(owner, has_day, has_author, passes):
    row = Ruling(
        owner=owner,
        number="1",
        label="first",
        decided_on=DAY if has_day else None,
        decided_by=owner if has_author else None,
    )
    messages, is_stored = answers(row)
    assert is_stored is passes
    assert messages == ({} if passes else {"decided_on": ["決定には日付と決定者が必要です。"]})


def test_checks_ask_without_a_query(owner, django_assert_num_queries):
    with django_assert_num_queries(0):
        Stay._meta.constraints[0].validate(Stay, Stay(starts_on=DAY, ends_on=DAY))
        Rate._meta.constraints[0].validate(Rate, Rate(first_month=date(2026, 4, 1)))


def test_excluded_field_or_expression_is_left_to_the_database(owner):
    order = Stay._meta.constraints[0]
    reversed_stay = Stay(owner=owner, starts_on=DAY, ends_on=date(2026, 4, 1))
    order.validate(Stay, reversed_stay, exclude={"starts_on"})
    order.validate(Stay, Stay(owner=owner, starts_on=DAY, ends_on=F("starts_on")))
    with pytest.raises(ValidationError):
        order.validate(Stay, reversed_stay, exclude={"note"})


def test_update_is_refused_too(owner):
    Rate.objects.create(owner=owner, first_month=date(2026, 4, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Rate.objects.update(first_month=DAY)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="what the sqlite3 shell can read")
def test_sqlite_needs_no_function_of_python(owner):
    with connection.cursor() as cursor:
        # A copy (`VACUUM INTO`), a check of its pages or a dump is made without Python.
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE sql LIKE '%% CHECK %%'")
        found = cursor.fetchall()
    assert len(found) > 50
    assert [name for name, sql in found if re.search(r"\bdjango_\w+\(", sql)] == []


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2026, 3, 30), False), (date(2026, 3, 31), True), (date(2026, 4, 1), False),
        (date(2026, 12, 31), False), (None, True),
    ],
)  # fmt: skip
def test_the_last_of_march(day, holds):
    assert LastOfMarch(field="day", name="m").holds(day) is holds
