"""An installation as docs/operations.md has it, for the rotation: settings, PostgreSQL with a password, gunicorn, mail."""

from __future__ import annotations

import base64
import os
import re
import secrets
import socketserver
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from tests.chaos.server import ROOT, Browser, Server

HOST = "teikyaku.example.jp"


class Mailbox(socketserver.ThreadingTCPServer):
    """A server of mail that takes one password (AUTH PLAIN or LOGIN) and counts what it was given."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, password: str) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.password, self.taken = password, 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://post:{self.password}@127.0.0.1:{self.server_address[1]}"


class _Talk(socketserver.StreamRequestHandler):
    server: Mailbox

    def handle(self) -> None:
        self.said("220 here")
        is_known = False
        for raw in self.rfile:
            line = raw.decode().strip()
            verb = line.upper().split(" ")[0]
            if verb == "EHLO":
                self.said("250-here\r\n250 AUTH PLAIN")
            elif verb == "AUTH":
                given = base64.b64decode(line.split(" ")[2]).split(b"\0")[-1].decode()
                is_known = given == self.server.password
                self.said("235 ok" if is_known else "535 no")
            elif verb == "DATA":
                self.said("354 go on")
                while self.rfile.readline().strip() != b".":
                    pass
                self.server.taken += 1
                self.said("250 taken")
            elif verb == "QUIT":
                self.said("221 bye")
                return
            else:
                self.said("250 ok" if is_known or verb in ("HELO", "RSET") else "530 who are you")

    def said(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class Installation:
    """The `.env` of a machine, its commands and its gunicorn."""

    def __init__(self, folder: Path, server: Any, programs: str) -> None:
        self.folder, self.postgres, self.mail = folder, server, Mailbox(secrets.token_hex(8))
        self.where = re.search(r"host=([^&]+)", server.get_uri())[1]  # type: ignore[index]
        for name in ("media", "backups"):
            (folder / name).mkdir()
        self.values = {
            "TEIKYAKU_MODE": "production", "SECRET_KEY": secrets.token_urlsafe(60), "SECRET_KEY_FALLBACKS": "",
            "ALLOWED_HOSTS": HOST, "BASE_URL": f"https://{HOST}", "CSRF_TRUSTED_ORIGINS": f"https://{HOST}",
            "MEDIA_ROOT": str(folder / "media"), "STATIC_ROOT": str(folder / "static"),
            "DEFAULT_FROM_EMAIL": "teikyaku@example.jp", "EMAIL_URL": self.mail.url,
            "BACKUP_FOLDER": str(folder / "backups"), "BACKUP_WORK": str(folder), "PG_BIN": programs,
        }  # fmt: skip
        self.set_database_password(secrets.token_hex(8))
        self.gunicorn: Server | None = None

    def set_database_password(self, password: str) -> None:
        """In the `.env`; the server's own is another step."""
        self.values["DATABASE_URL"] = f"postgres://teikyaku:{password}@/teikyaku?host={self.where}"
        self.password = password

    def create_database(self) -> None:
        """As the document has it; from then on the server asks for the password."""
        self.postgres.psql(f"CREATE ROLE teikyaku LOGIN PASSWORD '{self.password}'")
        for name in ("teikyaku", "proof"):
            self.postgres.psql(f"CREATE DATABASE {name} OWNER teikyaku TEMPLATE template0")
        rules = self.folder / "data" / "pg_hba.conf"
        rules = rules if rules.exists() else Path(self.where.replace("%2F", "/")) / "pg_hba.conf"
        rules.write_text("local all teikyaku scram-sha-256\n" + rules.read_text())
        self.postgres.psql("SELECT pg_reload_conf()")

    def run(self, *given: str) -> tuple[int, str]:
        """A command: its status, and what it said."""
        done = subprocess.run(
            [sys.executable, "manage.py", *given], cwd=ROOT, env={**os.environ, **self.values},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    def restart(self) -> None:
        """`systemctl restart teikyaku`: in the end every worker reads the `.env` of now."""
        port = self.gunicorn.port if self.gunicorn else None
        self.stop()
        self.gunicorn = Server({**os.environ, **self.values}, port=port)
        self.gunicorn.start()

    def stop(self) -> None:
        if self.gunicorn is not None:
            self.gunicorn.kill()

    def person(self) -> Browser:
        """Somebody at a browser, through nginx."""
        assert self.gunicorn is not None
        return Browser(self.gunicorn.port, None, host=HOST)
