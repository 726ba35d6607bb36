"""A printed page says whose it is, who printed it and of when."""

import pytest

from teikyaku import era
from teikyaku.accounts.models import Membership
from tests.access.urls import url_of
from tests.accounts.test_coming_and_going import enter

pytestmark = pytest.mark.django_db

PAGES = [
    ("worker", "client_page"), ("worker", "caseload"), ("manager", "expiry"),
    ("billing", "month_page"), ("billing", "payments"), ("head", "money_page"),
    ("officer", "admin:index"), ("officer", "admin:application_page"), ("admin", "people"),
]  # fmt: skip


def head_of(page):
    return page.partition('<div class="print-head only-print">')[2].partition("</div>")[0]


@pytest.mark.parametrize(("who", "name"), PAGES)
def test_a_sheet_says_whose_it_is_who_printed_it_and_of_when(client, cast, who, name):
    member: Membership = cast.members[who]
    enter(client, member)
    said = head_of(client.get(url_of(cast, name)).content.decode())
    assert member.label in said
    assert f"{member.user.name}が印刷" in said
    assert era.both(cast.today) in said


def test_a_page_for_everybody_names_nobody(client, db):
    said = head_of(client.get("/accounts/login/").content.decode())
    assert "teikyaku" in said
    assert "が印刷" not in said
