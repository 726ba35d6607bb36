"""Names that end like a title, several people of one name, and the true reason why nobody manages a cap."""

import pytest

from plans.forms.move_in_cells import Book
from plans.forms.move_in_reader import LineReader
from plans.models import MoveInRow
from plans.rules.move_in_words import bare_name
from tests.move_in.test_other_layouts import book_with, lines, saved
from tests.sheets import person

State = MoveInRow.State


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ためし さん", "ためし さん"), ("試 ちゃん", "試 ちゃん"), ("小林 一茶 さん", "小林 一茶"),
        ("小林一茶さん", "小林一茶"), ("小林 様", "小林"), ("こばやし いっささん", "こばやし いっさ"),
    ],
)  # fmt: skip
def test_a_title_is_cut_but_where_it_may_be_the_given_name(typed, name):
    assert bare_name(typed)[0] == name


def test_what_may_be_a_title_comes_in_and_is_told():
    line = {"name": "試 光", "kana": "ためし さん", "birth_date": "S60.4.1"}
    reader = LineReader({name: place for place, name in enumerate(line)}, Book([], [], {}))
    row, _faults = reader.read(2, list(line.values()))
    assert row.kana == "ためし さん"
    assert reader.cautions(list(line.values())) == [
        "ふりがなは「ためし さん」として入れます。敬称なら、消してください。"
    ]
    assert reader.cautioned(list(line.values())) == ["kana"]


@pytest.mark.django_db
def test_of_several_people_of_one_name_one_is_chosen_in_the_line(mover):
    name = person(mover.on, 1)["name"]
    mover.run(person(mover.on, 1), person(mover.on, 2, name=name))
    one, two = mover.people()
    made = mover.on.isoformat()
    mover.hand_in(
        saved(book_with(計画=[["氏名", "計画の目標", "計画作成日"], [name, "通う", made]])),
        "計画.xlsx",
    )
    page = mover.tell_columns(by_name="on").content.decode()
    (row,) = lines(mover)
    assert row.state == State.REFUSED
    born = two.client.birth_date.isoformat()
    kana = two.client.names.get().kana
    assert f'value="{kana} {born}"' in page
    mover.post("move_in_mend", row.line, which=f"{kana} {born}")
    (row,) = lines(mover)
    assert (row.state, row.enrolment) == (State.CHANGED, two), row.faults
    # Told again, the columns are the same and nothing is asked of the one that was made here.
    form = mover.client.get(f"/start/people/{mover.move_in.public_id}/columns/").context["form"]
    assert not any("どの方か" in str(field.label) for field in form)
    assert one.support_plans.count() == two.support_plans.count()


@pytest.mark.django_db
@pytest.mark.parametrize(("cap", "reason"), [("0", "0円の方です"), ("9300", "足すには")])
def test_why_nobody_manages_the_cap_is_told_as_it_is(mover, cap, reason):
    mover.look(person(mover.on, 1, cap_yen=cap))
    mover.post("move_in_answers", zero_category="low_income")
    mover.post("move_in_import")
    head = "氏名,ふりがな,生年月日,上限額管理事業所"
    mover.hand_in(f"{head}\n移行 二郎1,いこう ろあろう,S51.4.2,みなと相談\n".encode())
    mover.tell_columns()
    (row,) = lines(mover)
    assert [reason in expected for *_cell, expected in row.faults] == [True], row.faults
