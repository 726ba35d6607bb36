"""The office's settings of the pace: dated, seen before they are stored, and stored dates follow."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Enrolment
from plans.actions import pace_setting as actions
from plans.actions.pace import refresh_dues
from plans.models import PaceSetting
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon
from teikyaku.desk.inconsistencies.derived import differing
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import LONG_AGO, meet, ready_person
from tests.plans.pace_cast import VALUES, at_two_months, settings_from

ERROR = 422


@pytest.fixture
def who(cast):
    return {"by": cast.members["head"], "at": at_noon(cast.today)}


@pytest.fixture
def loose(cast):
    """The office's own settings since long ago, and the person at two months."""
    row = settings_from(cast)
    at_two_months(cast)
    return row


@pytest.fixture
def head(client, cast):
    enter(client, cast.members["head"])
    return client


def due_of(cast):
    cast.enrolment.refresh_from_db()
    return cast.enrolment.interview_due_on


def agrees():
    return not list(differing())


def test_a_new_setting_leaves_what_was_and_binds_from_the_next_meeting(cast, who, loose):
    before = due_of(cast)
    assert before == (Month.of(cast.today) + 1).last_day
    actions.set_pace(
        office=cast.office, starts_on=cast.today, **who, **{**VALUES, "longest_months": 1}
    )
    assert due_of(cast) == before
    assert agrees()
    meet(cast.enrolment, cast.members["worker"], cast.today)
    assert (due_of(cast), cast.enrolment.pace_months) == (before, 1)
    assert agrees()


def test_stored_dates_follow_a_setting(cast, who, loose):
    """A meeting of today is judged by what holds from today on."""
    meet(cast.enrolment, cast.members["worker"], cast.today)
    assert due_of(cast) == (Month.of(cast.today) + 2).last_day
    first = {**VALUES, "monthly_first_months": 24}
    actions.set_pace(office=cast.office, starts_on=cast.today, **who, **first)
    assert due_of(cast) == (Month.of(cast.today) + 1).last_day
    assert agrees()


def test_stored_dates_follow_a_planned_setting_that_changes_or_goes(cast, who, loose):
    meet(cast.enrolment, cast.members["worker"], cast.today)
    first = {**VALUES, "monthly_first_months": 24}
    ahead = actions.set_pace(
        office=cast.office, starts_on=cast.today + timedelta(days=1), **who, **first
    )
    loose.refresh_from_db()
    assert loose.ends_on == cast.today
    actions.change_planned(row=ahead, starts_on=cast.today, **who, **first)
    loose.refresh_from_db()
    assert loose.ends_on == cast.today - timedelta(days=1)
    assert due_of(cast) == (Month.of(cast.today) + 1).last_day
    assert agrees()
    yesterday = {**who, "at": at_noon(cast.today - timedelta(days=1))}
    actions.drop_planned(row=ahead, **yesterday)
    loose.refresh_from_db()
    assert loose.ends_on is None
    assert due_of(cast) == (Month.of(cast.today) + 2).last_day
    assert agrees()


@pytest.fixture
def figure(client, cast):
    """The administrator's page of a figure of the pace."""
    at_two_months_by_figure = {"first_month": "2018-04", "last_month": "", "source": "試験"}

    def correct(key, value):
        enter(client, cast.members["admin"])
        url = reverse("figure_correct", args=[key])
        return client.post(url, {"value": value, **at_two_months_by_figure})

    return correct


def test_stored_dates_follow_a_figure_of_the_product(client, cast, figure):
    monthly = due_of(cast)
    assert figure("pace.monthly_first_months", "0").status_code == 302
    assert agrees()
    cast.enrolment.refresh_from_db()
    assert cast.enrolment.suggested_months == 2
    at_two_months(cast)
    assert due_of(cast) > monthly
    row = reverse("figures")
    assert client.get(row).status_code == 200
    correction = client.get(row).context["corrections"][0].row
    again = {
        "value": "24",
        "first_month": "2018-04",
        "last_month": "",
        "source": "試験",
        "reason": "直す",
    }
    assert (
        client.post(reverse("correction_edit", args=[correction.public_id]), again).status_code
        == 302
    )
    assert due_of(cast) == monthly
    assert agrees()
    undo = reverse("correction_withdraw", args=[correction.public_id])
    assert client.post(undo, {"reason": "撤回"}).status_code == 302
    assert agrees()


def test_many_people_cost_no_more_queries_than_one(cast, loose):
    def asked(people):
        with CaptureQueriesContext(connection) as queries:
            refresh_dues(people, on=cast.today)
        return len(queries)

    own = Enrolment.objects.filter(office=cast.office)
    own.update(interview_due_on=None)
    few = asked(own)
    for number in ("1234567895", "1234567896"):
        ready_person(
            cast, cast.office, cast.members["worker"], cast.members["manager"], number,
            name=f"多い {number[-1]}", kana="おおい ひと",
        )  # fmt: skip
    own.update(interview_due_on=None)
    assert asked(own) == few
    assert agrees()


@pytest.mark.parametrize("days", [-1, 0], ids=["before the last row", "on its day"])
def test_a_setting_begins_after_the_last_one(cast, who, days):
    settings_from(cast, cast.today + timedelta(days=5))
    with pytest.raises(ValidationError) as refusal:
        actions.set_pace(
            office=cast.office, starts_on=cast.today + timedelta(days=5 + days), **who, **VALUES
        )
    assert "starts_on" in refusal.value.message_dict
    assert PaceSetting.objects.count() == 1


def test_a_setting_that_has_begun_is_history(cast, who, loose):
    with pytest.raises(ValidationError, match="もう始まっています"):
        actions.drop_planned(row=loose, **who)


def test_a_longer_pace_than_the_office_allows_is_not_accepted(cast):
    settings_from(cast, ends_on=cast.interview.held_on)
    settings_from(cast, cast.interview.held_on + timedelta(days=1), longest_months=1)
    with pytest.raises(ValidationError, match="ゆるめる提案がありません"):
        at_two_months(cast)


# --- The page ------------------------------------------------------------------------------------


def typed(day, **values):
    return {"starts_on": day.isoformat(), **VALUES, **values}


def test_the_product_s_figures_are_shown_with_their_source(head):
    html = head.get(reverse("pace_settings")).content.decode()
    assert "この事業所の設定はありません" in html
    assert "新潟市「就労定着支援について」" in html


def test_who_moves_is_shown_first_and_nothing_is_stored(head, cast, loose):
    day = cast.today + timedelta(days=1)
    answer = head.get(reverse("pace_setting_new"), typed(day, longest_months=1))
    moved = answer.context["later"]
    assert [(row.name, row.ahead.met_on) for row in moved] == [("試験 太郎", due_of(cast))]
    assert (moved[0].ahead.next_before, moved[0].ahead.next_after) == (
        (Month.of(due_of(cast)) + 2).last_day, (Month.of(due_of(cast)) + 1).last_day,
    )  # fmt: skip
    assert "試験 太郎" in answer.content.decode()
    assert PaceSetting.objects.count() == 1
    assert head.post(reverse("pace_setting_new"), typed(day, longest_months=1)).status_code == 302
    row = PaceSetting.objects.latest("starts_on")
    assert (row.starts_on, row.longest_months) == (day, 1)
    assert AuditEvent.objects.filter(
        verb="pace_setting_recorded", subject_id=row.public_id
    ).exists()


def test_whose_present_date_moves_is_shown_apart(head, cast, loose):
    meet(cast.enrolment, cast.members["worker"], cast.today)
    answer = head.get(reverse("pace_setting_new"), typed(cast.today, monthly_first_months=24))
    assert [row.name for row in answer.context["now"]] == ["試験 太郎"]
    assert answer.context["later"] == ()


def test_for_whom_a_longer_pace_is_newly_proposed_is_counted(head, cast):
    """Three calm meetings, in the first six months: nothing is proposed until these are shortened."""
    answer = head.get(reverse("pace_setting_new"), typed(cast.today))
    (row,) = answer.context["proposed"]
    assert (row.name, row.ahead.proposed_months) == ("試験 太郎", 2)
    assert "ゆるめる提案が増える方　1人" in answer.content.decode()
    # The page proposes what comes true: the next calm meeting brings it up.
    assert head.post(reverse("pace_setting_new"), typed(cast.today)).status_code == 302
    meet(cast.enrolment, cast.members["worker"], cast.today)
    cast.enrolment.refresh_from_db()
    assert cast.enrolment.suggested_months == 2
    # What is proposed already is not proposed newly; and where no step is left, nobody is.
    again = head.get(reverse("pace_setting_new"), typed(cast.today + timedelta(days=1)))
    assert again.context["proposed"] == ()
    none = typed(cast.today + timedelta(days=1), longest_months=1)
    assert (
        "提案は、だれも増えません" in head.get(reverse("pace_setting_new"), none).content.decode()
    )


@pytest.mark.parametrize("way", ["get", "post"])
@pytest.mark.parametrize(
    ("back", "field", "value"),
    [(1, "starts_on", None), (0, "longest_months", 4), (0, "settled_meetings", 0)],
)
def test_what_does_not_fit_comes_back_at_its_field(head, cast, way, back, field, value):
    data = typed(cast.today - timedelta(days=back), **({field: value} if value is not None else {}))
    answer = getattr(head, way)(reverse("pace_setting_new"), data)
    assert answer.status_code == ERROR
    assert field in answer.context["form"].errors
    assert data["starts_on"] in answer.content.decode()
    assert not PaceSetting.objects.exists()


def test_a_planned_one_is_changed_and_dropped(head, cast, loose):
    day = cast.today + timedelta(days=10)
    head.post(reverse("pace_setting_new"), typed(day, longest_months=2))
    row = PaceSetting.objects.latest("starts_on")
    url = reverse("pace_setting_edit", args=[row.public_id])
    assert head.get(url).status_code == 200
    later = day + timedelta(days=5)
    assert head.get(url, typed(later)).context["people"] >= 1
    assert head.post(url, typed(later)).status_code == 302
    row.refresh_from_db()
    loose.refresh_from_db()
    assert (row.starts_on, loose.ends_on) == (later, later - timedelta(days=1))
    page = head.get(reverse("pace_settings")).content.decode()
    assert "これから" in page
    drop = reverse("pace_setting_drop", args=[row.public_id])
    assert head.get(drop).status_code == 200
    assert PaceSetting.objects.count() == 2
    assert head.post(drop).status_code == 302
    loose.refresh_from_db()
    assert (PaceSetting.objects.count(), loose.ends_on) == (1, None)


def test_nobody_touches_another_office_s_setting_or_one_that_has_begun(head, cast, loose):
    for name in ("pace_setting_edit", "pace_setting_drop"):
        assert head.get(reverse(name, args=[loose.public_id])).status_code == 403
    other = PaceSetting.objects.create(
        office=cast.other_office, starts_on=cast.today + timedelta(days=9),
        recorded_by=cast.members["outsider"], recorded_at=at_noon(LONG_AGO), **VALUES,
    )  # fmt: skip
    for name in ("pace_setting_edit", "pace_setting_drop"):
        assert head.post(reverse(name, args=[other.public_id])).status_code == 404


def test_staff_read_what_holds_and_change_nothing(client, cast, loose):
    enter(client, cast.members["worker"])
    html = client.get(reverse("pace_settings")).content.decode()
    assert "変えるのは、管理者です" in html
    assert reverse("pace_setting_new") not in html
    person = reverse("client_page", args=[cast.enrolment.client.public_id])
    assert reverse("pace_settings") in client.get(person).content.decode()
