"""Invitation, switching, ending, second factor, first administrator."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from teikyaku.accounts.actions import membership as actions
from teikyaku.accounts.actions.second_factor import confirm_reset, request_reset
from teikyaku.accounts.invitations import absolute_link, link_path
from teikyaku.accounts.models import AuditEvent, Membership, OutboxMail, SecondFactorReset, User
from teikyaku.accounts.roles import ROLE_SCOPES, ROLE_TABLE, Permission, Role, permissions_of
from teikyaku.clock import now, today
from tests.cast import PASSWORD, make_member

BACKEND = "teikyaku.accounts.backends.EmailBackend"


def enter(client, member):
    client.force_login(member.user, backend=BACKEND)


def test_the_role_table_is_whole():
    assert set(ROLE_TABLE) == set(Role) == set(ROLE_SCOPES)
    assert set().union(*ROLE_TABLE.values()) == set(Permission)
    assert permissions_of(["nonsense"]) == frozenset()


def test_roles_add_up(cast):
    both = make_member("both", Role.SUPPORT_WORKER, Role.BILLING, office=cast.office)
    assert both.may(Permission.INTERVIEW_WRITE)
    assert both.may(Permission.MONTH_CLOSE)
    assert not cast.members["worker"].may(Permission.MONTH_CLOSE)


def test_the_system_administrator_sees_no_client(client, cast):
    enter(client, cast.members["admin"])
    page = reverse("client_page", args=[cast.enrolment.client.public_id])
    assert client.get(page).status_code == 403


def test_nobody_gets_in_from_the_moment_of_the_end(client, cast):
    worker = cast.members["worker"]
    enter(client, worker)
    page = reverse("client_page", args=[cast.enrolment.client.public_id])
    assert client.get(page).status_code == 200
    actions.end_membership(membership=worker, by=cast.members["admin"], at=now())
    assert client.get(page).status_code == 404
    assert "所属がありません" in client.get(reverse("home")).content.decode()


def test_a_membership_ends_with_its_last_day_in_tokyo(client, cast):
    worker = cast.members["worker"]
    worker.ends_on = today()
    worker.save()
    enter(client, worker)
    midnight = f"{today() + timedelta(days=1)}T00:30:00+09:00"
    assert client.get(reverse("client_list")).status_code == 200
    client.logout()
    with time_machine.travel(midnight, tick=False):
        enter(client, worker)
        assert client.get(reverse("client_list")).status_code == 404


def test_switching_between_two_offices(client, cast):
    worker = cast.members["worker"]
    second = Membership.objects.create(
        user=worker.user, office=cast.other_office, roles=["support_worker"], starts_on=today()
    )
    enter(client, worker)
    own = reverse("client_page", args=[cast.enrolment.client.public_id])
    foreign = reverse("client_page", args=[cast.foreign.client.public_id])
    assert (client.get(own).status_code, client.get(foreign).status_code) == (200, 404)
    client.post(reverse("switch_membership"), {"membership": str(second.public_id)})
    assert (client.get(own).status_code, client.get(foreign).status_code) == (404, 200)
    assert "よその事業所" in client.get(reverse("home")).content.decode()
    stranger = cast.members["outsider"].public_id
    answer = client.post(reverse("switch_membership"), {"membership": str(stranger)})
    assert answer.status_code == 404


def test_an_invitation_is_taken_once(client, cast):
    member = actions.invite(
        email="New@Example.JP", name="新人", roles=["billing"], office=cast.office,
        starts_on=today(), link_of=absolute_link, by=cast.members["admin"], at=now(),
    )  # fmt: skip
    path = link_path(member.user)
    weak = client.post(path, {"password": "short", "again": "short"})
    assert "12" in weak.content.decode()
    good = {"password": "a-long-strange-word-9", "again": "a-long-strange-word-9"}
    assert client.post(path, good).status_code == 302
    assert client.post(path, good).status_code == 410
    assert client.login(email="NEW@example.jp", password="a-long-strange-word-9")


def test_an_invitation_expires(client, cast):
    member = actions.invite(
        email="late@example.jp", name="遅い", roles=["billing"], office=cast.office,
        starts_on=today(), link_of=absolute_link, by=cast.members["admin"], at=now(),
    )  # fmt: skip
    path = link_path(member.user)
    assert client.get(path).status_code == 200
    with time_machine.travel(now() + timedelta(days=4)):
        assert client.get(path).status_code == 410


def test_mail_is_sent_once(cast):
    actions.invite(
        email="once@example.jp", name="一度", roles=["billing"], office=cast.office,
        starts_on=today(), link_of=absolute_link, by=cast.members["admin"], at=now(),
    )  # fmt: skip
    call_command("send_mail", stdout=StringIO())
    call_command("send_mail", stdout=StringIO())
    assert len(mail.outbox) == 1
    assert "once" not in mail.outbox[0].subject
    assert OutboxMail.objects.get().sent_at is not None


def test_the_same_place_twice_is_refused(cast):
    with pytest.raises(ValidationError) as error:
        actions.invite(
            email=cast.user("worker").email, name="x", roles=["billing"], office=cast.office,
            starts_on=today(), link_of=absolute_link, by=cast.members["admin"], at=now(),
        )  # fmt: skip
    assert "starts_on" in error.value.message_dict


def test_roles_that_do_not_fit_the_place_are_refused(cast):
    with pytest.raises(ValidationError) as error:
        actions.invite(
            email="x@example.jp", name="x", roles=["ward_officer"], office=cast.office,
            starts_on=today(), link_of=absolute_link, by=cast.members["admin"], at=now(),
        )  # fmt: skip
    assert "roles" in error.value.message_dict


def test_changed_roles_leave_the_past_as_it_was(cast):
    worker, on = cast.members["worker"], today()
    new = actions.change_roles(
        membership=worker, roles=["service_manager"], starts_on=on, by=cast.members["admin"],
        at=now(),
    )  # fmt: skip
    worker.refresh_from_db()
    assert worker.has_role(Role.SUPPORT_WORKER)
    assert worker.ends_on == on - timedelta(days=1)
    assert not new.has_role(Role.SUPPORT_WORKER)


def test_a_reset_takes_two_and_the_database_agrees(cast):
    user, one, two = cast.user("worker"), cast.members["admin"], cast.members["admin2"]
    TOTP.activate(user, generate_totp_secret())
    reset = request_reset(user=user, reason="紛失", by=one, at=now())
    with pytest.raises(ValidationError, match="別の管理者"):
        confirm_reset(reset=reset, by=one, at=now())
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondFactorReset.objects.filter(pk=reset.pk).update(confirmed_by=one, confirmed_at=now())
    assert Authenticator.objects.filter(user=user).exists()
    confirm_reset(reset=reset, by=two, at=now())
    assert not Authenticator.objects.filter(user=user).exists()
    with pytest.raises(ValidationError, match="自分"):
        request_reset(user=one.user, reason="自分", by=one, at=now())


def test_seeds_are_not_stored_in_clear(cast):
    secret = generate_totp_secret()
    TOTP.activate(cast.user("worker"), secret)
    assert secret not in str(Authenticator.objects.get().data)


def test_a_role_that_needs_a_second_factor_is_led_to_it(client, cast, settings):
    settings.SECOND_FACTOR_ROLES = ["support_worker"]
    enter(client, cast.members["worker"])
    answer = client.get(reverse("client_list"))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("mfa_index")
    TOTP.activate(cast.user("worker"), generate_totp_secret())
    assert client.get(reverse("client_list")).status_code == 200
    enter(client, cast.members["billing"])
    assert client.get(reverse("client_list")).status_code == 200


def test_idle_sessions_end(client, cast):
    enter(client, cast.members["worker"])
    client.get(reverse("client_list"))
    with time_machine.travel(now() + timedelta(minutes=31)):
        answer = client.get(reverse("client_list"))
    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_signing_in_through_the_page(client, cast):
    answer = client.post(
        reverse("account_login"), {"login": "WORKER@cast.example.jp", "password": PASSWORD}
    )
    assert answer.status_code == 302
    assert client.get(reverse("home")).status_code == 200
    assert client.get(reverse("account_signup")).content.decode().count("<input") < 3


def test_the_first_administrator_comes_once(db):
    out = StringIO()
    call_command("first_admin", email="Root@Example.jp", name="最初", stdout=out)
    assert "/accounts/invitation/" in out.getvalue()
    assert User.objects.get().email == "root@example.jp"
    with pytest.raises(CommandError, match="すでに"):
        call_command("first_admin", email="two@example.jp", name="次")


def test_reads_and_refusals_are_recorded_without_values(client, cast):
    enter(client, cast.members["worker"])
    person = cast.enrolment.client
    client.get(reverse("client_page", args=[person.public_id]))
    read = AuditEvent.objects.filter(outcome="read", person_id=person.public_id)
    assert read.exists()
    client.get(reverse("month_latest"))
    refused = AuditEvent.objects.filter(outcome="refused").latest("pk")
    assert refused.subject_type == "month_latest"
    assert all("試験" not in str(event.fields) for event in AuditEvent.objects.all())


def test_signed_in_pages_are_not_stored(client, cast):
    enter(client, cast.members["worker"])
    assert "no-store" in client.get(reverse("home"))["Cache-Control"]
    policy = client.get(reverse("home"))["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
