"""What the ward wrote down of household and job is put right by the ward itself."""

from datetime import timedelta

from django.urls import reverse

from clients.models import Employment, HouseholdFact
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
