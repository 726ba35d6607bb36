"""Too often: a Japanese page with 429 that says when to come again; counted together by all processes."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import time_machine
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import RequestFactory
from django.urls import reverse

from teikyaku.accounts.limits import LimitMiddleware
from teikyaku.accounts.rate import address_of
from teikyaku.clock import now
from tests.accounts.test_coming_and_going import enter
from tests.cast import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_minute(request):
    """Within one minute by the clock, however slow the machine: a new minute would count anew."""
    if "together" in request.node.name:
        yield
        return
    with time_machine.travel(now().replace(second=20), tick=False):
        yield


def is_told(answer):
    """429 in Japanese, with the seconds in the header and in the words."""
    seconds = answer["Retry-After"]
    assert answer.status_code == 429
    assert f"{seconds}秒待ってから" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    return True


def post_until(client, url, data, most, **more):
    """The first answer that is no ordinary one."""
    for turn in range(most):
        values = {key: value.format(turn=turn) for key, value in data.items()}
        answer = client.post(url, values, **more)
        if answer.status_code == 429:
            return answer
    raise AssertionError(f"{most} times and no limit")


@pytest.mark.parametrize(
    ("name", "args", "data"),
    [
        ("account_login", (), {"login": "nobody{turn}@example.jp", "password": "x"}),
        ("account_reset_password", (), {"email": "nobody{turn}@example.jp"}),
    ],
)
def test_one_address_that_tries_many_accounts(client, cast, name, args, data):
    assert is_told(post_until(client, reverse(name, args=args), data, 35))


def test_one_account_is_guarded_from_any_address(client, cast):
    url, data = reverse("account_login"), {"login": cast.user("head").email, "password": "wrong"}
    for turn in range(6):
        # Also where the server is asked by another name each time.
        more = {"REMOTE_ADDR": f"10.0.0.{turn}", "HTTP_HOST": f"testserver:{9000 + turn}"}
        answer = client.post(url, data, **more)
    assert "5分ほどサインインできません" in answer.content.decode()
    good = client.post(url, {**data, "password": PASSWORD}, REMOTE_ADDR="10.0.1.1")
    assert good.status_code != 302, "not even with the right one"


def test_public_tools(client):
    for _turn in range(31):
        answer = client.get(reverse("guide"))
    assert answer.status_code == 429
    assert answer["Retry-After"].isdigit()


FILES = ("expiry_xlsx", "differences_xlsx", "open_items_xlsx", "journal_xlsx", "handover_duty_xlsx")


@pytest.mark.parametrize("name", FILES)
def test_files_of_any_list_are_counted_together(client, cast, settings, monkeypatch, name):
    monkeypatch.setattr(LimitMiddleware, "gives_files", set())
    settings.FILES_A_MINUTE = 2
    enter(client, cast.members["head"])
    first = reverse("expiry_xlsx")
    assert [client.get(first).status_code for _turn in range(2)] == [200, 200]
    assert is_told(client.get(reverse(name)))
    assert client.get(reverse("home")).status_code == 200, "pages go on"
    enter(client, cast.members["manager"])
    assert client.get(first).status_code == 200, "a colleague at the same address too"


def test_a_person_who_waited_goes_on_and_no_work_is_done_meanwhile(
    client, cast, settings, monkeypatch
):
    monkeypatch.setattr(LimitMiddleware, "gives_files", set())
    settings.FILES_A_MINUTE = 1
    enter(client, cast.members["head"])
    url = reverse("expiry_xlsx")
    assert client.get(url).status_code == 200

    def work(*_args, **_more):
        raise AssertionError("it was worked on")

    monkeypatch.setattr("teikyaku.desk.views.expiry.xlsx_answer", work)
    assert is_told(client.get(url))


def test_searches(client, cast, settings):
    settings.SEARCHES_A_MINUTE = 3
    enter(client, cast.members["worker"])
    url = reverse("client_list")
    assert [client.get(url, {"q": "いない人"}).status_code for _turn in range(3)] == [200] * 3
    assert is_told(client.get(url, {"q": "べつ"}))
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.2.3.4", "127.0.0.1"),  # nobody stands in front: the header is anybody's
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "9.9.9.9, 1.2.3.4", "1.2.3.4"),  # what was sent along stands before what nginx wrote
    ],
)
def test_the_address_comes_from_the_trusted_proxy_alone(settings, proxies, forwarded, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})
    assert address_of(request) == address


SHARED = {"BACKEND": "teikyaku.shared_cache.SharedCache", "LOCATION": "cache"}
ROUNDS = 60
COUNT = f"""
import sys, time
import django; django.setup()
from django.conf import settings
settings.CACHES = {{"default": {SHARED!r}}}
from django.core.cache import cache
cache.set("ready" + sys.argv[1], 1)
while not cache.get("go"):
    time.sleep(0.005)
for _turn in range({ROUNDS}):
    cache.incr("together")
"""


@pytest.mark.django_db(transaction=True)
def test_two_processes_count_together(settings, tmp_path):
    """Both count at the same time: nothing is lost between reading and writing."""
    settings.CACHES = {"default": settings.CACHES["default"], "shared": SHARED}
    call_command("createcachetable", "cache", verbosity=0)
    shared = caches["shared"]
    shared.clear()
    shared.add("together", 0, 600)  # longer than the slowest machine takes
    url = connection.settings_dict
    environment = (
        {"DATABASE_URL": f"sqlite:///{url['NAME']}"}
        if connection.vendor == "sqlite"
        else {
            "DATABASE_URL": f"postgresql://{url['USER']}:@/{url['NAME']}?host={url['OPTIONS'].get('host') or url['HOST']}"
        }
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", COUNT, str(each)], cwd=ROOT,
            env={**os.environ, **environment, "TEIKYAKU_MODE": "test", "DJANGO_SETTINGS_MODULE": "teikyaku.settings"},
        )
        for each in range(2)
    ]  # fmt: skip
    while not (shared.get("ready0") and shared.get("ready1")):
        assert all(each.poll() is None for each in both)
        time.sleep(0.01)
    shared.set("go", 1)
    assert [each.wait(timeout=60) for each in both] == [0, 0]
    assert shared.get("together") == 2 * ROUNDS
    with pytest.raises(ValueError, match="nothing"):
        shared.incr("nothing")
