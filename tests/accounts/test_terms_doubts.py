"""地域区分と単価: what is unusual is told at its field, and ticked to be stored all the same."""

from datetime import date
from decimal import Decimal

import pytest

from teikyaku.accounts.forms.places import TermsCorrectionForm, TermsForm
from teikyaku.accounts.rules.terms import doubts


@pytest.mark.parametrize(
    ("area", "price", "day", "fields"),
    [
        ("23", "10.00", 1, []),
        ("11", "11.20", 1, []),
        ("23", "11.20", 1, ["unit_price"]),
        ("11", "10.00", 1, ["unit_price"]),
        ("11", "11.20", 15, ["starts_on"]),
        ("23", "11.20", 2, ["unit_price", "starts_on"]),
        ("", None, None, []),
    ],
)
def test_what_is_unusual(area, price, day, fields):
    starts_on = date(2026, 4, day) if day else None
    found = list(doubts(area, Decimal(price) if price else None, starts_on))
    assert [name for name, _words in found] == fields


def typed(**more):
    return {"starts_on": "2026-04-15", "area_class": "23", "unit_price": "11.20",
            "source": "告示", "certainty": "S", **more}  # fmt: skip


def test_the_form_asks_once():
    form = TermsForm(typed())
    assert not form.is_valid()
    assert set(form.errors) == {"unit_price", "starts_on"}
    assert "2026年5月分から" in str(form.errors["starts_on"])
    assert "is_sure" in form.fields
    form = TermsForm(typed(is_sure="on"))
    assert form.is_valid(), form.errors
    assert set(form.cleaned_data) == {
        "starts_on",
        "area_class",
        "unit_price",
        "source",
        "certainty",
    }


def test_nothing_is_asked_where_nothing_is_unusual():
    form = TermsForm(typed(starts_on="2026-04-01", unit_price="10.00"))
    assert form.is_valid(), form.errors
    assert "is_sure" not in form.fields
    assert "is_sure" not in TermsForm().fields
    corrected = TermsCorrectionForm(
        typed(starts_on="2026-04-01", area_class="11", ends_on="", reason="書き間違い")
    )
    assert corrected.is_valid(), corrected.errors
    assert set(corrected.cleaned_data) == {
        "starts_on", "ends_on", "area_class", "unit_price", "source", "certainty", "reason",
    }  # fmt: skip
