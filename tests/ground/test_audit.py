"""The bill of materials is of this lock; and where nobody could be asked, that is not good news."""

import json

import pytest

from tests import audit
from tests.audit import (
    CLEAN,
    LOCK,
    SBOM,
    UNASKED,
    WEAK,
    Answer,
    ask_all,
    faults_of,
    locked,
    pins,
    read,
    verdict,
)

PIN = (
    "django==5.2.1 \\\n    --hash=sha256:"
    + "a" * 64
    + "\n    # via\nTyping_Extensions[x]==4.1 ; python_version < '3.13' \\\n    --hash=sha256:"
    + "b" * 64
)
TWO = locked(PIN)


def test_the_kept_bill_names_every_locked_package_with_version_and_hashes():
    lock = locked(LOCK.read_text(encoding="utf-8"))
    assert len(lock) > 25
    assert faults_of(json.loads(SBOM.read_text(encoding="utf-8")), lock) == [], "run make audit"


def test_a_lock_is_read():
    assert {("django", "5.2.1"): {"a" * 64}, ("typing-extensions", "4.1"): {"b" * 64}} == TWO


def test_parts_for_other_platforms_are_asked_about_too():
    assert locked(pins(TWO)) == TWO
    assert ";" not in pins(TWO)


def part(name, version, digest):
    return {
        "name": name,
        "version": version,
        "externalReferences": [{"hashes": [{"content": digest}]}],
    }


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([part("Django", "5.2.1", "a" * 64)], "typing-extensions==4.1: not in it"),
        ([part("Django", "5.2.0", "a" * 64), part("typing_extensions", "4.1", "b" * 64)], "django==5.2.1: not in it"),
        ([part("Django", "5.2.1", "c" * 64), part("typing_extensions", "4.1", "b" * 64)], "django==5.2.1: other hashes"),
    ],
)  # fmt: skip
def test_a_bill_that_lacks_something_is_found(parts, said):
    assert said in faults_of({"components": parts}, TWO)
    whole = [part("Django", "5.2.1", "a" * 64), part("typing_extensions", "4.1", "b" * 64)]
    assert faults_of({"components": whole}, TWO) == []


def asked(name, version, *vulns):
    return {"name": name, "version": version, "vulns": list(vulns)}


BOTH = [asked("django", "5.2.1"), asked("typing_extensions", "4.1")]
SKIPPED = {"name": "django", "skip_reason": "Dependency not found on PyPI"}
VULN = {"id": "PYSEC-2026-1", "fix_versions": ["5.2.2"], "aliases": [], "description": ""}


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (json.dumps({"dependencies": BOTH}), CLEAN),
        (json.dumps({"dependencies": [asked("django", "5.2.1", VULN), BOTH[1]]}), WEAK),
        (json.dumps({"dependencies": [asked("django", "5.2.1", VULN)]}), WEAK),
        (json.dumps({"dependencies": [SKIPPED, BOTH[1]]}), UNASKED),
        (json.dumps({"dependencies": []}), UNASKED),
        (json.dumps({}), UNASKED),
        ("Traceback: ConnectionError", UNASKED),
        ("", UNASKED),
    ],
)
def test_what_an_answer_comes_to(answer, status):
    found = verdict(read(answer).rows, TWO)
    assert found.status == status
    assert bool(found.lines) == (status != CLEAN)
    assert (found.status == WEAK) == any(
        "PYSEC-2026-1" in line and "5.2.2" in line for line in found.lines
    )


def test_why_a_service_gave_no_answer_is_kept():
    assert read("", "Traceback\nConnectionError: no such host\n\n").why == (
        "ConnectionError: no such host",
    )
    (why,) = read(json.dumps({"dependencies": [SKIPPED, BOTH[1]]})).why
    assert "1個" in why
    assert "not found" in why


ROWS = read(json.dumps({"dependencies": BOTH})).rows
DJANGO, TYPING = (dict([row]) for row in ROWS.items())


@pytest.mark.parametrize(
    ("second", "status"), [(TYPING, CLEAN), ({}, UNASKED)], ids=["the rest answered", "nobody"]
)
def test_the_second_service_is_asked_about_what_the_first_left(
    monkeypatch, capsys, tmp_path, second, status
):
    asked_for = []

    def answer(_tools, service, lock):
        asked_for.append((service, set(lock)))
        return Answer(DJANGO if service == "pypi" else second, ("no host",))

    monkeypatch.setattr(audit, "_ask", answer)
    assert ask_all(tmp_path, ("pypi", "osv"), TWO).status == status
    assert asked_for == [("pypi", set(TWO)), ("osv", {("typing-extensions", "4.1")})]
    assert "osv: 1個を尋ね" in capsys.readouterr().out


def test_a_service_is_believed_about_what_it_was_asked_alone(monkeypatch, tmp_path):
    stray = {("other", "1"): {**asked("other", "1", VULN)}}
    monkeypatch.setattr(audit, "_ask", lambda *_: Answer({**ROWS, **stray}))
    assert ask_all(tmp_path, ("pypi",), TWO).status == CLEAN
