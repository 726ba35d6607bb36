"""A search for more than a database takes in one LIKE is answered like any other."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.urls import reverse

from teikyaku.searched import LONGEST
from tests.access.test_matrix import endless
from tests.access.urls import url_of

# SQLite refuses a pattern of more than 50,000 bytes.
TOO_LONG = "あ" * 20_000


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("officer", "admin:decision_list"),
        ("officer", "admin:application_list"),
        ("officer", "admin:income_review"),
        ("worker", "client_list"),
        ("worker", "interview_choose"),
        ("worker", "proposal_list"),
        ("manager", "organisation_list"),
        ("admin", "people"),
        ("admin", "offices"),
    ],
)
def test_a_long_search_is_answered(client, cast, who, page):
    client.force_login(cast.user(who), backend="teikyaku.accounts.backends.EmailBackend")
    answer = client.get(reverse(page), {"q": TOO_LONG})
    assert answer.status_code == 200
    # Who types comes no further than the limit that is told: here, in the search of the header too.
    ends = re.findall(r'<input[^>]*name="q"[^>]*maxlength="(\d+)"', answer.content.decode())
    assert set(map(int, ends)) == {LONGEST}
    assert len(ends) == answer.content.decode().count('name="q"')


@pytest.mark.parametrize(
    ("who", "page", "texts"),
    [("admin", "audit_log", 3), ("worker", "note_search", 3), ("billing", "journal", 2), ("head", "pace_setting_new", 1),
     ("worker", "what_if", 2), ("billing", "payments", 2)],
)  # fmt: skip
def test_no_text_of_an_address_is_without_end(client, cast, who, page, texts):
    client.force_login(cast.user(who), backend="teikyaku.accounts.backends.EmailBackend")
    answer = client.get(url_of(cast, page))
    assert endless(answer) == []
    assert answer.content.decode().count("maxlength=") >= texts


def test_a_text_without_end_is_found():
    page = HttpResponse('<form class="x" method="get"><input name="q"><input type="hidden"></form>')
    assert endless(page) == ['<input name="q">']
