"""What the ward wrote down of household and job is put right by the ward itself."""

from datetime import timedelta

from django.urls import reverse

from clients.models import Employment, HouseholdFact, PriorService
from plans.models import ApplicationDocument
from plans.queries.completion import open_points
from teikyaku.periods import Month
from tests.ward.conftest import ERROR


def test_a_wrong_household_is_corrected_with_its_reason(counter):
    row = counter.received()
    fact = {"first_month": str(Month.of(counter.on)), "receives_public_assistance": "true"}
    assert counter.post("ward_household_new", row, fact).status_code == 302
    known = HouseholdFact.objects.get(client=row.client)
    url = reverse("admin:ward_household_correct", args=[row.public_id, known.public_id])
    assert (
        url
        in counter.client.get(
            reverse("admin:application_page", args=[row.public_id])
        ).content.decode()
    )
    right = {**fact, "receives_public_assistance": "false", "is_taxed": "false"}
    assert counter.client.post(url, right).status_code == ERROR
    assert counter.client.post(url, {**right, "reason": "押しまちがい"}).status_code == 302
    known.refresh_from_db()
    assert (known.receives_public_assistance, known.is_taxed) == (False, False)
    assert known.history.count() == 2
    other = counter.cast.enrolment.client
    foreign = HouseholdFact.objects.create(
        client=other, first_month=known.first_month, recorded_by=counter.officer,
        recorded_at=known.recorded_at,
    )  # fmt: skip
    stolen = reverse("admin:ward_household_correct", args=[row.public_id, foreign.public_id])
    assert counter.client.get(stolen).status_code == 404


def test_a_job_that_ended_is_recorded_before_the_next(counter):
    row = counter.received()
    job = Employment.objects.get(client=row.client)
    url = reverse("admin:ward_job_end", args=[row.public_id, job.public_id])
    wrong = counter.client.post(url, {"ends_on": "2/30", "reason": "通勤"})
    assert wrong.status_code == ERROR
    ended = (counter.on - timedelta(days=3)).isoformat()
    assert counter.client.post(url, {"ends_on": ended, "reason": "通勤"}).status_code == 302
    job.refresh_from_db()
    assert job.ends_on == counter.on - timedelta(days=3)
    assert counter.client.get(url).status_code == 404


def test_what_the_ward_wrote_down_wrongly_is_corrected_by_it(counter):
    row = counter.received()
    job = Employment.objects.get(client=row.client)
    url = reverse("admin:ward_job_correct", args=[row.public_id, job.public_id])
    page = counter.client.get(reverse("admin:application_page", args=[row.public_id]))
    assert url in page.content.decode()
    right = job.starts_on - timedelta(days=30)
    data = {"kind": "ordinary", "starts_on": right.isoformat()}
    assert counter.client.post(url, data).status_code == ERROR
    assert counter.client.post(url, {**data, "reason": "書き間違い"}).status_code == 302
    job.refresh_from_db()
    assert job.starts_on == right
    use = PriorService.objects.get(client=row.client)
    url = reverse("admin:ward_service_correct", args=[row.public_id, use.public_id])
    data = {"kind": "transition", "starts_on": use.starts_on.isoformat(), "office_name": "前の所",
            "ends_on": (right - timedelta(days=1)).isoformat(), "reason": "書き間違い"}  # fmt: skip
    assert counter.client.post(url, data).status_code == 302
    use.refresh_from_db()
    assert use.office_name == "前の所"


def test_what_an_office_wrote_down_is_corrected_by_the_office(counter):
    row = counter.cast.application
    job = Employment.objects.get(client=row.client)
    url = reverse("admin:ward_job_correct", args=[row.public_id, job.public_id])
    assert counter.client.get(url).status_code == 404


def test_a_paper_that_nobody_wants_is_not_told_as_missing(counter):
    row = counter.received()
    kinds = ApplicationDocument.Kind
    for kind in kinds.values:
        ApplicationDocument.objects.create(
            application=row, kind=kind, recorded_by=counter.officer, recorded_at=row.recorded_at
        )
    (papers, *_more) = open_points(row, counter.on)
    assert str(kinds.FORM.label) in papers.text
    assert str(kinds.OTHER.label) not in papers.text
    assert str(kinds.PROXY.label) not in papers.text
    row.handed_in_by = "母"
    assert str(kinds.PROXY.label) in open_points(row, counter.on)[0].text
