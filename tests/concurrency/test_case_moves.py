"""Two managers hand over the same caseload at once: one result, one clear message, nothing half done."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from clients.actions.case_move import move_cases
from clients.actions.enrolment import assign_staff
from clients.models import CaseMove, StaffAssignment
from clients.queries.case_move import Going
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon, today
from tests.cast import cast_of, make_member, take_in
from tests.concurrency.test_races import at_once

DAY = timedelta(days=1)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def caseload():
    """The cast, the worker's two people, and two who could take them."""
    cast = cast_of(today())
    worker, manager = cast.members["worker"], cast.members["manager"]
    second = take_in(cast.office, worker, cast.today - 300 * DAY, name="二人 目", kana="ふたり め")
    assign_staff(
        enrolment=second, staff=worker, starts_on=second.starts_on, by=manager,
        at=at_noon(cast.today),
    )  # fmt: skip
    takers = [
        make_member(key, Role.SUPPORT_WORKER, office=cast.office) for key in ("left", "right")
    ]
    return cast, [cast.enrolment, second], takers


def in_charge(people, on):
    held = StaffAssignment.objects.in_charge(on).filter(enrolment__in=people)
    return [row.staff for row in held]


def test_at_once_one_gets_all_and_the_other_a_message(caseload):
    cast, people, takers = caseload

    def move(taker, key):
        # Each has read the people in another order: neither waits for the other without an end.
        going = [Going(row) for row in (people if key == "head" else people[::-1])]
        return move_cases(
            people=going, to_staff=taker, starts_on=cast.today, note="",
            by=cast.members[key], at=at_noon(cast.today),
        )  # fmt: skip

    results = at_once(lambda: move(takers[0], "head"), lambda: move(takers[1], "manager"))
    moved = [result for result in results if isinstance(result, list)]
    refused = [result for result in results if isinstance(result, ValidationError)]
    assert (len(moved), len(refused)) == (1, 1), results
    (row,) = moved[0]
    assert CaseMove.objects.get() == row
    # All of them, and nobody twice.
    assert in_charge(people, cast.today) == [row.to_staff] * 2
    told = refused[0].message_dict["people"]
    assert len(told) == len(people)
    assert all(f"{row.to_staff.user.name}さんの担当と決まっています" in line for line in told)


def test_through_the_page_the_second_reads_who_has_them_and_loses_nothing(caseload):
    cast, people, takers = caseload
    url = f"{reverse('case_move')}?from={cast.members['worker'].public_id}"

    def post(key, taker):
        browser = Client()
        browser.force_login(cast.user(key), backend="teikyaku.accounts.backends.EmailBackend")
        data = {
            "to_staff": str(taker.public_id), "starts_on": cast.today.isoformat(),
            "note": f"{key}が書いたメモ", "people": [str(row.public_id) for row in people],
        }  # fmt: skip
        return browser.post(url, data)

    answers = at_once(lambda: post("head", takers[0]), lambda: post("manager", takers[1]))
    # Whoever comes so late that the people are gone from the list is asked whose it shall be.
    assert [answer.status_code for answer in answers].count(302) == 1, answers
    (late,) = [answer for answer in answers if answer.status_code != 302]
    winner = CaseMove.objects.get().to_staff
    assert in_charge(people, cast.today) == [winner] * 2
    if late.status_code == 422:
        text = late.content.decode()
        assert f"{winner.user.name}さんの担当と決まっています" in text
        assert "が書いたメモ" in text
