"""Certificate numbers: typed as the core system gives them, or the next free one of the ward's range."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clients.actions.client import record_number
from plans.actions.number_range import add_number_range, number_for, switch_number_range
from plans.models import NumberRange, PaperSetting, WardPaper
from plans.queries.number_range import known_number
from teikyaku.accounts.models import AuditEvent
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter

REFUSED = 422


def add(counter, first="4400000001", last="4400000003"):
    return add_number_range(
        municipality=counter.cast.wards[2], first_number=first, last_number=last, **counter.who
    )


def grant(counter, row, **changes):
    return counter.post("decision_grant", row, counter.grant_data(number="", **changes))


def people(counter, *names):
    return [counter.heard(kana=f"ひと{name}", name=f"人 {name}") for name in names]


def number_of(row):
    row.refresh_from_db()
    return row.decision.certificates.get().recipient_number.number


def test_without_a_range_the_number_is_typed(counter):
    answer = grant(counter, counter.heard())
    assert answer.status_code == REFUSED
    assert "number" in answer.context["form"].errors


def test_numbers_are_taken_in_order_and_those_in_use_are_passed_over(client, counter):
    add(counter)
    taken = counter.cast.enrolment.client
    record_number(
        client=taken, municipality=counter.cast.wards[2], number="4400000002", **counter.who
    )
    first, second, third = people(counter, "一", "二", "三")
    form = client.get(reverse("admin:decision_grant", args=[first.public_id])).context["form"]
    assert "4400000001" in form.fields["number"].help_text
    assert grant(counter, first).status_code == 302
    assert grant(counter, second).status_code == 302
    assert (number_of(first), number_of(second)) == ("4400000001", "4400000003")
    answer = grant(counter, third)
    assert answer.status_code == REFUSED
    assert "使い切りました" in str(answer.context["form"].errors["number"])
    page = client.get(reverse("admin:paper_settings")).content.decode()
    assert "使い切りました" in page
    # A further range goes on; a typed number is taken as before.
    add(counter, "4500000001", "4500000009")
    assert grant(counter, third).status_code == 302
    assert number_of(third) == "4500000001"
    (fourth,) = people(counter, "四")
    data = counter.grant_data(number="４４００００９９９９")
    assert counter.post("decision_grant", fourth, data).status_code == 302
    assert number_of(fourth) == "4400009999"


def test_who_has_a_number_in_the_ward_keeps_it(counter):
    add(counter)
    known = record_number(
        client=counter.cast.decision.client, municipality=counter.cast.wards[2],
        number="2222222222", **counter.who,
    )  # fmt: skip
    found = number_for(
        client=known.client, municipality=known.municipality, number="", **counter.who
    )
    assert found == known
    assert NumberRange.objects.get().next_number == 4400000001


def test_another_wards_range_is_not_touched(client, counter):
    add_number_range(
        municipality=counter.cast.wards[0], first_number="4400000001", last_number="4400000003",
        **counter.who,
    )  # fmt: skip
    assert grant(counter, counter.heard()).status_code == REFUSED
    row = NumberRange.objects.get()
    switch = reverse("admin:number_range_switch", args=[row.public_id])
    assert client.post(switch).status_code == 404
    assert row.first_number not in client.get(reverse("admin:paper_settings")).content.decode()


def test_a_refused_grant_takes_no_number(counter):
    add(counter)
    row = counter.heard()
    assert grant(counter, row, ends_on="2099-12-31").status_code == REFUSED
    assert NumberRange.objects.get().next_number == 4400000001


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("4400000003", "4400000001", "last_number"),
        ("44000000011", "4400000012", "first_number"),
        ("4400000002", "4400000009", "first_number"),
        ("", "4400000009", "first_number"),
    ],
)
def test_a_wrong_range_is_told_at_its_field(client, counter, first, last, field):
    add(counter)
    answer = client.post(
        reverse("admin:number_range_new"), {"first_number": first, "last_number": last}
    )
    assert answer.status_code == REFUSED
    assert field in answer.context["form"].errors
    assert NumberRange.objects.count() == 1


def test_a_range_is_put_away_and_taken_up_again(client, counter):
    row = add(counter)
    switch = reverse("admin:number_range_switch", args=[row.public_id])
    assert client.post(switch).status_code == 302
    with pytest.raises(ValidationError, match="登録されていません"):
        number_for(
            client=counter.cast.decision.client, municipality=counter.cast.wards[0], number="",
            **counter.who,
        )  # fmt: skip
    assert grant(counter, counter.heard()).status_code == REFUSED
    switch_number_range(row=row, **counter.who)
    assert client.get(reverse("admin:paper_settings")).context["next_number"] == "4400000001"
    verbs = set(
        AuditEvent.objects.filter(subject_type="numberrange").values_list("verb", flat=True)
    )
    assert verbs == {"number_range_registered", "number_range_ended", "number_range_opened"}


def test_the_settings_are_the_wards_own(client, counter):
    page = reverse("admin:paper_settings_edit")
    draft = client.get(page).context["form"].initial["rights_text"]
    assert "審査請求" in draft
    data = {"signer": "見本市長", "postal_code": "9510000", "address": "見本町1", "phone": "025-111-2222",
            "rights_text": draft}  # fmt: skip
    assert "窓口に相談してください" in client.get(reverse("admin:paper_settings")).content.decode()
    assert client.post(page, data).status_code == 302
    assert (
        "窓口に相談してください" not in client.get(reverse("admin:paper_settings")).content.decode()
    )
    setting = PaperSetting.objects.get(municipality=counter.cast.wards[2])
    assert (setting.signer, setting.postal_code, setting.rights_text) == (
        "見本市長",
        "951-0000",
        "",
    )
    confirmed = {**data, "rights_text": "", "is_rights_confirmed": "on"}
    answer = client.post(page, confirmed)
    assert answer.status_code == REFUSED
    assert "確かめた教示の文" in answer.content.decode()
    assert client.post(page, {**confirmed, "rights_text": draft}).status_code == 302
    setting.refresh_from_db()
    assert setting.is_rights_confirmed
    assert setting.history.count() == 2
    enter(client, counter.cast.members["other_officer"])
    assert "見本市長" not in client.get(reverse("admin:paper_settings")).content.decode()
    assert not WardPaper.objects.exists()


@pytest.fixture
def renewal(counter):
    """Somebody with 1234567899, and the renewal that may be granted."""
    first = counter.granted()
    again = counter.heard(known=first.client, kind="renewal")
    starts_on = first.decision.ends_on + timedelta(days=1)
    return again, counter.grant_data(
        starts_on=starts_on.isoformat(), ends_on=(starts_on + timedelta(days=90)).isoformat(),
        cap_first_month=str(Month.of(starts_on) + 1), number="1234567898", is_known="on",
    )  # fmt: skip


def test_another_number_than_the_persons_own_is_asked_about(client, counter, renewal):
    row, data = renewal
    answer = counter.post("decision_grant", row, data)
    assert answer.status_code == REFUSED
    form = answer.context["form"]
    assert list(form.errors) == ["number"]
    assert "1234567899です" in str(form.errors["number"])
    names = list(form.fields)
    assert names[names.index("number") + 1 :][:2] == ["number_changed", "number_reason"]
    answer = counter.post("decision_grant", row, {**data, "number_changed": "on"})
    assert list(answer.context["form"].errors) == ["number_reason"]
    told = {**data, "number_changed": "on", "number_reason": "本庁が番号をふり直した"}
    assert counter.post("decision_grant", row, told).status_code == 302
    row.refresh_from_db()
    paper = row.decision.certificates.get()
    assert (paper.recipient_number.number, paper.reason) == ("1234567898", told["number_reason"])
    # From now on this is the person's own.
    assert known_number(row.client, row.municipality).number == "1234567898"


def test_the_own_number_is_not_asked_about(client, counter, renewal):
    row, data = renewal
    page = client.get(reverse("admin:decision_grant", args=[row.public_id]))
    assert "number_changed" not in page.context["form"].fields
    own = {**data, "number": "1234567899", "number_reason": "誤って残った"}
    assert counter.post("decision_grant", row, own).status_code == 302
    row.refresh_from_db()
    assert row.decision.certificates.get().reason == ""


def test_a_paper_issued_again_asks_too_and_keeps_its_own_reason(counter):
    decision = counter.granted().decision
    on = counter.on.isoformat()
    paper = {"kind": "change", "number": "1234567898", "issued_on": on, "applies_on": on,
             "reason": "番号の変更"}  # fmt: skip
    answer = counter.post("decision_reissue", decision, paper)
    assert list(answer.context["form"].errors) == ["number"]
    assert "number_reason" not in answer.context["form"].fields
    told = {**paper, "number_changed": "on"}
    assert counter.post("decision_reissue", decision, told).status_code == 302
    last = decision.certificates.last()
    assert (last.recipient_number.number, last.reason) == ("1234567898", "番号の変更")


def test_the_action_asks_whoever_calls_it(counter):
    person = counter.granted().client
    who = {"client": person, "municipality": counter.cast.wards[2], **counter.who}
    with pytest.raises(ValidationError, match="1234567899です"):
        number_for(number="1234567898", **who)
    assert number_for(number="1234567898", is_changed=True, **who).number == "1234567898"


def test_a_copied_paper_is_asked_about_in_its_municipality(client, counter):
    enter(client, counter.cast.members["worker"])
    url = reverse("certificate_transcribe", args=[counter.cast.enrolment.public_id])
    initial = client.get(url).context["form"].initial
    known = initial["number"]
    other = f"{int(known) + 500:010d}"
    data = {"municipality": initial["municipality"], "number": other}
    assert "番号が変わった" in str(client.post(url, data).context["form"].errors["number"])
    elsewhere = next(w for w in counter.cast.wards if w.pk != initial["municipality"])
    answer = client.post(url, {**data, "municipality": elsewhere.pk})
    assert "number" not in answer.context["form"].errors


def test_what_is_left_is_counted_as_it_is_handed_out(client, counter):
    add(counter)
    for number in ("4400000001", "4400000002", "4400000003"):
        page = client.get(reverse("admin:paper_settings")).content.decode()
        assert "使い切りました" not in page
        (person,) = people(counter, number[-1])
        record_number(
            client=person.client, municipality=counter.cast.wards[2], number=number, **counter.who
        )
    page = client.get(reverse("admin:paper_settings"))
    assert "使い切りました" in page.content.decode()
    assert "残り 0" in page.content.decode()
    assert NumberRange.objects.get().next_number == 4400000001


def test_somebody_elses_number_is_refused_and_not_asked_about(counter, renewal):
    row, data = renewal
    record_number(
        client=counter.cast.enrolment.client, municipality=counter.cast.wards[2],
        number="1234567898", **counter.who,
    )  # fmt: skip
    for tick in ({}, {"number_changed": "on", "number_reason": "ふり直し"}):
        answer = counter.post("decision_grant", row, {**data, **tick})
        assert "別の方" in str(answer.context["form"].errors["number"])
