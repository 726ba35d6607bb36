"""A day without its year: the nearest one where a form says so, else asked for."""

import re
from datetime import date as d

import pytest
from django import forms

from plans.forms.handover import STEP_FORMS, JudgementForm
from plans.rules.handover import HandoverStep
from teikyaku.era import DateInputError, parse_date
from teikyaku.fields import AHEAD, NEAR, NEAR_HINT, PAST, DateField
from teikyaku.near_days import near_days


@pytest.mark.parametrize(
    ("typed", "near", "found"),
    [
        ("11/20", d(2026, 11, 26), d(2026, 11, 20)),
        ("１１月２０日", d(2026, 11, 26), d(2026, 11, 20)),
        ("12.28", d(2027, 1, 4), d(2026, 12, 28)),
        ("1/5", d(2026, 12, 28), d(2027, 1, 5)),
        ("2/29", d(2027, 12, 1), d(2028, 2, 29)),
        ("11/20(金)", d(2026, 11, 26), d(2026, 11, 20)),
    ],
)
def test_the_nearest_day(typed, near, found):
    assert parse_date(typed, near) == found


@pytest.mark.parametrize(
    ("typed", "near", "words"),
    [
        ("11/20", None, "年も入れてください"),
        ("2/30", d(2026, 11, 26), "2026年2月30日はありません"),
        ("13/1", d(2026, 11, 26), "13月はありません"),
        ("0/1", d(2026, 11, 26), "0月はありません"),
        ("11/20(月)", d(2026, 11, 26), "金曜日です"),
        ("2/29", d(2025, 6, 1), "2月29日はありません"),
    ],
)
def test_what_cannot_be_is_told(typed, near, words):
    with pytest.raises(DateInputError, match=words):
        parse_date(typed, near)


def days_form(**asked):
    """A form with one day, told that today is 2026-11-26."""

    class Sample(forms.Form):
        pass

    name = asked.pop("name", "held_on")
    form = Sample({name: asked.pop("typed", "")})
    form.fields[name] = DateField(label="日付", **asked)
    near_days(form, d(2026, 11, 26))
    return form, name


@pytest.mark.parametrize(
    ("around", "typed", "found"),
    [
        (NEAR, "12/10", d(2026, 12, 10)),
        (NEAR, "11/20", d(2026, 11, 20)),
        (PAST, "4/1", d(2026, 4, 1)),
        (PAST, "11/26", d(2026, 11, 26)),
        (AHEAD, "9/30", d(2027, 9, 30)),
        (AHEAD, "5/29", d(2027, 5, 29)),
    ],
)
def test_a_field_says_where_its_days_lie(around, typed, found):
    form, name = days_form(around=around, typed=typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data[name] == found
    assert str(form.fields[name].help_text) == str(NEAR_HINT)


@pytest.mark.parametrize(
    "form",
    [JudgementForm, *(each for step, each in STEP_FORMS.items() if step != HandoverStep.CENTRE)],
)
def test_the_steps_of_a_hand_over_take_a_day_without_its_year(form):
    sample = form()
    near_days(sample, d(2026, 11, 26))
    days = [field for field in sample.fields.values() if isinstance(field, DateField)]
    assert days
    for field in days:
        assert field.clean("11/20") == d(2026, 11, 20)
        assert [day for _word, day in field.offered] == [d(2026, 11, 26), d(2026, 11, 25)]


def test_a_day_of_long_ago_keeps_asking_for_its_year():
    form, name = days_form(typed="11/20")
    assert "年も入れてください" in str(form.errors[name])
    html = form[name].as_field_group()
    assert "12/10" not in html
    assert "data-day" not in html


@pytest.mark.parametrize(
    ("name", "asked", "offered"),
    [
        ("held_on", {"around": PAST}, [("今日", "2026-11-26"), ("きのう", "2026-11-25")]),
        ("next_on", {"around": NEAR}, [("1週後", "2026-12-03"), ("2週後", "2026-12-10")]),
        ("review_by", {"around": AHEAD}, []),
        ("starts_on", {"around": NEAR, "offers": ()}, []),
    ],
)
def test_days_stand_beside_the_field(name, asked, offered):
    form, name = days_form(name=name, **asked)
    html = form[name].as_field_group()
    assert re.findall(r'data-day="([^"]+)"', html) == [day for _word, day in offered]
    assert all(f"</span>{word}</button>" in html for word, _day in offered)
