"""A contact that never was is taken back: it counts for nothing any more, and stays readable."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from plans.actions import life_change
from plans.models import Interview
from plans.queries.caseload import Ask, ask_q
from plans.queries.pace import due_dates
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon
from tests.accounts.test_coming_and_going import enter
from tests.cast import meet

ERROR = 422


@pytest.fixture
def who(cast):
    return {"by": cast.members["worker"], "at": at_noon(cast.today)}


def due_of(cast):
    cast.enrolment.refresh_from_db()
    stored = cast.enrolment.interview_due_on
    assert due_dates([cast.enrolment])[cast.enrolment.pk].due_on == stored
    return stored


def test_the_due_date_is_what_it_was(cast, who):
    before = due_of(cast)
    row = meet(cast.enrolment, who["by"], cast.today)
    assert due_of(cast) > before
    life_change.withdraw_interview(interview=row, reason="別の方だった", **who)
    assert due_of(cast) == before


def test_two_slips_of_the_finger_do_not_tighten_the_pace(cast, who):
    before = due_of(cast)
    attempts = [
        life_change.log_interview(
            enrolment=cast.enrolment, held_on=cast.today - timedelta(days=back), way="phone",
            outcome="attempt", met_by=who["by"], **who,
        )
        for back in (2, 1)
    ]  # fmt: skip
    for row in attempts:
        life_change.withdraw_interview(interview=row, reason="押しまちがえた", **who)
    assert due_of(cast) == before
    attempted = type(cast.enrolment).objects.filter(ask_q(Ask.ATTEMPTS, cast.today))
    assert not attempted.exists()


def test_the_message_after_logging_leads_to_the_way_back(client, cast):
    enter(client, cast.members["worker"])
    data = {"held_on": cast.today.isoformat(), "way": "phone", "notes": ""}
    url = reverse("attempt_new", args=[cast.enrolment.public_id])
    page = client.post(url, data, follow=True).content.decode()
    row = Interview.objects.get(outcome="attempt")
    undo = reverse("interview_withdraw", args=[row.public_id])
    assert f'href="{undo}"' in page
    # One's own slip of just now is undone with two taps; nobody else's is called so.
    assert "押しまちがえた。" in client.get(undo).content.decode()
    enter(client, cast.members["manager"])
    assert "押しまちがえた。" not in client.get(undo).context["form"].initial.values()
    enter(client, cast.members["worker"])
    empty = client.post(undo, {"withdrawal_reason": " "})
    assert empty.status_code == ERROR
    assert "withdrawal_reason" in empty.context["form"].errors
    assert client.post(undo, {"withdrawal_reason": "押しまちがえた"}).status_code == 302
    # It stands in the history with its reason, and nothing can be done with it any more.
    history = client.get(reverse("client_history", args=[cast.enrolment.client.public_id]))
    assert "取り消した記録" in history.content.decode()
    shown = client.get(reverse("interview_page", args=[row.public_id])).content.decode()
    assert "押しまちがえた" in shown
    assert undo not in shown
    assert AuditEvent.objects.filter(verb="interview_withdrawn", subject_id=row.public_id).exists()
    again = client.post(undo, {"withdrawal_reason": "もう一度"})
    assert again.status_code == ERROR
    assert "もう取り消されています" in again.content.decode()


def test_the_same_contact_can_be_logged_again(cast, who):
    row = meet(cast.enrolment, who["by"], cast.today)
    life_change.withdraw_interview(interview=row, reason="日付ちがい", **who)
    assert meet(cast.enrolment, who["by"], cast.today).pk != row.pk


def test_what_was_corrected_is_taken_back_at_its_newest_row(cast, who):
    row = meet(cast.enrolment, who["by"], cast.today)
    facts = {
        "held_on": cast.today, "way": "face", "outcome": "met", "met_by": who["by"],
        "work_rating": "watch", "life_rating": "settled", "notes": "直した",
    }  # fmt: skip
    newer = life_change.correct_interview(interview=row, reason="評価ちがい", **facts, **who)
    with pytest.raises(ValidationError, match="新しい方"):
        life_change.withdraw_interview(interview=row, reason="x", **who)
    before = due_of(cast)
    life_change.withdraw_interview(interview=newer, reason="別の方だった", **who)
    assert due_of(cast) < before
    with pytest.raises(ValidationError, match="取り消されています"):
        life_change.correct_interview(
            interview=Interview.objects.get(pk=newer.pk), reason="x", **facts, **who
        )


def test_the_database_wants_person_day_and_reason(cast, who):
    row = Interview.objects.filter(pk=cast.interview.pk)
    for wrong in (
        {"withdrawn_at": who["at"]},
        {"withdrawn_at": who["at"], "withdrawn_by": who["by"]},
        {"withdrawal_reason": "x"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**wrong)
