"""What goes back and what is asked for anew, by what came: the sums by hand."""

import pytest

from billing.rules.correction import paper_words
from billing.rules.settlement import Settlement

# What was asked for, what is asked for now, what came → to give back, still to pay, what is said.
TABLE = [
    pytest.param(2_426, 0, 0, 0, 0, ["0円で出し直します", "返すお金はありません"], id="unpaid"),
    pytest.param(2_426, 0, 2_426, 2_426, 0, ["2,426円を、本人に返します"], id="paid"),
    pytest.param(2_426, 0, 1_000, 1_000, 0, ["1,000円を、本人に返します"], id="a-part-paid"),
    pytest.param(2_426, 1_500, 0, 0, 1_500, ["1,500円で出し直し", "返すお金はありません"], id="less"),
    pytest.param(2_426, 1_500, 2_000, 500, 0, ["本人に500円を返します"], id="less-than-came"),
    pytest.param(2_426, 1_500, 1_000, 0, 500, ["残りの500円"], id="less-but-more-than-came"),
    pytest.param(2_426, 1_500, 1_500, 0, 0, ["返すお金も残りもありません"], id="what-came"),
    pytest.param(2_426, 3_000, 0, 0, 3_000, ["3,000円で出し直します"], id="more-of-unpaid"),
    pytest.param(2_426, 3_000, 2_426, 0, 574, ["残りの574円"], id="more-of-paid"),
    pytest.param(0, 900, 0, 0, 900, ["900円の請求書を出します"], id="asked-for-the-first-time"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "kept", "back", "rest", "words"), TABLE)
def test_what_is_to_be_done_hangs_on_what_came(before, after, kept, back, rest, words):
    found = Settlement(before, after, kept)
    assert (found.back_yen, found.rest_yen) == (back, rest)
    for each in words:
        assert each in found.office_words
    assert ("返します" in found.office_words) is (back > 0)


@pytest.mark.parametrize(("before", "after", "kept", "back", "rest", "words"), TABLE)
def test_the_paper_for_the_person_says_the_same_sums(before, after, kept, back, rest, words):
    paper = "".join(paper_words(before, after, kept, is_withdrawn=False))
    assert ("お返しします" in paper) is (back > 0)
    if back:
        assert f"{back:,}円をお返しします" in paper
    if kept and rest:
        assert f"残りの{rest:,}円をお支払いください" in paper


def test_the_same_sum_is_nothing_to_do():
    assert Settlement(2_426, 2_426, 1_000).office_words == ""
