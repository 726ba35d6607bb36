"""What the tests with a browser have at hand: one browser for a file, a server that is slow on purpose."""

import os
import random
import threading
import time

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import connection

from tests.browser.browser import CHROMIUM, shared_chromium

# Each answer of the live server takes up to so many milliseconds longer: SLOW_PAGES=400 make test ….
# A test that asks before its page is there then fails here, and not by chance on a machine under load.
SLOW_PAGES = int(os.environ.get("SLOW_PAGES", "0"))

# Seconds after which an answer that does not end is left alone.
SECONDS = 30


class Under:
    """The requests that the live server answers at this moment, each in a thread of its own."""

    def __init__(self):
        self.threads = set()
        request_started.connect(self.begins)
        request_finished.connect(self.ends)

    def begins(self, **_facts):
        if threading.current_thread() is not threading.main_thread():  # the test client asks there
            self.threads.add(threading.get_ident())

    def ends(self, **_facts):
        self.threads.discard(threading.get_ident())

    def wait(self):
        until = time.monotonic() + SECONDS
        while self.threads and time.monotonic() < until:
            time.sleep(0.02)


@pytest.fixture(autouse=True)
def _nothing_under_way_is_left():
    """What a page still asks when its test ends would write into the rows of the next test."""
    under = Under()
    yield
    under.wait()


@pytest.fixture(autouse=True, scope="session")
def _slow_on_purpose():
    """Only the live server answers by this handler; the test client has its own."""
    answer = WSGIHandler.get_response

    def slowly(self, request):
        time.sleep(random.uniform(SLOW_PAGES / 8, SLOW_PAGES) / 1000)
        return answer(self, request)

    with pytest.MonkeyPatch.context() as patch:
        if SLOW_PAGES:
            patch.setattr(WSGIHandler, "get_response", slowly)
        yield


@pytest.fixture(autouse=True, scope="module")
def _one_browser_for_the_file():
    """While it runs, Django sees the loop of Playwright and would refuse to ask the database."""
    if CHROMIUM is None or connection.vendor != "sqlite":
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with shared_chromium():
            yield
