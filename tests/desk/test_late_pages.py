"""Reports may be read from a standby: only these pages, only when it is near, never after a write."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import get_resolver

from clients.models import Client
from teikyaku import replica
from teikyaku.desk import late_pages
from teikyaku.desk.late_pages import LATE_PAGES, LatePagesMiddleware
from teikyaku.replica import ReplicaRouter, late_reads, reading_alias

ROOT = Path(__file__).resolve().parents[2]
ROUTER = ReplicaRouter()


def test_only_the_products_rows_are_read_late_and_only_inside():
    assert ROUTER.db_for_read(Client) == "default"
    with late_reads():
        assert ROUTER.db_for_read(Client) == "replica"
        assert ROUTER.db_for_read(Session) == "default"
    assert ROUTER.db_for_read(Client) == "default"


def test_after_a_write_everything_is_read_where_it_was_written():
    with late_reads():
        assert ROUTER.db_for_write(Session) == "default"
        assert ROUTER.db_for_read(Client) == "replica"
        assert ROUTER.db_for_write(Client) == "default"
        assert ROUTER.db_for_read(Client) == "default"
        assert reading_alias() == "default"
    assert not ROUTER.allow_migrate("replica", "clients")


def views_by_name(resolver, space=""):
    for each in resolver.url_patterns:
        if hasattr(each, "url_patterns"):
            yield from views_by_name(each, f"{each.namespace}:" if each.namespace else space)
        elif each.name:
            yield space + each.name, each.callback


def test_every_late_page_exists_and_none_is_about_money():
    views = dict(views_by_name(get_resolver()))
    assert set(views) >= LATE_PAGES
    assert not [name for name in LATE_PAGES if views[name].__module__.startswith("billing.")]


@pytest.fixture
def ask(settings, monkeypatch):
    """How a page was answered: the database that its view read, "" where Django calls it itself."""
    settings.REPLICA_URL, settings.REPLICA_MOST_SECONDS = "postgres://standby/teikyaku", 30
    monkeypatch.setattr(late_pages, "give_up_replica", lambda: None)

    def asked(age, *, name="audit_log", method="get", cookies=None, fault=None):
        monkeypatch.setattr(late_pages, "age_of_replica", lambda: age)
        request = getattr(RequestFactory(), method)("/")
        request.COOKIES |= cookies or {}
        request.resolver_match = SimpleNamespace(view_name=name)
        read = []

        def view(_request):
            read.append(reading_alias())
            if fault:
                raise fault
            return HttpResponse()

        answer = LatePagesMiddleware(lambda _request: HttpResponse()).process_view(
            request, view, (), {}
        )
        assert reading_alias() == "default"
        return read[0] if answer is not None else "", getattr(request, "read_until", None)

    return asked


@pytest.mark.parametrize(
    ("age", "given", "read"),
    [
        (0.0, {}, "replica"),
        (30.0, {}, "replica"),
        (30.1, {}, ""),
        (None, {}, ""),
        (0.0, {"name": "month_page"}, ""),
        (0.0, {"method": "post"}, ""),
        (0.0, {"cookies": {"fresh": "1"}}, ""),
        (0.0, {"fault": OperationalError("away")}, ""),
    ],
)
def test_a_page_is_late_only_where_it_may_be(ask, age, given, read):
    assert ask(age, **given)[0] == read


def test_a_late_page_says_how_late(ask):
    assert ask(0.4)[1] is None
    assert ask(12.0)[1] is not None
    assert ask(12.0, fault=OperationalError("away"))[1] is None


def test_who_wrote_reads_the_primary_for_a_while(settings):
    middleware = LatePagesMiddleware(lambda _request: HttpResponse())
    assert settings.FRESH_COOKIE not in middleware(RequestFactory().post("/")).cookies
    settings.REPLICA_URL, settings.REPLICA_MOST_SECONDS = "postgres://standby/teikyaku", 30
    mark = middleware(RequestFactory().post("/")).cookies[settings.FRESH_COOKIE]
    assert mark["max-age"] > 30
    assert settings.FRESH_COOKIE not in middleware(RequestFactory().get("/")).cookies


def test_a_standby_that_was_promoted_is_none(monkeypatch):
    answers = {"default": ("0/1",), "replica": (False, True, 0)}

    class Cursor:
        def __init__(self, alias):
            self.alias = alias

        def __enter__(self):
            return self

        def __exit__(self, *_error):
            return None

        def execute(self, *_sql):
            return None

        def fetchone(self):
            return answers[self.alias]

    every = {alias: SimpleNamespace(cursor=lambda alias=alias: Cursor(alias)) for alias in answers}
    monkeypatch.setattr(replica, "connections", every)
    found = []
    for standby in ((False, True, 0), (True, True, 900), (True, False, 7), (True, False, None)):
        answers["replica"] = standby
        replica.forget_age()
        found.append(replica.age_of_replica())
    replica.forget_age()
    assert found == [None, 0.0, 7.0, None]


def settings_of(part):
    """Where the default database is, whether cursors outlive transactions there, and all databases."""
    told = (
        "from django.conf import settings as s; d = s.DATABASES['default'];"
        "print(d['PORT'], d.get('DISABLE_SERVER_SIDE_CURSORS', False), sorted(s.DATABASES))"
    )
    env = {**os.environ, "TEIKYAKU_MODE": "demo", "TEIKYAKU_PART": part, "DJANGO_SETTINGS_MODULE": "teikyaku.settings",
           "DATABASE_URL": "postgres://u:p@db:5432/x", "POOL_URL": "postgres://u:p@pool:6432/x",
           "REPLICA_URL": "postgres://u:p@standby:5433/x"}  # fmt: skip
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, env=env, text=True, check=True, capture_output=True)  # fmt: skip
    return done.stdout.strip()


def test_pages_go_through_the_pool_and_commands_to_the_database():
    assert settings_of("web") == "6432 True ['default', 'replica']"
    assert settings_of("command") == "5432 False ['default']"
