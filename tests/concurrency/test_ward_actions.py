"""Two officers at once on one application or one decision: one counts, the other is told."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from plans.actions import application as applications
from plans.actions import certificate as certificates
from plans.actions import completion, file_transfer
from plans.actions.revocation import end_decision
from plans.models import Application, Decision
from teikyaku.clock import today
from teikyaku.periods import Month
from tests.cast import cast_of
from tests.concurrency.test_races import at_once
from tests.ward.conftest import Counter
from tests.ward.test_decision_change import asks_for_change

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def counter():
    return Counter(Client(), cast_of(today()))


def stored(model, row):
    """The row as each officer has it open: an object of their own."""
    return model.objects.get(pk=row.pk)


def grant(counter, row, days=0, amount="月10日"):
    day = counter.on + timedelta(days=days)
    return lambda: certificates.grant_decision(
        application=stored(Application, row),
        grant=certificates.Grant(counter.on, day, counter.on + timedelta(days=300), amount),
        paper=certificates.Paper("1234567899", counter.on, day),
        cap=certificates.Cap(Month.of(day).first_day, None, "general_1", 9300),
        **counter.who,
    )


def end(counter, row, outcome):
    return lambda: applications.end_application(
        application=stored(Application, row), outcome=outcome, on=counter.on, reason="本人の希望",
        **counter.who,
    )  # fmt: skip


def one_won(results):
    told = [each for each in results if isinstance(each, ValidationError)]
    assert len(told) == len(results) - 1, results
    return told


@pytest.mark.parametrize("outcome", ["withdrawn", "refused"])
def test_granted_or_ended_never_both(counter, outcome):
    row = counter.heard()
    told = one_won(at_once(grant(counter, row), end(counter, row, outcome)))
    row.refresh_from_db()
    assert "終わっています" in told[0].messages[0]
    assert Decision.objects.filter(application=row).exists() == (row.outcome == "granted")
    assert row.outcome in ("granted", outcome)


def test_withdrawn_or_refused_never_both(counter):
    row = counter.heard()
    one_won(at_once(end(counter, row, "withdrawn"), end(counter, row, "refused")))
    row.refresh_from_db()
    assert row.history.filter(outcome__in=["withdrawn", "refused"]).count() == 1


def test_nothing_is_asked_of_an_application_that_has_just_ended(counter):
    row = counter.heard()

    def ask():
        return completion.ask_completion(
            application=stored(Application, row), asked_on=counter.on, wanted="写し", **counter.who
        )

    results = at_once(ask, end(counter, row, "withdrawn"))
    row.refresh_from_db()
    assert row.outcome == "withdrawn"
    # Asked first, and ended then; or ended, and the other one is told.
    asked, _ended = results
    assert row.completions.exists() == (not isinstance(asked, ValidationError))


def test_one_revocation_counts(counter):
    decision = counter.granted().decision
    days = {"A": counter.on + timedelta(days=30), "B": counter.on + timedelta(days=90)}

    def revoke(reason):
        return lambda: certificates.revoke_decision(
            decision=stored(Decision, decision), on=days[reason], reason=reason, **counter.who
        )

    (told,) = one_won(at_once(revoke("A"), revoke("B")))
    assert "取り消されています" in told.messages[0]
    decision.refresh_from_db()
    assert decision.ends_on == decision.revoked_on == days[decision.revocation_reason]
    assert decision.history.filter(revoked_on__isnull=False).count() == 1


def test_changed_or_revoked_in_one_order(counter):
    former = counter.granted().decision
    row = asks_for_change(counter, former.client)
    day, last = counter.on + timedelta(days=5), counter.on + timedelta(days=2)
    results = at_once(
        grant(counter, row, days=5),
        lambda: certificates.revoke_decision(
            decision=stored(Decision, former), on=last, reason="転出", **counter.who
        ),
    )
    former.refresh_from_db()
    new = Decision.objects.filter(application=row).first()
    assert former.revoked_on == last, results
    assert former.ends_on == last
    assert new is None or new.starts_on == day
    assert isinstance(results[0], ValidationError) == (new is None)


def test_an_end_reaches_a_change_of_the_change_or_comes_before_it(counter):
    """The end begins at the former half; the change that is granted meanwhile changes the later one."""
    former = counter.granted().decision
    first = asks_for_change(counter, former.client)
    grant(counter, first, days=5)()
    second = asks_for_change(counter, former.client)
    last = counter.on + timedelta(days=20)
    results = at_once(
        grant(counter, second, days=40, amount="月9日"),
        lambda: end_decision(
            decision=stored(Decision, former), on=last, reason="転出", **counter.who
        ),
    )
    held = Decision.objects.standing().filter(client=former.client, ends_on__gt=last)
    assert not held.exists(), results
    assert Decision.objects.get(application=first).revoked_on == last


def test_two_changes_at_once_are_one(counter):
    former = counter.granted().decision
    row = asks_for_change(counter, former.client)
    one_won(at_once(grant(counter, row, days=5), grant(counter, row, days=9)))
    former.refresh_from_db()
    new = Decision.objects.get(application=row)
    assert former.ends_on == new.starts_on - timedelta(days=1)


def test_the_file_passes_or_is_decided_here(counter):
    row = counter.heard()
    receiver = counter.cast.members["other_officer"]
    transfer = file_transfer.offer_file(
        client=row.client, sender=counter.cast.wards[2], receiver=receiver.municipality,
        moved_on=counter.on, note="", **counter.who,
    )  # fmt: skip
    results = at_once(
        grant(counter, row),
        lambda: file_transfer.accept_file(transfer=transfer, by=receiver, at=counter.who["at"]),
    )
    decision = Decision.objects.filter(application=row).first()
    row.refresh_from_db()
    assert not isinstance(results[1], Exception), results
    if decision is None:
        assert row.municipality == receiver.municipality
        assert "渡っています" in results[0].messages[0]
    else:
        assert decision.keeper == receiver.municipality
