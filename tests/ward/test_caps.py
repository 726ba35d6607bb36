"""Caps of a ward: inside the decision's months, nothing of the former one lost, closed months told."""

from datetime import timedelta

import pytest
from django.urls import reverse

from billing.queries.closed_months import closed_months
from clients.rules.cap import cap_months, last_cap_month
from plans.models import CapPeriod, Decision
from plans.rules.caps import rest_after
from teikyaku.era import both
from teikyaku.periods import Month
from tests.ward.conftest import ERROR


def errors_of(answer):
    assert answer.status_code == ERROR
    return {name: str(words) for name, words in answer.context["form"].errors.items()}


def cap_data(first, last=None, **changes):
    months = {"first_month": str(first), "last_month": str(last) if last else ""}
    return {"category": "low_income", "cap_yen": "0", **months, **changes}


@pytest.fixture
def decision(counter):
    """300 days from today, with 9,300 yen from its first month on, without an end."""
    return counter.granted().decision


def caps_of(decision):
    rows = CapPeriod.objects.filter(client=decision.client).order_by("first_month")
    return [
        (str(Month.of(row.first_month)), str(Month.of(row.last_month)) if row.last_month else None,
         row.cap_yen)
        for row in rows
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "fields"),
    [
        pytest.param(-1, None, ["first_month"], id="begins before the decision"),
        pytest.param(99, None, ["first_month"], id="begins after it"),
        pytest.param(99, 105, ["first_month", "last_month"], id="years too late"),
        pytest.param(1, 99, ["last_month"], id="ends after it"),
    ],
)
def test_a_cap_lies_in_the_months_of_its_decision(counter, decision, first, last, fields):
    start = Month.of(decision.starts_on)
    data = cap_data(start + first, start + last if last else None)
    errors = errors_of(counter.post("decision_cap", decision, data))
    assert sorted(errors) == fields
    assert f"{start.label}から{Month.of(decision.ends_on).label}まで" in errors[fields[0]]
    assert len(caps_of(decision)) == 1


def test_the_last_month_of_a_decision_counts_whole(counter, decision):
    last = Month.of(decision.ends_on)
    assert counter.post("decision_cap", decision, cap_data(last, last)).status_code == 302


def test_a_cap_runs_through_a_renewal(counter, decision):
    again = counter.heard(known=decision.client, kind="renewal")
    first = decision.ends_on + timedelta(days=1)
    data = counter.grant_data(
        starts_on=first.isoformat(), ends_on=(first + timedelta(days=90)).isoformat(),
        cap_first_month=str(Month.of(first) + 1), is_known="on",
    )  # fmt: skip
    assert counter.post("decision_grant", again, data).status_code == 302
    CapPeriod.objects.filter(client=decision.client).exclude(
        first_month=Month.of(decision.starts_on).first_day
    ).delete()
    month = Month.of(decision.ends_on)
    assert counter.post("decision_cap", decision, cap_data(month, month + 3)).status_code == 302


@pytest.mark.parametrize(
    ("first", "last", "field", "words"),
    [
        pytest.param(40, 46, "cap_first_month", "までの月", id="years too late"),
        pytest.param(-30, -28, "cap_first_month", "までの月", id="years too early"),
        pytest.param(0, 40, "cap_last_month", "までの月", id="beyond the end"),
        pytest.param(
            1, None, "cap_first_month", "上限額がありません", id="the first month is bare"
        ),
    ],
)
def test_a_grant_has_a_cap_for_its_own_months(counter, first, last, field, words):
    row, start = counter.heard(), Month.of(counter.on)
    data = counter.grant_data(
        cap_first_month=str(start + first), cap_last_month=str(start + last) if last else ""
    )
    errors = errors_of(counter.post("decision_grant", row, data))
    assert words in errors[field]
    assert not Decision.objects.filter(application=row).exists()


def test_a_renewal_has_a_cap_for_its_own_months(counter, decision):
    again = counter.heard(known=decision.client, kind="renewal")
    first = decision.ends_on + timedelta(days=1)
    data = counter.grant_data(
        starts_on=first.isoformat(), ends_on=(first + timedelta(days=90)).isoformat(),
        cap_first_month=str(Month.of(first) - 30), cap_last_month=str(Month.of(first) - 28),
        is_known="on",
    )  # fmt: skip
    errors = errors_of(counter.post("decision_grant", again, data))
    assert set(errors) == {"cap_first_month", "cap_last_month"}


def test_cap_management_names_its_office_here_too(counter, decision):
    months = cap_months((Month.of(decision.starts_on) + 1).first_day, decision.ends_on)
    data = cap_data(months.first_month, months.last_month, category="general_1", cap_yen="9300")
    answer = counter.post("decision_cap", decision, {**data, "is_managed": "on"})
    assert list(errors_of(answer)) == ["managing_office_name"]
    named = {**data, "is_managed": "on", "managing_office_name": "架空ホーム"}
    assert counter.post("decision_cap", decision, named).status_code == 302
    assert CapPeriod.objects.filter(managing_office_name="架空ホーム").count() == 1


# --- A shorter cap inside a running one -----------------------------------------------------------


def test_what_is_left_of_the_former_cap_goes_on_and_is_told_before(counter, decision):
    start = Month.of(decision.starts_on)
    data = cap_data(start + 2, start + 3)
    answer = counter.post("decision_cap", decision, data)
    assert list(errors_of(answer)) == ["is_known"]
    left = f"{(start + 4).label}からは、前の上限額（9,300円・一般1）が続きます。"
    assert left in answer.content.decode()
    assert len(caps_of(decision)) == 1
    page = reverse("admin:decision_cap", args=[decision.public_id])
    mark = answer.context["form"].data["known_of"]
    assert f'value="{mark}"' in answer.content.decode()
    ticked = {**data, "is_known": "on", "known_of": mark}
    done = counter.client.post(page, ticked, follow=True)
    assert f"記録しました。 {left}" in done.content.decode()
    assert caps_of(decision) == [
        (str(start), str(start + 1), 9300),
        (str(start + 2), str(start + 3), 0),
        (str(start + 4), None, 9300),
    ]


def test_the_rest_keeps_its_end_and_its_terms(counter, decision):
    start = Month.of(decision.starts_on)
    terms = {"is_managed": True, "managing_office_name": "架空ホーム", "category_reason": "条例"}
    CapPeriod.objects.filter(client=decision.client).update(
        last_month=(start + 8).first_day, **terms
    )
    data = cap_data(start + 1, start + 7, is_known="on")
    assert counter.post("decision_cap", decision, data).status_code == 302
    rest = CapPeriod.objects.filter(client=decision.client).latest("first_month")
    assert caps_of(decision)[2] == (str(start + 8), str(start + 8), 9300)
    assert {name: getattr(rest, name) for name in terms} == terms


def test_nothing_is_asked_where_nothing_is_left(counter, decision):
    start, last = Month.of(decision.starts_on), Month.of(decision.ends_on)
    page = counter.client.get(reverse("admin:decision_cap", args=[decision.public_id]))
    assert "is_known" not in page.context["form"].fields
    last = min(last, last_cap_month(start + 1))
    assert counter.post("decision_cap", decision, cap_data(start + 1, last)).status_code == 302
    assert [row[:2] for row in caps_of(decision)] == [
        (str(start), str(start)), (str(start + 1), str(last))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("running", "new", "granted", "left"),
    [
        ("2027-12", "2027-03", "2027-06", ("2027-04", "2027-12")),
        ("2027-03", "2027-03", "2028-06", None),
        ("2027-02", "2027-03", "2028-06", None),
        ("2027-12", None, "2028-06", None),
        (None, "2027-03", "2027-09", ("2027-04", None)),
        (None, "2027-03", "2027-03", None),
        (None, "2027-03", None, None),
        # A new cap to June ends the tax year: what comes then is the review's.
        (None, "2027-06", "2028-06", None),
        # One that is over already loses nobody a month.
        (None, "2026-06", "2028-06", ("2026-07", None)),
        ("2027-12", "2027-06", "2028-06", ("2027-07", "2027-12")),
    ],
)
def test_the_rest_of_a_cap(running, new, granted, left):
    months = [Month.parse(text) if text else None for text in (running, new, granted)]
    rest = rest_after(*months, now=Month.parse("2026-11"))
    found = rest and (str(rest.first_month), str(rest.last_month) if rest.last_month else None)
    assert found == left


def test_a_grant_asks_too(counter, decision):
    """The renewal begins in the month with which the decision before it ends."""
    again = counter.heard(known=decision.client, kind="renewal")
    first = decision.ends_on + timedelta(days=1)
    data = counter.grant_data(
        starts_on=first.isoformat(), ends_on=(first + timedelta(days=90)).isoformat(),
        cap_first_month=str(Month.of(first)), cap_last_month=str(Month.of(first)),
        category="low_income", cap_yen="0",
    )  # fmt: skip
    CapPeriod.objects.filter(client=decision.client).update(
        last_month=(Month.of(first) + 2).first_day
    )
    answer = counter.post("decision_grant", again, data)
    assert list(errors_of(answer)) == ["is_known"]
    assert "前の上限額（9,300円・一般1）が続きます" in answer.content.decode()
    assert counter.post("decision_grant", again, {**data, "is_known": "on"}).status_code == 302
    assert [row[2] for row in caps_of(decision)] == [9300, 0, 9300]


# --- Closed months --------------------------------------------------------------------------------


@pytest.fixture
def closed(counter):
    """A decision of the ward under which an office has closed a month with 9,300 yen."""
    month = counter.cast.person_month
    rows = Decision.objects.filter(client=month.client_id)
    rows.update(municipality=counter.cast.wards[2], is_transcribed=False)
    CapPeriod.objects.filter(client=month.client_id).update(municipality=counter.cast.wards[2])
    return rows.get()


def test_closed_months_that_a_cap_touches_are_listed_before(counter, closed):
    month = Month.of(counter.cast.person_month.month)
    assert Month.of(closed.starts_on) < month
    answer = counter.post("decision_cap", closed, cap_data(month))
    assert list(errors_of(answer)) == ["is_known"]
    assert f"{month.label}（{counter.cast.office.name}、上限額9,300円）" in answer.content.decode()
    after = counter.post("decision_cap", closed, cap_data(month + 1))
    assert "もう締めた月" not in after.content.decode()


def test_only_the_months_of_the_cap_count(counter, closed):
    month = Month.of(counter.cast.person_month.month)
    assert len(closed_months(closed.client, month, None)) == 1
    assert len(closed_months(closed.client, month - 1, month)) == 1
    assert closed_months(closed.client, month - 2, month - 1) == ()
    assert closed_months(closed.client, month + 1, None) == ()
    assert closed_months(counter.cast.decision.client, month, None) == ()


# --- A revocation ---------------------------------------------------------------------------------


def test_a_revocation_says_what_it_leaves(counter, decision):
    again = counter.heard(known=decision.client, kind="renewal")
    first, start = decision.ends_on + timedelta(days=1), Month.of(decision.starts_on)
    url = reverse("admin:decision_revoke", args=[decision.public_id])
    assert "次の支給決定" not in counter.client.get(url).content.decode()
    data = counter.grant_data(
        starts_on=first.isoformat(), ends_on=(first + timedelta(days=90)).isoformat(),
        cap_first_month=str(Month.of(first) + 1), category="low_income", cap_yen="0",
        is_known="on",
    )  # fmt: skip
    assert counter.post("decision_grant", again, data).status_code == 302
    page = counter.client.get(url).content.decode()
    assert f"{both(first)}〜{both(first + timedelta(days=90))}" in page
    assert f"9,300円（{start.label}〜{Month.of(first).label}）" in page
    assert f"0円（{(Month.of(first) + 1).label}〜終わりなし）" in page
    last = Decision.objects.get(application=again)
    page = counter.client.get(reverse("admin:decision_revoke", args=[last.public_id]))
    assert "次の支給決定" not in page.content.decode()


def test_the_page_of_a_decision_says_which_month_has_no_cap(counter, decision):
    page = reverse("admin:decision_page", args=[decision.public_id])
    assert "負担上限月額が決まっていません" not in counter.client.get(page).content.decode()
    CapPeriod.objects.filter(client=decision.client).delete()
    month = Month.of(decision.starts_on).label
    text = counter.client.get(page).content.decode()
    assert f"{month}の負担上限月額が決まっていません" in text
