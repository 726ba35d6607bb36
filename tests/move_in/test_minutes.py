"""How long the rest of a long file takes, as the last step tells it."""

import pytest
from django.urls import reverse

from teikyaku.desk.queries.move_in_progress import minutes_left, pace_of
from tests.sheets import person


@pytest.mark.parametrize(
    ("pace", "left", "minutes"),
    [
        ("100", 10_000, 17), ("100", 1, 1), ("1", 60_000, 1), ("1", 60_001, 2), ("60000", 2, 2),
        ("0", 10, None), ("", 10, None), ("-5", 10, None), ("1.5", 10, None), ("１００", 10, None),
        ("9" * 7, 10, None), ("100", 0, None),
    ],
)  # fmt: skip
def test_the_rest_is_told_in_minutes_rounded_up(pace, left, minutes):
    assert minutes_left(pace, left) == minutes


def test_the_way_to_the_next_step_is_counted_too():
    assert (pace_of(3.0, 35), pace_of(0, 10_000)) == (100, 1)


@pytest.mark.django_db
def test_each_step_of_a_long_file_tells_it(mover, monkeypatch):
    monkeypatch.setattr("plans.actions.move_in.SECONDS", 0)
    monkeypatch.setattr("teikyaku.desk.actions.move_in_undo.TOGETHER", 1)
    told = "残りは、およそ"
    mover.look(*(person(mover.on, number) for number in range(2)))
    page = mover.client.get(reverse("move_in_page", args=[mover.move_in.public_id]))
    assert told not in page.content.decode()
    done = mover.move_in
    for step in ("move_in_import", "move_in_undo"):
        url = reverse(step, args=[done.public_id])
        assert told in mover.client.post(url, follow=True).content.decode(), step
        assert told not in mover.client.post(url, follow=True).content.decode(), step
