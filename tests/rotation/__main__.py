"""`make rotation`: every secret of an installation in production is replaced while people are signed in.

By the steps of docs/operations.md ("秘密の値を替える"): gunicorn, PostgreSQL with a password, a server of mail.
One line of JSON for each thing that must hold; 1 where one does not.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
HOME, IN, OUT = "/", 200, 302
PEOPLE = ("worker", "manager", "head", "billing")
wrong: list[str] = []


def holds(what: str, found: Any, expected: Any) -> None:
    """Tell it; what does not hold is remembered."""
    print(
        json.dumps(
            {
                "what": what,
                "found": list(found) if isinstance(found, tuple) else found,
                "ok": found == expected,
            },
            ensure_ascii=False,
        ),
        flush=True,
    )
    if found != expected:
        wrong.append(what)


def stop(_number: int, _frame: FrameType | None) -> None:
    """A signal ends the run through the `finally` of what was started."""
    raise SystemExit(130)


def main() -> int:
    from tests.postgres import postgres_programs, running_server

    signal.signal(signal.SIGTERM, stop)
    os.environ["DJANGO_SETTINGS_MODULE"] = "teikyaku.settings"
    with (
        tempfile.TemporaryDirectory(prefix="teikyaku-rotation-") as name,
        running_server() as server,
    ):
        from tests.rotation.installation import Installation

        place = Installation(Path(name), server, postgres_programs())
        place.create_database()
        try:
            _rotate(place)
        finally:
            place.stop()
            place.mail.shutdown()
    return 1 if wrong else 0


def _rotate(place: Any) -> None:
    for command in ("migrate", "createcachetable", "collectstatic --no-input"):
        status, said = place.run(*command.split(), "--verbosity", "0")
        holds(f"{command}: {said[-200:] if status else ''}", status, 0)
    holds("check", place.run("check", "--database", "default")[0], 0)
    factors = _cast(place)
    place.restart()
    for step in (_secret_key, _database_password, _backup_key, _mail_password):
        step(place, factors)


def _cast(place: Any) -> dict[str, tuple[str, str]]:
    """The people of the tests with an app each, sealed with the key of today: address, secret."""
    os.environ |= {
        "TEIKYAKU_MODE": "test",
        "DATABASE_URL": place.values["DATABASE_URL"],
        "SECRET_KEY": place.values["SECRET_KEY"],
        "MEDIA_ROOT": place.values["MEDIA_ROOT"],
    }
    import django

    django.setup()
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.conf import global_settings
    from django.db import connections
    from django.test import override_settings

    from teikyaku.clock import today
    from tests.cast import PASSWORD, make_cast

    cast, found = make_cast(today()), {}
    for key in PEOPLE:
        user, secret = cast.user(key), generate_totp_secret()
        with override_settings(PASSWORD_HASHERS=global_settings.PASSWORD_HASHERS):
            user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        TOTP.activate(user, secret)
        found[key] = (user.email, secret)
    connections.close_all()
    return found


def _secret_key(place: Any, factors: dict[str, tuple[str, str]]) -> None:
    from tests.rotation.people import enter

    worker, manager, head, away = (place.person() for _each in range(4))
    holds("signed in before", enter(worker, *factors["worker"]), OUT)
    holds("and somebody who does nothing more", enter(away, *factors["billing"]), OUT)
    holds("at home", worker.get(HOME).status, IN)
    former = place.values["SECRET_KEY"]
    place.values |= {"SECRET_KEY": secrets.token_urlsafe(60), "SECRET_KEY_FALLBACKS": former}
    place.restart()
    holds("SECRET_KEY, the former beside it: signed in goes on", worker.get(HOME).status, IN)
    holds("a factor of the former key opens", enter(manager, *factors["manager"]), OUT)
    holds("renew_seals", place.run("renew_seals")[0], 0)
    holds("renewed once more: nothing breaks", place.run("renew_seals")[0], 0)
    place.values["SECRET_KEY_FALLBACKS"] = ""
    place.restart()
    holds(
        "the former key gone: who has not been back since signs in again",
        away.get(HOME).status,
        OUT,
    )
    holds("who opened a page meanwhile goes on", worker.get(HOME).status, IN)
    holds("who came in since goes on", manager.get(HOME).status, IN)
    holds("the renewed factor opens", enter(head, *factors["head"]), OUT)
    place.signed_in = head


def _database_password(place: Any, factors: dict[str, tuple[str, str]]) -> None:
    new = secrets.token_hex(8)
    place.postgres.psql(f"ALTER ROLE teikyaku PASSWORD '{new}'")
    place.restart()
    holds("the old password is refused, in words", place.signed_in.get(HOME).status, 503)
    holds("and so are the commands", place.run("check_derived")[0] != 0, True)
    place.set_database_password(new)
    place.restart()
    holds("with the new one: signed in goes on", place.signed_in.get(HOME).status, IN)


def _backup_key(place: Any, factors: dict[str, tuple[str, str]]) -> None:
    first, second = place.folder / "key-1", place.folder / "key-2"
    publics = [_new_key(place, file) for file in (first, second)]
    files = [_backup(place, each) for each in (publics[:1], publics, publics[1:])]
    for key, opens in ((first, [True, True, False]), (second, [False, True, True])):
        found = [
            place.run("restore", str(file), "--key", str(key), "--check")[0] == 0 for file in files
        ]
        holds(f"{key.name} opens those sealed for the first, both, the second", found, opens)
    there, proof = dict(place.values), {"MEDIA_ROOT": str(place.folder / "proof")}
    (place.folder / "proof").mkdir()
    proof["DATABASE_URL"] = place.values["DATABASE_URL"].replace("/teikyaku?", "/proof?")
    place.values |= proof
    holds(
        "the oldest, restored with its old key",
        place.run("restore", str(files[0]), "--key", str(first))[0],
        0,
    )
    place.values = there
    holds("signed in goes on", place.signed_in.get(HOME).status, IN)


def _new_key(place: Any, file: Path) -> str:
    said = place.run("backup_key", str(file))[1]
    return next(line.split("=", 1)[1] for line in said.splitlines() if "BACKUP_RECIPIENTS=" in line)


def _backup(place: Any, recipients: list[str]) -> Path:
    """A new file, sealed for these."""
    folder = Path(place.values["BACKUP_FOLDER"])
    before = {*folder.iterdir()}
    place.values["BACKUP_RECIPIENTS"] = ",".join(recipients)
    status, said = _until_well(lambda: place.run("backup"))
    holds(f"backup for {len(recipients)}: {said[-200:] if status else ''}", status, 0)
    return next(iter({*folder.glob("*.age")} - before))


def _until_well(work: Callable[[], tuple[int, str]]) -> tuple[int, str]:
    """Twice: a second run within the same second is told so."""
    answer = work()
    return answer if answer[0] == 0 else work()


def _mail_password(place: Any, factors: dict[str, tuple[str, str]]) -> None:
    _ask_for_mail(place, factors["worker"][0])
    holds("a mail goes out", (place.run("send_mail")[0], place.mail.taken), (0, 1))
    place.mail.password = secrets.token_hex(8)
    _ask_for_mail(place, factors["billing"][0])
    failed = place.run("send_mail")[0]
    holds(
        "the old password is refused: it waits, and the job says so",
        (failed != 0, place.mail.taken),
        (True, 1),
    )
    place.values["EMAIL_URL"] = place.mail.url
    place.restart()
    place.run("send_mail")
    place.run("send_mail")
    holds("with the new one what waited goes out, once", place.mail.taken, 2)
    holds("signed in goes on", place.signed_in.get(HOME).status, IN)


QUEUE = """
from teikyaku.accounts.actions.outbox import queue_mail
from teikyaku.accounts.models import User
from teikyaku.clock import now
user = User.objects.get(email={email!r})
queue_mail(kind="invitation", recipient=user, period="rotation", subject="試し", body="試し", at=now())
"""


def _ask_for_mail(place: Any, email: str) -> None:
    """One more in the outbox: what is sent at once (a forgotten password) does not wait there."""
    status, said = place.run("shell", "--verbosity", "0", "-c", QUEUE.format(email=email))
    holds(f"a mail waits: {said[-200:] if status else ''}", status, 0)


if __name__ == "__main__":
    raise SystemExit(main())
