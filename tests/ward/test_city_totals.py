"""A total tells no hidden count of a ward; what the city counts of decisions."""

from datetime import timedelta

import pytest

from plans.models import Decision
from plans.queries.city_figures import _counts, tells
from teikyaku.periods import fiscal_year


@pytest.mark.parametrize(
    ("hidden", "is_told"),
    [([], False), ([3], True), ([1, 2], False), ([1, 1], True), ([4, 4], True), ([4, 4, 3], False)],
)
def test_a_rest_that_can_be_only_one_thing_is_told(hidden, is_told):
    assert tells(hidden) is is_told


def test_the_city_counts_copies_of_papers_too_and_no_end_that_is_followed(counter):
    decision = counter.granted().decision
    ward, on = decision.municipality, counter.on
    before = raw(ward, on)
    Decision.objects.filter(pk=decision.pk).update(is_transcribed=True)
    assert raw(ward, on) == before
    soon = on + timedelta(days=20)
    Decision.objects.filter(pk=decision.pk).update(
        is_transcribed=False, ends_on=soon, granted_until=soon
    )
    assert raw(ward, on)["ending"] == before.get("ending", 0) + 1
    Decision.objects.create(
        client=decision.client, municipality=ward, decided_on=on, amount="当該月の日数",
        starts_on=soon + timedelta(days=1), ends_on=soon + timedelta(days=90),
        granted_until=soon + timedelta(days=90), recorded_by=counter.officer, recorded_at=counter.who["at"],
    )  # fmt: skip
    assert raw(ward, on).get("ending", 0) == before.get("ending", 0)


def raw(ward, on):
    found = _counts([ward.pk], on, fiscal_year(on))
    return {
        key: count
        for (_ward, key), count in found.items()
        if key in ("in_force", "ending") and count
    }
