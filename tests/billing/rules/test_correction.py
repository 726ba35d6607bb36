"""Pure: what a correction compares, when a petition is needed, and what the paper says."""

from __future__ import annotations

from decimal import Decimal

import pytest

from billing.rules.correction import LineRow, compared, needs_petition, paper_words
from billing.rules.difference import Billed
from billing.rules.payment import Balance, refund_refusal
from tests.billing.rules.test_payment import ISSUED


def billed(copayment=100, benefit=900, **units):
    return Billed(units, Decimal(10), 9_300, copayment, benefit, "中央区", "1234567890")


def test_every_line_of_either_side_stands_with_its_difference():
    rows = compared(
        billed(base=100, gone=20), billed(copayment=120, benefit=1_080, base=100, new=5)
    )
    assert [(row.label, row.before, row.after, row.change) for row in rows] == [
        ("base", 100, 100, 0), ("gone", 20, None, -20), ("new", None, 5, 5),
        ("単位数の合計", 120, 105, -15), ("総費用額", 1_000, 1_200, 200),
        ("利用者負担額", 100, 120, 20), ("給付費", 900, 1_080, 180),
    ]  # fmt: skip


def test_a_month_that_comes_to_nothing():
    assert [row.change for row in compared(billed(base=100), None)][-3:] == [-1_000, -100, -900]


C, N, P = LineRow(True), LineRow(False), LineRow(False, is_petitioned=True)
CP = LineRow(True, is_petitioned=True)


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        pytest.param([C, N], True, id="claimed, then corrected"),
        pytest.param([N, N], False, id="never claimed, or returned"),
        pytest.param([C, P], False, id="asked for"),
        pytest.param([C, CP], False, id="asked for and claimed anew"),
        pytest.param([C, N, N], True, id="corrected twice, never asked for"),
        pytest.param([C, P, N], False, id="asked for before the second correction"),
        pytest.param([C, CP, N], True, id="the new claim is wrong too"),
        pytest.param([C, CP, P], False, id="and asked for again"),
        pytest.param([C], False, id="not corrected"),
    ],
)
def test_whether_the_municipality_is_to_be_asked(line, needed):
    assert needs_petition(line) is needed


@pytest.mark.parametrize(
    ("before", "after", "kept", "words"),
    [
        (2_768, 3_512, 0, ("744円 増えました", "前の請求書は使わず")),
        (2_768, 3_512, 2_768, ("744円 増えました", "残りの744円をお支払いください")),
        (2_768, 1_690, 2_768, ("1,078円 減りました", "1,078円をお返しします")),
        (2_768, 2_768, 2_768, ("前の請求書と同じ", "新しいお支払いはありません")),
        (2_768, 0, 0, ("2,768円 減りました",)),
    ],
)
def test_the_person_reads_the_difference(before, after, kept, words):
    found = "".join(paper_words(before, after, kept, is_withdrawn=False))
    assert all(each in found for each in words), found
    assert ("お支払いください" in found) is (after > kept)


def test_a_withdrawn_month_in_words():
    found = "".join(paper_words(2_768, 0, 2_768, is_withdrawn=True))
    assert "取りやめました" in found
    assert "2,768円をお返しします" in found


def test_money_back_is_never_more_than_is_over():
    over = Balance(1_000, 3_000, 500)
    assert (over.over_yen, over.open_yen) == (1_500, 0)
    assert refund_refusal(over, 1_500, ISSUED, ISSUED) is None
    assert refund_refusal(over, 1_501, ISSUED, ISSUED)[0] == "amount_yen"
    assert refund_refusal(Balance(1_000, 1_000), 1, ISSUED, ISSUED)[0] == ""
    assert refund_refusal(over, 0, ISSUED, ISSUED)[0] == "amount_yen"
