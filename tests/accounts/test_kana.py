"""ふりがな of staff: asked, folded, sorted by; an invitation asks for the role before the place."""

import pytest
from django.urls import reverse

from teikyaku.accounts.actions.membership import user_with
from teikyaku.accounts.models import AuditEvent, User
from teikyaku.accounts.roles import ROLE_SCOPES, Role
from teikyaku.clock import today
from teikyaku.desk.takeout.values import without_outsiders
from tests.accounts.test_coming_and_going import enter

ERROR = 422


@pytest.fixture
def admin(client, cast):
    enter(client, cast.members["admin"])
    return cast.members["admin"]


def invite(client, **changes):
    data = {
        "roles": ["billing"], "email": "new@example.jp", "name": "中原 たまき", "kana": "ﾅｶﾊﾗ　タマキ",
        "starts_on": today().isoformat(),
    }  # fmt: skip
    return client.post(reverse("invite"), data | changes)


def test_a_reading_is_folded_and_the_list_is_sorted_by_it(client, cast, admin):
    assert invite(client, office=cast.office.pk).status_code == 302
    person = User.objects.get(email="new@example.jp")
    assert person.kana == "なかはら たまき"
    url = reverse("user_edit", args=[cast.user("worker").public_id])
    worker = cast.user("worker")
    data = {"email": worker.email, "name": worker.name, "kana": "あおき はるか"}
    assert client.post(url, data).status_code == 302
    shown = [row.user.kana for row in client.get(reverse("people")).context["rows"]]
    assert shown == sorted(shown)
    assert shown[-2:] == ["あおき はるか", "なかはら たまき"]
    found = client.get(reverse("people") + "?q=ナカハラ").context["rows"]
    assert [row.user for row in found] == [person]


def test_letters_are_no_reading(client, cast, admin):
    answer = invite(client, office=cast.office.pk, kana="Nakahara")
    assert "kana" in answer.context["form"].errors


def test_a_second_invitation_fills_a_missing_reading_and_changes_none(cast):
    email = cast.user("worker").email
    assert user_with(email=email, name="x", kana="アオキ").kana == "あおき"
    assert user_with(email=email, name="x", kana="べつ").kana == "あおき"


def test_ones_own_reading(client, cast):
    enter(client, cast.members["worker"])
    assert client.post(reverse("own_kana"), {"kana": "アオキ"}).status_code == 302
    assert "あおき" in client.get(reverse("my_account")).content.decode()
    assert AuditEvent.objects.filter(verb="own_kana_changed").count() == 1


def test_the_role_comes_first_and_each_says_where_it_is_held(client, cast, admin):
    page = client.get(reverse("invite"))
    assert list(page.context["form"].fields)[:3] == ["roles", "office", "municipality"]
    text = page.content.decode()
    for scope in set(ROLE_SCOPES.values()):
        assert text.count(f'data-scope="{scope.value}"') == sum(
            ROLE_SCOPES[role] is scope for role in Role
        )


@pytest.mark.parametrize(
    ("roles", "field"), [(["billing"], "office"), (["ward_officer"], "municipality")]
)
def test_a_place_that_is_missing_is_told_at_its_field(client, cast, admin, roles, field):
    answer = invite(client, roles=roles)
    assert answer.status_code == ERROR
    assert list(answer.context["form"].errors) == [field]


def test_staff_of_another_place_goes_out_without_its_reading(cast):
    User.objects.filter(pk=cast.user("officer").pk).update(kana="せがわ ともや")
    row = User.objects.filter(pk=cast.user("officer").pk).values().get()

    class Nobody:
        users: frozenset[int] = frozenset()
        office = cast.office

    told = without_outsiders(User, row, Nobody())
    assert (told["kana"], told["name"] != row["name"]) == ("", True)
