"""What the tests stand on: a database that is emptied, rows that go back, tables that are made quickly."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.db.migrations.state import ModelState

from clients.models import Enrolment
from teikyaku.accounts.models import AuditEvent, Office
from teikyaku.clock import today
from tests.cast import cast_of, make_office
from tests.emptied import LEFT, empty_again, held, owns_the_server, whole_already
from tests.migrating import copied


@pytest.mark.django_db(transaction=True)
def test_what_was_committed_is_gone_and_what_the_migrations_wrote_stays():
    cast_of(today())
    before = Permission.objects.count()
    assert len(held()) > 40
    empty_again()
    assert held() == []
    assert not Office.objects.exists()
    assert not AuditEvent.objects.exists()
    assert Permission.objects.count() == before > 0
    assert {"accounts_office", "django_session"}.isdisjoint(LEFT)


@pytest.mark.django_db(transaction=True)
def test_the_test_after_one_that_committed_finds_nothing():
    assert held() == []
    make_office("1500000009", "あとの事業所")


@pytest.mark.django_db(transaction=True)
def test_and_so_does_the_next():
    assert held() == []


def test_a_row_that_refers_to_nothing_is_found_after_the_cast_went_back(db):
    for _twice in range(2):
        with transaction.atomic():
            cast = cast_of(today())
            transaction.set_rollback(True)
    cast = cast_of(today())
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(office_id=999_999)
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.check_constraints()
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(office=cast.office)


def test_only_inside_the_block_nothing_is_asked(db):
    if connection.vendor != "postgresql" or not owns_the_server():
        pytest.skip("only a server of one's own lets go of what refers to what")
    with whole_already():
        assert role() == "replica"
    assert role() == "origin"


def role():
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        return cursor.fetchone()[0]


def test_a_copied_field_is_the_field():
    fields = [
        field
        for model in apps.get_models(include_auto_created=True)
        for field in ModelState.from_model(model).fields.values()
    ]
    assert len(fields) > 2_000
    for field in fields:
        built, copy = field.clone(), copied(field)
        assert copy.deconstruct()[1:] == built.deconstruct()[1:]
        assert type(copy) is type(built)
        assert not hasattr(copy, "model")
        # The columns of a table stand in the order in which its fields were made.
        assert (copy.creation_counter < 0) == field.auto_created


def test_copies_stand_in_the_order_in_which_they_were_made():
    first, second = (
        copied(ModelState.from_model(Office).fields[name]) for name in ("name", "number")
    )
    assert first.creation_counter < second.creation_counter
    assert first < second
