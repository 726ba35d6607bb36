"""Work shared out among processes: every piece is answered once, whatever becomes of who was at it."""

import os
import signal

import pytest
from django.db import transaction

from teikyaku.processes import LOST, can_share, shared_out

pytestmark = pytest.mark.django_db(transaction=True)


def doubled(piece):
    return piece * 2


def dead_at_three(piece):
    if piece == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return piece * 2


def wrong_at_three(piece):
    if piece == 3:
        raise ValueError("three")
    return piece * 2


@pytest.mark.parametrize("count", [1, 2, 9])
def test_each_piece_is_answered_once(count):
    assert sorted(shared_out([1, 2, 3, 4], doubled, count)) == [(1, 2), (2, 4), (3, 6), (4, 8)]


def test_they_are_other_processes():
    own = os.getpid()
    assert all(answer != own for _piece, answer in shared_out([1, 2], lambda _p: os.getpid(), 2))


@pytest.mark.parametrize("work", [dead_at_three, wrong_at_three])
def test_who_dies_takes_their_piece_and_no_more(work, capfd):
    found = dict(shared_out(range(1, 8), work, 2))
    assert found.pop(3) is LOST
    assert found == {piece: piece * 2 for piece in (1, 2, 4, 5, 6, 7)}
    capfd.readouterr()


def test_without_any_process_left_everything_is_lost():
    found = dict(shared_out([1, 2, 3, 4, 5], dead_at_three, 1))
    assert found == {1: 2, 2: 4, 3: LOST, 4: LOST, 5: LOST}


def test_who_stops_listening_leaves_no_process_behind():
    answers = shared_out([1, 2, 3, 4], lambda _p: os.getpid(), 2)
    _piece, process = next(answers)
    answers.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_inside_a_transaction_nothing_is_shared_out():
    assert can_share()
    with transaction.atomic():
        assert not can_share()
