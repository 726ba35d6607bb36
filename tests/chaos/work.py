"""Close, import and erasure, killed in their middle: whole or not at all, and the next run ends it."""

from __future__ import annotations

import random
from typing import Any

from django.core.management import call_command

from billing.models import MonthClosing, PersonMonth, PersonMonthLine
from clients.actions.erase import remove_files
from clients.models import Attachment, Client, Enrolment, Erasure, FileToErase
from clients.queries.attachment import orphans
from plans.actions import move_in as imports
from plans.actions import move_in_import as import_steps
from plans.actions.move_in_store import store_move_in
from plans.forms.move_in_cells import Book
from plans.forms.move_in_reader import LineReader
from plans.models import MoveIn, MoveInRow
from plans.queries.move_in import book_facts
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon, now
from teikyaku.desk.actions.erase import erase_file
from teikyaku.desk.actions.office_start import set_first_month
from teikyaku.periods import Month
from tests.access.keeping import long_gone
from tests.cast import Cast
from tests.chaos.killing import (
    MOMENT,
    WAYS,
    forked,
    killed_at,
    killed_within,
    measured,
    step_by_chance,
    was_killed,
)
from tests.chaos.outcome import Outcome
from tests.chaos.place import Place
from tests.chaos.steps import Steps
from tests.papers import attached
from tests.sheets import person as line_of

PAPERS = 5
PEOPLE = 6


class Scenario:
    """Work that is killed. `prepare` makes what it needs, `run` does it, `look` names what stands."""

    name = ""

    def __init__(self, place: Place, cast: Cast) -> None:
        self.place, self.cast = place, cast
        self.outcome = Outcome(self.name)

    def prepare(self) -> None:
        raise NotImplementedError

    def run(self) -> None:
        raise NotImplementedError

    def look(self) -> str:
        """ "nothing", "part" or "whole"; what is neither is told to the outcome."""
        raise NotImplementedError

    def killed(self, times: int, chance: random.Random) -> Outcome:
        """So many kills, by turns at a step, at a moment, and at a step of a kind by chance.

        After each the work is looked at, then ended by another run.
        """
        self.prepare()
        self.outcome.begin()
        self.place.keep()
        steps = Steps(self.place.folder / "steps", self.place.media)
        seconds, kinds = measured(self.run, steps)
        self.outcome.expect(self.look() == "whole", "undisturbed it does not end")
        for nth in range(times):
            self.place.back()
            if (way := WAYS[nth % len(WAYS)]) == MOMENT:
                hit = killed_within(self.run, steps, chance.uniform(0, seconds))
            else:
                hit = killed_at(self.run, steps, step_by_chance(way, kinds, chance))
            self.outcome.killed(hit, steps.done, len(kinds))
            self.outcome.found[self.look()] += 1
            self.outcome.expect_sound("killed")
            assert not was_killed(forked(self.run))
            self.outcome.expect(self.look() == "whole", "the next run does not end it")
            self.outcome.expect_sound("run again")
        return self.outcome


class Closing(Scenario):
    """The command that closes a month, at both offices of the cast."""

    name = "close"

    def prepare(self) -> None:
        self.month = Month.of(self.cast.today) - 1
        self.before = AuditEvent.objects.count()

    def run(self) -> None:
        for key in ("billing", "outsider"):
            mail = self.cast.user(key).email
            call_command("close_months", month=self.month, by=mail, stdout=_Nowhere())

    def look(self) -> str:
        rows = MonthClosing.objects.filter(month=self.month.first_day)
        for row in rows:
            lines = PersonMonthLine.objects.filter(person_month__closing=row).count()
            self.outcome.expect((row.person_months.count(), lines) == (1, 1), "half a close")
        count = rows.count()
        people = PersonMonth.objects.filter(month=self.month.first_day).count()
        self.outcome.expect(people == count, f"{people} people in {count} closes")
        audited = AuditEvent.objects.count() - self.before
        self.outcome.expect(audited == count, f"{audited} audit lines of {count} closes")
        return ("nothing", "part", "whole")[count]


class Importing(Scenario):
    """The import of a file that was looked at: line by line, each as one step."""

    name = "import"

    def prepare(self) -> None:
        # So many lines are one transaction, which is done or not: several of them, to be killed between.
        import_steps.TOGETHER = 2
        self.by, self.at = self.cast.members["outsider"], now()
        who: dict[str, Any] = {"by": self.by, "at": self.at}
        office = self.cast.other_office
        set_first_month(office=office, first_month=Month.of(self.cast.today), **who)
        people = [line_of(self.cast.today, nth) for nth in range(PEOPLE)]
        heads = list(people[0])
        rows = [(nth + 2, [str(each[head]) for head in heads]) for nth, each in enumerate(people)]
        self.move_in = store_move_in(
            office=office, file_name="名簿.xlsx", digest="1" * 64, sheet="名簿", headings=heads,
            rows=rows, **who,
        )  # fmt: skip
        columns = {head: place for place, head in enumerate(heads)}
        self.move_in = imports.tell_columns(move_in=self.move_in, columns=columns, **who)
        self.reader = LineReader(columns, Book(**book_facts(office, self.cast.today)))
        while imports.look_on(move_in=self.move_in, reader=self.reader, **who):
            pass
        self.move_in = imports.confirm_move_in(move_in=self.move_in, **who)
        self.others = set(Client.objects.values_list("pk", flat=True))

    def run(self) -> None:
        who = {"by": self.by, "at": self.at}
        # It stops after some seconds and tells how many are left: the page then goes on.
        while imports.carry_on(move_in=self.move_in, reader=self.reader, **who):
            pass

    def look(self) -> str:
        done = self.move_in.rows.filter(state=MoveInRow.State.DONE)
        new = Client.objects.exclude(pk__in=self.others)
        counted = sum(
            MoveIn.objects.get(pk=self.move_in.pk).counts.get(each, 0)
            for each in ("new", "changed")
        )
        self.outcome.expect(
            done.count() == new.count() == counted, "lines, people and counts differ"
        )
        bare = [row.pk for row in done if not _is_whole(row.enrolment)]
        self.outcome.expect(not bare, "a person without what stood in the line")
        self.outcome.expect(self.move_in.rows.count() == PEOPLE, "a line is lost")
        return {0: "nothing", PEOPLE: "whole"}.get(done.count(), "part")


def _is_whole(row: Enrolment | None) -> bool:
    """Whether everything of a line is on file of this person."""
    return row is not None and all(
        each.count() == 1
        for each in (
            row.client.names, row.client.employments, row.client.prior_services, row.contracts,
            row.client.decisions, row.support_plans,
        )
    )  # fmt: skip


class Erasing(Scenario):
    """A file with papers, erased: rows in one transaction, the papers after it."""

    name = "erase"

    def prepare(self) -> None:
        self.person = long_gone(self.cast)
        row = self.person.enrolments.get()
        for nth in range(PAPERS):
            attached(self.cast, row, mark=str(nth))
        self.names = [
            name for each in Attachment.objects.filter(enrolment=row) for name in each.names if name
        ]

    def run(self) -> None:
        who = {"by": self.cast.members["head"], "at": at_noon(self.cast.today)}
        erase_file(client=self.person, office=self.cast.office, **who)
        remove_files()

    def look(self) -> str:
        there = sum((self.place.media / name).exists() for name in self.names)
        rows = Attachment.objects.filter(enrolment__client__public_id=self.person.public_id).count()
        erased = Erasure.objects.filter(person_id=self.person.public_id).count()
        left = FileToErase.objects.count()
        if not erased:
            whole = (rows, there, left) == (PAPERS, len(self.names), 0)
            self.outcome.expect(whole, f"nothing erased, but {rows} rows and {there} papers")
            return "nothing"
        self.outcome.expect((erased, rows) == (1, 0), f"{erased} erasures, {rows} rows of papers")
        listed = {*FileToErase.objects.values_list("name", flat=True)}
        forgotten = [n for n in self.names if (self.place.media / n).exists() and n not in listed]
        self.outcome.expect(not forgotten, "a paper that no list holds")
        self.outcome.expect(not set(orphans(now())) - listed, "a paper without a row")
        return "part" if there or left else "whole"


class _Nowhere:
    """Where commands may say what they like."""

    def write(self, _text: str) -> int:
        return 0

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False


WORK: tuple[type[Scenario], ...] = (Closing, Importing, Erasing)
