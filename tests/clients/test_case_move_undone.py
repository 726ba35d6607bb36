"""A hand-over that was taken back stays on file, and nobody loses 担当 or what they wrote by it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.urls import reverse

from clients.actions.case_move import move_cases, undo_move
from clients.actions.enrolment import assign_staff
from clients.models import StaffAssignment
from clients.queries.case_move import (
    Going,
    move_rows,
    moved_people,
    moves_of,
    moves_to_tell,
    unread_moves,
)
from clients.queries.staff import staff_history
from clients.queries.summary import person_of
from plans.actions import life_change
from plans.queries.caseload import in_charge_q, staff_names
from plans.queries.interview_draft import draft_rows
from plans.queries.team import team_of
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from tests.accounts.test_coming_and_going import enter

pytestmark = pytest.mark.django_db


def move(cast, *, to="manager", starts_on=None):
    (row,) = move_cases(
        people=[Going(cast.enrolment, "母へ連絡")], to_staff=cast.members[to],
        starts_on=starts_on or cast.today, note="朝に電話", by=cast.members["head"],
        at=at_noon(cast.today),
    )  # fmt: skip
    return row


def undo(cast, row, days=0):
    at = at_noon(cast.today + timedelta(days=days))
    return undo_move(move=row, by=cast.members["head"], at=at)


def test_what_was_moved_stays_readable(client, cast):
    row = undo(cast, move(cast))
    (kept,) = StaffAssignment.objects.with_undone().filter(move=row)
    assert (kept.undone_at, kept.undone_by) == (row.undone_at, cast.members["head"])
    (person,) = moved_people(row, cast.today)
    assert (person.name, person.note) == ("試験 太郎", "母へ連絡")
    assert person.staff_name == cast.members["worker"].user.name
    for side in ("worker", "manager"):
        enter(client, cast.members[side])
        page = client.get(reverse("case_move_page", args=[row.public_id])).content.decode()
        assert "職員 headが取り消し" in page
        assert "母へ連絡" in page
        assert "いまの担当 職員 worker" in page
        facts = client.get(reverse("client_facts", args=[cast.enrolment.client.public_id]))
        assert "職員 headが引き継ぎを取り消しました" in facts.content.decode()


def test_the_history_of_a_person_tells_what_was_taken_back(cast):
    row = undo(cast, move(cast), days=2)
    client, office = cast.enrolment.client, cast.office.pk
    told = staff_history(client, office, cast.today + timedelta(days=2))
    assert [(each.name, each.undone_by) for each in told] == [
        (cast.members["worker"].user.name, ""),
        (cast.members["manager"].user.name, cast.members["head"].user.name),
    ]
    assert told[1].undone_on == cast.today + timedelta(days=2)
    # As of the day before, it stood.
    assert staff_history(client, office, cast.today + timedelta(days=1))[1].undone_on is None
    assert staff_history(client, cast.other_office.pk, cast.today) == []
    assert row.assignments.with_undone().count() == 1


def test_every_reader_sees_standing_ones_only(client, cast):
    """Lists, mails, numbers and pages: after the slip nobody is in charge of two, or of nobody's."""
    worker, manager = cast.members["worker"], cast.members["manager"]
    undo(cast, move(cast))
    on, key = cast.today, cast.enrolment.pk
    people = type(cast.enrolment).objects.filter(office=cast.office)
    assert staff_names([key], on) == {key: worker.user.name}
    assert person_of(cast.enrolment, on).staff_name == worker.user.name
    assert list(people.filter(in_charge_q(on, user=worker.user))) == [cast.enrolment]
    assert not people.filter(in_charge_q(on, user=manager.user))
    loads = {load.staff_id: load.people for load in team_of(cast.office, on).loads}
    assert loads[worker.public_id] == 1
    assert not loads.get(manager.public_id)
    enter(client, cast.members["head"])
    for name in ("client_list", "caseload", "plan_list"):
        for member, n in ((worker, 1), (manager, 0)):
            asked = {"staff": str(member.public_id), "ask": "in_use"}
            found = client.get(reverse(name), asked).context["page"]
            assert len(found.object_list) == n, name


def test_the_days_of_what_was_taken_back_are_free_again(cast):
    undo(cast, move(cast))
    again = move(cast)
    assert StaffAssignment.objects.in_charge(cast.today).get(enrolment=cast.enrolment).move == again


def test_two_standing_ones_never_share_a_day(cast):
    row = undo(cast, move(cast))
    kept = StaffAssignment.objects.with_undone().get(move=row)
    rows = StaffAssignment.objects.with_undone().filter(pk=kept.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(undone_at=None, undone_by=None)
    # An instant without a name, or a name without an instant, is none.
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(undone_by=None)
    assert connection.vendor in ("sqlite", "postgresql")


def test_what_the_new_one_wrote_meanwhile_stays_theirs(client, cast):
    manager = cast.members["manager"]
    row = move(cast)
    contact = life_change.log_interview(
        enrolment=cast.enrolment, held_on=cast.today, way="phone", outcome="met", met_by=manager,
        notes="会う日を決めた。", work_rating="settled", life_rating="settled",
        by=manager, at=at_noon(cast.today),
    )  # fmt: skip
    enter(client, manager)
    url = reverse("interview_new", args=[cast.enrolment.public_id])
    client.post(url, {"save_draft": "1", "notes": "書きかけの文"})
    undo(cast, row)
    page = client.get(reverse("client_history", args=[cast.enrolment.client.public_id]))
    assert "会う日を決めた。" in page.content.decode()
    assert client.get(reverse("interview_correct", args=[contact.public_id])).status_code == 200
    assert "試験 太郎" in [row.name for row in draft_rows(manager, cast.today)]


def test_another_role_is_not_a_leaving(cast):
    """Who carried people has a new membership since: they come back, and the caseload hangs on it."""
    worker, row = cast.members["worker"], move(cast)
    Membership.objects.filter(pk=worker.pk).update(ends_on=cast.today - timedelta(days=1))
    Membership.objects.create(
        user=worker.user,
        office=cast.office,
        roles=[Role.SUPPORT_WORKER.value],
        starts_on=cast.today,
    )
    undo(cast, row)
    (held,) = StaffAssignment.objects.in_charge(cast.today).filter(enrolment=cast.enrolment)
    assert held.staff.user == worker.user


def test_somebody_whose_work_has_ended_comes_back_and_is_named(client, cast):
    row = move(cast, starts_on=cast.today - timedelta(days=3))
    ended = cast.today - timedelta(days=1)
    type(cast.enrolment).objects.filter(pk=cast.enrolment.pk).update(
        ends_on=ended, end_reason="moved"
    )
    undo(cast, row)
    (person,) = moved_people(row, cast.today)
    assert person.ended_on == ended
    enter(client, cast.members["head"])
    page = client.get(reverse("case_move_page", args=[row.public_id])).content.decode()
    assert "に利用が終わりました" in page


def test_who_cannot_come_back_is_told_before_the_button(client, cast):
    row, tomorrow = move(cast), cast.today + timedelta(days=1)
    assign_staff(
        enrolment=cast.enrolment, staff=cast.members["worker"], starts_on=tomorrow,
        by=cast.members["head"], at=at_noon(cast.today),
    )  # fmt: skip
    enter(client, cast.members["head"])
    url = reverse("case_move_undo", args=[row.public_id])
    page = client.get(url).content.decode()
    assert "試験 太郎：" in page
    assert "職員 workerさんの担当になっています" in page
    assert "button--danger" not in page
    answer = client.post(url, follow=True).content.decode()
    assert "試験 太郎さん" in answer
    row.refresh_from_db()
    assert row.undone_at is None


def test_nobody_is_left_without_a_former_one_on_file(cast):
    row = move(cast)
    StaffAssignment.objects.filter(enrolment=cast.enrolment, staff=cast.members["worker"]).delete()
    with pytest.raises(ValidationError, match="記録がありません"):
        undo(cast, row)
    assert StaffAssignment.objects.in_charge(cast.today).filter(enrolment=cast.enrolment).exists()


def test_moves_as_of_a_day(cast):
    head, to, day = cast.members["head"], cast.members["manager"], timedelta(days=1)
    row = move(cast)
    undo(cast, row, days=2)
    assert not moves_of(head, cast.today - day)
    (then,) = move_rows(moves_of(head, cast.today + day), head, cast.today + day)
    assert then.undone_at is None
    assert list(unread_moves(to, cast.today + day)) == [row]
    (after,) = move_rows(moves_of(head, cast.today + 2 * day), head, cast.today + 2 * day)
    assert (after.undone_by, after.people) == (head.user.name, 1)
    assert not unread_moves(to, cast.today + 2 * day)
    # The receiver is told for a week; whoever took it back knows.
    told = [list(moves_to_tell(to, cast.today + n * day)) for n in range(10)]
    assert told == [[row]] * 9 + [[]]


def test_a_change_ahead_is_shown_before_its_day(client, cast):
    start = cast.today + timedelta(days=10)
    row = move(cast, starts_on=start)
    enter(client, cast.members["worker"])
    about = reverse("client_page", args=[cast.enrolment.client.public_id])
    facts = reverse("client_facts", args=[cast.enrolment.client.public_id])
    name = cast.members["manager"].user.name
    assert f"から{name}さん" in client.get(about).content.decode()
    assert "これから" in client.get(facts).content.decode()
    seen = person_of(cast.enrolment, start - timedelta(days=1))
    assert (seen.next_staff_name, seen.next_staff_on) == (name, start)
    assert person_of(cast.enrolment, start).next_staff_on is None
    undo(cast, row)
    assert f"から{name}さん" not in client.get(about).content.decode()
