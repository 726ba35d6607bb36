"""What the tests with a browser have at hand: a server that is slow on purpose."""

import os
import random
import time

import pytest
from django.core.handlers.wsgi import WSGIHandler

# Each answer of the live server takes up to so many milliseconds longer: SLOW_PAGES=400 make test ….
# A test that asks before its page is there then fails here, and not by chance on a machine under load.
SLOW_PAGES = int(os.environ.get("SLOW_PAGES", "0"))


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
