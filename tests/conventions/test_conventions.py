"""Conventions as tests: one clock, no inline style or script, words on every field, no leaks."""

import ast
import re
import subprocess

from django.apps import apps
from django.db import models

from tests.architecture import house

CLOCKS = {("timezone", "now"), ("date", "today"), ("datetime", "now"), ("datetime", "today")}
OUR_APPS = ("accounts", "clients", "plans", "billing")


def clock_reads(source: str) -> list[int]:
    """Lines that read a clock: timezone.now, date.today, datetime.now, auto_now."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if (node.value.id, node.attr) in CLOCKS:
                found.append(node.lineno)
        elif isinstance(node, ast.keyword) and node.arg in ("auto_now", "auto_now_add"):
            found.append(node.value.lineno)
    return found


def test_only_the_edge_reads_the_clock():
    wrong = {
        f"{name}:{line}"
        for name, path in house.modules()
        if name != "teikyaku.clock"
        for line in clock_reads(path.read_text(encoding="utf-8"))
    }
    assert not wrong


def test_a_clock_is_found():
    assert clock_reads("x = timezone.now()") == [1]
    assert clock_reads("d = models.DateField(auto_now=True)") == [1]


def templates():
    return list((house.ROOT / "templates").rglob("*.html"))


INLINE = re.compile(
    r"<[^>]*\sstyle=|<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")|\son\w+=\""
)


def inline(text: str) -> bool:
    return bool(INLINE.search(text))


def test_no_inline_style_or_script():
    assert len(templates()) > 50
    wrong = [
        str(path.relative_to(house.ROOT))
        for path in templates()
        if inline(path.read_text(encoding="utf-8"))
    ]
    assert not wrong


def test_inline_is_found():
    assert inline('<p style="x">')
    assert inline("<script>alert(1)</script>")
    assert inline('<a onclick="x()">')
    assert not inline('<script src="a.js" defer></script>')


def our_models():
    for app in OUR_APPS:
        for model in apps.get_app_config(app).get_models():
            if not model.__name__.startswith("Historical"):
                yield model


def is_japanese(text: str) -> bool:
    return bool(re.search(r"[぀-ヿ一-鿿]|ID", str(text)))


def test_every_field_has_its_word():
    wrong = [
        f"{model.__name__}.{field.name}"
        for model in our_models()
        for field in model._meta.concrete_fields
        if not field.primary_key
        and field.name not in ("password", "last_login")
        and not is_japanese(field.verbose_name)
    ]
    assert not wrong


def test_every_model_has_its_word_first_in_its_docstring():
    wrong = [
        model.__name__
        for model in our_models()
        if not is_japanese(model._meta.verbose_name)
        or not is_japanese((model.__doc__ or "").strip().split(" ")[0])
    ]
    assert not wrong


def test_every_constraint_has_a_message():
    default = models.CheckConstraint(condition=models.Q(), name="x").violation_error_message
    wrong = [
        f"{model.__name__}.{constraint.name}"
        for model in our_models()
        for constraint in model._meta.constraints
        if str(constraint.violation_error_message) == str(default)
    ]
    assert not wrong


def test_at_stands_with_by():
    """`…_by` needs the instant `…_at` beside it (days have their own field)."""
    wrong = []
    for model in our_models():
        names = {field.name for field in model._meta.concrete_fields}
        for name in names:
            if (
                name.endswith("_by")
                and name
                not in (
                    "met_by",
                    "held_by",
                    "handed_in_by",
                    "review_by",
                )
                and name.removesuffix("_by") + "_at" not in names
            ):
                wrong.append(f"{model.__name__}.{name}")
    assert not wrong


def test_no_template_is_unused():
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in (*house.APPS, "templates", "tests")
        for path in (house.ROOT / folder).rglob("*")
        if path.suffix in (".py", ".html")
    )
    # allauth, Django and the form renderer find theirs by name.
    found_by_name = ("account", "mfa", "allauth", "django", "admin")
    wrong = []
    for path in templates():
        name = str(path.relative_to(house.ROOT / "templates"))
        if name.split("/", maxsplit=1)[0] in found_by_name or name == "500.html":
            continue
        if (
            f'"{name}"' not in source
            and f"'{name}'" not in source
            and name not in ("400.html", "403.html", "404.html")
        ):
            wrong.append(name)
    assert not wrong


def test_no_path_of_a_machine_is_tracked():
    listed = subprocess.run(
        ["git", "grep", "-nIE", r"(^|[^A-Za-z])/(work|root|home)/[a-z]", "--", ".", ":!*.txt", ":!tests/conventions"],
        cwd=house.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert listed.stdout == ""
