"""取消 of a decision that was changed: the end reaches what follows on it, by both doors, and is told first."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from clients.queries.dossier import client_dossier
from plans.actions import application as applications
from plans.actions.revocation import end_decision
from plans.actions.ward_papers import issue_certificate_copy
from plans.documents import LetterHead, revocation_notice
from plans.models import Decision, Proposal, ServiceUsePlan
from plans.queries.caps import granted_months, latest_decision
from plans.queries.decision_change import changed_by, next_of, own_decisions
from plans.queries.dossier import support_dossier
from plans.queries.income_review import reviewed_caps
from plans.queries.month import months_of_support
from plans.queries.use_path import facts_for_ward, path_facts, reported_contracts
from plans.queries.ward_lists import DecisionState, decision_rows, decision_state_q
from plans.queries.ward_papers import reprint
from plans.queries.ward_sight import holds_file, sight_of
from plans.rules.path import Turn, whose_turn
from teikyaku.era import both, wareki
from teikyaku.periods import Month
from tests.access.proposals import proposed
from tests.accounts.test_coming_and_going import enter
from tests.cast import start_use
from tests.ward.conftest import ERROR, Counter
from tests.ward.test_decision_change import asks_for_change, sent, url


@pytest.fixture
def changed(counter):
    """A decision from today on, and the changed one that takes over in twenty days."""
    counter.former = counter.granted().decision
    counter.row = asks_for_change(counter, counter.former.client)
    counter.day = counter.on + timedelta(days=20)
    data = {"starts_on": counter.day.isoformat(), "amount": "月10日"}
    assert sent(counter, counter.row, **data).status_code == 302
    counter.former.refresh_from_db()
    counter.new = Decision.objects.get(application=counter.row)
    return counter


def again(*rows):
    for row in rows:
        row.refresh_from_db()


def test_by_hand_the_change_that_lies_ahead_ends_too_and_is_told_first(changed):
    former, new, last = changed.former, changed.new, changed.on + timedelta(days=4)
    granted_until = new.granted_until
    page = changed.client.get(url("decision_revoke", former)).content.decode()
    assert "次の支給決定は、そのまま残ります" not in page
    data = {"revoked_on": last.isoformat(), "reason": "転出"}
    answer = changed.post("decision_revoke", former, data)
    assert answer.status_code == ERROR
    told = answer.context["form"]["is_known"].help_text
    assert f"{both(changed.day)}〜{both(new.ends_on)}、月10日" in told
    assert "始まる前に取り消します" in told
    again(former, new)
    assert (new.revoked_on, new.starts_on) == (None, changed.day)

    assert changed.post("decision_revoke", former, {**data, "is_known": "on"}).status_code == 302
    again(former, new)
    # The former one holds the right to its last day; the change keeps its days and never held one.
    assert (former.ends_on, former.revoked_on, former.is_cancelled) == (last, last, False)
    assert (new.starts_on, new.ends_on) == (changed.day, granted_until)
    assert (new.is_cancelled, new.revoked_on) == (True, last)
    assert (former.revocation_reason, new.revocation_reason) == ("転出", "転出")
    page = changed.client.get(url("decision_page", new)).content.decode()
    assert "始まる前に取り消しました" in page
    assert "転出" in page
    for link in ("decision_reissue", "decision_revoke", "decision_cap"):
        assert url(link, new) not in page
    notice = revocation_notice(new, LetterHead("", changed.on))
    assert notice["service"]["starts_on"] == wareki(changed.day)


@pytest.fixture
def cancelled(changed):
    """The change cancelled before it began, by the end of the right four days from today."""
    changed.last = changed.on + timedelta(days=4)
    end_decision(decision=changed.former, on=changed.last, reason="転出", **changed.who)
    again(changed.former, changed.new)
    return changed


def test_what_never_began_is_never_in_force(cancelled):
    new, former, row = cancelled.new, cancelled.former, cancelled.row
    own = Decision.objects.filter(client=new.client)
    assert list(own.in_force(cancelled.last)) == [former]
    for day in (new.starts_on, new.ends_on):
        assert not own.in_force(day).exists()
    states = [s for s in DecisionState if new in own.filter(decision_state_q(s, new.starts_on))]
    assert states == [DecisionState.REVOKED]
    assert decision_rows([new], new.municipality, cancelled.on)[0].state_label(cancelled.on) == (
        "始まる前に取消"
    )
    assert next_of(former) is None
    assert (changed_by(new), own_decisions(row)) == (None, [former])
    assert latest_decision(new.client) == former
    months = granted_months(new.client, new.municipality, Month.of(new.ends_on))
    assert months.last_month == Month.of(cancelled.last)
    assert not reviewed_caps(Decision.objects.filter(pk=new.pk), new.starts_on.year).exists()
    assert list(reported_contracts(new)) == []
    facts = path_facts(new.client, new.starts_on)
    assert facts.granted is None
    assert whose_turn(facts_for_ward(row)) is Turn.NONE


def test_another_ward_decides_over_the_days_of_what_never_began(cancelled):
    assert holds_file(cancelled.new.client_id, cancelled.there.pk)
    other = cancelled.cast.members["other_officer"].municipality
    decided_elsewhere = Decision(
        client=cancelled.new.client, municipality=other, decided_on=cancelled.on,
        starts_on=cancelled.last + timedelta(days=1), ends_on=cancelled.new.ends_on,
        granted_until=cancelled.new.ends_on, amount="月5日", recorded_by=cancelled.officer,
        recorded_at=cancelled.who["at"],
    )  # fmt: skip
    decided_elsewhere.full_clean(exclude=["recorded_by"])
    decided_elsewhere.save()
    # Where the last standing decision lies, there lies the file, however late the cancelled one began.
    assert not holds_file(cancelled.new.client_id, cancelled.there.pk)
    assert holds_file(cancelled.new.client_id, other.pk)
    assert sight_of(cancelled.new.client, cancelled.there.pk, cancelled.on).left_at is not None


def test_no_paper_is_made_of_what_never_began(cancelled):
    version = cancelled.new.certificates.get()
    with pytest.raises(ValidationError, match="始まる前に取り消されています"):
        issue_certificate_copy(certificate=version, **cancelled.who)
    answer = cancelled.client.get(url("decision_page", cancelled.new)).content.decode()
    assert url("certificate_issue", version) not in answer
    data = {"number": "1234567899", "issued_on": cancelled.on.isoformat(), "kind": "reissue",
            "applies_on": cancelled.new.starts_on.isoformat(), "reason": "紛失"}  # fmt: skip
    answer = cancelled.post("decision_reissue", cancelled.new, data)
    assert "始まる前に取り消されています" in answer.content.decode()
    assert cancelled.new.certificates.count() == 1


def test_the_page_of_what_never_began_offers_no_correction_and_no_paper(cancelled):
    hint = "本庁が訂正します"
    never = cancelled.client.get(url("decision_page", cancelled.new)).content.decode()
    assert hint not in never
    assert "取り消した支給決定は訂正できません" in never
    assert "使えません" in never
    former = cancelled.client.get(url("decision_page", cancelled.former)).content.decode()
    assert "使えません" not in former


def test_the_paper_that_was_handed_out_says_that_it_never_held(changed):
    paper = issue_certificate_copy(certificate=changed.new.certificates.get(), **changed.who)
    end_decision(decision=changed.former, on=changed.on, reason="転出", **changed.who)
    paper.certificate.decision.refresh_from_db()
    assert "始まる前に取り消されました。この受給者証は使えません" in reprint(paper)["notice"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"is_cancelled": False},
        {"revoked_on": None, "revocation_reason": ""},
        {"starts_on": "last"},
    ],
    ids=["not-cancelled", "no-end", "began"],
)
def test_the_database_ties_the_state_to_its_days(cancelled, wrong):
    wrong = {key: cancelled.last if value == "last" else value for key, value in wrong.items()}
    rows = Decision.objects.filter(pk=cancelled.new.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**wrong)


def test_what_was_stored_as_one_day_gets_back_its_own(cancelled):
    """As the end of the right was stored before: each change as one of the last days."""
    former, new, last = cancelled.former, cancelled.new, cancelled.last
    as_it_is = list(Decision.objects.order_by("pk").values())
    Decision.objects.filter(pk=former.pk).update(
        ends_on=last - timedelta(days=1), revoked_on=None, revocation_reason=""
    )
    Decision.objects.filter(pk=new.pk).update(starts_on=last, ends_on=last, is_cancelled=False)
    step = import_module("plans.migrations.0020_one_day_decisions")
    step.to_cancelled(apps, None)
    assert list(Decision.objects.order_by("pk").values()) == as_it_is
    assert new.history.first().is_cancelled
    step.to_cancelled(apps, None)
    assert list(Decision.objects.order_by("pk").values()) == as_it_is


def test_by_hand_a_day_of_the_changed_decision_ends_that_one(changed):
    last = changed.day + timedelta(days=3)
    data = {"revoked_on": last.isoformat(), "reason": "転出"}
    answer = changed.post("decision_revoke", changed.former, data)
    assert "変更した支給決定" in answer.context["form"]["is_known"].help_text
    data["is_known"] = "on"
    assert changed.post("decision_revoke", changed.former, data).status_code == 302
    again(changed.former, changed.new)
    assert changed.former.revoked_on is None
    assert (changed.new.starts_on, changed.new.revoked_on) == (changed.day, last)


def test_two_changes_ahead_both_end(changed):
    more = asks_for_change(changed, changed.former.client)
    later = changed.day + timedelta(days=9)
    data = {"starts_on": later.isoformat(), "amount": "月3日",
            "ends_on": changed.new.ends_on.isoformat(),
            "cap_first_month": str(Month.of(later))}  # fmt: skip
    answer = sent(changed, more, **data)
    assert answer.status_code == 302, answer.context["form"].errors
    third, last = Decision.objects.get(application=more), changed.on + timedelta(days=5)
    end_decision(decision=changed.former, on=last, reason="転出", **changed.who)
    again(changed.former, changed.new, third)
    assert Decision.objects.standing().filter(client=third.client, ends_on__gt=last).count() == 0
    for row in (changed.new, third):
        assert (row.is_cancelled, row.revoked_on) == (True, last)
    assert (changed.new.starts_on, third.starts_on) == (changed.day, later)


def test_the_right_may_end_on_its_first_day_before_the_change(changed):
    end_decision(decision=changed.former, on=changed.on, reason="転出", **changed.who)
    again(changed.former, changed.new)
    assert (changed.former.starts_on, changed.former.ends_on) == (changed.on, changed.on)
    assert changed.new.is_cancelled


def test_an_accepted_end_reaches_the_change_that_lies_ahead(talk):
    counter = Counter(talk.client, talk.cast)
    former, last = talk.cast.decision, talk.on + timedelta(days=4)
    applications.receive_plan(
        application=talk.cast.application, stage=ServiceUsePlan.Stage.FINAL, author="self",
        organisation=None, received_on=talk.on - timedelta(days=10), monitoring_months=None, **talk.who(),
    )  # fmt: skip
    starts_on = talk.on + timedelta(days=1)
    start_use(talk.enrolment, talk.worker, talk.cast.members["manager"], starts_on)
    row = asks_for_change(counter, former.client)
    day = talk.on + timedelta(days=9)
    assert sent(counter, row, starts_on=day.isoformat(), amount="月10日").status_code == 302
    former.refresh_from_db()
    ending = proposed(talk.cast, kind="end", ends_on=last, text="転居")
    page = counter.client.get(url("ward_proposal_accept", ending)).content.decode()
    assert "始まる前に取り消します" in page
    assert "次の支給決定は、そのまま残ります" not in page
    assert talk.ward("accept", ending).status_code == ERROR
    assert talk.ward("accept", ending, {"is_known": "on"}).status_code == 302
    assert Proposal.objects.get(pk=ending.pk).state == "accepted"
    rows = Decision.objects.filter(client=former.client)
    assert not rows.standing().filter(ends_on__gt=last).exists()
    cancelled = rows.get(application=row)
    assert (cancelled.is_cancelled, cancelled.revoked_on) == (True, last)
    # Its office reads it as what it is, and counts on none of its days.
    enter(talk.client, talk.worker)
    page = talk.client.get(reverse("client_page", args=[talk.enrolment.client.public_id]))
    assert "支給決定（始まる前に取消）" in page.content.decode()
    dossier = support_dossier(client_dossier(talk.enrolment, talk.on))
    assert dossier.cancelled == (cancelled,)
    assert cancelled not in dossier.decisions
    # The months after it wait for no renewal: what was changed and revoked has ended.
    month = Month.of(last) + 1
    values = list(months_of_support([talk.cast.office], month, month.last_day))
    after = next(each for each in values if each.enrolment_id == talk.enrolment.pk)
    assert (after.facts.has_decision, after.facts.is_renewal_late) == (False, False)


def test_a_change_that_was_revoked_itself_is_no_change_called_off(changed):
    """It has held until its own end: an earlier end of the former half is refused."""
    former, new = changed.former, changed.new
    own = {
        "revoked_on": (changed.day + timedelta(days=9)).isoformat(),
        "reason": "離職",
        "is_known": "on",
    }
    assert changed.post("decision_revoke", new, own).status_code == 302
    earlier = {
        "revoked_on": (changed.on + timedelta(days=4)).isoformat(),
        "reason": "転出",
        "is_known": "on",
    }
    answer = changed.post("decision_revoke", former, earlier)
    assert answer.status_code == ERROR
    assert "取り消されています" in answer.content.decode()
    again(former, new)
    assert (new.is_cancelled, new.revocation_reason, former.revoked_on) == (False, "離職", None)
