"""訂正: by the main office over all wards without a name, by an office what it copied itself."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.actions.client import open_enrolment
from clients.actions.facts import add_fact
from clients.models import HouseholdFact, RecipientNumber
from plans.actions.certificate import Grant, Paper, transcribe_certificate
from plans.models import CapPeriod, Decision
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter

ERROR = 422


@pytest.fixture
def city(client, cast):
    enter(client, cast.members["city"])
    return client


def data_of(decision, **changes):
    number = decision.certificates.last().recipient_number.number
    return {
        "number": number, "decided_on": decision.decided_on.isoformat(),
        "starts_on": decision.starts_on.isoformat(), "ends_on": decision.ends_on.isoformat(),
        "amount": decision.amount, "reason": "写し間違い", **changes,
    }  # fmt: skip


def correct(client, decision, **changes):
    url = reverse("admin:city_decision_correct", args=[decision.public_id])
    return client.post(url, data_of(decision, **changes))


def test_the_main_office_finds_by_ward_and_number_without_a_name(city, cast):
    url = reverse("admin:correction_find")
    wrong = city.post(url, {"municipality": cast.wards[2].pk, "number": "9999999999"})
    assert "ありません" in str(wrong.context["form"].errors["number"])
    other_ward = city.post(url, {"municipality": cast.wards[1].pk, "number": "2222222222"})
    assert other_ward.status_code == ERROR
    found = city.post(
        url, {"municipality": cast.wards[2].pk, "number": "２２２２２２２２２２"}, follow=True
    )
    page = found.content.decode()
    assert "2222222222" in page
    assert "申請 花子" not in page
    assert "しんせい" not in page


def test_what_an_office_transcribed_is_not_the_main_offices(city, cast):
    copied = Decision.objects.get(client=cast.enrolment.client)
    assert copied.is_transcribed
    assert city.get(reverse("admin:city_decision", args=[copied.public_id])).status_code == 404
    assert correct(city, copied).status_code == 404


def test_a_correction_keeps_the_old_value_and_its_reason(city, cast):
    decision, old = cast.decision, cast.decision.ends_on
    earlier = old - timedelta(days=31)
    assert "reason" in correct(city, decision, reason="").context["form"].errors
    assert correct(city, decision, ends_on=earlier.isoformat()).status_code == 302
    decision.refresh_from_db()
    assert (decision.ends_on, decision.granted_until) == (earlier, earlier)
    new, before = decision.history.all()[:2]
    assert (new.history_change_reason, before.ends_on) == ("写し間違い", old)
    page = city.get(reverse("admin:city_decision", args=[decision.public_id])).content.decode()
    assert "写し間違い" in page


@pytest.mark.parametrize(
    ("days", "field"),
    [({"ends_on": 400}, "ends_on"), ({"starts_on": -9000}, "starts_on"), ({"ends_on": -900}, "ends_on"),
     ({"decided_on": 2}, "decided_on")],
)  # fmt: skip
def test_a_correction_against_the_rule_is_refused_at_its_field(city, cast, days, field):
    ((name, shift),) = days.items()
    base = cast.today if name == "decided_on" else getattr(cast.decision, name)
    answer = correct(city, cast.decision, **{name: (base + timedelta(days=shift)).isoformat()})
    assert answer.status_code == ERROR
    assert field in answer.context["form"].errors
    assert answer.context["form"]["reason"].value() == "写し間違い"


def test_a_number_is_corrected_unless_it_is_somebody_elses(city, cast):
    decision = cast.decision
    answer = correct(city, decision, number="1234567890")
    assert "別の方" in str(answer.context["form"].errors["number"])
    assert correct(city, decision, number="2222222223").status_code == 302
    paper = decision.certificates.get()
    assert paper.recipient_number.number == "2222222223"
    assert paper.history.first().history_change_reason == "写し間違い"
    numbers = RecipientNumber.objects.filter(client=decision.client)
    assert [row.number for row in numbers] == ["2222222223"]


def test_an_office_never_renumbers_the_wards_paper(client, cast):
    """One number, two papers: the ward's own and an old one that the office copied."""
    worker, at = cast.members["worker"], at_noon(cast.today)
    person, ward = cast.decision.client, cast.wards[2]
    day = cast.decision.starts_on - timedelta(days=800)
    copied = transcribe_certificate(
        client=person, municipality=ward, grant=Grant(day, day, day + timedelta(days=300), "月"),
        paper=Paper("2222222222", day, day), cap=None, by=worker, at=at,
    )  # fmt: skip
    enter(client, worker)
    enrolment = person.enrolments.get()
    url = reverse("decision_correct", args=[enrolment.public_id, copied.public_id])
    assert client.post(url, data_of(copied, number="9999999999")).status_code == 302
    assert cast.decision.certificates.get().recipient_number.number == "2222222222"
    assert copied.certificates.get().recipient_number.number == "9999999999"


def test_an_office_never_ends_the_wards_cap(client, cast):
    enter(client, cast.members["worker"])
    enrolment = cast.decision.client.enrolments.get()
    cap = CapPeriod.objects.get(client=cast.decision.client)
    data = {"category": "general_2", "cap_yen": "37200",
            "first_month": (cap.first_month + timedelta(days=40)).isoformat()[:7]}  # fmt: skip
    answer = client.post(reverse("cap_new", args=[enrolment.public_id]), data)
    assert "区役所" in str(answer.context["form"].errors)
    cap.refresh_from_db()
    assert (cap.last_month, CapPeriod.objects.filter(client=cap.client).count()) == (None, 1)


def test_another_office_corrects_nothing_of_what_this_one_copied(client, cast):
    copied = Decision.objects.get(client=cast.enrolment.client)
    out = cast.members["outsider"]
    again = open_enrolment(
        client=copied.client, office=cast.other_office, starts_on=cast.today, by=out,
        at=at_noon(cast.today),
    )  # fmt: skip
    enter(client, out)
    url = reverse("decision_correct", args=[again.public_id, copied.public_id])
    assert client.get(url).status_code == 404
    cap = CapPeriod.objects.get(client=copied.client)
    assert (
        client.get(reverse("cap_correct", args=[again.public_id, cap.public_id])).status_code == 404
    )


@pytest.mark.parametrize(("yen", "is_stored"), [("37200", True), ("37201", False)])
def test_no_cap_is_above_the_highest(city, cast, yen, is_stored):
    cap = CapPeriod.objects.get(client=cast.decision.client)
    url = reverse("admin:city_cap_correct", args=[cast.decision.public_id, cap.public_id])
    data = {"category": "general_2", "cap_yen": yen, "reason": "x",
            "first_month": cap.first_month.isoformat()[:7], "is_known": "on"}  # fmt: skip
    assert (city.post(url, data).status_code == 302) is is_stored


def test_a_revoked_decision_is_not_corrected(city, cast):
    decision = cast.decision
    decision.revoked_on, decision.revocation_reason = cast.today, "転出"
    decision.ends_on = cast.today
    decision.save()
    assert "取り消されています" in str(correct(city, decision).context["form"].errors["__all__"])


def test_a_cap_is_corrected_and_must_not_overlap(city, cast):
    cap = CapPeriod.objects.get(client=cast.decision.client)
    url = reverse("admin:city_cap_correct", args=[cast.decision.public_id, cap.public_id])
    data = {"category": "general_1", "cap_yen": "９，３００円", "reason": "区分の誤り",
            "first_month": cap.first_month.isoformat()[:7], "is_known": "on"}  # fmt: skip
    assert city.post(url, data).status_code == 302
    cap.refresh_from_db()
    assert (cap.cap_yen, cap.category) == (9300, "general_1")
    assert cap.history.first().history_change_reason == "区分の誤り"


def test_an_office_mends_what_it_copied_and_only_that(client, cast):
    enter(client, cast.members["worker"])
    copied = Decision.objects.get(client=cast.enrolment.client)
    url = reverse("decision_correct", args=[cast.enrolment.public_id, copied.public_id])
    page = reverse("client_page", args=[cast.enrolment.client.public_id])
    assert url in client.get(page).content.decode()
    later = (copied.starts_on + timedelta(days=20)).isoformat()
    late = client.post(url, data_of(copied, starts_on=later))
    assert "利用開始日" in str(late.context["form"].errors["starts_on"])
    longer = (copied.ends_on + timedelta(days=30)).isoformat()
    assert client.post(url, data_of(copied, ends_on=longer)).status_code == 302
    assert longer == Decision.objects.get(pk=copied.pk).ends_on.isoformat()
    enrolment = cast.decision.client.enrolments.get()
    wards = reverse("decision_correct", args=[enrolment.public_id, cast.decision.public_id])
    assert client.get(wards).status_code == 404
    cap = CapPeriod.objects.get(client=cast.decision.client)
    wards_cap = reverse("cap_correct", args=[enrolment.public_id, cap.public_id])
    assert client.get(wards_cap).status_code == 404


def test_the_days_of_a_paper_are_corrected(city, cast):
    paper = cast.decision.certificates.get()
    args = [cast.decision.public_id, paper.public_id]
    url = reverse("admin:city_paper_correct", args=args)
    page = reverse("admin:city_decision", args=args[:1])
    assert url in city.get(page).content.decode()
    right = {"issued_on": cast.today.isoformat(), "applies_on": paper.applies_on.isoformat(),
             "reason": "年の書き間違い"}  # fmt: skip
    before = (cast.decision.decided_on - timedelta(days=1)).isoformat()
    ahead = (cast.today + timedelta(days=1)).isoformat()
    after = (cast.decision.ends_on + timedelta(days=1)).isoformat()
    for name, day in (("issued_on", ahead), ("issued_on", before), ("applies_on", after)):
        wrong = city.post(url, {**right, name: day})
        assert list(wrong.context["form"].errors) == [name]
    assert city.post(url, {**right, "reason": ""}).status_code == ERROR
    assert city.post(url, right).status_code == 302
    old = paper.issued_on
    paper.refresh_from_db()
    assert paper.issued_on == cast.today
    new, kept = paper.history.all()[:2]
    assert (new.history_change_reason, kept.issued_on) == ("年の書き間違い", old)


def test_another_decisions_paper_is_not_corrected_here(city, cast):
    copied = Decision.objects.get(client=cast.enrolment.client).certificates.get()
    args = [cast.decision.public_id, copied.public_id]
    assert city.get(reverse("admin:city_paper_correct", args=args)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first_month": 40, "last_month": 45}, "first_month"),
        ({"category": "public_assistance", "cap_yen": "37200"}, "cap_yen"),
        ({"category": "low_income", "cap_yen": "0", "is_managed": "on",
          "managing_office_name": "架空ホーム"}, "is_managed"),
    ],
)  # fmt: skip
def test_a_corrected_cap_is_held_against_what_every_other_one_is(city, cast, changes, field):
    cap = CapPeriod.objects.get(client=cast.decision.client)
    first = Month.of(cap.first_month)
    url = reverse("admin:city_cap_correct", args=[cast.decision.public_id, cap.public_id])
    data = {"category": "general_1", "cap_yen": "9300", "reason": "x", "first_month": str(first),
            "is_known": "on"}  # fmt: skip
    typed = {k: str(first + v) if isinstance(v, int) else v for k, v in changes.items()}
    answer = city.post(url, {**data, **typed})
    assert answer.status_code == ERROR
    assert field in answer.context["form"].errors
    cap.refresh_from_db()
    assert Month.of(cap.first_month) == first


def test_a_corrected_category_is_explained_where_the_household_rules_it_out(city, cast):
    cap = CapPeriod.objects.get(client=cast.decision.client)
    fact = HouseholdFact(
        client=cap.client, first_month=cap.first_month, is_taxed=True, income_levy_yen=1000,
        receives_public_assistance=False, lives_in_group_home=False, is_in_facility=False,
    )  # fmt: skip
    add_fact(fact, verb="household_recorded", by=cast.members["officer"], at=at_noon(cast.today))
    url = reverse("admin:city_cap_correct", args=[cast.decision.public_id, cap.public_id])
    data = {"category": "low_income", "cap_yen": "0", "reason": "区分の誤り", "is_known": "on",
            "first_month": str(Month.of(cap.first_month))}  # fmt: skip
    assert "category_reason" in city.post(url, data).context["form"].errors
    assert city.post(url, {**data, "category_reason": "税の更正"}).status_code == 302
    cap.refresh_from_db()
    assert (cap.cap_yen, cap.category_reason) == (0, "税の更正")
    page = city.get(url).content.decode()
    assert "税の更正" in page


def test_the_reason_of_another_category_explains_nothing(city, cast):
    cap = CapPeriod.objects.filter(client=cast.decision.client).latest("first_month")
    CapPeriod.objects.filter(pk=cap.pk).update(
        category="general_2", cap_yen=9300, category_reason="年度の途中で税が更正された"
    )
    url = reverse("admin:city_cap_correct", args=[cast.decision.public_id, cap.public_id])
    data = {"category": "public_assistance", "cap_yen": "37200", "reason": "区分の誤り",
            "category_reason": "年度の途中で税が更正された", "is_known": "on",
            "first_month": str(Month.of(cap.first_month))}  # fmt: skip
    errors = city.post(url, data).context["form"].errors
    assert "前の区分「一般2」" in str(errors["category_reason"])
    # Without any reason the amount is not that of the category.
    assert "cap_yen" in city.post(url, {**data, "category_reason": ""}).context["form"].errors
    data |= {"cap_yen": "0", "category_reason": "10月から保護開始"}
    assert city.post(url, data).status_code == 302
    cap.refresh_from_db()
    assert (cap.category, cap.cap_yen) == ("public_assistance", 0)
    # The same category keeps its reason where only the months were wrong.
    assert (
        city.post(url, data | {"last_month": str(Month.of(cap.first_month) + 1)}).status_code == 302
    )


def test_a_correction_of_a_cap_tells_closed_months_and_bare_ones(city, cast):
    closed = cast.person_month
    decision = Decision.objects.get(client=closed.client_id)
    cap = CapPeriod.objects.get(client=closed.client_id)
    ward = cast.wards[2]
    Decision.objects.filter(pk=decision.pk).update(municipality=ward, is_transcribed=False)
    CapPeriod.objects.filter(pk=cap.pk).update(municipality=ward)
    url = reverse("admin:city_cap_correct", args=[decision.public_id, cap.public_id])
    later = Month.of(closed.month) + 1
    data = {
        "category": "general_1",
        "cap_yen": "9300",
        "reason": "月の誤り",
        "first_month": str(later),
    }
    answer = city.post(url, data)
    assert list(answer.context["form"].errors) == ["is_known"]
    text = answer.content.decode()
    # It was for that month, though it no longer is.
    assert f"{Month.of(closed.month).label}（{cast.office.name}" in text
    assert "の上限額がありません" in text
    assert city.post(url, {**data, "is_known": "on"}).status_code == 302
    cap.refresh_from_db()
    assert Month.of(cap.first_month) == later


def test_what_is_wrong_with_a_cap_is_told_in_one_round(city, cast):
    cap = CapPeriod.objects.get(client=cast.decision.client)
    fact = HouseholdFact(
        client=cap.client, first_month=cap.first_month, is_taxed=True, income_levy_yen=1000,
        receives_public_assistance=False, lives_in_group_home=False, is_in_facility=False,
    )  # fmt: skip
    add_fact(fact, verb="household_recorded", by=cast.members["officer"], at=at_noon(cast.today))
    url = reverse("admin:city_cap_correct", args=[cast.decision.public_id, cap.public_id])
    data = {"category": "low_income", "cap_yen": "9300", "reason": "",
            "first_month": str(Month.of(cap.first_month))}  # fmt: skip
    errors = city.post(url, data).context["form"].errors
    assert {"category_reason", "cap_yen", "reason"} <= set(errors)
