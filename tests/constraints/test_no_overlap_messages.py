"""Before the database refuses, full_clean says which period is in the way."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F

from tests.constraints.app.models import Booking, Rate, Stay

APRIL_1, APRIL_30 = date(2026, 4, 1), date(2026, 4, 30)


def errors_of(row, **kwargs):
    try:
        row.full_clean(**kwargs)
    except ValidationError as error:
        return error
    return None


@pytest.fixture
def april(owner) -> Stay:
    return Stay.objects.create(owner=owner, starts_on=APRIL_1, ends_on=APRIL_30)


def test_message_stands_at_the_start_and_names_the_period(april, owner):
    error = errors_of(Stay(owner=owner, starts_on=APRIL_30))
    assert error.message_dict == {
        "starts_on": [
            "滞在が重なっています。重なる期間：2026年4月1日（令和8年）から2026年4月30日（令和8年）まで。"
        ]
    }
    assert [each.code for each in error.error_dict["starts_on"]] == ["overlap"]


def test_open_period_is_named_as_open(owner):
    Stay.objects.create(owner=owner, starts_on=APRIL_1)
    error = errors_of(Stay(owner=owner, starts_on=date(2030, 1, 1)))
    assert error.message_dict["starts_on"] == [
        "滞在が重なっています。重なる期間：2026年4月1日（令和8年）から、終わりはまだありません。"
    ]


def test_months_are_named_as_months(owner):
    Rate.objects.create(owner=owner, first_month=APRIL_1, last_month=date(2026, 6, 1))
    error = errors_of(Rate(owner=owner, first_month=date(2026, 6, 1)))
    assert error.message_dict == {
        "first_month": ["月が重なっています。重なる期間：2026年4月から2026年6月まで。"]
    }


@pytest.mark.parametrize(
    ("starts", "ends", "conflict"),
    [
        (date(2026, 3, 1), date(2026, 3, 31), False),
        (date(2026, 3, 1), APRIL_1, True),
        (APRIL_30, date(2026, 5, 1), True),
        (date(2026, 5, 1), None, False),
        (date(2020, 1, 1), None, True),
        (date(2026, 4, 10), date(2026, 4, 20), True),
    ],
)
def test_same_answer_as_the_database(april, owner, starts, ends, conflict):
    assert bool(errors_of(Stay(owner=owner, starts_on=starts, ends_on=ends))) is conflict


def test_stored_row_does_not_meet_itself(april):
    assert errors_of(april) is None


def test_copy_with_the_key_of_a_stored_row_is_held_against_it(april, owner):
    april._state.adding = True
    assert "starts_on" in errors_of(april).message_dict


def test_another_owner_is_free(april, other):
    assert errors_of(Stay(owner=other, starts_on=APRIL_1)) is None


def test_reversed_dates_have_one_message(april, owner):
    error = errors_of(Stay(owner=owner, starts_on=APRIL_30, ends_on=APRIL_1))
    assert error.message_dict == {"ends_on": ["終了日は開始日以後です。"]}


@pytest.mark.parametrize("name", ["owner", "starts_on", "ends_on"])
def test_nothing_is_asked_where_a_field_is_excluded(april, owner, name):
    assert errors_of(Stay(owner=owner, starts_on=APRIL_1), exclude=[name]) is None


def test_missing_owner_has_its_own_message(april):
    assert set(errors_of(Stay(starts_on=APRIL_1)).message_dict) == {"owner"}


def test_typed_text_is_read_as_a_date(april, owner):
    assert "starts_on" in errors_of(Stay(owner=owner, starts_on="2026-04-30")).message_dict


def test_expression_is_left_to_the_database(april):
    april.ends_on = F("starts_on")
    constraint = Stay._meta.constraints[1]
    constraint.validate(Stay, april)


@pytest.mark.parametrize(
    ("held", "new", "conflict"),
    [
        ("kept", "kept", True),
        ("cancelled", "kept", False),
        ("kept", "cancelled", False),
    ],
)
def test_condition_speaks_of_both_rows(owner, held, new, conflict):
    Booking.objects.create(owner=owner, room="a", state=held, starts_on=APRIL_1)
    row = Booking(owner=owner, room="a", state=new, starts_on=APRIL_30)
    assert bool(errors_of(row)) is conflict
    assert errors_of(row, exclude=["state"]) is None


def test_empty_key_or_start_conflicts_with_none(owner):
    Booking.objects.create(owner=owner, room="a", starts_on=APRIL_1)
    Booking.objects.create(owner=owner, room=None, starts_on=APRIL_1)
    Booking.objects.create(owner=owner, room="b", starts_on=None, ends_on=APRIL_30)
    assert errors_of(Booking(owner=owner, room=None, starts_on=APRIL_1)) is None
    assert errors_of(Booking(owner=owner, room="a", starts_on=None)) is None
    assert errors_of(Booking(owner=owner, room="b", starts_on=APRIL_1)) is None


def test_one_query_for_a_free_row_and_two_at_most(
    april, owner, django_assert_num_queries, django_assert_max_num_queries
):
    constraint = Stay._meta.constraints[1]
    with django_assert_num_queries(1):
        constraint.validate(Stay, Stay(owner=owner, starts_on=date(2026, 5, 1)))
    booking = Booking(owner=owner, room="a", starts_on=APRIL_1)
    with django_assert_max_num_queries(2):
        Booking._meta.constraints[1].validate(Booking, booking)


def test_model_form_shows_it_at_the_field(april, owner):
    class StayForm(forms.ModelForm):
        class Meta:
            model = Stay
            fields = ["owner", "starts_on", "ends_on"]

    form = StayForm({"owner": owner.pk, "starts_on": "2026-04-30"})
    assert set(form.errors) == {"starts_on"}
