"""The page of a 担当の引き継ぎ tells the new one what is next with each person."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.actions.case_move import move_cases, undo_move
from clients.models import Client, Enrolment
from clients.queries.case_move import Going
from plans.models import Interview, InterviewDraft, ReportShare
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import job_of, ready_person, talk

pytestmark = pytest.mark.django_db
PHONE = "090-1111-2222"


def move_to(cast, to="manager", people=None):
    (move,) = move_cases(
        to_staff=cast.members[to], starts_on=cast.today, note="",
        people=[Going(each) for each in people or [cast.enrolment]],
        by=cast.members["head"], at=at_noon(cast.today),
    )  # fmt: skip
    return move


def contact(cast, on, **facts):
    return talk(cast.enrolment, cast.members["worker"], on, **facts)


def draft_of(cast, key):
    return InterviewDraft.objects.create(
        enrolment=cast.enrolment, recorded_by=cast.members[key], recorded_at=at_noon(cast.today),
        saved_at=at_noon(cast.today), answers={"notes": "書きかけの中身"},
    )  # fmt: skip


def page_of(client, cast, move, key="manager"):
    enter(client, cast.members[key])
    answer = client.get(reverse("case_move_page", args=[move.public_id]))
    return answer, answer.content.decode()


def test_the_new_one_finds_what_is_next(client, cast):
    job = job_of(cast.enrolment)
    job.must_not_contact = True
    job.save()
    Client.objects.filter(pk=cast.enrolment.client_id).update(phone=PHONE)
    due_on, next_on = cast.today + timedelta(days=9), cast.today + timedelta(days=5)
    contact(
        cast, cast.today - timedelta(days=1), way="phone", outcome="others",
        notes="母と話した", next_on=next_on,
    )  # fmt: skip
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(interview_due_on=due_on)
    move = move_to(cast)
    answer, page = page_of(client, cast, move)
    (handed,) = answer.context["people"]
    assert (handed.case.due_on, handed.case.next_on) == (due_on, next_on)
    for words in (
        f"{due_on.month}月{due_on.day}日", f"{next_on.month}月{next_on.day}日", PHONE,
        "母と話した", "職場連絡禁止",
    ):  # fmt: skip
        assert words in page


def test_a_report_not_yet_handed_over_is_named_with_its_month(client, cast):
    last = Month.of(cast.today) - 1
    met = {"outcome": "met", "work_rating": "settled", "life_rating": "settled"}
    ReportShare.objects.all().delete()
    Interview.objects.all().delete()
    contact(cast, last.first_day, way="face", **met)
    contact(cast, (last - 3).first_day, way="face", **met)
    contact(cast, (last - 1).first_day, way="phone", **met)
    answer, page = page_of(client, cast, move_to(cast))
    (handed,) = answer.context["people"]
    # A telephone call makes no month, and an old one is not looked for.
    assert handed.unshared == (last,)
    assert reverse("report_page", args=[cast.enrolment.public_id, last]) in page


def test_a_colleagues_draft_stays_theirs(client, cast):
    theirs, own = draft_of(cast, "worker"), draft_of(cast, "manager")
    answer, page = page_of(client, cast, move_to(cast))
    (handed,) = answer.context["people"]
    assert handed.drafts == (own.public_id,)
    assert str(theirs.public_id) not in page
    assert "書きかけの中身" not in page


def test_of_a_move_taken_back_only_who_it_was(client, cast):
    Client.objects.filter(pk=cast.enrolment.client_id).update(phone=PHONE)
    move = move_to(cast)
    undo_move(move=move, by=cast.members["head"], at=at_noon(cast.today))
    answer, page = page_of(client, cast, move)
    assert [each.case for each in answer.context["people"]] == [None]
    assert PHONE not in page


def test_more_people_cost_the_same(client, cast):
    worker, manager = cast.members["worker"], cast.members["manager"]
    others = [
        ready_person(cast, cast.office, worker, manager, number, name=name, kana="にばん")
        for number, name in (
            ("1234567895", "二番 次郎"),
            ("1234567892", "三番 三郎"),
            ("1234567903", "四番 四郎"),
        )
    ]

    def cost(move):
        page_of(client, cast, move)
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("case_move_page", args=[move.public_id]))
        return len(seen)

    one = cost(move_to(cast, people=others[:1]))
    assert cost(move_to(cast, people=others[1:])) == one
