"""Slips of the counter that are told at once, at their field, with everything typed still there."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import Disability, Residence
from plans.actions.completion import Ticked, tick_documents
from plans.models import Application, ApplicationDocument, Decision
from plans.queries.completion import open_points
from plans.queries.queue import Turn, queue, queue_rows
from tests.ward.conftest import ERROR


def receive(counter, **changes):
    data = {
        "name": "新規 太郎", "kana": "しんき たろう", "birth_date": "H3.4.5", "address": "架空町1-1",
        "kind": "new", "received_on": counter.on, "received_place": "ward_office", **changes,
    }  # fmt: skip
    return counter.client.post(reverse("admin:application_new"), data)


@pytest.mark.parametrize("typed", ["架空町1-1", "新潟市中央区架空町1-1", "中央区 架空町1-1"])
def test_the_paper_writes_city_and_ward_once(counter, typed):
    assert counter.cast.wards[2].full_name == "新潟市中央区"
    assert receive(counter, address=typed).status_code == 302
    home = Residence.objects.get(client=Application.objects.latest("pk").client)
    assert home.address == "架空町1-1"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("新潟市西区架空町1", "西区の住所です"),
        ("西区架空町1", "西区の住所です"),
        ("新潟市中央区", "町名"),
    ],
)
def test_another_wards_address_is_a_slip(counter, typed, words):
    answer = receive(counter, address=typed)
    assert answer.status_code == ERROR
    assert words in str(answer.context["form"].errors["address"])


def test_all_that_is_wrong_with_an_application_is_told_at_once(counter):
    answer = receive(counter, received_on=counter.on + timedelta(days=1), birth_date="2/30")
    assert set(answer.context["form"].errors) == {"received_on", "birth_date"}


def test_all_that_is_wrong_with_a_grant_is_told_at_once(counter):
    row = counter.heard()
    data = counter.grant_data(
        number="12345678901", decided_on=counter.on - timedelta(days=7),
        ends_on=counter.on + timedelta(days=900), category="low_income", cap_yen="9300",
    )  # fmt: skip
    answer = counter.post("decision_grant", row, data)
    assert answer.status_code == ERROR
    assert set(answer.context["form"].errors) == {"number", "decided_on", "ends_on", "cap_yen"}
    assert "12345678901" in answer.content.decode()
    assert not Decision.objects.filter(application=row).exists()


def test_what_is_open_is_told_before_the_grant(counter):
    row = counter.heard()
    page = counter.client.get(reverse("admin:decision_grant", args=[row.public_id]))
    assert "書類をまだ確かめていません" in page.content.decode()
    assert "障害種別の記録がありません" in page.content.decode()
    Disability.objects.create(
        client=row.client, kind="mental", starts_on=counter.on, recorded_by=counter.officer,
        recorded_at=counter.who["at"],
    )  # fmt: skip
    ticked = [
        Ticked(kind, counter.on) if kind == "form" else Ticked(kind, is_waived=True)
        for kind in ApplicationDocument.Kind.values
    ]
    tick_documents(application=row, ticked=ticked[1:], **counter.who)
    assert [each.text for each in open_points(row, counter.on)] == [
        "そろっていない書類：支給申請書"
    ]
    tick_documents(application=row, ticked=ticked, **counter.who)
    assert open_points(row, counter.on) == []


def test_the_queue_shows_ones_own_turn_first_and_the_longest_wait_on_top(counter):
    slow = counter.heard(name="遅い", kana="おそい")
    other = counter.received(name="新しい", kana="あたらしい")
    Application.objects.filter(pk=other.pk).update(received_on=counter.on - timedelta(days=3))
    waits = counter.heard(name="案まち", kana="あんまち")
    waits.service_use_plans.all().delete()
    own = Application.objects.filter(pk__in=[slow.pk, other.pk, waits.pk])
    rows = queue_rows(queue(own, counter.on), counter.on)
    assert [row.application for row in rows] == [slow, other, waits]
    assert [row.turn for row in rows] == [Turn.WARD, Turn.WARD, Turn.CONSULTATION]
    assert [row.waiting_days for row in rows] == [5, 3, 10]
    assert [row.since for row in rows] == ["計画案", "申請", "聞き取り調査"]


def test_a_household_that_contradicts_itself_is_told_beside_the_category(counter):
    row = counter.heard()
    data = {
        "first_month": counter.on.isoformat()[:7], "receives_public_assistance": "true",
        "is_taxed": "true", "income_levy_yen": "200000",
    }  # fmt: skip
    assert counter.post("ward_household_new", row, data).status_code == 302
    page = counter.client.get(reverse("admin:application_page", args=[row.public_id]))
    assert page.context["category"].cap_yen == 0
    notice = page.content.decode().partition("負担の区分</h2>")[2].partition("<details")[0]
    assert "市民税の課税もあると書かれています" in notice
