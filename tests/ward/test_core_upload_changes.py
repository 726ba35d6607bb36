"""Lines of a core system's file about a decision that was changed, or that a change is asked for."""

from datetime import timedelta

import pytest

from plans.models import CapPeriod, Certificate, Decision
from plans.queries.renewal import former_decision
from teikyaku.era import both
from teikyaku.periods import Month, day_after, day_before
from tests.accounts.test_coming_and_going import enter
from tests.ward.test_core_upload import confirm, faults, known, line, looked_at
from tests.ward.test_decision_change import asks_for_change, sent

__all__ = ["known"]

NO_CAP = {"cap_yen": "", "cap_first_month": "", "cap_last_month": "", "category": ""}


def renewed(known, **changes):
    """The next decision, granted already: it lies ahead of what is changed."""
    starts_on = day_after(known.decision.ends_on)
    again = known.heard(known=known.person, kind="renewal")
    data = known.grant_data(
        starts_on=starts_on.isoformat(), ends_on=(starts_on + timedelta(days=90)).isoformat(),
        cap_first_month=str(Month.of(starts_on)), cap_last_month="", is_known="on", **changes,
    )  # fmt: skip
    answer = known.post("decision_grant", again, data)
    assert answer.status_code == 302, answer.context["form"].errors
    return Decision.objects.get(application=again)


def test_a_change_before_a_renewal_takes_over_from_what_it_changes(known):
    Decision.objects.filter(pk=known.decision.pk).update(amount="月10日")
    Certificate.objects.filter(decision=known.decision).update(remarks="送迎なし")
    renewed(known, amount="月23日", remarks="更新後の注記")
    application = asks_for_change(known, known.person)
    # The page leads to the same decision.
    assert former_decision(application) == known.decision
    day = known.on + timedelta(days=14)
    days = {"starts_on": day.isoformat(), "ends_on": day_before(known.decision.ends_on).isoformat()}
    (row,) = looked_at(known, line(known, **days, **NO_CAP))
    assert row.state == "new", row.faults
    assert "支給量 月10日" in row.words[0]
    _answer, upload = confirm(known)
    assert upload.new_count == 1, upload.refusals
    new = Decision.objects.get(application=application)
    assert (new.amount, new.certificates.get().remarks) == ("月10日", "送迎なし")
    application.refresh_from_db()
    assert former_decision(application) == known.decision


@pytest.fixture
def halved(known):
    """The known decision was changed from a day in the month after next on."""
    known.day = (Month.of(known.on) + 2).first_day + timedelta(days=9)
    known.row = asks_for_change(known, known.person)
    CapPeriod.objects.filter(client=known.person).update(last_month=None)
    data = {"starts_on": known.day.isoformat(), "amount": "月10日", "is_known": "on"}
    answer = sent(known, known.row, **data)
    assert answer.status_code == 302, answer.context["form"].errors
    known.until = known.decision.ends_on
    known.decision.refresh_from_db()
    known.new = Decision.objects.get(application=known.row)
    CapPeriod.objects.filter(client=known.person).update(
        last_month=Month.of(known.decision.ends_on).first_day
    )
    return known


@pytest.mark.parametrize(
    ("first", "last", "column"),
    [(3, 5, "適用開始月"), (3, None, "適用開始月"), (2, 4, "適用終了月"), (2, None, "適用終了月")],
)
def test_months_of_the_change_belong_on_its_line(halved, first, last, column):
    CapPeriod.objects.filter(client=halved.person).update(
        last_month=(Month.of(halved.on) + 1).first_day
    )
    month = Month.of(halved.on)
    cap = {
        "cap_yen": "0", "category": "低所得", "cap_first_month": str(month + first),
        "cap_last_month": str(month + last) if last else "",
    }  # fmt: skip
    Certificate.objects.filter(decision__client=halved.person).update(
        issued_on=halved.on - timedelta(days=1)
    )
    old, new = (
        line(halved, starts_on=each.starts_on.isoformat(), ends_on=each.ends_on.isoformat(),
             issued_on=halved.on.isoformat(), **cap)
        for each in (halved.decision, halved.new)
    )  # fmt: skip
    (row,) = looked_at(halved, old)
    assert row.state == "refused"
    ((place, words),) = faults(row).items()
    assert (place, both(halved.day) in words) == (column, True)
    assert "その支給決定の行に" in words
    (row,) = looked_at(halved, new)
    assert row.state == "changed", row.faults
    _answer, upload = confirm(halved)
    assert upload.changed_count == 1, upload.refusals
    papers = Certificate.objects.filter(decision__client=halved.person, issued_on=halved.on)
    assert [paper.decision for paper in papers] == [halved.new]


def test_a_cap_that_ends_with_the_former_half_stays_on_its_line(halved):
    CapPeriod.objects.filter(client=halved.person).update(
        last_month=(Month.of(halved.on) + 1).first_day
    )
    month = str(Month.of(halved.on) + 2)
    cap = {"cap_yen": "0", "category": "低所得", "cap_first_month": month, "cap_last_month": month}
    (row,) = looked_at(halved, line(halved, issued_on="", **cap))
    assert row.state == "changed", row.faults


def test_a_paper_of_what_a_change_has_ended_is_refused_at_the_look(halved):
    """As it will be when it is stored: nobody confirms a line that cannot be."""
    Decision.objects.filter(pk=halved.decision.pk).update(
        starts_on=halved.on - timedelta(days=30), ends_on=halved.on - timedelta(days=1)
    )
    Certificate.objects.filter(decision=halved.decision).update(
        issued_on=halved.on - timedelta(days=30), applies_on=halved.on - timedelta(days=30)
    )
    halved.decision.refresh_from_db()
    (row,) = looked_at(halved, line(halved, **NO_CAP))
    assert row.state == "refused", row.words
    assert "この支給決定は変更されました" in faults(row)[""]


def test_the_old_end_is_told_as_changed_and_leads_to_no_revocation(halved):
    (row,) = looked_at(halved, line(halved, ends_on=halved.until.isoformat(), **NO_CAP))
    told = faults(row)["支給決定期間終了"]
    assert f"変更され、{both(halved.decision.ends_on)}までになっています" in told
    assert "途中で終えるとき" not in told


@pytest.mark.parametrize("is_first", [True, False])
def test_the_cut_line_points_to_the_line_of_the_change_wherever_it_stands(known, is_first):
    asks_for_change(known, known.person)
    day = known.on + timedelta(days=14)
    cut = line(known, ends_on=day_before(day).isoformat(), **NO_CAP)
    change = line(
        known, starts_on=day.isoformat(), ends_on=day_before(known.decision.ends_on).isoformat(),
        issued_on=known.on.isoformat(), **NO_CAP,
    )  # fmt: skip
    rows = looked_at(known, *((cut, change) if is_first else (change, cut)))
    told, new = rows if is_first else rows[::-1]
    assert (told.state, new.state) == ("refused", "new"), (told.faults, new.faults)
    assert f"新しい支給決定が{new.line}行目にあります" in faults(told)["受給者証番号"]
    confirm(known)
    (row, again) = looked_at(known, cut, change)
    assert (row.state, again.state) == ("same", "same"), (row.faults, again.faults)


def test_a_number_whose_file_has_passed_says_where_it_is(known):
    other = known.cast.members["other_officer"]
    Decision.objects.filter(client=known.person).update(passed_to=other.municipality)
    (row,) = looked_at(known, line(known))
    assert f"{other.municipality.full_name}に渡っています" in faults(row)["受給者証番号"]
    enter(known.client, other)
    (row,) = looked_at(known, line(known))
    told = faults(row)["受給者証番号"]
    assert f"{known.decision.municipality.full_name}の番号です" in told
    assert "申請の画面で番号を" not in told
    # Of whom neither ward has anything, nothing is said.
    (row,) = looked_at(known, line(known, number="9999999999"))
    assert "この区の記録にありません" in faults(row)["受給者証番号"]


def test_a_line_of_what_was_called_off_says_so(halved):
    data = {"revoked_on": halved.on.isoformat(), "reason": "転出", "is_known": "on"}
    assert halved.post("decision_revoke", halved.decision, data).status_code == 302
    halved.new.refresh_from_db()
    assert halved.new.is_cancelled
    gone = line(
        halved, starts_on=halved.new.starts_on.isoformat(),
        ends_on=halved.new.ends_on.isoformat(), **NO_CAP,
    )  # fmt: skip
    (row,) = looked_at(halved, gone)
    assert "始まる前に取り消されています" in faults(row)["支給決定期間開始"]
    assert "先に申請を受け付けて" not in str(faults(row))
