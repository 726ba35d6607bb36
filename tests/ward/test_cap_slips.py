"""Caps as they are written and read: nothing is nothing, months follow their decision, neighbours are one."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clients.rules.cap import CapMonths, cap_months
from plans.actions.caps import Cap, add_cap_period
from plans.documents import LetterHead, grant_notice
from plans.models import CapPeriod, Decision, Proposal
from plans.queries.caps import joined_caps
from plans.rules.caps import lies_outside, touches
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from teikyaku.era import wareki_month
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_member
from tests.ward.conftest import ERROR
from tests.ward.test_caps import cap_data, caps_of, errors_of


def url(name, row):
    return reverse(f"admin:{name}", args=[row.public_id])


def month(text):
    return Month.parse(text) if text else None


# --- Months -----------------------------------------------------------------------------------------

SPAN = CapMonths(Month(2026, 11), Month(2027, 6))


@pytest.mark.parametrize(
    ("first", "last", "met", "outside"),
    [
        ("2026-11", "2027-06", True, False),
        ("2026-10", "2026-10", False, True),
        ("2026-10", "2026-11", True, True),
        ("2027-06", "2027-07", True, True),
        ("2027-07", "2027-07", False, True),
        ("2027-06", None, True, False),
        ("2026-10", None, True, True),
        ("2027-07", None, False, True),
    ],
)
def test_what_a_cap_shares_with_the_months_of_a_decision(first, last, met, outside):
    cap = (month(first), month(last))
    assert touches(*cap, SPAN) is met
    assert lies_outside(*cap, [SPAN]) is outside
    assert lies_outside(*cap, []) is True


# --- A category that pays nothing -------------------------------------------------------------------


@pytest.mark.parametrize("category", ["public_assistance", "low_income"])
def test_no_reason_makes_something_to_pay_of_nothing(counter, category):
    decision = counter.granted().decision
    first = Month.of(counter.on) + 1
    last = cap_months(first.first_day, decision.ends_on).last_month
    facts = {"category": category, "category_reason": "年度の途中の変更"}
    data = cap_data(first, last, cap_yen="9300", **facts)
    errors = errors_of(counter.post("decision_cap", decision, data))
    assert list(errors) == ["cap_yen"]
    assert "0円です" in errors["cap_yen"]
    assert counter.post("decision_cap", decision, {**data, "cap_yen": "0"}).status_code == 302
    row = counter.heard()
    typed = counter.grant_data(cap_yen="1", number="1234567898", **facts)
    assert "0円です" in errors_of(counter.post("decision_grant", row, typed))["cap_yen"]


def test_the_action_and_the_main_office_refuse_it_too(counter):
    decision = counter.granted().decision
    cap = CapPeriod.objects.get(client=decision.client)
    new = Cap((Month.of(counter.on) + 1).first_day, None, "low_income", 100, category_reason="条例")
    with pytest.raises(ValidationError, match="0円です"):
        add_cap_period(
            client=decision.client, municipality=decision.municipality, cap=new, **counter.who
        )
    enter(counter.client, make_member("desk", Role.CITY, municipality=decision.municipality.city))
    address = reverse("admin:city_cap_correct", args=[decision.public_id, cap.public_id])
    data = {"category": "public_assistance", "cap_yen": "9300", "reason": "区分の誤り",
            "category_reason": "保護開始", "first_month": str(Month.of(cap.first_month)),
            "last_month": str(cap_months(cap.first_month, decision.ends_on).last_month)}  # fmt: skip
    assert "0円です" in errors_of(counter.client.post(address, data))["cap_yen"]


# --- The first month follows the start --------------------------------------------------------------


def proposed(counter, row):
    form = counter.client.get(url("decision_grant", row)).context["form"]
    return {name: form[name].value() or "" for name in form.fields if name != "is_managed"}


def moved(counter, row, months, **changes):
    """The form as it is proposed, with a start that is moved by months."""
    held = proposed(counter, row) | {
        "number": "1234567899",
        "category": "general_1",
        "cap_yen": "9300",
        "looked": "yes",
    }
    start = (Month.parse(str(held["starts_on"])[:7]) + months).first_day
    end = start + timedelta(days=200)
    return held | {"starts_on": start.isoformat(), "ends_on": end.isoformat(), **changes}


def test_a_proposal_that_nobody_touched_follows_the_start(counter):
    row = counter.heard()
    data = moved(counter, row, 1)
    first = data["starts_on"][:7]
    answer = counter.post("decision_grant", row, {**data, "number": "1"})
    errors = errors_of(answer)
    assert list(errors) == ["number"]
    assert f'value="{first}"' in answer.content.decode()
    page = counter.client.post(url("decision_grant", row), data, follow=True)
    decision = Decision.objects.get(application=row)
    last = cap_months(decision.starts_on, decision.ends_on).last_month
    assert caps_of(decision) == [(first, str(last), 9300)]
    told = f"上限額の最初の月は、開始日に合わせて{Month.parse(first).label}になりました。"
    assert told in page.content.decode()


def test_what_was_typed_stays_and_is_told(counter):
    row = counter.heard()
    before = str(Month.of(counter.on) - 2)
    data = moved(counter, row, 2, cap_first_month=before, ends_on="")
    errors = errors_of(counter.post("decision_grant", row, data))
    assert sorted(errors) == ["cap_first_month", "ends_on"]
    start = Month.parse(data["starts_on"][:7])
    assert f"{start.label}以後にしてください" in errors["cap_first_month"]
    assert not Decision.objects.filter(application=row).exists()


# --- Neighbours that say the same -------------------------------------------------------------------


@pytest.fixture
def two_rows(counter):
    """9,300 yen in two rows that follow one another."""
    decision = counter.granted().decision
    cap = CapPeriod.objects.get(client=decision.client)
    first = Month.of(counter.on)
    CapPeriod.objects.filter(pk=cap.pk).update(last_month=first.first_day)
    history = CapPeriod.history.filter(id=cap.pk)
    history.update(last_month=first.first_day)
    add_cap_period(
        client=decision.client, municipality=decision.municipality,
        cap=Cap((first + 1).first_day, (first + 2).first_day, "general_1", 9300), **counter.who,
    )  # fmt: skip
    return decision


def test_neighbours_that_say_the_same_are_read_as_one(counter, two_rows):
    first = Month.of(counter.on)
    stored = caps_of(two_rows)
    head = LetterHead(number="1", issued_on=counter.on)
    printed = grant_notice(two_rows, head)["caps"]
    assert [(each["first_month"], each["last_month"]) for each in printed] == [
        (wareki_month(first), wareki_month(first + 2))
    ]
    for name in ("decision_page", "decision_cap"):
        page = counter.client.get(url(name, two_rows)).content.decode()
        assert f"{first.label}〜{(first + 2).label}" in page
    assert caps_of(two_rows) == stored
    assert len(stored) == 2


@pytest.mark.parametrize(
    ("second", "lines"),
    [
        ({}, 1),
        ({"cap_yen": 0}, 2),
        ({"is_managed": True}, 2),
        ({"first_month": date(2027, 3, 1)}, 2),
        ({"last_month": None}, 1),
    ],
    ids=["same", "yen", "managed", "a month between", "no end"],
)
def test_what_is_joined(second, lines):
    terms = {"category": "general_1", "cap_yen": 9300}
    rows = [
        CapPeriod(first_month=date(2026, 12, 1), last_month=date(2027, 1, 1), **terms),
        CapPeriod(**{"first_month": date(2027, 2, 1), "last_month": date(2027, 4, 1), **terms, **second}),
    ]  # fmt: skip
    found = joined_caps(rows)
    assert len(found) == lines
    assert found[-1].last_month == rows[1].last_month
    assert rows[0].last_month == date(2027, 1, 1)


# --- The last day -----------------------------------------------------------------------------------


def test_a_revocation_on_the_last_day_is_asked_about(counter):
    decision = counter.granted().decision
    data = {"revoked_on": decision.ends_on.isoformat(), "reason": "転出"}
    answer = counter.post("decision_revoke", decision, data)
    assert list(errors_of(answer)) == ["is_known"]
    assert "最後の日です。取り消しても期間は変わらず" in answer.content.decode()
    assert counter.post("decision_revoke", decision, {**data, "is_known": "on"}).status_code == 302
    decision.refresh_from_db()
    assert decision.revoked_on == decision.ends_on == decision.granted_until


def test_an_office_does_not_propose_an_end_on_the_last_day(talk):
    last = talk.cast.decision.ends_on
    answer = talk.new("end", ends_on=last, text="終了")
    assert answer.status_code == ERROR
    assert "提案がなくても" in str(answer.context["form"].errors["ends_on"])
    assert not Proposal.objects.exists()
    day = last - timedelta(days=1)
    assert talk.new("end", ends_on=day, text="終了").status_code == 302


# --- A cap that is newer than the paper -------------------------------------------------------------

NEWER = "いまの受給者証のあとで決まっています"


def test_the_page_says_who_issues_the_paper_again(counter):
    decision = counter.granted().decision
    first = Month.of(counter.on) + 2
    add_cap_period(
        client=decision.client, municipality=decision.municipality,
        cap=Cap(first.first_day, None, "low_income", 0), by=counter.officer,
        at=at_noon(counter.on + timedelta(days=1)),
    )  # fmt: skip

    def page():
        return counter.client.get(url("decision_page", decision)).content.decode()

    assert f"{NEWER}。紙に入れるには、受給者証を交付し直してください" in page()
    # Changed, and over: the paper of the changed decision carries it.
    Decision.objects.filter(pk=decision.pk).update(ends_on=decision.starts_on)
    assert NEWER not in page()
    Decision.objects.filter(pk=decision.pk).update(ends_on=decision.ends_on)
    other = counter.cast.wards[1]
    Decision.objects.filter(pk=decision.pk).update(passed_to=other)
    # The ward that keeps the file does it: nothing is told here.
    assert NEWER not in page()
