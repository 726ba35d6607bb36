"""はじめに: the card stands on every role's home until its steps are done or it is put away."""

import pytest
from django.urls import reverse

from tests.accounts.test_coming_and_going import enter


@pytest.mark.parametrize(
    "who", ["worker", "manager", "head", "billing", "officer", "city", "admin"]
)
def test_first_steps_go_away_once_each_was_opened(client, cast, who):
    def left():
        return client.get(reverse("home"), follow=True).context["first_steps"]

    enter(client, cast.members[who])
    steps = left()
    # Looked at by a machine, fetched ahead or as a part of a page: that is nobody's step.
    for headers in ({}, {"Sec-Fetch-Mode": "cors"},
                    {"Sec-Fetch-Mode": "navigate", "Sec-Purpose": "prefetch"}):  # fmt: skip
        client.get(steps[0].url, headers=headers)
    assert left() == steps
    for n, step in enumerate(steps, start=1):
        client.get(step.url, headers={"Sec-Fetch-Mode": "navigate"})
        assert left() == steps[n:], step.url
    assert b'id="first-steps"' not in client.get(reverse("home"), follow=True).content
    client.post(reverse("first_steps_show"))
    assert left() == steps


@pytest.mark.parametrize(
    "who", ["worker", "manager", "head", "billing", "officer", "city", "admin"]
)
def test_first_steps_stand_on_the_home_until_put_away(client, cast, who):
    enter(client, cast.members[who])
    steps = client.get(reverse("home"), follow=True).context["first_steps"]
    assert steps
    for step in steps:
        assert client.get(step.url, follow=True).status_code == 200, step.url
    assert client.post(reverse("first_steps_hide")).status_code == 302
    assert client.get(reverse("home"), follow=True).context["first_steps"] == ()
    client.post(reverse("first_steps_show"))
    assert client.get(reverse("home"), follow=True).context["first_steps"] == steps
