"""One answer to "may I call the workplace?": for the badge, the lists and every refusal."""

from datetime import timedelta

import pytest

from clients.models import Employment, Enrolment
from clients.queries.client_list import listed
from clients.queries.no_contact import must_not_contact
from clients.queries.summary import person_of
from tests.cast import employer_named


@pytest.mark.parametrize(
    ("jobs", "expected"),
    [
        pytest.param([(400, None, True)], True, id="now"),
        pytest.param([(400, None, False)], False, id="free"),
        pytest.param([(400, 1, True)], True, id="left-yesterday"),
        pytest.param([(400, 0, True)], True, id="last-day"),
        pytest.param([(400, 50, True), (49, None, False)], False, id="new-job-knows"),
        pytest.param([(400, 50, False), (49, 1, True)], True, id="the-last-of-two"),
        pytest.param([(400, 50, True), (49, 1, False)], False, id="only-the-last-counts"),
        pytest.param([(400, None, True), (49, None, False)], True, id="two-at-once"),
        pytest.param([(-5, None, True)], False, id="not-begun"),
        pytest.param([], False, id="no-job"),
    ],
)
def test_every_question_gets_the_same_answer(cast, jobs, expected):
    person, on = cast.enrolment.client, cast.today
    Employment.objects.filter(client=person).delete()
    for index, (began, ended, flag) in enumerate(jobs):
        Employment.objects.create(
            client=person, employer=employer_named(name=f"店{index}"), kind="ordinary",
            starts_on=on - timedelta(days=began),
            ends_on=None if ended is None else on - timedelta(days=ended), must_not_contact=flag,
            recorded_by=cast.members["worker"], recorded_at=cast.enrolment.recorded_at,
        )  # fmt: skip
    assert must_not_contact(person, on) is expected
    row = listed(Enrolment.objects.filter(pk=cast.enrolment.pk), on).get()
    assert bool(row.must_not_contact) is expected
    job = person_of(cast.enrolment, on).job
    assert (job is not None and job.must_not_contact) is expected
