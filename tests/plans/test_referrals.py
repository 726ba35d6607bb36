"""つなぎ: from the screening's no to a centre, and found again on the day on which the service can be used."""

from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from clients.actions import referral as plain
from clients.actions.employment import employer_named
from clients.actions.enrolment import begin_use
from clients.enums import EndReason
from clients.models import Referral
from clients.rules.kinds import ScreeningAnswer
from clients.rules.window import support_window
from plans.actions import life_change
from plans.actions import referral as actions
from plans.actions.application import receive_application
from plans.queries.referral import ReferralAsk, eligible_count, referral_ask_q, referrals_for
from plans.queries.referral_days import eligible_days
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon
from teikyaku.desk.inconsistencies.derived import stale_referrals
from teikyaku.periods import months_later
from tests.accounts.test_coming_and_going import enter


@pytest.fixture
def who(cast):
    return {"by": cast.members["worker"], "at": at_noon(cast.today)}


@pytest.fixture
def hired(cast):
    """Eight months ago: the six months are complete."""
    return months_later(cast.today, -8)


@pytest.fixture
def person(cast, who, hired):
    """Somebody whose file knows a job and no service."""
    return take_in(cast, who, hired)


def take_in(cast, who, hired, services=(), name="道野 かなえ", kana="みちの かなえ"):
    return life_change.take_in_person(
        office=cast.office, starts_on=hired, name=name, kana=kana, birth_date=date(1995, 5, 5),
        services=services, job={"employer": employer_named(name="架空書店"), "starts_on": hired},
        **who,
    )  # fmt: skip


def service(hired):
    return {"kind": "transition", "office_name": "前の事業所",
            "starts_on": hired - timedelta(days=400), "ends_on": hired - timedelta(days=3)}  # fmt: skip


def led(person, who, on, **more):
    return actions.refer(client=person.client, centre="core_support", referred_on=on, **more, **who)


def ask(cast, key="worker"):
    return eligible_count(cast.members[key], cast.today)


# --- From the no to the centre --------------------------------------------------------------------


def test_from_a_no_it_is_one_press_to_a_filled_form(client, cast, person):
    enter(client, cast.members["worker"])
    url = reverse("screening", args=[person.client.public_id])
    told = {"used_service": "no", "works_in_niigata": "yes"}
    assert client.post(url, told).status_code == 302
    page = client.get(url)
    assert page.context["result"].answer is ScreeningAnswer.NOT_ELIGIBLE
    new = reverse("referral_new", args=[person.client.public_id])
    assert f"{new}?centre=core_support" in page.content.decode()
    form = client.get(new, {"centre": "core_support"}).context["form"]
    filled = {name: form[name].value() for name in ("centre", "referred_on", "outcome", "why")}
    assert filled["centre"] == "core_support"
    assert filled["referred_on"] == cast.today.isoformat()
    assert filled["outcome"] == "waiting"
    assert "利用がないため" in filled["why"]
    sent = {**filled, "handed_over": "連絡先"}
    answer = client.post(new, sent)
    assert answer.status_code == 422
    assert "consented_on" in answer.context["form"].errors
    assert answer.context["form"]["handed_over"].value() == "連絡先"
    assert client.post(new, {**sent, "consented_on": cast.today.isoformat()}).status_code == 302
    row = Referral.objects.get()
    assert (row.office, row.municipality, row.eligible_from) == (cast.office, None, None)
    assert (
        "こあサポートにつないだ"
        in client.get(
            reverse("client_history", args=[person.client.public_id]), {"kind": "around"}
        ).content.decode()
    )


def test_what_is_on_file_wins_over_the_answer(client, cast, person, who, hired):
    life_change.add_prior_service(client=person.client, **service(hired), **who)
    enter(client, cast.members["worker"])
    url = reverse("screening", args=[person.client.public_id])
    page = client.post(url, {"used_service": "no", "try": "1"})
    assert page.context["result"].answer is ScreeningAnswer.ELIGIBLE_NOW


def test_the_answer_and_a_day_ahead(client, cast, person, who):
    row = led(person, who, cast.today - timedelta(days=9))
    enter(client, cast.members["worker"])
    url = reverse("referral_answer", args=[row.public_id])
    ahead = {"outcome": "registered", "outcome_on": (cast.today + timedelta(days=1)).isoformat()}
    assert "outcome_on" in client.post(url, ahead).context["form"].errors
    without = client.post(url, {"outcome": "registered"})
    assert without.status_code == 422
    assert "outcome_on" in without.context["form"].errors
    sent = {"outcome": "registered", "outcome_on": cast.today.isoformat(), "outcome_note": "登録"}
    assert client.post(url, sent).status_code == 302
    page = client.get(reverse("referral_page", args=[row.public_id])).content.decode()
    assert "登録した" in page
    assert "返事待ち" in page  # what was before


@pytest.mark.parametrize(
    "changed",
    [
        {"handed_over": "連絡先"},
        {"outcome": "registered"},
        {"outcome_on": date(2030, 1, 1)},
        {"outcome": "talked", "outcome_on": date(2000, 1, 1)},
        {"follow_up": "applies"},
        {"follow_up": "applies", "follow_up_on": date(2000, 1, 1)},
        {"office": None},
        {"withdrawn_reason": "理由だけ"},
        {"withdrawn_at": at_noon(date(2026, 4, 1)), "withdrawn_reason": "x"},
    ],
    ids=str,
)
def test_the_database_keeps_what_belongs_together(cast, person, who, changed):
    row = led(person, who, cast.today)
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=row.pk).update(**changed)


# --- Found again ----------------------------------------------------------------------------------


def test_found_when_the_service_becomes_known(client, cast, person, who, hired):
    led(person, who, cast.today - timedelta(days=90))
    assert ask(cast) == 0
    life_change.add_prior_service(client=person.client, **service(hired), **who)
    row = Referral.objects.get()
    assert row.eligible_from <= cast.today <= row.eligible_until
    assert (ask(cast), ask(cast, "manager"), ask(cast, "billing"), ask(cast, "outsider")) == (
        1,
        1,
        0,
        0,
    )
    for key in ("worker", "head"):
        client.logout()
        enter(client, cast.members[key])
        page = client.get(reverse("home")).content.decode()
        assert f"{reverse('referral_list')}?ask=eligible" in page
    found = client.get(reverse("referral_list"), {"ask": "eligible"})
    assert [row.name for row, _url in found.context["rows"]] == ["道野 かなえ"]


def test_found_from_the_first_usable_day_to_the_last(cast, who, hired):
    """By the passing of time alone: nothing is written on those days."""
    led(take_in(cast, who, hired, [service(hired)]), who, hired + timedelta(days=1))
    row = Referral.objects.get()
    assert row.eligible_from == support_window(hired).first_usable_on
    day = timedelta(days=1)
    asked = [
        row.eligible_from - day,
        row.eligible_from,
        row.eligible_until,
        row.eligible_until + day,
    ]
    found = [
        referrals_for(who["by"]).filter(referral_ask_q(ReferralAsk.ELIGIBLE, on)).count()
        for on in asked
    ]
    assert found == [0, 1, 1, 0]


@pytest.mark.parametrize(
    "what", ["told", "use", "withdrawn", "left", "died", "newer", "no difficulties"]
)
def test_who_is_not_asked_about(client, cast, who, hired, what):
    person = take_in(cast, who, hired, [service(hired)])
    row = led(person, who, cast.today - timedelta(days=30))
    assert ask(cast) == 1
    if what == "told":
        plain.follow_referral(referral=row, follow_up="not_now", on=cast.today, note="", **who)
    elif what == "use":
        begin_use(enrolment=person, starts_on=cast.today, **who)
    elif what == "withdrawn":
        plain.withdraw_referral(referral=row, reason="別の人", **who)
    elif what == "left":
        life_change.end_employment(
            employment=person.client.employments.get(), ends_on=cast.today - timedelta(days=1),
            reason="契約満了", changes_to_improve=False, **who,
        )  # fmt: skip
    elif what == "died":
        life_change.end_use(
            enrolment=person, ends_on=cast.today, reason=EndReason.DIED, note="", **who
        )
    elif what == "newer":
        led(person, who, cast.today)
        assert referrals_for(cast.members["worker"]).count() == 2
    else:
        enter(client, cast.members["worker"])
        url = reverse("screening", args=[person.client.public_id])
        assert client.post(url, {"has_difficulties": "no"}).status_code == 302
    # A newer one asks in its place: one row a person.
    assert ask(cast) == (1 if what == "newer" else 0)
    assert not list(stale_referrals())


def test_a_correction_moves_it(cast, who, hired):
    person = take_in(cast, who, hired, [service(hired)])
    led(person, who, hired)
    before = Referral.objects.get().eligible_from
    job = person.client.employments.get()
    life_change.correct_dated_fact(
        row=job, client=person.client, changes={"starts_on": hired - timedelta(days=5)},
        reason="書き間違い", **who,
    )  # fmt: skip
    assert Referral.objects.get().eligible_from < before


def test_an_office_whose_work_has_ended_learns_nothing_later(cast, who, hired, person):
    led(person, who, cast.today - timedelta(days=60))
    ended = cast.today - timedelta(days=30)
    end = {"by": cast.members["worker"], "at": at_noon(ended)}
    life_change.end_use(enrolment=person, ends_on=ended, reason=EndReason.OWN_WISH, note="", **end)
    other = {"by": cast.members["outsider"], "at": at_noon(cast.today)}
    life_change.add_prior_service(client=person.client, **service(hired), **other)
    assert Referral.objects.get().eligible_from is None
    assert ask(cast) == 0


def test_what_was_known_at_the_end_still_counts(cast, hired):
    """The six months pass after the end: the office that knew the job and the service is told."""
    ended = months_later(hired, 3)
    early = {"by": cast.members["worker"], "at": at_noon(ended)}
    person = take_in(cast, early, hired, [service(hired)])
    led(person, early, ended)
    life_change.end_use(
        enrolment=person, ends_on=ended, reason=EndReason.OWN_WISH, note="", **early
    )
    assert ask(cast) == 1


# --- A ward's own ---------------------------------------------------------------------------------


def test_a_ward_leads_and_finds_its_own(client, cast):
    officer = cast.members["officer"]
    enter(client, officer)
    row = cast.application
    page = client.get(reverse("admin:ward_screening", args=[row.public_id])).content.decode()
    new = reverse("admin:ward_referral_new", args=[row.public_id])
    assert new in page
    sent = {"centre": "life_up", "referred_on": cast.today.isoformat(), "outcome": "waiting"}
    assert client.post(new, sent).status_code == 302
    found = Referral.objects.get()
    assert (found.office, found.municipality) == (None, cast.wards[2])
    assert found.eligible_from is not None
    # Its decision runs: nobody has to be told.
    assert ask(cast, "officer") == 0
    assert list(referrals_for(cast.members["worker"])) == []
    assert list(referrals_for(cast.members["other_officer"])) == []
    assert (
        "らいふあっぷ"
        in client.get(reverse("admin:application_page", args=[row.public_id])).content.decode()
    )


def test_after_a_withdrawal_the_ward_is_told_by_time(client, cast):
    officer, came = cast.members["officer"], cast.today - timedelta(days=20)
    who = {"by": officer, "at": at_noon(came)}
    hired = months_later(cast.today, -6) - timedelta(days=2)
    person = take_in(
        cast, {"by": cast.members["worker"], "at": at_noon(came)}, hired, [service(hired)]
    )
    application = receive_application(
        client=person.client, municipality=cast.wards[2], kind="new", received_on=came,
        received_place="ward_office", **who,
    )  # fmt: skip
    led(person, who, came)
    assert ask(cast, "officer") == 0  # the application lies on the desk
    actions.end_application(
        application=application, outcome="withdrawn", on=came, reason="待つため",
        by=officer, at=at_noon(came + timedelta(days=1)),
    )  # fmt: skip
    assert ask(cast, "officer") == 1
    enter(client, officer)
    assert "いま使えるかもしれない方 1人" in client.get(reverse("admin:index")).content.decode()
    assert ask(cast) == 0


# --- The list -------------------------------------------------------------------------------------


def test_one_number_of_queries_for_many(client, cast, who, hired):
    enter(client, cast.members["worker"])
    url = reverse("referral_list")

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    led(take_in(cast, who, hired), who, cast.today)
    client.get(url)
    few = queries()
    for n in range(5):
        led(take_in(cast, who, hired, [service(hired)], name=f"人 {n}"), who, cast.today)
    assert queries() == few


def test_search_age_and_sheet(client, cast, who, hired):
    led(take_in(cast, who, hired), who, cast.today - timedelta(days=20))
    led(take_in(cast, who, hired, name="別の 人", kana="べつの ひと"), who, cast.today)
    enter(client, cast.members["worker"])
    url = reverse("referral_list")
    found = client.get(url, {"q": "みちの"}).context["rows"]
    assert [(row.name, row.waiting_days, row.tone) for row, _url in found] == [
        ("道野 かなえ", 20, "warning")
    ]
    sheet = client.get(reverse("referrals_xlsx"), {"ask": "waiting", "q": "みちの"})
    rows = list(load_workbook(BytesIO(sheet.content)).active.values)
    assert len(rows) == 2
    assert "道野 かなえ" in rows[1]
    assert 20 in rows[1]
    assert AuditEvent.objects.filter(verb="referrals_exported").count() == 1
    assert "「新しい利用者」" in client.get(url).content.decode()


# --- Stored and rule ------------------------------------------------------------------------------


def test_the_nightly_look_finds_and_mends(cast, who, hired):
    row = led(take_in(cast, who, hired, [service(hired)]), who, cast.today)
    Referral.objects.update(eligible_from=None, eligible_until=None)
    with pytest.raises(CommandError, match="規則と違います"):
        call_command("check_derived", stdout=StringIO())
    call_command("check_derived", "--fix", stdout=StringIO())
    days = eligible_days(row)
    stored = Referral.objects.get()
    assert (stored.eligible_from, stored.eligible_until) == (days.starts_on, days.ends_on)


def test_taking_back_needs_a_reason(cast, who, person):
    row = led(person, who, cast.today)
    with pytest.raises(ValidationError):
        plain.withdraw_referral(referral=row, reason=" ", **who)
    plain.withdraw_referral(referral=row, reason="取り違え", **who)
    with pytest.raises(ValidationError):
        plain.withdraw_referral(referral=row, reason="もう一度", **who)
