"""利用者負担の区分: boundary tables of docs/rules.md §5, and what an estimate cannot know."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.rules.category import CategoryFigures, HouseholdFacts, category
from clients.rules.kinds import Category

NIL, LOW, ONE, TWO = Category

FIGURES = CategoryFigures(
    caps_yen={NIL: 0, LOW: 0, ONE: 9_300, TWO: 37_200},
    levy_limit_yen=160_000,
    exempt_salary_yen=2_044_000,
)


def household(**changes):
    """A taxed person without spouse who lives at home."""
    told = {
        "receives_public_assistance": False,
        "is_taxed": True,
        "has_spouse": False,
        "adjusted_levy_yen": 50_000,
        "lives_in_group_home": False,
    }
    return HouseholdFacts(**(told | changes))


def codes(result):
    return {reason.code for reason in result.reasons}


@pytest.mark.parametrize(
    ("changes", "expected", "cap"),
    [
        pytest.param({"receives_public_assistance": True}, NIL, 0, id="public-assistance"),
        pytest.param({"is_taxed": False}, LOW, 0, id="exempt"),
        pytest.param({}, ONE, 9_300, id="taxed-below"),
        pytest.param({"adjusted_levy_yen": 0}, ONE, 9_300, id="taxed-levy-nil"),
        pytest.param({"adjusted_levy_yen": 159_999}, ONE, 9_300, id="159,999"),
        pytest.param({"adjusted_levy_yen": 160_000}, TWO, 37_200, id="160,000"),
        pytest.param({"adjusted_levy_yen": 160_001}, TWO, 37_200, id="160,001"),
        pytest.param({"lives_in_group_home": True}, TWO, 37_200, id="group-home-taxed"),
        pytest.param(
            {"lives_in_group_home": True, "is_taxed": False}, LOW, 0, id="group-home-exempt"
        ),
        pytest.param(
            {"lives_in_group_home": True, "receives_public_assistance": True},
            NIL,
            0,
            id="group-home-on-assistance",
        ),
        pytest.param({"is_adult_in_facility": True}, TWO, 37_200, id="facility-adult-taxed"),
        pytest.param(
            {"is_taxed": False, "has_spouse": True, "is_spouse_taxed": True},
            ONE,
            9_300,
            id="spouse-taxed",
        ),
        pytest.param(
            {"is_taxed": False, "has_spouse": True, "is_spouse_taxed": False},
            LOW,
            0,
            id="spouse-exempt",
        ),
    ],
)
def test_category_and_cap(changes, expected, cap):
    result = category(household(**changes), FIGURES)

    assert (result.category, result.cap_yen) == (expected, cap)
    assert result.candidates == (expected,)
    assert result.questions == ()


@pytest.mark.parametrize(
    ("salary", "expected"),
    [
        pytest.param(0, LOW, id="nothing"),
        pytest.param(2_043_999, LOW, id="2,043,999"),
        pytest.param(2_044_000, ONE, id="2,044,000"),
        pytest.param(2_044_001, ONE, id="2,044,001"),
    ],
)
def test_salary_of_the_year_before_where_the_tax_is_not_known(salary, expected):
    told = household(is_taxed=None, gross_salary_yen=salary)

    assert category(told, FIGURES).category is expected


def test_the_stated_tax_wins_over_the_salary():
    told = household(is_taxed=False, gross_salary_yen=9_000_000)

    assert category(told, FIGURES).category is LOW


@pytest.mark.parametrize(
    ("changes", "candidates", "questions"),
    [
        pytest.param({"adjusted_levy_yen": None}, (ONE, TWO), 1, id="levy-unknown"),
        pytest.param({"lives_in_group_home": None}, (ONE, TWO), 1, id="home-unknown"),
        pytest.param(
            {"lives_in_group_home": None, "adjusted_levy_yen": 160_000}, (TWO,), 1, id="two-anyway"
        ),
        pytest.param(
            {"lives_in_group_home": True, "adjusted_levy_yen": None}, (TWO,), 0, id="home-first"
        ),
        pytest.param({"is_taxed": None}, (LOW, ONE), 1, id="tax-unknown"),
        pytest.param({"is_taxed": False, "has_spouse": None}, (LOW, ONE), 1, id="spouse-unknown"),
        pytest.param(
            {"is_taxed": False, "has_spouse": True}, (LOW, ONE), 1, id="spouse-tax-unknown"
        ),
        pytest.param({"receives_public_assistance": None}, (NIL, ONE), 1, id="assistance-unknown"),
        pytest.param(
            {"receives_public_assistance": None, "is_taxed": False},
            (NIL, LOW),
            1,
            id="assistance-unknown-exempt",
        ),
    ],
)
def test_what_is_not_known_is_said_and_asked(changes, candidates, questions):
    result = category(household(**changes), FIGURES)

    assert result.candidates == candidates
    assert result.is_clear is (len(candidates) == 1)
    assert (result.cap_yen is None) is (len(candidates) > 1)
    assert len(result.questions) == questions


def test_nothing_told_leaves_everything_possible():
    result = category(HouseholdFacts(), FIGURES)

    assert result.candidates == (NIL, LOW, ONE, TWO)
    assert len(result.questions) == 5


def test_a_public_estimate_says_that_the_printed_figure_does_not_count():
    result = category(household(adjusted_levy_yen=None), FIGURES)

    assert "category.levy_unknown" in codes(result)
    assert any("通知書" in question for question in result.questions)


def test_the_certificate_always_wins():
    assert "category.certificate_wins" in codes(category(household(), FIGURES))


def test_amounts_come_from_the_figures():
    other = CategoryFigures(
        caps_yen={NIL: 0, LOW: 0, ONE: 1, TWO: 2}, levy_limit_yen=10, exempt_salary_yen=100
    )

    assert category(household(adjusted_levy_yen=9), other).cap_yen == 1
    assert category(household(adjusted_levy_yen=10), other).cap_yen == 2
    assert category(household(is_taxed=None, gross_salary_yen=99), other).category is LOW
    assert category(household(is_taxed=None, gross_salary_yen=100), other).category is TWO


unknown_or_bool = st.sampled_from([None, True, False])
households = st.builds(
    HouseholdFacts,
    receives_public_assistance=unknown_or_bool,
    is_taxed=unknown_or_bool,
    gross_salary_yen=st.none() | st.integers(0, 9_000_000),
    has_spouse=unknown_or_bool,
    is_spouse_taxed=unknown_or_bool,
    adjusted_levy_yen=st.none() | st.integers(0, 900_000),
    lives_in_group_home=unknown_or_bool,
    is_adult_in_facility=unknown_or_bool,
)


@given(households)
def test_every_answer_is_clear_or_asks(told):
    result = category(told, FIGURES)

    assert result.candidates
    assert result.is_clear or result.questions
    assert list(result.candidates) == sorted(result.candidates, key=list(Category).index)


@given(households, unknown_or_bool)
def test_learning_more_never_brings_back_what_was_excluded(told, answer):
    """Each fact that is filled in leaves a part of the candidates that were there."""
    before = set(category(told, FIGURES).candidates)
    if told.lives_in_group_home is None and answer is not None:
        values = {name: getattr(told, name) for name in told.__slots__}
        after = category(HouseholdFacts(**(values | {"lives_in_group_home": answer})), FIGURES)
        assert set(after.candidates) <= before


@pytest.mark.parametrize(
    ("changes", "category_found", "word"),
    [
        pytest.param(
            {"receives_public_assistance": True, "adjusted_levy_yen": 200_000}, NIL,
            "生活保護を受けていて", id="assistance-and-tax",
        ),
        pytest.param(
            {"receives_public_assistance": True, "is_taxed": False, "adjusted_levy_yen": 1}, NIL,
            "生活保護を受けていて", id="assistance-and-levy",
        ),
        pytest.param(
            {"receives_public_assistance": True, "is_taxed": False, "adjusted_levy_yen": None,
             "has_spouse": True, "is_spouse_taxed": True},
            NIL, "生活保護を受けていて", id="assistance-and-taxed-spouse",
        ),
        pytest.param({"is_taxed": False}, LOW, "50,000円", id="exempt-with-levy"),
        pytest.param(
            {"gross_salary_yen": 2_043_999}, ONE, "2,043,999円", id="taxed-below-the-salary",
        ),
        pytest.param(
            {"is_taxed": False, "adjusted_levy_yen": None, "gross_salary_yen": 2_044_000}, LOW,
            "2,044,000円", id="exempt-from-the-salary-on",
        ),
        pytest.param({"is_spouse_taxed": True}, ONE, "配偶者はいない", id="nobodys-tax"),
    ],
)  # fmt: skip
def test_facts_that_contradict_each_other_are_told_and_decide_as_before(
    changes, category_found, word
):
    result = category(household(**changes), FIGURES)

    assert result.category is category_found
    assert [word in doubt.text for doubt in result.doubts] == [True]


@pytest.mark.parametrize(
    "changes",
    [
        {}, {"is_taxed": False, "adjusted_levy_yen": 0}, {"is_taxed": None, "gross_salary_yen": 0},
        {"gross_salary_yen": 2_044_000}, {"is_taxed": False, "adjusted_levy_yen": None},
        {"is_taxed": False, "adjusted_levy_yen": None, "gross_salary_yen": 2_043_999},
        {"is_taxed": False, "has_spouse": True, "is_spouse_taxed": True},
        {"is_taxed": False, "has_spouse": True, "is_spouse_taxed": None},
        {"receives_public_assistance": True, "is_taxed": False, "adjusted_levy_yen": None},
        {"receives_public_assistance": True, "is_taxed": None, "adjusted_levy_yen": 0},
    ],
)  # fmt: skip
def test_facts_that_go_together_raise_no_doubt(changes):
    assert category(household(**changes), FIGURES).doubts == ()
