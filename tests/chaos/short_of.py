"""A disk that is full, a database that is away: the page says so with what was typed, and it passes."""

from __future__ import annotations

import time
from typing import Any

from django.db import connections
from django.urls import reverse
from PIL import Image

from clients.models import Attachment
from plans.models import Interview
from tests.cast import Cast
from tests.chaos.interviews import Desk, Letter, Writer, stored
from tests.chaos.outcome import Outcome
from tests.chaos.place import Place
from tests.chaos.server import Browser, Server, action_of, filled, waited
from tests.papers import photo

LONG = "昼休みに会社の休憩室で会った。体調はよい。来月は朝の電車を一本早める予定とのこと。"
PASSES, STORED, REFUSED = 503, 302, 422


def _written(desk: Desk, nth: int) -> Letter:
    letter = desk.open_form(desk.people[0], nth)
    letter.words = f"{LONG}{nth}"
    letter.data["notes"] = [letter.words]
    return letter


def _told(outcome: Outcome, letter: Letter, what: str) -> None:
    """The page says that it passes, and holds what was typed."""
    answer = letter.browser.post(letter.path, letter.data)
    outcome.expect(answer.status == PASSES, f"{what}: answered {answer.status}")
    outcome.expect(letter.words in answer.text, f"{what}: what was typed is lost")
    outcome.expect("いま記録できません" in answer.text, f"{what}: the page does not say so")


def full_database(place: Place, cast: Cast, people: list[Writer]) -> Outcome:
    """SQLite's file and its log may not grow: refused in words, nothing half; with room again it goes."""
    outcome = Outcome("disk full: database (SQLite)")
    outcome.begin()
    with Server(place.environment()) as server:
        # Opened while there was room; the session is of that time too.
        desk = Desk(server, cast, people[:1])
        letters = [_written(desk, nth) for nth in range(3)]
    before = Interview.objects.count()
    connections.close_all()
    port = server.port
    with Server(place.environment(), most_bytes=4096) as full:
        for letter in letters:
            letter.browser.port = full.port
            _told(outcome, letter, "full")
    outcome.expect(Interview.objects.count() == before, "something was stored")
    outcome.expect_sound("full")
    connections.close_all()
    with Server(place.environment()) as roomy:
        for letter in letters:
            letter.browser.port = roomy.port
            desk.send(letter)
            outcome.expect(letter.status == STORED, f"with room: answered {letter.status}")
            outcome.expect(stored(letter) == 1, "with room: not stored once")
    outcome.figures["refused"] = len(letters)
    assert port
    return outcome


def full_media(place: Place, cast: Cast, most_bytes: int) -> Outcome:
    """A paper that finds no room: said so, no row and no piece of a file; a smaller one is kept."""
    outcome = Outcome("disk full: papers")
    user, row = cast.user("worker"), cast.enrolment
    files_before = sum(each.is_file() for each in place.media.rglob("*"))
    rows_before = Attachment.objects.count()
    with Server(place.environment(), most_bytes=most_bytes) as server:
        browser = Browser(server.port, user)
        page = browser.get(reverse("attachment_new", args=[row.public_id]))
        form = page.form("papers")
        data = filled(form, kind="certificate", dated_on=cast.today.isoformat(), title="紙の見出し")
        noise = Image.effect_noise((1200, 1200), 90).convert("RGB")
        big = photo(image=noise, quality=95)
        answer = browser.post(action_of(page, form), data, {"papers": ("big.jpg", big)})
        outcome.figures["answer"] = answer.status
        told = "空きがありません" in answer.text
        outcome.expect(answer.status == PASSES and told, f"answered {answer.status}")
        outcome.expect("紙の見出し" in answer.text, "what was typed is lost")
    files = sum(each.is_file() for each in place.media.rglob("*"))
    outcome.expect(files == files_before, f"{files - files_before} files are left")
    outcome.expect(Attachment.objects.count() == rows_before, "a row without its paper")
    return outcome


def database_away(place: Place, cast: Cast, people: list[Writer], server_of: Any) -> Outcome:
    """PostgreSQL stops under the running server and comes back: no restart, nothing lost."""
    outcome = Outcome("database stopped and back")
    outcome.begin()
    with Server(place.environment()) as web:
        desk = Desk(web, cast, people[:1])
        letters = [_written(desk, nth) for nth in range(3)]
        connections.close_all()
        server_of.stop()
        try:
            for letter in letters:
                _told(outcome, letter, "away")
            health = letters[0].browser.get("/healthz").status
            outcome.expect(health == PASSES, f"healthz answers {health} without a database")
        finally:
            server_of.ensure_postgres_running()
        began = time.perf_counter()
        back = waited(lambda: letters[0].browser.get("/healthz").status == 200, 20)
        outcome.expect(back, "it does not come back by itself")
        outcome.figures["back_after_seconds"] = round(time.perf_counter() - began, 1)
        for letter in letters:
            desk.send(letter)
            outcome.expect(letter.status == STORED, f"back: answered {letter.status}")
            outcome.expect(stored(letter) == 1, "back: not stored once")
    outcome.expect_sound("back")
    return outcome
