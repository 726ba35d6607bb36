"""The house's directions as pure checks over import pairs, so that tests can feed them bad ones.

A check answers with the sentence to show, or "" when all is well.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("teikyaku", "clients", "plans", "billing")
# Rooms from the ground up: a module may import its own room and those before it.
ROOMS = ("plain", "accounts", "clients", "plans", "billing", "desk", "top")
TOP = {"teikyaku.settings", "teikyaku.urls", "teikyaku.wsgi"}
_PURE_BANS = ("models", "queries", "actions", "forms", "views", "access", "admin", "documents")
LAYER_BANS = {
    "rules": _PURE_BANS,
    "kokuhoren": _PURE_BANS,
    "models": ("queries", "actions", "forms", "views", "access", "admin", "documents"),
    "queries": ("actions", "forms", "views", "admin"),
    "actions": ("forms", "views", "admin"),
    "forms": ("views", "admin"),
}
# Pure like a rules package, though they stand outside one.
PURE = {"billing.calculation"}
PURE_LAYERS = ("rules", "kokuhoren")
RELATIONS = ("ForeignKey", "OneToOneField", "ManyToManyField")


class Import(NamedTuple):
    """One arrow: who imports what, in which line, and whether inside a function."""

    importer: str
    imported: str
    line: int = 0
    is_inside: bool = False
    is_by_name: bool = False  # a model named by a string: direction counts, a circle does not


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of the product with its file; migrations are left out."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield module_name(path.relative_to(ROOT)), path


def module_name(path: Path) -> str:
    """The dotted name of a file, from its path below the root."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_in(module: str, source: str, *, is_package: bool = False) -> Iterator[Import]:
    """Every arrow into the product: imports, relative ones too, and models named by a string."""
    tree = ast.parse(source)
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _base_of(node, module, is_package)
            names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Call):
            names = _relation_of(node, module)
        for name in names:
            if name.split(".")[0] in APPS:
                by_name = isinstance(node, ast.Call)
                is_inside = id(node) in inside and not by_name
                yield Import(module, name, node.lineno, is_inside, by_name)


def _base_of(node: ast.ImportFrom, module: str, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    kept = parts[: len(parts) - node.level + (1 if is_package else 0)]
    return ".".join([*kept, *([node.module] if node.module else [])])


def _relation_of(call: ast.Call, module: str) -> list[str]:
    kind = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if kind not in RELATIONS:
        return []
    given = [*call.args[:1], *(word.value for word in call.keywords if word.arg == "to")]
    targets = [to.value for to in given if isinstance(to, ast.Constant) and to.value != "self"]
    found = []
    for target in targets:
        app, _dot, model = str(target).rpartition(".")
        app = "teikyaku.accounts" if app == "accounts" else app or module.partition(".models")[0]
        found.append(f"{app}.models.{model}")
    return found


def reexports_in(package: str, source: str) -> dict[str, str]:
    """What a package's `__init__` hands on: its name there, and the module it comes from."""
    return {
        f"{package}.{alias.asname or alias.name}": node.module
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module and not node.level
        for alias in node.names
    }


def resolved(arrow: Import, reexports: Mapping[str, str]) -> Import:
    """The arrow to where the name really lives: `plans.models.Decision` is certificate.py's."""
    return arrow._replace(imported=reexports.get(arrow.imported, arrow.imported))


def all_imports() -> list[Import]:
    """Every arrow of the product, to where the imported name really lives."""
    sources = [(name, path, path.read_text(encoding="utf-8")) for name, path in modules()]
    reexports: dict[str, str] = {}
    for name, path, source in sources:
        if path.name == "__init__.py":
            reexports |= reexports_in(name, source)
    return [
        resolved(arrow, reexports)
        for name, path, source in sources
        for arrow in imports_in(name, source, is_package=path.name == "__init__.py")
    ]


def room_of(module: str) -> str:
    """Which room a module stands in."""
    if module in TOP:
        return "top"
    first, *rest = module.split(".")
    if first != "teikyaku":
        return first
    return rest[0] if rest and rest[0] in ("accounts", "desk") else "plain"


def layer_of(module: str) -> str:
    """The layer of a module within its app (models, rules …), or its own name there."""
    parts = module.split(".")
    if parts[0] == "teikyaku":
        parts = parts[1:]
    return parts[1] if len(parts) > 1 else ""


def turning_back(arrow: Import) -> str:
    """An arrow that goes up, from a lower room to a higher one."""
    mine, theirs = room_of(arrow.importer), room_of(arrow.imported)
    if ROOMS.index(mine) >= ROOMS.index(theirs):
        return ""
    return (
        f"{arrow.importer}:{arrow.line} imports {arrow.imported}: {mine} stands below {theirs}. "
        f"Hand the value in, or move the code up to {theirs} or desk."
    )


def looking_up(arrow: Import) -> str:
    """A layer that imports one above it, in any app."""
    mine, theirs = layer_of(arrow.importer), layer_of(arrow.imported)
    if theirs not in LAYER_BANS.get(mine, ()):
        return ""
    return f"{arrow.importer}:{arrow.line} imports {arrow.imported}: {mine} know no {theirs}."


def inside_a_function(arrow: Import) -> str:
    """An import that hides in a function, mostly to break a circle."""
    if not arrow.is_inside:
        return ""
    return f"{arrow.importer}:{arrow.line} imports {arrow.imported} inside a function: move it up."


def circle(arrows: Iterable[Import], known: set[str]) -> str:
    """The first circle of imports, as `a -> b -> a`."""
    graph: dict[str, set[str]] = {}
    for arrow in arrows:
        leads_away = not f"{arrow.importer}.".startswith(arrow.imported + ".")
        if arrow.imported in known and leads_away and not arrow.is_by_name:
            graph.setdefault(arrow.importer, set()).add(arrow.imported)
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> str:
        if module in trail:
            return " -> ".join((*trail[trail.index(module) :], module))
        if module in done:
            return ""
        for other in sorted(graph.get(module, ())):
            if found := visit(other, (*trail, module)):
                return found
        done.add(module)
        return ""

    return next((found for module in sorted(graph) if (found := visit(module, ()))), "")


def django_in(source: str) -> bool:
    """Whether a source imports Django or one of its packages."""
    for node in ast.walk(ast.parse(source)):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        if any(name.split(".")[0].startswith("django") for name in names):
            return True
    return False
