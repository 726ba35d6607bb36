"""Two imports at the same moment: everybody comes in once, and each page says what came of it."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from plans.models import MoveIn
from teikyaku.clock import today
from tests.accounts.test_coming_and_going import enter
from tests.cast import cast_of
from tests.concurrency.test_races import at_once
from tests.move_in.conftest import Mover
from tests.sheets import person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def imported(mover, move_in):
    browser = Browser()
    enter(browser, mover.head)
    url = reverse("move_in_import", args=[move_in.public_id])
    return browser.post(url, follow=True).content.decode()


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """On a slow machine who waits for the other one stops after some seconds, and the page goes on."""
    monkeypatch.setattr("plans.actions.move_in.SECONDS", 60)


def test_two_files_with_the_same_people_bring_them_once():
    mover = Mover(Browser(), cast_of(today()))
    people = [person(mover.on, number) for number in range(4)]
    mover.look(*people)
    first = mover.move_in
    mover.look(*people)
    second = mover.move_in
    pages = at_once(lambda: imported(mover, first), lambda: imported(mover, second))
    assert all("取込が終わりました" in page for page in pages), pages
    assert len(mover.people()) == 4
    counts = [MoveIn.objects.get(pk=each.pk).counts for each in (first, second)]
    assert sum(each.get("new", 0) for each in counts) == 4
    assert sum(each.get("same", 0) for each in counts) == 4


def test_one_file_imported_twice_at_once_comes_in_once_and_the_second_is_told():
    mover = Mover(Browser(), cast_of(today()))
    mover.look(*(person(mover.on, number) for number in range(4)))
    move_in = mover.move_in
    pages = at_once(lambda: imported(mover, move_in), lambda: imported(mover, move_in))
    assert all(isinstance(page, str) for page in pages), pages
    assert len(mover.people()) == 4
    assert MoveIn.objects.get(pk=move_in.pk).counts == {"new": 4, "same": 0, "left_out": 0}
    told = ["「取り込んだ」にしています" in page or "取込が終わりました" in page for page in pages]
    assert told == [True, True]
