"""収入状況の見直し: nothing typed is lost on the way to another page, with and without scripts."""

import re

import pytest
from django.urls import reverse

from plans.forms.income_review import prefix_of
from plans.views import ward_review
from tests.look.test_keeping import form_of
from tests.ward.conftest import ERROR
from tests.ward.test_income_review import counter, granted, next_of, page  # noqa: F401  (a fixture)

LIST = f"{reverse('admin:income_review')}?year=2026&state=open"
KEPT = "0abc12345678xy"


@pytest.fixture
def three(counter, monkeypatch):  # noqa: F811
    """Three people, one a page."""
    monkeypatch.setattr(ward_review, "OPEN_ROWS", 1)
    names = (("1234567801", "ひと い"), ("1234567802", "ひと ろ"), ("1234567803", "ひと は"))
    for number, kana in names:
        granted(counter, number, name=f"人 {number[-1]}", kana=kana)
    return counter


def leave(counter, on_page, then, **typed):  # noqa: F811
    """Press one of the two buttons of the page, with the row as it stands or as it was typed."""
    form = page(counter, f"?year=2026&state=open&page={on_page}").context["forms"][0]
    given = {"category": "", "cap_yen": "", "category_reason": "", "first_month": "2026-07",
             "last_month": "2027-01", **typed}  # fmt: skip
    data = {f"{prefix_of(form.row.cap)}-{name}": value for name, value in given.items()}
    data |= {"row": str(form.row.cap.public_id), "then": f"{then}-{on_page}", "kept": KEPT}
    return form.row.cap, counter.client.post(LIST, data)


def test_the_pages_are_reached_by_buttons_that_save(three):
    text = page(three, "?year=2026&state=open&page=2").content.decode()
    assert 'name="then" value="before-2"' in text
    assert 'name="then" value="next-2"' in text
    assert 'rel="next"' not in text
    # A list that is only read is turned over by links.
    assert 'name="then"' not in page(three, "?state=done").content.decode()


def test_what_was_typed_is_stored_and_the_next_ones_stand_on_the_page(three):
    cap, answer = leave(three, 1, "next", category="general_1")
    assert answer["Location"].endswith(f"state=open&page=1#stored={KEPT}")
    assert next_of(cap).category == "general_1"


@pytest.mark.parametrize(
    ("on_page", "then", "leads_to"), [(1, "next", 2), (2, "next", 3), (3, "before", 2)]
)
def test_untouched_it_leads_on_without_a_warning(three, on_page, then, leads_to):
    cap, answer = leave(three, on_page, then)
    assert f"&page={leads_to}#stored" in answer["Location"]
    assert next_of(cap) is None
    shown = three.client.get(answer["Location"].partition("#")[0])
    assert "どの行も入れられていません" not in shown.content.decode()


def test_what_is_wrong_stays_on_the_page_as_it_was_typed(three):
    _cap, answer = leave(three, 1, "next", category="general_1", cap_yen="99,999")
    assert answer.status_code == ERROR
    assert "99,999" in answer.content.decode()
    assert f'data-keep-back="{KEPT}"' in form_of(answer)


@pytest.mark.parametrize("then", ["next-", "next-x", "after-1", "next-99999", "before--1"])
def test_nonsense_leads_to_the_list(three, then):
    data = {"then": then}
    answer = three.client.post(LIST, data)
    assert "page=" not in answer["Location"]


def test_the_device_keeps_the_rows_and_offers_them(three):
    answer = page(three)
    assert "data-keep-rows" in form_of(answer)
    text = answer.content.decode()
    assert text.count("data-keep-offer") == text.count("data-keep-status") == 1
    assert re.search(r"<script[^>]*teikyaku/keep[^>]* defer></script>", text)
    assert "<noscript>" in text
