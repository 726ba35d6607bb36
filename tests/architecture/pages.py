"""The same directions for templates: what a page includes, extends, loads or is rendered by."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.house import ROOMS, ROOT, room_of

NAMED = re.compile(r"{%-?\s*(?:include|extends)\s+(?:\"([^\"]+)\"|'([^']+)')")
LOADED = re.compile(r"{%-?\s*load\s+([^%]+?)\s*-?%}")
APP_FOLDERS = ("accounts", "clients", "plans", "billing", "desk")
# Below every app: components, the frames, and the pages of the sign-in library.
SHARED = ("components", "documents", "account", "mfa", "allauth", "django")
# Tag libraries of Django and of the packages that we install; ours are builtins (teikyaku/tags.py).
LIBRARIES = {"static", "i18n", "l10n", "tz", "cache", "humanize", "allauth", "account", "partials"}
LINES = 400
OURS = (".py", ".html", ".txt", ".typ", ".css", ".js")
PLACES = (
    "teikyaku",
    "clients",
    "plans",
    "billing",
    "templates",
    "tests",
    "benchmarks",
    "manage.py",
)


def room_of_template(name: str) -> str | None:
    """The room that owns a template; None for a folder that nobody placed."""
    folder = name.partition("/")[0] if "/" in name else ""
    if folder in APP_FOLDERS:
        return folder
    return "plain" if not folder or folder in SHARED else None


def reaching_up(name: str, text: str) -> Iterator[str]:
    """What a template includes or extends though it stands above, and libraries nobody knows."""
    mine = room_of_template(name)
    for one, other in NAMED.findall(text):
        target = one or other
        theirs = room_of_template(target)
        if theirs is None or (mine and ROOMS.index(theirs) > ROOMS.index(mine)):
            yield f"templates/{name} uses {target}: {mine} may use what stands below it."
    for libraries in LOADED.findall(text):
        for library in libraries.split(" from ")[-1].split():
            if library not in LIBRARIES:
                yield f"templates/{name} loads {library}: put the tag into teikyaku/tags.py."


def rendered_from_below(module: str, source: str) -> Iterator[str]:
    """Templates of a higher room that a module names."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            continue
        if not re.fullmatch(r"[a-z_]+/[\w/]+\.(html|txt)", node.value):
            continue
        theirs = room_of_template(node.value)
        if theirs and ROOMS.index(theirs) > ROOMS.index(room_of(module)):
            yield f"{module}:{node.lineno} renders {node.value}, a page of {theirs} above it."


def templates() -> Iterator[tuple[str, str]]:
    """Every template of ours: its name and its text."""
    folder = ROOT / "templates"
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".html", ".txt", ".typ"):
            yield str(path.relative_to(folder)), path.read_text(encoding="utf-8")


def our_files() -> Iterator[Path]:
    """Everything we write by hand and keep short."""
    for place in PLACES:
        top = ROOT / place
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if path.suffix in OURS and not path.name.endswith(".min.js"):
                yield path


def too_long(name: str, text: str) -> str:
    """A file of more than 400 lines; a long migration keeps its operations in parts (initial/)."""
    lines = len(text.splitlines())
    if lines <= LINES:
        return ""
    return f"{name} has {lines} lines, more than {LINES}: split it by its nouns."
