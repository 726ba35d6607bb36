"""What was answered for all lines is remembered: told anew, handed back, asked of those alone whom it is about."""

import pytest
from django.urls import reverse

from plans.forms.move_in_cautions import whole_months
from plans.forms.move_in_mend import lacking_of
from plans.models import MoveIn, MoveInRow
from plans.move_in_columns import NAMES
from plans.rules.move_in import guess
from tests.move_in.test_handed_back import WRONG, handed_out, saved
from tests.sheets import FIELDS, person, workbook_of

State = MoveInRow.State


def zero(mover, nth, **changes):
    return person(mover.on, nth, cap_yen="0円", **changes)


@pytest.mark.django_db
def test_an_answer_for_all_holds_for_the_lines_that_are_handed_back(mover):
    mover.look(
        zero(mover, 1), zero(mover, 2, birth_date=WRONG), person(mover.on, 3, birth_date=WRONG)
    )
    mover.post("move_in_answers", zero_category="low_income")
    mover.post("move_in_import")
    book = handed_out(mover)
    for line in (2, 3):
        book.active.cell(line, 5 + FIELDS.index("birth_date")).value = f"昭和52年4月{line}日"
    mover.hand_in(saved(book), "取り込めなかった行.xlsx")
    assert mover.move_in.answers["zero_category"] == "low_income"
    rows = list(mover.move_in.people.order_by("line"))
    assert [(row.state, row.faults) for row in rows] == [(State.NEW, [])] * 2


@pytest.mark.django_db
def test_columns_told_anew_keep_what_was_answered_for_all(mover):
    mover.look(zero(mover, 1, disabilities="3"), zero(mover, 2, disabilities="3"))
    said = {"zero_category": "low_income", "word:disabilities:3": "精神"}
    mover.post("move_in_answers", **said)
    assert mover.move_in.answers == said
    mover.tell_columns()
    assert mover.move_in.answers == said


@pytest.mark.django_db
def test_the_next_file_with_the_same_headings_knows_the_words(mover):
    mover.look(zero(mover, 1, disabilities="3"), zero(mover, 2, disabilities="3"))
    mover.post("move_in_answers", **{"zero_category": "low_income", "word:disabilities:3": "精神"})
    mover.post("move_in_import")
    (row,) = mover.look(zero(mover, 5, disabilities="3"))
    assert (row.state, row.faults) == (State.NEW, [])


def preview(mover):
    return mover.client.get(reverse("move_in_page", args=[mover.move_in.public_id]))


def answered_before(mover, outcome):
    """A file whose answers hold for its silent lines, imported; then what came of it; its page is open."""
    mover.look(zero(mover, 1, disabilities="3"), zero(mover, 2, disabilities="3"))
    mover.post("move_in_answers", **{"zero_category": "low_income", "word:disabilities:3": "精神"})
    for step in outcome:
        mover.post(step)
    return MoveIn.objects.earliest("pk")


@pytest.mark.django_db
def test_an_answer_of_an_earlier_file_is_told_on_the_preview_and_can_be_mended(mover):
    first = answered_before(mover, ["move_in_import"])
    (row,) = mover.look(zero(mover, 5, disabilities="3"))
    assert row.faults == []
    (held,) = preview(mover).context["held"]
    assert (held.value, held.source) == ("低所得", first)
    page = preview(mover).content.decode()
    assert "前のファイルの答えを使っています：名簿.xlsx" in page
    assert "答えを直す" in page
    # Another answer is this file's own, and every line is judged by it.
    mover.post("move_in_answers", zero_category="public_assistance")
    (held,) = preview(mover).context["held"]
    assert (held.value, held.source) == ("生活保護", None)
    assert "前のファイルの答え" not in preview(mover).content.decode()
    # Taken back, the lines that are silent are asked again, and so is the next file.
    mover.post("move_in_answers", zero_category="")
    assert preview(mover).context["held"] == []
    (row,) = mover.move_in.people
    assert lacking_of([row.faults]) == {"category": 1}
    mover.post("move_in_import")
    (row,) = mover.look(zero(mover, 6, disabilities="3"))
    assert lacking_of([row.faults]) == {"category": 1}


@pytest.mark.django_db
def test_an_answer_of_this_file_alone_is_told_without_another_file(mover):
    answered_before(mover, [])
    (held,) = preview(mover).context["held"]
    assert (held.label, held.value, held.source) == ("上限月額が0円の方の区分", "低所得", None)


@pytest.mark.parametrize("outcome", [["move_in_discard"], ["move_in_import", "move_in_undo"]])
@pytest.mark.django_db
def test_answers_of_a_file_that_was_thrown_away_or_undone_are_asked_anew_and_its_words_are_known(
    mover, outcome
):
    answered_before(mover, outcome)
    (row,) = mover.look(zero(mover, 5, disabilities="3"))
    assert mover.move_in.answers == {"word:disabilities:3": "精神"}
    assert lacking_of([row.faults]) == {"category": 1}


@pytest.mark.parametrize(
    ("cap", "asks"), [("0円", {"category": 1}), ("4,600円", {}), ("9,300円", {})]
)
@pytest.mark.django_db
def test_the_category_of_0_yen_is_asked_of_nobody_with_another_cap(mover, cap, asks):
    (row,) = mover.look(person(mover.on, 1, cap_yen=cap))
    assert lacking_of([row.faults]) == asks


@pytest.mark.django_db
def test_the_same_file_handed_in_again_unread_lies_here_once(mover):
    body = workbook_of(person(mover.on, 1))
    for _again in range(3):
        mover.hand_in(body)
    assert MoveIn.objects.filter(is_aside=False).count() == 1
    mover.tell_columns()
    mover.hand_in(body)
    assert MoveIn.objects.filter(is_aside=False).count() == 2
    assert mover.client.get(reverse("move_ins")).context["waiting"].count() == 2


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("個別支援計画／期間", "plan_from"),
        ("計画／長期目標", "plan_goal"),
        ("計画／短期目標", "plan_goal"),
    ],
)
def test_headings_of_the_plan_are_guessed(heading, field):
    assert guess([heading, "計画／作成日"], NAMES).get(field) == 0


def test_one_end_that_is_a_month_is_told_as_one_day():
    assert "1日とします" in whole_months(["計画の開始日"], [])
    assert "末日" not in whole_months(["計画の開始日"], [])
    assert "末日とします" in whole_months([], ["計画の見直し期限"])
