"""What a closed month would be today: every change in words, the yen by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.rules.difference import Billed, difference
from teikyaku.reasons import Reason

BILLED = Billed(
    units_by_line={"就労定着支援サービス費": 2_768, "初期加算": 900}, unit_price=Decimal("10.00"),
    cap_yen=9_300, copayment_yen=3_668, benefit_yen=33_012, municipality="新潟市北区",
    certificate_number="1234567890",
)  # fmt: skip


def test_the_same_is_no_difference():
    assert difference(BILLED, replace(BILLED)) is None


@pytest.mark.parametrize(
    ("changes", "words", "benefit", "copayment", "step"),
    [
        pytest.param(
            {"units_by_line": {"就労定着支援サービス費": 2_768}, "copayment_yen": 2_768,
             "benefit_yen": 24_912},
            "「初期加算」（900単位）が、いまはつきません", -8_100, -900,
            "受け取った3,668円のうち、本人に900円を返します",
            id="an-addition-falls-away",
        ),
        pytest.param(
            {"units_by_line": {"就労定着支援サービス費": 3_348, "初期加算": 900},
             "copayment_yen": 4_248, "benefit_yen": 38_232},
            "2,768単位から3,348単位", 5_220, 580, "引いた残りの580円を、本人に請求します", id="another-tier",
        ),
        pytest.param(
            {"cap_yen": 0, "copayment_yen": 0, "benefit_yen": 36_680},
            "負担上限月額が9,300円から0円", 3_668, -3_668, "3,668円を、本人に返します", id="another-cap",
        ),
        pytest.param(
            {"unit_price": Decimal("10.17"), "copayment_yen": 3_730, "benefit_yen": 33_573},
            "単価が10.00円から10.17円", 561, 62, "残りの62円を、本人に請求", id="another-price",
        ),
        pytest.param(
            {"municipality": "新潟市中央区"}, "新潟市北区から新潟市中央区", 0, 0, "再請求",
            id="another-payer",
        ),
        pytest.param(
            {"certificate_number": "1234567899"}, "受給者証番号が変わります", 0, 0, "再請求",
            id="another-number",
        ),
    ],
)  # fmt: skip
def test_what_differs(changes, words, benefit, copayment, step):
    found = difference(BILLED, replace(BILLED, **changes))
    assert words in "".join(found.changes)
    assert (found.benefit_yen, found.payable_yen) == (benefit, copayment)
    assert step in "".join(found.steps(kept_yen=3_668))


def test_a_month_that_could_not_be_billed_is_withdrawn_and_paid_back():
    reason = Reason("no_meeting", "面談がありませんでした。")
    found = difference(BILLED, None, [reason])
    assert found.reasons == (reason,)
    assert (found.benefit_yen, found.payable_yen) == (-33_012, -3_668)
    claim, money = found.steps(kept_yen=3_668)
    assert "取り下げます" in claim
    assert "3,668円を、本人に返します" in money


def test_what_is_only_missing_is_no_money_yet():
    found = difference(BILLED, None, [Reason("no_cap", "上限額がありません。")], is_held=True)
    assert (found.benefit_yen, found.payable_yen) == (0, 0)
    assert "まだ何も申し立てません" in found.steps(kept_yen=3_668)[0]
