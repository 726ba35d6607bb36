"""他の支援: a job coach in three phases, months of subsidy that bar, the unusual asked about."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from billing.queries.mending import mending_url
from billing.queries.month import month_board
from clients.actions import other_support as actions
from clients.migrations._support_phases import join_phases
from clients.models import Organisation, OtherSupport
from clients.rules.kinds import SupportPhase
from plans.rules.month import MonthState
from teikyaku.clock import at_noon
from teikyaku.era import both
from teikyaku.periods import Month, last_day_of_months
from tests.accounts.test_coming_and_going import enter


@pytest.fixture
def who(cast):
    return {"by": cast.members["worker"], "at": at_noon(cast.today)}


@pytest.fixture
def place(cast):
    return Organisation.objects.get_or_create(kind="job_coach", name="架空職業センター")[0]


@pytest.fixture
def start(cast):
    return (Month.of(cast.today) - 3).first_day


@pytest.fixture
def row(cast, who, place, start):
    return actions.record_support(
        client=cast.enrolment.client, kind="job_coach", organisation=place, starts_on=start, **who
    )


def page(client, cast, name="client_page", *args):
    return client.get(reverse(name, args=[cast.enrolment.client.public_id, *args])).content.decode()


def send(client, cast, name, *args, **data):
    return client.post(reverse(name, args=[cast.enrolment.client.public_id, *args]), data)


# --- Phases ---------------------------------------------------------------------------------------


def test_the_phases_go_on_by_their_days(client, cast, place, start):
    enter(client, cast.members["worker"])
    typed = {"organisation": place.pk, "starts_on": start.isoformat()}
    assert send(client, cast, "other_support_new", "job_coach", **typed).status_code == 302
    row = OtherSupport.objects.get()
    second, third = start + timedelta(days=20), start + timedelta(days=50)
    for step, day in (("transition", second), ("follow_up", third)):
        answer = send(
            client, cast, "other_support_step", row.public_id, step=step, on=day.isoformat()
        )
        assert answer.status_code == 302
    row.refresh_from_db()
    assert [span.period.starts_on for span in row.phases] == [start, second, third]
    shown = page(client, cast)
    assert "phases__band--transition" in shown
    assert f"ジョブコーチ：{SupportPhase.FOLLOW_UP.label}" in shown
    assert both(third) in shown


def test_a_phase_does_not_go_back(cast, who, row, start):
    actions.begin_phase(support=row, phase=SupportPhase.FOLLOW_UP, on=start, **who)
    with pytest.raises(ValidationError) as caught:
        actions.begin_phase(support=row, phase=SupportPhase.TRANSITION, on=start, **who)
    assert "step" in caught.value.message_dict


def test_the_order_is_said_at_the_field_that_was_typed(client, cast, row, start):
    enter(client, cast.members["worker"])
    early = (start - timedelta(days=1)).isoformat()
    answer = send(client, cast, "other_support_step", row.public_id, step="transition", on=early)
    assert answer.status_code == 422
    assert "on" in answer.context["form"].errors
    answer = send(
        client, cast, "other_support_correct", row.public_id, organisation=row.organisation_id,
        starts_on=start.isoformat(), transition_on=(start + timedelta(days=40)).isoformat(),
        follow_up_on=(start + timedelta(days=9)).isoformat(), reason="書き間違い",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "follow_up_on" in answer.context["form"].errors


@pytest.mark.parametrize(
    "changed",
    [
        {"transition_on": -1}, {"follow_up_on": -1}, {"ends_on": -1},
        {"transition_on": 9, "follow_up_on": 8}, {"transition_on": 9, "ends_on": 8},
        {"follow_up_on": 9, "ends_on": 8},
    ],
)  # fmt: skip
def test_the_database_keeps_the_order(row, start, changed):
    days = {name: start + timedelta(days=n) for name, n in changed.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        OtherSupport.objects.filter(pk=row.pk).update(**days)


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "centre", "transition_on": date(2030, 1, 1)},
        {"kind": "centre", "subsidised_months": ["2026-04"]},
        {"withdrawn_at": at_noon(date(2026, 4, 1))},
        {"withdrawn_reason": "理由だけ"},
    ],
)
def test_the_database_keeps_what_belongs_together(row, changed):
    with pytest.raises(IntegrityError), transaction.atomic():
        OtherSupport.objects.filter(pk=row.pk).update(**changed)


# --- The unusual ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("months", "asks"), [(8, False), (9, True)])
def test_longer_than_eight_months_is_asked_about_and_then_stored(
    client, cast, place, start, months, asks
):
    enter(client, cast.members["worker"])
    begun = (Month.of(start) - 12).first_day
    typed = {
        "organisation": place.pk, "starts_on": begun.isoformat(),
        "ends_on": last_day_of_months(begun, months).isoformat(), "end_note": "慣れた",
    }  # fmt: skip
    answer = send(client, cast, "other_support_new", "job_coach", **typed)
    assert (answer.status_code == 422) is asks
    if asks:
        form = answer.context["form"]
        assert "8か月" in str(form["is_known"].help_text)
        assert form["end_note"].value() == "慣れた"
        # A tick without what was shown is none.
        assert (
            send(client, cast, "other_support_new", "job_coach", **typed, is_known="on").status_code
            == 422
        )
        sent = {**typed, "is_known": "on", "known_of": form["known_of"].value()}
        assert send(client, cast, "other_support_new", "job_coach", **sent).status_code == 302
    assert OtherSupport.objects.count() == 1


def test_longer_than_usual_is_pointed_out_on_the_page(client, cast, who, row, start):
    enter(client, cast.members["worker"])
    assert "標準の" not in page(client, cast)
    short = start + timedelta(days=40)
    actions.end_support(support=row, on=short, note="", **who)
    assert "標準の2か月より短い支援です。" in page(client, cast)


# --- Months of subsidy ----------------------------------------------------------------------------


def test_a_subsidised_month_bars_the_claim_and_leads_to_its_record(client, cast, who, row):
    last = Month.of(cast.today) - 1
    before = month_board(cast.office, last, cast.today)
    assert [entry.state for entry in before.entries] == [MonthState.READY]
    actions.set_subsidised_months(support=row, months=[last], **who)
    (entry,) = month_board(cast.office, last, cast.today).entries
    assert entry.state is MonthState.NOT_BILLABLE
    (reason,) = [each for each in entry.reasons if each.code == "barred"]
    assert "助成" in reason.text
    assert reason.certainty == "M"
    url = mending_url(reason, entry.support, cast.members["head"])
    assert url.endswith("#supports")
    enter(client, cast.members["head"])
    assert 'id="supports"' in page(client, cast)
    # The months around it are as they were.
    assert [e.state for e in month_board(cast.office, last - 2, cast.today).entries][:1] != [
        MonthState.NOT_BILLABLE
    ]


def test_what_it_bars_is_said_first_and_closed_months_are_named(client, cast, row):
    enter(client, cast.members["head"])
    closed, free = Month.of(cast.today) - 2, Month.of(cast.today) - 1
    args = ("other_support_months", row.public_id)
    answer = send(client, cast, *args, months=[str(closed), str(free)])
    assert answer.status_code == 422
    words = str(answer.context["form"]["is_known"].help_text)
    barred, frozen = words.split("もう締めた月")
    assert closed.label in barred
    assert free.label in barred
    assert closed.label in frozen
    assert free.label not in frozen
    assert "過誤" in frozen
    mark = answer.context["form"]["known_of"].value()
    sent = {"months": [str(closed), str(free)], "is_known": "on", "known_of": mark}
    assert send(client, cast, *args, **sent).status_code == 302
    row.refresh_from_db()
    assert row.subsidised_months == [str(closed), str(free)]
    # Other months than were shown: the tick is asked anew.
    answer = send(client, cast, *args, **{**sent, "months": [str(closed)]})
    assert answer.status_code == 422
    assert "請求できるようになる月" in str(answer.context["form"]["is_known"].help_text)


def test_who_may_not_read_months_learns_no_yen(client, cast, row):
    enter(client, cast.members["worker"])
    closed = Month.of(cast.today) - 2
    answer = send(client, cast, "other_support_months", row.public_id, months=[str(closed)])
    words = str(answer.context["form"]["is_known"].help_text)
    assert closed.label in words
    assert "円" not in words


def test_months_lie_inside_the_support(cast, who, row, start):
    with pytest.raises(ValidationError):
        actions.set_subsidised_months(support=row, months=[Month.of(start) - 1], **who)
    actions.set_subsidised_months(support=row, months=[Month.of(start), Month.of(start) + 1], **who)
    ended = actions.end_support(support=row, on=Month.of(start).last_day, note="", **who)
    assert ended.subsidised_months == [str(Month.of(start))]


def test_taking_it_back_frees_the_months_and_stays_readable(client, cast, who, row):
    last = Month.of(cast.today) - 1
    actions.set_subsidised_months(support=row, months=[last], **who)
    enter(client, cast.members["worker"])
    args = ("other_support_withdraw", row.public_id)
    answer = send(client, cast, *args, reason="別の人の記録")
    assert answer.status_code == 422
    mark = answer.context["form"]["known_of"].value()
    sent = {"reason": "別の人の記録", "is_known": "on", "known_of": mark}
    assert send(client, cast, *args, **sent).status_code == 302
    (entry,) = month_board(cast.office, last, cast.today).entries
    assert entry.state is MonthState.READY
    assert "別の人の記録" in page(client, cast)
    assert send(client, cast, *args, **sent).status_code == 404


def test_granted_independent_living_bars_its_months(client, cast, who, place):
    enter(client, cast.members["worker"])
    office = Organisation.objects.create(kind="office", name="架空生活援助")
    last = Month.of(cast.today) - 1
    typed = {"organisation": office.pk, "starts_on": last.first_day.isoformat()}
    answer = send(client, cast, "other_support_new", "independent_living", **typed)
    assert answer.status_code == 422
    words = str(answer.context["form"]["is_known"].help_text)
    assert last.label in words
    assert "終わりの日が入るまで" in words
    mark = answer.context["form"]["known_of"].value()
    sent = {**typed, "is_known": "on", "known_of": mark}
    assert send(client, cast, "other_support_new", "independent_living", **sent).status_code == 302
    (entry,) = month_board(cast.office, last, cast.today).entries
    assert "自立生活援助" in "".join(reason.text for reason in entry.reasons)


def test_another_office_does_not_see_or_change_it(client, cast, row):
    enter(client, cast.members["outsider"])
    assert (
        send(client, cast, "other_support_withdraw", row.public_id, reason="x").status_code == 404
    )
    row.refresh_from_db()
    assert row.withdrawn_at is None


# --- From one row a phase to one row a support ----------------------------------------------------


class Legacy(SimpleNamespace):
    """A row of before, that notes what becomes of it."""

    def save(self):
        self.saved = True

    def delete(self):
        self.gone = True


def test_rows_of_phases_become_one_support(db):
    def legacy(phase, starts_on, ends_on, *, subsidised=False, place=1):
        return Legacy(
            client_id=1, organisation_id=place, phase=phase, starts_on=starts_on, ends_on=ends_on,
            is_subsidised=subsidised, transition_on=None, follow_up_on=None, subsidised_months=[],
            gone=False,
        )  # fmt: skip

    rows = [
        legacy("intensive", date(2026, 4, 10), date(2026, 5, 9), subsidised=True),
        legacy("transition", date(2026, 5, 10), date(2026, 6, 30)),
        legacy("follow_up", date(2026, 7, 1), None),
        legacy("transition", date(2026, 5, 1), date(2026, 5, 31), place=2),
        legacy("follow_up", date(2026, 7, 1), None, subsidised=True, place=2),
    ]
    manager = SimpleNamespace(filter=lambda **_w: SimpleNamespace(order_by=lambda *_n: rows))
    model = SimpleNamespace(objects=manager)
    apps = SimpleNamespace(get_model=lambda *_n: model)
    join_phases(apps, SimpleNamespace(connection=connection, execute=lambda _sql: None))
    first = rows[0]
    assert [row.gone for row in rows] == [False, True, True, False, False]
    assert (first.transition_on, first.follow_up_on) == (date(2026, 5, 10), date(2026, 7, 1))
    assert first.ends_on is None
    assert first.subsidised_months == ["2026-04", "2026-05"]
    # Not one after the other: two supports, each with the phase that was written.
    assert rows[3].transition_on == date(2026, 5, 1)
    assert rows[4].follow_up_on == date(2026, 7, 1)
    assert rows[4].subsidised_months[0] == "2026-07"
    assert rows[4].subsidised_months[-1] == "2027-03"


def test_taking_back_asks_for_the_reason_at_its_field_and_happens_once(row, who):
    with pytest.raises(ValidationError) as error:
        actions.withdraw_support(support=row, reason=" ", **who)
    assert set(error.value.message_dict) == {"reason"}
    taken = actions.withdraw_support(support=row, reason="取り違え", **who)
    assert (taken.withdrawn_by, taken.withdrawn_reason) == (who["by"], "取り違え")
    with pytest.raises(ValidationError, match="別の人が取り消しました"):
        actions.withdraw_support(support=row, reason="もう一度", **who)
