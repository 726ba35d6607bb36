"""Files undone newest first: what was taken back stands on nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from plans.actions.move_in import confirm_move_in
from plans.models import CapPeriod, Contract, OpeningFacts
from teikyaku.accounts.actions.audit import audit
from teikyaku.clock import now
from teikyaku.desk.queries.move_in_undo import built_on
from teikyaku.periods import Month
from tests.cast import meet
from tests.move_in.conftest import everybody
from tests.move_in.test_nothing_passed_over import only, run, told
from tests.sheets import person


@pytest.mark.django_db
def test_files_are_undone_one_after_the_other(mover):
    """A later file that was taken back is nothing that stands on an earlier one."""
    before = everybody()
    some = {"plan_made_on": "", "plan_review_by": "", "last_met_on": "", "pace_months": ""}
    files = [
        mover.run(person(mover.on, 1, **some)),
        mover.run(person(mover.on, 1, **some | {"plan_made_on": person(mover.on, 1)["plan_made_on"]})),
        mover.run(person(mover.on, 1)),
    ]  # fmt: skip
    for number, file in enumerate(reversed(files)):
        assert built_on(file, mover.on) == [], number
        mover.client.post(reverse("move_in_undo", args=[file.public_id]))
        file.refresh_from_db()
        assert file.undone_at is not None, number
    assert everybody() == before


@pytest.mark.django_db
def test_what_somebody_wrote_between_two_files_holds_the_first_one(mover):
    some = {"plan_made_on": "", "plan_review_by": "", "last_met_on": "", "pace_months": ""}
    first = mover.run(person(mover.on, 1, **some))
    (enrolment,) = mover.people()
    meet(enrolment, mover.head, mover.on)
    second = mover.run(person(mover.on, 1, **some | {"plan_made_on": mover.on - timedelta(days=1)}))
    mover.client.post(reverse("move_in_undo", args=[second.public_id]))
    second.refresh_from_db()
    assert second.undone_at is not None
    assert [each.what for each in built_on(first, mover.on)] == ["面談・連絡：記録"]


def undo(mover):
    """Take back what was imported last, and put aside the file that stands again."""
    done = mover.move_in
    mover.client.post(reverse("move_in_undo", args=[done.public_id]))
    done.refresh_from_db()
    assert done.undone_at is not None
    mover.post("move_in_discard")


def on_file():
    """What a later sheet adds to rows of an earlier one."""
    caps = CapPeriod.objects.values_list("is_managed", "managing_office_name", "last_month")
    facts = OpeningFacts.objects.values_list("last_met_on", "pace_months", "network_months")
    months = Contract.objects.values_list("initial_addition_month", flat=True)
    return [list(rows.order_by("pk")) for rows in (caps, facts, months)]


def added(mover, made):
    """The sheet that adds to the cap, to the facts of before and to the contract."""
    month = Month.of(mover.on)
    return only(
        made, "municipality", "number", "granted_from", "granted_until", "cap_yen", "last_met_on",
        "pace_months", is_managed="○", managing_name="架空ホーム", managing_number="1500000007",
        cap_last_month=(month + 4).label, network_months=str(month - 2),
        initial_month=str(month - 8),
    )  # fmt: skip


@pytest.mark.django_db
def test_what_was_undone_does_not_come_back_by_the_next_undoing(mover):
    made = person(mover.on, 1)
    run(
        mover,
        told(
            mover, made, last_met_on="", pace_months="", network_months=str(Month.of(mover.on) - 3)
        ),
    )
    before = on_file()
    for number in range(2):
        row = run(mover, added(mover, made))
        for old, new in zip(before, on_file(), strict=True):
            assert old != new, (number, row.words, row.faults, row.warnings)
        undo(mover)
        assert on_file() == before, number
    for model in (CapPeriod, OpeningFacts, Contract):
        for stands in model.objects.all():
            last = stands.history.latest("history_date", "history_id").instance
            names = [field.attname for field in model._meta.concrete_fields]
            assert [getattr(last, name) for name in names] == [
                getattr(stands, name) for name in names
            ]


@pytest.mark.django_db
def test_the_day_on_which_work_began_stays_that_of_the_first_sheet(mover):
    made = person(mover.on, 1)
    run(mover, only(made, "employer", "employed_on"))
    (enrolment,) = mover.people()
    before = (enrolment.starts_on, enrolment.use_starts_on)
    for number in range(2):
        row = run(mover, told(mover, made))
        enrolment.refresh_from_db()
        assert enrolment.starts_on < before[0], (number, row.words, row.faults)
        undo(mover)
        enrolment.refresh_from_db()
        assert (enrolment.starts_on, enrolment.use_starts_on) == before, number


@pytest.mark.django_db
def test_what_the_same_member_did_before_the_line_came_in_holds_the_first_file(mover):
    """Confirmed, but not yet at that line: a meeting recorded then is no part of the later file."""
    made = person(mover.on, 1)
    first = mover.run(person(mover.on, 1, plan_made_on="", last_met_on="", pace_months=""))
    (enrolment,) = mover.people()
    mover.look(made)
    confirm_move_in(move_in=mover.move_in, by=mover.head, at=now())
    audit(
        verb="interview_logged", subject=enrolment, by=mover.head, at=now(),
        person_id=enrolment.client.public_id,
    )  # fmt: skip
    mover.post("move_in_import")
    assert [each.at for each in built_on(mover.move_in, mover.on)] == []
    undo(mover)
    assert len(built_on(first, mover.on)) == 1


@pytest.mark.django_db
def test_an_older_import_leads_to_the_later_ones_that_are_taken_back_first(mover):
    some = {"plan_made_on": "", "plan_review_by": "", "last_met_on": "", "pace_months": ""}
    first = mover.run(person(mover.on, 1, **some))
    second = mover.run(person(mover.on, 1))
    answer = mover.client.get(reverse("move_in_page", args=[first.public_id]))
    assert answer.context["later_files"] == [second]
    assert "あとのものから順に" in answer.content.decode()
    answer = mover.client.get(reverse("move_in_page", args=[second.public_id]))
    assert answer.context["later_files"] == []
