"""No arrow turns back, no layer looks up, no circle is broken by an import inside a function."""

import pytest

from tests.architecture import house, pages, plan_order
from tests.architecture.house import Import

ARROWS = house.all_imports()


def told(found):
    """Failures one a line, each once."""
    return "\n".join(sorted({line for line in found if line}))


def test_there_is_something_to_look_at():
    assert len(ARROWS) > 500


@pytest.mark.parametrize(
    "check",
    [house.turning_back, house.looking_up, house.inside_a_function],
    ids=lambda check: check.__name__,
)
def test_every_arrow_keeps_its_direction(check):
    wrong = told(check(arrow) for arrow in ARROWS)
    assert not wrong, wrong


def test_no_circle():
    wrong = house.circle(ARROWS, {name for name, _path in house.modules()})
    assert not wrong, wrong


def test_rules_know_no_django():
    pure = [
        (n, p)
        for n, p in house.modules()
        if house.layer_of(n) in house.PURE_LAYERS or n in house.PURE
    ]
    assert len(pure) > 20
    wrong = [name for name, path in pure if house.django_in(path.read_text(encoding="utf-8"))]
    assert not wrong, f"rules are pure, without Django: {wrong}"


def test_nouns_of_plans_come_in_their_order():
    wrong = told(plan_order.out_of_order(arrow) for arrow in ARROWS)
    assert not wrong, wrong


def test_every_noun_of_plans_has_its_place():
    nouns = {plan_order.noun_of(name) for name, _path in house.modules()} - {""}
    wrong = sorted(noun for noun in nouns if plan_order.place_of(noun) is None)
    assert not wrong, f"give them a place in tests/architecture/plan_order.py: {wrong}"


def test_templates_use_only_what_stands_below():
    wrong = told(line for name, text in pages.templates() for line in pages.reaching_up(name, text))
    assert not wrong, wrong


def test_every_template_folder_has_its_room():
    wrong = [name for name, _text in pages.templates() if pages.room_of_template(name) is None]
    assert not wrong, f"give the folder a room in tests/architecture/pages.py: {wrong}"


def test_no_room_renders_pages_from_above():
    wrong = told(
        line
        for name, path in house.modules()
        for line in pages.rendered_from_below(name, path.read_text(encoding="utf-8"))
    )
    assert not wrong, wrong


def test_no_file_is_longer_than_400_lines():
    wrong = told(
        pages.too_long(str(path.relative_to(house.ROOT)), path.read_text(encoding="utf-8"))
        for path in pages.our_files()
    )
    assert not wrong, wrong


# --- The checks can fail --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("importer", "imported", "check"),
    [
        ("clients.models.client", "plans.models", house.turning_back),
        ("teikyaku.periods", "teikyaku.accounts.models", house.turning_back),
        ("teikyaku.accounts.urls", "teikyaku.urls", house.turning_back),
        ("billing.actions.month", "teikyaku.desk.demo", house.turning_back),
        ("teikyaku.desk.urls", "teikyaku.settings", house.turning_back),
        ("plans.rules.pace", "plans.models", house.looking_up),
        ("plans.rules.pace", "clients.access", house.looking_up),
        ("billing.kokuhoren.writer", "billing.models", house.looking_up),
        ("plans.queries.pace", "plans.actions.pace", house.looking_up),
        ("teikyaku.accounts.models.user", "teikyaku.accounts.queries", house.looking_up),
        ("clients.actions.client", "clients.forms.staff", house.looking_up),
        ("plans.actions.application", "plans.models.report", plan_order.out_of_order),
        ("plans.rules.decision", "plans.rules.pace_words", plan_order.out_of_order),
        ("plans.models.handover", "plans.queries.expiry", plan_order.out_of_order),
        ("plans.views.certificate", "plans.actions.handover", plan_order.out_of_order),
    ],
)
def test_a_wrong_arrow_is_found(importer, imported, check):
    assert importer in check(Import(importer, imported))
    assert not check(Import(imported, imported))


@pytest.mark.parametrize(
    ("source", "imported"),
    [
        ("import plans.models", "plans.models"),
        ("from plans.models import Decision", "plans.models.Decision"),
        ("from plans import models as m", "plans.models"),
        ("from ..models import client", "clients.models.client"),
        ("from . import cap", "clients.rules.cap"),
        ("x = models.ForeignKey('plans.Decision', null=True)", "plans.models.Decision"),
        ("x = ManyToManyField(to='accounts.User')", "teikyaku.accounts.models.User"),
        ("x = models.OneToOneField('Client')", "clients.models.Client"),
    ],
)
def test_an_arrow_is_seen(source, imported):
    module = "clients.models.client" if "Field" in source else "clients.rules.window"
    assert imported in {arrow.imported for arrow in house.imports_in(module, source)}


def test_an_import_inside_a_function_is_seen():
    source = "def f():\n    from plans.models import Decision\n"
    assert all(arrow.is_inside for arrow in house.imports_in("clients.access", source))
    assert "inside" in house.inside_a_function(Import("a", "b", 1, is_inside=True))


def test_a_name_that_is_handed_on_leads_to_its_file():
    handed_on = house.reexports_in(
        "plans.models", "from plans.models.certificate import Decision, Certificate as Paper"
    )
    arrow = house.resolved(Import("plans.forms.application", "plans.models.Paper"), handed_on)
    assert arrow.imported == "plans.models.certificate"
    assert plan_order.out_of_order(arrow)


def test_a_circle_is_found():
    arrows = [Import("a", "b"), Import("b", "c"), Import("c", "b")]
    assert house.circle(arrows, {"a", "b", "c"}) == "b -> c -> b"
    assert house.circle(arrows[:2], {"a", "b", "c"}) == ""
    by_name = Import("c", "b", is_by_name=True)
    assert house.circle([*arrows[:2], by_name], {"a", "b", "c"}) == ""


@pytest.mark.parametrize(
    "source", ["import django", "from django.db import models", "import django_htmx"]
)
def test_django_is_found(source):
    assert house.django_in(source)
    assert not house.django_in("from datetime import date")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("clients/list.html", '{% include "plans/row.html" %}'),
        ("clients/list.html", "{% include 'desk/row.html' %}"),
        ("billing/page.html", '{%- extends "desk/frame.html" %}'),
        ("components/date.html", '{% include "accounts/person.html" %}'),
        ("base.html", '{% include "desk/menu.html" %}'),
        ("desk/home.html", '{% include "nowhere/row.html" %}'),
        ("desk/home.html", "{% load clients_tags %}"),
        ("desk/home.html", "{% load due from plans_tags %}"),
    ],
)
def test_a_template_that_reaches_up_is_found(name, text):
    assert list(pages.reaching_up(name, text))
    fine = '{% extends "base.html" %}{% load static %}{% include "components/date.html" %}'
    assert not list(pages.reaching_up(name, fine))


def test_a_page_from_above_is_found():
    source = 'render(request, "desk/home.html")'
    assert list(pages.rendered_from_below("clients.views.client_list", source))
    assert not list(pages.rendered_from_below("teikyaku.desk.views.home", source))


def test_a_long_file_is_found():
    assert "401 lines" in pages.too_long("plans/models/all.py", "x\n" * 401)
    assert not pages.too_long("plans/models/all.py", "x\n" * 400)
    assert "401 lines" in pages.too_long("plans/migrations/0001_initial.py", "x\n" * 401)
