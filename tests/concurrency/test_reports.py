"""Two people sharing a report at once: one version, one share, one clear message."""

import pytest
from django.core.exceptions import ValidationError

from plans.actions.report import share_report, write_report
from plans.models import ReportShare, ReportVersion
from teikyaku.clock import at_noon, today
from teikyaku.periods import Month
from tests.cast import cast_of
from tests.concurrency.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def test_two_who_share_at_once_get_one_share_and_one_message():
    cast = cast_of(today())
    who = {"by": cast.members["worker"], "at": at_noon(cast.today)}
    report = write_report(
        enrolment=cast.enrolment, month=Month.of(cast.today).first_day, goals="目標",
        done="面談", result="よい", next_steps="続ける", **who,
    )  # fmt: skip

    def share():
        return share_report(
            report=report, recipient="person", shared_on=cast.today, way="handed", **who
        )

    results = at_once(share, share)
    won = [result for result in results if isinstance(result, ReportShare)]
    told = [result for result in results if isinstance(result, ValidationError)]
    assert (len(won), len(told)) == (1, 1), results
    assert "記録済み" in " ".join(told[0].messages)
    assert ReportVersion.objects.filter(report=report).count() == 1
