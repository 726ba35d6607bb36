"""Living: every day the job runs, the judge looks, people's lives go on, and the staff act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction

from plans.actions.reminder import write_reminders
from teikyaku.accounts.actions.outbox import send_waiting
from teikyaku.clock import at_noon
from teikyaku.desk.simulation.events import Diary, expect
from teikyaku.desk.simulation.lost import close, lost_months
from teikyaku.desk.simulation.mailbox import Mailbox
from teikyaku.desk.simulation.person import people_to_come
from teikyaku.desk.simulation.report import Report
from teikyaku.desk.simulation.staff import Staff
from teikyaku.desk.simulation.watch import Watch
from teikyaku.desk.simulation.world import World, answer_year, build_world, last_day
from teikyaku.ids import seeded_ids
from teikyaku.periods import Month

FIRST = date(2024, 4, 1)
CLOSES_ON, YEAR_BEGINS_IN = 5, 4


def simulate(
    *, months: int, clients: int, seed: int, say: Callable[[str], None], first: date = FIRST
) -> Report:
    """Live so many months from `first` on with so many people; the same seed gives the same report.

    Writes into the database at hand, which must hold nobody: `manage.py simulate_office` makes one of
    its own. Mails go to wherever the settings send them.
    """
    with seeded_ids(f"simulation {seed}"), transaction.atomic():
        world = build_world(seed, first)
        diary = Diary()
        for coming in people_to_come(world, clients, months):
            expect(world, diary, coming)
        watch, staff, mailbox = Watch(world.office), Staff(world), Mailbox(world.office)
        until = last_day(first, months)
        while world.today <= until:
            _live(world, diary, watch, staff, mailbox)
            if world.today == Month.of(world.today).last_day:
                say(f"{Month.of(world.today).label}　{len(watch.findings)}件")
            world.city.today += timedelta(days=1)
        world.city.today = until
        return Report.of(world, watch, staff, lost_months(world, first), first)


def _live(world: World, diary: Diary, watch: Watch, staff: Staff, mailbox: Mailbox) -> None:
    today = world.today
    if (today.month, today.day) == (YEAR_BEGINS_IN, 1) and today != world.first:
        answer_year(world, today)
    # As `send_reminders` does.
    write_reminders(at=at_noon(today))
    send_waiting(at=at_noon(today))
    letters = mailbox.new(today)
    watch.morning(today, letters)
    for happens in diary.take(today):
        happens()
    staff.read(letters)
    if today.weekday() == 0:
        staff.open_lists()
    staff.work()
    if today.day == CLOSES_ON:
        close(world)
