"""What goes out compressed, and what does not."""

import gzip

import pytest
from django.http import HttpResponse
from django.urls import reverse

from teikyaku.compression import TextCompression
from tests.accounts.test_coming_and_going import enter

ZIPPED = {"HTTP_ACCEPT_ENCODING": "gzip, br"}


@pytest.mark.django_db
def test_a_page_reaches_the_phone_at_a_third_of_its_weight(client, cast):
    enter(client, cast.members["worker"])
    plain = client.get(reverse("client_list")).content
    packed = client.get(reverse("client_list"), **ZIPPED)
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) < len(plain) / 3
    assert "利用者" in gzip.decompress(packed.content).decode()


@pytest.mark.parametrize(
    ("kind", "status", "is_packed"),
    [
        pytest.param("text/html; charset=utf-8", 200, True, id="page"),
        pytest.param("text/css", 200, True, id="style"),
        pytest.param("text/css", 206, False, id="a piece of a file"),
        pytest.param("application/pdf", 200, False, id="paper"),
        pytest.param("image/jpeg", 200, False, id="picture"),
        pytest.param("application/zip", 200, False, id="packed already"),
    ],
)
def test_only_text_is_packed(rf, kind, status, is_packed):
    answer = HttpResponse("言葉" * 500, content_type=kind, status=status)
    sent = TextCompression(lambda _request: answer)(rf.get("/", **ZIPPED))
    assert sent.has_header("Content-Encoding") is is_packed


def test_a_browser_that_does_not_take_it_gets_it_plain(rf):
    answer = HttpResponse("言葉" * 500)
    sent = TextCompression(lambda _request: answer)(rf.get("/", HTTP_ACCEPT_ENCODING="identity"))
    assert sent.content.decode() == "言葉" * 500
