"""利用できるかの確認 of the ward: kept with the person, for the own ward's people alone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import Screening
from clients.rules.kinds import ScreeningAnswer
from clients.rules.screening import RULES_VERSION
from plans.models import FileTransfer
from teikyaku.accounts.models import AuditEvent
from tests.accounts.test_coming_and_going import enter

TOLD = {"has_difficulties": "yes", "job_route": "hello_work", "works_in_niigata": "yes"}


def url(name, row):
    return reverse(f"admin:{name}", args=[row.public_id])


@pytest.fixture
def row(counter):
    return counter.received()


def test_an_officer_runs_and_keeps_it_from_the_application(counter, row):
    page = counter.client.get(url("application_page", row)).content.decode()
    assert url("ward_screening", row) in page
    assert "残した確認はまだありません" in page
    answer = counter.post("ward_screening", row, TOLD)
    assert answer.status_code == 302
    kept = Screening.objects.get(client=row.client)
    assert (kept.screened_on, kept.rules_version) == (counter.on, RULES_VERSION)
    assert kept.answer == ScreeningAnswer.ELIGIBLE_NOW
    assert kept.recorded_by == counter.officer
    assert AuditEvent.objects.filter(verb="screening_kept", membership=counter.officer).exists()
    for name in ("application_page", "ward_screening"):
        page = counter.client.get(url(name, row)).content.decode()
        assert ScreeningAnswer.ELIGIBLE_NOW.label in page
        assert f"規則の版 {RULES_VERSION}" in page


def test_a_try_is_not_kept(counter, row):
    assert counter.post("ward_screening", row, {**TOLD, "try": "1"}).status_code == 200
    assert not Screening.objects.exists()


def test_the_last_answers_are_there_again(counter, row):
    counter.post("ward_screening", row, TOLD)
    form = counter.client.get(url("ward_screening", row)).context["form"]
    assert form["job_route"].value() == "hello_work"


def test_another_ward_sees_neither_page_nor_answer(counter, row):
    counter.post("ward_screening", row, TOLD)
    enter(counter.client, counter.cast.members["other_officer"])
    assert counter.client.get(url("ward_screening", row)).status_code == 404
    assert counter.post("ward_screening", row, TOLD).status_code == 404
    assert Screening.objects.count() == 1


def test_what_the_ward_asked_is_not_told_to_an_office_nor_the_other_way(counter):
    cast = counter.cast
    person = cast.enrolment.client
    mine = {"client": person, "screened_on": cast.today, "inputs": {}, "answer": "not_eligible",
            "rules_version": "1", "recorded_at": counter.who["at"]}  # fmt: skip
    Screening.objects.create(
        **mine, reasons=[{"text": "区が聞いたこと"}], recorded_by=counter.officer
    )
    Screening.objects.create(
        **mine, reasons=[{"text": "事業所が聞いたこと"}], recorded_by=cast.members["worker"]
    )
    row = counter.received(known=person)
    at_ward = counter.client.get(url("ward_screening", row)).content.decode()
    assert "区が聞いたこと" in at_ward
    assert "事業所が聞いたこと" not in at_ward
    enter(counter.client, cast.members["worker"])
    at_office = counter.client.get(reverse("screening", args=[person.public_id])).content.decode()
    assert "事業所が聞いたこと" in at_office
    assert "区が聞いたこと" not in at_office


def test_after_the_file_has_passed_the_other_ward_keeps_it(counter):
    row = counter.granted()
    there = counter.cast.members["other_officer"]
    data = {"to_municipality": str(there.municipality.pk), "note": "母と同居へ",
            "moved_on": (counter.on - timedelta(days=1)).isoformat()}  # fmt: skip
    assert counter.post("decision_transfer", row.decision, data).status_code == 302
    enter(counter.client, there)
    transfer = FileTransfer.objects.get(client=row.client)
    counter.post("transfer_accept", transfer, {"address": "架空町9-9"})
    enter(counter.client, counter.officer)
    assert (
        url("ward_screening", row)
        not in counter.client.get(url("application_page", row)).content.decode()
    )
    assert counter.client.get(url("ward_screening", row)).status_code == 404
