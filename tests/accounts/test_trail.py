"""The trail of a long run: written together, it tells what it tells line by line, and of nothing else."""

from contextlib import nullcontext
from datetime import date

import pytest
from django.db import transaction

from clients.actions.client import register_person
from clients.models import Client, ClientName
from teikyaku.accounts.actions.trail import at_once, gathered
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon

BIRTH = date(1990, 4, 1)
pytestmark = pytest.mark.django_db


class Refused(Exception):
    """Somebody was refused on the way."""


@pytest.fixture
def register(cast):
    at = at_noon(cast.today)

    def run(name):
        return register_person(
            name=name, kana="ヤマダ", birth_date=BIRTH, by=cast.members["manager"], at=at
        )

    return run


def told():
    """Audit and histories, but for what each row has of its own."""
    own = {"id", "history_id", "public_id", "subject_id", "person_id", "client_id", "at"}
    own |= {"history_relation_id", "name", "search_text"}
    models = (AuditEvent, Client.history.model, ClientName.history.model)
    return [
        [{key: value for key, value in row.items() if key not in own} for row in rows]
        for rows in (model.objects.order_by("pk").values() for model in models)
    ]


def added(before):
    return [rows[len(known) :] for rows, known in zip(told(), before, strict=True)]


def test_together_it_tells_the_same_as_line_by_line(register):
    before = told()
    register("一郎")
    alone = added(before)
    assert [len(rows) for rows in alone] == [2, 1, 1]
    before = told()
    with transaction.atomic(), gathered():
        client = register("二郎")
    assert added(before) == alone
    assert client.history.get().instance.birth_date == BIRTH


def test_a_step_that_is_undone_leaves_none_and_takes_none_away(register):
    before = told()

    def refused(trail, more):
        with transaction.atomic(), trail.step(), more():
            register("二郎")
            # Who asks for the trail finds it whole: what waits is written now, and undone with the step.
            assert Client.history.count() == len(before[1]) + 2
            raise Refused

    with transaction.atomic(), gathered() as trail:
        with transaction.atomic(), trail.step():
            register("一郎")
        for more in (nullcontext, at_once):
            with pytest.raises(Refused):
                refused(trail, more)
    assert [len(rows) for rows in added(before)] == [2, 1, 1]
    assert ClientName.history.filter(name="一郎").count() == 1


def test_nothing_is_written_of_a_run_that_broke_down(register):
    before = told()

    @transaction.atomic
    def broken():
        with gathered():
            register("一郎")
            raise Refused

    with pytest.raises(Refused):
        broken()
    assert told() == before
