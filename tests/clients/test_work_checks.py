"""3月31日の就労の確認: whom an office asks, what it may see of them, one answer, corrections."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clients.actions.work_check import correct_check, record_check
from clients.models import Client, Employment, WorkCheck
from clients.queries.retention import users_of_year
from clients.queries.work_check import CallState, call_list, call_row
from clients.rules.retention import Counted, retention
from clients.rules.work_check import is_employed, is_surprising
from teikyaku.clock import at_noon
from teikyaku.periods import fiscal_year
from tests.access.retention import former_user
from tests.accounts.test_coming_and_going import enter
from tests.cast import take_in
from tests.lists.test_queries import cost


@pytest.fixture
def year(cast):
    return fiscal_year(cast.today)


@pytest.fixture
def day(year):
    return date(year, 3, 31)


def record(cast, enrolment, day, outcome="same_job", source="person", **facts):
    asked_on = facts.pop("asked_on", day + timedelta(days=5))
    member = cast.members["worker"]
    if enrolment.office_id == cast.other_office.pk:
        member = cast.members["outsider"]
    return record_check(
        client=enrolment.client, office=enrolment.office, counted_on=day, outcome=outcome,
        source=source, asked_on=asked_on, by=member, at=at_noon(cast.today), **facts,
    )  # fmt: skip


def row_of(cast, enrolment, year, office=None):
    found = call_list(office or cast.office, year, cast.today)
    return next((row for row in found if row.user.client == enrolment.client), None)


def how(cast, enrolment, year):
    users = users_of_year(enrolment.office, year, cast.today, enrolment.client)
    return retention([user.fact for user in users], year).people[0].how


def test_a_former_user_is_asked_and_counts_by_the_answer(cast, year, day):
    former = former_user(cast)
    assert how(cast, former, year) is Counted.UNANSWERED
    assert row_of(cast, former, year).state == CallState.TO_ASK
    record(cast, former, day, "not_reached")
    assert row_of(cast, former, year).state == CallState.NOT_REACHED
    assert how(cast, former, year) is Counted.UNANSWERED
    row = record(cast, former, day, "other_job", "family")
    found = row_of(cast, former, year)
    assert (found.state, found.user.answer, len(found.attempts)) == (CallState.ANSWERED, row, 1)
    assert how(cast, former, year) is Counted.EMPLOYED


def test_who_still_uses_the_office_is_respondent_the_file_where_it_can(cast, year, day):
    runs = former_user(cast, ends_on=None, end_reason="")
    assert row_of(cast, runs, year) is None
    assert how(cast, runs, year) is Counted.EMPLOYED
    Employment.objects.filter(client=runs.client).update(ends_on=day - timedelta(days=9))
    found = row_of(cast, runs, year)
    assert found is not None
    assert found.user.is_former is False
    assert how(cast, runs, year) is Counted.UNANSWERED


@pytest.mark.parametrize("back", [0, 1], ids=["last-day-on-march-31", "the-day-before"])
def test_a_use_that_ends_on_the_day_is_no_former_one(cast, year, day, back):
    row = former_user(cast, ends_on=day - timedelta(days=back))
    assert (row_of(cast, row, year) is not None) == (back == 1)


def test_nobody_who_has_died_is_on_the_list(cast, year, day):
    former = former_user(cast)
    for died_on in (day - timedelta(days=90), day + timedelta(days=3)):
        Client.objects.filter(pk=former.client_id).update(died_on=died_on)
        assert row_of(cast, former, year) is None
    # Papers may still tell; no number stands beside the question.
    former.client.refresh_from_db()
    record(cast, former, day, "not_employed", "paper")
    Client.objects.filter(pk=former.client_id).update(phone="090-1111-2222")
    assert call_row(cast.office, year, cast.today, former.client).phone == ""


def test_who_asked_not_to_be_called_shows_no_number_in_later_years_too(cast, year, day):
    former = former_user(cast)
    Client.objects.filter(pk=former.client_id).update(phone="090-1111-2222")
    assert row_of(cast, former, year).phone == "090-1111-2222"
    before = day.replace(year=year - 1)
    row = record(cast, former, before, "declined")
    found = row_of(cast, former, year)
    assert (found.phone, found.workplace_phone, found.state) == ("", "", CallState.DECLINED)
    changes = {"outcome": "not_reached"}
    correct_check(
        row=row, changes=changes, reason="別の方の話", by=cast.members["worker"],
        at=at_noon(cast.today),
    )  # fmt: skip
    assert row_of(cast, former, year).phone == "090-1111-2222"


def test_an_office_sees_its_own_and_only_what_it_knew(cast, year, day):
    former = former_user(cast, "元の 人")
    person = former.client
    person.phone = "090-1111-2222"
    person._history_date = at_noon(former.starts_on + timedelta(days=1))
    person.save()
    # Another office takes the person in, writes a new number and a new job.
    later = former.ends_on + timedelta(days=20)
    job = Employment.objects.get(client=person)
    Employment.objects.filter(pk=job.pk).update(ends_on=later)
    other = take_in(cast.other_office, cast.members["outsider"], date(year - 2, 1, 10))
    other.client = person
    other.starts_on = other.use_starts_on = later
    other.save()
    person.phone = "080-9999-9999"
    person._history_date = at_noon(later)
    person.save()
    found = row_of(cast, former, year)
    assert found.phone == "090-1111-2222"
    assert found.user.left_on is None
    Employment.objects.filter(pk=job.pk).update(contact_phone="025-999-9999")
    assert row_of(cast, former, year).workplace_phone == ""
    record(cast, other, day, "not_employed")
    assert row_of(cast, former, year).state == CallState.TO_ASK
    assert row_of(cast, former, year, cast.other_office).state == CallState.ANSWERED


def test_a_closed_employment_is_marked_and_never_asked_at_the_workplace(client, cast, year):
    former = former_user(cast)
    jobs = Employment.objects.filter(client=former.client)
    jobs.update(contact_phone="025-000-1111")
    assert row_of(cast, former, year).workplace_phone == "025-000-1111"
    jobs.update(must_not_contact=True)
    assert row_of(cast, former, year).workplace_phone == ""
    enter(client, cast.members["worker"])
    page = client.get(reverse("work_checks", args=[year])).content.decode()
    assert "職場連絡禁止" in page
    assert "025-000-1111" not in page
    url = reverse("work_check_new", args=[year, former.client.public_id])
    assert "職場連絡禁止" in client.get(url).content.decode()
    answer = client.post(
        url, {"outcome": "same_job", "source": "workplace", "asked_on": f"{year}-04-02"}
    )
    assert answer.status_code == 422
    assert "職場に連絡しない人です" in answer.content.decode()
    assert not WorkCheck.objects.exists()


def test_working_against_an_end_on_file_is_asked_about(client, cast, year):
    former = former_user(cast)
    left_on = former.ends_on - timedelta(days=3)
    Employment.objects.filter(client=former.client).update(ends_on=left_on)
    enter(client, cast.members["worker"])
    url = reverse("work_check_new", args=[year, former.client.public_id])
    said = {"outcome": "same_job", "source": "person", "asked_on": f"{year}-04-02", "note": "昼"}
    answer = client.post(url, said)
    assert answer.status_code == 422
    assert "離職した記録があります" in answer.content.decode()
    assert 'value="昼"' in answer.content.decode()
    # The day is read without its year, as everywhere at the desk.
    short = {**said, "asked_on": f"{cast.today.month}/{cast.today.day}", "is_sure": "on"}
    assert client.post(url, short).status_code == 302
    assert WorkCheck.objects.get().outcome == "same_job"


@pytest.mark.parametrize(
    ("outcome", "back", "expected"),
    [
        ("same_job", 1, True), ("same_job", 0, False), ("other_job", 1, True),
        ("not_employed", 1, False), ("not_reached", 1, False),
    ],
)  # fmt: skip
def test_what_is_surprising(day, outcome, back, expected):
    assert is_surprising(outcome, day - timedelta(days=back), day) is expected
    assert is_surprising(outcome, None, day) is False
    assert is_employed("declined") is None


def test_one_answer_stands_and_the_second_is_told(client, cast, year, day):
    former = former_user(cast)
    record(cast, former, day, "not_employed")
    with pytest.raises(ValidationError, match="もう記録されています"):
        record(cast, former, day, "same_job")
    record(cast, former, day, "not_reached")  # an attempt is no answer
    enter(client, cast.members["worker"])
    url = reverse("work_check_new", args=[year, former.client.public_id])
    assert client.get(url).status_code == 302
    said = {"outcome": "same_job", "source": "person", "asked_on": f"{year}-04-02"}
    answer = client.post(url, said)
    assert answer.status_code == 422
    assert answer.content.decode().count("もう記録されています") >= 1
    assert WorkCheck.objects.answers().get().outcome == "not_employed"


def test_a_correction_keeps_what_was(client, cast, year, day):
    row = record(cast, former_user(cast), day, "not_employed")
    enter(client, cast.members["manager"])
    url = reverse("work_check_correct", args=[row.public_id])
    said = {"outcome": "same_job", "source": "family", "asked_on": f"{year}-04-09"}
    assert client.post(url, said).status_code == 422  # without a reason
    assert client.post(url, {**said, "reason": "聞き違い"}).status_code == 302
    row.refresh_from_db()
    assert (row.outcome, row.source) == ("same_job", "family")
    assert [each.outcome for each in row.history.order_by("history_date")] == [
        "not_employed", "same_job",
    ]  # fmt: skip
    page = client.get(url).content.decode()
    assert "訂正する前の記録" in page


@pytest.mark.parametrize(
    ("shift", "words"),
    [(-1, "3月31日かそれより後"), (400, "まだ来ていない")],
    ids=["before", "ahead"],
)
def test_the_day_of_asking(cast, day, shift, words):
    asked_on = day + timedelta(days=shift)
    if shift > 0:
        asked_on = cast.today + timedelta(days=1)
    with pytest.raises(ValidationError, match=words):
        record(cast, former_user(cast), day, asked_on=asked_on)


def test_a_stranger_of_the_years_and_of_another_office_is_404(client, cast, year):
    outside = former_user(cast, "昔の 人", use_starts_on=date(year - 2, 8, 1))
    enter(client, cast.members["outsider"])
    for name, args in (
        ("work_check_new", [year, outside.client.public_id]),
        ("work_checks", [year + 1]),
        ("work_checks", [1990]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 404
    assert "昔の 人" not in client.get(reverse("work_checks", args=[year])).content.decode()


def test_list_and_file_cost_the_same_for_one_and_three(client, cast, year, day):
    enter(client, cast.members["worker"])
    record(cast, former_user(cast, "一人目"), day, "not_reached")
    urls = [reverse("work_checks", args=[year]), reverse("work_checks_xlsx", args=[year])]
    few = [cost(client, url) for url in urls]
    for name in ("二人目", "三人目"):
        record(cast, former_user(cast, name), day)
    assert [cost(client, url) for url in urls] == few
    page = client.get(urls[0]).content.decode()
    assert "三人目" in page
    shown = client.get(f"{urls[0]}?state=answered").content.decode()
    assert "三人目" in shown
    assert "一人目" not in shown
