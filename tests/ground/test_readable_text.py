"""Marks that nobody types leave a request before a form reads it."""

import pytest
from django.urls import reverse

from teikyaku.accounts.models import SavedView
from teikyaku.readable_text import readable
from tests.accounts.test_coming_and_going import enter

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("二行\r\n目\tあり", "二行\r\n目\tあり"),
        ("表の\x0b改行", "表の\n改行"),
        ("080\x1e0000", "080-0000"),
        ("あ\x00い\x07う\x7f\x8f", "あいう"),
        ("👨‍👩‍👧 𠮷野家 ｶﾞ", "👨‍👩‍👧 𠮷野家 ｶﾞ"),
    ],
    ids=["breaks and tabs stay", "a break of a sheet", "Word's hyphen", "the rest goes", "letters"],
)
def test_what_is_left_of_a_text(typed, read):
    assert readable(typed) == read


def test_a_form_gets_the_text_without_marks(client, cast):
    enter(client, cast.members["worker"])
    url = reverse("saved_view_new", args=["caseload"])
    answer = client.post(f"{url}?ask=worrying&staff=all", {"name": "気\x07がかり\x00"})
    assert answer.status_code == 302
    assert SavedView.objects.get().name == "気がかり"


def test_so_does_a_search(client, cast):
    enter(client, cast.members["worker"])
    only = client.get(reverse("client_list"), {"q": "試験\x00"})
    assert only.url == reverse("client_page", args=[cast.enrolment.client.public_id])
