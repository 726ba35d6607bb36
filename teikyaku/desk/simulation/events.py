"""What is to happen on which day: a diary that a day is lived from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta

from clients.enums import EndReason
from clients.models import Enrolment
from teikyaku.desk.demo.lives import Life
from teikyaku.desk.simulation import person
from teikyaku.desk.simulation.person import Coming
from teikyaku.desk.simulation.world import World

NEXT_JOB_DAYS, LEAVE_DAYS = 12, 60


class Diary:
    """Day → what happens on it, in the order of writing."""

    def __init__(self) -> None:
        self._days: dict[date, list[Callable[[], None]]] = defaultdict(list)

    def write(self, on: date, what: Callable[[], None]) -> None:
        """Something is to happen on a day."""
        self._days[on].append(what)

    def take(self, on: date) -> list[Callable[[], None]]:
        """What happens on a day; it is asked for once."""
        return self._days.pop(on, [])


def expect(world: World, diary: Diary, coming: Coming) -> None:
    """Somebody comes, and everything follows from that."""
    diary.write(coming.arrives_on, lambda: _arrives(world, diary, coming))


def _arrives(world: World, diary: Diary, coming: Coming) -> None:
    life = person.arrive(world, coming)
    starts_on = person.first_day_of_use(life, coming)
    if starts_on is not None:
        diary.write(starts_on, lambda: person.begin(world, life))
        turn_on = starts_on + timedelta(days=coming.turn_days)
        if coming.turn:
            diary.write(turn_on, lambda: _turns(diary, life, coming.turn))


def _turns(diary: Diary, life: Life, turn: str) -> None:
    if not _is_in_use(life):
        return
    today = life.today
    if turn in _ENDS:
        person.end(life, _ENDS[turn], today)
    elif turn == "left_job":
        person.leave_job(life, to_improve=False)
    elif turn == "changes_job":
        person.leave_job(life, to_improve=True)
        diary.write(today + timedelta(days=NEXT_JOB_DAYS), lambda: person.take_job(life))
    elif turn == "leave":
        leave = person.fall_ill(life)
        diary.write(today + timedelta(days=LEAVE_DAYS), lambda: person.come_back(life, leave))


_ENDS = {"moves": EndReason.MOVED, "own_wish": EndReason.OWN_WISH, "dies": EndReason.DIED}


def _is_in_use(life: Life) -> bool:
    rows = Enrolment.objects.filter(
        pk=life.enrolment.pk, ends_on=None, window_ends_on__gt=life.today
    )
    return rows.exists()
