"""関係機関: registered by whoever has to choose one, then chosen everywhere."""

import pytest
from django.urls import reverse

from clients.models import Organisation
from tests.accounts.test_coming_and_going import enter


@pytest.fixture
def facts(cast):
    return {
        "kind": "consultation", "name": " 架空相談室 ", "number": "１５３１１００００１",
        "phone": "025-000-1111", "address": "架空町1", "areas": [cast.wards[2].pk],
    }  # fmt: skip


def test_a_ward_registers_one_and_chooses_it(client, cast, facts):
    enter(client, cast.members["officer"])
    assert client.post(reverse("organisation_new"), facts).status_code == 302
    row = Organisation.objects.get(name="架空相談室")
    assert (row.number, list(row.areas.all())) == ("1531100001", [cast.wards[2]])
    page = client.get(reverse("organisation_list") + "?q=架空相談").content.decode()
    assert "架空相談室" in page
    assert (
        "あてはまる関係機関はありません"
        in client.get(reverse("organisation_list") + "?q=ない名前").content.decode()
    )


def test_the_same_name_twice_and_a_short_number_are_told(client, cast, facts):
    enter(client, cast.members["admin"])
    assert client.post(reverse("organisation_new"), facts).status_code == 302
    again = client.post(reverse("organisation_new"), {**facts, "address": "別の所"})
    assert again.status_code == 422
    assert "登録済み" in str(again.context["form"].errors)
    assert "別の所" in again.content.decode()
    short = client.post(reverse("organisation_new"), {**facts, "name": "別", "number": "12"})
    assert "10桁" in str(short.context["form"].errors["number"])
    assert Organisation.objects.filter(kind="consultation").count() == 1


def test_a_wrong_name_is_mended_for_everybody(client, cast, facts):
    enter(client, cast.members["manager"])
    client.post(reverse("organisation_new"), {**facts, "kind": "centre"})
    row = Organisation.objects.get()
    url = reverse("organisation_edit", args=[row.public_id])
    assert client.get(url).context["form"]["areas"].value()
    changed = {**facts, "kind": "centre", "name": "架空センター", "areas": []}
    assert client.post(url, changed).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.areas.count()) == ("架空センター", 0)


@pytest.mark.parametrize("alike", ["架空　相談室", "架空 相談室"])
def test_a_name_that_differs_by_a_blank_is_asked_about(client, cast, facts, alike):
    enter(client, cast.members["officer"])
    assert client.post(reverse("organisation_new"), facts).status_code == 302
    answer = client.post(reverse("organisation_new"), {**facts, "name": alike, "address": "残る"})
    assert answer.status_code == 422
    assert "架空相談室" in str(answer.context["form"].errors["name"])
    assert "残る" in answer.content.decode()
    meant = {**facts, "name": alike, "is_another": "on"}
    assert client.post(reverse("organisation_new"), meant).status_code == 302
    # Nothing is asked of one that keeps its name, nor of another kind.
    row = Organisation.objects.get(name="架空相談室")
    kept = {**facts, "phone": "025-000-2222"}
    url = reverse("organisation_edit", args=[row.public_id])
    assert client.post(url, kept).status_code == 302
    assert client.post(reverse("organisation_new"), {**facts, "kind": "centre"}).status_code == 302
