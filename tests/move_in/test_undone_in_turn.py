"""Files undone newest first: what was taken back stands on nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from teikyaku.desk.queries.move_in_undo import built_on
from tests.cast import meet
from tests.move_in.conftest import everybody
from tests.sheets import person


@pytest.mark.django_db
def test_files_are_undone_one_after_the_other(mover):
    """A later file that was taken back is nothing that stands on an earlier one."""
    before = everybody()
    some = {"plan_made_on": "", "plan_review_by": "", "last_met_on": "", "pace_months": ""}
    files = [
        mover.run(person(mover.on, 1, **some)),
        mover.run(person(mover.on, 1, **some | {"plan_made_on": person(mover.on, 1)["plan_made_on"]})),
        mover.run(person(mover.on, 1)),
    ]  # fmt: skip
    for number, file in enumerate(reversed(files)):
        assert built_on(file, mover.on) == [], number
        mover.client.post(reverse("move_in_undo", args=[file.public_id]))
        file.refresh_from_db()
        assert file.undone_at is not None, number
    assert everybody() == before


@pytest.mark.django_db
def test_what_somebody_wrote_between_two_files_holds_the_first_one(mover):
    some = {"plan_made_on": "", "plan_review_by": "", "last_met_on": "", "pace_months": ""}
    first = mover.run(person(mover.on, 1, **some))
    (enrolment,) = mover.people()
    meet(enrolment, mover.head, mover.on)
    second = mover.run(person(mover.on, 1, **some | {"plan_made_on": mover.on - timedelta(days=1)}))
    mover.client.post(reverse("move_in_undo", args=[second.public_id]))
    second.refresh_from_db()
    assert second.undone_at is not None
    assert [each.what for each in built_on(first, mover.on)] == ["面談・連絡：記録"]
