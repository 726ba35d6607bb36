"""An address in one cell: the municipality at its head is read; one that cannot be read keeps nobody out."""

from datetime import date

import pytest

from plans.forms.move_in_cells import Book
from plans.forms.move_in_reader import LineReader
from plans.models import MoveInRow
from teikyaku.accounts.models import Municipality
from tests.move_in.test_on_the_page import again

State = MoveInRow.State
City, Ward = Municipality.Kind.CITY, Municipality.Kind.WARD
NIIGATA = Municipality(name="新潟市", kind=City, code="151009")
FAR = Municipality(name="遠方市", kind=City, code="999001")
CENTRE = Municipality(name="中央区", kind=Ward, code="151033", city=NIIGATA)
NORTH = Municipality(name="北区", kind=Ward, code="151017", city=NIIGATA)
FAR_NORTH = Municipality(name="北区", kind=Ward, code="999002", city=FAR)
NAGAOKA = Municipality(name="長岡市", kind=Municipality.Kind.OTHER, code="152021")
BOOK = Book([], [CENTRE, NORTH, FAR_NORTH, NAGAOKA], {})


def read(address, **more):
    cells = {"name": "山田", "kana": "やまだ", "birth_date": "S60.4.1", "address": address, **more}
    reader = LineReader({name: place for place, name in enumerate(cells)}, BOOK)
    return reader.read(5, list(cells.values()))


@pytest.mark.parametrize(
    ("typed", "ward", "rest"),
    [
        ("新潟市中央区架空町1-1", CENTRE, "架空町1-1"),
        ("新潟県新潟市中央区架空町１－１", CENTRE, "架空町１－１"),
        ("新潟市 中央区　架空町1-1 架空荘 201", CENTRE, "架空町1-1 架空荘 201"),
        ("中央区架空町1-1", CENTRE, "架空町1-1"),
        ("遠方市北区架空町2", FAR_NORTH, "架空町2"),
        ("長岡市架空1", NAGAOKA, "架空1"),
    ],
)
def test_the_municipality_at_the_head_is_read(typed, ward, rest):
    row, faults = read(typed)
    assert faults == []
    assert (row.lives_in, row.address) == (ward, rest)


@pytest.mark.parametrize("typed", ["北区架空町2", "架空町3-4", "新潟市架空町5", "火星区1"])
def test_a_head_that_names_none_or_several_is_asked_for(typed):
    row, faults = read(typed)
    assert (row.address, row.lives_in) == ("", None) or row.lives_in is None
    assert "住所の市区町村" in {fault[1] for fault in faults}


def test_a_municipality_in_its_own_column_counts():
    row, _faults = read("中央区通り1-1", lives_in="長岡市")
    assert (row.lives_in, row.address) == (NAGAOKA, "中央区通り1-1")


def test_an_address_that_cannot_be_read_keeps_nobody_out_who_has_ended():
    row, faults = read("架空町3-4", signed_on="R5.4.1", ended_on="R6.3.31", end_reason="本人希望")
    assert row is not None
    assert row.ended_on == date(2024, 3, 31)
    assert "住所の市区町村" in {fault[1] for fault in faults}


@pytest.mark.django_db
def test_it_comes_in_as_the_address_of_the_person(mover):
    mover.hand_in(
        "氏名,ふりがな,生年月日,住所\n一 人,いち,H3.3.3,新潟市中央区架空町1-1\n"
        "二 人,に,H3.3.4,火星市架空町1\n".encode()
    )
    mover.tell_columns()
    rows = again(mover)
    assert [(row.state, [fault[1] for fault in row.faults][:1]) for row in rows] == [
        (State.NEW, []), (State.NEW, ["住所の市区町村"]),
    ]  # fmt: skip
    mover.post("move_in_import")
    first, second = mover.people()
    home = first.client.residences.get()
    assert (home.municipality.full_name, home.address) == ("新潟市中央区", "架空町1-1")
    assert not second.client.residences.exists()
