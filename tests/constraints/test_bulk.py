"""Many rows at once: the same rows as one by one, and the same refusals."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from clients.models import Enrolment
from teikyaku import bulk
from teikyaku.bulk import insert_all, insert_rows
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.constraints.violations import ConstraintViolation
from tests.constraints.app.models import Owner, Sealed, SealedLine, Stay

FACTS = {
    "kind": Sealed.Kind.SPECIAL,
    "amount": Decimal("11.200"),
    "sealed_on": date(2026, 4, 1),
    "sealed_at": datetime(2026, 4, 1, 0, 30, tzinfo=UTC),
    "public_id": UUID(int=7),
    "facts": {"名": ["髙", None, 'tab\t, line\n, \\, "']},
}


def test_rows_come_back_as_they_were_given(db):
    (key,) = insert_rows(Sealed, [FACTS])
    assert Sealed.objects.filter(pk=key).values(*FACTS).get() == FACTS


def test_what_is_left_out_gets_its_default(db):
    (key,) = insert_rows(Sealed, [{}])
    row = Sealed.objects.get(pk=key)
    assert (row.kind, row.amount, row.sealed_on, row.facts) == ("plain", 0, None, {})


def test_parents_are_named_by_row_key_or_column(db):
    first, second = insert_rows(Sealed, [{}, {}])
    parent = Sealed.objects.get(pk=second)
    rows = [
        {"sealed": parent, "text": "row"},
        {"sealed": first, "text": "key"},
        {"sealed_id": first, "text": "column"},
    ]
    keys = insert_rows(SealedLine, rows)
    assert [SealedLine.objects.values_list("sealed_id", "text").get(pk=key) for key in keys] == [
        (second, "row"),
        (first, "key"),
        (first, "column"),
    ]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 7])
def test_keys_follow_the_rows_over_every_boundary(db, monkeypatch, count):
    monkeypatch.setattr(bulk, "ROWS_AT_A_TIME", 3)
    keys = insert_rows(Owner, ({"code": f"o{number}"} for number in range(count)))
    assert len(keys) == len(set(keys)) == count
    assert [Owner.objects.get(pk=key).code for key in keys] == [f"o{n}" for n in range(count)]


@pytest.mark.parametrize("count", [16, 17, 127, 128, 145, 300])
def test_no_row_is_lost_between_statements_of_many(db, count):
    keys = insert_rows(Owner, ({"code": f"o{number}"} for number in range(count)))
    found = dict(Owner.objects.values_list("pk", "code"))
    assert [found[key] for key in keys] == [f"o{number}" for number in range(count)]
    assert len(found) == count


@pytest.mark.skipif(connection.vendor == "postgresql", reason="COPY knows no marks")
def test_no_statement_holds_more_than_it_may(db, monkeypatch):
    monkeypatch.setattr(bulk, "MARKS", 20)
    insert_rows(Owner, ({"code": f"o{number}"} for number in range(33)))
    assert Owner.objects.count() == 33


def test_rows_are_read_as_they_come(db, monkeypatch):
    monkeypatch.setattr(bulk, "ROWS_AT_A_TIME", 3)
    stored_when_read = []

    def rows():
        for number in range(7):
            stored_when_read.append(Owner.objects.count())
            yield {"code": f"o{number}"}

    insert_rows(Owner, rows())
    assert stored_when_read == [0, 0, 0, 3, 3, 3, 6]


def test_keys_come_from_the_sequence_of_the_table(db):
    before = Owner.objects.create(code="before")
    (key,) = insert_rows(Owner, [{"code": "bulk"}])
    after = Owner.objects.create(code="after")
    assert before.pk < key < after.pk
    Owner.objects.filter(pk=after.pk).delete()
    assert insert_rows(Owner, [{"code": "later"}])[0] > after.pk


def test_first_rows_of_a_table_that_was_never_written(transactional_db):
    assert len(set(insert_rows(Sealed, [{}, {}]))) == 2
    Sealed.objects.create()


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"code": "one"}, id="unique"),
        pytest.param({"code": None}, id="null"),
    ],
)
def test_refused_row_takes_all_of_them_away(owner, monkeypatch, wrong):
    monkeypatch.setattr(bulk, "ROWS_AT_A_TIME", 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(Owner, [{"code": "new"}, wrong])
    assert list(Owner.objects.values_list("code", flat=True)) == ["one"]


def test_overlap_is_refused_with_its_message(owner):
    row = {"owner": owner, "starts_on": date(2026, 4, 1)}
    with pytest.raises(ConstraintViolation) as caught, violations_as_validation_errors():
        insert_rows(Stay, [row, row])
    assert caught.value.message_dict == {"starts_on": ["滞在が重なっています。"]}
    assert not Stay.objects.exists()


@pytest.mark.parametrize("name", ["nothing", "id", "pk", "lines"])
def test_unknown_names_are_refused(db, name):
    with pytest.raises(TypeError, match=name):
        insert_rows(Sealed, [{name: 1}])
    assert not Sealed.objects.exists()


def test_model_with_history_is_refused(db):
    with pytest.raises(TypeError, match="history"):
        insert_rows(Enrolment, [{}])


@pytest.mark.parametrize("count", [10, 500])
def test_statements_do_not_grow_with_the_rows(db, django_assert_max_num_queries, count):
    with django_assert_max_num_queries(8):
        insert_rows(Owner, ({"code": f"o{number}"} for number in range(count)))


def test_objects_get_their_keys_and_are_stored(db):
    rows = [Owner(code="first"), Owner(code="second")]
    insert_all(rows)
    assert list(Owner.objects.order_by("pk")) == rows
    assert not any(row._state.adding for row in rows)
    rows[0].code = "other"
    rows[0].save()
    assert Owner.objects.get(pk=rows[0].pk).code == "other"
    insert_all([])


def test_rows_are_written_in_the_order_of_a_field_and_keep_their_keys(db, monkeypatch):
    written = []
    name = "_copy" if connection.vendor == "postgresql" else "_execute_many"
    write = getattr(bulk, name)

    def watched(model, fields, rows):
        written.extend(row[0] for row in rows)
        write(model, fields, rows)

    monkeypatch.setattr(bulk, name, watched)
    keys = insert_rows(Owner, [{"code": code} for code in ("b", "c", "a")], by="code")
    assert [Owner.objects.get(pk=key).code for key in keys] == ["b", "c", "a"]
    assert written == [keys[2], keys[0], keys[1]]
