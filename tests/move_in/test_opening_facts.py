"""移行時の事実 of a sheet: 地域連携会議 of before, 上限管理 ○/×, the reduction that runs, the next review."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from plans.models import CapPeriod, OpeningFacts, SupportPlan
from plans.move_in_columns import BY_FIELD
from teikyaku.periods import Month
from tests.sheets import person


def sheet(*people):
    """Lines under the headings of the own template."""
    fields = [field for field in people[0] if field in BY_FIELD]
    body = io.StringIO()
    rows = csv.writer(body)
    rows.writerow([BY_FIELD[field].names[0] for field in fields])
    rows.writerows([[each[field] for field in fields] for each in people])
    return body.getvalue().encode("cp932")


def run(mover, *people):
    """Handed in and looked at; the rows."""
    answer = mover.hand_in(sheet(*people), "a.csv")
    assert answer.status_code == 200, answer.content.decode()
    mover.tell_columns()
    mover.post("move_in_look")
    return list(mover.move_in.people.order_by("line"))


@pytest.mark.django_db
def test_what_an_office_brings_of_each_person(mover):
    month = Month.of(mover.on)
    managed = {"is_managed": "○", "managing_name": "架空ホーム", "managing_number": "1500000007"}
    rows = run(
        mover,
        person(mover.on, 1, network_months=f"{month - 2}Ⅱ、{month - 3}", **managed),
        person(mover.on, 2, network_months="2", is_managed="×", managing_name="", managing_number=""),
    )  # fmt: skip
    assert not any(row.faults for row in rows), [row.faults for row in rows]
    page = mover.client.get(reverse("move_in_page", args=[mover.move_in.public_id]))
    assert "前に算定した地域連携会議" in page.content.decode()
    mover.post("move_in_import")
    first, second = OpeningFacts.objects.order_by("pk")
    assert first.network_months == f"{month - 3}、{month - 2}Ⅱ"
    assert (second.network_months, second.network_count) == ("", 2)
    caps = CapPeriod.objects.filter(client__in=[row.client_id for row in mover.people()])
    told = list(caps.order_by("pk").values_list("is_managed", "managing_office_name"))
    assert told == [(True, "架空ホーム"), (False, "")]
    # The reduction that runs and the next review are columns of their own.
    assert SupportPlan.objects.filter(enrolment__in=mover.people()).count() == 2
    url = reverse("opening_edit", args=[mover.people()[0].public_id])
    page = mover.client.get(url).content.decode()
    assert "架空ホーム" in page
    assert str(month - 3) in page


@pytest.mark.django_db
def test_slips_stand_at_their_cells(mover):
    month = Month.of(mover.on)
    rows = run(
        mover,
        person(mover.on, 1, network_months="たくさん", is_managed="○", managing_name="", managing_number=""),
        person(mover.on, 2, network_months=str(month), is_managed="×", managing_name="架空ホーム", managing_number=""),
    )  # fmt: skip
    columns = [{fault[1] for fault in row.faults} for row in rows]
    assert {"地域連携会議を算定した月", "上限額管理事業所"} <= columns[0]
    assert {"地域連携会議を算定した月", "上限額管理の有無"} <= columns[1]


@pytest.mark.django_db
def test_told_by_hand_with_the_other_facts(mover):
    run(mover, person(mover.on, 1))
    mover.post("move_in_import")
    (row,) = mover.people()
    url = reverse("opening_edit", args=[row.public_id])
    known = OpeningFacts.objects.get(enrolment=row)
    data = {
        "last_met_on": known.last_met_on.isoformat(), "pace_months": "1", "settled_meetings": "0",
        "reason": "あとで分かった", "network_months": "5回",
    }  # fmt: skip
    assert mover.client.post(url, data).status_code == 422
    assert mover.client.post(url, {**data, "network_months": "3回"}).status_code == 302
    known.refresh_from_db()
    assert known.network_count == 3


@pytest.mark.django_db
def test_the_month_of_the_first_addition_beside_a_contract_on_file_is_told(mover):
    """A contract that stands is not changed by a file: whoever moves in hears where to say the month."""
    # One that is billed here: before it the contract takes the month.
    month = Month.of(mover.on)
    sheet = (
        f"氏名,ふりがな,生年月日,初期加算を算定した月\n移行 二郎1,いこう ろあろう,S51.4.2,{month}\n"
    )
    mover.run(person(mover.on, 1))
    mover.hand_in(sheet.encode())
    mover.tell_columns()
    (row,) = mover.move_in.people.all()
    ((_cell, column, value, words),) = row.faults
    assert (column, value) == ("初期加算を算定した月", str(month))
    assert "契約の月を直す" in words
    contract = mover.people()[0].contracts.get()
    contract.initial_addition_month = month.first_day
    contract.save()
    mover.hand_in(sheet.encode())
    mover.tell_columns()
    assert not mover.move_in.people.get().faults
    mover.hand_in(sheet.replace("二郎1", "三郎").replace("S51", "S52").encode())
    mover.tell_columns()
    assert "契約日がない" in mover.move_in.people.get().faults[0][3]
