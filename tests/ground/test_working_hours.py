"""Hours as people say them."""

import pytest
from django.core.exceptions import ValidationError

from teikyaku.fields import WorkingHoursField


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("30", 1800), ("３０", 1800), ("30.5", 1830), ("7.75", 465), ("30:15", 1815),
        ("30時間", 1800), ("30時間15分", 1815), ("20 時間 30 分", 1230), ("100", 6000), ("", None),
    ],
)  # fmt: skip
def test_minutes(typed, minutes):
    field = WorkingHoursField(required=False)
    assert field.clean(typed) == minutes
    if minutes:
        assert field.clean(field.prepare_value(minutes)) == minutes


@pytest.mark.parametrize("typed", ["1800", "0", "-5", "30:75", "三十", "101", "週30"])
def test_no_hours(typed):
    with pytest.raises(ValidationError, match="時間"):
        WorkingHoursField().clean(typed)
