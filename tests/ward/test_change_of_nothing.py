"""変更 that changes nothing is refused; what becomes of the cap is told as it is."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from plans.actions.caps import Cap
from plans.actions.certificate import Grant, Paper, grant_decision
from plans.models import Decision, Proposal
from plans.queries.ward_papers import caps_on_paper
from teikyaku.accounts.roles import Role
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_member
from tests.ward.conftest import ERROR
from tests.ward.test_core_upload import confirm, csv_of, hand_in
from tests.ward.test_decision_change import asks_for_change, sent, url

SAME = "と同じです"


@pytest.fixture
def running(counter):
    """Somebody with a decision from today on, who asks for a change."""
    counter.former = counter.granted().decision
    counter.row = asks_for_change(counter, counter.former.client)
    return counter


def test_the_same_period_and_amount_again_are_refused_at_the_amount(running):
    former = running.former
    answer = sent(running, running.row, amount=former.amount)
    assert answer.status_code == ERROR
    errors = answer.context["form"].errors
    assert list(errors) == ["amount"]
    assert SAME in str(errors["amount"])
    assert "受給者証を交付し直す" in str(errors["amount"])
    former.refresh_from_db()
    assert former.ends_on == former.granted_until
    shorter = (former.ends_on - timedelta(days=40)).isoformat()
    answer = sent(running, running.row, amount=former.amount, ends_on=shorter,
                  cap_last_month=shorter[:7])  # fmt: skip
    assert answer.status_code == 302


def test_another_cap_is_a_change(running):
    first = (Month.of(running.on) + 1).first_day
    data = {"amount": running.former.amount, "category": "low_income", "cap_yen": "0",
            "starts_on": first.isoformat(), "cap_first_month": first.isoformat()[:7],
            "is_known": "on"}  # fmt: skip
    assert sent(running, running.row, **data).status_code == 302


def test_the_action_refuses_too(running):
    (cap,) = caps_on_paper(running.former.certificates.get())
    first, former = running.on + timedelta(days=3), running.former
    with pytest.raises(ValidationError, match=SAME):
        grant_decision(
            application=running.row, paper=Paper("1234567899", running.on, first, kind="change"),
            grant=Grant(running.on, first, former.ends_on, f" {former.amount}"),
            cap=Cap(first.replace(day=1), cap.last_month, cap.category, cap.cap_yen), **running.who,
        )  # fmt: skip
    assert Decision.objects.filter(client=former.client).count() == 1


def test_a_line_of_the_core_system_that_changes_nothing_is_refused(running):
    day, former = running.on + timedelta(days=5), running.former
    line = {"number": "1234567899", "kana": "まどぐち はなこ", "birth_date": "1991-01-01",
            "starts_on": day.isoformat(), "ends_on": former.ends_on.isoformat(),
            "issued_on": running.on.isoformat()}  # fmt: skip
    hand_in(running, csv_of(line))
    confirm(running)
    former.refresh_from_db()
    assert former.ends_on == former.granted_until
    hand_in(running, csv_of({**line, "amount": "月10日"}))
    confirm(running)
    former.refresh_from_db()
    assert former.ends_on < former.granted_until


@pytest.mark.parametrize(
    ("data", "field"),
    [({"value": "amount"}, "value"), ({"ends_on": "ends_on"}, "ends_on"),
     ({"value": "amount", "ends_on": "ends_on"}, "value")],
    ids=["amount", "period", "both"],
)  # fmt: skip
def test_an_office_does_not_propose_what_is_so_already(talk, data, field):
    decision = talk.cast.decision
    facts = {name: getattr(decision, each) for name, each in data.items()}
    day = talk.on + timedelta(days=3)
    answer = talk.new("change", starts_on=day, text="変えたい", **facts)
    assert answer.status_code == ERROR
    assert list(answer.context["form"].errors) == [field]
    assert SAME in str(answer.context["form"].errors[field])
    assert "変えたい" in answer.content.decode()
    assert not Proposal.objects.exists()
    assert talk.new("change", starts_on=day, text="変えたい", value="月9日").status_code == 302


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": "月10日"}, "負担上限月額はそのまま続きます。"),
        ({"category": "low_income", "cap_yen": "0", "is_known": "on"}, "負担上限月額は、この決定で 0円 低所得"),
    ],
    ids=["the cap goes on", "another cap"],
)  # fmt: skip
def test_the_second_officer_reads_what_becomes_of_the_cap(running, changes, words):
    ward = running.cast.wards[2]
    ward.needs_second_officer = True
    ward.save()
    first = (Month.of(running.on) + 1).first_day
    data = {"starts_on": first.isoformat(), "cap_first_month": first.isoformat()[:7], **changes}
    form = running.client.get(url("decision_grant", running.row)).content.decode()
    assert "下で変えなければそのまま続き" in form
    assert sent(running, running.row, **data).status_code == 302
    enter(running.client, make_member("second", Role.WARD_OFFICER, municipality=ward))
    page = running.client.get(url("decision_confirm", running.row)).content.decode()
    assert "契約はそのまま続きます。" in page
    assert words in page
    assert "下で変えなければ" not in page
