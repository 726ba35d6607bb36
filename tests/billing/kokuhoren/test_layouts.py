"""The layouts as they come with the product: counts, widths, and what service 47 puts where."""

from __future__ import annotations

import pytest

from billing.kokuhoren.inferred import NOTED_ON, inferred
from billing.kokuhoren.layouts import AREA_CLASSES, LABELS, Kind, Use, record, records
from teikyaku.accounts.models import OfficeTerms
from teikyaku.reasons import Certainty

# Fields and the sum of their bytes.
SHAPES = {
    "J111:01": (23, 194), "J111:02": (14, 96), "J121:01": (35, 242), "J121:02": (12, 62),
    "J121:03": (11, 162), "J121:04": (33, 192), "J121:05": (11, 67), "J611:01": (172, 651),
    "J611:02": (113, 296), "J411:01": (14, 126), "J411:02": (11, 80), "control": (11, 56),
    "data": (2, 10), "end": (2, 10),
}  # fmt: skip


def test_every_record_has_its_fields_and_widths():
    found = {
        key: (len(shape.fields), sum(field.size for field in shape.fields))
        for key, shape in records().items()
    }
    assert found == SHAPES
    assert set(found) == set(LABELS)


def test_positions_run_from_1():
    for shape in records().values():
        assert [field.position for field in shape.fields] == list(range(1, len(shape.fields) + 1))


def test_each_kind_goes_with_its_attribute():
    paper = {
        Kind.TEXT: "alnum", Kind.KANJI: "kanji", Kind.CODE: "code", Kind.DATE: "code",
        Kind.MONTH: "code", Kind.NUMBER: "number", Kind.SIGNED: "number",
        Kind.UNIT_PRICE: "number", Kind.AMOUNT: "number",
    }  # fmt: skip
    for shape in records().values():
        for field in shape.fields:
            assert paper[field.kind] == field.attribute, (shape.key, field.name)
            assert field.kind != Kind.DATE or field.size == 8
            assert field.kind != Kind.MONTH or field.size == 6


def test_how_many_fields_are_filled():
    filled = {
        key: sum(field.use != Use.NEVER for field in shape.fields)
        for key, shape in records().items()
    }
    assert filled == {
        "J111:01": 18, "J111:02": 13, "J121:01": 23, "J121:02": 10, "J121:03": 11, "J121:04": 21,
        "J121:05": 11, "J611:01": 12, "J611:02": 12, "J411:01": 13, "J411:02": 11, "control": 10,
        "data": 2, "end": 2,
    }  # fmt: skip


def test_what_is_always_the_same():
    assert record("J121:04").field(7).fixed == "47"
    assert record("J121:04").field(12).fixed == "0"
    assert record("J611:02").field(7).fixed == "2201"
    for key, shape in records().items():
        if ":" in key:
            assert (shape.field(1).fixed, shape.field(2).fixed) == (shape.family, shape.type)


def test_what_is_not_certain_is_told():
    told = {each.key for each in inferred()}
    unknown = {
        f"{shape.key}.{field.position}"
        for shape in records().values()
        for field in shape.fields
        if field.certainty == Certainty.UNKNOWN
    }
    assert unknown <= told
    assert {"order", "negative_units", "zero_codes", "cap_sheet_widths", "J611:01.7"} <= told
    assert len(told) == len(inferred())
    assert all(each.noted_on >= NOTED_ON and each.reading for each in inferred())
    assert all(field.certainty == Certainty.PRACTICE for field in record("J411:01").fields)


@pytest.mark.parametrize("key", ["J999:01", "", "J121"])
def test_an_unknown_record_is_an_error(key):
    with pytest.raises(KeyError):
        record(key)


def test_area_classes_are_those_that_offices_are_given():
    assert dict(OfficeTerms.AreaClass.choices) == AREA_CLASSES
