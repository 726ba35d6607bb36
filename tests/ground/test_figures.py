"""Dated figures: what is packaged, who wins, and what is wrong with a broken file."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teikyaku import figures
from teikyaku.figures import BrokenFigures, Figure, NoFigure, TwoFigures, pick
from teikyaku.periods import Month
from teikyaku.reasons import Certainty

G, S, M = Certainty.GUIDANCE, Certainty.SOURCE, Certainty.PRACTICE
APRIL = Month(2026, 4)
months = st.builds(Month, st.integers(2018, 2040), st.integers(1, 12))


def figure(first, last=None, *, key="decision.months", value=12, **more):
    return Figure(
        key=key,
        value=value,
        first_month=Month.parse(first),
        last_month=Month.parse(last) if last else None,
        source="根拠",
        certainty=S,
        **more,
    )


def row(**changes):
    full = {
        "key": "x",
        "label": "試し",
        "value": 1,
        "first_month": "2024-04",
        "source": "根拠",
        "certainty": "S",
    }
    return {name: value for name, value in {**full, **changes}.items() if value is not None}


# --- What is packaged -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "certainty"),
    [
        pytest.param("cap.public_assistance", 0, G, id="§5-public-assistance"),
        pytest.param("cap.low_income", 0, G, id="§5-low-income"),
        pytest.param("cap.general_1", 9_300, G, id="§5-general-1"),
        pytest.param("cap.general_2", 37_200, G, id="§5-general-2"),
        pytest.param("category.levy_limit", 160_000, G, id="§5-levy"),
        pytest.param("category.exempt_salary", 2_044_000, G, id="§5-salary"),
        pytest.param("cap_management.report_day", 3, M, id="§5-report"),
        pytest.param("cap_management.answer_day", 6, M, id="§5-answer"),
        pytest.param("claim.last_day", 10, M, id="§5-claim"),
        pytest.param("window.apply_days_before", 60, M, id="§2-apply-by"),
        pytest.param("decision.months", 12, M, id="§3-decision"),
        pytest.param("monitoring.months", 3, M, id="§3-monitoring"),
        pytest.param("pace.monthly_first_months", 6, M, id="§6-first"),
        pytest.param("pace.monthly_last_months", 6, M, id="§6-last"),
        pytest.param("pace.settled_meetings", 3, M, id="§6-settled"),
        pytest.param("pace.attempts_to_tighten", 2, M, id="§6-attempts"),
        pytest.param("pace.longest_months", 3, G, id="§6-longest"),
        pytest.param("support_plan.review_months", 6, S, id="§6-review"),
        pytest.param("handover.preparation_months", 6, S, id="§9-preparation"),
        pytest.param("handover.sharing_months", 3, S, id="§9-sharing"),
        pytest.param("staff.clients_per_worker", 40, M, id="§10-worker"),
        pytest.param("staff.clients_of_first_manager", 60, M, id="§10-first-manager"),
        pytest.param("staff.clients_per_further_manager", 40, M, id="§10-further-manager"),
        pytest.param("network.times_a_year", 4, S, id="§7-network"),
        pytest.param("network.year", "年度", Certainty.UNKNOWN, id="§7-network-year"),
        pytest.param("handover.reduction_scope", "全員", Certainty.UNKNOWN, id="§7-handover-scope"),
        pytest.param("special_area.scope", "全員", Certainty.UNKNOWN, id="§7-special-area-scope"),
        pytest.param("keeping.years", 5, M, id="§10-keeping"),
        pytest.param("keeping.evidence_months", 78, M, id="§10-evidence"),
    ],
)
def test_figures_of_the_rules(key, value, certainty):
    found = pick(key, APRIL)

    assert (found.value, found.certainty) == (value, certainty)


def test_every_packaged_figure_says_what_it_is_and_where_it_comes_from():
    for found in figures.packaged():
        assert found.label, found.key
        # A sum or a number of days means nothing without its unit; a text has none.
        assert bool(found.unit) != isinstance(found.value, str), found.key
        assert found.source, found.key
        assert not found.is_override


def test_what_needs_a_release_of_the_law_begins_with_it():
    assert pick("handover.sharing_months", Month(2024, 4)).value == 3
    with pytest.raises(NoFigure):
        pick("handover.sharing_months", Month(2024, 3))


# --- Picking --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("month", "value"),
    [
        pytest.param("2026-05", 12, id="month-before"),
        pytest.param("2026-06", 6, id="first"),
        pytest.param("2026-08", 6, id="last"),
        pytest.param("2026-09", 12, id="month-after"),
    ],
)
def test_an_override_wins_for_its_months_only(month, value):
    override = figure("2026-06", "2026-08", value=6, is_override=True)

    found = pick("decision.months", Month.parse(month), [override])

    assert found.value == value
    assert found.is_override is (value == 6)


def test_an_override_of_another_key_does_nothing():
    assert pick("decision.months", APRIL, [figure("2018-04", key="monitoring.months")]).value == 12


def test_overrides_may_come_from_an_iterator():
    assert pick("decision.months", APRIL, iter([figure("2018-04", value=6)])).value == 6


def test_no_figure_names_key_and_month_in_japanese():
    with pytest.raises(NoFigure) as refusal:
        pick("decision.months", Month(2018, 3))

    assert "2018年3月" in str(refusal.value)
    assert "支給決定期間" in str(refusal.value)
    assert "decision.months" in str(refusal.value)
    assert (refusal.value.key, refusal.value.month) == ("decision.months", Month(2018, 3))


def test_an_unknown_key_is_no_figure():
    with pytest.raises(NoFigure, match=r"no\.such\.key"):
        pick("no.such.key", APRIL)


def test_an_override_may_fill_what_the_product_does_not_know():
    override = figure("2026-04", key="report.latest_day", value="10")

    assert pick("report.latest_day", APRIL, [override]) is override


def test_two_overrides_for_a_month_are_refused():
    overrides = [figure("2026-01", "2026-04"), figure("2026-04")]

    with pytest.raises(TwoFigures) as refusal:
        pick("decision.months", APRIL, overrides)

    assert "2026年4月" in str(refusal.value)
    assert "decision.months" in str(refusal.value)
    assert pick("decision.months", Month(2026, 3), overrides) is overrides[0]


@given(months, months, months)
def test_a_figure_covers_the_months_between_its_ends(first, last, month):
    covers = Figure("x", 1, first, last, "根拠", S).covers(month)

    assert covers is (month in set(Month.span(first, last)))


# --- Values typed by an operator ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        pytest.param("decision.months", "6", 6, id="whole"),
        pytest.param("category.exempt_salary", "２，０４４，０００", 2_044_000, id="full-width"),
        pytest.param("cap.low_income", " 0 ", 0, id="zero"),
        pytest.param("report.latest_day", "翌月5日", "翌月5日", id="unknown-key-stays-text"),
    ],
)
def test_typed_values(key, text, value):
    assert figures.typed_value(key, text) == value


@pytest.mark.parametrize("text", ["", "十二", "12.5", "-1", "12か月"])
def test_a_value_that_is_no_whole_number_is_refused_by_name(text):
    with pytest.raises(ValueError, match="支給決定期間"):
        figures.typed_value("decision.months", text)


def test_one_of_a_few_words():
    assert figures.choices_of("network.year") == ("年度", "12か月")
    assert figures.choices_of("keeping.years") == ()
    assert figures.typed_value("network.year", " １２か月 ") == "12か月"
    with pytest.raises(ValueError, match="年度・12か月のどれか"):
        figures.typed_value("network.year", "暦年")


@pytest.mark.parametrize(
    ("key", "text"),
    [("claim.report_day", "32"), ("claim.report_day", "40"), ("claim.last_day", "0")],
)
def test_what_is_no_day_of_a_month_is_refused(key, text):
    with pytest.raises(ValueError, match="から31までの整数"):
        figures.typed_value(key, text)


def test_the_first_and_the_last_that_make_sense_are_taken():
    assert figures.typed_value("claim.report_day", "31") == 31
    assert figures.typed_value("claim.report_day", "0") == 0  # nobody has set one


# --- Broken files ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"first_month": "2024-13"}, "2024-13", id="month-13"),
        pytest.param({"first_month": "2024-4"}, "first_month「2024-4」", id="month-of-one-digit"),
        pytest.param({"last_month": "令和6年"}, "last_month", id="last-month-in-words"),
        pytest.param({"last_month": ""}, "last_month", id="last-month-empty"),
        pytest.param({"last_month": "2024-03"}, "より前", id="last-before-first"),
        pytest.param({"certainty": "X"}, "certainty「X」", id="unknown-certainty"),
        pytest.param({"certainty": None}, "certaintyがありません", id="no-certainty"),
        pytest.param({"source": None}, "sourceがありません", id="no-source"),
        pytest.param({"source": " "}, "sourceが空", id="empty-source"),
        pytest.param({"value": None}, "valueがありません", id="no-value"),
        pytest.param({"value": 10.17}, "小数", id="float"),
        pytest.param({"value": True}, "整数か文字", id="yes-is-no-number"),
        pytest.param({"value": "暦年", "choices": ["年度"]}, "choicesの中", id="no-choice"),
        pytest.param({"value": 40, "least": 1, "most": 31}, "までの間に", id="out-of-bounds"),
        pytest.param({"value": 5, "least": 1}, "両方を整数", id="one-bound"),
        pytest.param({"value": "5", "least": 1, "most": 31}, "両方を整数", id="bounded-word"),
        pytest.param({"key": None}, "keyがありません", id="no-key"),
        pytest.param({"label": None}, "labelがありません", id="no-label"),
        pytest.param({"frist_month": "2024-04"}, "frist_month", id="misspelt-name"),
    ],
)
def test_a_broken_row_is_named(changes, words):
    with pytest.raises(BrokenFigures) as refusal:
        figures.parse({"figure": [row(**changes)]})

    assert words in str(refusal.value)


def test_all_faults_are_told_at_once():
    with pytest.raises(BrokenFigures) as refusal:
        figures.parse({"figure": [row(certainty="X"), row(key="y", value=1.5, source=None)]})

    assert len(refusal.value.problems) == 3
    assert "2番目（y）" in str(refusal.value)


@pytest.mark.parametrize(
    ("spans", "shared"),
    [
        pytest.param([("2024-04", "2025-03"), ("2025-04", None)], None, id="one-after-the-other"),
        pytest.param([("2024-04", "2025-04"), ("2025-04", None)], "2025年4月", id="one-month"),
        pytest.param([("2024-04", None), ("2025-04", None)], "2025年4月", id="both-open"),
        pytest.param([("2025-04", None), ("2024-04", None)], "2025年4月", id="order-of-rows"),
        pytest.param([("2024-04", None), ("2025-04", "2025-05")], "2025年4月", id="inside"),
        pytest.param([("2024-04", None), ("2024-04", None)], "2024年4月", id="twice-the-same"),
    ],
)
def test_months_that_two_figures_share(spans, shared):
    problems = figures.validate(figure(first, last) for first, last in spans)

    assert problems == ([f"decision.months：{shared}に二つの値があります。"] if shared else [])


def test_figures_of_different_keys_share_months_freely():
    assert figures.validate([figure("2024-04"), figure("2024-04", key="other")]) == []


def test_a_figure_may_hold_for_one_month():
    assert figures.validate([figure("2024-04", "2024-04"), figure("2024-05")]) == []


def test_a_key_has_one_name_and_unit():
    rows = [figure("2024-04", "2025-03", label="甲"), figure("2025-04", label="乙")]

    assert figures.validate(rows) == ["decision.months：名前か単位が行によって違います。"]


def test_a_whole_file_is_read():
    text = """
        [[figure]]
        key = "x"
        label = "割合"
        value = "10.17"
        unit = "円"
        first_month = "2024-04"
        last_month = "2026-05"
        source = "告示"
        certainty = "?"
        note = "覚え書き"
    """

    assert figures.parse(tomllib.loads(text)) == (
        Figure(
            "x",
            "10.17",
            Month(2024, 4),
            Month(2026, 5),
            "告示",
            Certainty.UNKNOWN,
            note="覚え書き",
            label="割合",
            unit="円",
        ),
    )
