"""The units and the configuration of docs/operations hold together, and the words about them are true."""

import configparser
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.urls import reverse

from teikyaku.accounts.models import JobRun

FOLDER = Path(settings.BASE_DIR) / "docs" / "operations"
UNITS = sorted((FOLDER / "systemd").iterdir())
TIMERS = [unit for unit in UNITS if unit.suffix == ".timer"]
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
WORDS = (FOLDER.parent / "operations.md").read_text(encoding="utf-8")
NGINX = (FOLDER / "nginx.conf").read_text(encoding="utf-8")


def read(unit):
    found = configparser.ConfigParser(strict=False, interpolation=None)
    found.optionxform = str
    found.read_string(unit.read_text(encoding="utf-8"))
    return found


def commands_of(timer):
    """The manage.py command that a timer starts."""
    started = read(timer)["Timer"]["Unit"]
    if job := re.fullmatch(r"teikyaku-job@(\w+)\.service", started):
        return job[1]
    line = read(FOLDER / "systemd" / started)["Service"]["ExecStart"]
    return line.split("manage.py ")[1].split()[0]


@pytest.mark.parametrize("timer", TIMERS, ids=lambda unit: unit.stem)
def test_every_timer_starts_a_command_that_there_is(timer):
    assert commands_of(timer) in get_commands()
    assert timer.name in WORDS
    calendar = read(timer)["Timer"]["OnCalendar"]
    assert "Asia/Tokyo" in calendar or "0/5" in calendar, "a night of another time zone"


def test_every_recurring_job_has_a_timer():
    started = {commands_of(timer) for timer in TIMERS}
    assert {name.value for name in JobRun.Name if not name.is_by_hand} <= started
    assert {"clearsessions", "replay_erasures"} <= started


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_a_service_runs_as_its_own_user_in_production(unit):
    service = read(unit)["Service"]
    assert service["User"] == "teikyaku"
    assert "TEIKYAKU_MODE=production" in service["Environment"].split()
    assert service["ProtectSystem"] == "strict"
    assert service["UMask"] == "0077"


def test_the_proxy_lets_ten_attachments_through_and_keeps_secrets_out_of_its_log():
    most = int(re.search(r"client_max_body_size (\d+)m;", NGINX)[1])
    assert most * 1024 * 1024 >= 10 * settings.ATTACHMENT_MOST_BYTES
    assert "$request_uri" not in re.search(r"log_format.*", NGINX)[0]
    assert '"$request"' not in NGINX
    feed = NGINX.split("location /feed/ {")[1].split("}")[0]
    plain = NGINX.split("listen 80;")[1].split("location")[0]
    for part in (feed, plain):
        assert "access_log off;" in part
        assert "error_log /dev/null crit;" in part
    for part in NGINX.split("proxy_pass ")[1:]:
        assert "X-Forwarded-Proto" in part.split("}")[0]
        assert "X-Forwarded-For" in part.split("}")[0]
    assert (FOLDER / "stopped.html").exists()


def test_every_setting_of_the_words_is_in_the_example():
    example = (Path(settings.BASE_DIR) / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"`([A-Z][A-Z_]{3,})(?:=[^`]*)?`", WORDS))
    assert {name for name in named if f"{name}=" not in example} == set()
    assert len(named) > 8


def test_every_command_of_the_words_is_one():
    named = set(re.findall(r"\brun ([a-z_]+)", WORDS)) | set(
        re.findall(r"manage\.py ([a-z_]+)", WORDS)
    )
    assert {name for name in named if name not in get_commands()} == set()


def test_a_machine_that_waits_for_nobody_is_configured_last():
    """Files of conf.d are read by name: alone.conf must come after the one it takes back."""
    scale = (FOLDER.parent / "scale.md").read_text(encoding="utf-8")
    put = dict(re.findall(r"operations/scale/(\w+\.conf) \S*/conf\.d/(\S+)", scale))
    assert put["primary.conf"] < put["alone.conf"]
    assert (
        (FOLDER / "scale" / "alone.conf").read_text().endswith("synchronous_standby_names = ''\n")
    )
    for name in put.values():
        assert name in (FOLDER / "scale" / "try.sh").read_text(encoding="utf-8")


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_the_words_have_the_plain_command_of_each_unit(unit):
    started = (
        read(unit)["Service"]["ExecStart"].removeprefix("/srv/teikyaku/").replace("%i", "名前")
    )
    assert started in WORDS


def test_the_scripts_of_the_words_are_ones():
    script = FOLDER / "scale" / "try.sh"
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0


def test_a_link_that_opens_a_door_stays_out_of_the_log_of_the_proxy():
    told = re.search(r"~\^\(\?<door>(\S+)\) \$door;", NGINX)[1]
    for name, given in (
        ("invitation", [UUID(int=0), "x"]),
        ("account_reset_password_from_key", ["0", "x"]),
    ):
        assert re.match(told, reverse(name, args=given)), name
    assert "$told" in re.search(r"log_format.*", NGINX)[0]


def test_a_web_machine_that_vanished_holds_nobody_up():
    """One off the net refuses nothing; a connection kept to it looks alive until the reading ends."""
    several = (FOLDER / "scale" / "nginx-upstream.conf").read_text(encoding="utf-8")
    assert not re.search(r"^\s*keepalive", several, re.MULTILINE)
    for place in ("location / {", "location /feed/ {"):
        (seconds,) = re.findall(
            r"proxy_connect_timeout (\d+)s;", NGINX.split(place)[-1].split("}")[0]
        )
        assert int(seconds) <= 5, place


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_reads_every_unit():
    answer = subprocess.run(
        ["systemd-analyze", "verify", *map(str, UNITS)], capture_output=True, text=True, check=False
    )
    faults = [line for line in answer.stderr.splitlines() if "is not executable" not in line]
    assert faults == []


@pytest.fixture
def site(tmp_path):
    """The shipped configuration with a certificate of its own, at ports of its own: a file for nginx."""
    key = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=x",
           "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"]  # fmt: skip
    if (
        shutil.which("openssl") is None
        or subprocess.run(key, capture_output=True, check=False).returncode
    ):
        pytest.skip("no openssl here")
    site = re.sub(r"/etc/letsencrypt/live/[^/]+", str(tmp_path), NGINX)
    site = re.sub(r"listen \[::\].*", "", site)
    ports = free_ports(3)
    site = site.replace("listen 443", f"listen 127.0.0.1:{ports[0]}")
    site = site.replace("listen 80", f"listen 127.0.0.1:{ports[1]}")
    site = site.replace("127.0.0.1:8001", f"127.0.0.1:{ports[2]}")
    site = site.replace("/var/log/nginx", str(tmp_path)).replace(
        "/srv/teikyaku/docs/operations", str(FOLDER)
    )
    paths = "".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in
                    ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))  # fmt: skip
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"{'user root;' if os.geteuid() == 0 else ''} pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}} http {{ {paths} {site} }}"
    )
    return whole, ports[0]


@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx here")
def test_nginx_reads_the_configuration(site):
    answer = subprocess.run(
        ["nginx", "-t", "-c", str(site[0])], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr


@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx here")
@pytest.mark.parametrize("letters", [8_100, 30_000])
def test_an_address_that_is_too_long_is_answered_in_japanese(site, letters):
    whole, port = site
    with nginx(whole):
        told = asked(f"https://127.0.0.1:{port}/clients/?q={'a' * letters}")
        shorter = asked(f"https://127.0.0.1:{port}/clients/?q={'a' * 4_000}")
    assert told == (414, True)
    assert shorter == (502, False), "gunicorn reads it, were it there"


@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx here")
def test_no_log_of_the_proxy_holds_what_was_asked_while_gunicorn_is_away(site):
    whole, port = site
    with nginx(whole):
        for path in (
            "/clients/?q=sagashita",
            "/feed/himitsu.ics",
            "/accounts/invitation/himitsu/x/",
        ):
            assert asked(f"https://127.0.0.1:{port}{path}") == (502, False)
    logs = {file.name: file.read_text() for file in whole.parent.glob("*.log")}
    assert '" 502 ' in logs["teikyaku.log"], "that it failed is told"
    for name, text in logs.items():
        assert "sagashita" not in text, name
        assert "himitsu" not in text, name


def test_what_the_proxy_passes_gunicorn_reads():
    most = int(re.search(r"--limit-request-line (\d+)", WORDS)[1])
    passed = int(re.search(r'"~\^\.\{(\d+)\}" 1;', NGINX)[1])
    assert most > len("OPTIONS ") + passed + len(" HTTP/1.1")


@contextmanager
def nginx(whole):
    """The proxy as long as the block."""
    command = ["nginx", "-g", "daemon off;", "-c", str(whole)]
    proxy = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        proxy.terminate()
        proxy.wait(10)


def free_ports(number):
    """So many ports at which nothing listens."""
    taken = [socket.create_server(("127.0.0.1", 0)) for _each in range(number)]
    ports = [each.getsockname()[1] for each in taken]
    for each in taken:
        each.close()
    return ports


def asked(url):
    """(status, whether the page is the one of long addresses), once the server listens."""
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    for _again in range(50):
        try:
            answer = urlopen(url, context=anybody, timeout=5)
        except HTTPError as refused:
            return refused.code, "アドレスが長すぎて" in refused.read().decode()
        except URLError:
            time.sleep(0.1)
        else:
            return answer.status, False
    raise AssertionError("nginx does not listen")
