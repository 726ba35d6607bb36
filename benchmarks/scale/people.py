"""People at their browsers: signed in through the real form, over TLS and nginx, one connection each."""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.cookies import SimpleCookie

from benchmarks.scale.machines import HOST
from tests.chaos.server import Answer, action_of, filled
from tests.fuzz.sending import form_body
from tests.fuzz.values import Data

PASSWORD = "teikyaku-demo"  # the demo city's
PATIENCE = 30
LOST = (OSError, http.client.HTTPException)
TURNS = 3
_TLS = ssl.create_default_context()
_TLS.check_hostname, _TLS.verify_mode = False, ssl.CERT_NONE


class Person:
    """Somebody signed in."""

    def __init__(self, port: int, who: str) -> None:
        self.port, self.who = port, who
        self.cookies: dict[str, str] = {}
        self._connection: http.client.HTTPSConnection | None = None

    def sign_in(self) -> None:
        """By the form of the page. Raises RuntimeError."""
        page = self.get("/accounts/login/")
        form = page.form("login")
        data = filled(form, login=f"{self.who}@example.jp", password=PASSWORD)
        answer = self.post(action_of(page, form), data)
        if answer.status != 302:
            raise RuntimeError(f"{self.who} cannot sign in: {answer.status}")

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, data: Data) -> Answer:
        return self._ask("POST", path, form_body(data))

    def _ask(self, method: str, path: str, body: bytes | None = None) -> Answer:
        if self._connection is None:
            self._connection = http.client.HTTPSConnection(
                "127.0.0.1", self.port, timeout=PATIENCE, context=_TLS
            )
        headers = {"Host": HOST, "Origin": f"https://{HOST}", "Referer": f"https://{HOST}{path}",
                   "Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}  # fmt: skip
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            content = answer.read()
        except LOST:
            self._connection.close()
            self._connection = None
            raise
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {key: each.value for key, each in SimpleCookie(line).items()}
        return Answer(answer.status, answer.headers, content, path)


@dataclass
class Writer:
    """Somebody who saves one contact after the other, until told to stop."""

    person: Person
    enrolments: list[str]
    today: date
    mark: str
    kept: list[str] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    answered_at: list[float] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self.stopped.set()
        self._thread.join()

    def _work(self) -> None:
        number = 0
        while not self.stopped.is_set():
            number += 1
            words = f"{self.mark}-{number}."
            try:
                status = self._save(words, number)
            except LOST:
                status = "none"
            except StopIteration:
                status = "no form"
            self.statuses[status] += 1
            if status == "302":
                self.kept.append(words)
                self.answered_at.append(time.monotonic())
            else:
                time.sleep(0.1)

    def _save(self, words: str, number: int) -> str:
        """One contact through its form; the last answer's status."""
        path = f"/enrolments/{self.enrolments[number % len(self.enrolments)]}/interviews/new/"
        page = self.person.get(path)
        if page.status != 200:
            return f"page {page.status}"
        form = page.form("notes")
        day = (self.today - timedelta(days=number // len(self.enrolments) % 20)).isoformat()
        data = filled(form, held_on=day, outcome="met", way="face", work_rating="settled",
                      life_rating="settled", notes=words)  # fmt: skip
        address = action_of(page, form)
        answer = self.person.post(address, data)
        for _turn in range(TURNS):
            if answer.status != 422:
                break
            form = answer.form("notes")
            data = filled(form, notes=[words])
            answer = self.person.post(address, data)
        return str(answer.status)


@dataclass
class Reader:
    """Somebody who clicks from page to page."""

    person: Person
    pages: list[str]
    statuses: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def click(self, until: float) -> None:
        """Page after page until then; what each took, and how it was answered."""
        turn = 0
        while time.monotonic() < until:
            path = self.pages[turn % len(self.pages)]
            turn += 1
            began = time.perf_counter()
            try:
                status = str(self._seen(path).status)
            except LOST:
                status = "none"
            self.statuses[status] += 1
            if status == "200":
                self.seconds.append(time.perf_counter() - began)
            else:
                time.sleep(0.1)

    def _seen(self, path: str) -> Answer:
        """The page that somebody sees who asks for it: where it leads on, that one."""
        answer = self.person.get(path)
        leads_to = answer.headers.get("Location") if answer.status == 302 else None
        return self.person.get(leads_to) if leads_to else answer


def click_for(readers: list[Reader], seconds: float) -> dict[str, object]:
    """All of them at once for so long: requests a second and what they waited, in milliseconds."""
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=each.click, args=[until]) for each in readers]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.monotonic() - began
    took = sorted(each for reader in readers for each in reader.seconds)
    statuses: Counter[str] = sum((reader.statuses for reader in readers), Counter())
    return {
        "people_at_once": len(readers),
        "requests_a_second": round(len(took) / spent, 1),
        "ms": {name: _share(took, share) for name, share in (("half", 0.5), ("95%", 0.95), ("99%", 0.99))},
        "answers": dict(statuses),
    }  # fmt: skip


def _share(took: list[float], share: float) -> float | None:
    """The time within which this share of the requests was answered."""
    return round(took[min(int(len(took) * share), len(took) - 1)] * 1000, 1) if took else None
