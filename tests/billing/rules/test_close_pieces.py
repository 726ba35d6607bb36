"""Offices that serve one person stay together when several processes close a month."""

import pytest

from billing.rules.close_pieces import pieces_of


@pytest.mark.parametrize(
    ("offices", "shared", "size", "pieces"),
    [
        pytest.param([], [], 2, [], id="none"),
        pytest.param([1, 2, 3], [], 2, [[1, 2], [3]], id="nobody-shared"),
        pytest.param([1, 2, 3, 4], [{1, 4}], 2, [[1, 4], [2, 3]], id="far-apart"),
        pytest.param(
            [1, 2, 3, 4, 5], [{1, 3}, {3, 5}], 2, [[1, 3, 5], [2, 4]], id="through-a-third"
        ),
        pytest.param([3, 1, 2], [{2, 3}], 3, [[3, 1, 2]], id="in-the-order-given"),
        pytest.param([1, 2], [{2, 9}], 1, [[1], [2]], id="with-one-that-is-not-closed"),
        pytest.param(
            [1, 2, 3, 4], [{3, 4}, {1, 2}, {2, 3}], 1, [[1, 2, 3, 4]], id="two-groups-become-one"
        ),
    ],
)
def test_no_two_pieces_share_a_person(offices, shared, size, pieces):
    assert pieces_of(offices, shared, size) == pieces
