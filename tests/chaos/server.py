"""The product as it runs, on loopback, and browsers without a window that write to it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client

from tests.fuzz.reading import PageForm, forms_of
from tests.fuzz.sending import BOUNDARY, form_body, multipart_body
from tests.fuzz.values import Data, Files

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 120


class Server:
    """gunicorn with two workers of four threads; ends with the block, and can be killed in it."""

    def __init__(
        self,
        environment: dict[str, str],
        *,
        most_bytes: int | None = None,
        workers: int = 2,
        application: str = "teikyaku.wsgi",
        port: int | None = None,
    ) -> None:
        self.environment, self.most_bytes, self.workers = environment, most_bytes, workers
        self.application = application
        self.port = port or _free_port()

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_error: Any) -> None:
        self.kill()

    def start(self) -> None:
        """Start, and wait until it answers."""
        bind = f"127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "gunicorn", self.application, "--bind", bind, "--preload",
                   "--workers", str(self.workers), "--threads", "4", "--log-level", "critical", "--no-control-socket"]  # fmt: skip
        if self.most_bytes is not None:
            # No file grows beyond it: as on a disk that is full.
            limit = f'ulimit -f {self.most_bytes // 1024}; exec "$@"'
            command = ["bash", "-c", limit, "bash", *command]
        environment = {"BASE_URL": f"http://{bind}", **self.environment}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, start_new_session=True, stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + PATIENCE
        while not self.is_up():
            assert time.monotonic() < until, "the server does not start"
            time.sleep(0.1)

    def is_up(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return True
        except OSError:
            return False

    def kill(self) -> None:
        """kill -9 of all its processes at once, as when the machine dies."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        assert waited(lambda: not self.is_up()), "a killed server still answers"

    def kill_workers(self) -> None:
        """kill -9 of those that answer; the first process starts others in their place."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        for child in children.split():
            try:
                os.kill(int(child), signal.SIGKILL)
            except ProcessLookupError:
                continue


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Answer:
    """What came back."""

    def __init__(self, status: int, headers: Any, body: bytes, url: str) -> None:
        self.status, self.headers, self.url = status, headers, url
        self.text = body.decode("utf-8", "replace")

    def form(self, holding: str = "") -> PageForm:
        """The form of the page that has such a field."""
        return next(each for each in forms_of(self.text) if not holding or holding in each.controls)


class Browser:
    """Signed in as one user, None: a stranger; sends forms as their page has them.

    `host`: by this name, as through nginx with TLS.
    """

    def __init__(self, port: int, user: Any, host: str = "") -> None:
        self.port, self.host = port, host
        client = Client()
        if user is not None:
            client.force_login(user, backend="teikyaku.accounts.backends.EmailBackend")
        self.cookies = {key: morsel.value for key, morsel in client.cookies.items()}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, data: Data, files: dict[str, Files] | None = None) -> Answer:
        """Raises OSError or HTTPException where no answer came."""
        if files is None:
            return self._ask("POST", path, form_body(data), "application/x-www-form-urlencoded")
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return self._ask("POST", path, multipart_body(data, files), kind)

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        origin = f"https://{self.host}" if self.host else f"http://127.0.0.1:{self.port}"
        headers = {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items()),
                   "Origin": origin, "Referer": origin + path}  # fmt: skip
        if self.host:
            headers |= {
                "Host": self.host,
                "X-Forwarded-Proto": "https",
                "X-Forwarded-For": "10.0.0.9",
            }
        if kind:
            headers["Content-Type"] = kind
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {key: each.value for key, each in SimpleCookie(line).items()}
        return Answer(answer.status, answer.headers, content, path)


def filled(form: PageForm, **answers: str | list[str]) -> Data:
    """What a browser sends of the form: what stands in it, and these answers."""
    data = {
        name: list(control.values)
        for name, control in form.controls.items()
        if control.kind not in ("file", "submit")
    }
    return data | {k: v if isinstance(v, list) else [v] for k, v in answers.items()}


def action_of(answer: Answer, form: PageForm) -> str:
    """Where the form is sent."""
    address = urlsplit(urljoin(answer.url, form.action))
    return address.path + (f"?{address.query}" if address.query else "")


def waited(found: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Whether it came true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found():
            return True
        time.sleep(0.1)
    return False
