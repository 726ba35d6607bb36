"""A search for more than a database takes in one LIKE is answered like any other."""

from __future__ import annotations

import pytest
from django.urls import reverse

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
    assert client.get(reverse(page), {"q": TOO_LONG}).status_code == 200
