"""python tests/audit.py TOOLS: the bill of materials of the lock, and the weaknesses known of it (make audit).

TOOLS is the folder with cyclonedx-py and pip-audit (requirements-audit.txt).
Asks PyPI first, and OSV about what PyPI did not answer; SERVICES=osv (or pypi) asks one alone.
Ends with 0 when every package was asked about and nothing is known, 1 when something is known or
the bill is not whole, 3 when it could not ask: that is no good news, only none.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.txt"
SBOM = ROOT / "docs" / "sbom.json"
CLEAN, WEAK, UNASKED = 0, 1, 3
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>[^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")

Locked = dict[tuple[str, str], set[str]]


def locked(text: str) -> Locked:
    """The hashes of each (name, version) of a lock."""
    found: Locked = {}
    key = None
    for line in text.splitlines():
        if pin := _PIN.match(line):
            key = (normal(pin["name"]), pin["version"])
            found.setdefault(key, set())
        if key is not None:
            found[key] |= set(_HASH.findall(line))
    return found


def normal(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def faults_of(bill: Mapping[str, Any], lock: Locked) -> list[str]:
    """What of the lock the bill of materials does not say, or says otherwise."""
    said: Locked = {}
    for part in bill.get("components", ()):
        hashes = said.setdefault((normal(part["name"]), part.get("version", "")), set())
        for reference in part.get("externalReferences", ()):
            hashes |= {each["content"] for each in reference.get("hashes", ())}
    lacks = [f"{'=='.join(key)}: not in it" for key in lock if key not in said]
    more = [f"{'=='.join(key)}: not in the lock" for key in said if key not in lock]
    other = [
        f"{'=='.join(key)}: other hashes" for key in lock
        if key in said and (said[key] != lock[key] or not lock[key])
    ]  # fmt: skip
    return lacks + more + other


@dataclass(frozen=True)
class Answer:
    """What one service said: the row of each package it answered for, and why it did not for the rest."""

    rows: Mapping[tuple[str, str], Mapping[str, Any]]
    why: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """How the question came out: `status` is what the program ends with."""

    status: int
    lines: tuple[str, ...]


def read(said: str, errors: str = "") -> Answer:
    """pip-audit's JSON. It ends with 0 also where it skipped every package, so the skipped are left out here."""
    try:
        rows = json.loads(said)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Answer({}, (last_line(errors) or "答えがありません",))
    taken = {(normal(row["name"]), row.get("version")): row for row in rows if "version" in row}
    asked = {key: row for key, row in taken.items() if "skip_reason" not in row}
    skipped = [row["skip_reason"] for row in rows if "skip_reason" in row]
    why = (f"{len(skipped)}個は情報がない（例：{skipped[0]}）",) if skipped else ()
    return Answer(asked, why)


def last_line(errors: str) -> str:
    """The last thing a program said before it gave up, short enough for one line."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""


def verdict(rows: Mapping[tuple[str, str], Mapping[str, Any]], lock: Locked) -> Verdict:
    """What the answers of all services come to; each package of the lock is looked for in them."""
    weak = tuple(
        f"{row['name']} {row['version']}: {each['id']}（直った版 {', '.join(each['fix_versions']) or 'まだない'}）"
        for row in rows.values()
        for each in row["vulns"]
    )
    left = [f"{name} {version}" for name, version in lock if (name, version) not in rows]
    unasked = (f"尋ねられなかった {len(left)}個：{'、'.join(left)}",) if left else ()
    if weak:
        return Verdict(WEAK, weak + unasked)
    return Verdict(UNASKED, unasked) if unasked else Verdict(CLEAN, ())


def pins(lock: Locked) -> str:
    """The lock without its markers: parts for other platforms are asked about too."""
    return "\n".join(
        f"{name}=={version} " + " ".join(f"--hash=sha256:{each}" for each in sorted(hashes))
        for (name, version), hashes in lock.items()
    )


def _ask(tools: Path, service: str, lock: Locked) -> Answer:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "requirements.txt"
        file.write_text(pins(lock), encoding="utf-8")
        done = subprocess.run(
            [tools / "pip-audit", "-r", file, "--require-hashes", "--disable-pip", "--no-deps", "-s", service,
             "--format", "json", "--progress-spinner", "off", "--timeout", "20"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    return read(done.stdout, done.stderr)


def ask_all(tools: Path, services: Iterable[str], lock: Locked) -> Verdict:
    """Each service about what those before it did not answer, saying how far it came."""
    rows: dict[tuple[str, str], Mapping[str, Any]] = {}
    for service in services:
        left = {key: hashes for key, hashes in lock.items() if key not in rows}
        if not left:
            break
        answer = _ask(tools, service, left)
        got = {key: row for key, row in answer.rows.items() if key in left}
        rows |= got
        print(
            f"{service}: {len(left)}個を尋ね、{len(got)}個に答えがありました", *answer.why, sep="。"
        )
    return verdict(rows, lock)


def main(tools: Path) -> int:
    """Write the bill (cyclonedx-py holds it against the schema of CycloneDX), compare it, ask, and say so."""
    lock = locked(LOCK.read_text(encoding="utf-8"))
    subprocess.run(
        [tools / "cyclonedx-py", "requirements", "--output-reproducible", "--validate", "--of", "JSON", "-o", SBOM, LOCK.name],
        cwd=ROOT, check=True,
    )  # fmt: skip
    faults = faults_of(json.loads(SBOM.read_text(encoding="utf-8")), lock)
    print(
        f"{SBOM.relative_to(ROOT)}: {len(lock)}個の部品（CycloneDX の形に合っています）",
        *faults,
        sep="\n  ",
    )
    if faults:
        return WEAK
    found = ask_all(tools, (os.environ.get("SERVICES") or "pypi,osv").split(","), lock)
    heads = {
        CLEAN: "知られている弱点はありません。すべての部品を尋ねました。",
        WEAK: "知られている弱点があります：",
        UNASKED: "尋ねられなかった部品があります。弱点がないとは言えません（外に出られる機械でもう一度）：",
    }
    print(heads[found.status], *found.lines, sep="\n  ")
    return found.status


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).absolute()))
