"""What somebody has open since before is read again: nothing that has happened since is written over."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from plans.actions import application as applications
from plans.actions import certificate as certificates
from plans.actions import file_transfer
from plans.actions.completion import Ticked, tick_documents
from plans.actions.correction import DecisionFacts, correct_decision
from plans.models import Application, Decision


@pytest.fixture
def passed(two):
    """A decision as the former ward has it open, and which has passed to the other ward since."""
    row = two.granted()
    two.decision, two.row = row.decision, row
    transfer = file_transfer.offer_file(
        client=row.client, sender=two.cast.wards[2], receiver=two.there, moved_on=two.on, note="",
        **two.who,
    )  # fmt: skip
    file_transfer.accept_file(transfer=transfer, by=two.receiver, at=two.who["at"])
    return two


def test_the_former_ward_revokes_no_more(passed):
    assert passed.decision.passed_to is None  # as it was when the page was opened
    with pytest.raises(ValidationError, match="渡っています"):
        certificates.revoke_decision(
            decision=passed.decision, on=passed.on, reason="転出", **passed.who
        )
    stored = Decision.objects.get(pk=passed.decision.pk)
    assert (stored.passed_to, stored.revoked_on) == (passed.there, None)


def test_the_former_ward_issues_and_ticks_no_more(passed):
    with pytest.raises(ValidationError, match="渡っています"):
        certificates.issue_certificate(
            decision=passed.decision, reason="紛失", **passed.who,
            paper=certificates.Paper("1234567899", passed.on, passed.on, kind="reissue"),
        )  # fmt: skip
    with pytest.raises(ValidationError, match="渡っています"):
        tick_documents(application=passed.row, ticked=[Ticked("form", passed.on)], **passed.who)


def test_a_correction_of_the_main_office_keeps_where_the_file_lies(passed):
    decision = passed.decision
    facts = DecisionFacts(
        "1234567899", decision.decided_on, decision.starts_on, decision.ends_on, "月10日"
    )
    city = {"by": passed.cast.members["city"], "at": passed.who["at"]}
    correct_decision(decision=decision, facts=facts, reason="書き間違い", **city)
    stored = Decision.objects.get(pk=decision.pk)
    assert (stored.amount, stored.passed_to) == ("月10日", passed.there)


def test_a_withdrawal_after_the_grant_is_told(counter):
    row = counter.heard()
    stale = Application.objects.get(pk=row.pk)
    assert counter.post("decision_grant", row, counter.grant_data()).status_code == 302
    with pytest.raises(ValidationError, match="支給決定"):
        applications.end_application(
            application=stale, outcome="withdrawn", on=counter.on, reason="希望", **counter.who
        )
    assert Application.objects.get(pk=row.pk).outcome == "granted"


def test_a_second_revocation_is_told(counter):
    decision = counter.granted().decision
    stale = Decision.objects.get(pk=decision.pk)
    first = counter.on + timedelta(days=30)
    certificates.revoke_decision(decision=decision, on=first, reason="A", **counter.who)
    with pytest.raises(ValidationError, match="取り消されています"):
        certificates.revoke_decision(
            decision=stale, on=counter.on + timedelta(days=90), reason="B", **counter.who
        )
    assert Decision.objects.get(pk=decision.pk).ends_on == first
