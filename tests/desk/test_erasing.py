"""Erasing: nothing of the person is left anywhere, and nothing of anybody else is touched."""

import logging
from datetime import date
from io import StringIO

import pytest
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from billing.models import MonthClosing, MonthRemainder
from billing.queries.verify import _stored_values, broken_closings
from clients.actions.erase import remove_files
from clients.models import (
    Client,
    Consent,
    Enrolment,
    Erasure,
    FileToErase,
    RetentionEvidence,
    StaffAssignment,
)
from plans.actions.erase_ward import erase_ward_file
from plans.models import Decision
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon
from teikyaku.desk.actions import erase
from teikyaku.desk.actions.erase import erase_file
from teikyaku.desk.inconsistencies.derived import differing
from teikyaku.desk.queries.keeping import preview
from teikyaku.frozen import digest
from tests.accounts.test_coming_and_going import enter
from tests.desk.planting import (
    Planter,
    classified,
    everything_stored,
    holding,
    marked_fields,
    our_models,
)
from tests.desk.whose import CORE, OFFICE, WARD

ENDED = date(2019, 3, 31)
MONTH = date(2018, 5, 1)


@pytest.fixture
def planted(cast, papers_folder):
    """Two people of one office and ward, whose time of keeping is over, in one closed month."""
    planters = [Planter(cast, letters, ended_on=ENDED, month=MONTH) for letters in ("aa", "bb")]
    for planter in planters:
        planter.everything()
    closing = MonthClosing.objects.get(month=MONTH)
    write(
        "UPDATE billing_monthclosing SET digest = %s WHERE id = %s",
        digest(_stored_values(closing)),
        closing.pk,
    )
    return planters


def write(sql, *values):
    """Behind the back of the frozen rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def person_of(planter):
    return planter.rows["clients.Client"]


def erase_office(cast, planter, **kwargs):
    return erase_file(
        client=person_of(planter), office=cast.office, by=cast.members["head"],
        at=at_noon(cast.today), **kwargs,
    )  # fmt: skip


def erase_ward(cast, planter):
    return erase_ward_file(
        client=person_of(planter), ward=cast.wards[2], by=cast.members["officer"],
        at=at_noon(cast.today),
    )  # fmt: skip


def test_every_model_has_its_place():
    labels = {model._meta.label for model in our_models()}
    assert sorted(labels - classified()) == [], "say in tests/desk/whose.py whose file it is"
    assert sorted(classified() - labels) == []


def test_every_text_of_a_person_is_marked(planted):
    unmarked = []
    for label in (*OFFICE, *WARD, *CORE):
        model = apps.get_model(label)
        rows = list(model._base_manager.values())
        unmarked += [
            f"{label}.{field.name}"
            for field in marked_fields(model)
            if not any("zqaa" in str(row[field.attname]) for row in rows)
        ]
    # Without a person in them: "No personal data in the subject", and what it is about.
    assert set(unmarked) == {"accounts.OutboxMail.period", "accounts.OutboxMail.subject",
                             "accounts.OutboxMail.kind"}  # fmt: skip


@pytest.mark.parametrize("first", ["office", "ward"])
def test_nothing_is_left_anywhere(
    cast, planted, papers_folder, first, django_capture_on_commit_callbacks, caplog
):
    caplog.set_level(logging.DEBUG)
    mine, _theirs = planted
    assert all(holding(f"zqaa{owner}") for owner in "owc")
    person_id = person_of(mine).public_id
    key = person_of(mine).pk
    before = holding("zqbb")
    steps = [erase_office, erase_ward] if first == "office" else [erase_ward, erase_office]
    with django_capture_on_commit_callbacks(execute=True):
        steps[0](cast, mine)
    with django_capture_on_commit_callbacks(execute=True):
        last = steps[1](cast, mine)
    assert last.was_last
    assert holding("zqaa") == {}
    # By its keys neither: only where it is said on purpose.
    assert set(holding(str(person_id))) | set(holding(person_id.hex)) == {
        "accounts_auditevent", "clients_erasure",
    }  # fmt: skip
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            if field.is_relation and field.related_model is Client:
                assert not model._base_manager.filter(**{field.attname: key}).exists(), model
    files = [path for path in papers_folder.rglob("*") if path.is_file()]
    assert {path.read_bytes()[:4] for path in files} == {b"zqbb"}
    assert len(files) == 3
    assert not any("zqaa" in each.body for each in mail.outbox)
    assert "zqaa" not in caplog.text
    assert "zqaa" not in str(getattr(cache, "_cache", ""))
    assert not FileToErase.objects.exists()
    assert holding("zqbb") == before


def test_the_offices_erasure_leaves_the_wards_and_the_shared_rows_as_they_are(cast, planted):
    mine, _theirs = planted
    before = {letter: holding(f"zqaa{letter}") for letter in "wc"}
    shown = preview(person_of(mine), cast.office)
    erasure = erase_office(cast, mine)
    assert not erasure.was_last
    assert holding("zqaao") == {}
    assert {letter: holding(f"zqaa{letter}") for letter in "wc"} == before
    counts = dict(erasure.counts)
    counts.pop("知らせのメールの本文")
    assert counts == {each.label: each.count for each in shown.goes}
    # What the ward was asked still has its sender, as a shell that no question of the office finds.
    shell = Enrolment.every.get(client=person_of(mine))
    assert shell.is_erased
    assert not Enrolment.objects.filter(client=person_of(mine)).exists()
    assert not person_of(mine).enrolments.exists()


def test_what_stays_for_the_ward_is_not_the_offices_to_read(client, cast, planted):
    mine, _theirs = planted
    proposal = mine.rows["plans.Proposal"]
    url = reverse("proposal_page", args=[proposal.public_id])
    enter(client, cast.members["head"])
    assert client.get(url).status_code == 200
    erase_office(cast, mine)
    assert client.get(url).status_code == 404
    assert mine.rows["clients.Enrolment"].pk not in {row.pk for row, _names in differing()}
    enter(client, cast.members["officer"])
    assert client.get(reverse("admin:ward_proposals")).status_code == 200
    page = client.get(reverse("admin:ward_proposal", args=[proposal.public_id]))
    assert page.status_code == 200
    assert cast.office.name in page.content.decode()


def test_another_office_keeps_its_file_and_the_shared_facts(cast, planted):
    mine, _theirs = planted
    person, outsider = person_of(mine), cast.members["outsider"]
    own = {"recorded_by": outsider, "recorded_at": mine.at}
    there = Enrolment.objects.create(
        client=person, office=cast.other_office, starts_on=date(2024, 4, 1), **own
    )
    Consent.objects.create(
        enrolment=there, recipient="family", recipient_name="zqyyyyyy", scope="contact",
        starts_on=date(2024, 4, 1), **own,
    )  # fmt: skip
    person.related_people.create(kind="parent", name="zqyyyyyy", starts_on=date(2024, 4, 1), **own)
    before = holding("zqyyyyyy"), holding("zqaac")
    assert not erase_office(cast, mine).was_last
    assert not erase_ward(cast, mine).was_last
    assert holding("zqaao") == {}
    assert (holding("zqyyyyyy"), holding("zqaac")) == before
    # The ward's words are gone, what the other office works by is not.
    assert set(holding("zqaaw")) == {"plans_decision", "plans_capperiod"}
    assert list(person.enrolments.all()) == [there]


def test_the_wards_erasure_leaves_the_offices_rows_as_they_are(cast, planted):
    mine, _theirs = planted
    before = {letter: holding(f"zqaa{letter}") for letter in "oc"}
    erasure = erase_ward(cast, mine)
    assert not erasure.was_last
    assert {letter: holding(f"zqaa{letter}") for letter in "oc"} == before
    # What the office works by is its transcription of the paper, and the talk is its own too.
    assert set(holding("zqaaw")) == {
        "plans_decision",
        "plans_capperiod",
        "plans_proposal",
        "plans_proposalstep",
    }
    decision = Decision.objects.get(client=person_of(mine))
    assert decision.is_transcribed
    assert (decision.reason, decision.application) == ("", None)
    assert "zq" not in decision.revocation_reason


def test_a_closed_month_keeps_its_sums_and_its_seal(client, cast, planted):
    mine, theirs = planted
    assert list(broken_closings()) == []
    erase_office(cast, mine)
    assert list(broken_closings()) == []
    enter(client, cast.members["head"])
    page = client.get(reverse("month_page", args=["2018-05"])).content.decode()
    assert "消去した1人分の合計：総費用額 1,000円" in page
    left = MonthRemainder.objects.get()
    assert (left.people, left.total("total_cost_yen"), left.total("copayment_yen")) == (
        1,
        1000,
        100,
    )
    erase_office(cast, theirs)
    left = MonthRemainder.objects.get()
    assert (left.people, left.total("total_cost_yen")) == (2, 2000)
    assert list(broken_closings()) == []
    said = StringIO()
    call_command("verify_months", stdout=said)
    assert "うち1件は、保存期間の終わった方を消去した残り" in said.getvalue()


def test_damage_after_an_erasure_is_found_and_damage_before_it_stops_it(cast, planted):
    mine, theirs = planted
    erase_office(cast, mine)
    row = theirs.rows["billing.PersonMonth"]
    write("UPDATE billing_personmonth SET units = 99 WHERE id = %s", row.pk)
    assert [closing.month for closing in broken_closings()] == [MONTH]
    with pytest.raises(ValidationError, match="凍結したときと違います"):
        erase_office(cast, theirs)
    assert person_of(theirs).enrolments.exists()


def test_a_note_about_several_people_goes_with_one_of_them(cast, planted):
    mine, theirs = planted
    move = mine.rows["clients.CaseMove"]
    StaffAssignment.objects.filter(enrolment=theirs.rows["clients.Enrolment"]).update(move=move)
    erase_office(cast, mine)
    move.refresh_from_db()
    assert move.note == ""
    assert move.assignments.get().enrolment == theirs.rows["clients.Enrolment"]


def test_a_crash_after_the_commit_leaves_a_list_that_the_next_run_finishes(
    cast, planted, papers_folder
):
    mine, _theirs = planted
    erase_office(cast, mine)  # nothing runs after the commit here: as if it had been killed
    assert set(FileToErase.objects.values_list("name", flat=True)) == set(mine.names)
    assert all((papers_folder / name).exists() for name in mine.names)
    assert remove_files() == 3
    assert not any((papers_folder / name).exists() for name in mine.names)
    assert remove_files() == 0


def test_a_failure_in_the_middle_leaves_everything_as_it_was(cast, planted, monkeypatch):
    mine, _theirs = planted
    before = everything_stored()

    def killed(**kwargs):
        raise RuntimeError("killed")

    monkeypatch.setattr(erase, "record_erasure", killed)
    with pytest.raises(RuntimeError):
        erase_office(cast, mine)
    assert everything_stored() == before
    monkeypatch.undo()
    assert erase_office(cast, mine).counts


def test_asked_again_it_is_one_erasure(cast, planted):
    mine, _theirs = planted
    first = erase_office(cast, mine)
    before = everything_stored()
    assert erase_office(cast, mine) == first
    assert everything_stored() == before
    assert Erasure.objects.count() == 1
    line = AuditEvent.objects.get(verb="file_erased")
    assert (line.person_id, line.subject_id) == (first.person_id, first.public_id)
    assert not RetentionEvidence.objects.exists()
