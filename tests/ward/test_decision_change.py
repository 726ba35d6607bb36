"""変更: the running decision ends the day before, and everything that hangs on it goes on."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from plans.actions import application as applications
from plans.actions import certificate as certificates
from plans.models import Application, CapPeriod, Decision, Proposal, ServiceUsePlan, WardPaper
from plans.queries.month import months_of_support
from plans.queries.renewal import ending_decisions
from plans.queries.ward_papers import caps_on_paper, reprint
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from teikyaku.era import both
from teikyaku.periods import Month, day_after, day_before
from tests.access.proposals import proposed, talked_about
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_member, meet, report, start_use
from tests.ward.conftest import ERROR, Counter
from tests.ward.test_core_upload import confirm, csv_of, hand_in


def url(name, row):
    return reverse(f"admin:{name}", args=[row.public_id])


def heard(row, who, on):
    """Survey and plan proposal of an application, ready for the decision."""
    applications.record_survey(
        application=row, held_on=on, held_by="職員", difficulties="変更", **who
    )
    applications.receive_plan(
        application=row, stage=ServiceUsePlan.Stage.PROPOSED, author="self", organisation=None,
        received_on=on, monitoring_months=None, **who,
    )  # fmt: skip
    return row


def asks_for_change(counter, client, municipality=None):
    row = applications.receive_application(
        client=client, municipality=municipality or counter.cast.wards[2], kind="change",
        received_on=counter.on, received_place="ward_office", **counter.who,
    )  # fmt: skip
    return heard(row, counter.who, counter.on)


def shown(counter, row):
    """What the form of the grant holds already."""
    form = counter.client.get(url("decision_grant", row)).context["form"]
    return {name: form[name].value() for name in form.fields}


def sent(counter, row, **changes):
    """As it is proposed, with another amount unless something else is changed."""
    held = shown(counter, row)
    if held["amount"] == "当該月の日数" and not changes.keys() & {"amount", "ends_on", "cap_yen"}:
        held["amount"] = "月9日"
    data = {name: value or "" for name, value in (held | changes).items()}
    if not data.get("is_managed"):
        data.pop("is_managed", None)
    return counter.post(
        "decision_grant", row, data | {"cap_yen": data["cap_yen"] or "0", "looked": "yes"}
    )


@pytest.fixture
def running(counter):
    """Somebody with a decision from today on, who asks for a change."""
    counter.former = counter.granted().decision
    counter.row = asks_for_change(counter, counter.former.client)
    return counter


def test_a_change_ends_the_running_decision_the_day_before(running):
    former, day = running.former, running.on + timedelta(days=9)
    cap = CapPeriod.objects.get(client=former.client)
    held = shown(running, running.row)
    # The decision began today: a change begins tomorrow at the earliest.
    assert held["starts_on"] == (running.on + timedelta(days=1)).isoformat()
    assert held["ends_on"] == former.ends_on.isoformat()
    assert (held["amount"], held["number"]) == (former.amount, "1234567899")
    assert sent(running, running.row, starts_on=day.isoformat(), amount="月10日").status_code == 302

    first_end = former.ends_on
    former.refresh_from_db()
    new = Decision.objects.get(application=running.row)
    assert (former.ends_on, former.granted_until) == (day_before(day), first_end)
    assert former.revoked_on is None
    assert former.history.all()[1].ends_on == first_end
    assert (new.starts_on, new.ends_on, new.granted_until) == (day, first_end, first_end)
    assert new.amount == "月10日"
    paper = new.certificates.get()
    assert (paper.kind, paper.applies_on) == ("change", day)
    assert paper.recipient_number == former.certificates.get().recipient_number
    # The cap is the same row: nothing was decided about it.
    assert CapPeriod.objects.get(client=former.client) == cap
    assert [each.pk for each in caps_on_paper(paper)] == [cap.pk]
    assert caps_on_paper(former.certificates.get())
    for decision, words in ((former, "変更"), (new, "月10日")):
        assert words in running.client.get(url("decision_page", decision)).content.decode()
    # Nobody is reminded to renew what goes on as another one.
    reminder = url("decision_reminder", former)
    assert reminder not in running.client.get(url("decision_page", former)).content.decode()
    assert "変更した支給決定です" in running.client.get(reminder, follow=True).content.decode()
    own = Decision.objects.filter(client=former.client)
    assert list(ending_decisions(own, former.ends_on)) == []


def test_the_former_paper_says_that_it_holds_no_more(running):
    paper = running.former.certificates.get()
    made = running.client.post(url("certificate_issue", paper))
    assert made.status_code == 302
    assert sent(running, running.row).status_code == 302
    content = reprint(WardPaper.objects.get(certificate=paper))
    assert content["edition"] == "旧版"
    assert "変更され" in content["notice"]
    late = {"by": running.officer, "at": at_noon(running.on + timedelta(days=3))}
    running.former.refresh_from_db()
    with pytest.raises(ValidationError, match="変更されました"):
        certificates.issue_certificate(
            decision=running.former, reason="紛失", **late,
            paper=certificates.Paper("", running.on, running.on, kind="reissue"),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "次の日"), (-1, "の中の日"), (301, "更新の申請")],
    ids=["first day", "before", "after"],
)
def test_a_day_on_which_nothing_can_be_changed_is_told(running, days, words):
    day, last = running.on + timedelta(days=days), running.on + timedelta(days=310)
    answer = sent(running, running.row, starts_on=day.isoformat(), ends_on=last.isoformat())
    assert answer.status_code == ERROR
    assert words in str(answer.context["form"].errors["starts_on"])
    assert Decision.objects.filter(client=running.former.client).count() == 1


def test_a_revoked_decision_is_not_changed(running):
    last = running.on + timedelta(days=20)
    certificates.revoke_decision(decision=running.former, on=last, reason="転出", **running.who)
    answer = sent(running, running.row, starts_on=(running.on + timedelta(days=2)).isoformat(),
                  ends_on=last.isoformat(), amount="月10日", category="general_1", cap_yen="9300",
                  cap_first_month=running.on.isoformat()[:7])  # fmt: skip
    assert answer.status_code == ERROR
    assert "取り消されています" in str(answer.context["form"].errors["starts_on"])


def test_another_cap_from_a_month_on_follows_as_always(running):
    day = (Month.of(running.on) + 1).first_day
    data = {"starts_on": day.isoformat(), "category": "low_income", "cap_yen": "0",
            "cap_first_month": day.isoformat()[:7], "is_known": "on"}  # fmt: skip
    assert sent(running, running.row, **data).status_code == 302
    old, new = CapPeriod.objects.filter(client=running.former.client).order_by("first_month")
    assert (old.last_month, new.first_month) == (day_before(day).replace(day=1), day)


def test_a_managed_cap_goes_on_managed(running):
    CapPeriod.objects.filter(client=running.former.client).update(
        is_managed=True, managing_office_name="管理ホーム", managing_office_number="1510000001"
    )
    assert shown(running, running.row)["is_managed"] is True
    assert sent(running, running.row).status_code == 302
    cap = CapPeriod.objects.get(client=running.former.client)
    assert (cap.is_managed, cap.managing_office_name) == (True, "管理ホーム")


def test_the_two_officers_change_it_together(running):
    ward = running.cast.wards[2]
    ward.needs_second_officer = True
    ward.save()
    second = make_member("second", Role.WARD_OFFICER, municipality=ward)
    day = running.on + timedelta(days=8)
    data = {"starts_on": day.isoformat(), "amount": "月10日"}
    assert sent(running, running.row, **data).status_code == 302
    running.former.refresh_from_db()
    assert running.former.ends_on == running.former.granted_until  # tried and undone
    enter(running.client, second)
    page = running.client.get(url("decision_confirm", running.row)).content.decode()
    # The longest period is counted from the day that was written, not from today.
    assert f"{both(day)} に始まる支給決定期間は" in page
    assert "変更する支給決定" in page
    assert running.post("decision_confirm", running.row, {}).status_code == 302
    running.former.refresh_from_db()
    assert Decision.objects.get(application=running.row).amount == "月10日"
    assert running.former.ends_on == day_before(day)


def test_a_line_of_the_core_system_changes_it_too(running):
    former, day = running.former, running.on + timedelta(days=5)
    cap = CapPeriod.objects.get(client=former.client)
    line = {
        "number": "1234567899", "kana": "まどぐち はなこ", "birth_date": "1991-01-01",
        "starts_on": day.isoformat(), "ends_on": former.ends_on.isoformat(),
        "issued_on": running.on.isoformat(), "amount": "月10日", "category": "一般１",
        "cap_yen": "9300", "cap_first_month": str(Month.of(cap.first_month)),
    }  # fmt: skip
    page = hand_in(running, csv_of(line)).content.decode()
    assert f"{both(day_before(day))} までになります" in page
    _answer, upload = confirm(running)
    assert upload.new_count == 1, upload.refusals
    former.refresh_from_db()
    assert former.ends_on == day_before(day)
    assert Decision.objects.get(application=running.row).certificates.get().kind == "change"


@pytest.mark.parametrize(
    "stated",
    [
        pytest.param({}, id="as it runs"),
        pytest.param({"cap_first_month": "of the change"}, id="from the change on"),
        pytest.param(
            {"cap_first_month": "", "cap_last_month": "", "cap_yen": "", "category": ""},
            id="left out",
        ),
    ],
)
def test_a_line_with_the_cap_on_file_leaves_it_with_its_office(running, stated):
    former, day = running.former, (Month.of(running.on) + 1).first_day + timedelta(days=4)
    last = (Month.of(day) + 1).first_day
    CapPeriod.objects.filter(client=former.client).update(
        last_month=last, cap_yen=8000, category_reason="税の更正", is_managed=True,
        managing_office_name="管理ホーム", managing_office_number="1510000001",
    )  # fmt: skip
    cap = CapPeriod.objects.get(client=former.client)
    line = {
        "number": "1234567899", "kana": "まどぐち はなこ", "birth_date": "1991-01-01",
        "starts_on": day.isoformat(), "ends_on": former.ends_on.isoformat(),
        "issued_on": running.on.isoformat(), "amount": "月10日", "category": "一般１",
        "cap_yen": "8000", "cap_first_month": str(Month.of(cap.first_month)),
        "cap_last_month": str(Month.of(last)), **stated,
    }  # fmt: skip
    if line["cap_first_month"] == "of the change":
        line["cap_first_month"] = str(Month.of(day))
    page = hand_in(running, csv_of(line)).content.decode()
    assert "いまの上限額" not in page
    _answer, upload = confirm(running)
    assert upload.new_count == 1, upload.refusals
    assert Decision.objects.get(application=running.row).starts_on == day
    known = CapPeriod.objects.get(client=former.client)
    assert (known.pk, known.last_month, known.is_managed) == (cap.pk, last, True)
    assert (known.managing_office_name, known.category_reason) == ("管理ホーム", "税の更正")


def test_a_line_of_a_renewal_leaves_the_cap_on_file_with_its_office(counter):
    former = counter.granted(employed_days_ago=500).decision
    row = heard(
        applications.receive_application(
            client=former.client, municipality=counter.cast.wards[2], kind="renewal",
            received_on=counter.on, received_place="ward_office", **counter.who,
        ), counter.who, counter.on,
    )  # fmt: skip
    day = day_after(former.ends_on)
    first, terms = (Month.of(day) + 1).first_day, {"category": "general_1", "cap_yen": 9300}
    CapPeriod.objects.filter(client=former.client).update(
        last_month=day_before(first).replace(day=1)
    )
    CapPeriod.objects.create(
        client=former.client, municipality=former.municipality, first_month=first, **terms,
        last_month=first, is_managed=True, managing_office_name="管理ホーム",
        recorded_by=counter.officer, recorded_at=counter.who["at"],
    )  # fmt: skip
    line = {
        "number": "1234567899", "kana": "まどぐち はなこ", "birth_date": "1991-01-01",
        "starts_on": day.isoformat(), "ends_on": (day + timedelta(days=90)).isoformat(),
        "issued_on": counter.on.isoformat(), "category": "一般１", "cap_yen": "9300",
        "cap_first_month": str(Month.of(first)), "cap_last_month": str(Month.of(first)),
    }  # fmt: skip
    hand_in(counter, csv_of(line))
    _answer, upload = confirm(counter)
    assert upload.new_count == 1, upload.refusals
    assert Decision.objects.get(application=row).starts_on == day
    known = CapPeriod.objects.get(client=former.client, first_month=first)
    assert (known.is_managed, known.managing_office_name) == (True, "管理ホーム")


# --- What an office asked for ------------------------------------------------------------------------


def test_what_the_office_asked_stands_on_the_form_and_the_office_reads_what_became_of_it(talk):
    former = talk.cast.decision
    day = day_after(talk.on)
    outside = talk.new("change", starts_on=day_after(former.ends_on), value="月10日", text="週2回")
    assert "の中の日付" in str(outside.context["form"].errors["starts_on"])
    first = talk.new("change", starts_on=former.starts_on, value="月10日", text="週2回")
    assert "starts_on" in first.context["form"].errors
    assert (
        talk.new("change", starts_on=day, value="月10日", text="週2回にします").status_code == 302
    )
    row = Proposal.objects.get()
    assert talk.ward("accept", row).status_code == 302
    application = Application.objects.get(client=former.client, outcome="")
    heard(application, talk.who(), talk.on)
    page = talk.client.get(url("application_page", application)).content.decode()
    for words in ("月10日", "週2回にします", both(day)):
        assert words in page
    counter = Counter(talk.client, talk.cast)
    held = shown(counter, application)
    assert (held["starts_on"], held["amount"]) == (day.isoformat(), "月10日")
    assert held["ends_on"] == former.ends_on.isoformat()
    last = day_before(former.ends_on)
    ending = proposed(talk.cast, kind="end", ends_on=last, text="転居")
    assert sent(counter, application).status_code == 302

    former.refresh_from_db()
    new = Decision.objects.get(application=application)
    assert (former.ends_on, new.starts_on, new.amount) == (talk.on, day, "月10日")
    assert Proposal.objects.get(pk=row.pk).decision == former
    enter(talk.client, talk.worker)
    told = talk.client.get(reverse("proposal_page", args=[row.public_id])).content.decode()
    assert "申請の結果" in told
    assert both(day) in told
    person = talk.client.get(reverse("client_page", args=[former.client.public_id]))
    assert "支給決定の更新" not in person.content.decode()
    # An end that was asked before ends what holds now.
    assert talk.ward("accept", ending, {"is_known": "on"}).status_code == 302
    new.refresh_from_db()
    former.refresh_from_db()
    assert (new.revoked_on, former.revoked_on) == (ending.ends_on, None)


def test_the_months_before_and_after_stay_as_they_were(talk):
    """Billing reads the month of the change, and those around it, as if nothing had been changed."""
    decision, worker = talk.cast.decision, talk.worker
    enrolment = talked_about(talk.cast)
    applications.receive_plan(
        application=talk.cast.application, stage=ServiceUsePlan.Stage.FINAL, author="self",
        organisation=None, received_on=talk.on, monitoring_months=None, **talk.who(),
    )  # fmt: skip
    starts_on = talk.on + timedelta(days=3)
    start_use(enrolment, worker, talk.cast.members["manager"], starts_on)
    month = Month.of(starts_on) + 1
    for each in (month, month + 1, month + 2):
        day = each.first_day + timedelta(days=4)
        meet(enrolment, worker, day)
        report(enrolment, worker, day)
    seen_on = (month + 3).last_day

    def lines():
        return [
            next(v for v in months_of_support([talk.cast.office], each, seen_on)
                 if v.enrolment_id == enrolment.pk)
            for each in (month, month + 1, month + 2)
        ]  # fmt: skip

    before = lines()
    assert all(each.facts.has_decision and each.cap_yen == 0 for each in before)
    counter = Counter(talk.client, talk.cast)
    row = asks_for_change(counter, decision.client)
    # Inside the second month: its meeting lies before the day, the report after it.
    day = (month + 1).first_day + timedelta(days=14)
    assert sent(counter, row, starts_on=day.isoformat(), amount="月10日").status_code == 302
    after = lines()
    new = Decision.objects.get(application=row)
    assert [each.decision_public_id for each in after] == [
        # The month of the change is paid under the one that held at its meeting.
        decision.public_id, decision.public_id, new.public_id
    ]  # fmt: skip
    for old, now in zip(before, after, strict=True):
        assert now.facts == old.facts
        for name in ("municipality_id", "certificate_number", "cap_yen"):
            assert getattr(now, name) == getattr(old, name), name
