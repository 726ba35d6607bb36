"""Consent is for one recipient; the workplace that must not know stays out of everything."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from clients.models import Employment
from plans.actions import life_change
from plans.actions.report import give_consent, share_report
from plans.models import SupportReport
from teikyaku.clock import at_noon
from tests.cast import job_of


def who(cast):
    return {"by": cast.members["worker"], "at": at_noon(cast.today)}


def consent(cast, **facts):
    first = cast.enrolment.starts_on
    base = {"scope": "report", "starts_on": first}
    return give_consent(enrolment=cast.enrolment, **{**base, **facts}, **who(cast))


def share(cast, **facts):
    row = SupportReport.objects.filter(enrolment=cast.enrolment).first()
    base = {"shared_on": cast.today, "way": "handed"}
    return share_report(report=row, **{**base, **facts}, **who(cast))


def test_a_consent_with_a_name_covers_that_one_only(cast):
    consent(cast, recipient="medical", recipient_name="Ａ病院")
    share(cast, recipient="medical", recipient_name="A病院")
    with pytest.raises(ValidationError, match="同意がありません"):
        share(cast, recipient="medical", recipient_name="B病院")


def test_a_consent_without_a_name_covers_its_kind(cast):
    consent(cast, recipient="medical")
    share(cast, recipient="medical", recipient_name="B病院")


def flag(cast):
    Employment.objects.filter(client=cast.enrolment.client).update(must_not_contact=True)


def test_no_consent_for_a_workplace_that_must_not_know(cast):
    flag(cast)
    with pytest.raises(ValidationError, match="職場連絡禁止"):
        consent(cast, recipient="employer", starts_on=cast.today)


def test_the_workplace_that_was_left_still_must_not_know(cast):
    consent(cast, recipient="employer")
    flag(cast)
    life_change.end_employment(
        employment=job_of(cast.enrolment), ends_on=cast.today - timedelta(days=1), reason="x",
        changes_to_improve=None, **who(cast),
    )  # fmt: skip
    with pytest.raises(ValidationError, match="職場連絡禁止"):
        share(cast, recipient="employer", recipient_name="元の職場")
