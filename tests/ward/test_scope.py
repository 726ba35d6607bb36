"""What a ward sees: its own. Every page of another ward's person is 404, reading and writing."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import get_resolver, reverse
from openpyxl import load_workbook

from clients.models import Enrolment
from plans.access import wards_of
from plans.actions import life_change
from plans.actions.application import receive_application
from plans.actions.contract import report_contract
from plans.models import Application, Contract, Decision, Interview, SupportReport
from plans.queries.city_figures import WAITING, _counts, city_figures
from plans.queries.path import facts_of_application
from plans.queries.queue import MOVED_HERE, queue, queue_counts, queue_rows
from plans.rules.path import Turn, whose_turn
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon
from teikyaku.form_pages import STORED
from teikyaku.periods import Month, day_before, fiscal_year
from tests.access.urls import walk
from tests.accounts.test_coming_and_going import enter
from tests.ward.conftest import ERROR

PAGES = sorted(
    name
    for name, pattern in walk(get_resolver().url_patterns)
    if name.startswith("admin:")
    and not name.startswith("admin:city_")
    and {"application", "decision"} & set(pattern.pattern.converters)
)


# Steps that a granted application has behind it: its officer is sent back to it.
DONE = {
    "admin:survey_new", "admin:decision_grant", "admin:application_end", "admin:completion_ask",
    "admin:completion_receive", "admin:decision_confirm", "admin:decision_return",
    # Letters about what did not happen: nothing was refused, nothing revoked.
    "admin:application_refusal_notice", "admin:decision_revocation_notice",
}  # fmt: skip


def test_there_are_pages_to_try():
    assert len(PAGES) >= 12


def more_of(name, counter, row):
    """What an address names beside the application or decision."""
    if name == "admin:plan_new":
        return ["final"]
    if name in ("admin:ward_job_end", "admin:ward_job_correct"):
        jobs = row.client.employments
        jobs.update(recorded_by=counter.officer)
        return [jobs.get().public_id]
    if name == "admin:ward_service_correct":
        row.client.prior_services.update(recorded_by=counter.officer)
        return [row.client.prior_services.get().public_id]
    if name in ("admin:ward_home_correct", "admin:ward_name_correct"):
        rows = row.client.residences if "home" in name else row.client.names
        return [rows.get().public_id]
    by_ward = {"recorded_by": counter.officer, "recorded_at": row.recorded_at}
    makes = {
        "admin:decision_disability_correct": lambda: row.client.disabilities.create(
            kind="mental", starts_on=counter.on, **by_ward
        ),
        "admin:ward_household_correct": lambda: row.client.household_facts.create(
            first_month=Month.of(counter.on).first_day, **by_ward
        ),
    }
    return [makes[name]().public_id] if name in makes else []


@pytest.mark.parametrize("name", PAGES)
def test_another_wards_person_is_404(client, counter, name):
    row = counter.granted()
    about = row.decision if name.startswith("admin:decision_") else row
    if name in ("admin:decision_grant", "admin:decision_confirm", "admin:decision_return"):
        about = row
    url = reverse(name, args=[about.public_id, *more_of(name, counter, row)])
    assert client.get(url).status_code == (302 if name in DONE else 200)
    enter(client, counter.cast.members["other_officer"])
    assert client.get(url).status_code == 404
    assert client.post(url, counter.grant_data()).status_code == 404


def test_lists_and_search_hold_the_own_ward_only(client, counter):
    row = counter.received()
    pages = ("/admin/", "/admin/plans/application/", "/admin/plans/application/?q=まどぐち")
    for page in pages:
        assert str(row.public_id) in client.get(page).content.decode(), page
    enter(client, counter.cast.members["other_officer"])
    for page in pages:
        text = client.get(page).content.decode()
        assert str(row.public_id) not in text, page
        assert "窓口 花子" not in text, page


def test_the_question_about_a_known_person_tells_name_kana_and_birth_date_only(client, counter):
    row = counter.received()
    enter(client, counter.cast.members["other_officer"])
    data = {"name": "誰か", "kana": "マドグチ ハナコ", "birth_date": "1991-01-01", "address": "x",
            "kind": "new", "received_on": counter.on.isoformat(), "received_place": "ward_office"}  # fmt: skip
    page = client.post("/admin/plans/application/new/", data).content.decode()
    assert "窓口 花子" in page
    for secret in ("架空町2", "架空食品", str(row.public_id), "transition"):
        assert secret not in page
    person = row.client.public_id
    assert AuditEvent.objects.filter(person_id=person, user__email__contains="other").exists()
    # The beginning of a name finds nobody.
    short = client.post("/admin/plans/application/new/", {**data, "kana": "ま"})
    assert short.status_code == 302


def test_a_ward_sees_reported_contracts_and_no_notes(client, counter):
    cast = counter.cast
    enter(client, cast.members["officer"])
    url = reverse("admin:decision_page", args=[cast.decision.public_id])
    enrolment = cast.decision.client.enrolments.get()
    worker, at = cast.members["worker"], counter.who["at"]
    plan = {"author": "self", "received_on": cast.today.isoformat()}
    assert counter.post("plan_new", cast.application, plan, "final").status_code == 302
    on = cast.today
    life_change.start_use(
        enrolment=enrolment, explained_on=on, signed_on=on, starts_on=on, by=worker, at=at
    )
    contract = Contract.objects.get(enrolment=enrolment)
    Contract.objects.filter(pk=contract.pk).update(reported_on=None)
    assert cast.office.name not in client.get(url).content.decode()
    contract.refresh_from_db()
    report_contract(contract=contract, on=cast.today, by=cast.members["head"], at=at)
    assert cast.office.name in client.get(url).content.decode()
    path = reverse("admin:application_page", args=[cast.application.public_id])
    steps = {step.label: step for step in client.get(path).context["steps"]}
    assert steps["利用開始"].on == contract.starts_on
    for page in (reverse("interview_page", args=[cast.interview.public_id]),
                 reverse("client_page", args=[cast.enrolment.client.public_id])):  # fmt: skip
        assert client.get(page).status_code in (403, 404)
    assert Interview.objects.exists()
    assert SupportReport.objects.exists()


def test_settled_applications_leave_the_queue_and_never_push_the_new_ones_out(client, counter):
    row = counter.granted()
    # The ward's own turn stands first; what waits for others is one step away.
    own = [r.application for r in client.get("/admin/").context["page"].object_list]
    assert row not in own
    queue = [r.application for r in client.get("/admin/?turn=all").context["page"].object_list]
    assert row in queue
    plan = {"author": "self", "received_on": counter.on.isoformat()}
    assert counter.post("plan_new", row, plan, "final").status_code == 302
    queue = [r.application for r in client.get("/admin/?turn=all").context["page"].object_list]
    assert row not in queue
    # Granted long ago, the final plan never came, the decision is over: nobody waits.
    old = counter.granted(kana="むかし", name="昔", number="1234567898")
    ended = day_before(counter.on)
    type(old.decision).objects.filter(pk=old.decision.pk).update(
        starts_on=ended - timedelta(days=5), ends_on=ended
    )
    queue = [r.application for r in client.get("/admin/?turn=all").context["page"].object_list]
    assert old not in queue


def test_every_count_of_the_queue_agrees_with_its_list(client, counter):
    counter.received()
    counter.heard(kana="べつ", name="別")
    counter.granted("1234567811", kana="けってい", name="決定")
    turns = client.get("/admin/").context["turns"]
    assert len(turns) == 4
    for item in turns:
        assert client.get(f"/admin/{item['url']}").context["page"].paginator.count == item["count"]


def test_the_city_sees_counts_and_no_small_ones(client, counter):
    counter.received()
    ward = counter.cast.wards[2]
    wards, year = wards_of(counter.cast.members["city"]), fiscal_year(counter.on)

    def figures():
        found = city_figures(wards, counter.on, year)
        return next(row for row in found.rows if row.name == ward.full_name), found.total

    before, total = figures()
    assert before.waiting_ward is None
    # The only hidden row would be the total less the others.
    assert total.waiting_ward is None
    for index in range(5):
        counter.received(kana=f"かな{index}", name=f"人{index}")
    found, total = figures()
    own = queue(Application.objects.filter(municipality=ward), counter.on, Turn.WARD)
    assert found.waiting_ward == total.waiting_ward == own.count()
    assert found.in_force is None
    assert found.median_days is None
    enter(client, counter.cast.members["city"])
    page = client.get("/admin/")
    assert page.status_code == 200
    assert "窓口 花子" not in page.content.decode()


def test_the_queue_asks_sql_what_the_rule_answers(counter):
    """Applications at every step: the turn in SQL is the turn of plans.rules.path."""
    refused = counter.received(kana="あ", name="却下")
    end = {"outcome": "refused", "outcome_on": counter.on.isoformat(), "reason": "対象外"}
    counter.post("application_end", refused, end)
    received = counter.received(kana="い", name="受付")
    surveyed = counter.received(kana="う", name="調査")
    survey = {"held_on": counter.on.isoformat(), "held_by": "職員", "difficulties": "朝"}
    assert counter.post("survey_new", surveyed, survey).status_code == 302
    heard = counter.heard(kana="え", name="計画案")
    granted = counter.granted("1234567811", kana="お", name="決定")
    settled = counter.granted("1234567812", kana="か", name="計画")
    plan = {"author": "self", "received_on": counter.on.isoformat()}
    assert counter.post("plan_new", settled, plan, "final").status_code == 302
    revoked = counter.granted("1234567813", kana="き", name="取消")
    ends = {"revoked_on": counter.on + timedelta(days=20), "reason": "転出"}
    assert counter.post("decision_revoke", revoked.decision, ends).status_code == 302
    own = Application.objects.filter(municipality=counter.cast.wards[2])
    for turn, expected in (
        (Turn.WARD, {received, heard}), (Turn.CONSULTATION, {surveyed, granted}),
        (Turn.PROVIDER, {settled}),
    ):  # fmt: skip
        found = list(queue(own, counter.on, turn))
        assert expected <= set(found)
        assert {row.turn for row in queue_rows(found, counter.on)} == {turn}
        assert queue_counts(own, counter.on)[turn] == len(found)
    # The city asks each of them by itself, and comes to the same.
    ward = counter.cast.wards[2].pk
    counted = _counts([ward], counter.on, fiscal_year(counter.on))
    for turn, key in WAITING.items():
        assert counted[ward, key] == len(queue(own, counter.on, turn))
    for outcome in ("granted", "refused"):
        assert counted[ward, outcome] == own.filter(outcome=outcome).count()
    waiting = set(queue(own, counter.on))
    assert not waiting & {refused, settled, revoked}
    by_rule = {row for row in own if row.outcome in ("", "granted")
               and whose_turn(facts_of_application(row)) in MOVED_HERE
               and (row.outcome == "" or row.decision.ends_on >= counter.on)}  # fmt: skip
    assert waiting == by_rule


def test_a_ward_sees_what_an_office_copied_from_its_paper(client, counter):
    cast = counter.cast
    person = cast.enrolment.client
    row = counter.received(known=person)
    page = client.get(reverse("admin:application_page", args=[row.public_id])).content.decode()
    assert "事業所が転記した支給決定" in page
    assert cast.office.name in page
    elsewhere = counter.received(known=person, municipality=cast.wards[0])
    enter(client, cast.members["other_officer"])
    url = reverse("admin:application_page", args=[elsewhere.public_id])
    assert "事業所が転記した支給決定" not in client.get(url).content.decode()


def test_the_provider_is_waited_for_until_the_contract_is_reported(client, counter):
    settled = counter.granted("1234567812", kana="か", name="計画")
    plan = {"author": "self", "received_on": counter.on.isoformat()}
    counter.post("plan_new", settled, plan, "final")
    own = Application.objects.filter(pk=settled.pk)
    assert list(queue(own, counter.on, Turn.PROVIDER)) == [settled]
    office = counter.cast.office
    worker = counter.cast.members["worker"]
    person = Application.objects.get(pk=settled.pk).client
    enrolment = Enrolment.objects.create(
        client=person, office=office, starts_on=counter.on, recorded_by=worker,
        recorded_at=at_noon(counter.on),
    )  # fmt: skip
    contract = Contract.objects.create(
        enrolment=enrolment, explained_on=counter.on, signed_on=counter.on,
        starts_on=settled.decision.starts_on, recorded_by=worker, recorded_at=at_noon(counter.on),
    )  # fmt: skip
    assert list(queue(own, counter.on, Turn.PROVIDER)) == [settled], "the ward does not know it yet"
    contract.reported_on = counter.on
    contract.save()
    assert not queue(own, counter.on, Turn.PROVIDER)


def test_renewals_stand_on_the_home_with_their_application(client, counter):
    granted = counter.granted("1234567813", kana="こうしん", name="更新")
    decision = Application.objects.get(pk=granted.pk).decision
    Decision.objects.filter(pk=decision.pk).update(ends_on=counter.on + timedelta(days=30))

    def row():
        rows = client.get("/admin/").context["ending"]
        return next((row for row in rows if row.decision_id == decision.public_id), None)

    assert (row().tone, row().application_id) == ("warning", None)
    page = client.get("/admin/").content.decode()
    renew = f"{reverse('admin:application_new')}?renew={decision.public_id}"
    assert renew in page
    # The person is the decision's: shown, not asked for again.
    shown = client.get(renew)
    assert "こうしん" in shown.content.decode()
    asked = ["received_on", "received_place", "handed_in_by", "contact_phone", "contact_name"]
    assert list(shown.context["form"].fields) == asked
    ahead = {"received_on": counter.on + timedelta(days=1), "received_place": "ward_office"}
    assert client.post(renew, ahead).status_code == ERROR
    sent = client.post(renew, {**ahead, "received_on": counter.on})
    opened = Application.objects.get(client=decision.client, outcome="")
    assert sent["Location"] == reverse("admin:application_page", args=[opened.public_id]) + STORED
    assert opened.kind == "renewal"
    again = client.post(renew, {**ahead, "received_on": counter.on})
    assert again.status_code == ERROR
    assert "申請" in str(again.context["form"].errors)
    assert row().application_id == opened.public_id
    opened.delete()
    application = receive_application(
        client=decision.client, municipality=decision.municipality, kind="renewal",
        received_on=counter.on, received_place="ward_office", **counter.who,
    )  # fmt: skip
    assert row().application_id == application.public_id
    Decision.objects.filter(pk=decision.pk).update(
        starts_on=counter.on - timedelta(days=90), ends_on=counter.on - timedelta(days=31)
    )
    assert row() is None
    enter(client, counter.cast.members["other_officer"])
    assert client.get(renew).status_code == 404
    assert client.get(f"{reverse('admin:application_new')}?renew=nonsense").status_code == 404


def test_the_list_of_decisions_to_renew_is_that_of_the_home(client, counter):
    soon = counter.granted("1234567813", kana="こうしん", name="更新").decision
    renewed = counter.granted("1234567814", kana="ずみ", name="済").decision
    ends_on = counter.on + timedelta(days=30)
    Decision.objects.filter(pk__in=[soon.pk, renewed.pk]).update(ends_on=ends_on)
    renewed.refresh_from_db()
    later = Decision.objects.get(pk=renewed.pk)
    later.pk, later.public_id, later.application = None, uuid4(), None
    later._state.adding = True
    later.starts_on, later.ends_on = ends_on + timedelta(days=1), ends_on + timedelta(days=99)
    later.save()
    home = {row.decision_id for row in client.get("/admin/").context["ending"]}
    listed = client.get(reverse("admin:decision_list") + "?state=ending").context["rows"]
    assert {row.decision_id for row, _state in listed} == home
    assert home == {soon.public_id}


def test_the_city_takes_its_figures_home(client, counter):
    enter(client, counter.cast.members["city"])
    answer = client.get(reverse("admin:figures_xlsx"))
    sheet = load_workbook(BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    shown = client.get("/admin/").context["figures"]
    assert [row[0] for row in rows[1:-1]] == [row.name for row in shown.rows]
    assert rows[0][0] == "区"
    central = next(row for row in rows if row[0] == counter.cast.wards[2].full_name)
    assert central[6] == "—", "one decision in force stays hidden"
