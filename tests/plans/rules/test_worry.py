"""気がかり and settled: two questions of one contact, answered in one place."""

from itertools import product

import pytest

from plans.rules.kinds import Rating
from plans.rules.pace_facts import PaceContact
from plans.rules.worry import FLAGS, is_unsettled, is_worrying

RATINGS = (None, *Rating)
EVERY = list(product(RATINGS, RATINGS, (False, True), (False, True), (False, True)))


def test_watch_alone_is_no_worry_and_ends_the_row():
    assert not is_worrying(Rating.WATCH, Rating.WATCH, False, False, False)
    assert is_unsettled(Rating.WATCH, Rating.SETTLED)
    assert is_unsettled(Rating.SETTLED, Rating.WATCH)
    assert not is_unsettled(Rating.SETTLED, Rating.SETTLED)
    assert not is_unsettled(None, None)


@pytest.mark.parametrize("rating", list(Rating))
def test_unstable_worries(rating):
    assert is_worrying(rating, None) is is_worrying(None, rating) is (rating == Rating.UNSTABLE)


def test_whatever_worries_is_unsettled():
    assert len(FLAGS) == 3
    for work, life, *flags in EVERY:
        assert is_worrying(work, life, *flags) <= is_unsettled(work, life, *flags)
        assert is_worrying(work, life, *flags) or not any(flags)


def test_the_pace_asks_the_same():
    for work, life, worries, more, employer in EVERY:
        contact = PaceContact(
            None, work=work, life=life, worries=worries, wants_more=more, employer_concern=employer
        )
        assert contact.is_unsettled is is_unsettled(work, life, worries, more, employer)
