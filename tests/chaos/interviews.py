"""People who save contacts through the server: what was answered is stored once, whatever is killed."""

from __future__ import annotations

import http.client
import itertools
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.urls import reverse

from clients.models import Enrolment
from plans.models import Interview, NoteText
from teikyaku.accounts.models import AuditEvent, Membership
from teikyaku.accounts.roles import Role
from teikyaku.periods import Month
from tests.cast import Cast, make_member, take_in
from tests.chaos.outcome import Outcome
from tests.chaos.place import Place
from tests.chaos.server import Browser, Server, action_of, filled
from tests.fuzz.values import Data

LOST = (OSError, http.client.HTTPException)
# A form is sent again so often where it asks something, before it counts as refused.
TURNS = 3
# Pages of each writer at a time, and how many times their days differ before they come again.
LETTERS, DAYS = 3, 10


@dataclass
class Letter:
    """One contact that somebody saves, known again by its words."""

    words: str
    browser: Browser
    path: str
    data: Data
    status: int = 0
    lost: int = 0


@dataclass
class Writer:
    """A colleague with a person of their own."""

    member: Membership
    person: Enrolment
    letters: list[Letter] = field(default_factory=list)


def writers(cast: Cast, count: int) -> list[Writer]:
    """So many colleagues of the cast's office, each with one person."""
    employed = (Month.of(cast.today) - 9).first_day
    found = []
    for nth in range(count):
        member = make_member(f"writer{nth}", Role.SUPPORT_WORKER, office=cast.office)
        who = {"name": f"書く {nth}", "birth_date": employed.replace(year=1980 + nth % 20)}
        found.append(Writer(member, take_in(cast.office, member, employed, **who)))
    return found


class Desk:
    """The writers at their forms."""

    # Of all desks of a run together: words that come again on the same day would be a twin.
    numbers = itertools.count(1)

    def __init__(self, server: Server, cast: Cast, people: list[Writer]) -> None:
        self.server, self.cast, self.people = server, cast, people
        # Signed in here: threads of this process ask no database.
        self.browsers = {each.member.pk: Browser(server.port, each.member.user) for each in people}

    def open_form(self, writer: Writer, nth: int) -> Letter:
        """A page of the form, filled in for a day of its own."""
        browser = self.browsers[writer.member.pk]
        path = reverse("interview_new", args=[writer.person.public_id])
        page = browser.get(path)
        form = page.form("notes")
        words = f"しるし{next(self.numbers)}"
        day = self.cast.today - timedelta(days=nth)
        data = filled(form, held_on=day.isoformat(), outcome="met", way="face", work_rating="settled",
                      life_rating="settled", notes=words)  # fmt: skip
        return Letter(words, browser, action_of(page, form), data)

    def send(self, letter: Letter) -> None:
        """Press the button, and again where the page asks something."""
        for _turn in range(TURNS):
            try:
                answer = letter.browser.post(letter.path, letter.data)
            except LOST:
                # Also where an earlier turn was answered with a question: this one was not answered.
                letter.lost += 1
                letter.status = 0
                return
            letter.status = answer.status
            if answer.status != 422:
                return
            form = answer.form("notes")
            letter.data = filled(form, notes=letter.data["notes"])

    def open_forms(self, each: int, first: int = 0) -> None:
        """Everybody opens so many pages."""
        for writer in self.people:
            writer.letters = [self.open_form(writer, nth) for nth in range(first, first + each)]

    def write(self) -> None:
        """Everybody begins to press the buttons of their pages, at the same time."""

        def work(writer: Writer) -> None:
            for letter in writer.letters:
                self.send(letter)

        threads = [threading.Thread(target=work, args=[writer]) for writer in self.people]
        for thread in threads:
            thread.start()
        self.threads = threads

    @property
    def is_writing(self) -> bool:
        return any(thread.is_alive() for thread in self.threads)

    def wait(self) -> None:
        for thread in self.threads:
            thread.join()

    @property
    def letters(self) -> list[Letter]:
        return [letter for writer in self.people for letter in writer.letters]


def stored(letter: Letter) -> int:
    """How many contacts with these words are on file, whole: with their search row and audit line."""
    rows = list(Interview.objects.filter(notes=letter.words))
    for row in rows:
        assert NoteText.objects.filter(interview=row).count() == 1
        assert (
            AuditEvent.objects.filter(subject_id=row.public_id, verb="interview_logged").count()
            == 1
        )
    return len(rows)


def kill_interviews(
    place: Place, cast: Cast, people: list[Writer], times: int, chance: random.Random
) -> Outcome:
    """Kills while everybody saves; then all send again.

    First the workers end themselves within what a save writes, until so many have; then, so many
    turns, they are killed from outside, every fourth time with the whole server.
    """
    outcome = Outcome("interview")
    outcome.begin()
    answers: Counter[str] = Counter()
    switch = place.folder / "dying"
    environment = {
        **place.environment(),
        "DYING": str(switch),
        "DYING_SEED": str(chance.random())[2:],
    }
    with Server(environment, application="tests.chaos.dying") as server:
        desk = Desk(server, cast, people)
        for nth in itertools.count():
            outcome.in_the_middle = outcome.kills = _bytes(switch.with_suffix(".ends"))
            if outcome.kills >= times or nth > times:
                break
            desk.open_forms(LETTERS, first=nth % DAYS * LETTERS)
            switch.touch()
            desk.write()
            desk.wait()
            switch.unlink()
            _tell(desk, outcome, answers)
    with Server(place.environment()) as server:
        desk = Desk(server, cast, people)
        for nth in range(max(1, times // 4)):
            desk.open_forms(LETTERS, first=nth % DAYS * LETTERS)
            desk.write()
            while desk.is_writing:
                time.sleep(chance.uniform(0.05, 0.7))
                if outcome.kills % 4 == 3:
                    server.kill()
                    server.start()
                else:
                    server.kill_workers()
                outcome.kills += 1
            desk.wait()
            _tell(desk, outcome, answers)
    outcome.figures["answers"] = dict(answers)
    return outcome


def _bytes(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _tell(desk: Desk, outcome: Outcome, answers: Counter[str]) -> None:
    outcome.found["without an answer"] += sum(bool(letter.lost) for letter in desk.letters)
    _judge(desk, outcome, answers)


def _judge(desk: Desk, outcome: Outcome, answers: Counter[str]) -> None:
    for letter in desk.letters:
        count, was = stored(letter), str(letter.status or "none")
        answers[f"{was}, stored {count}"] += 1
        if letter.status == 302:
            outcome.expect(count == 1, f"answered, but stored {count} times")
        else:
            outcome.expect(letter.status in (0, 503), f"answered {letter.status}")
            outcome.expect(count <= 1, f"stored {count} times")
            desk.send(letter)
            outcome.expect(letter.status == 302, f"sent again: {letter.status}")
        if letter.status == 302:
            desk.send(letter)  # and once more: the same page, the same words
        outcome.expect(stored(letter) == 1, f"sent again: stored {stored(letter)} times")
    outcome.expect_sound("after a kill")


def write_at_once(place: Place, cast: Cast, people: list[Writer], each: int) -> Outcome:
    """Everybody writes at the same time: every answered contact is there, and nobody sees an error."""
    outcome, statuses = Outcome(f"{len(people)} write at once"), Counter[int]()
    outcome.begin()
    with Server(place.environment()) as server:
        desk = Desk(server, cast, people)
        desk.open_forms(each)
        began = time.perf_counter()
        desk.write()
        desk.wait()
        seconds = time.perf_counter() - began
    for letter in desk.letters:
        statuses[letter.status] += 1
        outcome.expect(letter.status == 302, f"answered {letter.status or 'nothing'}")
        outcome.expect(stored(letter) == 1, f"stored {stored(letter)} times")
    outcome.expect(len(desk.letters) == len(people) * each, "a form did not open")
    outcome.expect_sound("afterwards")
    outcome.figures |= {"written": len(desk.letters), "answers": dict(statuses),
                        "contacts_a_second": round(len(desk.letters) / seconds, 1)}  # fmt: skip
    return outcome
