"""A month that two decisions touch, or that ran out of one: who pays, with which cap (docs/rules.md §4–§8)."""

from datetime import date

import pytest
from django.urls import reverse

from billing.queries.month import month_board
from billing.queries.month_looks import looks
from plans.models import CapPeriod, Contract, Decision, Interview, ReportShare
from plans.rules.month import MonthState
from plans.rules.paying_decision import paying_decision, unrenewed_days
from teikyaku.accounts.actions.membership import change_roles
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.clock import at_noon
from teikyaku.periods import Month, Period
from tests.accounts.test_coming_and_going import enter
from tests.cast import meet, transcribe

OWN_NUMBER, NEW_NUMBER = "1234567890", "9876543210"


@pytest.fixture
def month(cast):
    """Last month: one meeting and its report on the 10th, decision and cap of a ward."""
    return Month.of(cast.today) - 1


def entry(cast, month):
    board = month_board(cast.office, month, cast.today)
    return next(each for each in board.entries if each.support.enrolment_id == cast.enrolment.pk)


def codes(reasons):
    return [reason.code for reason in reasons]


def run_out(cast, month, day):
    """What is on file ends inside the month."""
    ends_on = month.first_day.replace(day=day)
    Decision.objects.filter(client=cast.enrolment.client).update(
        ends_on=ends_on, granted_until=ends_on
    )


def move(cast, month, municipality, cap_yen=0, number=NEW_NUMBER):
    """To a municipality from the 15th on, whose cap counts from this month."""
    run_out(cast, month, 14)
    caps = CapPeriod.objects.filter(client=cast.enrolment.client)
    caps.update(last_month=(month - 1).first_day)
    worker, starts_on = cast.members["worker"], month.first_day.replace(day=15)
    return transcribe(cast.enrolment, municipality, worker, number, starts_on, cap_yen)


@pytest.fixture
def far_city():
    return Municipality.objects.create(code="999990", name="遠い市", kana="とおいし")


def meet_on(cast, month, day):
    on = month.first_day.replace(day=day)
    meet(cast.enrolment, cast.members["worker"], on)


def only_meeting_on(cast, month, day):
    inside = Interview.objects.filter(
        enrolment=cast.enrolment, held_on__range=(month.first_day, month.last_day)
    )
    inside.update(held_on=month.first_day.replace(day=day))


def test_the_municipality_under_which_somebody_met_pays_with_its_own_cap(cast, month, far_city):
    before = entry(cast, month).support
    move(cast, month, far_city)
    found = entry(cast, month)
    assert found.support.municipality_id == before.municipality_id
    assert found.support.certificate_number == OWN_NUMBER
    assert found.support.cap_yen == 9300
    assert found.state == MonthState.READY
    assert codes(found.warnings) == ["split_month"]
    assert before.municipality_name in found.warnings[0].text


def test_a_meeting_after_the_move_is_the_new_citys(cast, month, far_city):
    move(cast, month, far_city)
    only_meeting_on(cast, month, 20)
    found = entry(cast, month).support
    assert (found.municipality_id, found.certificate_number) == (far_city.pk, NEW_NUMBER)
    assert found.cap_yen == 0


def test_with_meetings_under_both_the_later_one_pays(cast, month, far_city):
    move(cast, month, far_city)
    meet_on(cast, month, 20)
    assert entry(cast, month).support.municipality_id == far_city.pk


def test_a_cap_of_another_municipality_alone_holds_the_month(cast, month, far_city):
    move(cast, month, far_city)
    CapPeriod.objects.exclude(municipality=far_city).filter(client=cast.enrolment.client).delete()
    found = entry(cast, month)
    assert found.state == MonthState.HELD
    assert codes(found.reasons) == ["no_cap"]
    assert "別の市町村" in found.reasons[0].text


def test_a_certificate_without_a_cap_does_not_take_that_of_the_ward_before(cast, month):
    ward = next(each for each in cast.wards if each != cast.wards[2])
    run_out(cast, month, 5)
    starts_on = month.first_day.replace(day=6)
    transcribe(cast.enrolment, ward, cast.members["worker"], NEW_NUMBER, starts_on, None)
    found = entry(cast, month)
    assert found.support.certificate_number == NEW_NUMBER
    assert (found.state, codes(found.reasons)) == (MonthState.HELD, ["no_cap"])


def test_a_renewal_inside_the_month_warns_nobody(cast, month):
    move(cast, month, cast.wards[2], cap_yen=9300, number=OWN_NUMBER)
    assert entry(cast, month).warnings == ()


def test_a_meeting_after_the_decision_ran_out_waits_for_the_renewal(cast, month):
    run_out(cast, month, 5)
    found = entry(cast, month)
    assert found.state == MonthState.HELD
    assert codes(found.reasons) == ["renewal_late"]


def test_a_meeting_before_it_ran_out_needs_no_renewal(cast, month):
    run_out(cast, month, 14)
    assert entry(cast, month).state == MonthState.READY


def test_a_meeting_that_earns_nothing_says_why(cast, month):
    signed = Contract.objects.filter(enrolment=cast.enrolment)
    signed.update(starts_on=month.first_day.replace(day=20))
    found = entry(cast, month)
    assert codes(found.reasons) == ["no_meeting"]
    day = f"{month.first_day.month}月10日の面談は、利用契約の期間の外です。"
    assert found.reasons[0].text == f"請求できる面談がありませんでした。{day}"


def test_without_a_meeting_nothing_waits_for_the_renewal(cast, month):
    run_out(cast, month, 5)
    Interview.objects.filter(enrolment=cast.enrolment).delete()
    assert codes(entry(cast, month).reasons) == ["no_meeting"]


def test_a_report_from_before_the_meeting_holds_the_month(cast, month):
    assert entry(cast, month).state == MonthState.READY
    only_meeting_on(cast, month, 20)
    found = entry(cast, month)
    assert (found.state, codes(found.reasons)) == (MonthState.HELD, ["report_early"])
    shares = ReportShare.objects.filter(report__enrolment=cast.enrolment)
    shares.filter(report__month=month.first_day).update(shared_on=month.first_day.replace(day=20))
    assert entry(cast, month).state == MonthState.READY


def test_what_is_to_be_looked_at_stands_before_the_close_by_name(client, cast, month, far_city):
    url = reverse("month_close", args=[month])
    enter(client, cast.members["billing"])
    assert "締める前に確かめること" not in client.get(url).content.decode()
    move(cast, month, far_city)
    page = client.get(url)
    ((look,), text) = (page.context["looks"], page.content.decode())
    assert look.count == 1
    assert "市町村が変わりました" in text
    assert look.people[0].name in text
    assert look.people[0].url.replace("&", "&amp;") in text
    assert client.get(look.people[0].url).status_code == 200


def test_a_move_stands_before_the_close_too(cast, month, far_city):
    move(cast, month, far_city)
    found = entry(cast, month)
    (look,) = looks([found], cast.members["billing"])
    assert "市町村が変わりました" in look.text
    assert reverse("city_answer", args=[cast.enrolment.public_id, month]) in look.people[0].url


OLD, NEW = Period(date(2026, 1, 1), date(2026, 5, 14)), Period(date(2026, 5, 15), date(2027, 4, 30))
MAY = Period(date(2026, 5, 1), date(2026, 5, 31))


@pytest.mark.parametrize(
    ("touching", "met", "pays"),
    [
        ([], [date(2026, 5, 10)], None),
        ([OLD], [], OLD),
        ([OLD, NEW], [], NEW),
        ([OLD, NEW], [date(2026, 5, 14)], OLD),
        ([OLD, NEW], [date(2026, 5, 15)], NEW),
        ([OLD, NEW], [date(2026, 5, 14), date(2026, 5, 15)], NEW),
    ],
)
def test_who_pays(touching, met, pays):
    assert paying_decision(touching, met) == pays


@pytest.mark.parametrize(
    ("touching", "window_ends_on", "days"),
    [
        ([], None, None),
        ([OLD, NEW], None, None),
        ([OLD], None, NEW.starts_on),
        ([OLD], date(2026, 5, 20), NEW.starts_on),
        ([OLD], date(2026, 5, 14), None),
    ],
)
def test_days_that_a_renewal_may_cover(touching, window_ends_on, days):
    found = unrenewed_days(touching, MAY, window_ends_on)
    assert (found.starts_on if found else None) == days
    if found is not None:
        assert found.ends_on == min(MAY.ends_on, window_ends_on or MAY.ends_on)


@pytest.mark.parametrize(("roles", "counts"), [(["billing"], False), (["support_worker"], True)])
def test_what_somebody_was_on_the_day_decides(cast, month, roles, counts):
    worker = Membership.objects.get(pk=cast.members["worker"].pk)
    change_roles(
        membership=worker, roles=roles, starts_on=month.first_day, by=cast.members["admin"],
        at=at_noon(cast.today),
    )  # fmt: skip
    found = entry(cast, month)
    assert bool(found.support.facts.qualifying_meetings) is counts
    if not counts:
        assert "その日の就労定着支援員による面談ではありません" in found.reasons[0].text
