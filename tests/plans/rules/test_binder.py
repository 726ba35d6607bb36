"""くいちがい of the support: the borders of each rule, on values."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from clients.rules.kinds import ReportItem
from plans.rules.binder import support_mismatches
from plans.rules.binder_facts import (
    ConsentFacts,
    ContractFacts,
    DecisionFacts,
    MeetingFacts,
    PlanFacts,
    ShareFacts,
    SupportFacts,
    UseFacts,
    VersionFacts,
)
from plans.rules.mismatch import MismatchKind, Place
from plans.rules.report import Given, ToldMeeting
from plans.rules.support_plan import PlanDates
from teikyaku.periods import Month, Period

Kind = MismatchKind
BEGIN, END = date(2026, 4, 1), date(2027, 3, 31)
DATES = PlanDates(
    date(2026, 3, 1), date(2026, 3, 5), date(2026, 3, 10), date(2026, 3, 12), date(2026, 3, 12),
    date(2026, 3, 20),
)  # fmt: skip
PLAN = PlanFacts("p", DATES, BEGIN, date(2026, 9, 30), 6)
NEXT = PlanFacts("q", DATES, date(2026, 10, 1), END, 6)
SHARE = ShareFacts(
    "s", Month(2026, 4), "family", "", "家族", date(2026, 5, 1), date(2026, 5, 1), ("goals", "done")
)
CONSENT = ConsentFacts(Given(1, "family", "", tuple(ReportItem)), BEGIN, None, None)
TOLD = ToldMeeting(date(2026, 4, 10), "対面")
GOOD = SupportFacts(
    on=date(2026, 9, 30),
    bound_on=date(2026, 9, 30),
    span=Period(BEGIN, date(2026, 9, 30)),
    use=UseFacts(date(2026, 2, 1), BEGIN, None),
    contracts=(ContractFacts("c", Period(BEGIN, None), "１か月の日数"),),
    decisions=(DecisionFacts(Period(BEGIN, END), "1か月の 日数"),),
    plans=(PLAN,),
    meetings=(MeetingFacts("m", date(2026, 4, 10), "対面"),),
    met=frozenset({TOLD}),
    versions=(VersionFacts(Month(2026, 4), 1, date(2026, 4, 30), (TOLD,)),),
    shares=(SHARE,),
    consents=(CONSENT,),
)


def kinds(facts=GOOD, **changes):
    return [row.kind for row in support_mismatches(replace(facts, **changes))]


def only(kind, **changes):
    found = support_mismatches(replace(GOOD, **changes))
    assert [row.kind for row in found] == [kind]
    assert all(side.label for side in found[0].facts)
    assert found[0].source.text
    assert found[0].source.rule.startswith("docs/rules.md")
    return found[0]


def test_a_good_file_has_none():
    assert kinds() == []


@pytest.mark.parametrize(
    ("decisions", "day"),
    [
        pytest.param([(BEGIN, date(2026, 9, 30))], None, id="to-the-last-day"),
        pytest.param([(BEGIN, date(2026, 9, 29))], date(2026, 9, 30), id="a-day-short"),
        pytest.param([(date(2026, 4, 2), END)], BEGIN, id="a-day-late"),
        pytest.param(
            [(BEGIN, date(2026, 6, 30)), (date(2026, 7, 1), END)], None, id="renewed-at-once"
        ),
        pytest.param(
            [(BEGIN, date(2026, 6, 30)), (date(2026, 7, 2), END)], date(2026, 7, 1), id="a-day-open"
        ),
        pytest.param([], BEGIN, id="none"),
    ],
)
def test_contract_days_without_a_decision(decisions, day):
    rows = tuple(DecisionFacts(Period(*each), "1か月の日数") for each in decisions)
    facts = replace(GOOD, decisions=rows, meetings=())
    found = [row for row in support_mismatches(facts) if row.kind == Kind.CONTRACT]
    assert [row.at for row in found] == ([day] if day else [])


def test_amounts_differ_whatever_the_width_of_the_letters():
    rows = (DecisionFacts(Period(BEGIN, END), "当該月の日数"),)
    found = only(Kind.CONTRACT, decisions=rows)
    assert {side.text for side in found.facts} == {"１か月の日数", "当該月の日数"}
    contract = replace(GOOD.contracts[0], amount="")
    assert kinds(decisions=rows, contracts=(contract,)) == []


def test_months_without_a_plan_in_a_row_are_one():
    months = (Month(2026, 5), Month(2026, 6), Month(2026, 8))
    found = support_mismatches(replace(GOOD, months_without_plan=months))
    assert [row.kind for row in found] == [Kind.PLAN_GAP, Kind.PLAN_GAP]
    assert "2026年5月から2026年6月まで" in found[0].text
    assert found[1].text.startswith("2026年8月は")


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("drafted_on", "「原案」の日が、「アセスメント」"), ("meeting_on", "「会議」の日が、「原案」"),
        ("explained_on", "「説明」の日が、「会議」"), ("consented_on", "「同意」の日が、「説明」"),
        ("handed_over_on", "「本人に交付」の日が、「同意」"),
    ],
)  # fmt: skip
def test_steps_of_a_plan_out_of_order(step, words):
    dates = replace(DATES, **{step: date(2026, 2, 28)})
    found = support_mismatches(replace(GOOD, plans=(replace(PLAN, dates=dates),)))
    assert any(row.kind == Kind.PLAN_ORDER and words in row.text for row in found)


def test_a_plan_does_not_begin_before_its_consent():
    early = replace(PLAN, dates=replace(DATES, consented_on=BEGIN, handed_over_on=BEGIN))
    assert kinds(plans=(early,)) == []
    late = date(2026, 4, 2)
    early = replace(PLAN, dates=replace(DATES, consented_on=late, handed_over_on=late))
    assert only(Kind.PLAN_ORDER, plans=(early,)).at == BEGIN


def test_a_review_day_lies_six_months_ahead_at_most():
    assert kinds(plans=(replace(PLAN, review_by=date(2026, 9, 30)),)) == []
    found = only(Kind.PLAN_REVIEW, plans=(replace(PLAN, review_by=date(2026, 10, 1)),))
    assert "6か月" in found.source.text


@pytest.mark.parametrize(
    ("on", "after", "expected"),
    [
        pytest.param(date(2026, 9, 30), None, [], id="last-day"),
        pytest.param(date(2026, 10, 1), None, [Kind.PLAN_REVIEW], id="day-after"),
        pytest.param(date(2026, 10, 1), date(2026, 10, 1), [], id="next-begins-at-once"),
        pytest.param(date(2026, 10, 5), date(2026, 10, 2), [Kind.PLAN_REVIEW], id="a-day-open"),
    ],
)
def test_a_review_is_overdue_from_the_day_after(on, after, expected):
    plans = (PLAN, replace(NEXT, starts_on=after)) if after else (PLAN,)
    assert kinds(on=on, span=Period(BEGIN, date(2026, 10, 31)), plans=plans) == expected


def test_no_review_is_missed_after_the_end():
    use = replace(GOOD.use, ends_on=date(2026, 9, 30))
    assert kinds(on=date(2026, 10, 5), span=Period(BEGIN, END), plans=(PLAN,), use=use) == []


def test_a_plan_whose_time_has_come_is_signed_and_handed_over():
    unsigned = replace(PLAN, dates=PlanDates(DATES.assessed_on, DATES.drafted_on))
    assert "同意" in only(Kind.PLAN_SIGNED, plans=(unsigned,)).text
    kept = replace(PLAN, dates=replace(DATES, handed_over_on=None))
    assert "交付" in only(Kind.PLAN_SIGNED, plans=(kept,)).text
    to_come = replace(unsigned, starts_on=date(2026, 10, 1), review_by=END)
    assert kinds(plans=(PLAN, to_come)) == []


@pytest.mark.parametrize(
    ("consent", "is_wrong"),
    [
        pytest.param(CONSENT, False, id="given"),
        pytest.param(replace(CONSENT, starts_on=date(2026, 5, 2)), True, id="a-day-later"),
        pytest.param(replace(CONSENT, withdrawn_on=date(2026, 4, 30)), True, id="withdrawn-before"),
        pytest.param(replace(CONSENT, withdrawn_on=date(2026, 5, 1)), False, id="withdrawn-that-day"),
        pytest.param(replace(CONSENT, withdrawn_on=date(2026, 5, 2)), False, id="withdrawn-after"),
        pytest.param(replace(CONSENT, ends_on=date(2026, 4, 30)), True, id="over"),
        pytest.param(replace(CONSENT, ends_on=date(2026, 5, 1)), False, id="last-day"),
        pytest.param(
            replace(CONSENT, given=Given(1, "medical", "", tuple(ReportItem))), True, id="another"
        ),
        pytest.param(
            replace(CONSENT, given=Given(1, "family", "", (ReportItem.GOALS,))), True, id="fewer-items"
        ),
    ],
)  # fmt: skip
def test_nothing_is_shared_without_a_consent_of_that_day(consent, is_wrong):
    assert kinds(consents=(consent,)) == ([Kind.CONSENT] if is_wrong else [])


@pytest.mark.parametrize(
    ("withdrawn", "shared", "is_wrong"),
    [
        pytest.param(11, 10, False, id="shared-first"),
        pytest.param(10, 10, False, id="the-same-minute"),
        pytest.param(10, 11, True, id="withdrawn-first"),
        pytest.param(10, None, False, id="shared-at-an-unknown-time"),
        pytest.param(None, 11, False, id="withdrawn-at-an-unknown-time"),
    ],
)
def test_on_the_day_of_the_withdrawal_the_hours_tell_and_else_the_day_is_in_favour(
    withdrawn, shared, is_wrong
):
    def at(hour):
        return None if hour is None else datetime(2026, 5, 1, hour, tzinfo=UTC)

    consent = replace(CONSENT, withdrawn_on=SHARE.shared_on, withdrawn_at=at(withdrawn))
    found = support_mismatches(
        replace(GOOD, consents=(consent,), shares=(replace(SHARE, shared_at=at(shared)),))
    )
    assert [row.kind for row in found] == ([Kind.CONSENT] if is_wrong else [])
    assert all("どちらが先か" in row.text for row in found)


def test_the_person_needs_no_consent_and_a_closed_job_and_the_dead_get_nothing():
    assert kinds(shares=(replace(SHARE, recipient="person"),), consents=()) == []
    given = replace(CONSENT, given=Given(1, "employer", "", tuple(ReportItem)))
    work = replace(SHARE, recipient="employer", whom="職場")
    assert kinds(shares=(work,), consents=(given,)) == []
    closed = replace(work, is_closed_job=True)
    found = only(Kind.CONSENT, shares=(closed,), consents=(given,))
    assert "職場連絡禁止" in found.facts[1].text
    assert kinds(died_on=SHARE.shared_on) == [Kind.CONSENT]
    assert kinds(died_on=date(2026, 5, 2)) == []


@pytest.mark.parametrize(
    ("day", "label"),
    [
        pytest.param(date(2026, 1, 31), "利用", id="before-the-work"),
        pytest.param(date(2026, 2, 1), None, id="before-the-use"),
        pytest.param(date(2026, 3, 31), None, id="the-day-before"),
        pytest.param(BEGIN, None, id="first-day"),
        pytest.param(date(2026, 6, 30), None, id="last-day-of-the-contract"),
        pytest.param(date(2026, 7, 1), "利用契約", id="after-the-contract"),
        pytest.param(date(2026, 8, 31), "利用契約", id="last-day-of-work"),
        pytest.param(date(2026, 9, 1), "利用", id="after-the-work"),
    ],
)
def test_meetings_outside_a_period(day, label):
    facts = replace(
        GOOD,
        use=replace(GOOD.use, ends_on=date(2026, 8, 31)),
        contracts=(replace(GOOD.contracts[0], period=Period(BEGIN, date(2026, 6, 30))),),
        meetings=(MeetingFacts("m", day, "対面"),),
    )
    found = [row for row in support_mismatches(facts) if row.kind == Kind.INTERVIEW]
    assert [row.facts[1].label for row in found] == ([label] if label else [])


def test_meetings_outside_the_decision():
    rows = (DecisionFacts(Period(date(2026, 4, 11), END), "1か月の日数"),)
    found = support_mismatches(replace(GOOD, decisions=rows))
    outside = [row for row in found if row.kind == Kind.INTERVIEW]
    assert [row.facts[1].label for row in outside] == ["支給決定"]
    assert (outside[0].place, outside[0].key) == (Place.INTERVIEW, "m")


def test_a_report_is_not_issued_or_shared_before_what_it_tells_of():
    told = GOOD.versions[0]
    assert kinds(versions=(replace(told, issued_on=date(2026, 4, 10)),)) == []
    only(Kind.REPORT_MEETING, versions=(replace(told, issued_on=date(2026, 4, 9)),))
    early = replace(SHARE, shared_on=date(2026, 4, 9), tells_of=told.tells_of)
    only(Kind.REPORT_MEETING, shares=(early,))


def test_a_report_tells_of_no_meeting_that_is_gone():
    found = only(Kind.REPORT_MEETING, met=frozenset())
    assert found.facts[1].on == date(2026, 4, 10)
    called = frozenset({ToldMeeting(TOLD.on, "電話")})
    assert only(Kind.REPORT_MEETING, met=called).facts[1].on == TOLD.on
    old = replace(GOOD.versions[0], is_newest=False)
    assert kinds(met=frozenset(), versions=(old,)) == []


def test_a_share_without_a_receipt():
    found = only(Kind.REPORT_RECEIPT, shares=(replace(SHARE, received_on=None),))
    assert (found.place, found.key) == (Place.RECEIPT, "s")
    assert found.kind.is_unrecorded
    assert found.short == "2026年4月 家族"


@pytest.mark.parametrize(
    ("bound_on", "expected"),
    [
        pytest.param(date(2026, 5, 1), [], id="the-day-itself"),
        pytest.param(date(2026, 5, 15), [], id="two-weeks"),
        pytest.param(date(2026, 5, 16), [Kind.REPORT_RECEIPT], id="day-after"),
    ],
)
def test_a_receipt_has_two_weeks_also_after_the_end_of_the_use(bound_on, expected):
    ended = replace(GOOD, on=date(2026, 5, 1), use=replace(GOOD.use, ends_on=date(2026, 5, 1)))
    assert kinds(ended, bound_on=bound_on, shares=(replace(SHARE, received_on=None),)) == expected


def test_every_hole_between_decisions_is_told():
    rows = tuple(
        DecisionFacts(Period(first, last), "1か月の日数")
        for first, last in (
            (date(2026, 3, 1), date(2026, 4, 30)), (date(2026, 5, 11), date(2026, 6, 30)),
            (date(2026, 7, 2), date(2026, 8, 31)),
        )
    )  # fmt: skip
    found = support_mismatches(replace(GOOD, decisions=rows))
    days = [row.at for row in found if row.kind == Kind.CONTRACT]
    assert days == [date(2026, 5, 1), date(2026, 7, 1), date(2026, 9, 1)]
