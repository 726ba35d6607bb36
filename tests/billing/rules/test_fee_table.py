"""報酬表の取り込み: the lines of a sheet, and every fault at its line and column."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.queries.fee_tables import scheme
from billing.rules.fee_cells import CellError, amount_of, certainty_of, code_of, month_of
from billing.rules.fee_change import Fate, changes
from billing.rules.fee_table import codes_in, parts_of, product, read_rows
from billing.tariffs import CodeKey, packaged
from teikyaku.periods import Month
from teikyaku.reasons import Certainty

R6 = packaged()[0]
SCHEME = scheme(takes_sample_codes=True)
BOUNDS = {tier.key: tier.at_least for tier in R6.tiers}


def cells(item, amount, **more):
    return {"item": item, "amount": str(amount), **more}


def whole(**changed):
    """A whole table as R6 has it; `changed` replaces cells of lines by item or tier."""
    lines = [
        cells("基本報酬", tier.units, tier=SCHEME.tiers[tier.key], **changed.get("base", {}))
        for tier in R6.tiers
    ]
    lines += [
        cells(item.label, item.amount, certainty=item.certainty.value) for item in R6.items.values()
    ]
    return list(enumerate(lines, 2))


def faults(lines, holding=None, known=SCHEME):
    found = read_rows(lines, known, holding).faults
    return [(fault.line, fault.column, fault.reason) for fault in found]


def test_a_whole_table_is_what_the_product_computes_by():
    found = read_rows(whole(), SCHEME)
    assert found.faults == ()
    tiers, items = parts_of(found.rows, SCHEME, BOUNDS)
    assert tiers == R6.tiers
    assert list(items) == list(R6.items)
    assert {key: item.amount for key, item in items.items()} == {
        key: item.amount for key, item in R6.items.items()
    }


@pytest.mark.parametrize(
    ("item", "key"),
    [("初期加算", "initial"), ("initial", "initial"), ("ｉｎｉｔｉａｌ", "initial"), (" 初 期加算 ", "initial"),
     ("地域連携会議実施加算(Ⅰ)", "network_1"), ("個別支援計画未作成減算（2ヶ月目まで）", "no_support_plan"),
     ("個別支援計画未作成減算（２カ月目まで）", "no_support_plan")],
)  # fmt: skip
def test_items_are_read_by_label_and_key_in_any_width(item, key):
    amount = R6.items[key].amount
    (row,) = read_rows([(2, cells(item, amount))], SCHEME, R6).rows
    assert row.item == key


@pytest.mark.parametrize(
    "tier", ["80", "８０％以上９０％未満", "80%以上90%未満", "80％以上", "80 %"]
)
def test_tiers_are_read_in_their_spellings(tier):
    (row,) = read_rows([(2, cells("基本報酬", "2,768単位", tier=tier))], SCHEME, R6).rows
    assert (row.tier, row.amount) == ("80", Decimal(2768))


@pytest.mark.parametrize(
    ("cell", "column", "words"),
    [
        (cells("初期加算金", 900), "項目", "「初期加算」のことでしょうか"),
        (cells("", 900), "項目", "名前を入れて"),
        (cells("初期加算", "九百"), "単位数・率", "数字ではありません"),
        (cells("初期加算", ""), "単位数・率", "1か月の単位数（例：2768）を入れて"),
        (cells("初期加算", "x"), "単位数・率", "数字ではありません。1か月の単位数"),
        (cells("福祉・介護職員等処遇改善加算（Ⅰ）", "x"), "単位数・率", "％の数（例：10.3）"),
        (cells("個別支援計画未作成減算（2か月目まで）", "x"), "単位数・率", "かける倍率（例：0.7）"),
        (cells("初期加算", "900.5"), "単位数・率", "整数"),
        (cells("初期加算", "NaN"), "単位数・率", "数字ではありません"),
        (cells("初期加算", "10000"), "単位数・率", "9,999"),
        (cells("基本報酬", 0, tier="80"), "単位数・率", "1から"),
        (cells("基本報酬", 2768), "就労定着率の区分", "区分が要ります"),
        (cells("基本報酬", 2768, tier="85"), "就労定着率の区分", "どれか"),
        (cells("基本報酬", 2768, tier="80", first_month="2024-06"), "最初の月", "空欄"),
        (cells("福祉・介護職員等処遇改善加算（Ⅰ）", "10.33"), "単位数・率", "1桁"),
        (cells("福祉・介護職員等処遇改善加算（Ⅰ）", "0.103"), "単位数・率", "10.3％なら"),
        (cells("福祉・介護職員等処遇改善加算（Ⅰ）", "101"), "単位数・率", "100まで"),
        (cells("個別支援計画未作成減算（2か月目まで）", "70"), "単位数・率", "倍率"),
        (cells("個別支援計画未作成減算（2か月目まで）", "0.7", code="471234"), "サービスコード",
         "基本報酬の行のコード"),
        (cells("個別支援計画未作成減算（2か月目まで）", "0.7", tier="80"), "就労定着率の区分", "一つ"),
        (cells("初期加算", 900, code="461234"), "サービスコード", "47で始まる"),
        (cells("初期加算", 900, code="47123"), "サービスコード", "6文字"),
        (cells("初期加算", 900, factors="no_manager"), "かける減算", "基本報酬の行にだけ"),
        (cells("基本報酬", 2768, tier="80", factors="初期加算"), "かける減算", "倍率ではありません"),
        (cells("基本報酬", 2768, tier="80", factors="no_manager、no_manager"), "かける減算", "二つ"),
        (cells("初期加算", 900, kind="減算"), "種類", "「加算」です"),
        (cells("初期加算", 900, kind="なにか"), "種類", "どれか"),
        (cells("初期加算", 900, certainty="A"), "確かさ", "未確認"),
        (cells("初期加算", 900, first_month="6月"), "最初の月", "月として読めません"),
        (cells("初期加算", 900, label="あ" * 81), "表示する名前", "80文字"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_at_its_line_and_column(cell, column, words):
    ((line, where, reason),) = faults([(7, cell)], R6)
    assert (line, where) == (7, column)
    assert words in reason


def test_a_line_tells_everything_that_is_wrong_in_it():
    found = faults([(3, cells("初期加算", "x", code="1", certainty="A"))], R6)
    assert [column for _line, column, _reason in found] == [
        "サービスコード",
        "単位数・率",
        "確かさ",
    ]


def test_a_table_needs_a_base_for_every_tier_and_what_is_always_applied():
    lines = [line for line in whole() if line[1].get("tier") not in (SCHEME.tiers["70"],)]
    ((_line, column, reason),) = faults(lines)
    assert (column, "70％以上80％未満" in reason) == ("就労定着率の区分", True)
    lines = [line for line in whole() if line[1]["item"] != "初期加算"]
    ((_line, column, reason),) = faults(lines)
    assert (column, "初期加算" in reason) == ("項目", True)


def test_no_line_comes_twice_and_no_code_for_two():
    twice = [(2, cells("初期加算", 900, code="471111")), (3, cells("initial", 900, code="471111"))]
    assert faults(twice, R6) == [(3, "項目", "2行目と同じ項目です。")]
    two_codes = [
        (2, cells("初期加算", 900, code="471111")),
        (3, cells("initial", 900, code="471112")),
    ]
    ((_line, column, reason),) = faults(two_codes, R6)
    assert (column, "コードが二つ" in reason) == ("サービスコード", True)
    shared = [
        (2, cells("初期加算", 900, code="47 11ａ1")),
        (3, cells("特別地域加算", 240, code="4711A1")),
    ]
    ((line, column, reason),) = faults(shared, R6)
    assert (line, column) == (3, "サービスコード")
    assert "2行目の「初期加算」と同じコード" in reason


def test_a_base_with_factors_is_their_rounded_product_one_after_another():
    # docs/rules.md §5: 587 × 0.70 = 410.9 → 411; here 2,768 × 0.7 = 1,937.6 → 1,938 → × 0.5 = 969.
    both = "個別支援計画未作成減算（2か月目まで）、サービス管理責任者欠如減算（5か月目から）"
    right = cells("基本報酬", 969, tier="80", factors=both, code="47AA01")
    (row,) = read_rows([(2, right)], SCHEME, R6).rows
    assert row.key == CodeKey("base", "80", ("no_support_plan", "no_manager_long"))
    ((line, column, reason),) = faults([(2, right | {"amount": "968"})], R6)
    assert (line, column) == (2, "単位数・率")
    assert "2,768 × 0.7 × 0.5 は 969単位ですが、968単位と書かれています。" in reason
    assert product(587, [Decimal("0.7")]) == 411
    assert product(411, [Decimal("1.5")]) == 617


def test_the_order_of_the_factors_is_that_of_the_calculation():
    turned = "no_manager_long＋no_support_plan"
    (row,) = read_rows([(2, cells("base", 969, tier="80", factors=turned))], SCHEME, R6).rows
    assert row.factors == ("no_support_plan", "no_manager_long")


def test_a_table_with_a_factor_row_missing_says_so():
    lines = [line for line in whole() if "サービス管理責任者欠如減算（4か" not in line[1]["item"]]
    lines.append((90, cells("基本報酬", 1938, tier="80", factors="no_manager")))
    ((line, column, reason),) = faults(lines)
    assert (line, column) == (90, "かける減算")
    assert "倍率の行がありません" in reason


def test_an_item_by_tier_has_one_amount():
    lines = [
        *whole(),
        (80, cells("no_public_report", 5, tier="80")),
        (81, cells("no_public_report", 4, tier="70")),
    ]
    ((line, column, reason),) = faults(lines)
    assert (line, column) == (81, "単位数・率")
    assert "5％" in reason


def test_codes_alone_change_no_amount_and_add_no_item():
    ((line, column, reason),) = faults([(4, cells("初期加算", 901, code="471234"))], R6)
    assert (line, column) == (4, "単位数・率")
    assert "900単位" in reason
    ((_l, _c, reason),) = faults([(4, cells("基本報酬", 2769, tier="80"))], R6)
    assert "2,768単位" in reason
    without = replace(R6, items={k: v for k, v in R6.items.items() if k != "special_area"})
    ((_l, column, reason),) = faults([(4, cells("特別地域加算", 240))], without)
    assert (column, "足せません" in reason) == ("項目", True)


def test_made_up_codes_are_taken_where_they_may_be_alone():
    line = [(2, cells("初期加算", 900, code="ZZ0001"))]
    assert read_rows(line, SCHEME, R6).rows[0].code == "ZZ0001"
    ((_line, column, reason),) = faults(line, R6, scheme())
    assert (column, "見本のコード" in reason) == ("サービスコード", True)


def test_cells_by_themselves():
    assert code_of("４７ａｂｃ１", takes_samples=False) == "47ABC1"
    assert code_of("", takes_samples=False) == ""
    assert amount_of("１０．３％", "percent_addition") == Decimal("10.3")
    assert amount_of("×0.7", "factor") == Decimal("0.7")
    assert amount_of("3,512 単位", "base") == 3512
    assert certainty_of("") == certainty_of("？") == Certainty.UNKNOWN
    assert certainty_of("国の告示・Q&A") == certainty_of("ｓ") == Certainty.SOURCE
    for typed in ("令和6年6月", "R6.6", "2024/06", "2024-06-01", "２０２４年６月"):
        assert month_of(typed) == Month(2024, 6), typed
    assert month_of(" ") is None
    with pytest.raises(CellError):
        month_of("2024-06-15")


def test_an_item_of_later_months_keeps_its_first_month():
    lines = [
        (n, c | {"first_month": "令和6年6月"} if "改善" in c["item"] else c) for n, c in whole()
    ]
    _tiers, items = parts_of(read_rows(lines, SCHEME).rows, SCHEME, BOUNDS)
    assert items["treatment_1"].first_month == Month(2024, 6)
    assert items["initial"].first_month is None


def test_what_an_import_changes_is_told_line_by_line():
    lines = [line for line in whole() if line[1]["item"] != "特別地域加算"]
    lines[0][1]["amount"] = "3600"
    lines[7][1]["code"] = "471234"
    coded = replace(R6, codes={CodeKey("initial"): "479999"})
    found = changes(read_rows(lines, SCHEME).rows, coded, SCHEME)
    fates = {each.name: each for each in found}
    first = fates["就労定着支援サービス費（95％以上）"]
    assert (first.fate, first.was_amount, first.amount) == (Fate.CHANGED, "3,512単位", "3,600単位")
    initial = fates["初期加算"]
    assert (initial.fate, initial.was_code, initial.code) == (Fate.CHANGED, "479999", "471234")
    assert fates["特別地域加算"].fate == Fate.ENDING
    assert fates["職場適応援助者養成研修修了者配置体制加算"].fate == Fate.SAME
    everything = changes(read_rows(lines, SCHEME).rows, None, SCHEME)
    assert {each.fate for each in everything} == {Fate.NEW}


def test_codes_alone_end_nothing():
    rows = read_rows([(2, cells("初期加算", 900, code="471234"))], SCHEME, R6).rows
    assert codes_in(rows) == {CodeKey("initial"): "471234"}
    (only,) = changes(rows, R6, SCHEME, codes_only=True)
    assert (only.fate, only.code) == (Fate.NEW, "471234")
    coded = replace(R6, codes={CodeKey("initial"): "479999"})
    (only,) = changes(rows, coded, SCHEME, codes_only=True)
    assert (only.fate, only.was_code) == (Fate.CHANGED, "479999")
