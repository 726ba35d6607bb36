"""A second factor that is asked for cannot be gone around, by any role at any address; sessions end."""

import os
import subprocess
import sys
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings as configured
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from teikyaku.accounts.access import ANY_UUID
from teikyaku.accounts.roles import Role
from teikyaku.accounts.second_factor import SecondFactorMiddleware
from teikyaku.clock import now
from tests.access.table import POSTS, TABLE
from tests.access.urls import walk
from tests.accounts.test_coming_and_going import enter
from tests.architecture import house
from tests.cast import PASSWORD
from tests.ground.test_production_settings import STATED

pytestmark = pytest.mark.django_db
MEMBERS = {
    Role.SUPPORT_WORKER: "worker", Role.SERVICE_MANAGER: "manager", Role.OFFICE_MANAGER: "head",
    Role.BILLING: "billing", Role.WARD_OFFICER: "officer", Role.CITY: "city",
    Role.SYSTEM_ADMIN: "admin",
}  # fmt: skip
SAMPLES = {"UUIDConverter": UUID(ANY_UUID), "MonthConverter": "2026-04", "IntConverter": 2026}
# The way in and out: what lies below /accounts/ shows nobody's data.
OPEN = ("/accounts/",)


def urls(is_asked=bool):
    """Every address of the access table, with anything in its places: what asks comes before the look-up.

    `is_asked` chooses among them by their views.
    """
    found = set()
    for name, pattern in walk(get_resolver().url_patterns):
        if (name not in TABLE and name not in POSTS) or not is_asked(pattern.callback):
            continue
        places = pattern.pattern.converters
        values = {key: SAMPLES.get(type(each).__name__, "x") for key, each in places.items()}
        try:
            url = reverse(name, kwargs=values)
        except NoReverseMatch:  # below another pattern with places of its own
            continue
        if not url.startswith(OPEN):
            found.add(url)
    return sorted(found)


def asked_of_everybody(settings):
    settings.SECOND_FACTOR_ROLES = [role.value for role in Role]


def test_without_the_factor_every_page_leads_to_setting_one_up(client, cast, settings):
    """Through the whole stack each address is asked by one of the roles, in turn, by GET or POST."""
    asked_of_everybody(settings)
    asked, wrong = 0, []
    roles = list(Role)
    for turn, role in enumerate(roles):
        enter(client, cast.members[MEMBERS[role]])
        for place, url in enumerate(urls()[turn :: len(roles)]):
            answer = (client.post if place % 2 else client.get)(url)
            # The same words each time would pile up until they are read.
            client.cookies.pop("messages", None)
            asked += 1
            if (answer.status_code, answer.get("Location")) != (302, reverse("mfa_index")):
                wrong.append(f"{role} {url}: {answer.status_code}")
    assert wrong == []
    assert asked > 250


@pytest.mark.parametrize("role", list(Role))
def test_every_role_is_stopped_before_any_page(cast, settings, rf, role):
    """What stands before the views lets no address through to any of them."""
    asked_of_everybody(settings)
    member = cast.members[MEMBERS[role]]
    let_through = []
    stop = SecondFactorMiddleware(lambda request: let_through.append(request.path))
    for url in urls():
        request = rf.get(url)
        request.user, request.membership = member.user, member
        request._messages = CookieStorage(request)
        stop(request)
    assert let_through == []


@pytest.mark.parametrize("role", list(Role))
def test_a_password_alone_opens_nothing_once_there_is_a_factor(client, cast, role):
    user = cast.user(MEMBERS[role])
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    answer = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert answer["Location"].startswith(reverse("mfa_authenticate"))
    for name in (
        "home",
        "my_account",
        "mfa_index",
        "mfa_deactivate_totp",
        "account_change_password",
    ):
        away = client.get(reverse(name))
        assert away.status_code == 302, name
        assert reverse("account_login") in away["Location"], name
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "_auth_user_id" not in client.session
    assert wrong.status_code != 302
    counter = next(iter(yield_hotp_counters_from_time()))
    client.post(
        reverse("mfa_authenticate"), {"code": format_hotp_value(hotp_value(secret, counter))}
    )
    assert client.session["_auth_user_id"] == str(user.pk)


def test_production_asks_it_of_every_role_and_keeps_its_cookies():
    names = ("SECOND_FACTOR_ROLES", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
             "SESSION_COOKIE_NAME", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY", "CSRF_COOKIE_SAMESITE", "CSRF_COOKIE_NAME",
             "SESSION_EXPIRE_AT_BROWSER_CLOSE", "SECURE_SSL_REDIRECT")  # fmt: skip
    code = f"import teikyaku.settings as s; print([getattr(s, name) for name in {names!r}], getattr(s, 'SESSION_COOKIE_DOMAIN', None), getattr(s, 'SESSION_COOKIE_PATH', '/'))"
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=house.ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, **STATED, "MEDIA_ROOT": str(house.ROOT)},
    ).stdout.strip()  # fmt: skip
    roles = [role.value for role in Role]
    # __Host-: Secure, path /, no domain, or browsers drop it.
    expected = [
        roles,
        True,
        True,
        "Lax",
        "__Host-session",
        True,
        True,
        "Lax",
        "__Host-csrf",
        True,
        True,
    ]
    assert said == f"{expected!r} None /"


def test_a_session_ends_half_a_day_after_the_sign_in_however_busy(client, cast):
    enter(client, cast.members["worker"])
    begin, page = now(), reverse("client_list")
    minutes = configured.SESSION_COOKIE_AGE // 60
    for minute in range(0, minutes, 25):
        with time_machine.travel(begin + timedelta(minutes=minute)):
            assert client.get(page).status_code == 200, minute
    with time_machine.travel(begin + timedelta(minutes=minutes + 1)):
        answer = client.get(page)
    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]


def test_another_password_ends_the_sessions_on_other_devices(client, cast):
    worker = cast.members["worker"]
    other = Client()
    for each in (client, other):
        each.post(reverse("account_login"), {"login": worker.user.email, "password": PASSWORD})
        assert each.get(reverse("home")).status_code == 200
    new = "another-long-one-77"
    answer = client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert answer.status_code == 302
    assert client.get(reverse("home")).status_code == 200
    assert reverse("account_login") in other.get(reverse("home"))["Location"]
