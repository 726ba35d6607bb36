"""サービス提供実績記録票: the days of the claim file, with time, way, place and staff, to be signed."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.documents_record import record_document, records_document
from billing.queries.claim_parts import first_use_on
from billing.queries.claim_statements import claim_month
from billing.queries.service_records import record_sheets, time_of
from plans.models import Contract, Interview
from teikyaku.accounts.models import AuditEvent
from teikyaku.periods import Month
from teikyaku.printing import pdf
from tests.accounts.test_coming_and_going import enter
from tests.billing.test_claim_export import close, month, one_more  # noqa: F401  (a fixture)
from tests.printing.test_documents import needs_pdftotext, text_of


@pytest.mark.parametrize(
    ("starts_at", "minutes", "text"),
    [
        (time(10), 30, "10:00〜10:30"),
        (time(23, 50), 20, "23:50〜00:10"),
        (time(9, 5), None, "09:05〜"),
        (None, 45, "45分"),
        (None, None, ""),
    ],
)
def test_what_was_recorded_of_the_time(starts_at, minutes, text):
    assert time_of(starts_at, minutes) == text


def test_the_days_are_those_of_the_file(cast, month):  # noqa: F811
    (person,) = claim_month(cast.office, month, cast.today).people
    (sheet,) = record_sheets(cast.office, month, cast.today)
    assert [day.on.day for day in sheet.days] == [day.day for day in person.record.days]
    assert sheet.counted == person.statement.days
    assert sheet.report_shared_on == person.record.report_shared_on
    assert sheet.certificate_number == person.statement.certificate
    assert (sheet.is_closed, sheet.contracted_amount) == (True, "当該月の日数")
    (day,) = sheet.days
    assert (day.ways, day.staff) == (("対面",), ("職員 worker",))


def test_two_meetings_of_one_day_are_one_line(cast, month):  # noqa: F811
    first = Interview.objects.get(enrolment=cast.enrolment, held_on__range=(month.first_day, month.last_day), outcome="met")  # fmt: skip
    Interview.objects.filter(pk=first.pk).update(starts_at=time(10), minutes=30, place="職場")
    first.refresh_from_db()
    facts = {"work_rating": "settled", "life_rating": "settled", "recorded_by": first.recorded_by,
             "recorded_at": first.recorded_at, "enrolment": cast.enrolment, "outcome": "met",
             "held_on": first.held_on}  # fmt: skip
    Interview.objects.create(**facts, way="video", met_by=first.met_by, starts_at=time(15), minutes=20)  # fmt: skip
    # By telephone, or with somebody who is no support worker: that does not count and is not told.
    Interview.objects.create(**facts, way="phone", met_by=first.met_by, place="電話")
    Interview.objects.create(**facts, way="face", met_by=cast.members["billing"], place="窓口")
    (sheet,) = record_sheets(cast.office, month, cast.today)
    (day,) = sheet.days
    assert day.times == ("10:00〜10:30", "15:00〜15:20")
    assert day.ways == ("対面", "テレビ電話")
    assert (day.places, day.staff) == (("職場",), ("職員 worker",))


def test_before_the_close_it_says_so_and_leaves_lines(cast, month):  # noqa: F811
    (closed,) = record_sheets(cast.office, month, cast.today)
    (still,) = record_sheets(cast.office, month + 1, cast.today)
    made = record_document(closed, cast.office, cast.today)
    assert (made["edition"], made["empty_lines"]) == ("", 0)
    made = record_document(still, cast.office, cast.today)
    assert (made["edition"], made["empty_lines"]) == ("締め前", 3)


def test_nobody_without_a_counted_day_but_who_is_asked_for(cast, month):  # noqa: F811
    Contract.objects.update(starts_on=cast.today + timedelta(days=300))
    assert record_sheets(cast.office, month, cast.today) == []
    (sheet,) = record_sheets(cast.office, month, cast.today, only=[cast.enrolment.pk])
    assert (sheet.days, sheet.counted) == ((), 0)


@pytest.mark.parametrize("starts_on", [date(2026, 4, 1), date(2026, 3, 20)])
def test_the_first_day_of_use_stands_in_the_month_of_the_initial_addition(starts_on):
    """Also of who began in a month before it; in no other month."""
    april = Month(2026, 4)
    contract = Contract(starts_on=starts_on, initial_addition_month=april.first_day)
    assert first_use_on([Contract(starts_on=starts_on), contract], april) == starts_on
    assert first_use_on([contract], april + 1) is None


@needs_pdftotext
def test_the_paper(cast, month):  # noqa: F811
    sheets = record_sheets(cast.office, month, cast.today)
    text = text_of(pdf("service_records", records_document(sheets, cast.office, cast.today)))
    for words in ("試験太郎", "1234567890", "利用者確認欄", "職員worker", "算定した日数1日"):
        assert words in text
    assert "締め前" not in text


def test_the_pages(client, cast, month):  # noqa: F811
    one_more(cast)
    close(cast, month + 1)
    enter(client, cast.members["worker"])
    url = reverse("service_record_pdf", args=[cast.enrolment.public_id, month])
    assert client.get(url).content.startswith(b"%PDF")
    long_ago = reverse("service_record_pdf", args=[cast.enrolment.public_id, month - 60])
    assert client.get(long_ago).status_code == 302
    enter(client, cast.members["billing"])
    assert client.get(reverse("service_records_pdf", args=[month + 1])).content.startswith(b"%PDF")
    assert AuditEvent.objects.filter(verb="service_records_printed").count() == 1
    assert client.get(reverse("service_records_pdf", args=[month - 60])).status_code == 302


def test_more_people_cost_no_more_queries(cast, month):  # noqa: F811
    with CaptureQueriesContext(connection) as few:
        record_sheets(cast.office, month + 1, cast.today)
    one_more(cast)
    with CaptureQueriesContext(connection) as many:
        assert len(record_sheets(cast.office, month + 1, cast.today)) == 2
    assert len(many) == len(few)
