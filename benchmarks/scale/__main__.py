"""`make scale`: a primary with its standby, pgbouncer, two gunicorns behind nginx; measured, then broken.

SPAN=15 CLICKERS=8 SYNC=1 (0: commits wait for no standby); JSON, and 1 where something that was answered
is lost. Everything listens on loopback, lies in one temporary folder, and ends with the run.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType
from typing import Any

from benchmarks.scale.machines import (
    HOST,
    ROOT,
    Database,
    Front,
    Pool,
    Web,
    stop_all,
    waited,
)
from benchmarks.scale.people import Person, Reader, Writer, click_for
from teikyaku.clock import today

SECONDS = int(os.environ.get("SPAN") or 15)
CLICKERS = int(os.environ.get("CLICKERS") or 8)
IS_SYNC = os.environ.get("SYNC", "1") != "0"
PAGES = {
    "worker": ["/", "/clients/", "/caseload/", "/expiry/"],
    "manager": ["/", "/expiry/", "/clients/", "/caseload/"],
    "head": ["/", "/audit/", "/clients/", "/billing/"],
    "billing": ["/", "/months/", "/payments/", "/clients/"],
}
LATE = "/audit/"


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def stop(_number: int, _frame: FrameType | None) -> None:
    """A signal ends the run through the `finally` of what was started."""
    raise SystemExit(130)


class Installation:
    """All machines, and what they share: the secret key, the folder of papers, the database."""

    def __init__(self, folder: Path) -> None:
        self.media = folder / "media"
        self.media.mkdir(mode=0o700)
        self.a, self.b = Database("a", folder), Database("b", folder)
        self.pool = Pool("pool", folder)
        self.webs = [Web("web1", folder), Web("web2", folder)]
        self.front = Front("front", folder)
        self.static = folder / "static"
        self.key = secrets.token_urlsafe(60)

    def env(self, primary: Database, *, pooled: bool) -> dict[str, str]:
        """docs/scale.md's .env, the same on each web machine."""
        values = {
            "TEIKYAKU_MODE": "production", "SECRET_KEY": self.key, "ALLOWED_HOSTS": HOST,
            "BASE_URL": f"https://{HOST}", "CSRF_TRUSTED_ORIGINS": f"https://{HOST}",
            "DEFAULT_FROM_EMAIL": "teikyaku@example.jp", "MEDIA_ROOT": str(self.media),
            "STATIC_ROOT": str(self.static), "DATABASE_URL": primary.url(),
            # The demo city has no second factors.
            "SECOND_FACTOR_ROLES": "", "FILES_A_MINUTE": "100000",
        }  # fmt: skip
        if pooled:
            values |= {"POOL_URL": self.pool.url(), "REPLICA_URL": self.b.url()}
        return {**os.environ, **values}

    def command(self, *given: str, mode: str = "production", on: Database | None = None) -> str:
        """What one management command prints. Raises RuntimeError."""
        env = {**self.env(on or self.a, pooled=False), "TEIKYAKU_MODE": mode}
        done = subprocess.run([sys.executable, "manage.py", *given], cwd=ROOT, env=env, text=True,
                              capture_output=True, check=False)  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{given[0]}: {(done.stdout + done.stderr)[-2000:]}")
        return done.stdout

    def build(self) -> None:
        """From nothing to a city that answers."""
        say("primary")
        self.a.create()
        say("tables and the demo city")
        self.command("migrate", "--verbosity", "0")
        self.command("createcachetable")
        self.command("demo_city", mode="demo")
        self.command("collectstatic", "--no-input", "--verbosity", "0")
        say("standby")
        self.b.follow(self.a)
        if IS_SYNC:
            self.a.wait_for_standby()
        self.pool.start(self.a)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "teikyaku.settings")
    signal.signal(signal.SIGTERM, stop)
    began, load = time.monotonic(), os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="teikyaku-scale-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        try:
            place = Installation(folder)
            place.build()
            found = {"commits_wait_for_the_standby": IS_SYNC, "cores": os.cpu_count(),
                     "load_before": round(load, 2), "measured": measured(place)}  # fmt: skip
            found["broken"] = broken(place)
        finally:
            stop_all()
    found["seconds"] = round(time.monotonic() - began)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 1 if IS_SYNC and found["broken"]["answered_but_lost"] else 0  # type: ignore[index]


# --- How fast ---------------------------------------------------------------------------------------


def measured(place: Installation) -> dict[str, Any]:
    """Requests a second and times: direct and through the pool, on one gunicorn and on two."""
    one, two = place.webs
    found: dict[str, Any] = {}
    one.start(place.env(place.a, pooled=False))
    place.front.start([one])
    people = signed_in(place)
    for name, pooled, webs in (("direct, one gunicorn", False, [one]), ("pgbouncer, one gunicorn", True, [one]),
                               ("pgbouncer, two gunicorns", True, [one, two])):  # fmt: skip
        say(name)
        for web in place.webs:
            web.kill()
        for web in webs:
            web.start(place.env(place.a, pooled=pooled))
        place.front.spread_over(webs)
        click_for(readers(people), 3)  # every page once, so that each process knows its questions
        used = processor_seconds(webs)
        figures = click_for(readers(people), SECONDS)
        asked = float(str(figures["requests_a_second"])) * SECONDS
        figures["processor_ms_a_request"] = round(
            (processor_seconds(webs) - used) / asked * 1000, 1
        )
        figures["connections"] = place.a.value(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'teikyaku'"
        )
        found[name] = figures
    found["writing"] = writing(place, people)
    found["replica"] = replica(place, people)
    found["disk"] = disk(place)
    return found


def signed_in(place: Installation) -> list[Person]:
    """Some of each role, through the real form."""
    people = []
    for nth in range(CLICKERS):
        people.append(Person(place.front.port, list(PAGES)[nth % len(PAGES)]))
        people[-1].sign_in()
    return people


def readers(people: list[Person]) -> list[Reader]:
    return [Reader(person, PAGES[person.who]) for person in people]


def processor_seconds(webs: list[Web]) -> float:
    """What these gunicorns and their workers have used so far."""
    ticks = 0
    for web in webs:
        assert web.process is not None
        group = web.process.pid
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                values = stat.read_text().rsplit(")", 1)[1].split()
            except (OSError, IndexError):
                continue
            if int(values[2]) == group:
                ticks += int(values[11]) + int(values[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def enrolments(place: Installation) -> list[str]:
    """Whom the demo's worker may write about."""
    rows = place.a.sql(
        "SELECT DISTINCT e.public_id::text FROM clients_enrolment e "
        "JOIN accounts_membership m ON m.office_id = e.office_id "
        "JOIN accounts_user u ON u.id = m.user_id JOIN plans_contract c ON c.enrolment_id = e.id "
        "WHERE u.email = 'worker@example.jp' AND e.ends_on IS NULL AND e.starts_on < current_date - 60 ORDER BY 1"
    )
    return [str(row[0]) for row in rows]


def writers(place: Installation, count: int, mark: str) -> list[Writer]:
    """People of one office who save contacts, each about people of their own."""
    everybody = enrolments(place)
    found = []
    for nth in range(count):
        person = Person(place.front.port, "worker")
        person.sign_in()
        found.append(Writer(person, everybody[nth::count], today(), f"{mark}{nth}"))
    return found


def writing(place: Installation, people: list[Person]) -> dict[str, Any]:
    """Contacts saved a second, and what each writes into the log that the standby follows."""
    say("writing")
    team = writers(place, 4, "write")
    before, began = lsn(place.a), time.monotonic()
    for each in team:
        each.start()
    time.sleep(SECONDS)
    for each in team:
        each.stop()
    saved = sum(len(each.kept) for each in team)
    return {
        "writers": len(team),
        "contacts_a_second": round(saved / (time.monotonic() - began), 1),
        "log_kb_a_contact": round((lsn(place.a) - before) / max(saved, 1) / 1024, 1),
        "answers": dict(sum((each.statuses for each in team), team[0].statuses.__class__())),
    }


def lsn(database: Database) -> int:
    return database.value("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint")


def replica(place: Installation, people: list[Person]) -> dict[str, Any]:
    """Whether a report is read on the standby, and what happens when that one is too late or away."""
    say("replica")
    head = next(each for each in people if each.who == "head")
    head.cookies.pop("__Host-fresh", None)
    rows = "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables"
    before = place.b.value(rows)
    statuses = [head.get(LATE).status for _turn in range(10)]
    time.sleep(11)  # a process tells what it has read after ten seconds at the latest
    statuses.append(head.get(LATE).status)
    time.sleep(2)
    read = place.b.value(rows) - before
    place.b.sql("SELECT pg_wal_replay_pause()")
    late = [_told(head) for _turn in range(2) if time.sleep(6) is None]
    place.b.sql("SELECT pg_wal_replay_resume()")
    return {
        "answers": statuses,
        "rows_read_on_the_standby": read,
        "says_how_late_while_paused": any(late),
    }


def _told(person: Person) -> bool:
    return "までに書かれたことから作っています" in person.get(LATE).text


def disk(place: Installation) -> dict[str, Any]:
    people = place.a.value("SELECT count(*) FROM clients_client")
    size = place.a.value("SELECT pg_database_size('teikyaku')")
    contacts = place.a.value("SELECT count(*) FROM plans_interview")
    reads = place.a.value("SELECT count(*) FROM accounts_auditevent")
    kb_audit = place.a.value("SELECT pg_total_relation_size('accounts_auditevent')") / 1024 / reads
    return {"people": people, "contacts": contacts, "mb": round(size / 1024**2, 1),
            "kb_a_person": round(size / 1024 / people, 1), "audit_lines": reads,
            "kb_an_audit_line": round(kb_audit, 2)}  # fmt: skip


# --- What breaks ------------------------------------------------------------------------------------


def broken(place: Installation) -> dict[str, Any]:
    """A gunicorn, then the primary killed while people write; the standby promoted; what is left of it."""
    team = writers(place, 4, "break")
    for each in team:
        each.start()
    found: dict[str, Any] = {}
    time.sleep(3)
    say("a gunicorn dies")
    before = sum((each.statuses for each in team), team[0].statuses.__class__())
    place.webs[0].kill()
    time.sleep(5)
    after = sum((each.statuses for each in team), team[0].statuses.__class__())
    found["a gunicorn killed"] = {"answers_in_5_seconds": dict(after - before)}
    place.webs[0].start(place.env(place.a, pooled=True))
    time.sleep(2)
    say("the primary dies")
    at = time.monotonic()
    place.a.kill()
    time.sleep(2)
    place.b.promote()
    promoted = time.monotonic()
    place.pool.point_at(place.b)
    waited(
        lambda: any(when > promoted for each in team for when in each.answered_at),
        "somebody writes again",
    )
    again = min(when for each in team for when in each.answered_at if when > promoted)
    found["the primary killed"] = {
        "seconds_until_promoted": round(promoted - at, 1),
        "seconds_until_the_next_contact": round(again - at, 1),
    }
    time.sleep(4)
    for each in team:
        each.stop()
    found["answers"] = dict(sum((each.statuses for each in team), team[0].statuses.__class__()))
    kept = [words for each in team for words in each.kept]
    stored = {
        str(row[0])
        for row in place.b.sql("SELECT notes FROM plans_interview WHERE notes LIKE 'break%'")
    }
    found["answered"], found["answered_but_lost"] = len(kept), len(set(kept) - stored)
    twice = "SELECT count(*) FROM (SELECT notes FROM plans_interview WHERE notes LIKE 'break%' GROUP BY 1 HAVING count(*) > 1) t"
    found["stored_twice"] = place.b.value(twice)
    say("what is left is whole")
    for name in ("verify_months", "check_derived", "check_attachments"):
        found[name] = place.command(name, on=place.b).strip().splitlines()[-1:]
    say("the dead machine comes back as the standby")
    place.a.follow(place.b)
    if IS_SYNC:
        place.b.wait_for_standby()
    late = Writer(team[0].person, team[0].enrolments, today(), "after")
    late.start()
    waited(lambda: len(late.kept) > 0, "a contact is kept on both again")
    late.stop()
    found["follows_again"] = waited(
        lambda: place.a.value("SELECT count(*) FROM plans_interview WHERE notes LIKE 'after%'") >= len(late.kept),
        "the contact is on the standby",
    ) < 10  # fmt: skip
    return found


if __name__ == "__main__":
    raise SystemExit(main())
