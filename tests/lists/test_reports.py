"""The month's reports: each count is the number of its list, and everybody is at one stage."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.access import enrolments_for
from plans.actions.report import write_report
from plans.actions.report_share import record_receipt
from plans.models import ReportShare
from plans.queries.report_list import Stage, people_of, stage_counts, stage_q
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import meet, ready_person

PARTS = (Stage.MISSING, Stage.WRITTEN, Stage.SHARED, Stage.RECEIVED, Stage.NOT_MET)


@pytest.fixture
def month(cast):
    return Month.of(cast.today) - 1


def counts_of(cast, month):
    people = enrolments_for(cast.members["worker"], cast.today)
    counts = stage_counts(people, Stage, month)
    lists = {
        stage: people_of(people, month).filter(stage_q(stage, month)).count() for stage in Stage
    }
    assert counts == lists
    assert sum(counts[stage] for stage in PARTS) == counts[Stage.ALL]
    return counts


def test_a_report_goes_through_its_stages(cast, month):
    who = {"by": cast.members["worker"], "at": at_noon(cast.today)}
    assert counts_of(cast, month)[Stage.SHARED] == 1
    share = ReportShare.objects.get(report__enrolment=cast.enrolment, report__month=month.first_day)
    record_receipt(
        share=share, received_on=cast.today, received_how="seen", received_from="", **who
    )
    assert counts_of(cast, month)[Stage.RECEIVED] == 1
    assert counts_of(cast, month)[Stage.BEHIND] == 0
    write_report(
        enrolment=cast.enrolment, month=month.first_day, goals="直した", done="面談",
        result="よい", next_steps="続ける", correction_reason="誤り", **who,
    )  # fmt: skip
    assert counts_of(cast, month)[Stage.BEHIND] == 1
    this = Month.of(cast.today)
    assert counts_of(cast, this)[Stage.NOT_MET] == 1
    meet(cast.enrolment, cast.members["worker"], cast.today)
    assert counts_of(cast, this)[Stage.MISSING] == 1
    write_report(
        enrolment=cast.enrolment, month=this.first_day, goals="目標", done="面談", result="よい",
        next_steps="続ける", **who,
    )  # fmt: skip
    assert counts_of(cast, this)[Stage.WRITTEN] == 1


def test_the_list_costs_the_same_for_one_and_for_many(client, cast, month):
    url = reverse("report_list", args=[month])
    worker, manager = cast.members["worker"], cast.members["manager"]
    enter(client, worker)

    def cost():
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(url)
        return len(queries), len(page.context["rows"])

    one = cost()
    for index in range(3):
        ready_person(
            cast, cast.office, worker, manager, f"50000000{index:02d}", name=f"人 {index}",
            kana=f"ひと {index}",
        )  # fmt: skip
    many = cost()
    assert many[1] == one[1] + 3
    assert many[0] == one[0]


def test_chosen_people_alone_come_ticked(client, cast, month):
    url = reverse("report_list", args=[month])
    worker, manager = cast.members["worker"], cast.members["manager"]
    other = ready_person(
        cast, cast.office, worker, manager, "5100000000", name="人 一", kana="ひと いち"
    )
    enter(client, worker)
    own = cast.enrolment.client.public_id
    # Whoever is in charge: the people were chosen by name.
    page = client.get(f"{url}?person={own}&person=nonsense&staff={manager.public_id}")
    text = page.content.decode()
    assert [row.client_id for row in page.context["rows"]] == [own]
    assert "選んだ1人だけ" in text
    assert text.count(" checked") == 1
    assert f'href="{url}"' in text
    assert all(f"person={own}" in stage["url"] for stage in page.context["stages"])
    assert {stage["label"]: stage["count"] for stage in page.context["stages"]}["この月の全員"] == 1
    assert f"person={own}" in page.context["previous_url"]
    both = client.get(f"{url}?person={own}&person={other.client.public_id}")
    assert len(both.context["rows"]) == 2
    assert " checked" not in client.get(url).content.decode()
    foreign = client.get(f"{url}?person={cast.foreign.client.public_id}")
    assert foreign.context["rows"] == []


def test_a_month_without_people_says_so(client, cast):
    enter(client, cast.members["worker"])
    page = client.get(reverse("report_list", args=["2001-01"])).content.decode()
    assert "この月に利用した人はいません" in page
