"""Month by month what is paid, at the borders, through the public form: each figure counted by hand.

docs/rules.md §5: July of year Y to June of Y+1 follows the tax of Y, the income of Y−1. A tenth of
1,074 to 3,512 units at 10 yen is 1,074 to 3,512 yen, below both caps.
"""

from datetime import date

import pytest

from clients.rules.kinds import Category
from teikyaku.desk.guide.answers import cost_answer
from teikyaku.desk.guide.forms import CostForm
from teikyaku.periods import Month
from tests.guide.test_guide import _on_a_day, ask, plain

pytestmark = pytest.mark.django_db
__all__ = ["_on_a_day"]
ON = date(2026, 11, 26)
ALONE = {
    "receives_public_assistance": "no", "is_taxed": "no", "has_spouse": "no",
    "lives_in_group_home": "no",
}  # fmt: skip
FREE = "free"
PAID = "paid"
BOTH = "free or paid"
PAYS = {FREE: (0, 0), PAID: (1074, 3512), BOTH: (0, 3512)}
ONE, TWO, LOW = Category.GENERAL_1.label, Category.GENERAL_2.label, Category.LOW_INCOME.label


def cost(on=ON, **told):
    form = CostForm({**ALONE, **told}, month=Month.of(on))
    assert form.is_valid(), form.errors
    return cost_answer(form.cleaned_data, on)


@pytest.mark.parametrize(
    ("on", "told", "first", "count", "then"),
    [
        pytest.param(ON, {"next_salary_yen": "2043999"}, FREE, 12, None, id="a-yen-below"),
        pytest.param(ON, {"next_salary_yen": "2044000"}, FREE, 8, PAID, id="at-the-limit"),
        pytest.param(ON, {"next_salary_yen": "0"}, FREE, 12, None, id="no-salary"),
        pytest.param(ON, {}, FREE, 8, BOTH, id="next-salary-unknown"),
        pytest.param(date(2026, 6, 30), {"next_salary_yen": "2044000"}, FREE, 1, PAID, id="june"),
        pytest.param(date(2026, 7, 1), {"next_salary_yen": "2044000"}, FREE, 12, None, id="july"),
        pytest.param(date(2027, 1, 1), {"next_salary_yen": "2044000"}, FREE, 6, PAID, id="january"),
        pytest.param(ON, {"is_taxed": "yes", "next_salary_yen": "0"}, PAID, 8, FREE,
                     id="less-earned-this-year"),
        pytest.param(ON, {"is_taxed": "", "last_salary_yen": "2043999", "next_salary_yen": "0"},
                     FREE, 12, None, id="by-last-salary-below"),
        pytest.param(ON, {"is_taxed": "", "last_salary_yen": "2044000", "next_salary_yen": "0"},
                     PAID, 8, FREE, id="by-last-salary-at-the-limit"),
        pytest.param(ON, {"has_spouse": "yes", "is_spouse_taxed": "yes"}, PAID, 12, None,
                     id="spouse-taxed"),
        pytest.param(ON, {"has_spouse": "yes", "next_salary_yen": "0"}, BOTH, 12, None,
                     id="spouse-unknown"),
        pytest.param(ON, {"has_spouse": "yes", "is_taxed": "yes", "next_salary_yen": "2044000"},
                     PAID, 12, None, id="one-taxed-is-enough"),
        pytest.param(ON, {"has_spouse": "yes", "is_spouse_taxed": "no", "next_salary_yen": "0"},
                     FREE, 12, None, id="nobody-taxed"),
        pytest.param(ON, {"receives_public_assistance": "yes", "is_taxed": "yes"}, FREE, 12, None,
                     id="assistance-before-tax"),
        pytest.param(ON, {"receives_public_assistance": "", "is_taxed": "yes",
                          "next_salary_yen": "2044000"}, BOTH, 12, None, id="assistance-unknown"),
    ],
)  # fmt: skip
def test_what_is_paid(on, told, first, count, then):
    months = cost(on, **told).months

    assert months[0].month == Month.of(on)
    assert [(row.pay.low_yen, row.pay.high_yen) for row in months] == [PAYS[first]] * count + [
        PAYS[then or first]
    ] * (12 - count)


@pytest.mark.parametrize(
    ("told", "now", "caps_yen", "from_july"),
    [
        pytest.param({"is_taxed": "yes", "lives_in_group_home": "yes"}, (TWO,), (37_200,), (TWO,),
                     id="group-home"),
        pytest.param({"lives_in_group_home": "yes"}, (LOW,), (0,), (TWO,), id="group-home-untaxed"),
        pytest.param({"is_taxed": "yes", "adjusted_levy_yen": "159999"}, (ONE,), (9_300,),
                     (ONE, TWO), id="levy-below"),
        pytest.param({"is_taxed": "yes", "adjusted_levy_yen": "160000"}, (TWO,), (37_200,),
                     (ONE, TWO), id="levy-at-the-limit"),
        pytest.param({"is_taxed": "yes", "adjusted_levy_yen": "159999", "lives_in_group_home": ""},
                     (ONE, TWO), (9_300, 37_200), (ONE, TWO), id="levy-below-home-unknown"),
        pytest.param({"is_taxed": "yes", "adjusted_levy_yen": "160000", "lives_in_group_home": ""},
                     (TWO,), (37_200,), (ONE, TWO), id="levy-above-wherever-one-lives"),
    ],
)  # fmt: skip
def test_category_and_cap(told, now, caps_yen, from_july):
    months = cost(**told, next_salary_yen="2044000").months

    assert {(row.categories, row.caps_yen) for row in months[:8]} == {(now, caps_yen)}
    assert {row.categories for row in months[8:]} == {from_july}


@pytest.mark.parametrize(
    ("on", "is_asked"),
    [
        pytest.param(date(2026, 6, 30), True, id="june"),
        pytest.param(date(2026, 7, 1), False, id="july"),
        pytest.param(date(2026, 8, 1), True, id="august"),
    ],
)
def test_the_salary_of_this_year_is_asked_where_it_decides_a_month(on, is_asked):
    form = CostForm(month=Month.of(on))

    assert ("next_salary_yen" in form.fields) is is_asked
    assert ("next_salary_yen" in str(form)) is is_asked


@pytest.mark.parametrize(
    ("told", "most_yen"),
    [
        # 3,512 + 300 + 120 + 579 + 240 + 150 = 4,901 units, 10.3 % on top 505: 5,406 yen a month;
        # with 900 in the first 5,801 + 598: 6,399 yen.
        pytest.param({"next_salary_yen": "0"}, 0, id="nothing"),
        pytest.param({"next_salary_yen": "2044000"}, 3 * 5406 + 6399, id="from-july"),
        pytest.param({"is_taxed": "yes", "next_salary_yen": "2044000"}, 11 * 5406 + 6399, id="all"),
    ],
)
def test_the_addition_of_the_first_month_is_had_once_a_year(told, most_yen):
    found = cost(**told)

    assert found.year.most_yen == most_yen
    assert found.most_in_a_month_yen == (6399 if most_yen else 0)


def test_a_notice_of_a_designated_city_is_never_compared():
    assert "通知書の額" in plain(ask("guide_cost", {**ALONE, "is_taxed": "yes"}))


def test_whose_household_it_is_and_what_shares_the_cap_is_said():
    paid = plain(ask("guide_cost", {**ALONE, "is_taxed": "yes"}))
    free = plain(ask("guide_cost", {**ALONE, "next_salary_yen": "0"}))

    assert "未成年の人は、窓口で聞いてください" in paid
    assert "ほかの障害福祉サービスの分も合わせて" in paid
    assert "ほかの障害福祉サービスの分も合わせて" not in free


def test_too_many_digits_are_too_large_and_stay_as_typed():
    typed = "9" * 10_000
    answer = ask("guide_cost", {**ALONE, "next_salary_yen": typed})

    assert answer.status_code == 422
    assert "99,999,999円まで" in plain(answer)
    assert "円の数字だけ" not in plain(answer)
    assert f'value="{typed}"' in answer.content.decode()
