"""ふりがな of staff: asked, folded, sorted by; an invitation asks for the role before the place."""

import re

import pytest
from django.urls import reverse

from teikyaku.accounts.actions.membership import user_with
from teikyaku.accounts.models import AuditEvent, Membership, User
from teikyaku.accounts.queries.membership import staff_of, staff_within
from teikyaku.accounts.roles import ROLE_SCOPES, Role
from teikyaku.clock import today
from teikyaku.desk.takeout.values import without_outsiders
from teikyaku.periods import Period
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


@pytest.mark.parametrize("reading", ["", "あおき"])
def test_a_second_invitation_changes_no_reading_of_anybody(cast, reading):
    """Any manager can write anybody's address on a list: a reading is the person's own to say."""
    users = User.objects.filter(email=cast.user("worker").email)
    users.update(kana=reading)
    user_with(email=cast.user("worker").email, name="x", kana="べつ")
    assert users.get().kana == reading


def test_whoever_is_chosen_from_stands_in_the_order_of_the_list(cast):
    """Among 会った職員 and 担当 as among 職員: by reading, not by the characters of the name."""
    on = cast.today
    User.objects.filter(pk=cast.user("worker").pk).update(kana="わだ", name="一番 目")
    User.objects.filter(pk=cast.user("manager").pk).update(kana="あべ", name="龍 崎")
    for staff in (staff_of(cast.office, on), staff_within(cast.office, Period(on, on))):
        users = [each.user_id for each in staff]
        places = [users.index(cast.user(name).pk) for name in ("billing", "manager", "worker")]
        assert places == sorted(places)


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


def test_a_place_that_went_out_of_sight_is_no_mistake(client, cast, admin):
    """The office was chosen, then the role changed to one of a ward."""
    ward = cast.wards[0]
    both = {"office": cast.office.pk, "municipality": ward.pk}
    assert invite(client, roles=["ward_officer"], **both).status_code == 302
    (member,) = Membership.objects.filter(user__email="new@example.jp")
    assert (member.office, member.municipality) == (None, ward)


def test_what_a_role_asks_for_is_not_called_optional(client, cast, admin):
    form = client.get(reverse("invite")).context["form"]
    for name, words in (("office", "事業所の役割"), ("municipality", "自治体の役割")):
        assert words in form[name].as_field_group()
        assert "任意" not in form[name].as_field_group()


def test_a_registered_address_is_told_before_anybody_gets_a_place(client, cast, admin):
    worker, ward = cast.user("worker"), cast.wards[0]
    sent = {"email": worker.email.upper(), "name": "新人 太郎", "roles": ["ward_officer"],
            "municipality": ward.pk}  # fmt: skip
    # Together with what else is wrong, and with whose address it is.
    told = invite(client, **{**sent, "municipality": ""})
    assert set(told.context["form"].errors) == {"email", "municipality"}
    assert worker.name in str(told.context["form"].errors["email"])
    assert cast.office.name in str(told.context["form"].errors["email"])
    assert not Membership.objects.filter(user=worker, municipality=ward).exists()
    (key,) = re.findall(r'name="known" value="([^"]*)"', told.content.decode())
    # What was told of one is no yes for another.
    other = invite(client, **{**sent, "email": cast.user("billing").email, "known": key})
    assert "email" in other.context["form"].errors
    assert invite(client, **sent, known=key).status_code == 302
    assert Membership.objects.filter(user=worker, municipality=ward).exists()
    worker.refresh_from_db()
    assert worker.name != "新人 太郎"


def test_the_search_says_that_it_takes_readings(client, cast, admin):
    assert "氏名・ふりがな" in client.get(reverse("people")).content.decode()
    User.objects.filter(pk=admin.user.pk).update(kana="かんり")
    assert "ふりがなを変える" in client.get(reverse("my_account")).content.decode()
