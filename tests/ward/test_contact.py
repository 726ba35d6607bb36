"""連絡先 of an application and the list of applications: by kind and outcome, with the number."""

from datetime import timedelta

import pytest
from django.urls import reverse

from plans.actions.completion import ask_completion
from plans.actions.file_transfer import Received
from plans.models import Application, FileTransfer
from tests.ward.conftest import ERROR

NEW = {
    "name": "窓口 次郎", "kana": "まどぐち じろう", "birth_date": "1992-02-02", "address": "架空町9",
    "received_place": "ward_office", "contact_phone": "０９０－００００－１２３４", "contact_name": "母",
}  # fmt: skip


def receive(counter, **changes):
    data = {**NEW, "received_on": counter.on.isoformat(), **changes}
    return counter.client.post(reverse("admin:application_new"), data)


def shown(counter, query=""):
    return counter.client.get(reverse("admin:application_list") + query)


def test_a_number_is_kept_shown_and_rung_up(counter):
    assert receive(counter).status_code == 302
    row = Application.objects.get(contact_name="母")
    assert row.contact_phone == "090-0000-1234"
    page = counter.client.get(reverse("admin:application_page", args=[row.public_id]))
    assert 'href="tel:090-0000-1234"' in page.content.decode()
    waiting = reverse("admin:index") + "?turn=all"
    assert "090-0000-1234" not in counter.client.get(waiting).content.decode()
    ask_completion(application=row, asked_on=counter.on, wanted="証明書", **counter.who)
    assert 'href="tel:090-0000-1234"' in counter.client.get(waiting).content.decode()


def test_a_person_without_a_number_is_asked_for_it(counter):
    answer = receive(counter, contact_phone="", received_on="13月")
    assert answer.status_code == ERROR
    assert {"contact_phone", "received_on"} <= set(answer.context["form"].errors)


def test_a_number_is_corrected(counter):
    row = counter.received(contact_phone="090-0000-0001")
    data = {
        "received_on": row.received_on.isoformat(), "received_place": row.received_place,
        "contact_phone": "090-0000-0002", "contact_name": "", "reason": "打ち間違い",
    }  # fmt: skip
    assert counter.post("application_correct", row, data).status_code == 302
    row.refresh_from_db()
    assert row.contact_phone == "090-0000-0002"


def test_a_correction_asks_for_the_number_as_the_counter_does(counter):
    row = counter.received(contact_phone="090-0000-0001")
    data = {
        "received_on": row.received_on.isoformat(), "received_place": row.received_place,
        "contact_phone": "", "contact_name": "母", "reason": "番号が違った",
    }  # fmt: skip
    answer = counter.post("application_correct", row, data)
    assert answer.status_code == ERROR
    assert list(answer.context["form"].errors) == ["contact_phone"]
    # Both together may go: then nobody is rung up.
    assert counter.post("application_correct", row, {**data, "contact_name": ""}).status_code == 302


def test_a_request_of_before_the_number_is_still_read():
    kept = {
        "kind": "new", "received_on": "2026-10-01", "received_place": "ward_office",
        "handed_in_by": "", "address": "架空町1", "is_protected": False,
    }  # fmt: skip
    assert Received.of(FileTransfer(received=kept)).contact_phone == ""


def test_a_new_person_is_not_asked_for_the_kind(counter):
    empty = counter.client.get(reverse("admin:application_new"))
    assert "kind" not in empty.context["form"].fields
    receive(counter, kind="renewal")
    assert Application.objects.get(contact_name="母").kind == Application.Kind.NEW


def test_who_looks_the_same_is_asked_for_it_and_another_one_has_nothing_to_renew(counter):
    receive(counter)
    asked = receive(counter)
    assert {"kind", "known"} <= set(asked.context["form"].errors)
    another = receive(counter, known="another", kind="renewal")
    assert "新規" in str(another.context["form"].errors["kind"])
    assert receive(counter, known="another", kind="new").status_code == 302


@pytest.mark.parametrize(
    ("query", "count"), [("?kind=renewal", 1), ("?kind=new", 2), ("?kind=new&outcome=granted", 1)]
)
def test_the_list_is_narrowed_by_kind_and_outcome(counter, query, count):
    before = len(shown(counter, query).context["rows"])
    counter.granted(number="1234567899")
    counter.received(kana="ふたり", name="二人 目")
    counter.received(kana="さんにん", name="三人 目", kind="renewal")
    rows = shown(counter, query).context["rows"]
    assert len(rows) - before == count
    tabs = shown(counter, query + "&q=あ").context["tabs"]
    assert all("kind=" in tab["url"] and "q=" in tab["url"] for tab in tabs)


def test_the_list_shows_the_certificate_number(counter):
    counter.granted(number="1234567899")
    assert "1234567899" in [number for _row, _name, number in shown(counter).context["rows"]]


def test_an_unknown_kind_asks_for_nothing(counter):
    counter.received(received_on=counter.on - timedelta(days=1))
    assert len(shown(counter, "?kind=zzz").context["rows"]) == len(shown(counter).context["rows"])
