"""The database refuses an overlap by every way in, on both backends."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from tests.constraints.app.models import Booking, Rate, Stay

APRIL_1, APRIL_30 = date(2026, 4, 1), date(2026, 4, 30)


def by_create(owner, starts, ends):
    Stay.objects.create(owner=owner, starts_on=starts, ends_on=ends)


def by_bulk_create(owner, starts, ends):
    Stay.objects.bulk_create([Stay(owner=owner, starts_on=starts, ends_on=ends)])


def by_sql(owner, starts, ends):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO constraint_tests_stay (owner_id, starts_on, ends_on, note)"
            " VALUES (%s, %s, %s, '')",
            [owner.pk, starts, ends],
        )


def by_save(owner, starts, ends):
    stay = Stay.objects.create(owner=owner, starts_on=date(2000, 1, 1), ends_on=date(2000, 1, 1))
    stay.starts_on, stay.ends_on = starts, ends
    stay.save()


def by_update(owner, starts, ends):
    stay = Stay.objects.create(owner=owner, starts_on=date(2000, 1, 1), ends_on=date(2000, 1, 1))
    Stay.objects.filter(pk=stay.pk).update(starts_on=starts, ends_on=ends)


def by_bulk_update(owner, starts, ends):
    stay = Stay.objects.create(owner=owner, starts_on=date(2000, 1, 1), ends_on=date(2000, 1, 1))
    stay.starts_on, stay.ends_on = starts, ends
    Stay.objects.bulk_update([stay], ["starts_on", "ends_on"])


def by_another_owner(owner, starts, ends):
    stay = Stay.objects.create(
        owner=type(owner).objects.create(code="giver"), starts_on=starts, ends_on=ends
    )
    stay.owner = owner
    stay.save()


WAYS = [
    by_create, by_bulk_create, by_sql, by_save, by_update, by_bulk_update, by_another_owner,
]  # fmt: skip

OVERLAPS = [
    pytest.param(APRIL_1, APRIL_30, id="the same days"),
    pytest.param(APRIL_30, date(2026, 5, 31), id="starts on the last day"),
    pytest.param(date(2026, 3, 1), APRIL_1, id="ends on the first day"),
    pytest.param(date(2026, 4, 10), date(2026, 4, 10), id="one day within"),
    pytest.param(date(2026, 3, 1), date(2026, 5, 31), id="around it"),
    pytest.param(APRIL_30, None, id="open from the last day"),
    pytest.param(date(2020, 1, 1), None, id="open from long before"),
]
NEIGHBOURS = [
    pytest.param(date(2026, 5, 1), date(2026, 5, 31), id="starts the day after"),
    pytest.param(date(2026, 5, 1), None, id="open from the day after"),
    pytest.param(date(2026, 3, 1), date(2026, 3, 31), id="ends the day before"),
    pytest.param(date(2026, 3, 31), date(2026, 3, 31), id="only the day before"),
]


@pytest.fixture
def april(owner) -> Stay:
    return Stay.objects.create(owner=owner, starts_on=APRIL_1, ends_on=APRIL_30)


def refused(write, *args) -> bool:
    """Whether NoOverlap, and nothing else, refused the write."""
    try:
        with transaction.atomic():
            write(*args)
    except IntegrityError as error:
        return "no_overlap" in str(error)
    return False


@pytest.mark.parametrize("write", WAYS)
@pytest.mark.parametrize(("starts", "ends"), OVERLAPS)
def test_overlap_is_refused(april, owner, write, starts, ends):
    assert refused(write, owner, starts, ends)
    assert Stay.objects.filter(owner=owner).count() == 1


@pytest.mark.parametrize("write", WAYS)
@pytest.mark.parametrize(("starts", "ends"), NEIGHBOURS)
def test_neighbour_is_taken(april, owner, write, starts, ends):
    assert not refused(write, owner, starts, ends)


@pytest.mark.parametrize("write", WAYS)
@pytest.mark.parametrize(("starts", "ends"), OVERLAPS)
def test_another_owner_is_free(april, other, write, starts, ends):
    assert not refused(write, other, starts, ends)


def test_two_open_ends_overlap(owner):
    by_create(owner, APRIL_1, None)
    assert refused(by_create, owner, date(2030, 1, 1), None)
    assert refused(by_create, owner, date(2020, 1, 1), None)
    assert not refused(by_create, owner, date(2026, 3, 1), date(2026, 3, 31))


def test_row_does_not_meet_itself(april):
    april.ends_on = date(2026, 5, 31)
    april.save()
    Stay.objects.filter(pk=april.pk).update(starts_on=date(2026, 4, 2))
    april.refresh_from_db()
    assert (april.starts_on, april.ends_on) == (date(2026, 4, 2), date(2026, 5, 31))


def test_row_may_change_its_key(april):
    Stay.objects.filter(pk=april.pk).update(id=april.pk + 1000)
    assert Stay.objects.get().pk == april.pk + 1000


def test_upsert_of_the_same_row_is_no_overlap(april, owner):
    april.note = "again"
    Stay.objects.bulk_create(
        [april], update_conflicts=True, unique_fields=["id"], update_fields=["note"]
    )
    assert Stay.objects.get().note == "again"


def test_rows_of_one_statement_are_held_against_each_other(owner):
    rows = [Stay(owner=owner, starts_on=APRIL_1), Stay(owner=owner, starts_on=APRIL_30)]
    assert refused(Stay.objects.bulk_create, rows)
    assert not Stay.objects.exists()


def test_one_refused_row_undoes_the_whole_update(april, owner, other):
    Stay.objects.create(owner=other, starts_on=APRIL_1, ends_on=APRIL_30)
    assert refused(lambda: Stay.objects.update(owner=other))
    assert Stay.objects.filter(owner=owner).count() == 1


def test_update_of_other_columns_is_free(april):
    Stay.objects.update(note=F("note"))


# --- Condition, empty keys, empty start -----------------------------------------------------------


def book(owner, state="kept", room="a", starts=APRIL_1, ends=APRIL_30):
    return Booking.objects.create(
        owner=owner, room=room, state=state, starts_on=starts, ends_on=ends
    )


@pytest.mark.parametrize(
    ("first", "second", "conflict"),
    [
        ("kept", "kept", True),
        ("kept", "cancelled", False),
        ("cancelled", "kept", False),
        ("cancelled", "cancelled", False),
        ("kept", "unknown", False),
        ("kept", 'it\'s "owner_id"', True),
    ],
)
def test_condition_speaks_of_both_rows(owner, first, second, conflict):
    book(owner, first)
    assert refused(book, owner, second) is conflict


def test_row_that_comes_under_the_condition_is_refused(owner):
    book(owner)
    cancelled = book(owner, "cancelled")
    assert refused(lambda: Booking.objects.filter(pk=cancelled.pk).update(state="kept"))


def test_every_key_counts(owner, other):
    book(owner, room="a")
    assert refused(book, owner)
    book(owner, room="b")
    book(other, room="a")


def test_row_with_an_empty_key_conflicts_with_none(owner):
    for _ in range(2):
        book(None, room="a")
        book(owner, room=None)
        book(None, room=None)
    assert Booking.objects.count() == 6


def test_row_without_a_start_conflicts_with_none(owner):
    book(owner)
    book(owner, starts=None, ends=None)
    book(owner, starts=None, ends=APRIL_30)
    book(owner, starts=date(2026, 5, 1), ends=None)
    assert Booking.objects.count() == 4


@pytest.mark.parametrize("room", ["A", "a ", "ａ", "髙", "𠮷"])
def test_texts_are_equal_only_where_they_are_the_same(owner, room):
    book(owner, room="a")
    book(owner, room=room)
    assert refused(book, owner, "kept", room)


# --- Months ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "conflict"),
    [
        (date(2026, 6, 1), date(2026, 8, 1), True),
        (date(2026, 7, 1), None, False),
        (date(2026, 1, 1), date(2026, 4, 1), True),
        (date(2026, 1, 1), date(2026, 3, 1), False),
    ],
    ids=["last month again", "month after", "first month again", "month before"],
)
def test_months_are_inclusive(owner, first, last, conflict):
    Rate.objects.create(owner=owner, first_month=date(2026, 4, 1), last_month=date(2026, 6, 1))

    def write():
        Rate.objects.create(owner=owner, first_month=first, last_month=last)

    assert refused(write) is conflict
