"""担当の引き継ぎ: who carried the people before is told of it, and of the taking back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.actions.case_move import move_cases, undo_move
from clients.queries.case_move import Going, move_rows, moves_to_tell
from teikyaku.clock import at_noon
from tests.accounts.test_coming_and_going import enter

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def move(cast, *, by="head", starts=0):
    (row,) = move_cases(
        people=[Going(cast.enrolment, "")], to_staff=cast.members["manager"],
        starts_on=cast.today + starts * DAY, note="朝に電話", by=cast.members[by],
        at=at_noon(cast.today),
    )  # fmt: skip
    return row


def undo(cast, row, *, by="head", days=0):
    return undo_move(move=row, by=cast.members[by], at=at_noon(cast.today + days * DAY))


def told(cast, who, days=range(10)):
    """On which days from today the home of a member tells of a move."""
    member = cast.members[who]
    return [n for n in days if moves_to_tell(member, cast.today + n * DAY).exists()]


def test_the_former_is_told_for_a_week(cast):
    move(cast)
    assert told(cast, "worker", range(-1, 10)) == list(range(7))
    # The receiver until they confirm it; nobody else.
    assert told(cast, "manager") == list(range(10))
    assert told(cast, "head") == []
    assert told(cast, "outsider") == []


def test_a_move_that_begins_later_is_told_again_on_its_day(cast):
    move(cast, starts=10)
    assert told(cast, "worker", range(20)) == [*range(7), *range(10, 17)]


def test_who_did_it_themselves_is_not_told(cast):
    row = move(cast, by="worker")
    assert told(cast, "worker") == []
    # That somebody else took it back they are told.
    undo(cast, row, days=1)
    assert told(cast, "worker") == list(range(1, 8))


def test_the_former_is_told_that_it_was_taken_back(cast):
    row = move(cast)
    undo(cast, row, days=2)
    assert told(cast, "worker") == list(range(9))
    member = cast.members["worker"]
    for days, is_undone in ((1, False), (2, True)):
        on = cast.today + days * DAY
        (shown,) = move_rows(moves_to_tell(member, on), member, on)
        assert (shown.was_mine, shown.is_mine) == (True, False)
        assert (shown.undone_at is not None) is is_undone


def test_who_took_it_back_themselves_knows(cast):
    row = move(cast)
    undo(cast, row, by="worker", days=2)
    assert told(cast, "worker") == [0, 1]


@pytest.mark.parametrize(("starts", "words"), [
    (0, "あなたの担当だった1人を、職員 managerさんに引き継ぎました"),
    (10, "さんに引き継ぎます（記録：職員 headさん）"),
])  # fmt: skip
def test_the_home_says_it_and_leads_to_the_move(client, cast, starts, words):
    row = move(cast, starts=starts)
    enter(client, cast.members["worker"])
    text = client.get(reverse("home")).content.decode()
    assert words in text
    assert reverse("case_move_page", args=[row.public_id]) in text
    undo(cast, row)
    text = client.get(reverse("home")).content.decode()
    assert words not in text
    assert "職員 managerさんへの1人の引き継ぎは、取り消されました" in text
    assert "いまは、あなたの担当です。" in text


def test_it_is_one_query(cast):
    move(cast)
    member = cast.members["worker"]
    with CaptureQueriesContext(connection) as queries:
        assert move_rows(moves_to_tell(member, cast.today)[:10], member, cast.today)
    assert len(queries) == 1
