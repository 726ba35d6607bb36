"""The glossary names every model, with the words that its pages use."""

import re

from django.apps import apps

from tests.architecture import house

ROW = re.compile(r"^\| (?P<term>[^|]+) \| (?P<reading>[^|]+) \| `(?P<name>\w+)` \|", re.MULTILINE)


def test_every_model_stands_in_the_glossary_under_its_own_word():
    text = (house.ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = {match["name"]: match["term"] for match in ROW.finditer(text)}
    assert len(rows) > 40
    wrong = {}
    for app in ("accounts", "clients", "plans", "billing"):
        for model in apps.get_app_config(app).get_models():
            if model.__name__.startswith("Historical") or "_" in model.__name__:
                continue
            if rows.get(model.__name__) != model._meta.verbose_name:
                wrong[model.__name__] = str(model._meta.verbose_name)
    assert not wrong
