"""A full page of any list, fifty rows or fewer tall ones, is at most 50 KB of HTML."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import ClientName, Enrolment
from tests.accounts.test_coming_and_going import enter
from tests.lists.test_queries import add_people, rows_shown

BYTES = 50 * 1024
FULL = {
    "waiting": 10,
    "caseload": 25,
    "expiry": 20,
    "admin:index": 25,
    "admin:application_list": 25,
}
LISTS = [
    ("worker", "client_list", "?show=all"),
    ("worker", "caseload", "?ask=in_use"),
    ("manager", "caseload", "?ask=in_use"),
    ("worker", "waiting", ""),
    ("worker", "expiry", "?months=12"),
    ("officer", "admin:index", "?turn=all"),
    ("officer", "admin:application_list", ""),
    ("head", "audit_log", ""),
    ("admin", "people", ""),
    ("admin", "offices", ""),
]


@pytest.mark.timeout(300)
@pytest.mark.once
def test_a_full_page_is_light(client, cast):
    add_people(cast, 50)
    # What people have: names and kana of ordinary length, not of a test.
    ClientName.objects.update(name="長谷川 美由紀", kana="はせがわ みゆき")
    Enrolment.objects.update(interview_due_on=cast.today + timedelta(days=3))
    for who, name, query in LISTS:
        enter(client, cast.members[who])
        url = reverse(name) + query
        size, rows = len(client.get(url).content), rows_shown(client, url)
        assert rows >= FULL.get(name, 50), f"{name} shows {rows} rows"
        assert size <= BYTES, f"{name} sends {size} bytes"
