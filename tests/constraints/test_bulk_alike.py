"""Rows that many owners have alike: what one by one would give, in few statements, and all or nothing."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from clients.models import Enrolment
from teikyaku import bulk_alike
from teikyaku.bulk import insert_rows
from teikyaku.bulk_alike import Block, insert_alike
from tests.constraints.app.models import Booking, Owner, Stay

APRIL = {"starts_on": date(2026, 4, 1), "ends_on": date(2026, 4, 30), "note": "四月, \\ \t"}
MAY = {"starts_on": date(2026, 5, 1), "ends_on": None, "note": ""}


@pytest.fixture
def owners(db):
    return insert_rows(Owner, [{"code": f"o{n}"} for n in range(3)])


def stays():
    return list(Stay.objects.order_by("pk").values_list("owner", "starts_on", "ends_on", "note"))


def stay(owner, row):
    return (owner, row["starts_on"], row["ends_on"], row["note"])


def test_each_owner_gets_the_rows_of_their_block(owners):
    first, second, third = owners
    insert_alike(Stay, "owner", [Block([third, first], [APRIL, MAY]), Block([second], [MAY])])
    expected = [stay(first, APRIL), stay(first, MAY), stay(second, MAY)]
    assert stays() == [*expected, stay(third, APRIL), stay(third, MAY)]


def test_rows_are_written_by_owner_and_as_they_come(owners):
    """As if each had been saved: a database joins in whichever order it likes."""
    first, second, third = owners
    insert_alike(Stay, "owner", [Block([third], [MAY]), Block([second, first], [MAY, APRIL])])
    assert [(owner, day) for owner, day, *_more in stays()] == [
        (first, MAY["starts_on"]), (first, APRIL["starts_on"]), (second, MAY["starts_on"]),
        (second, APRIL["starts_on"]), (third, MAY["starts_on"]),
    ]  # fmt: skip


def test_what_is_left_out_gets_its_default(owners):
    insert_alike(Booking, "owner", [Block(owners[:2], [{"room": "甲"}])])
    found = Booking.objects.order_by("owner").values_list("owner", "room", "state", "ends_on")
    assert list(found) == [(owner, "甲", "kept", None) for owner in owners[:2]]


def test_what_each_row_has_of_its_own_is_refused(owners, monkeypatch):
    """A default that is asked for each row would be one for all of them."""
    monkeypatch.setattr(Stay._meta.get_field("note"), "default", str)
    dated = {name: value for name, value in MAY.items() if name != "note"}
    with pytest.raises(TypeError, match="note"):
        insert_alike(Stay, "owner", [Block(owners, [dated])])
    assert not stays()


def test_nobody_gets_nothing(owners):
    insert_alike(Stay, "owner", [])
    insert_alike(Stay, "owner", [Block([], [MAY])])
    assert not stays()


@pytest.mark.parametrize(
    ("marks", "statements"),
    [
        pytest.param(1, 3, id="a_block_is_never_split"),
        pytest.param(10, 2, id="two_blocks_of_a_row"),
        pytest.param(15, 1, id="all_of_them"),
    ],
)
def test_many_blocks_go_in_pieces(
    owners, monkeypatch, django_assert_num_queries, marks, statements
):
    monkeypatch.setattr(bulk_alike, "MARKS", marks)
    with django_assert_num_queries(statements + 2):  # with those of the savepoint
        insert_alike(Stay, "owner", [Block([owner], [MAY]) for owner in owners])
    assert stays() == [stay(owner, MAY) for owner in owners]


def test_a_broken_constraint_leaves_nothing_of_any_piece(owners, monkeypatch):
    monkeypatch.setattr(bulk_alike, "MARKS", 1)
    first, second, _third = owners
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_alike(Stay, "owner", [Block([first], [MAY]), Block([second], [MAY, MAY])])
    assert not stays()


@pytest.mark.parametrize("second", [[MAY], [APRIL]])
@pytest.mark.parametrize("marks", [1, 15])
def test_an_owner_in_two_blocks_is_refused(owners, monkeypatch, second, marks):
    monkeypatch.setattr(bulk_alike, "MARKS", marks)
    with pytest.raises(ValueError, match="two blocks"):
        insert_alike(Stay, "owner", [Block(owners[:2], [APRIL]), Block(owners[1:], second)])
    with pytest.raises(ValueError, match="two blocks"):
        insert_alike(Stay, "owner", [Block([owners[0], owners[0]], [APRIL])])
    assert not stays()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="its columns have no length")
def test_a_text_too_long_for_its_column_is_refused_and_not_cut(owners):
    longest = Booking._meta.get_field("room").max_length
    insert_alike(Booking, "owner", [Block(owners[:1], [{"room": "甲" * longest}])])
    with pytest.raises(DataError), transaction.atomic():
        insert_alike(Booking, "owner", [Block(owners[1:], [{"room": "甲" * (longest + 1)}])])
    assert Booking.objects.count() == 1


@pytest.mark.parametrize("name", ["nothing", "id"])
def test_unknown_names_are_refused(owners, name):
    with pytest.raises(TypeError, match=name):
        insert_alike(Stay, "owner", [Block(owners, [{**MAY, name: 1}])])
    assert not stays()


def test_a_model_with_history_is_refused(db):
    with pytest.raises(TypeError, match="history"):
        insert_alike(Enrolment, "client", [])


def test_rows_that_come_later_get_later_keys(owners):
    insert_alike(Stay, "owner", [Block(owners, [APRIL])])
    (key,) = insert_rows(Stay, [{"owner": owners[0], **MAY}])
    assert key == max(Stay.objects.values_list("pk", flat=True))
