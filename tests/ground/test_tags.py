"""Filters of every page: what they write, and that nothing and 0 are two things."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.template import Context, Engine
from django.template.loader import render_to_string

from teikyaku import tags
from teikyaku.periods import Month

DAY = date(2026, 4, 1)
NOTHING_AS_EMPTY = (
    tags.wareki,
    tags.both_eras,
    tags.era_short,
    tags.iso,
    tags.western,
    tags.month_label,
    tags.wareki_month,
    tags.month_key,
    tags.fiscal_year_label,
)


def render(text, **context):
    return Engine(builtins=["teikyaku.tags"]).from_string(text).render(Context(context))


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        pytest.param("wareki", DAY, "令和8年4月1日", id="wareki"),
        pytest.param("both_eras", DAY, "2026年4月1日（令和8年）", id="both"),
        pytest.param("era_short", DAY, "R8.4.1", id="short"),
        pytest.param("iso", DAY, "2026-04-01", id="iso"),
        pytest.param("western", DAY, "2026年4月1日", id="western"),
        pytest.param("month_label", Month(2026, 4), "2026年4月", id="month"),
        pytest.param("month_label", DAY, "2026年4月", id="month-as-stored"),
        pytest.param("wareki_month", DAY, "令和8年4月", id="month-in-wareki"),
        pytest.param("month_key", DAY, "2026-04", id="month-in-addresses"),
        pytest.param("fiscal_year_label", 2026, "2026年度（令和8年度）", id="fiscal-year"),
        pytest.param("yen", 12_345, "12,345円", id="yen"),
        pytest.param("yen", 0, "0円", id="zero-yen"),
        pytest.param("yen", None, "—", id="no-yen"),
        pytest.param("units", 3_512, "3,512単位", id="units"),
        pytest.param("units", 0, "0単位", id="zero-units"),
        pytest.param("units", None, "—", id="no-units"),
    ],
)
def test_filters_in_a_template(name, value, expected):
    assert render(f"{{{{ value|{name} }}}}", value=value) == expected


@pytest.mark.parametrize("filter_", NOTHING_AS_EMPTY, ids=lambda each: each.__name__)
@pytest.mark.parametrize("nothing", [None, ""], ids=["none", "undefined"])
def test_no_day_is_nothing(filter_, nothing):
    assert filter_(nothing) == ""


@pytest.mark.parametrize("name", ["yen", "units"])
def test_an_undefined_amount_is_a_dash(name):
    assert render(f"{{{{ missing|{name} }}}}") == "—"


@pytest.mark.parametrize(
    ("on", "left", "until"),
    [
        pytest.param(date(2026, 3, 2), "あと30日", "あと30日", id="30-days"),
        pytest.param(date(2026, 3, 31), "あと1日", "あと1日", id="day-before"),
        pytest.param(date(2026, 4, 1), "今日まで", "今日", id="last-day"),
        pytest.param(date(2026, 4, 2), "1日前に終了", "1日過ぎ", id="day-after"),
    ],
)
def test_days_to_an_end_and_to_a_due_day(on, left, until):
    assert render("{{ day|days_left:on }}", day=DAY, on=on) == left
    assert render("{{ day|days_until:on }}", day=DAY, on=on) == until


def test_an_open_end_has_no_days_left():
    assert render("{{ day|days_left:on }}{{ day|days_until:on }}", day=None, on=DAY) == ""


def test_an_icon_is_its_component():
    plain = render_to_string("components/icon.html", {"name": "down", "class": ""})
    turned = render_to_string("components/icon.html", {"name": "down", "class": "icon--turn"})
    assert render('{% icon "down" %}') == plain
    assert render('{% icon "down" "icon--turn" %}') == turned
    assert 'class="icon icon--turn"' in turned


def test_a_dot_of_the_pace_escapes_what_it_holds():
    dots = [SimpleNamespace(kind="met", x=12.5, y=84), SimpleNamespace(kind="<b>", x=0.0, y=24)]
    drawn = render("{{ dots|pace_dots }}", dots=dots)
    assert '<circle class="pace__dot pace__dot--met" cx="12.5%" cy="84" r="5"/>' in drawn
    assert drawn.count("<circle") == 2
    assert "<b>" not in drawn
