"""職場に連絡してよいか: told both ways round by sheets, and never read as yes where it cannot be read."""

import pytest

from plans.forms.move_in_cells import Book, MarkField
from plans.forms.move_in_codes import unread_words
from plans.forms.move_in_reader import LineReader
from plans.move_in_columns import NAMES, label_of
from plans.rules.move_in import guess
from tests.sheets import person

BOOK = Book([], [], {})
JOB = {"employer": "架空物産", "employed_on": "R8.4.1"}


def read(**cells):
    line = {"name": "山田", "kana": "やまだ", "birth_date": "S60.4.1", **JOB, **cells}
    reader = LineReader({name: place for place, name in enumerate(line)}, BOOK)
    row, faults = reader.read(2, list(line.values()))
    shown = {
        label: text for label, _typed, text, _other in reader.shown(list(line.values()), faults)
    }
    return row.must_not_contact, [expected for *_cell, expected in faults], shown


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("職場連絡", "may_contact"), ("職場への連絡", "may_contact"), ("連絡可否", "may_contact"),
        ("職場連絡不可", "must_not_contact"), ("クローズ", "must_not_contact"),
        ("職場に連絡しない", "must_not_contact"), ("連絡禁止", "must_not_contact"),
    ],
)  # fmt: skip
def test_a_heading_tells_which_way_round(heading, field):
    assert guess(["氏名", heading], NAMES)[field] == 1


@pytest.mark.parametrize(
    ("field", "text", "is_closed"),
    [
        ("may_contact", "×", True), ("may_contact", "不可", True), ("may_contact", "クローズ", True),
        ("may_contact", "○", False), ("may_contact", "可", False), ("may_contact", "", False),
        ("must_not_contact", "○", True), ("must_not_contact", "不可", True),
        ("must_not_contact", "×", False), ("must_not_contact", "可", False), ("must_not_contact", "", False),
    ],
)  # fmt: skip
def test_marks_mean_what_the_heading_asks(field, text, is_closed):
    found, faults, shown = read(**{field: text})
    assert (found, faults) == (is_closed, [])
    assert (label_of(field) in shown) == bool(text)


def test_what_is_read_is_shown_in_words():
    assert read(may_contact="×")[2]["職場に連絡してよい"] == "連絡しない"
    assert read(may_contact="○")[2]["職場に連絡してよい"] == "連絡してよい"
    assert read(must_not_contact="×")[2]["職場に連絡しない"] == "×"


@pytest.mark.parametrize("field", ["may_contact", "must_not_contact"])
@pytest.mark.parametrize("text", ["要相談", "1", "2"])
def test_what_cannot_be_read_is_taken_for_no_and_told(field, text):
    is_closed, faults, shown = read(**{field: text})
    assert is_closed
    assert any("「職場に連絡しない」としておきます" in each for each in faults)
    assert label_of(field) not in shown


def test_two_columns_that_contradict_each_other_are_told_and_nobody_calls():
    is_closed, faults, _shown = read(may_contact="○", must_not_contact="○")
    assert is_closed
    assert any("逆です" in each for each in faults)


@pytest.mark.parametrize("text", ["0", "1", "2"])
def test_a_digit_is_no_mark_but_a_code_to_be_asked(text):
    """One program has 1 for yes, another 1 for no."""
    with pytest.raises(Exception, match="○ か ×"):
        MarkField().clean(text)
    faults = [[["A2", "上限額管理の有無", text, "○ か × を入れてください。"]]] * 2
    assert unread_words(faults) == {f"word:is_managed:{text}": 2}


@pytest.mark.django_db
def test_the_day_of_the_contract_is_answered_for_all_lines(mover):
    lines = [person(mover.on, n, signed_on="") for n in (1, 2)]
    rows = mover.look(*lines)
    assert all(any("契約日" in fault[1] for fault in row.faults) for row in rows)
    mover.post("move_in_answers", signed_as_use="yes")
    rows = list(mover.move_in.people.order_by("line"))
    assert [row.faults for row in rows] == [[], []]
    assert all(any("利用開始日と同じ日" in text for text in row.warnings) for row in rows)
    mover.post("move_in_import")
    found = [row.enrolment.contracts.get() for row in mover.move_in.people.order_by("line")]
    assert [each.signed_on for each in found] == [each.enrolment.use_starts_on for each in found]


@pytest.mark.parametrize("text", ["クローズ", "不可", "オープン", "可", "非開示"])
def test_words_of_the_workplace_are_no_marks_of_anything_else(text):
    with pytest.raises(Exception, match="○ か ×"):
        MarkField().clean(text)


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("はい、伝えています（オープン）", True),
        ("いいえ、伝えていません（クローズ）", False),
        ("NG", False),
        ("OK", True),
    ],
)
def test_sentences_say_it_the_same_way_under_both_headings(text, may):
    assert read(may_contact=text)[0] is not may
    assert read(must_not_contact=text)[0] is not may
