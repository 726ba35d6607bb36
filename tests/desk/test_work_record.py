"""就労定着実績体制加算: who is unknown and what is asked, the 届出 beside the count, next year's with what-ifs."""

from datetime import date

import pytest
from django.urls import reverse

from billing.actions.office import notify_item
from billing.models import OfficeNotification
from billing.queries.record_basis import record_basis
from clients.models import Employment, Enrolment, WorkCheck
from clients.rules.work_record import Stay
from teikyaku.accounts.models import Office
from teikyaku.clock import at_noon
from teikyaku.desk.queries.office_year import office_year
from teikyaku.desk.queries.record_forecast import record_forecast
from teikyaku.periods import fiscal_year
from tests.access.retention import former_user
from tests.accounts.test_coming_and_going import enter
from tests.clients.test_work_checks import record
from tests.lists.test_queries import cost


@pytest.fixture
def year(cast):
    Office.objects.filter(pk=cast.office.pk).update(opened_on=date(2018, 4, 1))
    cast.office.refresh_from_db()
    return fiscal_year(cast.today)


def hired(enrolment, on, ends_on=None):
    Employment.objects.filter(client=enrolment.client).update(starts_on=on, ends_on=ends_on)
    return enrolment


def left_early(cast, year, name="早く終えた 人"):
    """Ended the use at work, too long ago for the rate; 42 months would be complete two years ago."""
    began = date(year - 5, 10, 1)
    row = former_user(
        cast, name, starts_on=began, use_starts_on=began, ends_on=date(year - 4, 2, 28)
    )
    return hired(row, date(year - 5, 4, 1))


def line_of(cast, year, row):
    return next(
        line
        for line in office_year(cast.office, year, cast.today).stays
        if line.stay.enrolment == row
    )


def test_who_was_never_asked_stands_apart_with_the_question(client, cast, year):
    row = left_early(cast, year)
    line = line_of(cast, year, row)
    # Hired 1 April five years ago: 42 months on 30 September, so the March 31 after it tells.
    assert (line.person.how, line.asked_on) == (Stay.UNKNOWN, date(year - 1, 3, 31))
    basis = record_basis(cast.office, year, cast.today)
    assert (basis.long, basis.open, basis.found.highest) == (0, 1, 1)
    enter(client, cast.members["manager"])
    page = client.get(reverse("office_year", args=[year])).content.decode()
    assert "全員が42か月に届いていたとき 1 / 1" in page
    ask = reverse("work_check_new", args=[year - 1, row.client.public_id])
    assert ask in page
    # The page asks; the answer can be written although the person no longer counts for the rate.
    said = {
        "outcome": "same_job", "source": "person", "asked_on": str(cast.today), "note": "",
    }  # fmt: skip
    assert client.get(ask).status_code == 200
    assert client.post(ask, said).status_code == 302
    assert WorkCheck.objects.get().counted_on == date(year - 1, 3, 31)
    assert line_of(cast, year, row).person.how is Stay.LONG


def test_who_wants_no_call_and_who_was_found_elsewhere_is_not_asked(client, cast, year):
    row = left_early(cast, year)
    record(cast, row, date(year - 2, 3, 31), "declined")
    line = line_of(cast, year, row)
    assert (line.person.how, line.ask_year) == (Stay.UNKNOWN, None)
    enter(client, cast.members["manager"])
    assert "聞きません" in client.get(reverse("office_year", args=[year])).content.decode()
    other = left_early(cast, year, "転職した 人")
    record(cast, other, date(year - 2, 3, 31), "other_job")
    assert line_of(cast, year, other).person.how is Stay.SHORT


def notify(cast, year, **facts):
    said = {
        "item": "retention_record", "first_month": date(year, 4, 1), "last_month": None,
        "notified_on": date(year, 4, 10),
    }  # fmt: skip
    return notify_item(
        office=cast.office, by=cast.members["head"], at=at_noon(cast.today), **{**said, **facts}
    )


def test_the_count_stands_beside_the_notification(client, cast, year):
    row = hired(former_user(cast), date(year - 4, 4, 1))
    enter(client, cast.members["head"])
    url = reverse("office_year", args=[year])
    page = client.get(url).content.decode()
    assert "この年度の届出の記録はありません。いまの記録では7割以上です。" in page
    notify(cast, year, numerator=1, denominator=1)
    assert record_basis(cast.office, year, cast.today).differences == ()
    hired(row, date(year - 2, 1, 10), date(year - 1, 6, 30))
    page = client.get(url).content.decode()
    assert "人数：届出のときは1 / 1、いまの記録では0 / 1" in page
    assert "届出がありますが、いまの記録では7割に届いていません。" in page
    # Of another year nothing was confirmed.
    words = record_basis(cast.office, year - 1, cast.today)
    assert words.confirmed is None


def test_the_form_shows_the_count_and_warns_under_seventy_per_cent(client, cast, year):
    former_user(cast)
    enter(client, cast.members["head"])
    url = reverse("notification_new")
    page = client.get(url + "?item=retention_record").content.decode()
    assert "1人のうち0人が42か月以上78か月未満働いています" in page
    assert "7割に届いていません。" in page
    assert 'value="0"' in page
    plain = client.get(url).content.decode()
    assert 'name="numerator" value=' not in plain
    said = {
        "item": "retention_record", "first_month": f"{year}-04", "last_month": "",
        "numerator": "2", "denominator": "1", "notified_on": f"{year}-04-10",
    }  # fmt: skip
    answer = client.post(url, said)
    assert "数える人より多くできません" in answer.content.decode()
    answer = client.post(url, {**said, "item": "treatment_1", "numerator": "1"})
    assert set(answer.context["form"].errors) == {"numerator", "denominator"}
    assert client.post(url, {**said, "numerator": ""}).status_code == 422
    said["numerator"] = "0"
    answer = client.post(url, said)
    # In April and May the closed month is one of the year before, and nothing is asked.
    if answer.status_code == 422:
        said |= {"is_known": "on", "known_of": answer.context["form"]["known_of"].value()}
        answer = client.post(url, said)
    assert answer.status_code == 302
    row = OfficeNotification.objects.get(item="retention_record")
    assert (row.numerator, row.denominator, row.notified_on) == (0, 1, date(year, 4, 10))


def test_a_new_year_ends_what_ran_on(cast, year):
    old = notify(cast, year - 1, numerator=3, denominator=4)
    notify(cast, year, numerator=8, denominator=10)
    old.refresh_from_db()
    assert old.last_month == date(year, 3, 1)
    assert old.history.count() == 2
    assert record_basis(cast.office, year - 1, cast.today).confirmed == old


def test_next_years_count_and_what_if(client, cast, year):
    at_work = hired(former_user(cast, "続く 人", ends_on=None, end_reason=""), date(year - 3, 4, 1))
    goes_on = hired(
        former_user(cast, "来年も 人", ends_on=None, end_reason=""), date(year - 2, 4, 1)
    )
    # The window of the one ends by the next March 31, with 42 months on 30 September; the other's later.
    Enrolment.objects.filter(pk=at_work.pk).update(window_ends_on=date(year, 12, 31))
    Enrolment.objects.filter(pk=goes_on.pk).update(window_ends_on=date(year + 1, 9, 30))
    open_one = left_early(cast, year)
    mine = {at_work.client_id, goes_on.client_id, open_one.client_id}
    Employment.objects.exclude(client__in=mine).delete()
    ahead = record_forecast(cast.office, cast.today)
    assert (ahead.now.employed, ahead.now.total, ahead.unknown) == (1, 2, 1)
    assert (ahead.may_miss, ahead.must_reach) == (None, 1)
    assert ahead.then is None
    key = open_one.client.public_id
    reached = record_forecast(cast.office, cast.today, [key])
    assert (reached.then.employed, reached.then.total) == (2, 2)
    # 300 units at 10 yen, for everybody in use.
    assert reached.then.month_yen == 3000 * reached.now.in_use
    assert reached.now.month_yen == 0
    left = record_forecast(cast.office, cast.today, [goes_on.client.public_id])
    assert (left.then.employed, left.then.total) == (1, 3)
    assert left.then.in_use == left.now.in_use - 1
    enter(client, cast.members["billing"])
    page = client.get(reverse("retention_forecast") + f"?stay={key}").content.decode()
    assert f'name="stay" value="{key}" checked' in page
    assert not WorkCheck.objects.exists()


def test_the_pages_cost_the_same_for_more_people(client, cast, year):
    enter(client, cast.members["manager"])
    left_early(cast, year)
    urls = [reverse("office_year", args=[year]), reverse("retention_forecast")]
    few = [cost(client, url) for url in urls]
    for name in ("二人目", "三人目"):
        left_early(cast, year, name)
    assert [cost(client, url) for url in urls] == few
