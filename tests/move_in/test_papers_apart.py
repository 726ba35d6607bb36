"""An office whose certificates stand on a sheet of their own: who begins here waits for them, and is told so."""

from datetime import timedelta

import pytest

from plans.models import Contract, MoveInRow
from teikyaku.periods import Month, last_day_of_months
from tests.sheets import person

State = MoveInRow.State
WITHOUT_PAPERS = dict.fromkeys(
    ("number", "granted_from", "granted_until", "issued_on", "cap_yen", "last_met_on", "pace_months",
     "plan_made_on"),
    "",
)  # fmt: skip


def beginner(mover, **changes):
    """Somebody whose use began in the first month here, on a sheet without certificates."""
    day = Month.of(mover.on).first_day
    return person(mover.on, 1, **WITHOUT_PAPERS | {"signed_on": day, "use_from": day} | changes)


def papers(mover):
    """The sheet of certificates, as a file."""
    first = Month.of(mover.on).first_day
    head = "氏名,ふりがな,生年月日,市町村,受給者証番号,支給決定開始日,支給決定終了日"
    days = f"{first.isoformat()},{last_day_of_months(first, 12).isoformat()}"
    return f"{head}\n移行 二郎1,いこう ろあろう,S51.4.2,中央区,5550000001,{days}\n".encode()


@pytest.mark.django_db
def test_who_begins_here_comes_in_and_the_contract_follows_the_certificate(mover):
    (row,) = mover.look(beginner(mover))
    told = {fault[1]: fault[3] for fault in row.faults}
    assert (row.state, set(told)) == (State.NEW, {"支給決定市町村", "利用開始日"}), row.faults
    assert "受給者証の表を取り込んだあと" in told["利用開始日"]
    assert "受給者証の表にも" in told["支給決定市町村"]
    mover.post("move_in_import")
    (use,) = mover.people()
    assert use.use_starts_on is None

    mover.hand_in(papers(mover))
    mover.tell_columns()
    mover.post("move_in_import")
    assert use.client.decisions.count() == 1
    assert mover.people() == [use]

    mover.run(beginner(mover))
    assert Contract.objects.get(enrolment=use).starts_on == Month.of(mover.on).first_day
    use.refresh_from_db()
    assert use.use_starts_on == Month.of(mover.on).first_day


@pytest.mark.django_db
def test_who_has_ended_since_is_asked_for_the_decision_itself(mover):
    over = {"ended_on": mover.on - timedelta(days=1), "left_on": mover.on - timedelta(days=1)}
    (row,) = mover.look(beginner(mover, **over, end_reason="退職のため"))
    assert row.state == State.REFUSED
    assert [fault[1] for fault in row.faults] == ["支給決定期間の開始日"], row.faults
