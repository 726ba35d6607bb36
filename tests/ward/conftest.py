"""An officer at the counter, and one application brought to any step by the actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from clients.rules.cap import cap_months
from plans.actions import application as applications
from plans.actions import life_change
from plans.actions.receive import receive_from_person
from plans.models import Application, ServiceUsePlan
from teikyaku.clock import at_noon
from tests.access.proposals import talked_about
from tests.accounts.test_coming_and_going import enter
from tests.cast import employer_named

ERROR = 422
# How long a decision of these tests lasts.
DAYS = timedelta(days=300)
LOOKED_AT = ("application_end", "decision_revoke")


class Counter:
    """The officer of the cast's ward, signed in."""

    def __init__(self, client: Any, cast: Any) -> None:
        self.client, self.cast, self.officer = client, cast, cast.members["officer"]
        self.on = cast.today
        self.who = {"by": self.officer, "at": at_noon(cast.today)}
        self.receiver, self.there = self.officer, self.officer.municipality
        enter(client, self.officer)

    def post(self, name: str, row: Any, data: dict[str, Any], *more: Any) -> Any:
        """A tick is sent as people send it: for what a first answer has shown."""
        url = reverse(f"admin:{name}", args=[row.public_id, *more])
        # Looked at once more (test_looks.py asks what comes without it).
        data = ({"looked": "yes"} if name in LOOKED_AT else {}) | data
        if "is_known" in data:
            answer = self.client.post(url, {k: v for k, v in data.items() if k != "is_known"})
            if answer.status_code != ERROR:
                return answer
            if "known_of" in answer.context["form"].fields:
                data = data | {"known_of": answer.context["form"].data.get("known_of", "")}
        return self.client.post(url, data)

    def received(self, employed_days_ago: int = 300, **changes: Any) -> Application:
        """Received 20 days ago, with a service and a job on file."""
        facts = {
            "known": None, "name": "窓口 花子", "kana": "まどぐち はなこ", "address": "架空町2",
            "birth_date": self.on.replace(year=1991, month=1, day=1), "kind": "new",
            "municipality": self.cast.wards[2], "received_on": self.on - timedelta(days=20),
            "received_place": "ward_office", "handed_in_by": "",
        }  # fmt: skip
        row = receive_from_person(**{**facts, **changes}, **self.who)
        if row.client.employments.exists():
            return row
        employed_on = self.on - timedelta(days=employed_days_ago)
        life_change.add_prior_service(
            client=row.client, kind="transition", starts_on=employed_on - timedelta(days=400),
            ends_on=employed_on - timedelta(days=1), **self.who,
        )  # fmt: skip
        life_change.add_employment(
            client=row.client, employer=employer_named(name="架空食品"), kind="ordinary",
            starts_on=employed_on, **self.who,
        )  # fmt: skip
        return row

    def heard(self, **changes: Any) -> Application:
        """With survey and proposal, ready for the decision."""
        row = self.received(**changes)
        applications.record_survey(
            application=row, held_on=self.on - timedelta(days=10), held_by="職員",
            difficulties="朝が苦手", **self.who,
        )  # fmt: skip
        applications.receive_plan(
            application=row, stage=ServiceUsePlan.Stage.PROPOSED, author="self", organisation=None,
            received_on=self.on - timedelta(days=5), monitoring_months=None, **self.who,
        )  # fmt: skip
        return row

    def grant_data(self, **changes: Any) -> dict[str, Any]:
        """A grant that may stand; its cap ends with the tax year, as people enter it."""
        on = self.on.isoformat()
        data = {
            "number": "1234567899", "issued_on": on, "decided_on": on, "starts_on": on,
            "ends_on": (self.on + DAYS).isoformat(), "amount": "当該月の日数",
            "category": "general_1", "cap_yen": "9300", "cap_first_month": on[:7],
            # Looked at once more (test_grant_look.py asks what comes without it).
            "looked": "yes", **changes,
        }  # fmt: skip
        if not changes.keys() & {"starts_on", "ends_on", "cap_first_month", "cap_last_month"}:
            data["cap_last_month"] = str(cap_months(self.on, self.on + DAYS).last_month)
        return data

    def granted(self, number: str = "1234567899", **changes: Any) -> Application:
        """With the decision of today, and a cap without an end."""
        row = self.heard(**changes)
        data = self.grant_data(number=number, cap_last_month="", is_known="on")
        assert self.post("decision_grant", row, data).status_code == 302
        row.refresh_from_db()
        return row


@pytest.fixture
def counter(client: Any, cast: Any) -> Counter:
    """The officer at the counter."""
    return Counter(client, cast)


@pytest.fixture
def two(counter: Counter) -> Counter:
    """The counter, and an officer of another ward of the same city."""
    counter.receiver = counter.cast.members["other_officer"]
    counter.there = counter.receiver.municipality
    assert counter.there.city == counter.cast.wards[2].city
    return counter


@pytest.fixture
def talk(client, cast):
    """Both sides of one talk."""

    class Talk:
        def __init__(self):
            self.client, self.cast, self.on = client, cast, cast.today
            self.enrolment = talked_about(cast)
            self.worker, self.officer = cast.members["worker"], cast.members["officer"]

        def who(self, key="officer", days=0):
            day = self.on + timedelta(days=days)
            return {"by": self.cast.members[key], "at": at_noon(day)}

        def new(self, kind, **data):
            enter(self.client, self.worker)
            url = reverse("proposal_new", args=[self.enrolment.public_id, kind])
            return self.client.post(url, data)

        def office(self, name, row, data=None):
            enter(self.client, self.worker)
            return self.client.post(reverse(f"proposal_{name}", args=[row.public_id]), data or {})

        def ward(self, name, row, data=None):
            enter(self.client, self.officer)
            url = reverse(f"admin:ward_proposal_{name}", args=[row.public_id])
            return self.client.post(url, data or {})

    return Talk()
