"""Lines that did not come in are handed out to be mended, and come in by the same file; an undo keeps what was mended."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from plans.models import Decision, MoveIn, MoveInRow
from plans.rules.move_in_back import BACK, letter_of
from teikyaku.accounts.roles import Role
from tests.cast import make_member
from tests.sheets import FIELDS, FIRST, HEADS, person

State = MoveInRow.State
WRONG = "昭和99年1月1日"


def handed_out(mover):
    """The workbook of the lines that did not come in."""
    url = reverse("move_in_refusals", args=[mover.move_in.public_id])
    return load_workbook(BytesIO(mover.client.get(url).content))


def saved(book):
    file = BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.django_db
def test_the_whole_line_is_handed_out_mended_there_and_comes_in_without_a_question(mover):
    mover.run(
        person(mover.on, 1), person(mover.on, 2, birth_date=WRONG), person(mover.on, 3, number="12")
    )
    assert len(mover.people()) == 2
    book = handed_out(mover)
    page = book.active
    heads, *lines = page.iter_rows(values_only=True)
    assert heads[:4] == BACK
    assert len(lines) == 2
    assert len(heads) == 4 + len(HEADS)
    where, why, how = lines[0][1:4]
    assert lines[0][0] == str(FIRST + 1)
    assert where == "生年月日（G列）"
    assert WRONG in why
    assert "平成3年4月2日" in how
    assert lines[0][4 + FIELDS.index("employer")] == "架空物産"
    page.cell(2, 5 + FIELDS.index("birth_date")).value = "昭和52年4月3日"
    page.cell(3, 5 + FIELDS.index("number")).value = "5550000003"
    answer = mover.hand_in(saved(book), "取り込めなかった行.xlsx")
    assert answer.redirect_chain[-1][0] == reverse("move_in_page", args=[mover.move_in.public_id])
    rows = list(mover.move_in.people.order_by("line"))
    assert [row.state for row in rows] == [State.NEW, State.CHANGED], [row.faults for row in rows]
    mover.post("move_in_import")
    assert len(mover.people()) == 3
    assert Decision.objects.filter(client__in=[each.client for each in mover.people()]).count() == 3
    assert mover.move_in.refusals == []


@pytest.mark.django_db
def test_what_is_still_wrong_is_handed_out_once_more_in_the_same_columns(mover):
    mover.run(person(mover.on, 1), person(mover.on, 2, birth_date=WRONG))
    book = handed_out(mover)
    book.active.cell(2, 5 + FIELDS.index("birth_date")).value = "令和99年1月1日"
    mover.hand_in(saved(book))
    (again,) = list(handed_out(mover).active.iter_rows(min_row=2, values_only=True))
    heads = [cell.value for cell in handed_out(mover).active[1]]
    assert heads.count("どこ") == 1
    assert again[1].startswith("生年月日（G列）")
    assert again[4 + FIELDS.index("birth_date")] == "令和99年1月1日"


@pytest.mark.django_db
def test_no_line_there_leans_on_the_one_above(mover):
    mover.run(
        person(mover.on, 1),
        person(mover.on, 2, birth_date=WRONG),
        person(mover.on, 3, birth_date=WRONG),
    )
    book = handed_out(mover)
    for field in ("name", "kana", "birth_date"):
        book.active.cell(3, 5 + FIELDS.index(field)).value = None
    book.active.cell(2, 5 + FIELDS.index("birth_date")).value = "昭和52年4月3日"
    mover.hand_in(saved(book))
    states = [row.state for row in mover.move_in.people.order_by("line")]
    assert states == [State.NEW, State.REFUSED]


@pytest.mark.django_db
def test_undoing_goes_back_to_before_the_import_with_what_was_mended(mover):
    mover.look(person(mover.on, 1), person(mover.on, 2, birth_date=WRONG), person(mover.on, 3))
    mover.post("move_in_mend", FIRST + 1, birth_date="昭和52年4月3日")
    mover.post("move_in_choose", FIRST + 2, choice="leave_out")
    mover.post("move_in_import")
    old = mover.move_in
    assert len(mover.people()) == 2
    answer = mover.post("move_in_undo").content.decode()
    assert "もう一度確かめる" in answer
    assert mover.people() == []
    new = mover.move_in
    assert (new.outcome, new.pk == old.pk, old.rows.count()) == ("", False, 0)
    mover.post("move_in_look")
    rows = list(new.people.order_by("line"))
    assert [row.state for row in rows] == [State.NEW, State.NEW, State.LEFT_OUT]
    assert rows[1].cells[FIELDS.index("birth_date")] == "昭和52年4月3日"
    mover.post("move_in_import")
    assert len(mover.people()) == 2
    assert MoveIn.objects.get(pk=old.pk).undone_at is not None


@pytest.mark.django_db
def test_every_line_is_judged_anew_when_staff_came_meanwhile(mover):
    (row,) = mover.look(person(mover.on, 1, staff="職員 later"))
    assert "見つかりません" in str(row.faults)
    make_member("later", Role.SUPPORT_WORKER, office=mover.office)
    mover.post("move_in_again")
    row = mover.move_in.people.get()
    assert (row.state, row.faults) == (State.NEW, [])


@pytest.mark.parametrize(("place", "letter"), [(0, "E"), (21, "Z"), (22, "AA"), (48, "BA")])
def test_columns_are_named_as_the_program_names_them(place, letter):
    assert letter_of(place) == letter
