"""Two people write at the same moment: the database takes one, the other reads why not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import count
from threading import Barrier
from typing import Any

import pytest
from django import forms
from django.db import OperationalError, connection, transaction

from teikyaku.constraints import violations_as_form_errors
from tests.constraints.app.models import Booking, Owner, Rate, Ruling, Stay

DAY = date(2026, 4, 1)
SECONDS = 30
ROUNDS = 10
positions = count()


class RowForm(forms.Form):
    """Has the field of each constraint that is provoked here."""

    starts_on = forms.CharField()
    first_month = forms.CharField()
    number = forms.CharField()


@pytest.fixture
def owner(transactional_db) -> Owner:
    return Owner.objects.create(code="shared")


def stay(owner):
    return Stay(owner=owner, starts_on=DAY)


def booking(owner):
    return Booking(owner=owner, room="a", starts_on=DAY)


def rate(owner):
    return Rate(owner=owner, first_month=DAY)


def ruling(owner):
    return Ruling(owner=owner, number="1", label=None, position=next(positions))


def moved(owner):
    """A stored row of somebody else, to be given to `owner`."""
    giver = Owner.objects.create(code=f"giver {Owner.objects.count()}")
    row = Stay.objects.create(owner=giver, starts_on=DAY)
    row.owner = owner
    return row


KINDS = [
    pytest.param(stay, "starts_on", id="NoOverlap"),
    pytest.param(booking, "starts_on", id="NoOverlap, text, condition"),
    pytest.param(rate, "first_month", id="NoOverlap, months"),
    pytest.param(moved, "starts_on", id="NoOverlap, update"),
    pytest.param(ruling, "number", id="unique"),
]


def both(*submits: Callable[[], Any]) -> list[Any]:
    """Run each in a thread of its own, with a connection of its own."""

    def run(submit: Callable[[], Any]) -> Any:
        try:
            return submit()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(submits)) as pool:
        return [each.result(SECONDS) for each in [pool.submit(run, each) for each in submits]]


def filled() -> RowForm:
    return RowForm(dict.fromkeys(RowForm.base_fields, "typed"))


def assert_one_won(submitted, field) -> None:
    winner, loser = sorted(submitted, key=lambda form: len(form.errors))
    assert winner.is_valid()
    assert set(loser.errors) == {field}


@pytest.mark.parametrize(
    "save_in", [transaction.atomic, lambda save: save], ids=["atomic", "plain"]
)
@pytest.mark.parametrize(("make", "field"), KINDS)
def test_both_have_validated_and_one_wins(owner, make, field, save_in):
    """Only the database can tell: neither row was there when the other was validated."""
    at_once = Barrier(2, timeout=SECONDS)
    rows = [make(owner), make(owner)]

    def submit(row) -> RowForm:
        form = filled()
        row.full_clean()
        at_once.wait()
        with violations_as_form_errors(form):
            save_in(row.save)()
        return form

    assert_one_won(both(*(lambda row=row: submit(row) for row in rows)), field)
    assert type(rows[0]).objects.filter(owner=owner).count() == 1


@pytest.mark.parametrize(("make", "field"), KINDS)
def test_actions_that_validate_and_write_in_one_transaction(owner, make, field):
    """On PostgreSQL both validate before either writes; SQLite lets them in one by one."""
    validated = Barrier(2 if connection.vendor == "postgresql" else 1, timeout=SECONDS)
    rows = [make(owner), make(owner)]

    @transaction.atomic
    def action(row) -> None:
        row.full_clean()
        validated.wait()
        row.save()

    def submit(row) -> RowForm:
        form = filled()
        with violations_as_form_errors(form):
            action(row)
        return form

    assert_one_won(both(*(lambda row=row: submit(row) for row in rows)), field)
    assert type(rows[0]).objects.filter(owner=owner).count() == 1


def test_again_and_again(owner):
    """The moment that two writers of PostgreSQL can wait for each other is short: many tries."""
    for number in range(ROUNDS):
        shared = Owner.objects.create(code=f"round {number}")
        at_once = Barrier(2, timeout=SECONDS)

        def submit(shared=shared, at_once=at_once) -> RowForm:
            form = filled()
            connection.ensure_connection()
            at_once.wait()
            with violations_as_form_errors(form):
                stay(shared).save()
            return form

        assert_one_won(both(submit, submit), "starts_on")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_writers_that_wait_for_each_other(owner):
    """PostgreSQL ends one of them as a deadlock: he too reads what overlaps."""
    second = Owner.objects.create(code="second")
    at_once = Barrier(2, timeout=SECONDS)

    def submit(first, then) -> RowForm:
        form = filled()
        with violations_as_form_errors(form), transaction.atomic():
            stay(first).save()
            at_once.wait()
            stay(then).save()
        return form

    assert_one_won(both(lambda: submit(owner, second), lambda: submit(second, owner)), "starts_on")
    assert Stay.objects.count() == 2


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_other_deadlocks_stay_errors(owner):
    second = Owner.objects.create(code="second")
    at_once = Barrier(2, timeout=SECONDS)

    def submit(first, then) -> str:
        try:
            with violations_as_form_errors(filled()), transaction.atomic():
                Owner.objects.select_for_update().get(pk=first.pk)
                at_once.wait()
                Owner.objects.select_for_update().get(pk=then.pk)
        except OperationalError:
            return "error"
        return "done"

    ended = both(lambda: submit(owner, second), lambda: submit(second, owner))
    assert sorted(ended) == ["done", "error"]
