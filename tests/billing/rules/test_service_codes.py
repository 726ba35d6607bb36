"""サービスコード: which line has which, what is missing, and which months have a table at all."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from billing.calculation import month_lines
from billing.queries.fee_tables import TIER_WORDS
from billing.queries.service_codes import MonthCodes
from billing.rules.fee_months import (
    CodeState,
    NotOneTable,
    holding,
    lowest,
    spans,
    told,
    with_table,
)
from billing.rules.service_codes import base_key, code_for, missing, needed
from billing.tariffs import (
    CodeKey,
    CodeSet,
    Confirmation,
    FeeTables,
    NoTariff,
    TwoTariffs,
    packaged,
    tariff_for,
)
from teikyaku.periods import Month
from teikyaku.reasons import Certainty

R6 = packaged()[0]
MAY, JUNE = Month(2026, 5), Month(2026, 6)
CODES = {
    CodeKey("base", "80"): "ZZ0001",
    CodeKey("base", "80", ("no_support_plan",)): "ZZ0002",
    CodeKey("initial"): "ZZ0003",
    CodeKey("no_public_report", "80"): "ZZ0004",
}
CODED = replace(R6, codes=CODES)
NEXT = replace(
    R6, name="R8", title="令和8年度", first_month=JUNE, last_month=Month(2027, 3), imported_as=None
)


@pytest.mark.parametrize(
    ("items", "key"),
    [
        ((), CodeKey("base", "80")),
        (("no_support_plan",), CodeKey("base", "80", ("no_support_plan",))),
        (("no_manager_long",), CodeKey("base", "80", ("no_manager_long",))),
        (("no_manager", "no_support_plan_long"),
         CodeKey("base", "80", ("no_support_plan_long", "no_manager"))),
    ],
)  # fmt: skip
def test_a_base_line_tells_its_tier_and_factors(items, key):
    base = month_lines(MAY, R6, "80", items)[0]
    assert base_key(R6, base) == key


def test_every_tier_is_told_apart_with_every_factor():
    factors = [key for key, item in R6.items.items() if item.kind == "factor"]
    for tier in R6.tiers:
        for keys in [(), *((key,) for key in factors)]:
            base = month_lines(MAY, R6, tier.key, keys)[0]
            assert base_key(R6, base) == CodeKey("base", tier.key, keys)


def test_a_line_that_no_table_explains_has_no_key():
    base = month_lines(MAY, R6, "80", ())[0]
    assert base_key(R6, replace(base, units=2769)) is None
    assert base_key(R6, replace(base, label="ほかの名前")) is None


def test_codes_of_one_persons_lines_and_what_they_lack():
    month = MonthCodes(MAY, CODED, CODED.codes, ())
    lines = month_lines(MAY, CODED, "80", ("initial", "no_public_report", "treatment_3"))
    assert month.of(lines) == ("ZZ0001", "ZZ0004", "ZZ0003", "")
    assert month.missing_of(lines) == ("福祉・介護職員等処遇改善加算（Ⅲ）（80％以上90％未満）",)
    other = month_lines(MAY, CODED, "70", ())
    assert month.missing_of(other) == ("就労定着支援サービス費（70％以上80％未満）",)
    odd = SimpleNamespace(kind="base", label="知らない行", units=1)
    assert month.missing_of([odd]) == ("知らない行",)


def test_a_base_with_factors_has_no_code_but_its_own():
    assert code_for(CODES, CodeKey("base", "80", ("no_manager",))) == ""
    assert code_for(CODES, CodeKey("initial", "80")) == "ZZ0003"
    assert code_for(CODES, CodeKey("no_public_report", "70")) == ""


def test_what_a_month_lacks_is_named():
    names = [each.name for each in missing(R6, MAY, TIER_WORDS)]
    assert len(names) == len(needed(R6, MAY)) == 7 * 7 + 15
    assert "就労定着支援サービス費（95％以上）" in names
    assert "就労定着支援サービス費（30％未満・個別支援計画未作成減算（2か月目まで））" in names
    assert "福祉・介護職員等処遇改善加算（Ⅰ）" in names
    # Before June 2024 there was no such addition, and nothing lacks its code.
    early = [each.name for each in missing(R6, Month(2024, 5), TIER_WORDS)]
    assert "福祉・介護職員等処遇改善加算（Ⅰ）" not in early
    by_tier = {CodeKey("initial", tier.key): f"ZZ1{tier.key}0" for tier in R6.tiers}
    coded = replace(R6, codes=by_tier)
    assert "初期加算" not in [each.name for each in missing(coded, MAY, TIER_WORDS)]


def test_codes_hold_in_their_months_and_follow_a_confirmation():
    goes_on = Confirmation("R6", JUNE, None, "市の回答")
    codes = CodeSet("R6", MAY, JUNE, CODES, is_sample=True)
    tables = FeeTables((R6,), (goes_on,), (codes,))
    assert tables.of(Month(2026, 4)).codes == {}
    assert not tables.of(Month(2026, 4)).has_sample_codes
    for month in (MAY, JUNE):
        assert tables.of(month).codes == CODES
        assert tables.of(month).has_sample_codes
    assert tables.of(JUNE).source == "市の回答"
    assert tables.of(Month(2026, 7)).codes == {}
    # Codes of another table are not taken for this one.
    assert tariff_for(MAY, codes=[replace(codes, tariff="R8")]).codes == {}


def test_a_code_by_itself_comes_before_the_one_of_the_table():
    later = CodeSet("R6", MAY, MAY, {CodeKey("initial"): "471234"})
    found = FeeTables((CODED,), (), (later,)).of(MAY)
    assert found.codes[CodeKey("initial")] == "471234"
    assert found.codes[CodeKey("base", "80")] == "ZZ0001"


def test_months_with_their_table_are_told_together():
    all_codes = {key: f"47{n:04d}" for n, key in enumerate(needed(NEXT, JUNE))}
    tables = FeeTables((R6, replace(NEXT, codes=all_codes)), (), (CodeSet("R6", MAY, MAY, CODES),))
    found = spans(tables, Month(2026, 3), Month(2027, 5), TIER_WORDS)
    assert [(each.first, each.last, each.code_state) for each in found] == [
        (Month(2026, 3), Month(2026, 4), CodeState.NONE),
        (MAY, MAY, CodeState.SOME),
        (JUNE, Month(2027, 3), CodeState.ALL),
        (Month(2027, 4), Month(2027, 5), CodeState.NONE),
    ]
    assert found[-1].problem == "報酬表がありません。"
    assert tables.named("R8") is not None
    assert tables.last.name == "R8"


def test_two_tables_are_a_fault_that_names_the_month():
    tables = FeeTables((R6, replace(NEXT, first_month=MAY)))
    with pytest.raises(TwoTariffs, match="2026年5月"):
        tables.of(MAY)
    assert spans(tables, MAY, MAY, TIER_WORDS)[0].problem == "報酬表が二つあります。"
    with pytest.raises(NoTariff, match="2027年4月"):
        tables.of(Month(2027, 4))


def test_a_confirmation_of_a_sample_stays_one():
    sample = replace(NEXT, is_sample=True)
    found = tariff_for(Month(2027, 4), [sample], [Confirmation("R8", Month(2027, 4), None, "x")])
    assert found.is_sample


def test_codes_need_one_table_in_every_month():
    tables = FeeTables((R6, NEXT))
    assert holding(tables, Month(2026, 4), MAY).name == "R6"
    with pytest.raises(NotOneTable, match="2026年6月から報酬表が変わります"):
        holding(tables, MAY, JUNE)
    with pytest.raises(NotOneTable, match="2027年4月の報酬表がありません"):
        holding(tables, Month(2027, 3), Month(2027, 4))
    assert with_table(tables, Month(2027, 2), Month(2027, 5)) == [Month(2027, 2), Month(2027, 3)]


def test_months_in_words_and_the_least_sure():
    months = [JUNE, JUNE + 1, JUNE + 2, JUNE + 4]
    assert told(months) == "2026年6月〜2026年8月、2026年10月"
    assert lowest([Certainty.SOURCE, Certainty.PRACTICE]) == Certainty.PRACTICE
    assert lowest([]) == Certainty.UNKNOWN
