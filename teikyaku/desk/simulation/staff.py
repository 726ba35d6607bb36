"""What the staff do once the product tells them: late at times, and now and then not at all.

Nobody looks into the records for what is due. A mail or a list that they open puts something on
their own list of things to do; what they forget comes back with the next mail or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from clients.models import Enrolment
from plans.queries.caseload import Ask, ask_q, in_charge_q
from plans.queries.expiry import Expiries
from plans.rules.expiry import EndKind
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Role
from teikyaku.desk.simulation import duties, meetings
from teikyaku.desk.simulation.mailbox import Letter
from teikyaku.desk.simulation.world import World

# How many of a hundred things that somebody is told they take up, and in how many days at most.
HEEDED, ON_BOARD, MOST_DAYS = 75, 90, 12
# Of a hundred Mondays those on which somebody opens a list.
OPENS_CASELOAD, OPENS_BOARD = 85, 60
# Of a hundred weeks those in which somebody is ill from Monday to Sunday.
ILL = 4
SATURDAY = 5
MEET, REPORT = "meet", "report"
_OF_DIGEST = {
    "面談の期限が過ぎた方": MEET, "7日以内が面談の期限の方": MEET,
    "個別支援計画の見直し": EndKind.SUPPORT_PLAN.value,
    "引き継ぎの情報共有の期限": EndKind.HANDOVER.value,
    "支給決定の終わり（更新か取消）": EndKind.DECISION.value,
}  # fmt: skip
_OF_STEPS = {kind.label: kind.value for kind in EndKind}
Task = tuple[int, str]
# Enrolment, kind, and the user in charge.
Late = tuple[int, str, int]


@dataclass(slots=True)
class Desk:
    """One member's own list: what they mean to do, and when."""

    member: Membership
    todo: dict[Task, date] = field(default_factory=dict)

    def plan(self, task: Task, on: date) -> None:
        """Sooner, if it was planned for later."""
        self.todo[task] = min(on, self.todo.get(task, on))

    def take(self, on: date) -> list[Task]:
        """What they do today."""
        found = sorted(task for task, day in self.todo.items() if day <= on)
        for task in found:
            del self.todo[task]
        return found


class Staff:
    """Everybody of the office who reads mails and has people."""

    def __init__(self, world: World) -> None:
        self.world = world
        rows = [m for m in world.city.staff.values() if m.office_id == world.office.pk]
        self.desks = {row.user_id: Desk(row) for row in rows}
        self.failed: list[str] = []

    def read(self, letters: Iterable[Letter]) -> None:
        """Mails of this morning: each line is taken up, or forgotten."""
        for letter in letters:
            desk = self.desks.get(letter.reader)
            for line in letter.lines if desk else ():
                kind = _OF_DIGEST.get(line.heading) or _OF_STEPS.get(line.words)
                if "支援レポート" in line.heading:
                    kind = REPORT
                if desk and kind and line.enrolment:
                    self._take_up(desk, (line.enrolment, kind), line.heading)

    def _take_up(self, desk: Desk, task: Task, why: str, heeded: int = HEEDED) -> None:
        today = self.world.today
        who = self.world.index(task[0])
        dice = self.world.chance("heeds", desk.member.user.email, who, task[1], why, today)
        if dice.randrange(100) < heeded:
            desk.plan(task, today + timedelta(days=dice.randrange(MOST_DAYS)))

    def open_lists(self) -> None:
        """On Mondays: the caseload, and what has passed on the board of ends."""
        late = self._late()
        for desk in self.desks.values():
            dice = self.world.chance("opens", desk.member.user.email, self.world.today)
            opens = dice.randrange(100) < OPENS_CASELOAD, dice.randrange(100) < OPENS_BOARD
            if self.is_ill(desk):
                continue
            if opens[0] and desk.member.has_role(Role.SUPPORT_WORKER):
                self._caseload(desk)
            if opens[1] and not desk.member.has_role(Role.BILLING):
                self._board(desk, late)
            if desk.member.has_role(Role.SERVICE_MANAGER):
                self._suggestions(desk)

    def _caseload(self, desk: Desk) -> None:
        today = self.world.today
        people = Enrolment.objects.filter(in_charge_q(today, user=desk.member.user_id))
        for ask, task in ((Ask.NOT_MET, MEET), (Ask.REPORT, REPORT)):
            for pk in people.filter(ask_q(ask, today)).order_by("pk").values_list("pk", flat=True):
                self._take_up(desk, (pk, task), ask.value)

    def _board(self, desk: Desk, late: list[Late]) -> None:
        is_lead = not desk.member.has_role(Role.SUPPORT_WORKER)
        for pk, kind, worker in late:
            if is_lead or worker == desk.member.user_id:
                self._take_up(desk, (pk, kind), "board", ON_BOARD)

    def _late(self) -> list[Late]:
        """What has passed on the board; everybody reads the same one, each for their own people."""
        rows = Expiries(self.world.office, self.world.today, 0, is_late=True)
        lives = {life.client.pk: life for life in self.world.lives.values()}
        return [
            (lives[client].enrolment.pk, kind, lives[client].worker.user_id)
            for group in rows.by_person().groups
            for _day, kind, client, _subject in group
            if client in lives
        ]

    def _suggestions(self, desk: Desk) -> None:
        people = Enrolment.objects.filter(office=self.world.office)
        asked = people.filter(ask_q(Ask.SUGGESTION, self.world.today)).order_by("pk")
        for row in asked.select_related("client", "office"):
            meetings.answer_suggestion(self.world, row, desk.member)

    def is_ill(self, desk: Desk) -> bool:
        """Whether they are ill this week."""
        week = self.world.today.isocalendar()[:2]
        return self.world.chance("ill", desk.member.user.email, week).randrange(100) < ILL

    def work(self) -> None:
        """Everything that is on somebody's list for today; nobody works on Saturdays and Sundays."""
        if self.world.today.weekday() >= SATURDAY:
            return
        for desk in self.desks.values():
            if self.is_ill(desk):
                continue
            for task in desk.take(self.world.today):
                self._do(desk, task)

    def _do(self, desk: Desk, task: Task) -> None:
        pk, kind = task
        row = Enrolment.objects.select_related("client", "office").filter(pk=pk).first()
        life = self.world.lives.get(pk)
        if row is None or life is None:
            return
        life.enrolment = row
        try:
            if kind == MEET:
                self._meet(desk, task)
            elif kind == REPORT:
                meetings.report(self.world, row, life.worker)
            else:
                duties.settle(self.world, life, kind)
        except ValidationError as error:
            # As on a page: refused, with the reason; whoever was told is told again.
            self.failed.append(
                f"{self.world.today} {kind} {life.plan.index}: {'; '.join(error.messages)}"
            )

    def _meet(self, desk: Desk, task: Task) -> None:
        life, today = self.world.lives[task[0]], self.world.today
        again, reports = meetings.meet(self.world, life.enrolment, life.worker)
        if again is not None:
            desk.plan(task, again)
        if reports:
            why = f"met {today}"
            self._take_up(desk, (task[0], REPORT), why, 88)
