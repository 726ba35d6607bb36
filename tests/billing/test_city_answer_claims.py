"""市町村の回答 and the claim: what was refused stays out, and who died has the day that was said."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from billing.actions.claim_file import make_claim_files
from billing.actions.correction import withdraw_month
from billing.actions.month import close_month
from billing.models import CityAnswer, PersonMonth
from billing.queries.claim_statements import claim_month
from billing.queries.differences import differing_months
from billing.queries.service_records import record_sheets
from clients.models import Client
from plans.models import Contract, ReportShare
from teikyaku.clock import at_noon
from tests.accounts.test_coming_and_going import enter
from tests.billing.fees import confirm, read_codes
from tests.billing.test_city_answers import ERROR, OK, answer, late, month, said  # noqa: F401


def refused_after_the_close(cast, late, *, is_filed):  # noqa: F811
    """A yes, the close, with `is_filed` the claim file, and then a no; what the list of differences says."""
    Contract.objects.update(contracted_amount="当該月の日数")
    confirm(cast, read_codes(cast, date(2024, 4, 1), date(2027, 3, 1)))
    first, by = said(cast, late), {"by": cast.members["billing"], "at": at_noon(cast.today)}
    close_month(office=cast.office, month=late, **by)
    assert not claim_month(cast.office, late, cast.today).left_out
    if is_filed:
        make_claim_files(office=cast.office, month=late, **by)
    said(cast, late, is_billable=False, reason="遅い", replaces=first, why_again="変わった")
    (row,) = differing_months(cast.office, late, late, cast.today).rows
    return row, by


def test_what_was_refused_before_the_file_stays_out_of_it(cast, late):  # noqa: F811
    row, by = refused_after_the_close(cast, late, is_filed=False)
    found = claim_month(cast.office, late, cast.today)
    ((lack,),) = [each.lacks for each in found.left_out]
    url = reverse("month_correct", args=[row.person_month])
    assert (found.people, lack.field, lack.url) == ((), "市町村の回答", url)
    assert "遅い" in lack.reason
    assert "過誤申立はいりません" in row.steps[0]
    closed = PersonMonth.objects.get(public_id=row.person_month)
    withdraw_month(row=closed, reason="other", note="市町村の回答", **by)
    assert not claim_month(cast.office, late, cast.today).left_out
    assert not differing_months(cast.office, late, late, cast.today).rows


def test_what_was_refused_after_the_file_is_asked_back(cast, late):  # noqa: F811
    row, _by = refused_after_the_close(cast, late, is_filed=True)
    assert "過誤申立をして" in row.steps[0]


# --- Of somebody who died before they were given the report -----------------------------------------


@pytest.fixture
def gone(cast, month):  # noqa: F811
    ReportShare.objects.filter(report__enrolment=cast.enrolment)._raw_delete("default")
    Client.objects.filter(pk=cast.enrolment.client_id).update(died_on=month.last_day)
    Contract.objects.update(contracted_amount="当該月の日数")
    confirm(cast, read_codes(cast, date(2024, 4, 1), date(2027, 3, 1)))
    return month


def test_the_day_that_the_municipality_said_stands_in_the_claim(client, cast, gone):
    enter(client, cast.members["billing"])
    url = reverse("city_answer", args=[cast.enrolment.public_id, gone])
    without = answer(client, cast, url)
    assert (without.status_code, "report_on" in without.context["form"].errors) == (ERROR, True)
    for day in (gone.first_day - timedelta(days=1), cast.today + timedelta(days=1)):
        wrong = answer(client, cast, url, report_on=day.isoformat())
        assert (wrong.status_code, "report_on" in wrong.context["form"].errors) == (ERROR, True)
    day = gone.last_day
    assert answer(client, cast, url, report_on=day.isoformat()).status_code == OK
    close_month(office=cast.office, month=gone, by=cast.members["billing"], at=at_noon(cast.today))
    (person,) = claim_month(cast.office, gone, cast.today).people
    assert person.record.report_shared_on == day
    assert "（市町村の回答）" in person.note
    (sheet,) = record_sheets(cast.office, gone, cast.today, only=[cast.enrolment.pk])
    assert (sheet.report_shared_on, sheet.is_report_day_answered) == (day, True)


def test_a_no_asks_for_no_day(client, cast, gone):
    enter(client, cast.members["billing"])
    url = reverse("city_answer", args=[cast.enrolment.public_id, gone])
    assert answer(client, cast, url, said="no", reason="渡していないため").status_code == OK
    assert CityAnswer.objects.get().report_on is None


def test_a_yes_of_before_without_the_day_leads_to_the_page_that_asks_for_it(client, cast, gone):
    CityAnswer.objects.create(
        enrolment=cast.enrolment, month=gone.first_day, codes=["report_died"], is_billable=True,
        answered_on=cast.today, way="phone", respondent="係", recorded_by=cast.members["billing"],
        recorded_at=at_noon(cast.today),
    )  # fmt: skip
    close_month(office=cast.office, month=gone, by=cast.members["billing"], at=at_noon(cast.today))
    (left,) = claim_month(cast.office, gone, cast.today).left_out
    url = reverse("city_answer", args=[cast.enrolment.public_id, gone])
    assert [lack.url for lack in left.lacks] == [url]
    enter(client, cast.members["billing"])
    assert answer(client, cast, url, report_on=gone.last_day.isoformat()).status_code == OK
    assert not claim_month(cast.office, gone, cast.today).left_out
