"""Questions that are put into SQL once: the same answers, for every key."""

from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Count, F, Q
from django.test.utils import CaptureQueriesContext

from clients.models import Client, Enrolment
from teikyaku.accounts.models import Membership, Office
from teikyaku.prepared import NOBODY, Keys, in_one_row, prepared

pytestmark = pytest.mark.django_db


@pytest.fixture
def built():
    """A question about memberships that says with what it was built, each time."""
    calls = []

    @prepared("office", "users")
    def question(office, users, on):
        calls.append((office, users))
        found = Membership.objects.filter(user__in=users).in_force(on)
        found = found if office is None else found.filter(office=office)
        return found.select_related("user").order_by("pk")

    question.calls = calls
    return question


def expected(cast, office, users):
    found = Membership.objects.filter(user__in=users).in_force(cast.today).order_by("pk")
    return list(found if office is None else found.filter(office=office))


def test_the_same_answer_for_every_key_and_built_once(cast, built):
    members = list(Membership.objects.all())
    for office in (cast.office.pk, cast.other_office.pk):
        for member in members[:4]:
            rows = built.rows(office=office, users=[member.user_id], on=cast.today)
            assert rows == expected(cast, office, [member.user_id])
    assert len(built.calls) == 1


def test_one_query_and_what_was_joined_is_at_hand(cast, built):
    users = [row.user_id for row in Membership.objects.filter(office=cast.office)]
    with CaptureQueriesContext(connection) as queries:
        rows = built.rows(office=cast.office.pk, users=users, on=cast.today)
        assert all(row.user.name for row in rows)
    assert rows
    assert len(queries) == 1


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 9])
def test_lists_of_any_length(cast, built, count):
    users = list(Membership.objects.values_list("user", flat=True))[:count]
    rows = built.rows(office=cast.office.pk, users=users, on=cast.today)
    assert rows == expected(cast, cast.office.pk, users)


def test_lists_of_nearly_one_length_share_their_sql(cast, built):
    users = list(Membership.objects.values_list("user", flat=True))
    for count in (5, 6, 9):
        built.rows(office=cast.office.pk, users=users[:count], on=cast.today)
    assert len(built.calls) == 1


def test_none_reaches_the_builder_and_is_a_question_of_its_own(cast, built):
    users = list(Membership.objects.values_list("user", flat=True))
    for office in (None, cast.office.pk, None):
        assert built.rows(office=office, users=users, on=cast.today) == expected(
            cast, office, users
        )
    assert [office is None for office, _users in built.calls] == [True, False]


def test_by_public_id(cast):
    @prepared("client")
    def question(client):
        return Client.objects.filter(public_id=client)

    person = cast.enrolment.client
    assert question.rows(client=person.public_id) == [person]
    assert question.rows(client=uuid4()) == []


def test_two_readers_at_once_do_not_mix(cast, built):
    users = list(Membership.objects.values_list("user", flat=True))
    keys = {"users": users, "on": cast.today}
    kept = built.rows(office=cast.office.pk, **keys)
    others = built.rows(office=cast.other_office.pk, **keys)
    assert {row.office_id for row in kept} == {cast.office.pk}
    assert {row.office_id for row in others} == {cast.other_office.pk}


def test_a_condition_that_cannot_meet(cast):
    @prepared("office")
    def question(office):
        return Office.objects.filter(pk=office, number__in=[])

    assert question.rows(office=cast.office.pk) == []


def test_a_key_that_is_left_out_is_an_error(cast):
    @prepared("office")
    def forgets(office):
        return Office.objects.all()

    with pytest.raises(RuntimeError, match="office"):
        forgets.rows(office=cast.office.pk)

    @prepared("office", spare=("office",))
    def may_forget(office):
        return Office.objects.all()

    assert may_forget.rows(office=cast.office.pk)


def test_a_builder_that_reads_the_database_is_an_error(cast):
    @prepared("office")
    def reads(office):
        return Office.objects.filter(pk=office, name=Office.objects.first().name)

    with pytest.raises(RuntimeError, match="read the database"):
        reads.rows(office=cast.office.pk)


def test_counts_in_one_row_as_aggregate_counts(cast):
    late = Q(interview_due_on__lt=cast.today)
    for people in (Enrolment.objects.all(), Enrolment.objects.filter(pk=-1)):
        counts = {"all": Count("pk"), "late": Count("pk", filter=late)}
        assert in_one_row(people, **counts)[0] == tuple(people.aggregate(**counts).values())


def test_tuples_hold_what_values_list_gives(cast):
    """Days, flags, public ids, what is in JSON, what is not there."""
    columns = (
        "pk",
        "user__public_id",
        "roles",
        "starts_on",
        "ends_on",
        "user__is_active",
        "office",
    )

    @prepared("users")
    def question(users):
        return Membership.objects.filter(user__in=users).order_by("pk").values_list(*columns)

    users = list(Membership.objects.values_list("user", flat=True))
    expected = list(Membership.objects.order_by("pk").values_list(*columns))
    with CaptureQueriesContext(connection) as queries:
        assert question.tuples(users=users) == expected
    assert len(queries) == 1
    assert question.tuples(users=[]) == []
    assert question.rows(users=users) == expected


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 9])
def test_a_long_list_goes_as_one_value(cast, built, monkeypatch, count):
    """From so many keys on; whatever stands around it, and however often it is asked for."""
    monkeypatch.setattr("teikyaku.prepared.MANY", 4)
    members = list(Membership.objects.all())[:count]
    users = [row.user_id for row in members]
    with CaptureQueriesContext(connection) as queries:
        for office in (cast.office.pk, cast.other_office.pk):
            rows = built.rows(office=office, users=users, on=cast.today)
            assert rows == expected(cast, office, users)
    mark = "= ANY(" if connection.vendor == "postgresql" else "json_each("
    assert all((mark in query["sql"]) is (count > 1) for query in list(queries)[::2])


@pytest.mark.parametrize("count", [0, 1, 3, 5, 9])
def test_keys_that_are_in_order_already_answer_as_a_list(cast, built, monkeypatch, count):
    """Whichever question comes first: of one value, or of as many marks as there are keys."""
    users = list(Membership.objects.values_list("user", flat=True))[:count]
    keys = Keys(users)
    assert Keys.of(keys) is keys
    assert (list(keys), len(keys), NOBODY in keys) == (users, count, False)
    for many in (4, 64):
        monkeypatch.setattr("teikyaku.prepared.MANY", many)
        rows = built.rows(office=None, users=keys, on=cast.today)
        assert rows == expected(cast, None, users)
        built._kept.cache_clear()


def test_long_lists_leave_out_and_stand_twice(cast, monkeypatch):
    monkeypatch.setattr("teikyaku.prepared.MANY", 4)

    @prepared("offices", "users")
    def question(offices, users):
        here = Membership.objects.filter(office__in=offices).values("user")
        rows = Membership.objects.filter(office__in=offices, user__in=here)
        return rows.exclude(user__in=users).order_by("pk").values_list("pk")

    rows = list(Membership.objects.filter(office__isnull=False).order_by("pk"))
    offices, gone = {row.office_id for row in rows}, [row.user_id for row in rows[:3]]
    offices |= {-2, -3, -4}
    found = question.tuples(offices=offices, users=gone)
    assert found == [(row.pk,) for row in rows if row.user_id not in gone]


@pytest.fixture
def same_roles(cast):
    """Two memberships that hold the same in JSON."""
    members = list(Membership.objects.order_by("pk")[:2])
    for row in members:
        row.roles = ["worker"]
        row.save()
    return [row.pk for row in members]


@pytest.mark.parametrize("columns", [(), ("roles", "pk")], ids=["instances", "tuples"])
def test_what_one_reader_changes_in_json_is_not_the_next_rows(same_roles, columns):
    @prepared("own")
    def question(own):
        found = Membership.objects.filter(pk__in=own).order_by("pk")
        return found.values_list(*columns) if columns else found

    first, second = [row[0] if columns else row.roles for row in question.rows(own=same_roles)]
    first.append("changed")
    assert second == ["worker"]


def test_single_values_and_what_is_only_sorted_by(cast):
    @prepared("users")
    def flat(users):
        found = Membership.objects.filter(user__in=users).order_by("starts_on", "pk")
        return found.values_list("user__public_id", flat=True).distinct()

    @prepared("users")
    def listed(users):
        found = Membership.objects.filter(user__in=users).order_by("starts_on", "pk")
        return found.values_list("starts_on", "user").distinct()

    users = list(Membership.objects.values_list("user", flat=True))
    assert flat.rows(users=users) == list(flat.build(users))
    assert listed.rows(users=users) == list(listed.build(users))


def test_instances_with_what_was_joined_annotated_and_left_out(cast):
    @prepared("users")
    def question(users):
        found = Membership.objects.filter(user__in=users).select_related("user", "office")
        found = found.annotate(held=Count("user__memberships"), office_name=F("office__name"))
        return found.defer("ends_on", "user__name").order_by("pk")

    users = list(Membership.objects.values_list("user", flat=True))
    for row, usual in zip(question.rows(users=users), question.build(users), strict=True):
        kept, usual_kept = ({**vars(each), "_state": None} for each in (row, usual))
        assert kept == usual_kept
        assert row.get_deferred_fields() == {"ends_on"}
        assert row.user.get_deferred_fields() == {"name"}
        assert row._state.fields_cache.keys() == usual._state.fields_cache.keys()
        assert (row.ends_on, row.user.name) == (usual.ends_on, usual.user.name)
