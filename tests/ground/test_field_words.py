"""Empty and impossible answers are told in plain words, on every kind of field."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from teikyaku.accounts.models import Municipality
from teikyaku.fields import DateField, DigitsField, MonthField, PhoneField, YenField
from tests.accounts.test_coming_and_going import enter

FIELDS = [
    forms.CharField(), forms.IntegerField(), forms.ChoiceField(choices=[("a", "あ")]),
    forms.MultipleChoiceField(choices=[("a", "あ")]), forms.TypedChoiceField(choices=[("a", "あ")]),
    DateField(), MonthField(), DigitsField(length=6), YenField(), PhoneField(),
]  # fmt: skip


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: type(field).__name__)
def test_an_empty_answer(field):
    with pytest.raises(ValidationError) as error:
        field.clean([] if isinstance(field, forms.MultipleChoiceField) else "")
    (message,) = error.value.messages
    assert message in ("入れてください。", "選んでください。") or "ください" in message
    assert "フィールド" not in message


def test_an_impossible_choice():
    with pytest.raises(ValidationError, match="選択肢の中から"):
        forms.ChoiceField(choices=[("a", "あ")]).clean("b")
    with pytest.raises(ValidationError, match="数字だけ"):
        forms.IntegerField().clean("x")


def test_a_number_out_of_bounds():
    with pytest.raises(ValidationError, match=r"^\['1以上で入れてください。'\]$"):
        forms.IntegerField(min_value=1).clean("0")
    with pytest.raises(ValidationError, match=r"^\['40までで入れてください。'\]$"):
        forms.DecimalField(max_value=40).clean("41")


def test_a_model_field_too(db):
    with pytest.raises(ValidationError) as error:
        Municipality(code="", name="", kind="ward").full_clean()
    assert "フィールド" not in str(error.value)


def test_the_page_says_so(client, cast):
    enter(client, cast.members["worker"])
    page = client.post(reverse("client_new"), {"name": " "}).content.decode()
    assert "入れてください。" in page
    assert "このフィールド" not in page
