"""もし〜だったら: a due date before the supposed event is never told, and a leaving that has happened is kept."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import Employment
from plans.queries import life_touches
from teikyaku.era import both
from tests.accounts.test_coming_and_going import enter
from tests.cast import job_of

DAY = timedelta(days=1)


@pytest.fixture
def asked(client, cast):
    def ask(**query):
        enter(client, cast.members["worker"])
        url = reverse("what_if", args=[cast.enrolment.client.public_id])
        return client.get(url, query)

    return ask


@pytest.mark.parametrize("ask", ["change", "leave"])
@pytest.mark.parametrize("ahead", [-1, 0, 1])
def test_a_due_date_before_the_event_is_told_as_monthly_from_it(
    asked, cast, monkeypatch, ask, ahead
):
    """Counted from the last meeting, a pace that the event makes monthly would be due before it."""
    event = cast.today + 60 * DAY
    due, due_if = event + 90 * DAY, event + ahead * DAY
    real = life_touches.due_by

    def supposed(file, _after):
        return replace(real(file.enrolment, file.history, file.settings), due_on=due_if)

    monkeypatch.setattr(life_touches, "due_if", supposed)
    monkeypatch.setattr(life_touches, "due_by", lambda *facts: replace(real(*facts), due_on=due))
    day = {"change": "left", "leave": "starts"}[ask]
    text = "\n".join(asked(ask=ask, **{day: event.isoformat()}).context["answer"].touched)
    is_before = ahead < 0
    assert (f"{both(event)}から毎月になります" in text) is is_before
    assert ("それまでに会わなければ、その日に期限が過ぎます" in text) is is_before
    assert (both(due_if) in text) is not is_before
    assert both(due) in text


def test_between_two_jobs_it_begins_with_the_last_day_at_work(asked, cast):
    left = cast.today - 7 * DAY
    Employment.objects.filter(pk=job_of(cast.enrolment).pk).update(ends_on=left)
    form = asked().context["form"]
    assert form["left"].value() == left.isoformat()
    answer = asked(left=left.isoformat(), next=cast.today.isoformat(), better="yes")
    assert answer.status_code == 200
    assert answer.context["answer"] is not None
