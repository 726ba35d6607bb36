"""What is pasted is never cut: no form lets the browser shorten it, the server says how long it is."""

import importlib
import pkgutil

import pytest
from django import forms
from django.urls import reverse

import billing
import clients
import plans
import teikyaku
from plans.models import Interview
from tests.accounts.test_coming_and_going import enter


def all_forms():
    """Every form class of the product."""
    for package in (teikyaku, clients, plans, billing):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "form" in module.name:
                importlib.import_module(module.name)
    found, waiting = set(), [forms.BaseForm]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if kind.__module__.startswith(("teikyaku.", "clients.", "plans.", "billing.")):
                found.add(kind)
    return sorted(found, key=lambda kind: (kind.__module__, kind.__qualname__))


FORMS = all_forms()


def test_the_forms_are_found():
    limited = [f for kind in FORMS for f in kind.base_fields.values() if hasattr(f, "max_length")]
    assert len(FORMS) > 80
    assert len(limited) > 100


@pytest.mark.parametrize("kind", FORMS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_no_field_is_cut_by_the_browser(kind):
    assert kind.default_renderer is None
    assert kind.bound_field_class is None
    plain = type("Plain", (forms.Form,), {})()
    for name, field in kind.base_fields.items():
        assert field.bound_field_class is None
        if not isinstance(field, forms.ModelChoiceField):
            assert "maxlength" not in str(field.get_bound_field(plain, name))


def test_a_long_text_comes_back_whole_and_told(client, cast):
    enter(client, cast.members["worker"])
    text = "話" * 8001
    answer = client.post(
        reverse("interview_new", args=[cast.enrolment.public_id]),
        {
            "outcome": "met", "way": "face", "held_on": cast.today.isoformat(), "notes": text,
            "work_rating": "settled", "life_rating": "settled",
            "met_by": str(cast.members["worker"].public_id),
        },
    )  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "8000字までです（いま8001字）。" in page
    assert text in page
    assert not Interview.objects.filter(notes__startswith="話話").exists()


def test_kanji_for_a_reading_is_told_at_its_field(client, cast):
    enter(client, cast.members["worker"])
    answer = client.post(
        reverse("client_new"),
        {
            "name": "試験 花子",
            "kana": "試験 はなこ",
            "birth_date": "H2.1.2",
            "starts_on": cast.today,
        },
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"kana"}
    assert 'value="試験 はなこ"' in answer.content.decode()


@pytest.mark.parametrize("kind", FORMS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_readings_and_numbers_are_asked_for_in_one_way(kind):
    for name, field in kind.base_fields.items():
        if name == "kana":
            assert type(field).__name__ == "KanaField"
        if name == "phone" or name.endswith("_phone"):
            assert type(field).__name__ == "PhoneField"


@pytest.mark.parametrize("kind", FORMS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_nothing_chosen_is_said_in_words(kind):
    for field in kind.base_fields.values():
        if isinstance(field, forms.ModelChoiceField):
            assert "---" not in str(field.empty_label)
        elif isinstance(field, forms.ChoiceField):
            assert "---" not in "".join(str(label) for _key, label in field.choices)
