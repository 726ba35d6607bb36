"""The 相談支援 office gets a plan with the person's consent alone, by whichever way it is recorded."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from clients.models import Consent
from plans.actions import plan_consent
from plans.actions import support_plan as actions
from plans.actions.report import give_consent, withdraw_consent
from tests.access.support_plan import met_over
from tests.plans.test_plan_life import alone, consent, who  # noqa: F401  (fixtures)

MISSING = "同意がありません"


def test_the_consultation_office_gets_it_with_the_persons_consent_alone(cast, alone, who):  # noqa: F811
    plan = consent(met_over(cast), cast.today, who)
    facts = {"plan": plan, "consultation": "handed", "consultation_on": cast.today, **who}
    with pytest.raises(ValidationError, match="同意がありません"):
        plan_consent.tell_consultation(**facts)
    plan = consent(plan, cast.today, who, may_go_to_consultation=True)
    assert Consent.objects.filter(enrolment=alone, scope="support_plan").count() == 1
    done = plan_consent.tell_consultation(**facts, consultation_name="あおば")
    assert (done.consultation, done.consultation_on) == ("handed", cast.today)
    declined = {**facts, "consultation": "declined"}
    Consent.objects.all().delete()
    assert plan_consent.tell_consultation(**declined).consultation == "declined"


def allowed(cast, who, **facts):  # noqa: F811
    day = cast.enrolment.starts_on
    base = {"recipient": "consultation", "scope": "support_plan", "starts_on": day}
    return give_consent(enrolment=cast.enrolment, **{**base, **facts}, **who)


def paper(cast, who, **facts):  # noqa: F811
    """A plan that was made on paper, and had gone to the office too."""
    days = ("assessed_on", "drafted_on", "meeting_on", "consented_on", "handed_over_on")
    told = {"consultation": "handed", "consultation_on": cast.today, "consultation_name": "あおば"}
    return actions.record_support_plan(
        enrolment=cast.enrolment, wishes="x", goals="x", starts_on=cast.today,
        review_by=cast.today, **{**dict.fromkeys(days, cast.today), **told, **facts}, **who,
    )  # fmt: skip


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(None, id="none"),
        pytest.param({"recipient_name": "みどり"}, id="for another office"),
        pytest.param({"scope": "report"}, id="for another paper"),
        pytest.param({"recipient": "family"}, id="for somebody else"),
    ],
)
def test_a_plan_on_paper_needs_the_same_consent(cast, alone, who, given):  # noqa: F811
    if given is not None:
        allowed(cast, who, **given)
    with pytest.raises(ValidationError, match=MISSING) as error:
        paper(cast, who)
    assert set(error.value.message_dict) == {"consultation"}
    assert not alone.support_plans.exists()
    assert paper(cast, who, consultation="declined").consultation == "declined"


def test_a_plan_on_paper_goes_with_it(cast, alone, who):  # noqa: F811
    allowed(cast, who)
    assert paper(cast, who).consultation == "handed"


def test_from_the_day_of_the_withdrawal_it_goes_by_no_way(cast, alone, who):  # noqa: F811
    row = allowed(cast, who)
    withdraw_consent(consent=row, on=cast.today, **who)
    with pytest.raises(ValidationError, match=MISSING):
        paper(cast, who)
    yesterday = cast.today - timedelta(days=1)
    days = ("assessed_on", "drafted_on", "meeting_on", "consented_on", "handed_over_on")
    before = dict.fromkeys((*days, "consultation_on"), yesterday)
    plan = paper(cast, who, **before)
    told = {"plan": plan, "consultation": "handed", "consultation_name": "あおば", **who}
    with pytest.raises(ValidationError, match=MISSING):
        plan_consent.tell_consultation(consultation_on=cast.today, **told)
    assert plan_consent.tell_consultation(consultation_on=yesterday, **told)
