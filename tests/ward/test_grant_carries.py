"""What a grant takes over from the last decision, what it looks at ahead, and that all is told at once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clients.models import Employment
from plans.actions import certificate as certificates
from plans.actions.number_range import number_for
from plans.documents import certificate_document
from plans.models import CapPeriod, Certificate, Decision, WardPaper
from plans.queries.grant_prefill import grant_prefill
from plans.queries.number_range import known_number
from plans.queries.ward_papers import caps_on_paper, reprint
from teikyaku.era import both, wareki, wareki_month
from teikyaku.periods import Month, day_after
from tests.accounts.test_coming_and_going import enter
from tests.ward.conftest import ERROR
from tests.ward.test_decision_change import heard, shown, url


@pytest.fixture
def renewal(counter):
    """A renewal of somebody whose decision carried an amount, remarks and a managed cap."""
    first = counter.granted()
    Decision.objects.filter(application=first).update(amount="月5日")
    Certificate.objects.filter(decision=first.decision).update(remarks="拡大文字で通知")
    CapPeriod.objects.filter(client=first.client).update(
        is_managed=True, managing_office_name="管理ホーム", managing_office_number="1510000001"
    )
    counter.first = first
    return counter.heard(known=first.client, kind="renewal")


def test_a_renewal_takes_over_what_the_last_decision_carried(counter, renewal):
    held = shown(counter, renewal)
    assert (held["amount"], held["remarks"]) == ("月5日", "拡大文字で通知")
    assert (held["is_managed"], held["managing_office_name"]) == (True, "管理ホーム")
    starts_on = day_after(counter.first.decision.ends_on)
    data = {name: value for name, value in held.items() if value not in (None, "", False)}
    data |= {"category": "general_1", "cap_yen": "9300", "is_known": "on",
             "cap_first_month": str(Month.of(starts_on)), "cap_last_month": "",
             "looked": "yes"}  # fmt: skip
    assert counter.post("decision_grant", renewal, data).status_code == 302
    new = Decision.objects.get(application=renewal)
    paper, cap = new.certificates.get(), CapPeriod.objects.latest("first_month")
    assert (new.amount, paper.remarks, paper.kind) == ("月5日", "拡大文字で通知", "renewal")
    assert (cap.is_managed, cap.managing_office_number) == (True, "1510000001")


def test_nothing_is_taken_over_by_a_first_decision(counter):
    held = shown(counter, counter.heard())
    assert (held["amount"], held["remarks"]) == ("当該月の日数", None)


def test_a_renewal_far_ahead_is_asked_about(counter, renewal):
    starts_on = day_after(counter.first.decision.ends_on)
    data = counter.grant_data(
        starts_on=starts_on.isoformat(), ends_on=(starts_on + timedelta(days=60)).isoformat(),
        cap_first_month=str(Month.of(starts_on)), number="1234567899",
    )  # fmt: skip
    answer = counter.post("decision_grant", renewal, data)
    assert list(answer.context["form"].errors) == ["is_known"]
    assert "301日先" in answer.content.decode()
    assert counter.post("decision_grant", renewal, data | {"is_known": "on"}).status_code == 302


def test_a_day_to_come_is_told_with_everything_else(counter):
    row = counter.heard()
    tomorrow = (counter.on + timedelta(days=1)).isoformat()
    answer = counter.post(
        "decision_grant", row, counter.grant_data(issued_on=tomorrow, cap_yen="99999", number="1")
    )
    assert {"issued_on", "cap_yen", "number"} <= set(answer.context["form"].errors)


# --- A leaving that lies ahead -----------------------------------------------------------------------


def test_a_decision_ends_with_a_leaving_on_file_that_ends_the_right(counter):
    row = counter.heard()
    left_on = counter.on + timedelta(days=90)
    Employment.objects.filter(client=row.client).update(ends_on=left_on, changes_to_improve=False)
    assert shown(counter, row)["ends_on"] == left_on.isoformat()
    answer = counter.post("decision_grant", row, counter.grant_data())
    assert answer.status_code == ERROR
    told = str(answer.context["form"].errors["ends_on"])
    assert both(left_on) in told
    assert "離職" in told
    fine = counter.grant_data(ends_on=left_on.isoformat())
    assert counter.post("decision_grant", row, fine).status_code == 302


def test_a_leaving_that_a_job_may_still_follow_is_told_and_refuses_nothing(counter):
    row = counter.heard()
    left_on = counter.on + timedelta(days=90)
    Employment.objects.filter(client=row.client).update(ends_on=left_on)
    assert grant_prefill(row, counter.on).longest.ends_on > left_on
    page = counter.client.get(url("decision_grant", row)).content.decode()
    assert "離職の予定が記録されています" in page
    assert counter.post("decision_grant", row, counter.grant_data()).status_code == 302


def test_a_proposal_past_such_a_leaving_is_told_to_the_office(talk):
    decision = talk.cast.decision
    after = day_after(decision.ends_on)
    left_on = after + timedelta(days=30)
    Employment.objects.filter(client=decision.client).update(
        ends_on=left_on, changes_to_improve=False
    )
    far = talk.new("renewal", starts_on=after, ends_on=left_on + timedelta(days=1))
    assert "ends_on" in far.context["form"].errors
    enter(talk.client, talk.worker)
    page = reverse("proposal_new", args=[talk.enrolment.public_id, "renewal"])
    assert talk.client.get(page).context["form"]["ends_on"].value() == left_on.isoformat()


# --- The number of a file that passed ----------------------------------------------------------------


def test_the_number_stays_with_a_file_that_passed(two):
    first = two.granted()
    assert known_number(first.client, two.there) is None
    Decision.objects.filter(application=first).update(passed_to=two.there)
    assert known_number(first.client, two.there).number == "1234567899"


def test_a_number_that_somebody_has_there_is_not_proposed(two):
    first = two.granted()
    Decision.objects.filter(application=first).update(passed_to=two.there)
    two.cast.enrolment.client.recipient_numbers.create(
        municipality=two.there, number="1234567899", recorded_by=two.receiver,
        recorded_at=two.who["at"],
    )  # fmt: skip
    assert known_number(first.client, two.there) is None


def test_the_first_paper_of_the_new_ward_carries_it(two):
    first = two.granted()
    Decision.objects.filter(application=first).update(passed_to=two.there)
    who = {
        "client": first.client,
        "municipality": two.there,
        "by": two.receiver,
        "at": two.who["at"],
    }
    with pytest.raises(ValidationError, match="1234567899です"):
        number_for(number="1234567898", **who)
    found = number_for(number="", **who)
    assert (found.number, found.municipality) == ("1234567899", two.there)


# --- Revocation and what is printed after it ---------------------------------------------------------


def test_the_button_says_what_it_does(counter):
    decision = counter.granted().decision
    page = counter.client.get(url("decision_revoke", decision)).content.decode()
    assert "保存する" not in page


def test_a_change_is_received_from_the_decisions_page(counter):
    decision = counter.granted().decision
    page = counter.client.get(url("decision_page", decision)).content.decode()
    address = f"{reverse('admin:application_new')}?change={decision.public_id}"
    assert address in page
    data = {"received_on": counter.on.isoformat(), "received_place": "ward_office"}
    assert counter.client.post(address, data).status_code == 302
    row = decision.client.applications.get(outcome="")
    assert (row.kind, row.client) == ("change", decision.client)
    heard(row, counter.who, counter.on)
    assert shown(counter, row)["ends_on"] == decision.ends_on.isoformat()


def test_a_version_issued_after_the_revocation_is_the_one_that_holds(counter):
    decision = counter.granted().decision
    old = decision.certificates.get()
    counter.client.post(url("certificate_issue", old))
    last = counter.on + timedelta(days=100)
    later = {"by": counter.officer, "at": old.recorded_at + timedelta(minutes=1)}
    certificates.revoke_decision(decision=decision, on=last, reason="転出", **later)
    new = certificates.issue_certificate(
        decision=decision, reason="取消で期間が短くなった", by=counter.officer,
        at=old.recorded_at + timedelta(minutes=2),
        paper=certificates.Paper("1234567899", counter.on, counter.on, kind="change"),
    )  # fmt: skip
    counter.client.post(url("certificate_issue", new))

    printed = certificate_document(new, number="x", issued_on=counter.on)
    assert printed["service"]["ends_on"] == wareki(last)
    assert [cap["last_month"] for cap in printed["caps"]] == [wareki_month(Month.of(last))]
    before = certificate_document(old, number="x", issued_on=counter.on)
    assert before["service"]["ends_on"] == wareki(decision.granted_until)
    assert [cap.last_month for cap in caps_on_paper(old)] == [None]
    assert CapPeriod.objects.get(client=decision.client).last_month is None

    outdated, holds = (reprint(WardPaper.objects.get(certificate=each)) for each in (old, new))
    assert outdated["edition"] == "旧版"
    assert holds["edition"] != "旧版"
    assert holds["notice"] == ""
