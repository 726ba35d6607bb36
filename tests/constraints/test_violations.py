"""Every kind of constraint, provoked in the database, speaks at its field on both backends."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from teikyaku.constraints import (
    ConstraintViolation,
    violation_error,
    violation_messages,
    violations_as_form_errors,
    violations_as_validation_errors,
)
from tests.constraints.app.models import Booking, Owner, Rate, Ruling, Stay

DAY = date(2026, 4, 1)


def ruling(owner, **values):
    return Ruling.objects.create(**{"owner": owner, "number": "1", "label": None, **values})


def stay_twice(owner):
    Stay.objects.create(owner=owner, starts_on=DAY)
    Stay.objects.create(owner=owner, starts_on=DAY)


def book_twice(owner):
    for _ in range(2):
        Booking.objects.create(owner=owner, room="a", starts_on=DAY)


def rate_twice(owner):
    Rate.objects.create(owner=owner, first_month=DAY)
    Rate.objects.create(owner=owner, first_month=date(2026, 5, 1))


def two(**values):
    def write(owner):
        ruling(owner, **{"number": "1", "position": 1, **values})
        ruling(owner, **{"number": "2", "position": 2, **values})

    return write


KINDS = [
    pytest.param(stay_twice, "starts_on", "滞在が重なっています。", id="NoOverlap"),
    pytest.param(
        book_twice, "starts_on", "予約が重なっています。", id="NoOverlap, text, condition"
    ),
    pytest.param(rate_twice, "first_month", "月が重なっています。", id="NoOverlap, months"),
    pytest.param(
        lambda owner: Stay.objects.create(owner=owner, starts_on=DAY, ends_on=date(2026, 3, 31)),
        "ends_on",
        "終了日は開始日以後です。",
        id="DateOrder",
    ),
    pytest.param(
        lambda owner: Rate.objects.create(owner=owner, first_month=date(2026, 4, 2)),
        "first_month",
        "月の初日で保存します。",
        id="FirstOfMonth",
    ),
    pytest.param(
        lambda owner: ruling(owner, decided_on=DAY),
        "decided_on",
        "決定には日付と決定者が必要です。",
        id="Together",
    ),
    pytest.param(
        lambda owner: ruling(owner, year=1999), "year", "年度は2000年度からです。", id="check"
    ),
    pytest.param(
        lambda owner: ruling(owner, is_current=True, position=2),
        "__all__",
        "現在の裁定は順が1のものだけです。",
        id="check over two fields",
    ),
    pytest.param(
        two(position=1), "position", "この年度の順は登録済みです。", id="unique constraint"
    ),
    pytest.param(
        lambda owner: (
            ruling(owner, is_current=True),
            ruling(owner, is_current=True, number="2", year=2027),
        ),
        "owner",
        "現在の裁定は一つだけです。",
        id="unique with condition",
    ),
    pytest.param(
        lambda owner: (
            ruling(owner, label="ab"),
            ruling(owner, number="2", position=2, label="AB"),
        ),
        "__all__",
        "この名称は登録済みです。",
        id="unique expression",
    ),
    pytest.param(
        two(number="1"), "number", "この 番号 を持った 裁定 が既に存在します。", id="unique field"
    ),
]


def provoke(write, owner) -> IntegrityError:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write(owner)
    return caught.value


class AnyForm(forms.Form):
    """Has every field that a constraint here may speak of."""

    starts_on = forms.CharField()
    ends_on = forms.CharField()
    first_month = forms.CharField()
    decided_on = forms.CharField()
    year = forms.CharField()
    position = forms.CharField()
    number = forms.CharField()
    owner = forms.CharField()


def bound(form_class=AnyForm):
    return form_class(dict.fromkeys(form_class.base_fields, "typed"))


@pytest.mark.parametrize(("write", "field", "message"), KINDS)
def test_each_kind_is_read(owner, write, field, message):
    assert violation_messages(provoke(write, owner)) == {field: [message]}


@pytest.mark.parametrize(("write", "field", "message"), KINDS)
def test_each_kind_ends_at_the_form_field(owner, write, field, message):
    form = bound()
    assert form.is_valid()
    with violations_as_form_errors(form):
        write(owner)
    assert not form.is_valid()
    assert form.errors == {field: [message]}
    assert form["year"].value() == "typed"


@pytest.mark.parametrize(("write", "field", "message"), KINDS)
def test_connection_stays_usable_inside_a_transaction(owner, write, field, message):
    with transaction.atomic():
        with pytest.raises(ConstraintViolation), violations_as_validation_errors():
            write(owner)
        assert Owner.objects.count() == 1
        assert not Stay.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("write", "field", "message"), KINDS)
def test_connection_stays_usable_behind_an_atomic_action(owner, write, field, message):
    with pytest.raises(ConstraintViolation) as caught, violations_as_validation_errors():
        transaction.atomic(write)(owner)
    assert caught.value.message_dict == {field: [message]}
    assert Owner.objects.count() == 1
    assert not Stay.objects.exists()


# --- Where the message stands ---------------------------------------------------------------------


class OnlyYear(forms.Form):
    year = forms.CharField()


def test_next_field_takes_the_message_when_the_form_lacks_the_first(owner):
    form = bound(OnlyYear)
    with violations_as_form_errors(form, Ruling):
        two(position=1)(owner)
    assert form.errors == {"year": ["この年度の順は登録済みです。"]}


def test_message_stands_above_a_form_without_its_field(owner):
    form = bound(OnlyYear)
    with violations_as_form_errors(form, Stay):
        stay_twice(owner)
    assert form.non_field_errors() == ["滞在が重なっています。"]


def test_refusal_by_another_table_stands_above_the_form(owner):
    form = bound()
    with violations_as_form_errors(form, Booking):
        stay_twice(owner)
    assert form.errors == {"__all__": ["滞在が重なっています。"]}


def test_model_form_speaks_of_its_own_model(owner):
    class StayForm(forms.ModelForm):
        class Meta:
            model = Stay
            fields = ["starts_on", "ends_on"]

    for write, place in ((stay_twice, "starts_on"), (book_twice, "__all__")):
        form = StayForm({"starts_on": "2026-04-01"})
        with violations_as_form_errors(form):
            write(owner)
        assert set(form.errors) == {place}


def test_validation_error_of_the_action_stands_at_its_fields(owner):
    form = bound()
    with violations_as_form_errors(form):
        Owner.objects.create(code="gone")
        raise ValidationError({"year": "過ぎた年度です。", "elsewhere": ["一", "二"]})
    assert form.errors == {"year": ["過ぎた年度です。"], "__all__": ["一", "二"]}
    assert not Owner.objects.filter(code="gone").exists()


def test_plain_validation_error_stands_above_the_form(owner):
    form = bound()
    with violations_as_form_errors(form):
        raise ValidationError("いまはできません。")
    assert form.errors == {"__all__": ["いまはできません。"]}


def test_nothing_happens_where_nothing_is_wrong(owner):
    form = bound()
    with violations_as_form_errors(form):
        Stay.objects.create(owner=owner, starts_on=DAY)
    assert form.is_valid()
    assert Stay.objects.exists()


def test_violation_says_model_fields_and_code(owner):
    violation = violation_error(provoke(stay_twice, owner))
    assert (violation.model, violation.fields) == (Stay, ("starts_on", "ends_on"))
    assert violation.message_only().code == "overlap"


def test_violation_of_another_model_has_no_field(owner):
    error = provoke(stay_twice, owner)
    assert violation_error(error, Stay).fields[0] == "starts_on"
    assert violation_error(error, Booking).message_dict == {"__all__": ["滞在が重なっています。"]}


def test_plain_unique_constraint_speaks_as_django_does(owner):
    decided = {"decided_on": DAY, "decided_by": owner}
    ruling(owner, **decided)
    error = provoke(lambda o: ruling(o, number="2", year=2027, **decided), owner)
    assert violation_messages(error) == {
        "decided_on": ["この 順 と 決定日 を持った 裁定 が既に存在します。"]
    }


# --- What stays an error --------------------------------------------------------------------------


def null_owner(owner):
    Stay.objects.create(owner=None, starts_on=DAY)


def same_key(owner):
    Owner.objects.bulk_create([Owner(pk=owner.pk, code="copy")])


@pytest.mark.parametrize("write", [null_owner, same_key])
def test_what_nobody_typed_stays_an_error(owner, write):
    form = bound()
    with pytest.raises(IntegrityError), violations_as_form_errors(form):
        write(owner)
    assert form.is_valid()
    assert Owner.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_missing_parent_stays_an_error(owner):
    with pytest.raises(IntegrityError), violations_as_form_errors(bound()):
        Stay.objects.create(owner_id=owner.pk + 1, starts_on=DAY)


def test_messages_tell_nothing_of_the_rows(owner):
    Owner.objects.create(code="佐藤花子")
    for write in (stay_twice, lambda _o: Owner.objects.create(code="佐藤花子")):
        messages = violation_messages(provoke(write, owner))
        assert messages
        assert "佐藤" not in str(messages)
