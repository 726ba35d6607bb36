"""The house's directions as pure checks over import pairs, so that tests can feed them bad ones."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("teikyaku", "clients", "plans", "billing")
# Rooms from the ground up: a module may import its own room and those before it.
ROOMS = ("plain", "accounts", "clients", "plans", "billing", "desk", "top")
TOP = {"teikyaku.settings", "teikyaku.urls", "teikyaku.wsgi"}
LAYER_BANS = {
    "rules": ("models", "queries", "actions", "forms", "views", "access"),
    "models": ("queries", "actions", "forms", "views", "access"),
    "queries": ("actions", "forms", "views"),
    "actions": ("forms", "views"),
    "forms": ("views",),
}
# Within plans: the order of the nouns; those on top may use all.
PLAN_ORDER = (
    "application", "certificate", "contract", "support_plan", "interview", "pace", "report",
    "handover",
)  # fmt: skip


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of the product with its file; migrations are left out."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            yield name, path


def imports_of(path: Path) -> Iterator[tuple[str, bool]]:
    """(imported module, whether it stands inside a function) for every import of the product."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            if name.split(".")[0] in APPS:
                yield name, id(node) in inside


def room_of(module: str) -> str:
    """Which room a module stands in."""
    if module in TOP:
        return "top"
    first, *rest = module.split(".")
    if first != "teikyaku":
        return first
    if rest and rest[0] in ("accounts", "desk"):
        return rest[0]
    return "plain"


def turns_back(importer: str, imported: str) -> bool:
    """Whether the arrow goes up, from a lower room to a higher one."""
    return ROOMS.index(room_of(importer)) < ROOMS.index(room_of(imported))


def breaks_layer(importer: str, imported: str) -> bool:
    """Whether a layer imports one that stands above it, in any app."""
    mine, theirs = _layer(importer), _layer(imported)
    return theirs in LAYER_BANS.get(mine, ())


def breaks_plan_order(importer: str, imported: str) -> bool:
    """Whether a noun of plans imports one that comes later."""
    mine, theirs = _plan_noun(importer), _plan_noun(imported)
    if mine is None or theirs is None or _layer(importer) == "views":
        return False
    return PLAN_ORDER.index(mine) < PLAN_ORDER.index(theirs)


def _layer(module: str) -> str:
    parts = module.split(".")
    if parts[0] == "teikyaku":
        parts = parts[1:]
    return parts[1] if len(parts) > 1 else ""


def _plan_noun(module: str) -> str | None:
    parts = module.split(".")
    if parts[0] != "plans" or len(parts) < 3:
        return None
    noun = parts[2].removesuffix("_words")
    return noun if noun in PLAN_ORDER else None


def imports_django(path: Path) -> bool:
    """Whether a module imports Django itself."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and any(a.name.startswith("django") for a in node.names):
            return True
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django"):
            return True
    return False
