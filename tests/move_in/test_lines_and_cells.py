"""Cells merged over two lines, cards with a period in three cells, months of the service, codes of 担当."""

import pytest

from plans.models import MoveInRow
from plans.move_in_columns import NAMES
from plans.rules.move_in_cards import card_of
from plans.rules.move_in_words import category_and_sum, service_word
from tests.sheets import person

State = MoveInRow.State


@pytest.mark.django_db
def test_a_line_that_says_nothing_more_than_the_one_above_comes_in_once(mover):
    papers = dict.fromkeys(
        ("granted_from", "granted_until", "issued_on", "cap_yen", "signed_on", "use_from"), ""
    )
    first, bare = mover.look(person(mover.on, 1), person(mover.on, 1, **papers))
    assert (first.state, bare.state, bare.faults) == (State.NEW, State.LEFT_OUT, [])
    mover.post("move_in_import")
    assert len(mover.people()) == 1


@pytest.mark.django_db
def test_a_line_with_one_value_of_its_own_is_no_copy(mover):
    _first, second = mover.look(person(mover.on, 1, phone=""), person(mover.on, 1, note=""))
    assert second.state != State.LEFT_OUT


@pytest.mark.django_db
def test_the_month_of_the_service_before_the_job_is_enough(mover):
    (row,) = mover.look(person(mover.on, 1, service_from="2020/4", service_until="2021/10"))
    assert row.faults == []
    assert any("サービスの開始日" in text and "1日とします" in text for text in row.warnings)
    mover.post("move_in_import")
    service = mover.people()[0].client.prior_services.get()
    assert (str(service.starts_on), str(service.ends_on)) == ("2020-04-01", "2021-10-31")
    assert not service.is_provisional


@pytest.mark.django_db
def test_codes_of_staff_are_asked_once_for_all(mover):
    mover.look(person(mover.on, 1, staff="001"), person(mover.on, 2, staff="001"))
    url = mover.move_in.public_id
    page = mover.client.get(f"/start/people/{url}/")
    (field,) = [f for f in page.context["answers_form"] if f.name == "word:staff:001"]
    assert (mover.head.user.email, mover.head.user.name) in field.field.choices
    mover.post("move_in_answers", **{"word:staff:001": mover.head.user.email})
    mover.post("move_in_import")
    assert {each.assignments.get().staff for each in mover.people()} == {mover.head}


def test_a_period_in_three_cells_of_a_card_is_one():
    rows = [
        (1, ["氏名", "架空　太郎"]), (2, ["ふりがな", "かくう たろう"]), (3, ["生年月日", "H1.1.1"]), (4, ["就職先", "架空商店"]),
        (5, ["支給決定期間", "R8.1.1", "～", "R8.12.31", "受給者証番号", "1500000001"]),
    ]  # fmt: skip
    card = card_of(rows, NAMES)
    assert card["支給決定期間"] == "R8.1.1～R8.12.31"
    assert card["受給者証番号"] == "1500000001"
    assert "～" not in card


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0(低)", ("低所得", "0")),
        ("0（生保）", ("生活保護", "0")),
        ("9300(一般1)", ("一般1", "9300")),
    ],
)
def test_a_sum_with_a_short_category_says_both(text, found):
    assert category_and_sum(text) == found


def test_a_service_named_as_its_office_is_read():
    assert service_word("就労移行支援事業所") == "就労移行支援"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "〒950-0001 新潟市中央区架空町1-1",
        "9500001 新潟市中央区架空町1-1",
        "950－0001　新潟市中央区架空町1-1",
    ],
)
def test_the_postal_code_before_an_address_comes_in(mover, address):
    body = csv_with(mover, "住所", address)
    mover.hand_in(body, "a.csv")
    mover.tell_columns()
    mover.post("move_in_import")
    home = mover.people()[0].client.residences.get()
    assert (home.postal_code, home.address) == ("950-0001", "架空町1-1")


def csv_with(mover, heading, text):
    """Name, kana and birth date, with one column more."""
    return f"氏名,ふりがな,生年月日,{heading}\n移行 一郎,いこう いちろう,S55.4.1,{text}\n".encode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"employer": "架空第二", "employed_on": "R8.2.31"},
        {"granted_from": "R9.4.1", "granted_until": "R9.3.32"},
    ],
)
def test_a_line_with_a_cell_that_cannot_be_read_is_no_copy(mover, wrong):
    """What leans on the cell is left out, and what is left says no more than the line above."""
    same = person(mover.on, 1)
    bare = {key: same[key] for key in ("name", "kana", "birth_date")}
    first, second = mover.look(same, bare | wrong)
    assert first.state == "new"
    assert second.state != "left_out"
    assert set(wrong.values()) & {fault[2] for fault in second.faults}


@pytest.mark.django_db
def test_a_line_that_tells_a_cap_of_nothing_is_no_copy(mover):
    same = person(mover.on, 1)
    (_first, second) = mover.look(same, person(mover.on, 1, cap_yen="0円（低所得）"))
    assert second.state != "left_out"
