"""The parts of an installation on several machines, as processes on loopback in one folder.

The configuration is that of docs/operations, with addresses and folders of this run put in. Whatever
starts here ends with `stop_all`, also where the run is stopped in the middle.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs" / "operations"
HOST = "teikyaku.example.jp"
PASSWORD = secrets.token_urlsafe(24)
PATIENCE = 60
# Debian's server, wherever its programs are.
PG_BIN = Path(os.environ.get("PG_BIN") or "/usr/lib/postgresql/15/bin")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def waited(found: Callable[[], bool], what: str, seconds: float = PATIENCE) -> float:
    """The seconds until it came true. Raises RuntimeError when it does not."""
    began = time.monotonic()
    while not found():
        if time.monotonic() - began > seconds:
            raise RuntimeError(f"in {seconds:.0f} seconds not: {what}")
        time.sleep(0.05)
    return time.monotonic() - began


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


class Machine:
    """One process with its children, in a group of its own."""

    everyone: list[Machine] = []
    process: subprocess.Popen[bytes] | None = None

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder, self.port = name, folder / name, free_port()
        self.folder.mkdir(parents=True)
        Machine.everyone.append(self)

    def run(
        self, command: list[str], *, user: str | None = None, env: dict[str, str] | None = None
    ) -> None:
        """Start it, and wait until it listens."""
        with (self.folder / "out.log").open("ab") as out:
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdout=out, stderr=out, start_new_session=True, env=env,
                **as_user(user),
            )  # fmt: skip
        waited(lambda: answers(self.port) or self._is_over(), f"{self.name} listens")
        if self._is_over():
            raise RuntimeError(f"{self.name}: {(self.folder / 'out.log').read_text()[-2000:]}")

    def _is_over(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def signal(self, number: int) -> None:
        """Send it to the first process alone."""
        assert self.process is not None
        os.kill(self.process.pid, number)

    def kill(self) -> None:
        """kill -9 of all its processes at once, as when a machine dies."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


def as_user(user: str | None) -> dict[str, str]:
    """PostgreSQL and pgbouncer refuse to run as root."""
    return {"user": user, "group": user} if user and os.geteuid() == 0 else {}


def stop_all() -> None:
    """The end of everything that was started."""
    for machine in reversed(Machine.everyone):
        machine.kill()
    Machine.everyone.clear()


def owned(folder: Path) -> None:
    """Given to the user of the database."""
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")


class Database(Machine):
    """A PostgreSQL: a primary, or a standby of another one."""

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def create(self) -> None:
        """A primary with an empty database `teikyaku`, reachable with a password only."""
        owned(self.folder)
        secret = self.folder / "secret"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        self._tool("initdb", "-D", str(self.data), "-E", "UTF8", "--locale=C.UTF-8", "-U", "postgres",
                   "-A", "scram-sha-256", f"--pwfile={secret}")  # fmt: skip
        secret.unlink()
        hba = self.data / "pg_hba.conf"
        hba.write_text(hba.read_text() + "host replication replicator 127.0.0.1/32 scram-sha-256\n")
        self.configure(is_alone=True)
        self.start()
        self.sql(f"CREATE ROLE teikyaku LOGIN PASSWORD '{PASSWORD}'")
        self.sql(f"CREATE ROLE replicator LOGIN REPLICATION PASSWORD '{PASSWORD}'")
        self.sql("CREATE DATABASE teikyaku OWNER teikyaku TEMPLATE template0 ENCODING 'UTF8'")

    def configure(self, *, is_alone: bool) -> None:
        """docs/operations/scale: primary.conf, and alone.conf where commits wait for no standby."""
        place = self.data / "conf.d"
        place.mkdir(exist_ok=True)
        (place / "50-teikyaku.conf").write_text((DOCS / "scale" / "primary.conf").read_text())
        alone = place / "60-teikyaku-alone.conf"
        alone.unlink(missing_ok=True)
        if is_alone:
            alone.write_text((DOCS / "scale" / "alone.conf").read_text())
        (place / "90-here.conf").write_text(
            f"listen_addresses = '127.0.0.1'\nport = {self.port}\n"
            f"unix_socket_directories = '{self.folder}'\nshared_buffers = 256MB\n"
        )
        main = self.data / "postgresql.conf"
        if "\ninclude_dir = 'conf.d'" not in main.read_text():
            main.write_text(main.read_text() + "\ninclude_dir = 'conf.d'\n")

    def start(self) -> None:
        self.run([str(PG_BIN / "postgres"), "-D", str(self.data)], user="postgres")
        waited(lambda: self._tool("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port), check=False) == 0,
               f"{self.name} takes connections")  # fmt: skip

    def follow(self, primary: Database) -> None:
        """A standby made anew from the primary, under its own name."""
        owned(self.folder)
        shutil.rmtree(self.data, ignore_errors=True)
        slot = f"teikyaku_{self.name}"
        source = f"host=127.0.0.1 port={primary.port} user=replicator password={PASSWORD} application_name={slot}"
        self._tool("pg_basebackup", "-d", source, "-D", str(self.data), "-R", "-C", "-S", slot, "-X", "stream",
                   "--checkpoint=fast")  # fmt: skip
        self.configure(is_alone=True)
        self.start()
        waited(
            lambda: bool(
                primary.value(
                    f"SELECT count(*) FROM pg_stat_replication WHERE application_name = '{slot}' AND state = 'streaming'"
                )
            ),
            "the standby streams",
        )

    def wait_for_standby(self) -> None:
        """From now on a commit waits until a standby has it."""
        self.configure(is_alone=False)
        self.sql("SELECT pg_reload_conf()")

    def promote(self) -> None:
        self._tool("pg_ctl", "promote", "-D", str(self.data), "-w")

    def url(self, database: str = "teikyaku", user: str = "teikyaku") -> str:
        return f"postgres://{user}:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def sql(self, statement: str, database: str = "teikyaku") -> list[tuple[object, ...]]:
        """As the administrator, with what it answers."""
        import psycopg

        name = database if "ROLE" not in statement and "DATABASE" not in statement else "postgres"
        with psycopg.connect(self.url(name, "postgres"), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def value(self, question: str) -> int:
        """One number."""
        return int(str(self.sql(question)[0][0]))

    def _tool(self, name: str, *given: str, check: bool = True) -> int:
        done = subprocess.run(
            [str(PG_BIN / name), *given], capture_output=True, text=True, check=False, timeout=300,
            cwd="/", **as_user("postgres"),
        )  # fmt: skip
        if check and done.returncode:
            raise RuntimeError(f"{name}: {done.stderr[-2000:]}")
        return done.returncode


class Pool(Machine):
    """pgbouncer as docs/operations/scale/pgbouncer.ini has it."""

    def start(self, database: Database) -> None:
        owned(self.folder)
        users = self.folder / "userlist.txt"
        users.write_text(f'"teikyaku" "{PASSWORD}"\n')
        self._write(database)
        program = shutil.which("pgbouncer", path=os.environ.get("PATH", "") + ":/usr/sbin")
        assert program, "apt-get install pgbouncer"
        self.run([program, str(self.folder / "pgbouncer.ini")], user="postgres")

    def point_at(self, database: Database) -> None:
        """Another primary: the file changed, then RELOAD."""
        self._write(database)
        self.signal(signal.SIGHUP)

    def url(self) -> str:
        return f"postgres://teikyaku:{PASSWORD}@127.0.0.1:{self.port}/teikyaku"

    def _write(self, database: Database) -> None:
        text = (DOCS / "scale" / "pgbouncer.ini").read_text()
        put = {
            "host=10.0.0.11 port=5432": f"host=127.0.0.1 port={database.port}",
            "listen_port = 6432": f"listen_port = {self.port}",
            "/etc/pgbouncer": str(self.folder),
            "/var/log/postgresql": str(self.folder),
            "/var/run/postgresql": str(self.folder),
        }
        (self.folder / "pgbouncer.ini").write_text(replaced(text, put))


class Web(Machine):
    """gunicorn in production mode, as docs/operations/systemd/teikyaku.service starts it."""

    workers, threads = 2, 2

    def start(self, env: dict[str, str]) -> None:
        self.run(
            [sys.executable, "-m", "gunicorn", "teikyaku.wsgi", "--bind", f"127.0.0.1:{self.port}",
             "--workers", str(self.workers), "--threads", str(self.threads), "--timeout", "60",
             "--no-control-socket", "--log-level", "warning"],
            env=env,
        )  # fmt: skip
        import http.client

        def is_up() -> bool:
            asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            try:
                asked.request("GET", "/healthz", headers={"Host": HOST})
                return asked.getresponse().status == 200
            except OSError:
                return False
            finally:
                asked.close()

        waited(is_up, f"{self.name} is well")


class Front(Machine):
    """nginx with TLS as docs/operations/nginx.conf has it, with the machines of scale/nginx-upstream.conf."""

    def start(self, webs: list[Web]) -> None:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}",
             "-keyout", str(self.folder / "privkey.pem"), "-out", str(self.folder / "fullchain.pem")],
            check=True, capture_output=True,
        )  # fmt: skip
        self._write(webs)
        program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
        assert program, "apt-get install nginx"
        self.run([program, "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder)])

    def spread_over(self, webs: list[Web]) -> None:
        """Other machines: the file changed, then a reload."""
        self._write(webs)
        self.signal(signal.SIGHUP)
        time.sleep(1)

    def _write(self, webs: list[Web]) -> None:
        upstream = (DOCS / "scale" / "nginx-upstream.conf").read_text()
        servers = "".join(
            f"    server 127.0.0.1:{web.port} max_fails=2 fail_timeout=10s;\n" for web in webs
        )
        upstream = re.sub(r"(?m)^    server .*\n(?:    server .*\n)*", servers, upstream)
        text = re.sub(
            r"(?s)upstream teikyaku \{.*?\}\n",
            lambda _m: upstream,
            (DOCS / "nginx.conf").read_text(),
        )
        # The one server of port 80 only leads to 443.
        text = re.sub(r"(?s)server \{\n    listen 80;.*?\n\}\n", "", text)
        put = {
            "listen [::]:443 ssl http2;": "",
            "listen 443": f"listen 127.0.0.1:{self.port}",
            f"/etc/letsencrypt/live/{HOST}": str(self.folder),
            "/var/log/nginx": str(self.folder),
            "/srv/teikyaku": str(ROOT),
        }
        body = replaced(text, put)
        temp = "".join(
            f"{kind}_temp_path {self.folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        # As root, nginx's workers take another user; they must read the page for when it stands still.
        user = "user root;\n" if os.geteuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(
            f"{user}daemon off;\nworker_processes 1;\npid {self.folder}/nginx.pid;\nerror_log {self.folder}/error.log;\n"
            f"events {{ worker_connections 512; }}\nhttp {{\n{temp}{body}}}\n"
        )


def replaced(text: str, put: dict[str, str]) -> str:
    """With addresses and folders of this run. Raises RuntimeError where one is not in the text."""
    for was, becomes in put.items():
        if was not in text:
            raise RuntimeError(f"{was} stands in the configuration no more")
        text = text.replace(was, becomes)
    return text
