"""What stands wrong of a person or an application is put right by the ward, with its reason."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clients.models import ClientName, HouseholdFact, Residence
from plans.actions import file_transfer
from plans.actions.application import why_over
from plans.actions.completion import Ticked, tick_documents
from plans.models import Application, Decision, FileTransfer
from teikyaku.accounts.models import AuditEvent
from teikyaku.era import both
from teikyaku.periods import Month, day_before, months_later
from tests.accounts.test_coming_and_going import enter
from tests.ward.conftest import ERROR
from tests.ward.test_completion import untouched
from tests.ward.test_file_transfer import url
from tests.ward.test_known_elsewhere import typed


def errors_of(answer):
    assert answer.status_code == ERROR
    return answer.context["form"].errors


def test_a_slip_in_the_address_is_corrected_with_its_reason(counter):
    row = counter.received()
    home = Residence.objects.get(client=row.client)
    page = counter.client.get(url("application_page", row)).content.decode()
    assert reverse("admin:ward_home_correct", args=[row.public_id, home.public_id]) in page
    right = {"address": "架空町22", "starts_on": home.starts_on.isoformat()}
    answer = counter.post("ward_home_correct", row, right, home.public_id)
    assert "reason" in errors_of(answer)
    assert "架空町22" in answer.content.decode()
    right["reason"] = "番地の書き間違い"
    assert counter.post("ward_home_correct", row, right, home.public_id).status_code == 302
    home.refresh_from_db()
    assert (home.address, home.ends_on) == ("架空町22", None)
    old = home.history.earliest("history_date", "history_id")
    assert (old.address, home.history.first().history_change_reason) == (
        "架空町2", "番地の書き間違い",
    )  # fmt: skip
    foreign = counter.cast.enrolment.client.names.get()
    assert counter.post("ward_name_correct", row, {}, foreign.public_id).status_code == 404


@pytest.mark.parametrize(
    ("address", "said"),
    [
        pytest.param("新潟市北区なぎさ1-1", "北区の住所です", id="another ward with its city"),
        pytest.param("北区なぎさ1-1", "北区の住所です", id="another ward"),
        pytest.param("新潟市中央区", "町名と番地", id="no street"),
        pytest.param("新潟市中央区架空町22", "", id="city and ward are written by the paper"),
    ],
)
def test_an_address_lies_inside_the_ward(counter, address, said):
    """The same at the reception, for a new home and for one put right."""
    row = counter.received()
    home = Residence.objects.get(client=row.client)
    data = {"address": address, "starts_on": home.starts_on.isoformat(), "reason": "番地"}
    answer = counter.post("ward_home_correct", row, data, home.public_id)
    later = data | {"starts_on": counter.on.isoformat()}
    new = counter.post("ward_home_new", row, later)
    for sent in (answer, new):
        if said:
            assert said in str(errors_of(sent)["address"])
            assert address in sent.content.decode()
        else:
            assert sent.status_code == 302
    if not said:
        homes = Residence.objects.filter(client=row.client).values_list("address", flat=True)
        assert set(homes) == {"架空町22"}


def test_a_wrong_first_day_moves_the_end_of_the_home_before(counter):
    row = counter.received()
    first = Residence.objects.get(client=row.client)
    day = counter.on - timedelta(days=2)
    new = {"address": "架空町8", "starts_on": day.isoformat()}
    assert counter.post("ward_home_new", row, new).status_code == 302
    second = Residence.objects.get(client=row.client, ends_on=None)
    for move in (-5, 3, 30):
        right = day + timedelta(days=move)
        data = {**new, "starts_on": right.isoformat(), "reason": "日付の書き間違い"}
        assert counter.post("ward_home_correct", row, data, second.public_id).status_code == 302
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.ends_on, second.starts_on) == (day_before(right), right)
    early = {**new, "starts_on": first.starts_on.isoformat(), "reason": "誤り"}
    assert "starts_on" in errors_of(counter.post("ward_home_correct", row, early, second.public_id))
    # Still to come: shown with the home of today, and open to correction.
    page = counter.client.get(url("application_page", row)).content.decode()
    assert "架空町2<" in page
    assert reverse("admin:ward_home_correct", args=[row.public_id, second.public_id]) in page


def test_a_protected_address_is_opened_for_correction_and_that_is_kept(counter):
    row = counter.received()
    home = Residence.objects.get(client=row.client)
    Residence.objects.filter(pk=home.pk).update(is_protected=True)
    address = reverse("admin:ward_home_correct", args=[row.public_id, home.public_id])
    assert "架空町2" not in counter.client.get(url("application_page", row)).content.decode()
    assert counter.client.get(address).status_code == 200
    assert AuditEvent.objects.filter(subject_type="residence", subject_id=home.public_id).exists()


def test_a_slip_in_name_and_kana_is_corrected(counter):
    row = counter.received()
    name = ClientName.objects.get(client=row.client)
    data = {"name": "窓口 華子", "kana": "マドグチ ハナコ", "starts_on": name.starts_on.isoformat(),
            "reason": "漢字の書き間違い"}  # fmt: skip
    assert counter.post("ward_name_correct", row, data, name.public_id).status_code == 302
    name.refresh_from_db()
    assert (name.name, name.kana) == ("窓口 華子", "まどぐち はなこ")
    page = counter.client.get(reverse("admin:application_list") + "?q=華子").content.decode()
    assert str(row.public_id) in page
    assert ClientName.objects.filter(client=row.client).count() == 1


def test_a_wrong_birth_date_is_corrected_and_the_page_says_what_hangs_on_it(counter):
    row = counter.received()
    page = counter.client.get(url("ward_birth_correct", row)).content.decode()
    assert "区分が変わることがあります" in page
    wrong = {"birth_date": (counter.on + timedelta(days=1)).isoformat(), "reason": "誤り"}
    assert "birth_date" in errors_of(counter.post("ward_birth_correct", row, wrong))
    late = {"birth_date": counter.on.isoformat(), "reason": "誤り"}
    assert "就職日" in str(errors_of(counter.post("ward_birth_correct", row, late)))
    right = {"birth_date": "S62.3.4"}
    assert "reason" in errors_of(counter.post("ward_birth_correct", row, right))
    before = row.client.birth_date
    assert counter.post("ward_birth_correct", row, {**right, "reason": "誤り"}).status_code == 302
    person = type(row.client).objects.get(pk=row.client_id)
    assert person.birth_date.isoformat() == "1987-03-04"
    assert person.history.earliest("history_date", "history_id").birth_date == before
    assert person.names.get().starts_on == person.birth_date


def test_a_birth_date_too_late_for_the_first_job_is_refused_at_its_field(counter):
    row = counter.received()
    first = row.client.employments.get().starts_on
    just = months_later(first, -12 * 15)
    data = {"reason": "誤り"}
    late = {**data, "birth_date": (just + timedelta(days=1)).isoformat()}
    told = errors_of(counter.post("ward_birth_correct", row, late))
    assert "15歳になっていません" in str(told["birth_date"])
    assert both(first) in str(told["birth_date"])
    good = {**data, "birth_date": just.isoformat()}
    assert counter.post("ward_birth_correct", row, good).status_code == 302


@pytest.fixture
def alike(counter):
    """Two people, of whom one is about to be written like the other."""
    counter.other = counter.received(
        name="別川 花子", kana="べつかわ はなこ", birth_date=date(1988, 5, 6)
    ).client
    counter.row = counter.received()
    return counter


def test_a_name_that_becomes_somebody_elses_is_asked_about(alike):
    row = alike.row
    type(row.client).objects.filter(pk=row.client_id).update(birth_date=alike.other.birth_date)
    name = ClientName.objects.get(client=row.client)
    data = {"name": "別川 花子", "kana": "ベツカワ　ハナコ", "reason": "書き間違い",
            "starts_on": name.starts_on.isoformat()}  # fmt: skip
    answer = alike.post("ward_name_correct", row, data, name.public_id)
    assert list(errors_of(answer)) == ["is_another"]
    assert "別川 花子（べつかわ はなこ）" in answer.content.decode()
    assert AuditEvent.objects.filter(
        person_id=alike.other.public_id, outcome=AuditEvent.Outcome.READ, user=alike.officer.user
    ).exists()
    name.refresh_from_db()
    assert name.name == "窓口 花子"
    data["is_another"] = "on"
    assert alike.post("ward_name_correct", row, data, name.public_id).status_code == 302
    name.refresh_from_db()
    assert name.kana == "べつかわ はなこ"
    # Whose kana stays as it is was asked about before.
    again = {**data, "name": "別川 華子"}
    del again["is_another"]
    assert alike.post("ward_name_correct", row, again, name.public_id).status_code == 302


def test_a_birth_date_that_becomes_somebody_elses_is_asked_about(alike):
    row = alike.row
    name = ClientName.objects.filter(client=row.client)
    name.update(kana="べつかわ はなこ")
    data = {"birth_date": alike.other.birth_date.isoformat(), "reason": "書き間違い"}
    answer = alike.post("ward_birth_correct", row, data)
    assert list(errors_of(answer)) == ["is_another"]
    assert "別川 花子" in answer.content.decode()
    before = type(row.client).objects.get(pk=row.client_id).birth_date
    assert before != alike.other.birth_date
    done = alike.post("ward_birth_correct", row, {**data, "is_another": "on"})
    assert done.status_code == 302
    # With another date nobody is asked about.
    other = {"birth_date": "1990-02-03", "reason": "書き間違い"}
    assert alike.post("ward_birth_correct", row, other).status_code == 302


def open_link(answer, row):
    assert answer.status_code == ERROR
    page = answer.content.decode()
    assert "まだ終わっていない申請" in page
    return f'<a href="{url("application_page", row)}">' in page


def test_an_open_application_in_the_way_is_linked(two):
    row = two.granted()
    day = two.on.isoformat()
    data = {"received_on": day, "received_place": "ward_office", "handed_in_by": "母"}
    renew = reverse("admin:application_new") + f"?renew={row.decision.public_id}"
    assert two.client.post(renew, data).status_code == 302
    waiting = Application.objects.get(client=row.client, outcome="")
    answer = two.client.post(renew, data)
    assert open_link(answer, waiting)
    assert answer.context["form"]["handed_in_by"].value() == "母"
    assert open_link(typed(two, row.client, kind="renewal", address="架空町2"), waiting)


def test_the_receiver_of_a_file_is_led_to_its_own_open_application(two):
    row = two.received()
    other = Application.objects.create(
        client=row.client, municipality=two.there, received_on=two.on,
        received_place="ward_office", recorded_by=two.receiver, recorded_at=two.who["at"],
    )  # fmt: skip
    transfer = file_transfer.offer_file(
        client=row.client, sender=two.cast.wards[2], receiver=two.there, moved_on=two.on, note="",
        **two.who,
    )  # fmt: skip
    enter(two.client, two.receiver)
    answer = two.client.post(url("transfer_accept", transfer), {"address": "書いたもの"})
    assert open_link(answer, other)
    assert not open_link(answer, row)


def test_papers_stay_as_they_are_once_an_application_is_over(counter):
    row = counter.heard()
    paper = untouched() | {"form_state": "received", "form_on": counter.on.isoformat()}
    end = {"outcome": "withdrawn", "outcome_on": counter.on.isoformat(), "reason": "転出"}
    assert (
        url("documents", row) in counter.client.get(url("application_page", row)).content.decode()
    )
    assert counter.post("application_end", row, end).status_code == 302
    page = counter.client.get(url("application_page", row)).content.decode()
    assert url("documents", row) not in page
    told = counter.client.get(url("documents", row), follow=True)
    assert "「取下げ」で終わっています" in told.content.decode()
    assert told.redirect_chain
    answer = counter.post("documents", row, paper)
    assert answer.status_code == ERROR
    assert "「取下げ」で終わっています" in answer.content.decode()
    with pytest.raises(ValidationError, match="変えられません"):
        tick_documents(application=row, ticked=[Ticked("form", counter.on)], **counter.who)
    assert not row.documents.exists()


def test_a_wrong_day_of_receipt_is_mended_also_after_the_end(counter):
    row = counter.heard()
    end = {"outcome": "refused", "outcome_on": counter.on.isoformat(), "reason": "要件なし"}
    assert counter.post("application_end", row, end).status_code == 302
    assert (
        url("application_correct", row)
        in counter.client.get(url("application_page", row)).content.decode()
    )
    day = row.received_on - timedelta(days=1)
    right = {"received_on": day.isoformat(), "received_place": "ward_office", "reason": "印"}
    assert counter.post("application_correct", row, right).status_code == 302
    row.refresh_from_db()
    assert row.received_on == day


@pytest.mark.parametrize(
    ("changes", "said"),
    [({}, ""), ({"revoked_on": 0}, "取り消され"), ({"ends_on": -1}, "終わっています")],
    ids=["runs", "revoked", "run-out"],
)
def test_what_was_granted_takes_papers_while_its_decision_stands(counter, changes, said):
    row = counter.granted()
    days = {name: counter.on + timedelta(days=days) for name, days in changes.items()}
    more = {"revocation_reason": "転出"} if "revoked_on" in days else {}
    more |= {"starts_on": counter.on - timedelta(days=9)} if "ends_on" in days else {}
    Decision.objects.filter(pk=row.decision.pk).update(**days, **more)
    found = why_over(Application.objects.get(pk=row.pk), counter.on)
    assert (said in found) if said else not found


def test_when_an_application_came_in_is_corrected_up_to_what_followed(counter):
    row = counter.heard()
    place = {"received_place": "ward_office", "reason": "印のほうが正しい"}
    for day, word in (
        (counter.on + timedelta(days=1), "まだ来ていない"),
        (row.survey.held_on + timedelta(days=1), "あとの日付"),
        (months_later(counter.on, -61), "5年より前"),
    ):
        answer = counter.post("application_correct", row, {**place, "received_on": day})
        assert word in str(errors_of(answer)["received_on"])
    right = {**place, "received_on": row.survey.held_on, "handed_in_by": "母"}
    assert counter.post("application_correct", row, right).status_code == 302
    found = Application.objects.get(pk=row.pk)
    assert (found.received_on, found.handed_in_by) == (row.survey.held_on, "母")
    old = found.history.earliest("history_date", "history_id")
    assert old.received_on == row.received_on


@pytest.mark.parametrize(
    ("name", "data", "field"),
    [
        ("ward_home_new", {"address": "架空町8", "starts_on": "2066-11-26"}, "starts_on"),
        ("ward_household_new", {"first_month": "2066-01", "is_taxed": "true"}, "first_month"),
        (
            "ward_name_new",
            {"name": "窓川", "kana": "まどかわ", "starts_on": "2066-11-26"},
            "starts_on",
        ),
    ],
)
def test_days_far_ahead_are_a_slip_of_the_year(counter, name, data, field):
    row = counter.received()
    assert "年を確かめて" in str(errors_of(counter.post(name, row, data))[field])
    assert Residence.objects.filter(client=row.client, ends_on=None).count() == 1
    assert not HouseholdFact.objects.filter(client=row.client).exists()


def test_a_file_is_not_offered_before_the_move(two):
    row = two.granted()
    data = {"to_municipality": str(two.there.pk), "note": "残る",
            "moved_on": (two.on + timedelta(days=1)).isoformat()}  # fmt: skip
    answer = two.client.post(url("decision_transfer", row.decision), data)
    assert "moved_on" in errors_of(answer)
    assert "残る" in answer.content.decode()
    assert not FileTransfer.objects.exists()


def test_the_ward_that_has_the_file_corrects_what_another_one_of_its_city_wrote(two):
    row = two.heard()
    job = row.client.employments.get()
    data = {"to_municipality": str(two.there.pk), "moved_on": two.on.isoformat()}
    two.client.post(url("application_transfer", row), data)
    enter(two.client, two.receiver)
    two.client.post(url("transfer_accept", FileTransfer.objects.get()), {})
    page = two.client.get(url("application_page", row)).content.decode()
    assert reverse("admin:ward_job_correct", args=[row.public_id, job.public_id]) in page
    data = {"kind": "ordinary", "starts_on": job.starts_on, "job_title": "清掃", "reason": "追記"}
    assert two.post("ward_job_correct", row, data, job.public_id).status_code == 302


def test_a_wrong_first_month_of_the_household_moves_the_row_before(counter):
    row = counter.received()
    first, second = Month.of(counter.on) - 6, Month.of(counter.on) - 2
    for month in (first, second):
        fact = {"first_month": str(month), "is_taxed": "true"}
        assert counter.post("ward_household_new", row, fact).status_code == 302
    known = HouseholdFact.objects.get(client=row.client, last_month=None)
    data = {"first_month": str(second - 1), "is_taxed": "true", "reason": "月の誤り"}
    assert counter.post("ward_household_correct", row, data, known.public_id).status_code == 302
    before = HouseholdFact.objects.exclude(pk=known.pk).get(client=row.client)
    assert before.last_month == (second - 2).first_day


def test_a_refused_application_waits_for_nothing(counter):
    row = counter.received()
    ask = {"asked_on": counter.on.isoformat(), "wanted": "診断書をください"}
    assert counter.post("completion_ask", row, ask).status_code == 302
    page = counter.client.get(url("application_page", row)).content.decode()
    assert "そろったと記録する" in page
    end = {"outcome": "refused", "outcome_on": counter.on.isoformat(), "reason": "対象外"}
    assert counter.post("application_end", row, end).status_code == 302
    page = counter.client.get(url("application_page", row)).content.decode()
    assert "そろったと記録する" not in page
    assert "そろわないまま、申請が終わりました" in page
    answer = counter.post("completion_receive", row, {"answered_on": counter.on.isoformat()})
    assert answer.status_code == 302
    assert row.completions.get().answered_on is None


def test_the_list_of_what_is_wrong_names_the_paper(counter):
    row = counter.received()
    data = {"form_on": "2/30", "form_state": "received", "income_on": "2/30"}
    answer = counter.post("documents", row, data)
    summary = answer.content.decode().partition("data-error-summary")[2].partition("</ul>")[0]
    assert "支給申請書の「受け取った日」" in summary
    assert "世帯の収入がわかる書類の「受け取った日」" in summary


def test_the_settings_page_does_not_lead_to_itself(counter):
    page = counter.client.get(reverse("admin:paper_settings")).content.decode()
    notice = page.partition("まだ区で確かめていません")[2].partition("</section>")[0]
    assert f'href="{reverse("admin:paper_settings_edit")}"' in notice
    assert f'href="{reverse("admin:paper_settings")}"' not in notice
