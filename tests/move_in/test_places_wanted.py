"""A municipality that nobody has registered: told to who moves in and to who registers; nothing is lost."""

from datetime import timedelta

import pytest
from django.urls import reverse

from plans.forms.move_in_cells import Book
from plans.forms.move_in_mend import paid_by
from plans.models import MoveInRow
from plans.queries.move_in_places import UnknownPlace, places_wanted
from plans.rules.move_in_periods import ends_of
from plans.rules.network_before import read_months
from teikyaku.accounts.models import Municipality
from teikyaku.desk.queries.system_desk import system_desk
from tests.sheets import person, workbook_of

State = MoveInRow.State
CODE = "999016"  # nobody's number, with its check digit


def register(name):
    Municipality.objects.create(code=CODE, name=name, kana="かくうし")


def page(mover):
    return mover.client.get(reverse("move_in_page", args=[mover.move_in.public_id]))


def wanted(mover, later=timedelta()):
    return [(each.name, each.offices) for each in places_wanted(mover.who["at"] + later)]


@pytest.mark.django_db
def test_what_waits_for_a_municipality_comes_in_once_it_is_registered(mover):
    (row,) = mover.look(person(mover.on, 1, municipality="架空市"))
    assert row.state == State.NEW
    answer = page(mover)
    assert answer.context["unknown_places"] == [UnknownPlace("架空市", 1, 5)]
    assert reverse("move_in_place", args=[mover.move_in.public_id, 5]) in answer.content.decode()
    assert wanted(mover) == [("架空市", (mover.office.name,))]
    (line,) = system_desk(mover.who["at"]).wanted
    assert (line.label, line.url) == ("架空市", reverse("municipality_new"))
    register("架空市")
    assert wanted(mover) == []
    mover.post("move_in_again")
    assert page(mover).context["unknown_places"] == []
    mover.post("move_in_import")
    (held,) = mover.people()[0].client.decisions.all()
    assert held.municipality.code == CODE


@pytest.mark.django_db
def test_the_same_file_brings_what_was_left_out_after_the_import(mover):
    body = workbook_of(person(mover.on, 1, municipality="架空市"))
    for _again in range(2):
        mover.hand_in(body)
        mover.tell_columns()
        mover.post("move_in_import")
        (enrolment,) = mover.people()
        assert (
            enrolment.client.decisions.exists() == Municipality.objects.filter(code=CODE).exists()
        )
        if not enrolment.client.decisions.exists():
            assert wanted(mover) == [("架空市", (mover.office.name,))]
            register("架空市")
    assert [each.municipality.code for each in enrolment.client.decisions.all()] == [CODE]


@pytest.mark.django_db
@pytest.mark.parametrize("is_imported", [False, True])
def test_a_file_of_weeks_ago_waits_for_no_municipality(mover, is_imported):
    mover.look(person(mover.on, 1, municipality="架空市"))
    if is_imported:
        mover.post("move_in_import")
    assert wanted(mover) == wanted(mover, timedelta(days=13)) != []
    assert wanted(mover, timedelta(days=16)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_wards_bring_their_city_along(mover, django_assert_num_queries, count):
    city = Municipality.objects.create(code="991007", name="架空大市", kana="かくう", kind="city")
    for nth in range(count):
        Municipality.objects.create(
            code=f"99101{nth}", name=f"{nth}区", kana="く", kind="ward", city=city
        )
    mover.look(person(mover.on, 1, municipality="架空市"))
    with django_assert_num_queries(2):
        assert wanted(mover)
    with django_assert_num_queries(1):
        choices = paid_by({}).choices
    assert len(choices) > count
    assert f"架空大市{count - 1}区" in dict(choices).values()


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["試験 太郎", "市", "0900000001", "中村"])
def test_nothing_but_names_of_places_is_shown_to_who_registers(mover, text):
    mover.look(person(mover.on, 1, municipality=text))
    assert page(mover).context["unknown_places"] == [UnknownPlace(text, 1, 5)]
    assert wanted(mover) == []


@pytest.mark.parametrize(
    ("text", "told"), [("999017", "検査用"), (CODE, "仮に登録"), ("架空市", "仮に登録")]
)
def test_a_slip_in_the_number_of_a_municipality_is_told_as_one(text, told):
    with pytest.raises(Exception, match=told):
        Book([], [], {}).ward(text)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("R7.10.1から1年", ("R7.10.1", "2026-09-30")), ("R7.10.1～6か月間", ("R7.10.1", "2026-03-31")),
        ("2024-02-29から１年間", ("2024-02-29", "2025-02-28")), ("10月から1年", None),
    ],
)  # fmt: skip
def test_a_period_by_its_length_has_its_last_day(text, ends):
    assert ends_of(text) == ends


@pytest.mark.parametrize("text", ["R8.6に1回", "R8.6（1回）", "令和8年6月に1回"])
def test_a_month_of_one_meeting_of_the_network_is_that_month(text):
    assert read_months(text).text == "2026-06"
