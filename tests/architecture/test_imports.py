"""No arrow turns back, no layer looks up, no circle is broken by an import inside a function."""

import re

import pytest

from tests.architecture import house

ALL = [
    (name, path, imported, inside)
    for name, path in house.modules()
    for imported, inside in house.imports_of(path)
]


def test_there_is_something_to_look_at():
    assert len(ALL) > 500


def test_no_arrow_turns_back():
    wrong = {f"{a} -> {b}" for a, _p, b, _i in ALL if house.turns_back(a, b)}
    assert not wrong


def test_no_layer_looks_up():
    wrong = {f"{a} -> {b}" for a, _p, b, _i in ALL if house.breaks_layer(a, b)}
    assert not wrong


def test_nouns_of_plans_come_in_their_order():
    wrong = {f"{a} -> {b}" for a, _p, b, _i in ALL if house.breaks_plan_order(a, b)}
    assert not wrong


def test_no_import_inside_a_function():
    assert not {f"{a} -> {b}" for a, _p, b, inside in ALL if inside}


def test_rules_know_no_django():
    rules = [path for name, path in house.modules() if ".rules" in name]
    assert rules
    assert not [str(path) for path in rules if house.imports_django(path)]


def test_no_circle():
    arrows: dict[str, set[str]] = {}
    known = {name for name, _path in house.modules()}
    for a, _p, b, _i in ALL:
        if b in known and a != b and not a.startswith(b + "."):
            arrows.setdefault(a, set()).add(b)
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail, module))
        if module in done:
            return
        for other in sorted(arrows.get(module, ())):
            visit(other, (*trail, module))
        done.add(module)

    for module in sorted(arrows):
        visit(module, ())


@pytest.mark.parametrize(
    ("importer", "imported", "check"),
    [
        ("clients.models.client", "plans.models", house.turns_back),
        ("teikyaku.periods", "teikyaku.accounts.models", house.turns_back),
        ("billing.actions.month", "teikyaku.desk.demo", house.turns_back),
        ("plans.rules.pace", "plans.models", house.breaks_layer),
        ("plans.queries.pace", "plans.actions.pace", house.breaks_layer),
        ("plans.actions.application", "plans.models.report", house.breaks_plan_order),
    ],
)
def test_the_checks_can_fail(importer, imported, check):
    assert check(importer, imported)
    assert not check(imported, imported)


TAG = re.compile(r"{%\s*(?:include|extends)\s+\"([^\"]+)\"")
TEMPLATE_ROOMS = {
    "accounts": {"accounts"}, "clients": {"accounts", "clients"},
    "plans": {"accounts", "clients", "plans"},
    "billing": {"accounts", "clients", "plans", "billing"},
    "desk": {"accounts", "clients", "plans", "billing", "desk"},
}  # fmt: skip


def test_templates_include_only_what_stands_below():
    wrong = []
    for app, below in TEMPLATE_ROOMS.items():
        for path in (house.ROOT / "templates" / app).rglob("*.html"):
            for name in TAG.findall(path.read_text(encoding="utf-8")):
                first = name.split("/")[0]
                if "/" in name and first != "components" and first not in below:
                    wrong.append(f"{app}/{path.name} -> {name}")
    assert not wrong


def test_no_file_is_longer_than_400_lines():
    long = []
    for folder in (*house.APPS, "tests", "templates"):
        for path in (house.ROOT / folder).rglob("*"):
            is_ours = path.suffix in (".py", ".html", ".typ", ".css", ".js")
            if not is_ours or "migrations" in path.parts or path.name.endswith(".min.js"):
                continue
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > 400:
                long.append(f"{path.relative_to(house.ROOT)}: {lines}")
    assert not long
