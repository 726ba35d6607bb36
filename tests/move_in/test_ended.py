"""People who ended, who are on leave, and what is over without an end: told, never silently in use."""

from datetime import timedelta

import pytest

from clients.enums import EndReason
from clients.models import Employment, Enrolment, Leave
from clients.queries.retention import users_of_year
from plans.models import Contract, Decision, MoveInRow
from teikyaku.periods import Month, fiscal_year
from tests.move_in.conftest import everybody
from tests.sheets import person

State = MoveInRow.State


def ended(mover, nth=1, **changes):
    """Somebody whose use ended at the end of the month before last, with the job."""
    day = (Month.of(mover.on) - 2).last_day
    met = (Month.of(mover.on) - 2).first_day
    found = {"ended_on": day, "left_on": day, "last_met_on": met, "plan_made_on": ""}
    return person(mover.on, nth, **(found | changes))


@pytest.mark.django_db
def test_who_ended_comes_in_with_the_end_and_counts_in_the_rate(mover):
    mover.run(ended(mover, end_reason="R8.7.31 退職のため"))
    (row,) = mover.people()
    day = (Month.of(mover.on) - 2).last_day
    assert (row.ends_on, row.end_reason) == (day, EndReason.LEFT_JOB)
    assert Contract.objects.get(enrolment=row).ends_on == day
    assert Employment.objects.get(client=row.client).ends_on == day
    assert not Enrolment.objects.in_use(mover.on).filter(pk=row.pk).exists()
    (user,) = [
        each for each in users_of_year(mover.office, fiscal_year(mover.on) + 1, mover.on)
        if each.client == row.client
    ]  # fmt: skip
    assert user.is_former
    assert not user.fact.answer


@pytest.mark.django_db
def test_the_reason_follows_from_the_job_or_the_three_years_and_is_asked_for_else(mover):
    month = Month.of(mover.on)
    old = {
        "employed_on": (month - 48).first_day, "service_from": (month - 60).first_day,
        "service_until": (month - 49).first_day, "signed_on": (month - 40).first_day,
        "use_from": (month - 40).first_day, "left_on": "", "number": "", "municipality": "",
        "granted_from": "", "granted_until": "", "issued_on": "", "cap_yen": "",
        "last_met_on": "", "pace_months": "",
    }  # fmt: skip
    over = (month - 6).first_day - timedelta(days=1)
    rows = mover.look(
        ended(mover, 1), ended(mover, 2, **old, ended_on=over), ended(mover, 3, left_on=""),
        ended(mover, 4, end_reason="いろいろ"), ended(mover, 5, signed_on="", use_from="", last_met_on="", pace_months=""),
    )  # fmt: skip
    assert [row.state for row in rows] == [State.NEW, State.NEW, *[State.REFUSED] * 3], [
        row.faults for row in rows
    ]
    assert "離職" in rows[0].words[1]
    assert "期間満了" in rows[1].words[1]
    told = [row.faults[0][1:] for row in rows[2:]]
    assert [each[0] for each in told] == ["利用終了の理由", "利用終了の理由", "契約日"]


@pytest.mark.django_db
def test_who_ended_comes_in_though_who_was_in_charge_is_gone(mover):
    (row,) = mover.look(ended(mover, staff="退職 した人"))
    assert row.state == State.NEW
    assert [fault[1] for fault in row.faults] == ["担当"]
    mover.post("move_in_import")
    assert mover.people()[0].end_reason == EndReason.LEFT_JOB


@pytest.mark.django_db
def test_who_ended_is_known_when_the_same_sheet_comes_again(mover):
    mover.run(ended(mover, 1), person(mover.on, 2))
    rows = mover.look(ended(mover, 1), person(mover.on, 2, ended_on=mover.on, end_reason="希望"))
    assert [row.state for row in rows] == [State.SAME, State.SAME]
    assert any("利用終了日が登録とちがいます" in word for word in rows[1].words)
    assert mover.people()[1].ends_on is None


@pytest.mark.django_db
def test_a_death_is_recorded_and_the_whole_is_undone(mover):
    before = everybody()
    mover.run(ended(mover, left_on="", end_reason="死亡"), ended(mover, 2))
    first = mover.people()[0]
    assert first.client.died_on == first.ends_on
    mover.post("move_in_undo")
    assert everybody() == before
    assert not Employment.history.exclude(client__in=before).exists()


@pytest.mark.django_db
def test_who_is_on_leave_comes_in_with_the_leave(mover):
    month = Month.of(mover.on)
    began, back = (month - 3).first_day, (month - 2).last_day
    ahead = mover.on + timedelta(days=20)
    mover.run(
        person(mover.on, 1, leave_from=began), person(mover.on, 2, leave_from=began, leave_until=back)
    )  # fmt: skip
    first, second = (Leave.objects.get(employment__client=row.client) for row in mover.people())
    assert (first.starts_on, first.ends_on) == (began, None)
    assert (second.starts_on, second.ends_on) == (began, back)
    row = mover.look(person(mover.on, 3, leave_from=began, leave_until=ahead))[0]
    assert (row.state, "まだ先の日" in row.warnings[0]) == (State.NEW, True)


@pytest.mark.django_db
def test_what_is_over_without_an_end_is_told_with_what_to_do(mover):
    month = Month.of(mover.on)
    old = (month - 13).first_day
    paper = {"granted_from": old, "granted_until": (month - 2).last_day, "issued_on": old}
    employed = (month - 44).first_day
    over = {
        "employed_on": employed, "service_from": (month - 60).first_day,
        "service_until": employed - timedelta(days=1), "signed_on": (month - 30).first_day,
        "use_from": (month - 30).first_day, "granted_from": old, "issued_on": old,
        "granted_until": (month - 3).last_day,
    }  # fmt: skip
    long = {"employed_on": (month - 25).first_day, "service_from": (month - 40).first_day,
            "service_until": (month - 25).first_day - timedelta(days=1)}  # fmt: skip
    rows = mover.look(
        person(mover.on, 1), person(mover.on, 2, **paper, **long), person(mover.on, 3, **over),
        ended(mover, 4, **paper, **long),
    )  # fmt: skip
    assert [row.state for row in rows] == [State.NEW] * 4, [row.faults for row in rows]
    assert [len(row.warnings) for row in rows] == [0, 1, 1, 0]
    assert "支給決定期間が" in rows[1].warnings[0]
    assert "利用できる期間が" in rows[2].warnings[0]
    page = mover.post("move_in_look")
    assert page.context["warned"] == 2
    url = page.request["PATH_INFO"]
    assert len(mover.client.get(url, {"state": "warned"}).context["rows"]) == 2
    mover.post("move_in_import")
    assert not mover.move_in.rows.exclude(warnings=[]).exists()
    assert Decision.objects.filter(client__in=[row.client for row in mover.people()]).count() == 4


@pytest.mark.django_db
def test_who_ended_comes_in_though_whoever_was_in_charge_has_left(mover):
    gone, later = ended(mover, 1, staff="退職 した人"), person(mover.on, 2, staff="退職 した人")
    later |= {"ended_on": mover.on + timedelta(days=20), "end_reason": "希望"}
    rows = mover.look(gone, later)
    assert [row.state for row in rows] == [State.NEW] * 2, [row.faults for row in rows]
    assert [[fault[1] for fault in row.faults] for row in rows] == [["担当"]] * 2
    mover.post("move_in_import")
    assert len(mover.people()) == 2
    assert mover.people()[0].ends_on == gone["ended_on"]


@pytest.mark.django_db
def test_papers_that_are_over_are_added_to_the_use_that_they_lay_in(mover):
    """受給者証 on a sheet of its own, of somebody whom another sheet brought as ended: no second use."""
    mover.run(ended(mover, number="", granted_from="", granted_until="", issued_on="", cap_yen=""))
    (use,) = mover.people()
    last = use.ends_on.isoformat()
    first = (Month.of(use.ends_on) - 5).first_day.isoformat()
    head = "氏名,ふりがな,生年月日,市町村,受給者証番号,支給決定開始日,支給決定終了日"
    line = f"移行 二郎1,いこう ろあろう,S51.4.2,中央区,5550000001,{first},{last}"
    mover.hand_in(f"{head}\n{line}\n".encode())
    mover.tell_columns()
    (row,) = mover.move_in.people.all()
    assert (row.state, row.enrolment) == (State.CHANGED, use), (row.words, row.faults)
    mover.post("move_in_import")
    assert mover.people() == [use]
    assert Decision.objects.get(client=use.client).ends_on == use.ends_on


@pytest.mark.django_db
@pytest.mark.parametrize("is_after", [False, True], ids=["began in the use", "began after it"])
def test_a_decision_that_runs_on_is_a_paper_of_the_use_in_which_it_began(mover, is_after):
    """The person has ended by the office's own list; a decision of after that is a question."""
    mover.run(ended(mover, number="", granted_from="", granted_until="", issued_on="", cap_yen=""))
    (use,) = mover.people()
    first = Month.of(use.ends_on) + (1 if is_after else -5)
    days = f"{first.first_day.isoformat()},{(first + 11).last_day.isoformat()}"
    head = "氏名,ふりがな,生年月日,市町村,受給者証番号,支給決定開始日,支給決定終了日"
    mover.hand_in(f"{head}\n移行 二郎1,いこう ろあろう,S51.4.2,中央区,5550000001,{days}\n".encode())
    mover.tell_columns()
    (row,) = mover.move_in.people.all()
    if is_after:
        assert row.state == State.DOUBTFUL
        return
    assert (row.state, row.enrolment) == (State.CHANGED, use), (row.words, row.faults)
    assert any("また利用しているなら" in text for text in row.warnings), row.warnings
    assert set(row.asks) >= {"signed_on", "use_from"}
    mover.post("move_in_import")
    assert mover.people() == [use], "no use that nobody told"
    assert Decision.objects.get(client=use.client).starts_on == first.first_day
