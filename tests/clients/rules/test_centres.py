"""相談先: the centres by area, and never a blank (docs/rules.md §1)."""

import pytest

from clients.rules.centres import centres_for, lives_in_life_up_area
from clients.rules.kinds import CentreKind

CORE, LIFE, OTHER, COACH = (
    CentreKind.CORE_SUPPORT,
    CentreKind.LIFE_UP,
    CentreKind.OTHER_AREA,
    CentreKind.JOB_COACH,
)


@pytest.mark.parametrize(
    ("lives_in", "works", "wants", "kinds"),
    [
        pytest.param("新潟市中央区", True, None, (CORE, LIFE, COACH), id="lives-and-works"),
        pytest.param("新潟市", False, False, (LIFE, COACH), id="lives-there-works-elsewhere"),
        pytest.param("新潟市", False, True, (CORE, LIFE, COACH), id="wants-to-work-there"),
        pytest.param("五泉市", False, False, (LIFE, COACH), id="gosen"),
        pytest.param("阿賀野市", True, None, (CORE, LIFE, COACH), id="agano-works-in-niigata"),
        pytest.param("阿賀町", None, None, (LIFE, COACH), id="aga-job-unknown"),
        pytest.param("長岡市", True, None, (CORE, COACH), id="nagaoka-works-in-niigata"),
        pytest.param("長岡市", False, True, (CORE, COACH), id="nagaoka-wants-niigata"),
        pytest.param("長岡市", False, False, (OTHER, COACH), id="fits-neither"),
        pytest.param("", None, None, (CORE, LIFE, OTHER, COACH), id="nothing-known"),
        pytest.param("", False, False, (LIFE, OTHER, COACH), id="only-the-home-unknown"),
        pytest.param("長岡市", None, None, (CORE, OTHER, COACH), id="only-the-work-unknown"),
        pytest.param("長岡市", False, None, (CORE, OTHER, COACH), id="only-the-wish-unknown"),
        pytest.param("", True, None, (CORE, COACH), id="only-the-job-known"),
    ],
)
def test_who_is_sent_where(lives_in, works, wants, kinds):
    assert centres_for(lives_in, works, wants).kinds == kinds


@pytest.mark.parametrize(
    ("place", "is_inside"),
    [
        pytest.param("新潟市", True, id="city"),
        pytest.param("新潟県新潟市西蒲区", True, id="with-prefecture"),
        pytest.param("新潟市 東区", True, id="with-blank"),
        pytest.param("東蒲原郡阿賀町", True, id="with-county"),
        pytest.param("新潟県東蒲原郡阿賀町", True, id="with-both"),
        pytest.param("151001", True, id="number-of-the-city"),
        pytest.param("15100", True, id="number-without-check-digit"),
        pytest.param("151084", True, id="number-of-the-last-ward"),
        pytest.param("151092", False, id="number-after-the-last-ward"),
        pytest.param("15218", True, id="number-of-gosen"),
        pytest.param("15223", True, id="number-of-agano"),
        pytest.param("15385", True, id="number-of-aga"),
        pytest.param("15202", False, id="number-of-another-city"),
        pytest.param("１５１００１", True, id="full-width-number"),
        pytest.param("新発田市", False, id="neighbour"),
        pytest.param("中央区", None, id="ward-of-which-city"),
        pytest.param("  ", None, id="blank"),
    ],
)
def test_area_of_life_up(place, is_inside):
    assert lives_in_life_up_area(place) is is_inside


@pytest.mark.parametrize(
    ("lives_in", "works", "wants", "count"),
    [
        pytest.param("", None, None, 2, id="nothing-known"),
        pytest.param("新潟市", None, None, 1, id="job-unknown"),
        pytest.param("新潟市", False, None, 1, id="wish-unknown"),
        pytest.param("新潟市", True, None, 0, id="works-there"),
        pytest.param("長岡市", False, False, 0, id="all-known"),
    ],
)
def test_only_what_is_not_known_is_asked(lives_in, works, wants, count):
    assert len(centres_for(lives_in, works, wants).questions) == count


def test_every_referral_says_why_and_how_and_only_the_job_coach_is_an_addition():
    for referral in centres_for("新潟市", True).referrals:
        assert referral.name
        assert referral.how
        assert referral.reason.text
        assert referral.is_addition is (referral.kind is COACH)


def test_another_area_is_certain_only_where_nothing_is_open():
    certain = centres_for("長岡市", False, False).referrals[0]
    open_ = centres_for().referrals[2]

    assert "区域の外のため" in certain.reason.text
    assert "ほかの地域のときは" in open_.reason.text


def test_a_centre_that_may_fit_says_whom_it_is_for():
    core, life = centres_for().referrals[:2]

    assert core.reason.text == "新潟市内で働いている、または働くことを目指している方の相談先です。"
    assert "お住まいの方の相談先" in life.reason.text
