"""A total tells no hidden count of a ward."""

import pytest

from plans.queries.city_figures import tells


@pytest.mark.parametrize(
    ("hidden", "is_told"),
    [([], False), ([3], True), ([1, 2], False), ([1, 1], True), ([4, 4], True), ([4, 4, 3], False)],
)
def test_a_rest_that_can_be_only_one_thing_is_told(hidden, is_told):
    assert tells(hidden) is is_told
