"""What a cap does beside itself: what it replaces, whose tax it follows, which months stay bare."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from clients.actions.facts import add_fact
from clients.models import HouseholdFact
from clients.queries.category import category_of
from clients.rules.category import is_adult_in_facility
from plans.actions.caps import Cap, add_cap_period
from plans.models import CapPeriod, Decision
from plans.queries.caps import mark_on_file
from plans.queries.ward_papers import caps_on_paper
from plans.rules.caps import bare_months, joined_with, june_inside, told_until
from plans.rules.caps import months_of_decision as months
from teikyaku.accounts.models import AuditEvent
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import cast_of, make_member
from tests.ward.conftest import Counter
from tests.ward.test_caps import cap_data, caps_of, errors_of

ON = date(2026, 11, 26)
ENDS = date(2027, 11, 30)


@pytest.fixture
def counter(client, db):
    """The counter in November: the tax year of the caps runs to June."""
    with time_machine.travel(at_noon(ON), tick=False):
        yield Counter(client, cast_of(ON))


@pytest.fixture
def decision(counter):
    """A year from today, with 9,300 yen to June."""
    row = counter.granted(employed_days_ago=300).decision
    Decision.objects.filter(pk=row.pk).update(ends_on=ENDS, granted_until=ENDS)
    CapPeriod.objects.filter(client=row.client).update(last_month=date(2027, 6, 1))
    row.refresh_from_db()
    return row


def household(counter, client, first_month, **facts):
    known = {"receives_public_assistance": False, "lives_in_group_home": False,
             "is_in_facility": False, "has_spouse": False, **facts}  # fmt: skip
    row = HouseholdFact(client=client, first_month=first_month, **known)
    add_fact(row, verb="household_recorded", **counter.who)


def grant_data(counter, last, **changes):
    return counter.grant_data(
        ends_on=ENDS.isoformat(), cap_first_month="2026-11", cap_last_month=last, **changes
    )


# --- The category ---------------------------------------------------------------------------------


def test_a_category_that_the_household_rules_out_needs_its_reason(counter, decision):
    household(counter, decision.client, date(2026, 11, 1), is_taxed=True)
    data = cap_data("2027-01", "2027-06")
    errors = errors_of(counter.post("decision_cap", decision, data))
    assert "世帯の記録からは「一般1・一般2」" in errors["category_reason"]
    told = {**data, "category_reason": "税の更正"}
    assert counter.post("decision_cap", decision, told).status_code == 302
    open_one = cap_data("2027-03", "2027-06", category="general_2", cap_yen="37200")
    assert counter.post("decision_cap", decision, open_one).status_code == 302


def test_a_household_of_an_earlier_tax_year_decides_nothing(counter):
    row = counter.heard()
    household(counter, row.client, date(2025, 9, 1), is_taxed=False)
    assert category_of(row.client, Month(2026, 6)).category is not None
    found = category_of(row.client, Month(2026, 11))
    assert (found.category, len(found.candidates)) == (None, 4)
    assert "前の年度（2025年9月から）" in found.doubts[0].text
    page = counter.client.get(reverse("admin:decision_grant", args=[row.public_id]))
    assert page.context["form"]["category"].value() is None
    assert "前の年度（2025年9月から）" in page.content.decode()
    assert counter.post("decision_grant", row, grant_data(counter, "2027-06")).status_code == 302
    assert CapPeriod.objects.get(client=row.client).category_reason == ""


@pytest.mark.parametrize(
    ("is_in", "born", "found"),
    [
        (True, date(2006, 11, 1), True),
        (True, date(2006, 11, 2), False),
        (True, date(2008, 5, 1), False),
        (False, date(1980, 1, 1), False),
        (None, date(1980, 1, 1), None),
        (None, date(2008, 5, 1), False),
    ],
)
def test_a_facility_counts_from_twenty(is_in, born, found):
    assert is_adult_in_facility(is_in, born, Month(2026, 11)) is found


def test_somebody_of_eighteen_in_a_facility_is_judged_by_the_tax(counter, decision):
    facts = {"is_taxed": True, "income_levy_yen": 10_000, "is_in_facility": True}
    household(counter, decision.client, date(2026, 11, 1), **facts)
    assert category_of(decision.client, Month(2026, 11)).cap_yen == 37_200
    decision.client.birth_date = date(2008, 5, 1)
    decision.client.save()
    assert category_of(decision.client, Month(2026, 11)).cap_yen == 9_300


# --- A cap of nothing is managed by nobody --------------------------------------------------------


def test_a_cap_of_nothing_is_not_managed(counter, decision):
    managed = {"is_managed": "on", "managing_office_name": "架空ホーム"}
    errors = errors_of(counter.post("decision_cap", decision, cap_data("2027-01", "2027-06", **managed)))  # fmt: skip
    assert "0円" in errors["is_managed"]
    data = grant_data(counter, "2027-06", category="low_income", cap_yen="0", **managed)
    errors = errors_of(counter.post("decision_grant", counter.heard(kana="べつ"), data))
    assert "0円" in errors["is_managed"]
    cap = Cap(date(2027, 1, 1), date(2027, 6, 1), "low_income", 0, is_managed=True)
    for key in ("officer", "worker"):
        who = {"by": counter.cast.members[key], "at": counter.who["at"]}
        with pytest.raises(ValidationError, match="0円"):
            add_cap_period(
                client=decision.client, municipality=decision.municipality, cap=cap, **who
            )


def test_what_goes_on_of_a_managed_cap_of_nothing_is_not_managed(counter, decision):
    CapPeriod.objects.filter(client=decision.client).update(
        cap_yen=0, category="low_income", is_managed=True, managing_office_name="架空ホーム"
    )
    data = cap_data("2027-01", "2027-02", category="general_1", cap_yen="9300", is_known="on")
    assert counter.post("decision_cap", decision, data).status_code == 302
    rest = CapPeriod.objects.filter(client=decision.client).latest("first_month")
    assert (rest.cap_yen, rest.is_managed, rest.managing_office_name) == (0, False, "")


def test_a_name_too_long_is_told_once(counter, decision):
    data = cap_data("2027-01", "2027-06", category="general_1", cap_yen="9300", is_managed="on",
                    managing_office_name="あ" * 81)  # fmt: skip
    errors = errors_of(counter.post("decision_cap", decision, data))
    assert "80" in errors["managing_office_name"]
    assert "名前を入れて" not in errors["managing_office_name"]


# --- Months of the decision -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "words"),
    [
        ("2027-03", "2027年4月〜2027年6月の上限額がありません"),
        ("2027-05", "2027年6月の上限額がありません"),
        ("2027-11", "2027年6月までの上限額は2026年度の市民税（2025年の収入）で決まり"),
        ("2027-06", ""),
        ("", "2027年6月までの上限額は2026年度の市民税（2025年の収入）で決まり"),
    ],
)
def test_a_grant_tells_what_its_cap_leaves_and_whose_tax_it_follows(counter, last, words):
    row = counter.heard()
    answer = counter.post("decision_grant", row, grant_data(counter, last))
    if words:
        assert list(errors_of(answer)) == ["is_known"]
        assert words in answer.content.decode()
        answer = counter.post("decision_grant", row, grant_data(counter, last, is_known="on"))
    assert answer.status_code == 302, answer.context["form"].errors
    assert CapPeriod.objects.filter(client=row.client).count() == 1


def test_the_page_of_caps_tells_the_months_that_stay_bare(counter, decision):
    CapPeriod.objects.filter(client=decision.client).update(last_month=date(2027, 3, 1))
    answer = counter.post("decision_cap", decision, cap_data("2027-06", "2027-07"))
    assert list(errors_of(answer)) == ["is_known"]
    text = answer.content.decode()
    assert "2027年4月〜2027年5月、2027年8月〜2027年11月の上限額がありません" in text
    assert "7月からは次の年度の市民税" in text
    good = cap_data("2027-04", "2027-06")
    assert counter.post("decision_cap", decision, good).status_code == 302


def test_a_renewal_tells_the_months_before_it_that_stay_bare(counter, decision):
    renewal = counter.heard(known=decision.client, kind="renewal")
    CapPeriod.objects.filter(client=decision.client).update(last_month=date(2027, 8, 1))
    data = counter.grant_data(
        starts_on="2027-12-01", ends_on="2028-01-31", cap_first_month="2027-12",
        cap_last_month="2028-01",
    )  # fmt: skip
    answer = counter.client.post(reverse("admin:decision_grant", args=[renewal.public_id]), data)
    assert list(errors_of(answer)) == ["is_known"]
    assert "2027年9月〜2027年11月の上限額がありません" in answer.content.decode()
    assert counter.post("decision_grant", renewal, {**data, "is_known": "on"}).status_code == 302


@pytest.mark.parametrize(
    ("before", "first"),
    [
        ([(date(2026, 11, 26), date(2027, 11, 30))], "2026-11"),
        ([(date(2026, 11, 26), date(2027, 10, 31))], "2027-12"),
        ([(date(2025, 11, 1), date(2026, 11, 25)), (date(2026, 11, 26), date(2027, 11, 30))], "2025-11"),
        ([], "2027-12"),
        ([(date(2028, 2, 1), date(2028, 3, 31))], "2027-12"),
    ],
)  # fmt: skip
def test_decisions_that_lead_to_one_another_are_one_row_of_months(before, first):
    found = joined_with(before, date(2027, 12, 1), date(2028, 1, 31))
    assert (str(found.first_month), str(found.last_month)) == (first, "2028-01")


@pytest.mark.parametrize(
    ("caps", "until", "bare"),
    [
        ([], "2027-06", ["2026-11〜2027-06"]),
        ([("2026-11", None)], "2027-06", []),
        ([("2026-11", "2027-03"), ("2027-06", "2027-06")], "2027-06", ["2027-04〜2027-05"]),
        ([("2026-12", "2027-11")], "2027-11", ["2026-11〜2026-11"]),
        ([("2026-11", "2027-06")], "2099-01", ["2027-07〜2027-11"]),
    ],
)
def test_bare_months(caps, until, bare):
    known = [(Month.parse(a), Month.parse(b) if b else None) for a, b in caps]
    found = bare_months(months(ON, ENDS), known, Month.parse(until))
    assert [f"{span.first_month}〜{span.last_month}" for span in found] == bare


def test_the_june_of_a_cap():
    ends = Month.of(ENDS)
    assert june_inside(Month(2026, 11), Month(2027, 7), ends) == Month(2027, 6)
    assert june_inside(Month(2026, 11), Month(2027, 6), ends) is None
    assert june_inside(Month(2026, 11), None, ends) == Month(2027, 6)
    assert june_inside(Month(2026, 11), None, Month(2027, 6)) is None
    assert told_until(Month(2026, 11), None, Month(2026, 11)) == Month(2027, 6)
    assert told_until(Month(2025, 11), Month(2026, 6), Month(2026, 11)) == Month(2026, 11)


# --- What a retroactive cap replaces --------------------------------------------------------------


def more(**changes):
    return {"category": "general_2", "cap_yen": "37200", **changes}


def test_a_change_from_the_first_month_of_a_cap_replaces_it(counter, decision):
    old, paper = CapPeriod.objects.get(client=decision.client), decision.certificates.get()
    data = cap_data("2026-11", "2027-06", **more())
    answer = counter.post("decision_cap", decision, data)
    assert list(errors_of(answer)) == ["is_known"]
    text = answer.content.decode()
    assert "いまの 9,300円 一般1（2026年11月〜2027年6月） は、この上限額に置き換わります" in text
    assert "本庁が訂正" in text
    assert caps_of(decision) == [("2026-11", "2027-06", 9300)]
    with time_machine.travel(at_noon(ON + timedelta(days=3)), tick=False):
        enter(counter.client, counter.officer)
        done = counter.post("decision_cap", decision, {**data, "is_known": "on"})
    assert done.status_code == 302
    assert caps_of(decision) == [("2026-11", "2027-06", 37200)]
    gone = CapPeriod.history.filter(id=old.pk, history_type="-").get()
    assert (gone.cap_yen, gone.history_user) == (9300, counter.officer.user)
    assert AuditEvent.objects.filter(verb="cap_replaced", subject_id=old.public_id).exists()
    # The paper of that time says what it said.
    assert [cap.cap_yen for cap in caps_on_paper(paper)] == [9300]


def test_a_paper_of_the_same_day_carries_what_replaced_it(counter, decision):
    data = cap_data("2026-11", "2027-06", **more(is_known="on"))
    assert counter.post("decision_cap", decision, data).status_code == 302
    assert [cap.cap_yen for cap in caps_on_paper(decision.certificates.get())] == [37200]


def test_a_change_over_several_caps_cuts_and_replaces(counter, decision):
    assert counter.post("decision_cap", decision, cap_data("2027-03", "2027-04", is_known="on")).status_code == 302  # fmt: skip
    assert len(caps_of(decision)) == 3
    data = cap_data("2027-01", "2027-05", **more())
    text = counter.post("decision_cap", decision, data).content.decode()
    assert "いまの 0円 低所得（2027年3月〜2027年4月） は" in text
    assert "2027年6月は、前の上限額（9,300円・一般1）が続きます" in text
    assert counter.post("decision_cap", decision, {**data, "is_known": "on"}).status_code == 302
    assert caps_of(decision) == [
        ("2026-11", "2026-12", 9300), ("2027-01", "2027-05", 37200), ("2027-06", "2027-06", 9300)
    ]  # fmt: skip


def test_nobody_replaces_without_having_looked(counter, decision):
    cap = Cap(date(2026, 11, 1), date(2027, 6, 1), "general_2", 37200)
    where = {"client": decision.client, "municipality": decision.municipality}
    with pytest.raises(ValidationError, match="変わった月から入れてください"):
        add_cap_period(cap=cap, **where, **counter.who)
    Decision.objects.filter(pk=decision.pk).update(municipality=counter.cast.wards[1])
    CapPeriod.objects.filter(client=decision.client).update(municipality=counter.cast.wards[1])
    mark = mark_on_file(decision.client, cap.first_month, cap.last_month)
    with pytest.raises(ValidationError, match="ほかの市町村"):
        add_cap_period(cap=cap, **where, **counter.who, seen=mark)
    assert caps_of(decision) == [("2026-11", "2027-06", 9300)]


def test_a_tick_counts_only_for_what_its_sender_was_shown(counter, decision):
    page, data = (
        reverse("admin:decision_cap", args=[decision.public_id]),
        cap_data("2026-11", "2027-06", **more()),
    )
    ticked = {**data, "is_known": "on"}
    early = counter.client.post(page, ticked)
    assert list(errors_of(early)) == ["is_known"]
    assert not early.context["form"]["is_known"].value()
    mark = early.context["form"].data["known_of"]
    # A colleague decides something else meanwhile.
    assert counter.post("decision_cap", decision, cap_data("2027-03", "2027-06")).status_code == 302
    late = counter.client.post(page, {**ticked, "known_of": mark})
    assert list(errors_of(late)) == ["is_known"]
    assert "いまの 0円 低所得（2027年3月〜2027年6月） は" in late.content.decode()
    # Other months than those that were asked about are asked about anew.
    mark = late.context["form"].data["known_of"]
    other = counter.client.post(page, {**ticked, "known_of": mark, "last_month": "2027-05"})
    assert list(errors_of(other)) == ["is_known"]
    assert len(caps_of(decision)) == 2
    assert counter.client.post(page, {**ticked, "known_of": mark}).status_code == 302
    assert caps_of(decision) == [("2026-11", "2027-06", 37200)]


def test_a_grant_that_waits_is_not_confirmed_over_another_cap(counter, decision):
    renewal = counter.heard(known=decision.client, kind="renewal")
    ward = counter.cast.wards[2]
    ward.needs_second_officer = True
    ward.save()
    CapPeriod.objects.filter(client=decision.client).update(last_month=ENDS.replace(day=1))
    data = counter.grant_data(
        starts_on="2027-12-01", ends_on="2028-01-31", cap_first_month="2027-12",
        cap_last_month="2028-01", is_known="on",
    )  # fmt: skip
    assert counter.post("decision_grant", renewal, data).status_code == 302
    CapPeriod.objects.create(
        client=decision.client, municipality=ward, first_month=date(2027, 12, 1), cap_yen=0,
        category="low_income", recorded_by=counter.officer, recorded_at=counter.who["at"],
    )  # fmt: skip
    enter(counter.client, make_member("second", Role.WARD_OFFICER, municipality=ward))
    assert counter.post("decision_confirm", renewal, {}).status_code == 302
    assert not Decision.objects.filter(application=renewal).exists()
    assert CapPeriod.objects.filter(client=decision.client, cap_yen=0).exists()


def test_the_page_lists_the_caps_and_proposes_who_manages_the_running_one(counter, decision):
    office = {"managing_office_name": "架空ホーム", "managing_office_number": "1510000001"}
    CapPeriod.objects.filter(client=decision.client).update(is_managed=True, **office)
    page = counter.client.get(reverse("admin:decision_cap", args=[decision.public_id]))
    text, form = page.content.decode(), page.context["form"]
    assert "2026年11月〜2027年6月　上限額管理 架空ホーム" in text
    assert form["is_managed"].value() is True
    assert {name: form[name].value() for name in office} == office


def test_a_cap_without_the_management_of_the_former_one_is_asked_about(counter, decision):
    CapPeriod.objects.filter(client=decision.client).update(
        is_managed=True, managing_office_name="架空ホーム"
    )
    # Only cut, and nothing of it left afterwards.
    data = cap_data("2027-01", "2027-06", **more())
    answer = counter.post("decision_cap", decision, data)
    assert list(errors_of(answer)) == ["is_known"]
    assert "架空ホームが上限額管理をしています" in answer.content.decode()
    managed = {**data, "is_managed": "on", "managing_office_name": "架空ホーム"}
    assert counter.post("decision_cap", decision, managed).status_code == 302
    # A cap of nothing is managed by nobody anyway.
    assert counter.post("decision_cap", decision, cap_data("2027-03", "2027-06")).status_code == 302
