"""A draft sent from two tabs at the same moment becomes one record."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from plans.actions import life_change
from plans.actions.interview_draft import Page, PageRecorded, begin_draft, save_draft
from plans.models import Interview, InterviewDraft
from teikyaku.clock import at_noon, today
from tests.cast import cast_of
from tests.concurrency.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def begun():
    cast = cast_of(today())
    worker, at = cast.members["worker"], at_noon(cast.today)
    draft = begin_draft(enrolment=cast.enrolment, answers={"notes": "一"}, by=worker, at=at)
    return cast, worker, at, draft


def test_two_tabs_record_at_once():
    cast, worker, at, draft = begun()
    before = Interview.objects.count()

    def record(notes):
        return life_change.log_interview(
            enrolment=cast.enrolment, draft=draft, version=1, held_on=cast.today, way="phone",
            outcome="attempt", met_by=worker, notes=notes, by=worker, at=at,
        )  # fmt: skip

    results = at_once(lambda: record("一"), lambda: record("二"))
    assert sum(isinstance(result, Interview) for result in results) == 1, results
    assert sum(isinstance(result, ValidationError) for result in results) == 1, results
    assert Interview.objects.count() == before + 1
    assert not InterviewDraft.objects.exists()


def test_two_tabs_save_at_once():
    _cast, _worker, at, draft = begun()
    results = at_once(
        *[
            lambda words=words: save_draft(draft=draft, version=1, answers={"notes": words}, at=at)
            for words in ("甲", "乙")
        ]
    )
    assert sum(isinstance(result, ValidationError) for result in results) == 1, results
    kept = InterviewDraft.objects.get()
    assert kept.version == 2
    assert kept.answers["notes"] in ("甲", "乙")


def recorded(cast, page):
    worker = cast.members["worker"]
    return life_change.log_interview(
        enrolment=cast.enrolment, page=page, held_on=cast.today, way="phone", outcome="attempt",
        met_by=worker, notes="一", by=worker, at=at_noon(cast.today),
    )  # fmt: skip


@pytest.mark.parametrize("_time", range(5))
def test_a_page_saves_and_records_at_once(_time):
    cast = cast_of(today())
    worker, at, page = cast.members["worker"], at_noon(cast.today), Page(uuid4(), turn=1)

    def save():
        return begin_draft(
            enrolment=cast.enrolment, answers={"notes": "一"}, by=worker, at=at, page=page
        )

    saved, record = at_once(save, lambda: recorded(cast, page))
    assert isinstance(record, Interview), record
    assert isinstance(saved, InterviewDraft | PageRecorded), saved
    assert not InterviewDraft.objects.exists()


def test_a_page_is_recorded_twice_at_once():
    cast, page = cast_of(today()), Page(uuid4())
    results = at_once(lambda: recorded(cast, page), lambda: recorded(cast, page))
    assert sum(isinstance(result, Interview) for result in results) == 1, results
    assert sum(isinstance(result, PageRecorded) for result in results) == 1, results
    assert Interview.objects.filter(page=page.key).count() == 1


def test_a_page_saves_twice_at_once():
    cast = cast_of(today())
    worker, at, key = cast.members["worker"], at_noon(cast.today), uuid4()

    def save(turn):
        return begin_draft(
            enrolment=cast.enrolment, answers={"notes": str(turn)}, by=worker, at=at,
            page=Page(key, turn),
        )  # fmt: skip

    at_once(lambda: save(1), lambda: save(2))
    assert InterviewDraft.objects.get().answers == {"notes": "2"}
