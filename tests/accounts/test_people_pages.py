"""職員 and 所属 by the system administrator: found, corrected, invited again, let go and back."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from teikyaku.accounts.actions import membership as actions
from teikyaku.accounts.actions.outbox import send_waiting
from teikyaku.accounts.actions.second_factor import confirm_reset, request_reset, withdraw_reset
from teikyaku.accounts.invitations import absolute_link
from teikyaku.accounts.models import AuditEvent, Membership, OutboxMail
from teikyaku.clock import now, today
from tests.accounts.test_coming_and_going import enter
from tests.cast import PASSWORD

ERROR = 422


@pytest.fixture
def admin(client, cast):
    enter(client, cast.members["admin"])
    return cast.members["admin"]


def invite(cast, email="new@example.jp", **changes):
    facts = {
        "email": email, "name": "新人", "roles": ["billing"], "office": cast.office,
        "starts_on": today(), "link_of": absolute_link, "by": cast.members["admin"], "at": now(),
    }  # fmt: skip
    return actions.invite(**{**facts, **changes})


@pytest.mark.parametrize(
    ("query", "expected"),
    [("?q=worker", {"worker"}), ("?q=中央区", {"officer"}), ("?show=outside", {"gone"})],
)
def test_people_are_found_by_name_address_and_place(client, cast, admin, query, expected):
    rows = client.get(reverse("people") + query).context["rows"]
    found = {row.user.email.split("@")[0] for row in rows}
    assert expected <= found
    assert "billing" not in found


def test_an_invitation_is_sent_again_and_only_while_it_waits(client, cast, admin):
    member = invite(cast)
    send_waiting(at=now())
    url = reverse("invitation_resend", args=[member.public_id])
    assert client.post(url).status_code == 302
    assert len(mail.outbox) == 2
    actions.accept_invitation(user=member.user, password="a-long-strange-word-9", at=now())
    client.post(url)
    assert send_waiting(at=now()).sent == 0


def test_a_sent_link_is_not_kept(cast):
    invite(cast)
    assert "/accounts/invitation/" in OutboxMail.objects.get().body
    assert send_waiting(at=now()).sent == 1
    assert OutboxMail.objects.get().body == ""
    assert "/accounts/invitation/" in mail.outbox[0].body


def test_a_mail_that_fails_waits_and_stops_no_other(cast, monkeypatch):
    invite(cast, "one@example.jp")
    invite(cast, "two@example.jp")

    def send(subject, body, sender, to):
        if to == ["one@example.jp"]:
            raise OSError("server says no to one@example.jp")

    monkeypatch.setattr("teikyaku.accounts.actions.outbox.send_mail", send)
    result = send_waiting(at=now())
    assert (result.sent, result.failed) == (1, 1)
    assert OutboxMail.objects.get(sent_at=None).recipient.email == "one@example.jp"


def test_a_waiting_invitations_address_is_corrected(client, cast, admin):
    user = invite(cast, "mistypd@example.jp").user
    url = reverse("user_edit", args=[user.public_id])
    taken = {"email": cast.user("billing").email.upper(), "name": "新 氏名"}
    answer = client.post(url, taken)
    assert answer.status_code == ERROR
    assert "email" in answer.context["form"].errors
    assert "新 氏名" in answer.content.decode()
    assert client.post(url, {"email": "Moved@Example.jp", "name": "新 氏名"}).status_code == 302
    assert EmailAddress.objects.get(user=user).email == "moved@example.jp"


def test_nobody_moves_a_living_account_to_another_mailbox(client, cast, admin):
    user = cast.user("worker")
    url = reverse("user_edit", args=[user.public_id])
    answer = client.post(url, {"email": "evil@example.jp", "name": "職員 worker"})
    assert "変えられません" in str(answer.context["form"].errors["email"])
    assert client.post(url, {"email": user.email, "name": "新しい 姓"}).status_code == 302
    user.refresh_from_db()
    assert (user.name, user.email) == ("新しい 姓", "worker@cast.example.jp")


def test_an_administrator_opens_no_door_for_themselves(client, cast, admin):
    data = {"email": admin.user.email, "name": "自分", "roles": ["office_manager"],
            "office": cast.office.pk, "starts_on": today().isoformat()}  # fmt: skip
    answer = client.post(reverse("invite"), data)
    assert "自分の所属" in str(answer.context["form"].errors)
    assert Membership.objects.filter(user=admin.user).count() == 1
    with pytest.raises(ValidationError, match="自分の所属"):
        actions.change_roles(
            membership=admin, roles=["system_admin"], starts_on=today() + timedelta(days=1),
            by=admin, at=now(),
        )  # fmt: skip


def test_a_city_officer_works_in_the_city_and_a_ward_officer_in_a_ward(client, cast, admin):
    ward, city = cast.wards[0], cast.wards[0].city
    for role, place in (("city", ward), ("ward_officer", city)):
        data = {"email": "x@example.jp", "name": "x", "roles": [role],
                "municipality": place.pk, "starts_on": today().isoformat()}  # fmt: skip
        assert "municipality" in client.post(reverse("invite"), data).context["form"].errors


def test_inviting_sends_the_link_at_once_and_says_into_which_place(client, cast, admin):
    data = {"email": "now@example.jp", "name": "すぐ 人", "roles": ["billing"],
            "office": cast.office.pk, "starts_on": today().isoformat()}  # fmt: skip
    page = client.post(reverse("invite"), data, follow=True).content.decode()
    assert "送りました" in page
    assert cast.office.name in mail.outbox[0].body
    assert admin.user.name in mail.outbox[0].body


def test_the_invitation_is_sent_again_from_the_page_itself(cast):
    member = invite(cast)
    strict = Client(enforce_csrf_checks=True)
    enter(strict, cast.members["admin"])
    page = strict.get(reverse("people")).content.decode()
    url = reverse("invitation_resend", args=[member.public_id])
    token = re.search(rf'action="{url}"><input[^>]+value="([^"]+)"', page)[1]
    assert strict.post(url, {"csrfmiddlewaretoken": token}).status_code == 302


def test_nobody_changes_the_own_address(client, cast):
    enter(client, cast.members["worker"])
    answer = client.post(
        reverse("account_email"), {"email": "mine@example.jp", "action_add": "1"}, follow=True
    )
    assert "システム管理者" in answer.content.decode()
    assert not EmailAddress.objects.filter(email="mine@example.jp").exists()


def test_who_was_let_go_comes_back_the_same_day_but_not_before(cast):
    worker = cast.members["worker"]
    actions.end_membership(membership=worker, by=cast.members["admin"], at=now())
    with pytest.raises(ValidationError) as error:
        invite(cast, worker.user.email, starts_on=today() - timedelta(days=3))
    assert "starts_on" in error.value.message_dict
    again = invite(cast, worker.user.email)
    assert again.is_in_force(today())


def test_ended_roles_cannot_be_changed(client, cast, admin):
    worker = cast.members["worker"]
    actions.end_membership(membership=worker, by=admin, at=now())
    later = (today() + timedelta(days=1)).isoformat()
    url = reverse("membership_roles", args=[worker.public_id])
    answer = client.post(url, {"roles": ["billing"], "starts_on": later})
    assert answer.status_code == ERROR
    assert "終わっています" in str(answer.context["form"].errors["starts_on"])


def test_one_administrator_row_at_a_time(cast):
    with pytest.raises(ValidationError):
        invite(cast, cast.user("admin").email, roles=["system_admin"], office=None)
    assert Membership.objects.filter(user=cast.user("admin")).count() == 1


def test_a_reset_can_be_withdrawn_and_then_not_confirmed(client, cast):
    user, one, two = cast.user("worker"), cast.members["admin"], cast.members["admin2"]
    TOTP.activate(user, generate_totp_secret())
    reset = request_reset(user=user, reason="紛失", by=one, at=now())
    enter(client, one)
    assert "別の管理者の確認を待っています" in client.get(reverse("people")).content.decode()
    assert client.post(reverse("reset_withdraw", args=[reset.public_id])).status_code == 302
    with pytest.raises(ValidationError, match="取り下げ"):
        confirm_reset(reset=reset, by=two, at=now())
    with pytest.raises(ValidationError, match="取り下げ"):
        withdraw_reset(reset=reset, by=two, at=now())
    assert Authenticator.objects.filter(user=user).exists()
    request_reset(user=user, reason="もう一度", by=one, at=now())


def test_a_factor_taken_off_is_asked_for_again_at_once(client, cast, settings):
    settings.SECOND_FACTOR_ROLES = ["support_worker"]
    TOTP.activate(cast.user("worker"), generate_totp_secret())
    enter(client, cast.members["worker"])
    assert client.get(reverse("client_list")).status_code == 200
    Authenticator.objects.all().delete()
    assert client.get(reverse("client_list")).status_code == 302


def test_sign_ins_and_refused_ones_are_on_file_without_the_address(client, cast):
    login = reverse("account_login")
    client.post(login, {"login": cast.user("worker").email, "password": "wrong-wrong-12"})
    client.post(login, {"login": "nobody@example.jp", "password": "wrong-wrong-12"})
    client.post(login, {"login": cast.user("worker").email, "password": PASSWORD})
    lines = AuditEvent.objects.filter(verb__startswith="sign").order_by("pk")
    assert [(line.verb, line.user) for line in lines] == [
        ("sign_in_refused", cast.user("worker")), ("sign_in_refused", None),
        ("signed_in", cast.user("worker")),
    ]  # fmt: skip
