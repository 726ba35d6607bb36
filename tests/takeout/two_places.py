"""`python -m tests.takeout.two_places FOLDER`: an office moves from one running installation to another one.

The first serves over HTTP, and is asked as a browser asks; the second has a database and a folder of papers
of its own and is filled by its commands alone. What both would take out is compared, value by value. JSON.

ON_URLS="URL URL" puts them on PostgreSQL: the first database is there and empty, the second is made beside it.
Most of the processor's time is the migrations of one empty installation (about 40 seconds); the other one is
a copy of it.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PIECES = 60


def env_of(place: Path) -> dict[str, str]:
    """Where an installation lives."""
    place.mkdir(exist_ok=True)
    (place / "media").mkdir(exist_ok=True)
    on = dict(zip(("first", "second"), os.environ.get("ON_URLS", "").split(), strict=False))
    url = on.get(place.name, f"sqlite:///{place / 'teikyaku.sqlite3'}")
    return {**os.environ, "TEIKYAKU_MODE": "test", "DATABASE_URL": url, "MEDIA_ROOT": str(place / "media"),
            "DJANGO_SETTINGS_MODULE": "teikyaku.settings"}  # fmt: skip


def run(place: Path, *command: str) -> str:
    done = subprocess.run([sys.executable, *command], cwd=ROOT, env=env_of(place), text=True, check=False,
                          capture_output=True)  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{command}: {(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


def fetched(folder: Path) -> dict[str, object]:
    """In the first installation: an office with a person, its file asked for and taken over HTTP."""
    from django.urls import reverse

    from teikyaku.accounts.models import OfficeTakeout
    from teikyaku.clock import today
    from tests.cast import PASSWORD, make_cast
    from tests.chaos.server import Browser, Server
    from tests.desk.planting import Planter

    cast = make_cast(today())
    Planter(cast, "aa", ended_on=date(2019, 3, 31), month=date(2018, 5, 1)).everything()
    with Server(dict(os.environ), workers=1) as server:
        head = Browser(server.port, cast.user("head"))
        page = head.get(reverse("account_reauthenticate")).form("password")
        token = page.controls["csrfmiddlewaretoken"].values
        sent = {"csrfmiddlewaretoken": token}
        assert head.post(reverse("account_reauthenticate"), {**sent, "password": [PASSWORD]}).status == 302  # fmt: skip
        assert head.post(reverse("takeout_ask"), sent).status == 302
        takeout = OfficeTakeout.objects.get()
        pieces = 1
        while takeout.is_open and pieces < PIECES:
            pieces += 1
            assert head.post(reverse("takeout_build", args=[takeout.public_id]), sent).status == 302
            takeout.refresh_from_db()
        assert takeout.is_here
        (folder / "office.zip").write_bytes(_taken(server.port, head.cookies, takeout))
    return {"pieces": pieces, "rows": takeout.row_count}


def _taken(port: int, cookies: dict[str, str], takeout: object) -> bytes:
    from django.urls import reverse

    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    words = "; ".join(f"{key}={value}" for key, value in cookies.items())
    asked.request(
        "GET", reverse("takeout_file", args=[takeout.public_id]), headers={"Cookie": words}
    )  # type: ignore[attr-defined]
    answer = asked.getresponse()
    content = answer.read()
    asked.close()
    assert answer.status == 200, answer.status
    return content


def again(folder: Path) -> dict[str, object]:
    """In the second installation: what it would take out of the same office."""
    from teikyaku.accounts.models import Office
    from teikyaku.clock import today
    from tests.takeout.moving import take_out

    office = Office.objects.get(number="1500000001")
    return {"file": str(take_out(office, folder / "again", today()))}


def _copy(one: str, two: str) -> None:
    """The second database, as the first one is now."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict
    from psycopg.sql import SQL, Identifier

    names = [Identifier(str(conninfo_to_dict(url)["dbname"])) for url in (two, one)]
    with psycopg.connect(one, dbname="template1", autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))


def main(folder: Path) -> None:
    from tests.takeout.moving import entries

    first, second = folder / "first", folder / "second"
    env_of(second)
    run(first, "manage.py", "migrate", "--verbosity", "0")
    run(first, "manage.py", "createcachetable")
    # The tables of an empty installation are made once, and copied.
    if urls := os.environ.get("ON_URLS", "").split():
        _copy(*urls)
    else:
        shutil.copyfile(first / "teikyaku.sqlite3", second / "teikyaku.sqlite3")
    this = ("-m", "tests.takeout.two_places", str(folder))
    told = json.loads(run(first, *this, "fetched").splitlines()[-1])
    run(second, "manage.py", "import_office", str(folder / "office.zip"))
    other = json.loads(run(second, *this, "again").splitlines()[-1])
    one, two = entries(folder / "office.zip"), entries(Path(other["file"]))
    names = [name for name in {*one, *two} if name.startswith(("data/", "files/", "columns.json"))]
    differing = sorted(name for name in names if one.get(name) != two.get(name))
    print(json.dumps({**told, "entries": len(names), "differing": differing}))


if __name__ == "__main__":
    where = Path(sys.argv[1])
    if len(sys.argv) == 2:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "teikyaku.settings")
        import django

        django.setup()
        main(where)
    else:
        import django

        django.setup()
        print(json.dumps({"fetched": fetched, "again": again}[sys.argv[2]](where)))
