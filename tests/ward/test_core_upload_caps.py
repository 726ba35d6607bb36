"""Caps of a core system's file: held against the months that the page asks for, and told like there."""

from datetime import timedelta

import pytest

from clients.models import RecipientNumber
from plans.models import CapPeriod, Decision
from teikyaku.periods import Month
from tests.ward.test_core_upload import confirm, faults, known, later_cap, looked_at

__all__ = ["known"]


def words_of(row):
    assert row.state == "changed", row.faults
    return " ".join(row.words)


def test_a_cap_runs_through_a_renewal_as_on_the_page(known):
    first = known.decision
    again = known.heard(known=known.person, kind="renewal")
    starts_on = first.ends_on + timedelta(days=1)
    data = known.grant_data(
        starts_on=starts_on.isoformat(), ends_on=(starts_on + timedelta(days=90)).isoformat(),
        cap_first_month=str(Month.of(starts_on)), is_known="on",
    )  # fmt: skip
    assert known.post("decision_grant", again, data).status_code == 302
    CapPeriod.objects.filter(client=known.person).exclude(
        first_month=Month.of(first.starts_on).first_day
    ).delete()
    month = Month.of(first.ends_on)
    through = {"cap_first_month": str(month), "cap_last_month": str(month + 2)}
    (row,) = looked_at(known, later_cap(known, **through))
    assert row.state == "changed", row.faults
    _answer, upload = confirm(known)
    assert upload.changed_count == 1, upload.refusals
    assert Decision.objects.filter(client=known.person).count() == 2


def test_bare_months_are_told(known):
    first = Month.of(known.on) + 3
    cap = {"cap_first_month": str(first), "cap_last_month": str(first)}
    (row,) = looked_at(known, later_cap(known, issued_on="", **cap))
    assert f"{(first - 1).label}" in words_of(row)
    assert "上限額がありません" in words_of(row)


def test_closed_months_are_told(counter):
    """Somebody of this ward with whom an office has closed last month."""
    closed, ward = counter.cast.person_month, counter.cast.wards[2]
    counter.person, month = closed.client, Month.of(closed.month)
    own = {"client": counter.person}
    Decision.objects.filter(**own).update(municipality=ward, is_transcribed=False)
    CapPeriod.objects.filter(**own).update(municipality=ward)
    RecipientNumber.objects.filter(**own).update(municipality=ward)
    counter.decision = Decision.objects.get(**own)
    row = {
        "number": RecipientNumber.objects.get(**own).number, "kana": "しけん たろう",
        "birth_date": "1990-01-02", "starts_on": counter.decision.starts_on.isoformat(),
        "ends_on": counter.decision.ends_on.isoformat(), "cap_yen": "0", "category": "低所得",
        "cap_first_month": str(month), "cap_last_month": "",
    }  # fmt: skip
    (found,) = looked_at(counter, row)
    assert f"もう締めた月があります：{month.label}（{counter.cast.office.name}" in words_of(found)
    (after,) = looked_at(counter, {**row, "cap_first_month": str(month + 1)})
    assert "締めた" not in words_of(after)


def test_a_cap_of_nothing_stays_unmanaged(known):
    CapPeriod.objects.filter(client=known.person).update(
        is_managed=True, managing_office_name="架空ホーム"
    )
    looked_at(known, later_cap(known, issued_on=""))
    confirm(known)
    assert not CapPeriod.objects.filter(client=known.person).latest("first_month").is_managed


@pytest.mark.parametrize("shift", [0, -1])
def test_a_file_replaces_nothing_and_says_where_to_go(known, shift):
    first = Month.of(known.on) + 2
    looked_at(known, later_cap(known, issued_on=""))
    confirm(known)
    cap = {"cap_first_month": str(first + shift), "cap_yen": "37200", "category": "一般2"}
    (row,) = looked_at(known, later_cap(known, issued_on="", **cap))
    assert row.state == "refused"
    assert "負担上限月額を決める" in " ".join(faults(row).values())
