"""担当 who leaves soon: somebody is told before they are anybody's."""

from datetime import timedelta

import pytest

from plans.actions.move_in_facts import LEAVES_SOON
from tests.sheets import person


@pytest.mark.django_db
@pytest.mark.parametrize(("more", "is_told"), [(0, True), (1, False), (None, False)])
def test_a_leaver_becomes_nobodys_staff_without_a_word(mover, more, is_told):
    member = mover.head
    member.ends_on = None if more is None else mover.on + LEAVES_SOON + timedelta(days=more)
    member.save()
    (row,) = mover.look(person(mover.on, 1, staff=member.user.name))
    assert any("所属は" in text for text in row.warnings) is is_told
    assert ("staff" in row.asks) is is_told
    mover.post("move_in_import")
    assert mover.people()[0].assignments.get().staff == member
