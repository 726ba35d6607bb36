"""The crowd of `make bench`: every copy is whole, and the tables are what they were."""

import re

import pytest
from django.db import IntegrityError, connection, models, transaction

from benchmarks import crowd
from benchmarks.crowd import Crowd
from clients.models import Client, Enrolment, RecipientNumber
from plans.models import Interview
from teikyaku.accounts.models import Membership, Office, User
from teikyaku.ids import new_public_id

pytestmark = pytest.mark.django_db(transaction=True)


def structure():
    """Indexes, triggers and constraints as the database tells them."""
    if connection.vendor == "sqlite":
        sql = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    else:
        sql = (
            "SELECT 'i', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL "
            "SELECT 'c', conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE connamespace = 'public'::regnamespace"
        )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found = [row for row in cursor.fetchall() if "copies" not in row[1]]
    return sorted((kind, name, _plain(words)) for kind, name, words in found)


def _plain(words):
    """A definition without casts and brackets: PostgreSQL sets them anew where it reads its own words."""
    if connection.vendor == "sqlite":
        return words
    return re.sub(r"::(character varying|text)(\[\])?|[()\s]", "", words)


@pytest.mark.timeout(200)
def test_a_crowd_is_whole_and_leaves_the_tables_as_they_were(cast):
    before, people = structure(), Client.objects.count()
    meetings, offices = Interview.objects.count(), Office.objects.count()
    crowd = Crowd(lambda text: None)
    crowd.grow(people * 2)
    crowd.grow(people * 4)
    connection.check_constraints()
    assert Client.objects.count() == people * 4
    assert Office.objects.count() == offices * 4
    assert Interview.objects.count() == meetings * 4
    assert structure() == before
    # Each copy hangs together: own staff, own people, and nobody's number is another's.
    copied = Enrolment.objects.exclude(pk=cast.enrolment.pk).exclude(pk=cast.foreign.pk)
    assert all(
        row.recorded_by.office_id == row.office_id
        for row in copied.filter(recorded_by__office__isnull=False).select_related("recorded_by")
    )
    numbers = RecipientNumber.objects.values_list("municipality", "number")
    assert len(set(numbers)) == len(numbers)
    assert User.objects.filter(email="1.worker@cast.example.jp").exists()


@pytest.mark.timeout(200)
def test_what_the_database_refuses_it_refuses_again(cast):
    Crowd(lambda text: None).grow(Client.objects.count() * 2)
    twice = Membership.objects.get(pk=cast.members["worker"].pk)
    twice.pk = None
    twice.public_id = new_public_id()
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.bulk_create([twice])


def test_what_is_unique_by_itself_differs_from_copy_to_copy():
    """A text that the whole database has once is made anew for each copy, or its table stays out."""
    unique = {
        (kind._meta.label, field.name)
        for kind in crowd._kinds()
        for field in kind._meta.concrete_fields
        if field.unique and not field.primary_key and isinstance(field, models.CharField)
    }
    made = {(kind._meta.label, name) for kind, name in crowd._SPECIAL}
    assert unique
    assert unique <= made
