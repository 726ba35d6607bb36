"""加算・減算 of single people: from recorded meetings, answers and contracts, into the month and the claim."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from billing.actions.claim_file import make_claim_files
from billing.actions.month import close_month
from billing.actions.month_answer import answer_months, correct_months, withdraw_months
from billing.actions.office import notify_item
from billing.models import MonthAnswer, PersonMonth
from billing.queries.cap_management import cap_rows, own_month
from billing.queries.differences import differing_months
from billing.queries.mending import mending_url
from billing.queries.month import month_board
from billing.queries.person_additions import person_additions
from billing.queries.verify import broken_closings
from clients.actions.other_support import record_support, set_subsidised_months
from plans.actions import life_change
from plans.models import Contract, Interview
from plans.rules.month import MonthState
from teikyaku.accounts.models import FigureOverride
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.access.test_matrix import sign_in
from tests.billing.fees import confirm, read_codes
from tests.billing.test_cap_management import answered, manage
from tests.cast import make_centre, talk

TWICE_A_MONTH = ("community_2", "community_1")


@pytest.fixture
def month(cast):
    """The month that waits for its closer."""
    return Month.of(cast.today) - 1


def entry(cast, month):
    return next(
        each
        for each in month_board(cast.office, month, cast.today).entries
        if each.support.enrolment_id == cast.enrolment.pk
    )


def kinds(cast, month):
    return [line.kind for line in entry(cast, month).lines]


def codes(cast, month):
    return [each.code for each in entry(cast, month).warnings]


def hold(cast, month, kind="community_1", day=20):
    """地域連携会議 of a month, with others."""
    return talk(
        cast.enrolment, cast.members["manager"], month.first_day + timedelta(days=day - 1),
        way="conference", outcome="others", meeting_kind=kind, participants="職場の上司",
    )  # fmt: skip


def who(cast):
    return {"by": cast.members["billing"], "at": at_noon(cast.today)}


def answer(cast, kind, first, last=None):
    return answer_months(
        enrolment=cast.enrolment, kind=kind, first_month=first.first_day,
        last_month=last.first_day if last else None, why="市に電話で確認", told_on=cast.today,
        **who(cast),
    )  # fmt: skip


def figure(cast, key, value):
    FigureOverride.objects.create(
        key=key, value=value, first_month=Month(2024, 4).first_day, source="試験",
        recorded_by=cast.members["admin"], recorded_at=at_noon(cast.today),
    )  # fmt: skip


def other_months(month):
    """The other months of the fiscal year of `month`."""
    april = Month(month.fiscal_year, 4)
    return [each for each in Month.span(april, april + 11) if each != month]


@pytest.mark.parametrize(
    ("kind", "units"), [("community_1", 2_768 + 579), ("community_2", 2_768 + 405)]
)
def test_a_meeting_earns_its_addition(cast, month, kind, units):
    assert not {"network_1", "network_2"} & set(kinds(cast, month))
    hold(cast, month, kind)
    found = entry(cast, month)
    assert found.copayment.units == units
    assert codes(cast, month) == []


def test_two_in_a_month_earn_one(cast, month):
    for n, kind in enumerate(TWICE_A_MONTH):
        hold(cast, month, kind, day=18 + n)
    assert entry(cast, month).copayment.units == 2_768 + 579
    assert codes(cast, month) == ["network_not_counted"]


def test_taken_back_or_nobody_came_is_none(cast, month):
    row = hold(cast, month)
    Interview.objects.filter(pk=row.pk).update(outcome="attempt")
    assert kinds(cast, month) == ["base"]
    Interview.objects.filter(pk=row.pk).update(outcome="others")
    assert kinds(cast, month) == ["base", "network_1"]
    Interview.objects.filter(pk=row.pk).update(
        withdrawn_at=at_noon(cast.today),
        withdrawn_by=cast.members["worker"],
        withdrawal_reason="誤り",
    )
    assert kinds(cast, month) == ["base"]


def test_the_fifth_of_a_year_is_told(cast, month):
    hold(cast, month)
    months = other_months(month)
    rows = [answer(cast, "network_elsewhere", each) for each in months[:3]]
    assert kinds(cast, month) == ["base", "network_1"]
    rows.append(answer(cast, "network_elsewhere", months[3]))
    assert kinds(cast, month) == ["base"]
    (told,) = entry(cast, month).warnings
    assert all(each.label in told.text for each in months[:4])
    withdraw_months(row=rows[0], reason="聞き間違い", **who(cast))
    assert kinds(cast, month) == ["base", "network_1"]
    with pytest.raises(ValidationError, match="取り消してあります"):
        withdraw_months(row=rows[0], reason="もう一度", **who(cast))


def test_elsewhere_in_the_same_month(cast, month):
    hold(cast, month)
    answer(cast, "network_elsewhere", month)
    assert kinds(cast, month) == ["base"]
    assert codes(cast, month) == ["network_not_counted"]


def test_twelve_months_instead_of_the_fiscal_year(cast, month):
    figure(cast, "network.year", "12か月")
    figure(cast, "network.times_a_year", "1")
    hold(cast, month)
    row = answer(cast, "network_elsewhere", month - 11)
    assert kinds(cast, month) == ["base"]
    changes = {
        "first_month": (month - 12).first_day, "last_month": None, "why": row.why,
        "told_on": row.told_on,
    }  # fmt: skip
    correct_months(row=row, changes=changes, reason="前の月だった", **who(cast))
    assert kinds(cast, month) == ["base", "network_1"]
    assert MonthAnswer.objects.get(pk=row.pk).last_month == (month - 12).first_day


def test_a_closed_month_uses_one_up_and_one_without_it_none(cast, month):
    figure(cast, "network.year", "12か月")
    figure(cast, "network.times_a_year", "1")
    hold(cast, month)
    # The month before is closed without the addition: a meeting told later takes nothing.
    hold(cast, month - 1)
    assert kinds(cast, month) == ["base", "network_1"]
    close_month(office=cast.office, month=month, **who(cast))
    row = PersonMonth.objects.get(enrolment=cast.enrolment, month=month.first_day)
    assert (row.units, row.total_cost_yen, row.copayment_yen) == (3_347, 33_470, 3_347)
    assert list(broken_closings()) == []
    # What was billed fills the year: the older month does not differ by a second one.
    assert differing_months(cast.office, month - 1, month, cast.today).rows == ()


def test_a_month_that_cannot_be_billed_uses_nothing_up(cast, month):
    figure(cast, "network.year", "12か月")
    figure(cast, "network.times_a_year", "1")
    earlier = month - 2
    assert not PersonMonth.objects.filter(month=earlier.first_day).exists()
    hold(cast, earlier)
    hold(cast, month)
    assert kinds(cast, month) == ["base"]
    Interview.objects.filter(
        enrolment=cast.enrolment, held_on__range=(earlier.first_day, earlier.last_day), way="face"
    ).update(way="phone")
    assert kinds(cast, month) == ["base", "network_1"]


def test_an_old_month_is_worth_what_it_was(cast):
    old = Month.of(cast.person_month.month)
    assert differing_months(cast.office, old, old, cast.today).rows == ()
    hold(cast, old)
    (row,) = differing_months(cast.office, old, old, cast.today).rows
    assert row.found.payable_yen == 579  # a tenth of 579 units at 10 yen
    assert list(broken_closings()) == []


def test_the_initial_addition_is_an_answer(cast, month):
    first = month - 2
    assert codes(cast, first) == ["initial_unanswered"]
    row = answer(cast, "no_initial", first)
    assert codes(cast, first) == []
    withdraw_months(row=row, reason="書き間違い", **who(cast))
    Contract.objects.filter(enrolment=cast.enrolment).update(initial_addition_month=first.first_day)
    assert codes(cast, first) == []
    assert entry(cast, first).copayment.units == 2_768 + 900


def test_the_initial_addition_of_a_lost_month_is_told(cast, month):
    first = month - 2
    Contract.objects.filter(enrolment=cast.enrolment).update(initial_addition_month=first.first_day)
    days = (first.first_day, first.last_day)
    Interview.objects.filter(enrolment=cast.enrolment, held_on__range=days).update(way="phone")
    assert codes(cast, first) == ["initial_lost"]


def test_the_initial_addition_is_billed_once(cast, month):
    Contract.objects.filter(enrolment=cast.enrolment).update(initial_addition_month=month.first_day)
    close_month(office=cast.office, month=month, **who(cast))
    first = month - 2
    Contract.objects.filter(enrolment=cast.enrolment).update(initial_addition_month=first.first_day)
    assert entry(cast, first).copayment.units == 2_768
    assert "initial_twice" in codes(cast, first)


def test_the_handover_reduction_touches_all_or_those_concerned(cast, month):
    notify_item(
        office=cast.office, item="no_handover_system", first_month=month.first_day, last_month=None,
        notified_on=cast.today, by=cast.members["head"], at=at_noon(cast.today),
    )  # fmt: skip
    assert entry(cast, month).copayment.units == 2_491  # 2,768 less 277
    figure(cast, "handover.reduction_scope", "対象の方")
    assert entry(cast, month).copayment.units == 2_768
    answer(cast, "handover_concerned", month, month)
    assert entry(cast, month).copayment.units == 2_491


def test_the_special_area_may_be_of_single_people(cast, month):
    notify_item(
        office=cast.office, item="special_area", first_month=month.first_day, last_month=None,
        notified_on=cast.today, by=cast.members["head"], at=at_noon(cast.today),
    )  # fmt: skip
    assert entry(cast, month).copayment.units == 3_008  # 2,768 + 240
    figure(cast, "special_area.scope", "対象の方")
    assert entry(cast, month).copayment.units == 2_768
    answer(cast, "special_area", month)
    assert entry(cast, month).copayment.units == 3_008


def test_a_day_ahead_and_a_span_of_meetings_are_refused(cast, month):
    with pytest.raises(ValidationError) as refused:
        answer_months(
            enrolment=cast.enrolment, kind="no_initial", first_month=month.first_day, why="市",
            last_month=None, told_on=cast.today + timedelta(days=1), **who(cast),
        )  # fmt: skip
    assert "told_on" in refused.value.message_dict
    with pytest.raises(ValidationError) as refused:
        answer(cast, "network_elsewhere", month - 1, month)
    assert "last_month" in refused.value.message_dict


def test_the_page_says_what_counts_and_why_not(client, cast, month):
    hold(cast, month)
    hold(cast, month, "community_2", day=21)
    sign_in(client, cast, "billing")
    page = reverse("person_additions", args=[cast.enrolment.public_id])
    text = client.get(f"{page}?year={month.fiscal_year}").content.decode()
    # Who came stands in the record of the talk: who bills may not read that.
    assert "職場の上司" not in text
    assert "月に1回までです" in text
    assert "579単位" in text
    sign_in(client, cast, "manager")
    assert "職場の上司" in client.get(f"{page}?year={month.fiscal_year}").content.decode()
    sign_in(client, cast, "billing")
    url = reverse("month_answer_new", args=[cast.enrolment.public_id])
    sent = {"kind": "network_elsewhere", "first_month": str(month - 1), "last_month": "",
            "why": "前の事業所に電話", "told_on": cast.today.isoformat()}  # fmt: skip
    assert client.post(url, sent).status_code == 302
    assert "前の事業所に電話" in client.get(page).content.decode()
    row = MonthAnswer.objects.get()
    away = reverse("month_answer_correct", args=[cast.enrolment.public_id, row.public_id])
    fixed = {**sent, "is_void": "on", "reason": "聞き間違い"}
    assert client.post(away, fixed).status_code == 302
    row.refresh_from_db()
    assert (row.withdrawn_reason, row.withdrawn_by) == ("聞き間違い", cast.members["billing"])
    assert client.get(away).status_code == 404


def test_the_month_leads_to_the_page(client, cast, month):
    for n, kind in enumerate(TWICE_A_MONTH):
        hold(cast, month, kind, day=18 + n)
    sign_in(client, cast, "billing")
    text = client.get(reverse("month_page", args=[month]) + "?list=ready").content.decode()
    assert reverse("person_additions", args=[cast.enrolment.public_id]) in text
    assert "月に1回まで" in text


def test_as_many_queries_for_five_meetings_as_for_one(cast, month, django_assert_max_num_queries):
    hold(cast, month)
    year = month.fiscal_year
    with django_assert_max_num_queries(60) as one:
        person_additions(cast.enrolment, year, cast.today)
    for day in range(21, 26):
        hold(cast, month, day=day)
    with django_assert_max_num_queries(len(one)):
        assert len(person_additions(cast.enrolment, year, cast.today).meetings) == 6


def test_the_meeting_stands_in_the_claim(cast, month):
    Contract.objects.update(contracted_amount="当該月の日数")
    confirm(cast, read_codes(cast, date(2024, 4, 1), date(2027, 3, 1)))
    hold(cast, month, "community_2", day=20)
    close_month(office=cast.office, month=month, **who(cast))
    claim, records = make_claim_files(office=cast.office, month=month, **who(cast))
    rows = [line.split(",")[2:] for line in text_of(claim)]
    assert [row[7:10] for row in rows if row[:2] == ["J121", "03"]] == [
        ["2768", "1", "2768"], ["405", "1", "405"],
    ]  # fmt: skip
    days = [line.split(",")[2:] for line in text_of(records)]
    head = next(row for row in days if row[:2] == ["J611", "01"])
    assert head[145] == "1"
    assert [(row[8], row[89]) for row in days if row[:2] == ["J611", "02"]] == [
        ("10", ""), ("20", "2"),
    ]  # fmt: skip


def text_of(file):
    return bytes(file.content.content).decode("cp932").split("\r\n")


def test_a_managed_cap_reckons_with_the_meeting(cast, month):
    manage(cast)
    hold(cast, month)
    # 2,768 + 579 units at 10 yen: a tenth of 33,470 yen.
    assert own_month(cast.enrolment, month, cast.today).alone.capped_yen == 3_347
    answered(cast, month, outcome="2", after=3_347)
    assert entry(cast, month).copayment.decided_yen == 3_347
    assert not cap_rows(cast.office, month, cast.today)[0].is_off
    Interview.objects.filter(enrolment=cast.enrolment, way="conference").update(meeting_kind="")
    assert [each.code for each in entry(cast, month).reasons] == ["cap_result_off"]


@pytest.mark.parametrize("kind", ["training", "independent_living", "subsidy"])
def test_a_barred_month_leads_to_what_bars_it(cast, month, kind):
    person = reverse("client_page", args=[cast.enrolment.client.public_id])
    if kind == "training":
        life_change.add_prior_service(
            client=cast.enrolment.client, kind="self_reliance", office_name="架空訓練",
            starts_on=month.first_day, ends_on=None, is_during_employment=True,
            by=cast.members["worker"], at=at_noon(cast.today),
        )  # fmt: skip
    else:
        by = {"by": cast.members["worker"], "at": at_noon(cast.today)}
        support = record_support(
            client=cast.enrolment.client, organisation=make_centre(), starts_on=month.first_day,
            kind="job_coach" if kind == "subsidy" else kind, **by,
        )  # fmt: skip
        if kind == "subsidy":
            set_subsidised_months(support=support, months=[month], **by)
    found = entry(cast, month)
    (reason,) = found.reasons
    assert (found.state, reason.code) == (MonthState.NOT_BILLABLE, "barred")
    facts = reverse("client_facts", args=[cast.enrolment.client.public_id])
    expected = facts if kind == "training" else f"{person}#supports"
    assert mending_url(reason, found.support, cast.members["worker"]) == expected
