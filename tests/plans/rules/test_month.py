"""Ready, reduced, held, not billable: docs/rules.md §8."""

from datetime import date as d

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.rules.interview import counts_as_meeting, not_counting
from plans.rules.kinds import ContactOutcome, ContactWay
from plans.rules.month import MonthFacts, MonthState, verdict
from teikyaku.periods import Month, Period

GOOD = MonthFacts(
    month=Month(2026, 4),
    qualifying_meetings=(d(2026, 4, 10),),
    report_shared_on=d(2026, 4, 12),
)


def test_a_good_month_is_ready():
    assert verdict(GOOD).state == MonthState.READY
    assert verdict(GOOD).reasons == ()


@pytest.mark.parametrize(
    ("change", "state", "code"),
    [
        ({"has_contract": False}, MonthState.NOT_BILLABLE, "no_contract"),
        ({"has_decision": False}, MonthState.NOT_BILLABLE, "no_decision"),
        ({"is_employed": False}, MonthState.NOT_BILLABLE, "not_employed"),
        ({"is_in_window": False}, MonthState.NOT_BILLABLE, "outside_window"),
        ({"barred_because": "助成"}, MonthState.NOT_BILLABLE, "barred"),
        ({"qualifying_meetings": ()}, MonthState.NOT_BILLABLE, "no_meeting"),
        (
            {"qualifying_meetings": (), "refused_on": d(2026, 4, 3)},
            MonthState.NOT_BILLABLE,
            "refused",
        ),
        ({"qualifying_meetings": (), "is_over": False}, MonthState.HELD, "meeting_to_come"),
        ({"has_decision": False, "is_renewal_late": True}, MonthState.HELD, "renewal_late"),
        (
            {"is_employed": False, "is_employment_pending": True},
            MonthState.HELD,
            "employment_pending",
        ),
        ({"has_cap": False}, MonthState.HELD, "no_cap"),
        ({"report_shared_on": None}, MonthState.HELD, "report_not_shared"),
        ({"report_shared_on": None, "has_died": True}, MonthState.HELD, "report_died"),
        ({"is_tier_confirmed": False}, MonthState.HELD, "no_tier"),
        ({"has_tariff": False}, MonthState.HELD, "no_tariff"),
        ({"has_unit_price": False}, MonthState.HELD, "no_unit_price"),
        ({"has_certificate": False}, MonthState.HELD, "no_certificate"),
        ({"is_cap_management_open": True}, MonthState.HELD, "cap_management"),
        ({"has_support_plan": False}, MonthState.READY_REDUCED, "no_support_plan"),
    ],
)
def test_each_reason(change, state, code):
    answer = verdict(GOOD._replace(**change))
    assert answer.state == state
    assert [reason.code for reason in answer.reasons] == [code]
    # What other support takes out stands in the section of the fees, as known practice.
    rule = "docs/rules.md §7（実務上の取扱い）" if code == "barred" else "docs/rules.md §8"
    assert answer.reasons[0].rule == rule


def test_what_can_never_be_paid_is_said_first():
    answer = verdict(GOOD._replace(qualifying_meetings=(), has_cap=False, has_support_plan=False))
    assert answer.state == MonthState.NOT_BILLABLE
    assert [reason.code for reason in answer.reasons] == ["no_meeting"]


@pytest.mark.parametrize("way", list(ContactWay))
@pytest.mark.parametrize("outcome", list(ContactOutcome))
def test_only_a_meeting_face_to_face_or_by_video_counts(way, outcome):
    expected = way in ("face", "video") and outcome == "met"
    assert counts_as_meeting(way, outcome, met_by_support_worker=True) is expected
    assert not counts_as_meeting(way, outcome, met_by_support_worker=False)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (d(2026, 3, 31), ["contract", "decision", "employment"]),
        (d(2026, 4, 1), []),
        (d(2026, 4, 30), []),
        (d(2026, 5, 1), ["contract", "decision", "employment"]),
    ],
)
def test_inside_contract_decision_and_employment(on, expected):
    inside = (Period(d(2026, 4, 1), d(2026, 4, 30)),)
    found = not_counting(
        on, ContactWay.FACE, ContactOutcome.MET, met_by_support_worker=True,
        contracts=inside, decisions=inside, employments=inside,
    )  # fmt: skip
    assert [reason.code for reason in found] == expected


_FLAGS = [name for name, kind in MonthFacts.__annotations__.items() if "bool" in str(kind)]
_LACKING = st.fixed_dictionaries(
    {name: st.booleans() for name in _FLAGS}
    | {
        "barred_because": st.sampled_from(["", "助成"]),
        "qualifying_meetings": st.sampled_from([(), (d(2026, 4, 10),)]),
        "refused_on": st.sampled_from([None, d(2026, 4, 3)]),
        "split_paid_by": st.sampled_from(["", "東市"]),
    }
)


@given(_LACKING)
def test_without_a_report_nobody_is_ready(facts):
    """A close leaves them out unread (`plans.queries.month.months_in_span`)."""
    found = verdict(MonthFacts(Month(2026, 4), report_shared_on=None, **facts))
    assert found.state in (MonthState.HELD, MonthState.NOT_BILLABLE)


@given(_LACKING)
def test_without_a_meeting_nobody_is_ready(facts):
    facts |= {"qualifying_meetings": ()}
    found = verdict(MonthFacts(Month(2026, 4), report_shared_on=d(2026, 4, 12), **facts))
    assert found.state in (MonthState.HELD, MonthState.NOT_BILLABLE)
