"""郵便番号 as people write it."""

import pytest
from django.core.exceptions import ValidationError

from teikyaku.fields import PostalCodeField


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("950-0000", "950-0000"), ("9500000", "950-0000"), ("〒950-0000", "950-0000"),
        ("９５０－００００", "950-0000"), ("950ー0000", "950-0000"), ("", ""),
    ],
)  # fmt: skip
def test_seven_digits(typed, stored):
    assert PostalCodeField(required=False).clean(typed) == stored


@pytest.mark.parametrize("typed", ["abc", "950-000", "95000001", "九五〇"])
def test_anything_else(typed):
    with pytest.raises(ValidationError, match="7桁"):
        PostalCodeField().clean(typed)
