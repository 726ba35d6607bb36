"""保存期間が終わる記録: held with a reason or erased after a last look, at an office and at a ward."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clients.actions.keeping import hold_file, lift_hold
from clients.models import Client, Employment, Enrolment, Erasure, KeepingHold, RetentionEvidence
from clients.queries.evidence import retention_evidence, work_evidence
from clients.queries.keeping import due_count, due_files
from plans.queries.ward_keeping import ward_due_files
from teikyaku.clock import at_noon
from teikyaku.desk.actions.erase import erase_file
from teikyaku.desk.queries.keeping import stays_of_office
from tests.access.keeping import held, long_gone
from tests.accounts.test_coming_and_going import enter
from tests.lists.test_queries import cost

YEARS = 5


def names(files):
    return [file.client for file in files]


def test_only_whose_time_is_over_and_nobody_who_came_back(cast):
    person = long_gone(cast)
    enrolment = person.enrolments.get()
    due = date(2022, 4, 1)
    assert names(due_files(cast.office, due, YEARS)) == [person]
    assert due_files(cast.office, due - timedelta(days=1), YEARS) == []
    assert due_files(cast.other_office, due, YEARS) == []
    own = {"recorded_by": enrolment.recorded_by, "recorded_at": enrolment.recorded_at}
    back = Enrolment.objects.create(
        client=person, office=cast.office, starts_on=date(2020, 4, 1), **own
    )
    assert due_files(cast.office, due, YEARS) == []
    Enrolment.objects.filter(pk=back.pk).update(ends_on=date(2021, 6, 30), end_reason="wish")
    assert due_files(cast.office, date(2026, 6, 30), YEARS) == []
    assert names(due_files(cast.office, date(2026, 7, 1), YEARS)) == [person]


def test_a_ward_sees_its_own_and_nothing_that_is_open(cast):
    person = long_gone(cast)
    ward, other = cast.wards[2], cast.wards[0]
    assert names(ward_due_files(ward, date(2019, 5, 2), YEARS)) == [person]
    assert ward_due_files(ward, date(2019, 5, 1), YEARS) == []
    assert ward_due_files(other, cast.today, YEARS) == []
    assert cast.application.client not in names(ward_due_files(ward, cast.today, YEARS))


def test_the_page_says_whose_time_is_over_and_the_home_how_many(client, cast):
    person = long_gone(cast)
    enter(client, cast.members["head"])
    text = client.get(reverse("keeping")).content.decode()
    assert "消去しても残るもの" in text
    assert "いま残っている根拠" not in text
    assert "昔 の人" in text
    assert "2022年4月1日" in text
    assert "試験 太郎" not in text
    assert reverse("keeping") in client.get(reverse("home")).content.decode()
    assert reverse("keeping") in client.get(reverse("expiry")).content.decode()
    enter(client, cast.members["worker"])
    assert reverse("keeping") not in client.get(reverse("expiry")).content.decode()
    enter(client, cast.members["head"])
    held(cast)
    assert due_count(cast.office, cast.today) == 0
    assert "保存期間が終わった記録" not in client.get(reverse("home")).content.decode()
    text = client.get(reverse("keeping")).content.decode()
    assert "資料として必要" in text
    assert str(person.public_id) in text


def test_held_until_a_day_then_it_waits_again(client, cast):
    person = long_gone(cast)
    enter(client, cast.members["head"])
    url = reverse("keeping_hold", args=[person.public_id])
    past = (cast.today - timedelta(days=1)).isoformat()
    answer = client.post(url, {"reason": "訴訟の資料", "until": past})
    assert answer.status_code == 422
    assert "訴訟の資料" in answer.content.decode()
    assert client.post(url, {"reason": "", "until": ""}).status_code == 422
    answer = client.post(url, {"reason": "訴訟の資料", "until": cast.today.isoformat()})
    assert answer.status_code == 302
    (file,) = due_files(cast.office, cast.today, YEARS)
    assert file.is_held(cast.today)
    assert not file.is_held(cast.today + timedelta(days=1))


def test_a_held_file_is_not_erased_and_one_hold_stands(client, cast):
    person, head = held(cast), cast.members["head"]
    with pytest.raises(ValidationError, match="保留"):
        erase_file(client=person, office=cast.office, by=head, at=at_noon(cast.today))
    enter(client, head)
    answer = client.post(reverse("keeping_erase", args=[person.public_id]), {"is_sure": "on"})
    assert answer["Location"] == reverse("keeping_file", args=[person.public_id])
    again = hold_file(client=person, reason="別の理由", until=None, by=head, at=at_noon(cast.today))
    assert KeepingHold.objects.all().standing().get() == again
    client.post(reverse("keeping_lift", args=[person.public_id]), {})
    assert not KeepingHold.objects.all().standing().exists()
    assert lift_hold(hold=again, by=head, at=at_noon(cast.today)).lifted_by == head


def test_what_stays_on_the_disk_is_said_before_erasing(client, cast):
    person = long_gone(cast)
    enter(client, cast.members["head"])
    page = client.get(reverse("keeping_erase", args=[person.public_id])).content.decode()
    assert "VACUUM" in page


def test_somebody_whose_time_is_not_over_is_not_found(client, cast):
    enter(client, cast.members["head"])
    for name in ("keeping_file", "keeping_hold", "keeping_lift", "keeping_erase"):
        url = reverse(name, args=[cast.enrolment.client.public_id])
        assert client.get(url).status_code == 404
        assert client.post(url, {"is_sure": "on"}).status_code == 404
    with pytest.raises(ValidationError, match="まだ終わっていません"):
        erase_file(
            client=cast.enrolment.client, office=cast.office, by=cast.members["head"],
            at=at_noon(cast.today),
        )  # fmt: skip


def test_erased_after_a_last_look_and_twice_is_once(client, cast):
    person = long_gone(cast)
    enter(client, cast.members["head"])
    url = reverse("keeping_erase", args=[person.public_id])
    text = client.get(url).content.decode()
    assert "消える記録" in text
    assert "残るもの" in text
    assert client.post(url, {}).status_code == 422
    first = client.post(url, {"is_sure": "on"}, follow=True)
    again = client.post(url, {"is_sure": "on"}, follow=True)
    for answer in (first, again):
        assert "保存期間の終わった記録を消去しました" in answer.content.decode()
    assert Erasure.objects.get().counts["利用"] == 1
    # The ward keeps its own: the person is still there, unseen by the office.
    assert Client.objects.filter(pk=person.pk).exists()
    assert client.get(reverse("client_page", args=[person.public_id])).status_code == 404
    assert person.names.get().name not in client.get(reverse("keeping")).content.decode()
    enter(client, cast.members["officer"])
    url = reverse("admin:ward_keeping_erase", args=[person.public_id])
    assert "共通の情報も消えます" in client.get(url).content.decode()
    assert client.post(url, {"is_sure": "on"}).status_code == 302
    assert not Client.objects.filter(pk=person.pk).exists()
    assert Erasure.objects.filter(municipality=cast.wards[2], was_last=True).exists()


def test_an_open_invoice_comes_first(client, cast):
    enrolment = cast.person_month.enrolment
    person = enrolment.client
    Enrolment.objects.filter(client=person).update(
        starts_on=date(2014, 4, 1), use_starts_on=date(2014, 4, 1), ends_on=date(2017, 3, 31),
        end_reason="expired",
    )  # fmt: skip
    enter(client, cast.members["head"])
    text = client.get(reverse("keeping_file", args=[person.public_id])).content.decode()
    assert "請求書が未入金です" in text
    with pytest.raises(ValidationError, match="未入金"):
        erase_file(
            client=person, office=cast.office, by=cast.members["head"], at=at_noon(cast.today)
        )
    assert person.enrolments.exists()


def test_what_the_rate_still_needs_stays_without_the_person(cast):
    person = long_gone(cast)
    enrolment = person.enrolments.get()
    own = {"recorded_by": enrolment.recorded_by, "recorded_at": enrolment.recorded_at}
    on = date(2022, 4, 1)
    Employment.objects.create(
        client=person, employer=cast.enrolment.client.employments.first().employer,
        starts_on=date(2016, 10, 1), ends_on=date(2020, 9, 30), **own,
    )  # fmt: skip
    erase_file(client=person, office=cast.office, by=cast.members["head"], at=at_noon(on))
    row = RetentionEvidence.objects.get()
    assert row.needed_until == date(2023, 3, 31)
    # Of the years after the use nobody had asked: they are not known to the office.
    assert (row.employed_years, row.open_years) == ([2017], [2015, 2016, 2018, 2019])
    assert row.stays == [[year, "2016-10-01", 6] for year in range(2017, 2023)]
    (fact,) = retention_evidence(cast.office, 2018, on)
    assert fact.used[0].starts_on == date(2014, 5, 1)
    assert len(work_evidence(cast.office, 2018, on)) == 1
    (now,) = [r for r in stays_of_office(cast.office, on) if r.code == "keeping.evidence_now"]
    assert "1人分" in now.text
    assert "2023年3月31日" in now.text
    for office, year, day in (
        (cast.other_office, 2018, on), (cast.office, 2021, on), (cast.office, 2018, date(2023, 4, 1)),
    ):  # fmt: skip
        assert retention_evidence(office, year, day) == []
    fields = {field.name for field in RetentionEvidence._meta.get_fields()}
    assert not fields & {"client", "person_id", "name", "public_id"}


def test_the_page_costs_the_same_for_one_and_for_three(client, cast):
    person = long_gone(cast)
    enter(client, cast.members["head"])
    one = cost(client, reverse("keeping"))
    enrolment = person.enrolments.get()
    for index in range(2):
        own = {"recorded_by": enrolment.recorded_by, "recorded_at": enrolment.recorded_at}
        other = Client.objects.create(birth_date=date(1951, 1, 1 + index), **own)
        Enrolment.objects.create(
            client=other, office=cast.office, starts_on=date(2014, 4, 1),
            ends_on=date(2016, 3, 31), end_reason="expired", **own,
        )  # fmt: skip
    assert len(due_files(cast.office, cast.today, YEARS)) == 3
    assert cost(client, reverse("keeping")) == one
