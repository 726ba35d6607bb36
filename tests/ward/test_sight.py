"""How far a ward sees: today's facts while the file lies here, else what was known when it left."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from clients.models import (
    ClientName,
    Disability,
    Employment,
    HouseholdFact,
    RecipientNumber,
    Residence,
)
from plans.models import Application, Decision, FileTransfer, WardPaper
from plans.queries.ward_sight import holds_file, sight_of
from teikyaku.clock import now
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.ward.conftest import ERROR
from tests.ward.test_file_transfer import offered, url
from tests.ward.test_known_elsewhere import typed

SECRETS = ("北新町9-9", "北の秘密商店", "生活保護", "秘密川")


def page_of(two, name, row):
    answer = two.client.get(url(name, row))
    assert answer.status_code == 200
    return answer.content.decode()


def live_on(two, row):
    """What the other ward writes down of the person from now on."""
    on = two.on.isoformat()
    home = {"address": "北新町9-9", "starts_on": on}
    assert two.post("ward_home_new", row, home).status_code == 302
    name = {"name": "秘密川 花子", "kana": "ひみつがわ はなこ", "starts_on": on}
    assert two.post("ward_name_new", row, name).status_code == 302
    fact = {"first_month": str(Month.of(two.on)), "receives_public_assistance": "true"}
    assert two.post("ward_household_new", row, fact).status_code == 302
    if not row.outcome:
        job = {"employer": "北の秘密商店", "kind": "ordinary", "starts_on": on}
        assert two.post("ward_job_new", row, job).status_code == 302


@pytest.fixture
def refused(two):
    """Refused by one ward, then taken in by another one, with which the life goes on."""
    row = two.received()
    fact = {"first_month": str(Month.of(two.on) - 1), "is_taxed": "true"}
    assert two.post("ward_household_new", row, fact).status_code == 302
    end = {"outcome": "refused", "outcome_on": two.on.isoformat(), "reason": "対象外"}
    assert two.post("application_end", row, end).status_code == 302
    row.refresh_from_db()
    enter(two.client, two.receiver)
    answer = typed(two, row.client, address="北町1", moved_on=two.on - timedelta(days=1))
    assert answer.status_code == 302
    two.elsewhere = Application.objects.get(client=row.client, municipality=two.there)
    live_on(two, two.elsewhere)
    two.row = row
    return two


def test_a_refused_application_shows_what_was_found_out_then(refused):
    page = page_of(refused, "application_page", refused.elsewhere)
    assert all(secret in page for secret in SECRETS)
    enter(refused.client, refused.officer)
    page = page_of(refused, "application_page", refused.row)
    assert not [secret for secret in SECRETS if secret in page]
    for known in ("窓口 花子", "架空町2", "架空食品", "市町村民税 課税", "までに分かっていた"):
        assert known in page
    for link in ("ward_home_new", "ward_name_new", "ward_household_new", "ward_screening"):
        assert url(link, refused.row) not in page
    for name in ("application_list", "application_list_xlsx"):
        listed = refused.client.get(reverse(f"admin:{name}")).content
        if name.endswith("xlsx"):
            sheet = load_workbook(BytesIO(listed)).active
            listed = str([[cell.value for cell in line] for line in sheet.iter_rows()]).encode()
        assert "窓口 花子" in listed.decode(), name
        assert "秘密川" not in listed.decode(), name
    # Its own letter is still made, for the home of that day.
    letter = {"issued_on": refused.on.isoformat()}
    assert url("application_refusal_notice", refused.row) in page
    assert refused.post("application_refusal_notice", refused.row, letter).status_code == 302
    content = str(WardPaper.objects.get(application=refused.row).document.content)
    assert "架空町2" in content
    assert not [secret for secret in SECRETS if secret in content]


def rows_of(two, name, text):
    answer = two.client.get(reverse(f"admin:{name}"), {"q": text})
    sheet = load_workbook(
        BytesIO(two.client.get(reverse(f"admin:{name}_xlsx"), {"q": text}).content)
    ).active
    count = len(list(answer.context["page"].object_list))
    # The page and its sheet find the same: one line is the head.
    assert sheet.max_row - 1 == count
    return count


def test_a_guessed_later_name_is_not_confirmed_by_the_search(refused):
    number = RecipientNumber.objects.create(
        client=refused.row.client, municipality=refused.there, number="9876543210",
        recorded_by=refused.receiver, recorded_at=now(),
    ).number  # fmt: skip
    for text in ("秘密川", "ひみつがわ", "窓口", "まどぐち", number):
        enter(refused.client, refused.receiver)
        assert rows_of(refused, "application_list", text) == 1, text
    enter(refused.client, refused.officer)
    for text in ("秘密川", "ひみつ", number):
        assert rows_of(refused, "application_list", text) == 0, text
    for text in ("窓口", "まどぐち"):
        assert rows_of(refused, "application_list", text) == 1, text
    # What was put right later is found as it is shown: as it was written then.
    name = refused.row.client.names.order_by("starts_on").first()
    enter(refused.client, refused.receiver)
    data = {"name": "正川 花子", "kana": "ただしがわ はなこ", "reason": "書き間違い",
            "starts_on": name.starts_on.isoformat()}  # fmt: skip
    answer = refused.post("ward_name_correct", refused.elsewhere, data, name.public_id)
    assert answer.status_code == 302
    enter(refused.client, refused.officer)
    assert rows_of(refused, "application_list", "窓口") == 1
    assert rows_of(refused, "application_list", "正川") == 0


def test_a_file_that_passed_is_found_by_the_names_of_then_and_back_here_by_all(two):
    row = two.granted()
    transfer = offered(two, row, moved_on=(two.on - timedelta(days=1)).isoformat())
    enter(two.client, two.receiver)
    assert two.post("transfer_accept", transfer, {"address": "北町1"}).status_code == 302
    row.refresh_from_db()
    live_on(two, row)
    assert rows_of(two, "decision_list", "秘密川") == 1
    enter(two.client, two.officer)
    assert rows_of(two, "decision_list", "秘密川") == 0
    assert rows_of(two, "decision_list", "窓口") == 1
    assert rows_of(two, "decision_list", "1234567899") == 1
    enter(two.client, two.receiver)
    data = {"to_municipality": str(two.cast.wards[2].pk), "moved_on": two.on.isoformat()}
    assert two.client.post(url("decision_transfer", row.decision), data).status_code == 302
    enter(two.client, two.officer)
    back = FileTransfer.objects.get(client=row.client, outcome="")
    assert two.client.post(url("transfer_accept", back), {}).status_code == 302
    assert rows_of(two, "decision_list", "秘密川") == 1


def test_another_city_that_decided_later_ends_what_the_search_finds(two):
    row = two.granted()
    other = Decision.objects.get(pk=row.decision.pk)
    Decision.objects.filter(pk=row.decision.pk).update(
        starts_on=two.on - timedelta(days=60), ends_on=two.on - timedelta(days=1)
    )
    other.pk = other.public_id = other.application = None
    other.public_id, other._state.adding = uuid4(), True
    other.municipality, other.recorded_at = two.there, now()
    other.save()
    assert rows_of(two, "decision_list", "窓口") == 1
    ClientName.objects.filter(client=row.client).delete()
    ClientName.objects.create(
        client=row.client, name="秘密川 花子", kana="ひみつがわ はなこ", starts_on=two.on,
        recorded_by=two.receiver, recorded_at=now(),
    )  # fmt: skip
    assert rows_of(two, "decision_list", "秘密川") == 0
    assert rows_of(two, "decision_list", "窓口") == 1


def test_nothing_is_written_from_an_application_whose_file_lies_elsewhere(refused):
    enter(refused.client, refused.officer)
    row, on = refused.row, refused.on.isoformat()
    before = [
        list(model.objects.filter(client=row.client).order_by("pk").values())
        for model in (Residence, HouseholdFact, Employment)
    ]
    home = {"address": "中央に書いた1", "starts_on": on}
    answer = refused.post("ward_home_new", row, home)
    assert answer.status_code == ERROR
    assert "中央に書いた1" in answer.content.decode()
    assert "この区にありません" in answer.content.decode()
    told = refused.client.get(url("ward_home_new", row), follow=True).content.decode()
    assert "この区にありません" in told
    fact = {"first_month": on[:7], "is_taxed": "true"}
    assert refused.post("ward_household_new", row, fact).status_code == ERROR
    job = row.client.employments.latest("pk")
    for name, one in (
        ("ward_job_end", job), ("ward_job_correct", job),
        ("ward_home_correct", row.client.residences.latest("pk")),
        ("ward_name_correct", row.client.names.latest("pk")),
        ("ward_household_correct", row.client.household_facts.latest("pk")),
    ):  # fmt: skip
        data = {"ends_on": on, "reason": "書いてみる", **home}
        assert refused.post(name, row, data, one.public_id).status_code == 404, name
    assert refused.client.get(url("ward_screening", row)).status_code == 404
    assert before == [
        list(model.objects.filter(client=row.client).order_by("pk").values())
        for model in (Residence, HouseholdFact, Employment)
    ]


def test_what_was_corrected_later_stands_as_it_was_then(refused):
    job = refused.row.client.employments.order_by("pk").first()
    enter(refused.client, refused.receiver)
    refused.post("ward_job_end", refused.elsewhere, {"ends_on": refused.on, "reason": "通勤"},
                 job.public_id)  # fmt: skip
    job.refresh_from_db()
    assert job.ends_on == refused.on
    sight = sight_of(refused.row.client, refused.cast.wards[2].pk, refused.on)
    assert [row.ends_on for row in sight.jobs()] == [None]
    assert [row.is_taxed for row in sight.households()] == [True]
    assert sight.home().ends_on is None
    assert sight.standing().window is not None


def test_the_former_ward_does_not_read_the_life_after_the_move(two):
    row = two.granted()
    Disability.objects.create(
        client=row.client, kind="mental", starts_on=two.on - timedelta(days=90),
        recorded_by=two.officer, recorded_at=two.who["at"],
    )  # fmt: skip
    transfer = offered(two, row, moved_on=(two.on - timedelta(days=1)).isoformat())
    enter(two.client, two.receiver)
    data = {"address": "北町1"}
    assert two.client.post(url("transfer_accept", transfer), data).status_code == 302
    row.refresh_from_db()
    live_on(two, row)
    Disability.objects.create(
        client=row.client, kind="physical", starts_on=two.on, recorded_by=two.receiver,
        recorded_at=now(),
    )  # fmt: skip
    assert "北新町9-9" in page_of(two, "decision_page", row.decision)
    enter(two.client, two.officer)
    for name, one in (
        ("decision_page", row.decision), ("application_page", row), ("transfer_page", transfer),
    ):  # fmt: skip
        page = page_of(two, name, one)
        assert "窓口 花子" in page
        assert not [secret for secret in (*SECRETS, "北町1") if secret in page], name
    for name in ("application_list", "decision_list", "transfer_list"):
        page = two.client.get(reverse(f"admin:{name}")).content.decode()
        assert "窓口 花子" in page or name == "application_list"
        assert "秘密川" not in page, name
    decision = page_of(two, "decision_page", row.decision)
    assert "架空町2" in decision
    assert "精神" in decision
    assert "身体" not in decision


def test_an_ended_decision_that_passed_on_is_read_only(two):
    row = two.granted()
    type(row.decision).objects.filter(pk=row.decision.pk).update(
        starts_on=two.on - timedelta(days=60), ends_on=two.on - timedelta(days=1)
    )
    enter(two.client, two.officer)
    transfer = offered(two, row)
    enter(two.client, two.receiver)
    assert two.client.post(url("transfer_accept", transfer), {}).status_code == 302
    row.refresh_from_db()
    # Over: its application stays where it was made.
    assert row.municipality == two.cast.wards[2]
    enter(two.client, two.officer)
    page = two.client.get(url("application_page", row))
    assert (page.status_code, page.context["may_write"]) == (200, False)
    for name in ("ward_home_new", "ward_screening", "survey_correct", "documents"):
        assert two.client.get(url(name, row)).status_code == 404, name
    assert not holds_file(row.client_id, two.cast.wards[2].pk)
    assert holds_file(row.client_id, two.there.pk)
    # Back again: it is simply its own.
    enter(two.client, two.receiver)
    data = {"to_municipality": str(two.cast.wards[2].pk), "moved_on": two.on.isoformat()}
    assert two.client.post(url("decision_transfer", row.decision), data).status_code == 302
    enter(two.client, two.officer)
    back = FileTransfer.objects.get(client=row.client, outcome="")
    assert two.client.post(url("transfer_accept", back), {}).status_code == 302
    assert two.client.get(url("application_page", row)).context["may_record"]


def test_a_third_ward_sees_nothing_of_anybody(two):
    row = two.granted()
    third = next(ward for ward in two.cast.wards if ward not in (two.there, two.cast.wards[2]))
    sight = sight_of(row.client, third.pk, two.on)
    assert (sight.is_here, sight.left_at) == (False, None)
    assert (sight.name(), sight.home(), sight.jobs(), sight.households()) == (None, None, [], [])


@pytest.fixture
def called_off(two):
    """Granted for days ahead, and withdrawn before the first of them."""
    row = two.heard()
    starts_on = two.on + timedelta(days=20)
    data = two.grant_data(
        starts_on=starts_on.isoformat(), cap_first_month=str(starts_on)[:7], cap_last_month="",
        is_known="on",
    )  # fmt: skip
    assert two.post("decision_grant", row, data).status_code == 302
    row.refresh_from_db()
    end = {"revoked_on": two.on.isoformat(), "reason": "利用しない", "is_known": "on"}
    assert two.post("decision_revoke", row.decision, end).status_code == 302
    two.row = row
    return two


def test_the_person_of_a_decision_that_never_began_stays_known_to_its_ward(called_off):
    row, ward = called_off.row, called_off.cast.wards[2]
    assert holds_file(row.client_id, ward.pk)
    for name, one in (("decision_page", row.decision), ("application_page", row)):
        page = page_of(called_off, name, one)
        assert "窓口 花子" in page, name
        assert "架空町2" in page, name
    for text in ("窓口", "まどぐち", "1234567899"):
        assert rows_of(called_off, "decision_list", text) == 1, text
    letter = {"issued_on": called_off.on.isoformat()}
    assert called_off.post("decision_revocation_notice", row.decision, letter).status_code == 302
    content = str(WardPaper.objects.get(decision=row.decision).document.content)
    assert "窓口 花子" in content
    assert "架空町2" in content
    # Elsewhere the file is asked for, as that of anybody with a decision.
    enter(called_off.client, called_off.receiver)
    day = (called_off.on - timedelta(days=1)).isoformat()
    assert typed(called_off, row.client, address="北町1", moved_on=day).status_code == 302
    assert FileTransfer.objects.get(client=row.client).from_municipality == ward


def test_what_another_ward_decided_since_is_not_read_from_one_that_never_began(called_off):
    row, ward = called_off.row, called_off.cast.wards[2]
    other = Decision.objects.get(pk=row.decision.pk)
    other.pk = other.application = other.revoked_on = None
    other.public_id, other._state.adding = uuid4(), True
    other.municipality, other.revocation_reason, other.is_cancelled = called_off.there, "", False
    other.starts_on, other.recorded_at = called_off.on, now()
    other.save()
    home = row.client.residences.get()
    home.address = "秘密町1"
    home.save()
    name = row.client.names.get()
    name.name, name.kana = "秘密川 花子", "ひみつがわ はなこ"
    name.save()
    assert not holds_file(row.client_id, ward.pk)
    page = page_of(called_off, "decision_page", row.decision)
    assert "窓口 花子" in page
    assert "架空町2" in page
    assert "秘密" not in page
    assert rows_of(called_off, "decision_list", "秘密川") == 0
    assert rows_of(called_off, "decision_list", "窓口") == 1
