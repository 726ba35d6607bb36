"""担当の引き継ぎ: everybody or nobody goes, each former carrier sees their own, a slip is taken back."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from clients.actions.case_move import mark_move_read, move_cases, undo_move
from clients.actions.enrolment import assign_staff
from clients.models import CaseMove, StaffAssignment
from clients.queries.case_move import (
    Going,
    carried_by,
    left_behind,
    movable,
    move_rows,
    moved_people,
    moves_of,
    unread_moves,
)
from clients.queries.subject import subject_seen
from clients.rules.case_move import undo_until
from teikyaku.accounts.models import AuditEvent
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from tests.cast import make_member, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(cast):
    """A second person of the office, whom nobody carries."""
    return take_in(
        cast.office, cast.members["worker"], cast.enrolment.starts_on, name="二番 次郎",
        kana="にばん じろう",
    )  # fmt: skip


def move(cast, *people, to="manager", starts_on=None, note="朝に電話", on=None):
    return move_cases(
        people=[Going(row, "母へ連絡") for row in people], to_staff=cast.members[to],
        starts_on=starts_on or cast.today, note=note, by=cast.members["head"],
        at=at_noon(on or cast.today),
    )  # fmt: skip


def in_charge(enrolment, on):
    rows = [
        row.staff
        for row in StaffAssignment.objects.standing().filter(enrolment=enrolment)
        if row.starts_on <= on and (row.ends_on is None or row.ends_on >= on)
    ]
    return rows[0] if rows else None


def test_one_move_for_each_former_carrier(cast, second):
    moves = move(cast, cast.enrolment, second)
    assert [row.from_staff for row in moves] == [cast.members["worker"], None]
    yesterday = cast.today - timedelta(days=1)
    assert in_charge(cast.enrolment, yesterday) == cast.members["worker"]
    for row in (cast.enrolment, second):
        assert in_charge(row, cast.today) == cast.members["manager"]
    note = StaffAssignment.objects.get(enrolment=second)
    assert (note.note, note.move) == ("母へ連絡", moves[1])
    assert {row.verb for row in AuditEvent.objects.all()} >= {"cases_moved", "staff_assigned"}


def test_from_a_day_ahead_the_former_one_carries_until_then(cast):
    start = cast.today + timedelta(days=20)
    move(cast, cast.enrolment, starts_on=start)
    assert in_charge(cast.enrolment, start - timedelta(days=1)) == cast.members["worker"]
    assert in_charge(cast.enrolment, start) == cast.members["manager"]
    people = carried_by(cast.members["head"], cast.members["worker"].user_id, cast.today)
    assert [each.enrolment for each in movable(people, cast.today)] == [cast.enrolment]


def test_who_cannot_go_is_named_and_nobody_goes(cast, second):
    assign_staff(
        enrolment=second, staff=cast.members["manager"], starts_on=cast.today,
        by=cast.members["head"], at=at_noon(cast.today),
    )  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        move(cast, cast.enrolment, second)
    (words,) = refused.value.message_dict["people"]
    assert words.startswith("二番 次郎さん：もう")
    assert in_charge(cast.enrolment, cast.today) == cast.members["worker"]
    assert not CaseMove.objects.exists()


def test_a_move_decided_ahead_stands_in_the_way(cast):
    ahead = cast.today + timedelta(days=10)
    cast.members["second"] = make_member("second", Role.SUPPORT_WORKER, office=cast.office)
    move(cast, cast.enrolment, starts_on=ahead)
    with pytest.raises(ValidationError, match="決まっています") as refused:
        move(cast, cast.enrolment, to="second", starts_on=cast.today)
    assert "people" in refused.value.message_dict


def test_after_the_end_nobody_is_handed_over(cast):
    type(cast.enrolment).objects.filter(pk=cast.enrolment.pk).update(
        ends_on=cast.today - timedelta(days=1), end_reason="moved"
    )
    with pytest.raises(ValidationError, match="利用者ではありません"):
        move(cast, cast.enrolment)
    assert not carried_by(cast.members["head"], cast.members["worker"].user_id, cast.today)


def test_only_to_who_works_here_on_the_day(cast):
    for to in ("outsider", "gone"):
        with pytest.raises(ValidationError) as refused:
            move(cast, cast.enrolment, to=to)
        assert set(refused.value.message_dict) == {"to_staff"}


def test_the_new_one_confirms_once(cast):
    (row,) = move(cast, cast.enrolment)
    to = cast.members["manager"]
    assert list(unread_moves(to, cast.today)) == [row]
    assert not unread_moves(cast.members["worker"], cast.today)
    with pytest.raises(ValidationError, match="受けた人"):
        mark_move_read(move=row, by=cast.members["worker"], at=at_noon(cast.today))
    first = mark_move_read(move=row, by=to, at=at_noon(cast.today)).read_at
    later = at_noon(cast.today + timedelta(days=1))
    assert mark_move_read(move=row, by=to, at=later).read_at == first
    assert not unread_moves(to, cast.today)


def test_a_slip_is_taken_back_as_if_nothing_had_been(cast, second):
    held = StaffAssignment.objects.standing().values_list(
        "enrolment", "staff", "starts_on", "ends_on"
    )
    before = list(held)
    for row in move(cast, cast.enrolment, second):
        undo_move(move=row, by=cast.members["head"], at=at_noon(cast.today))
    assert list(held.all()) == before
    head = cast.members["head"]
    shown = move_rows(moves_of(head, cast.today), head, cast.today)
    assert all(row.undone_at and not row.waits for row in shown)
    with pytest.raises(ValidationError, match="もう取り消されて"):
        undo_move(move=CaseMove.objects.first(), by=cast.members["head"], at=at_noon(cast.today))


def test_moved_on_since_it_stays(cast):
    (row,) = move(cast, cast.enrolment)
    tomorrow = cast.today + timedelta(days=1)
    move(cast, cast.enrolment, to="worker", starts_on=tomorrow)
    with pytest.raises(ValidationError, match="次の人は、もう一度") as refused:
        undo_move(move=row, by=cast.members["head"], at=at_noon(cast.today))
    assert "試験 太郎さん" in refused.value.messages[1]
    assert "職員 workerさんの担当" in refused.value.messages[1]
    assert in_charge(cast.enrolment, tomorrow) == cast.members["worker"]
    assert in_charge(cast.enrolment, cast.today) == cast.members["manager"]


@pytest.mark.parametrize(("days", "is_late"), [(7, False), (8, True)])
def test_a_week_to_take_it_back(cast, days, is_late):
    (row,) = move(cast, cast.enrolment)
    at = at_noon(cast.today + timedelta(days=days))
    if is_late:
        with pytest.raises(ValidationError, match="取り消せるのは"):
            undo_move(move=row, by=cast.members["head"], at=at)
    else:
        assert undo_move(move=row, by=cast.members["head"], at=at).undone_at == at


@pytest.mark.parametrize(
    ("recorded", "starts", "last"),
    [
        (date(2026, 11, 1), date(2026, 11, 10), date(2026, 11, 17)),
        (date(2026, 11, 10), date(2026, 11, 1), date(2026, 11, 17)),
        (date(2028, 2, 22), date(2028, 2, 22), date(2028, 2, 29)),
    ],
)
def test_until_when(recorded, starts, last):
    assert undo_until(recorded, starts) == last


def test_whoever_has_left_hands_over_all_the_same(cast):
    worker = cast.members["worker"]
    assert left_behind(cast.members["head"], cast.today) == []
    type(worker).objects.filter(pk=worker.pk).update(ends_on=cast.today - timedelta(days=1))
    ((member, n),) = left_behind(cast.members["head"], cast.today)
    assert (member.pk, n) == (worker.pk, 1)
    people = carried_by(cast.members["head"], member.user_id, cast.today)
    assert list(people) == [cast.enrolment]
    assert left_behind(cast.members["outsider"], cast.today) == []


def test_nobody_comes_back_to_who_has_left(cast):
    (row,) = move(cast, cast.enrolment)
    worker = cast.members["worker"]
    type(worker).objects.filter(pk=worker.pk).update(ends_on=cast.today - timedelta(days=1))
    with pytest.raises(ValidationError, match="もうこの事業所で担当を持っていません"):
        undo_move(move=row, by=cast.members["head"], at=at_noon(cast.today))
    assert in_charge(cast.enrolment, cast.today) == cast.members["manager"]


def test_what_was_taken_back_is_not_confirmed(cast):
    (row,) = move(cast, cast.enrolment)
    undo_move(move=row, by=cast.members["head"], at=at_noon(cast.today))
    with pytest.raises(ValidationError, match="取り消されています"):
        mark_move_read(move=row, by=cast.members["manager"], at=at_noon(cast.today))


def test_only_to_who_meets_people(cast):
    with pytest.raises(ValidationError) as refused:
        move(cast, cast.enrolment, to="billing")
    assert set(refused.value.message_dict) == {"to_staff"}


def test_a_name_after_the_end_is_not_told(cast):
    (row,) = move(cast, cast.enrolment)
    ended = cast.today - timedelta(days=5)
    type(cast.enrolment).objects.filter(pk=cast.enrolment.pk).update(
        ends_on=ended, end_reason="moved", use_starts_on=None
    )
    old = cast.enrolment.client.names.get()
    type(old).objects.filter(pk=old.pk).update(ends_on=ended + timedelta(days=1))
    cast.enrolment.client.names.create(
        name="後の 名前", kana="あとの なまえ", starts_on=ended + timedelta(days=2),
        recorded_by=cast.members["outsider"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    (person,) = moved_people(row, cast.today)
    assert person.name == old.name
    assert subject_seen(cast.enrolment.client, cast.office.pk, cast.today).name == old.name
