"""Two servers, one cache: what one has counted, the other refuses. And without the cache nobody gets in."""

import os
import time
from urllib.parse import quote

import pytest
from django.conf import global_settings
from django.conf import settings as live
from django.core.cache import cache, caches
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import OperationalError, connection
from django.urls import reverse

from teikyaku.clock import today
from tests.cast import PASSWORD, cast_of
from tests.chaos.server import Browser, Server

SHARED = {"BACKEND": "teikyaku.shared_cache.SharedCache", "LOCATION": "cache"}
A_MINUTE, FILES = 60, 3


def address():
    """The DATABASE_URL of the tests' database, for processes of their own."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    host = given["OPTIONS"].get("host") or given["HOST"]
    port = f"&port={given['PORT']}" if given["PORT"] else ""
    return f"postgresql://{quote(given['USER'])}:{quote(given['PASSWORD'])}@/{given['NAME']}?host={host}{port}"


def within_one_minute(ask):
    """Counted by the minute of the clock: what a new minute falls into is asked again."""
    for _turn in range(3):
        began = time.time() // A_MINUTE
        found = ask()
        if time.time() // A_MINUTE == began:
            return found
    raise AssertionError("a minute is too short for this machine")


@pytest.fixture
def _table(settings, transactional_db):
    """The table of the cache, as in production."""
    settings.CACHES = {"default": SHARED}
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    call_command("createcachetable", "cache", verbosity=0)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS cache")


@pytest.fixture
def both(_table):
    """Two machines of one worker each, as they are told to run, on the database of the tests."""
    environment = {**os.environ, "TEIKYAKU_MODE": "demo", "DATABASE_URL": address(), "MEDIA_ROOT": str(live.MEDIA_ROOT),
                   "FILES_A_MINUTE": str(FILES), "DJANGO_SETTINGS_MODULE": "teikyaku.settings"}  # fmt: skip
    with Server(environment, workers=1) as first, Server(environment, workers=1) as second:
        yield first, second


def signed_in_at(server, user, password):
    """What the sign-in page of that machine answers."""
    browser = Browser(server.port, None)
    page = browser.get(reverse("account_login"))
    token = page.form("login").controls["csrfmiddlewaretoken"].values
    data = {"csrfmiddlewaretoken": token, "login": [user.email], "password": [password]}
    return browser.post(reverse("account_login"), data)


# Starting two servers takes some seconds: only processes of their own have caches of their own.
@pytest.mark.timeout(600)
def test_the_second_machine_refuses_what_the_first_has_counted(both):
    cast = cast_of(today())
    assert within_one_minute(lambda: public_tool(*both)) == (429, 429)
    head = [Browser(server.port, cast.user("head")) for server in both]
    assert within_one_minute(lambda: files_by_turns(head)) == [200] * FILES + [429]
    guessed_at_the_first_known_at_the_second(cast, *both)


def public_tool(first, second):
    """A stranger: the last answer of the first machine, and the only one of the second."""
    cache.clear()
    counts = [Browser(first.port, None).get(reverse("guide")).status for _turn in range(31)]
    return counts[-1], Browser(second.port, None).get(reverse("guide")).status


def files_by_turns(browsers):
    """One person at both machines: one more file than a minute allows."""
    cache.clear()
    return [browsers[turn % 2].get(reverse("expiry_xlsx")).status for turn in range(FILES + 1)]


def guessed_at_the_first_known_at_the_second(cast, first, second):
    """Wrong passwords there shut the account here, and nobody else's."""
    cache.clear()
    # As these processes keep it: those of the tests take a quicker way.
    for key in ("worker", "manager"):
        cast.user(key).set_password(PASSWORD)
        cast.user(key).save()
    for _turn in range(6):
        signed_in_at(first, cast.user("worker"), "wrong")
    refused = signed_in_at(second, cast.user("worker"), PASSWORD)
    assert refused.status == 200
    assert "5分ほどサインインできません" in refused.text
    assert signed_in_at(second, cast.user("manager"), PASSWORD).status == 302, "a colleague gets in"


@pytest.mark.usefixtures("_table")
def test_without_its_table_nobody_gets_in_and_it_is_told(client, cast):
    assert "teikyaku.W003" not in {each.id for each in run_checks(databases=["default"])}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE cache")
    told = [each.id for each in run_checks(databases=["default"])]
    assert "teikyaku.W003" in told
    client.raise_request_exception = False
    data = {"login": cast.user("worker").email, "password": PASSWORD}
    for answer in (client.post(reverse("account_login"), data), client.get(reverse("guide"))):
        assert answer.status_code == 503
        assert "いま記録できません" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    with pytest.raises(OperationalError):
        caches["default"].get("anything")
