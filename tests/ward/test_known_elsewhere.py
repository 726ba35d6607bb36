"""Somebody on file applies: their file stays where it lies until it is passed, their address moves."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import Client, Residence
from plans.models import Application, FileTransfer
from teikyaku.form_pages import STORED
from tests.accounts.test_coming_and_going import enter
from tests.ward.conftest import ERROR
from tests.ward.test_file_transfer import queue_of, url


def typed(two, person, **changes):
    """What an officer types at the counter, in words."""
    name = person.names.get()
    data = {
        "name": name.name, "kana": name.kana, "birth_date": person.birth_date.isoformat(),
        "known": str(person.public_id), "address": "架空町2", "kind": "new",
        "received_on": (two.on - timedelta(days=3)).isoformat(), "received_place": "ward_office",
        "handed_in_by": "母", **changes,
    }  # fmt: skip
    return two.client.post(reverse("admin:application_new"), data)


def withdraw(two, row):
    data = {"outcome": "withdrawn", "outcome_on": two.on.isoformat(), "reason": "取下げ"}
    assert two.post("application_end", row, data).status_code == 302


@pytest.fixture
def asked(two):
    """Somebody with a decision of one ward, who applies at another."""
    row = two.granted()
    enter(two.client, two.receiver)
    two.person, two.decision = row.client, row.decision
    return two


def test_another_wards_person_opens_only_when_their_file_is_passed(asked):
    day = {"moved_on": (asked.on - timedelta(days=9)).isoformat()}
    without = typed(asked, asked.person)
    assert without.status_code == ERROR
    assert f"{asked.cast.wards[2].name}に記録のある方です" in str(without.context["form"].errors)
    assert f"{asked.cast.wards[2].name}に記録があります" in without.content.decode()
    answer = typed(asked, asked.person, address="架空町77", **day)
    transfer = FileTransfer.objects.get()
    assert answer["Location"] == url("transfer_page", transfer) + STORED
    # Nothing of the file is open, and nothing is written.
    assert not Application.objects.filter(municipality=asked.there).exists()
    assert Residence.objects.filter(client=asked.person).count() == 1
    page = asked.client.get(answer["Location"]).content.decode()
    assert "相手の区の答えを待っています" in page
    assert "<h2>支給決定</h2>" not in page
    assert asked.client.get(url("decision_page", asked.decision)).status_code == 404
    assert asked.client.get(url("transfer_accept", transfer)).status_code == 404
    assert typed(asked, asked.person, **day).status_code == ERROR  # asked already

    assert "この区の答えを待っています" in queue_of(asked, asked.officer)
    shown = asked.client.get(url("decision_page", asked.decision)).content.decode()
    assert "記録を頼んでいます" in shown
    assert asked.client.post(url("transfer_accept", transfer), {}).status_code == 302
    row = Application.objects.latest("pk")
    assert row.municipality == asked.there
    assert (row.received_on, row.handed_in_by) == (asked.on - timedelta(days=3), "母")
    assert row.recorded_by == asked.receiver
    home = Residence.objects.get(client=asked.person, ends_on=None)
    assert (home.address, home.starts_on) == ("架空町77", asked.on - timedelta(days=9))
    enter(asked.client, asked.receiver)
    assert asked.client.get(url("application_page", row)).status_code == 200


def test_the_keeping_ward_may_say_no_and_the_asker_reads_why(asked):
    typed(asked, asked.person, moved_on=asked.on.isoformat())
    transfer = FileTransfer.objects.get()
    assert asked.client.get(url("transfer_decline", transfer)).status_code == 404
    enter(asked.client, asked.officer)
    assert asked.client.post(url("transfer_decline", transfer), {"reason": ""}).status_code == ERROR
    asked.client.post(url("transfer_decline", transfer), {"reason": "同じ名前の別の方です。"})
    enter(asked.client, asked.receiver)
    assert "別の方です" in asked.client.get(reverse("admin:transfer_list")).content.decode()
    assert "架空町2" not in asked.client.get(url("transfer_page", transfer)).content.decode()
    assert not Application.objects.filter(municipality=asked.there).exists()


def test_the_asker_may_take_it_back(asked):
    typed(asked, asked.person, moved_on=asked.on.isoformat())
    transfer = FileTransfer.objects.get()
    enter(asked.client, asked.officer)
    assert asked.client.post(url("transfer_withdraw", transfer)).status_code == 404
    enter(asked.client, asked.receiver)
    assert asked.client.post(url("transfer_withdraw", transfer)).status_code == 302
    transfer.refresh_from_db()
    assert transfer.outcome == "withdrawn"


def test_an_application_that_runs_comes_along_instead_of_a_second_one(two):
    row = two.heard()
    enter(two.client, two.receiver)
    typed(two, row.client, moved_on=two.on.isoformat())
    enter(two.client, two.officer)
    assert (
        two.client.post(url("transfer_accept", FileTransfer.objects.get()), {}).status_code == 302
    )
    assert Application.objects.get(client=row.client).municipality == two.there


def test_a_known_persons_new_address_has_a_day(counter):
    row = counter.received(employed_days_ago=300)
    person = row.client
    withdraw(counter, row)
    # Written otherwise, but the same.
    assert typed(counter, person, address="架空町　２").status_code == 302
    assert Residence.objects.filter(client=person).count() == 1
    withdraw(counter, Application.objects.get(client=person, outcome=""))
    answer = typed(counter, person, address="新しい町5")
    assert answer.status_code == ERROR
    assert "登録の住所と違います" in str(answer.context["form"].errors["moved_on"])
    assert "新しい町5" in answer.content.decode()
    moved_on = counter.on - timedelta(days=4)
    assert (
        typed(counter, person, address="新しい町5", moved_on=moved_on.isoformat()).status_code
        == 302
    )
    home = Residence.objects.get(client=person, ends_on=None)
    assert (home.address, home.starts_on) == ("新しい町5", moved_on)
    newest = Application.objects.filter(client=person).latest("pk")
    assert "新しい町5" in counter.client.get(url("application_page", newest)).content.decode()
    assert Client.objects.filter(birth_date=person.birth_date).count() == 1


def test_the_ward_records_a_new_home_and_a_new_name(counter):
    row = counter.granted()
    day = (counter.on - timedelta(days=2)).isoformat()
    wrong = counter.post("ward_home_new", row, {"address": "架空町8", "starts_on": "2/30"})
    assert wrong.status_code == ERROR
    assert "架空町8" in wrong.content.decode()
    home = {"address": "架空町8", "starts_on": day}
    assert counter.post("ward_home_new", row, home).status_code == 302
    name = {"name": "窓川 花子", "kana": "まどかわ はなこ", "starts_on": day}
    assert counter.post("ward_name_new", row, name).status_code == 302
    page = counter.client.get(url("application_page", row)).content.decode()
    assert "架空町8" in page
    assert "架空町8" in counter.client.get(url("decision_page", row.decision)).content.decode()
    assert "窓川 花子" in page
    Residence.objects.filter(client=row.client).update(is_protected=True)
    page = counter.client.get(url("application_page", row)).content.decode()
    assert "架空町8" not in page
    assert "見せない扱い" in page


def test_whoever_has_a_decision_asks_for_its_renewal(counter):
    row = counter.granted()
    answer = typed(counter, row.client)
    assert answer.status_code == ERROR
    assert "「更新」か「変更」" in str(answer.context["form"].errors["kind"])
    assert typed(counter, row.client, kind="renewal").status_code == 302
