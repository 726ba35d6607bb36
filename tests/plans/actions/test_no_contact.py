"""職場連絡禁止: neither a report nor a visit reaches the workplace, consent or not."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from plans.actions import life_change
from plans.actions.report import give_consent, share_report
from plans.models import SupportReport
from teikyaku.clock import at_noon
from tests.cast import job_of


def close_job(cast):
    job = job_of(cast.enrolment)
    job.must_not_contact = True
    job.save()


def share(cast, recipient):
    report = SupportReport.objects.filter(enrolment=cast.enrolment).latest("month")
    on = cast.today - timedelta(days=1)
    return share_report(
        report=report, recipient=recipient, shared_on=on, way="post",
        by=cast.members["worker"], at=at_noon(cast.today),
    )  # fmt: skip


def visit(cast):
    return life_change.log_interview(
        enrolment=cast.enrolment, held_on=cast.today, way="employer_visit", outcome="others",
        met_by=cast.members["worker"], by=cast.members["worker"], at=at_noon(cast.today),
    )  # fmt: skip


def test_a_report_goes_to_the_workplace_only_with_consent(cast):
    with pytest.raises(ValidationError, match="同意"):
        share(cast, "employer")
    give_consent(
        enrolment=cast.enrolment, recipient="employer", scope="report",
        starts_on=cast.enrolment.starts_on, by=cast.members["worker"], at=at_noon(cast.today),
    )  # fmt: skip
    assert share(cast, "employer").pk


def test_nothing_reaches_a_workplace_that_must_not_know(cast):
    give_consent(
        enrolment=cast.enrolment, recipient="employer", scope="report",
        starts_on=cast.enrolment.starts_on, by=cast.members["worker"], at=at_noon(cast.today),
    )  # fmt: skip
    close_job(cast)
    with pytest.raises(ValidationError, match="職場連絡禁止"):
        share(cast, "employer")
    with pytest.raises(ValidationError, match="職場連絡禁止"):
        visit(cast)


def test_another_workplace_may_be_visited(cast):
    assert visit(cast).pk
