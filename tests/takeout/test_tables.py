"""Every model has its place: it goes by a path to the office, or stays with a reason."""

from django.apps import apps
from django.db import models

from teikyaku.desk.takeout.columns import is_personal, notes_of
from teikyaku.desk.takeout.tables import (
    EMPTIED,
    LEFT_OUT,
    OURS,
    OWN,
    POINTED,
    SEEN,
    is_emptied,
    is_history,
    label_of,
    tables,
)
from teikyaku.desk.takeout.values import columns_of
from tests.desk.whose import CORE, NOBODY, OFFICE, WARD


def our_models():
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in OURS
    ]


def test_every_model_is_in_one_place_and_no_other():
    places = [*OWN, *SEEN, *POINTED, *LEFT_OUT]
    assert sorted(places) == sorted({label_of(model) for model in our_models()})


def test_no_secret_of_signing_in_is_a_column():
    names = {column.name for model in tables() for column in columns_of(model)}
    assert not names & {"password", "token_hash", "last_login", "secret"}
    others = {model._meta.app_label for model in tables()} - set(OURS)
    assert not others


def test_what_is_left_empty_may_be_empty():
    wrong = [
        f"{model._meta.label}.{column.name}"
        for model in tables()
        for column in model._meta.local_concrete_fields
        if column.is_relation and is_emptied(model, column) and not column.null
    ]
    assert not wrong
    known = {
        f"{label_of(model)}.{column.name}"
        for model in our_models()
        for column in model._meta.local_concrete_fields
    }
    assert set(EMPTIED) <= known


def test_what_wards_keep_for_themselves_stays():
    going = {*OWN, *SEEN, *POINTED}
    told = {"plans.Decision", "plans.Certificate", "plans.CapPeriod", "plans.Proposal", "plans.ProposalStep"}  # fmt: skip
    assert set(WARD) & going == told
    assert {*OFFICE, *CORE} <= going


def test_each_column_is_described():
    notes = notes_of(tables())
    assert not [note for note in notes if not note.name or not note.type]
    by_column = {(note.table, note.column): note for note in notes}
    pace = by_column["plans.Interview", "outcome"]
    assert pace.choices["met"]
    assert by_column["plans.Interview", "enrolment_id"].refers_to == "clients.Enrolment.id"
    assert by_column["clients.ClientName", "name"].personal
    assert not by_column["billing.OfficeTier", "tier"].personal


def test_who_tells_of_a_person_says_so():
    """The other list of the product that says it: what erasing looks at."""
    wrong = [
        model._meta.label
        for model in tables()
        if not is_history(model)
        and model._meta.label in (*OFFICE, *CORE)
        and not is_personal(model)
    ]
    assert not wrong
    nobody = {"billing.OfficeTier", "accounts.OfficeTerms", "billing.MonthClosing"}
    assert nobody <= set(NOBODY)
    assert not any(is_personal(apps.get_model(label)) for label in nobody)


def test_every_type_of_column_has_a_form():
    kinds = (
        models.BooleanField, models.DateField, models.TimeField, models.DecimalField, models.IntegerField,
        models.UUIDField, models.JSONField, models.BinaryField, models.CharField,
        models.TextField, models.FileField, models.AutoField,
    )  # fmt: skip
    for model in tables():
        for column in columns_of(model):
            basis = column.target_field if column.is_relation else column
            assert isinstance(basis, kinds), (model._meta.label, column.name)
