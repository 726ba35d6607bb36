"""Stored rows are made without `__init__`: nothing may hang on it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.models import Model
from django.db.models.signals import post_init, pre_init

from teikyaku.quick_rows import QuickRows

QUICK = [model for model in apps.get_models() if issubclass(model, QuickRows)]


@pytest.mark.parametrize("model", QUICK, ids=lambda model: model.__name__)
def test_nobody_listens_when_a_row_is_made_and_no_field_computes_on_the_way(model):
    assert model.__init__ is Model.__init__
    assert not pre_init.has_listeners(model)
    assert not post_init.has_listeners(model)
    names = [field.attname for field in model._meta.concrete_fields]
    values = [None] * len(names)
    quick = QuickRows.from_db.__func__(model, "default", names, values)
    usual = Model.from_db.__func__(model, "default", names, values)
    assert {**vars(quick), "_state": None} == {**vars(usual), "_state": None}
    assert (quick._state.adding, quick._state.db) == (False, "default")


def test_what_was_not_read_is_deferred():
    row = QUICK[0].from_db("default", ["id"], [7])
    assert row.pk == 7
    assert len(row.get_deferred_fields()) == len(QUICK[0]._meta.concrete_fields) - 1


@pytest.mark.parametrize("model", QUICK, ids=lambda model: model.__name__)
def test_the_word_of_a_choice_is_djangos(model):
    for field in model._meta.concrete_fields:
        if field.choices is None:
            continue
        for value in [each for each, _word in field.flatchoices] + [None, "", "unheard_of"]:
            row = model(**{field.attname: value})
            word = getattr(row, f"get_{field.name}_display")()
            assert word == Model._get_FIELD_display(row, field)
            assert type(word) in (str, int, type(None))
