"""Work shared out among processes: every piece is answered once, whatever becomes of who was at it."""

import os
import signal
import threading
import time

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


def test_in_the_place_of_who_died_another_is_started():
    found = dict(shared_out([1, 2, 3, 4, 5], dead_at_three, 1))
    assert found == {1: 2, 2: 4, 3: LOST, 4: 8, 5: 10}


def test_without_any_process_left_everything_is_lost(monkeypatch):
    monkeypatch.setattr("teikyaku.processes._Team._hire_anew", lambda _team: None)
    found = dict(shared_out([1, 2, 3, 4, 5], dead_at_three, 1))
    assert found == {1: 2, 2: 4, 3: LOST, 4: LOST, 5: LOST}


def wrong_at_first(piece):
    if piece in (0, 1):
        raise ValueError("poison")
    return piece


def test_more_pieces_that_raise_than_processes_lose_themselves_alone(capfd):
    found = dict(shared_out(range(20), wrong_at_first, 2))
    assert [piece for piece, answer in found.items() if answer is LOST] == [0, 1]
    assert capfd.readouterr().err.count("ValueError: poison") == 2


def test_an_answer_that_cannot_be_sent_is_lost(capfd):
    found = dict(shared_out([1, 2], lambda piece: os.getpid if piece == 2 else lambda: 1, 1))
    assert found == {1: LOST, 2: os.getpid}
    capfd.readouterr()


def killed_while_sending(piece):
    if piece == 1:
        own = os.getpid()
        threading.Timer(0.3, lambda: os.kill(own, signal.SIGKILL)).start()
    return b"x" * 3_000_000


def test_who_is_killed_in_the_middle_of_a_large_answer_takes_it_and_no_more():
    found = {}
    for piece, answer in shared_out([0, 1, 2], killed_while_sending, 2):
        found[piece] = answer
        if len(found) == 1:
            time.sleep(0.8)  # the other one's answer fills the pipe meanwhile
    assert {piece for piece, answer in found.items() if answer is LOST} == {1}
    assert len(found) == 3


def test_ctrl_c_is_left_to_whoever_asked():
    def interrupted(piece):
        os.kill(os.getpid(), signal.SIGINT)
        return piece * 2

    assert dict(shared_out([1, 2], interrupted, 2)) == {1: 2, 2: 4}


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
