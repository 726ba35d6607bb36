"""様子のふりかえり: what was rated is drawn where it belongs, with what happened meanwhile."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.urls import reverse

from clients.access import enrolments_for
from clients.models import Employment, Enrolment, Leave
from clients.queries.dossier import dossier_of, dossiers_first
from plans.queries.dossier import support_dossier
from plans.rules.kinds import Rating
from teikyaku.clock import at_noon
from teikyaku.desk.queries.day_axis import DayAxis
from teikyaku.desk.queries.look_back import HEIGHTS, OWN_SHIFT, Span, look_back
from teikyaku.periods import months_later
from teikyaku.timeline import TimelineKind
from tests.accounts.test_coming_and_going import enter
from tests.cast import meet

pytestmark = pytest.mark.django_db


def back_of(cast, span=Span.ALL):
    own = enrolments_for(cast.members["worker"], cast.today).filter(pk=cast.enrolment.pk)
    rows = list(dossiers_first(own, cast.today))
    return look_back(support_dossier(dossier_of(rows[0], rows, cast.today)), span)


def test_each_rating_stands_at_its_height(cast):
    meet(
        cast.enrolment, cast.members["worker"], cast.today, work_rating="unstable",
        life_rating="watch", own_work_rating="watch", notes="つかれた", has_worries=True,
    )  # fmt: skip
    work, life = back_of(cast).lanes
    staff = [mark for mark in work.marks if not mark.is_own]
    assert [mark.rating for mark in staff] == ["settled", "settled", "settled", "unstable"]
    assert 0 < staff[0].x < staff[1].x
    assert staff[-1].x == 100
    assert staff[-1].y == HEIGHTS[Rating.UNSTABLE]
    (own,) = [mark for mark in work.marks if mark.is_own]
    assert (own.x, own.y) == (100, HEIGHTS[Rating.WATCH] + OWN_SHIFT)
    assert not any(mark.is_own for mark in life.marks)
    assert len(work.pieces) == 3
    assert work.pieces[-1].y1 < work.pieces[-1].y2
    assert work.description == "仕事の様子：安定3回、不安定1回。最後は不安定。"
    row = back_of(cast).rows[0]
    assert (row.work, row.own_work, row.life, row.has_worries) == (
        "不安定",
        "気になる",
        "気になる",
        True,
    )


def test_a_year_shows_a_year(cast):
    first = months_later(cast.today, -12)
    back = back_of(cast, Span.YEAR)
    assert all(row.held_on > first for row in back.rows)
    assert all(first <= event.entry.on <= cast.today for event in back.events)


@pytest.fixture
def leaves(cast):
    """Three times off, the first two a day apart."""
    job = Employment.objects.get(client=cast.enrolment.client)
    for back in (50, 48, 10):
        day = cast.today - timedelta(days=back)
        Leave.objects.create(
            employment=job, starts_on=day, ends_on=day, reason="通院",
            recorded_by=cast.members["worker"], recorded_at=at_noon(day),
        )  # fmt: skip


@pytest.mark.usefixtures("leaves")
def test_what_happened_is_numbered_in_its_order(cast):
    events = back_of(cast).events
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    days = [event.entry.on for event in events]
    assert days == sorted(days)
    assert len(days) >= 6
    kinds = {event.entry.kind for event in events}
    assert not kinds & {TimelineKind.CONTACT, TimelineKind.REPORT}


@pytest.mark.usefixtures("leaves")
def test_numbers_close_together_become_one_label(cast):
    back = back_of(cast)
    labels = back.event_labels
    places = [x for x, _label in labels]
    assert all(two - one >= 5 for one, two in pairwise(places))
    assert any("–" in label for _x, label in labels)


def test_the_page_says_the_same_in_words(client, cast):
    enter(client, cast.members["worker"])
    url = reverse("client_look_back", args=[cast.enrolment.client.public_id])
    page = client.get(url, {"span": "nonsense"})
    text = page.content.decode()
    assert page.context["back"].span == Span.ALL
    assert 'aria-label="仕事の様子：安定3回。最後は安定。"' in text
    assert reverse("interview_page", args=[cast.interview.public_id]) in text


def test_without_a_meeting_it_says_so(client, cast):
    enter(client, cast.members["worker"])
    url = reverse("client_look_back", args=[cast.application.client.public_id])
    assert "面談の記録はまだありません" in client.get(url).content.decode()


def test_a_meeting_before_the_use_is_drawn_too(client, cast):
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(use_starts_on=None)
    enter(client, cast.members["worker"])
    url = reverse("client_look_back", args=[cast.enrolment.client.public_id])
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    ("months", "step", "labels"),
    [(0, 1, 1), (1, 1, 2), (3, 1, 4), (4, 2, 3), (7, 2, 4), (8, 3, 3), (11, 3, 4), (12, 6, 3),
     (23, 6, 4), (36, 12, 4), (60, 24, 3)],
)  # fmt: skip
def test_the_axis_has_several_months_that_do_not_run_together(months, step, labels):
    first = date(2025, 12, 1)
    axis = DayAxis(first, months_later(first, months))
    assert axis.readable_step == step
    ticks = axis.ticks(axis.readable_step)
    assert len(ticks) == labels
    # On a phone each second one of three or more is left out: two are left, and far apart.
    shown = ticks[::2] if labels > 2 else ticks
    assert len(shown) >= min(labels, 2)
    assert all(two.x - one.x >= 40 for one, two in pairwise(shown))


def test_a_year_of_records_has_more_than_one_label(cast):
    for span in Span:
        assert len(back_of(cast, span).ticks) >= 2
